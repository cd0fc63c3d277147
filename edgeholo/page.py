"""Where the page is: whether the house can open it, and under which address."""

import ipaddress
import socket
from pathlib import Path

from edgeholo.config import Web

TOKEN = Path("/etc/edgeholo/page_token")
"""The hash of the service's token; readable for root only."""
HERE = "127.0.0.1"
"""The host of a page that nobody but this machine can open."""
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is written for a page that the house may open, which needs a token
"""The host of a page that listens in the home's network."""


def is_open(web: Web) -> bool:
    """Return whether other machines than this one can reach the page."""
    if web.host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(web.host).is_loopback
    except ValueError:
        return True


def reached_at(host: str) -> str:
    """Return the address under which this machine itself reaches what listens on ``host``."""
    return {EVERYWHERE: HERE, "::": "::1"}.get(host, host)


def has_token(web: Web, root: Path = Path("/")) -> bool:
    """Return whether there is a token for the service's page.

    Args:
        web: of this machine.
        root: of the file system.
    """
    file = Path(web.token_file) if web.token_file else root / TOKEN.relative_to("/")
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def address(web: Web, hostname: str = "") -> str:
    """Return what is typed into a browser.

    Args:
        web: of the unit.
        hostname: of the unit, this machine's own by default.
    """
    scheme = "https" if web.cert_file else "http"
    name = f"{(hostname or socket.gethostname()).partition('.')[0].lower()}.local" if is_open(web) else "localhost"
    return f"{scheme}://{name}:{web.port}"


def told(web: Web, file: str = "/etc/edgeholo/edgeholo.toml") -> str:
    """Return where this machine's page is, and how the house comes to it where it does not yet.

    Args:
        web: of this machine.
        file: its configuration.
    """
    if is_open(web):
        return f"page: {address(web)}"
    return (
        f"page: {address(web)} on this machine alone; for the house: sudo edgeholo web --new-token, "
        f'host = "{EVERYWHERE}" under [web] in {file}, sudo systemctl restart edgeholo-web'
    )
