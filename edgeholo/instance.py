"""One daemon a device id: two with the same one would take the broker connection from each other for ever."""

import fcntl
import os
import tempfile
from pathlib import Path
from typing import IO

from edgeholo.errors import ConfigError


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
