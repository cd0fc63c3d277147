"""By which name a browser may call the page, and from which page its requests may come.

A page of the internet can have its own name point at this machine (DNS rebinding), or send forms here; neither may work.
"""

import ipaddress
import socket
from collections.abc import Iterable

_SAFE = ("GET", "HEAD", "OPTIONS")


def own_names(more: Iterable[str]) -> frozenset[str]:
    """Return the names of this machine in the home, with those of the configuration."""
    host = socket.gethostname().lower()
    short = host.partition(".")[0]
    return frozenset({"localhost", host, short, f"{short}.local", *(name.lower().rstrip(".") for name in more)})


def host_of(header: str) -> str:
    """Return the host of a ``Host`` header, without port; empty where it is none."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0].lower().rstrip(".")


def known(host: str, names: frozenset[str]) -> bool:
    """Return whether the page may be called so: by name, or by any address, which nobody can rebind."""
    if host in names:
        return True
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def foreign(method: str, headers: dict[str, str]) -> bool:
    """Return whether a request comes from a page that is not ours.

    Browsers say so in Sec-Fetch-Site with every request, and in Origin where it may change something; programs say neither.

    Args:
        method: of the request.
        headers: lower-case names.
    """
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    if method in _SAFE and "origin" not in headers:
        return False
    origin = headers.get("origin")
    # Behind a proxy that ends TLS the scheme differs; the name and port do not.
    return origin is not None and origin.partition("://")[2].lower() != headers.get("host", "").lower()
