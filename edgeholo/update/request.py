"""A request for an update: the daemon has no right to do it, so it leaves a note, which systemd watches for."""

from pathlib import Path

from edgeholo.errors import EdgeholoError
from edgeholo.files import drop_strangers, read_strangers, write_whole
from edgeholo.update.releases import is_version

NAME = "update-request"
"""In the daemon's folder of state; systemd/edgeholo-update.path knows it too."""
SERVICE = Path("/var/lib/edgeholo") / NAME
NEWEST = "latest"
CHECK = "check"
_LONGEST = 64


def meant(value: object) -> str:
    """Return what somebody on MQTT asks for: a version, ``latest`` or ``check``.

    Raises:
        EdgeholoError: none of these.
    """
    text = value.strip().lower() if isinstance(value, str) else value
    if text in ("", None, True, "install", NEWEST):
        return NEWEST
    if text == CHECK:
        return CHECK
    if isinstance(text, str) and is_version(text):
        return text
    raise EdgeholoError("update takes a version (0.2.0), latest or check")


def leave(folder: Path, value: object) -> None:
    """Leave a note.

    Raises:
        EdgeholoError: nobody could have meant that, or it cannot be written.
    """
    text = meant(value)
    try:
        write_whole(folder / NAME, text.encode())
    except OSError as error:
        raise EdgeholoError(f"{folder / NAME}: {error.strerror}") from error


def take(file: Path = SERVICE) -> str:
    """Return what a note asks for and remove it; empty where there is none.

    Whoever wrote it has less rights than we: nothing but a short ordinary file is read, and of that only what ``meant`` knows.

    Raises:
        EdgeholoError: it asks for something else.
    """
    try:
        content = read_strangers(file, _LONGEST)
    except OSError as error:
        drop_strangers(file)
        raise EdgeholoError(f"{file}: {error.strerror}") from error
    if content is None:
        return ""
    drop_strangers(file)
    return meant(content.decode(errors="replace"))
