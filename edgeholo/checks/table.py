"""All checks, and how one is made: by itself, and never for ever."""

import threading
from collections.abc import Callable

from edgeholo.checks.board import power, temperature
from edgeholo.checks.broker import broker
from edgeholo.checks.camera import camera
from edgeholo.checks.clock import clock
from edgeholo.checks.engine import engine, models
from edgeholo.checks.finding import Case, Finding, bad
from edgeholo.checks.home import home
from edgeholo.checks.page import web
from edgeholo.checks.rules import rules
from edgeholo.checks.service import service
from edgeholo.checks.storage import disk, permissions
from edgeholo.checks.system import system
from edgeholo.checks.wifi import wifi
from edgeholo.errors import EdgeholoError

LONGEST_S = 75.0
"""The slowest, the engine on a Raspberry Pi Zero 2 W, ends itself after a minute."""

Check = Callable[[Case], Finding]

CHECKS: dict[str, Check] = {
    "system": system,
    "camera": camera,
    "models": models,
    "engine": engine,
    "broker": broker,
    "home": home,
    "clock": clock,
    "temperature": temperature,
    "power": power,
    "disk": disk,
    "permissions": permissions,
    "wifi": wifi,
    "rules": rules,
    "service": service,
    "page": web,
}


def examine(name: str, case: Case, check: Check | None = None, longest_s: float = LONGEST_S) -> Finding:
    """Make one check; an error is a finding, and so is silence.

    Args:
        name: of the check.
        case: what is examined.
        check: made instead of the one of that name.
        longest_s: seconds after which it is given up.
    """
    found: list[Finding] = []
    thread = threading.Thread(target=_make, args=(check or CHECKS[name], name, case, found), name=name, daemon=True)
    thread.start()
    thread.join(longest_s)
    return found[0] if found else bad(name, "hangs", f"no answer within {longest_s:g} s")


def _make(check: Check, name: str, case: Case, found: list[Finding]) -> None:
    try:
        found.append(check(case))
    except EdgeholoError as error:
        found.append(Finding(name, "bad", str(error)))
    except Exception as error:  # noqa: BLE001 - a thread's outermost edge: the other checks go on
        found.append(Finding(name, "bad", f"the check itself failed: {error}", "please report this"))
