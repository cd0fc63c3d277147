"""Does the page come up, is it reached, and by nobody who should not?"""

import http.client
import json
import ssl

from edgeholo import page
from edgeholo.checks.finding import Case, Finding, bad, ok, unknown
from edgeholo.checks.processes import listener
from edgeholo.checks.programs import said
from edgeholo.config import Web

UNIT = "edgeholo-web.service"
_PATIENCE_S = 5.0
"""The page answers in milliseconds, on a Raspberry Pi Zero 2 W that has just begun to look at an upload in a second."""
_ASKED = "/api/session"
"""What tells without a token whether one is needed."""


def web(case: Case) -> Finding:
    """Ask the page itself; where it does not answer, look who has its port, and ask systemd."""
    options = case.config.web
    state = _state()
    try:
        answer = _answer(options)
    except OSError:
        return _silent(case, state)
    if answer is None:
        return bad("page", "page-port", f"port {options.port} is taken: {listener(options.port)} answers there")
    if page.is_open(options) and not answer:
        return bad("page", "page-open", f"{page.address(options)} asks for no token")
    return ok("page", f"{page.address(options)}{'' if page.is_open(options) else ' on this machine alone'}")


def _answer(options: Web) -> bool | None:
    """Return whether the page asks for a token; None where something else answers.

    Raises:
        OSError: nobody answers.
    """
    link = _connected(page.reached_at(options.host), options)
    try:
        link.request("GET", _ASKED, headers={"Host": f"localhost:{options.port}"})
        answer = json.loads(link.getresponse().read(1000))
        return bool(answer["token_needed"])
    except (http.client.HTTPException, ValueError, KeyError, TypeError, ssl.SSLError):
        return None
    finally:
        link.close()


def _connected(host: str, options: Web) -> http.client.HTTPConnection:
    if not options.cert_file:
        link = http.client.HTTPConnection(host, options.port, timeout=_PATIENCE_S)
    else:
        # Its certificate is for the house's name of it; whether browsers trust that is the user's own matter.
        blind = ssl.create_default_context()
        blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
        link = http.client.HTTPSConnection(host, options.port, timeout=_PATIENCE_S, context=blind)
    link.connect()
    return link


def _silent(case: Case, state: str) -> Finding:
    """Return why nobody answers."""
    options = case.config.web
    if state in ("", "inactive", "masked"):
        return unknown("page", f"{UNIT} {'is switched off' if state else 'is not installed'}")
    if page.is_open(options) and not page.has_token(options, case.root):
        return bad(
            "page",
            "page-open",
            f"web.host {options.host} is open to the house and there is no token: it does not start so",
        )
    if holder := listener(options.port):
        return bad("page", "page-port", f"port {options.port} is taken: {holder} listens there and does not answer")
    return bad("page", "page-down", f"{UNIT} is {state}, and nobody answers at {page.address(options)}")


def _state() -> str:
    """Return how systemd finds the page: ``active``, ``failed``, ``masked``, ...; empty where there is no such unit."""
    answer = said("systemctl", "show", UNIT, "-p", "LoadState", "-p", "ActiveState")
    fields = dict(line.split("=", 1) for line in answer[1].splitlines() if "=" in line) if answer else {}
    if fields.get("LoadState") == "masked":
        return "masked"
    return fields.get("ActiveState", "") if fields.get("LoadState") == "loaded" else ""
