"""Is there room for what is kept, and may it be written?"""

import errno
import grp
import os
import shutil
import tempfile
from pathlib import Path

from edgeholo import kept
from edgeholo.checks.finding import Case, Finding, bad, ok
from edgeholo.perceive.models.cache import cache_folder

FREE_MB = 200.0
"""Models and bundles take 60 MB, an update twice that."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_BYTES = bytes(65_536)
"""More than a file system keeps for itself when it is full."""


def disk(case: Case) -> Finding:
    """Write where models and state are kept, and look how much more would fit."""
    folders = [
        _existing(folder) for folder in (cache_folder("assets"), kept.folder(case.config.device.id, case.environ))
    ]
    for folder in dict.fromkeys(folders):
        if trouble := _written(folder):
            return trouble
        free_mb = shutil.disk_usage(folder).free / 1e6
        if free_mb < FREE_MB:
            return bad("disk", "disk-full", f"{free_mb:.0f} MB free at {folder}, {FREE_MB:g} are needed")
    return ok("disk", f"{shutil.disk_usage(folders[0]).free / 1e6:.0f} MB free at {folders[0]}")


def permissions(case: Case) -> Finding:
    """Look whether the cameras are ours to use."""
    nodes = sorted((case.root / "dev").glob("video*"))
    closed = [str(device) for device in nodes if not os.access(device, os.R_OK | os.W_OK)]
    if closed:
        group = grp.getgrgid(Path(closed[0]).stat().st_gid).gr_name
        return bad("permissions", "camera-permission", f"{', '.join(closed)} may be opened by the group {group} only")
    return ok("permissions", "cameras may be used" if nodes else "no camera that could be closed to us")


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return folder if folder.is_dir() else _existing(folder.parent)


def _written(folder: Path) -> Finding | None:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(_BYTES)
    except OSError as error:
        text = f"{folder} cannot be written: {error.strerror}"
        if error.errno in _FULL:
            return bad("disk", "disk-full", text)
        return bad("disk", "disk-closed" if error.errno == errno.EACCES else "disk-read-only", text)
    return None
