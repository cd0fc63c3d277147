"""The trial: what a new version must show before it is trusted."""

from collections.abc import Callable
from dataclasses import dataclass

from edgeholo.update.service import Condition, Service
from edgeholo.update.versions import Trial

START_S = 200.0
"""TimeoutStartSec of systemd/edgeholo.service, 180 s, and twenty more to be sure of it."""
WATCH_S = 60.0
"""A version that runs for a minute has opened the camera, filled its caches and met the broker."""
POLL_S = 2.0
"""Between two looks: less than a beat of the pulse, and nothing on the processor."""
STALE_S = 15.0
"""Three beats of the pulse missed: the line hangs. systemd's watchdog waits ten seconds and sees the same."""


@dataclass(frozen=True, slots=True)
class Time:
    """Where the minutes come from; a test has others.

    Attributes:
        now_s: monotonic seconds.
        wait: for so many seconds.
    """

    now_s: Callable[[], float]
    wait: Callable[[float], None]


def expectations(version: str, condition: Condition) -> Trial:
    """Return what a version must do: all that the one before it does now."""
    pulse = condition.pulse
    return Trial(
        version=version,
        frames=pulse is not None and (pulse.frames > 0 or pulse.closed),
        broker=pulse is not None and pulse.broker,
    )


def judge(trial: Trial, service: Service, time: Time) -> str:
    """Watch the service for a minute; return why it must go, or nothing where it may stay.

    What was out of order before is no fault of the new version: a camera that was away may stay away.
    """
    if reason := _started(service, time):
        return reason
    first = service.condition().pulse
    if reason := _lasting(service, time):
        return reason
    last = service.condition().pulse
    if last is None or time.now_s() - last.time_s > STALE_S:
        return "it hangs"
    frames = 0 if first is None else first.frames
    if trial.frames and not (last.closed or last.frames > frames):
        return "no frames flow, and they did before"
    if trial.broker and not last.broker:
        return "it does not reach the broker, which was reached before"
    return ""


def _started(service: Service, time: Time) -> str:
    """Wait until the service says that it has started; return why it does not."""
    begun_s = time.now_s()
    while time.now_s() < begun_s + START_S:
        time.wait(POLL_S)
        condition = service.condition()
        if condition.restarts:
            return "it ended while it started"
        if condition.active == "active" and condition.pulse is not None:
            return ""
        if condition.active in ("failed", "inactive"):
            return f"it is {condition.active}"
    return "it does not start"


def _lasting(service: Service, time: Time) -> str:
    """Watch the service for a minute; return why it did not last."""
    begun_s = time.now_s()
    while time.now_s() < begun_s + WATCH_S:
        time.wait(POLL_S)
        condition = service.condition()
        if condition.restarts:
            return "it ended and was started again"
        if condition.active != "active":
            return f"it is {condition.active}"
    return ""
