"""What an address may keep secret is left out before it reaches a log, a topic, a recording or the screen."""

import re


def redacted(source: str) -> str:
    """Return scheme, host and port of a URL, and anything else as it is.

    Cheap cameras carry passwords in path and query too, not only before the ``@``. Where an ``@`` in the path leaves
    open what is the host and what a password, the host goes too.
    """
    scheme, separator, rest = source.partition("://")
    if not separator:
        return source
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    path = rest[len(authority) :]
    if "@" in path:
        return f"{scheme}://..."
    return f"{scheme}://{authority.rpartition('@')[2]}{'/...' if path.strip('/') else ''}"
