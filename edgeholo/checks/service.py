"""How systemd's service does."""

from edgeholo.checks.finding import Case, Finding, bad, ok, unknown, warning
from edgeholo.checks.programs import said

_UNIT = "edgeholo.service"


def service(_case: Case) -> Finding:
    """Ask systemd."""
    answer = said("systemctl", "show", _UNIT, "-p", "LoadState", "-p", "ActiveState", "-p", "Result", "-p", "NRestarts")
    if answer is None or answer[0] != 0:
        return unknown("service", "no systemd that could be asked")
    fields = dict(line.split("=", 1) for line in answer[1].splitlines() if "=" in line)
    if fields.get("LoadState") != "loaded":
        return unknown("service", f"{_UNIT} is not installed")
    restarts, state = fields.get("NRestarts", "0"), fields.get("ActiveState", "unknown")
    if state == "failed":
        return bad(
            "service", "service-failed", f"{_UNIT} has failed ({fields.get('Result')}) after {restarts} restarts"
        )
    if restarts.isdigit() and int(restarts):
        return warning("service", "service-restarts", f"{_UNIT} is {state}, restarted {restarts} times")
    return ok("service", f"{_UNIT} is {state}")
