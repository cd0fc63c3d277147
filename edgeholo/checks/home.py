"""Does Home Assistant listen, and was this unit introduced to it?"""

from edgeholo.checks import processes
from edgeholo.checks.finding import Case, Finding, ok, unknown, warning
from edgeholo.errors import EdgeholoError
from edgeholo.publish.embedded import EMBEDDED
from edgeholo.publish.listeners import anybody_listens
from edgeholo.publish.publisher import NO_BROKER
from edgeholo.publish.subscriber import Subscriber

_STRANGER = "edgeholo_doctor"
"""An id that no unit has: taking back what was never announced is nothing to anybody."""
_QUIET_S = 0.5
"""A retained message comes at once."""


def home(case: Case) -> Finding:
    """Ask the broker whether anybody subscribes to discovery messages, and whether ours is there."""
    prefix = case.config.publish.discovery
    if not prefix:
        return ok("home", "Home Assistant is told nothing (publish.discovery is empty)")
    if case.config.broker.url in (NO_BROKER, EMBEDDED):
        return unknown("home", "no broker of the house is used")
    try:
        return _asked(case, prefix)
    except EdgeholoError:
        return unknown("home", "the broker is not there to be asked")


def _asked(case: Case, prefix: str) -> Finding:
    listens = anybody_listens(case.config.broker, f"{prefix}/device/{_STRANGER}/config", case.environ)
    if listens is False:
        return warning("home", "home-absent", f"nobody listens to {prefix}/device/+/config at the broker")
    if processes.daemon(case) is not None and not _announced(case, prefix):
        return warning("home", "home-unannounced", f"{prefix}/device/{case.config.device.id}/config is not there")
    if listens is None:
        return unknown("home", "this broker does not tell whether anybody listens")
    return ok("home", f"somebody listens to {prefix}")


def _announced(case: Case, prefix: str) -> bool:
    topic = f"{prefix}/device/{case.config.device.id}/config"
    with Subscriber(case.config.broker, [topic], case.environ) as subscriber:
        message = subscriber.next(_QUIET_S)
    return message is not None and bool(message.payload)
