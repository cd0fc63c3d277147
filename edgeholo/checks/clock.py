"""Is the time of day right?"""

from edgeholo.checks.finding import Case, Finding, ok, warning
from edgeholo.timesync import clock_is_right


def clock(case: Case) -> Finding:
    """Ask time server, kernel and battery clock."""
    if clock_is_right(case.root, case.kernel_is_sure):
        return ok("clock", "synchronised")
    return warning("clock", "clock-unsure", "not synchronised: events say that their time may be wrong")
