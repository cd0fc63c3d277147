"""One daemon a device id: two with the same one would take the broker connection from each other for ever."""

import fcntl
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from edgeholo.errors import ConfigError

_SERVICE = Path("run/edgeholo")
"""Where systemd/edgeholo.service has its lock."""


def claim(device_id: str) -> IO[str]:
    """Claim a device id on this machine until the returned file is closed.

    Raises:
        ConfigError: another daemon has it.
    """
    folder = os.environ.get("RUNTIME_DIRECTORY") or os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    path = Path(folder) / f"edgeholo-{device_id}.{os.getuid()}.lock"
    try:
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"cannot write {path}: {error.strerror}; set XDG_RUNTIME_DIR to a folder of your own"
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        owner = file.read().strip() or "unknown"
        file.close()
        raise ConfigError(
            f"an edgeholo with device.id {device_id} runs already (process {owner}); stop it or give this one another id"
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def owner(device_id: str, environ: Mapping[str, str] = os.environ, root: Path = Path("/")) -> str | None:
    """Return the process that runs as a device; empty where it is hidden from this user, None where nobody does.

    Args:
        device_id: its id.
        environ: the environment, which says where daemons of this user keep their locks.
        root: of the file system, for those of the service.
    """
    own = environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    for folder in (root / _SERVICE, Path(own)):
        for path in folder.glob(f"edgeholo-{device_id}.*.lock"):
            try:
                with path.open(encoding="utf-8") as file:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return path.read_text(encoding="utf-8").strip()
            except OSError:
                # systemd takes the folder away when the service ends: what is there is in use.
                if folder == root / _SERVICE:
                    return ""
    return None
