"""Who is at work on this machine: the daemon itself, and whoever has a device open."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from edgeholo import instance
from edgeholo.checks.finding import Case


def daemon(case: Case) -> str | None:
    """Return who runs as this device: "process N", or words where that is hidden; None where nobody does."""
    owner = instance.owner(case.config.device.id, case.environ, case.root)
    if owner is None:
        return None
    return f"process {owner}" if owner else "the service"


def holders(devices: Iterable[Path], root: Path = Path("/")) -> Iterator[str]:
    """Yield "name (process N)" of those who have one of the devices open; other users' are seen by root only."""
    wanted = {os.path.realpath(device) for device in devices}
    for process in sorted((root / "proc").glob("[0-9]*")):
        if process.name != str(os.getpid()) and wanted & set(_open_files(process)):
            yield f"{_name(process)} (process {process.name})"


def cameras(root: Path) -> list[Path]:
    """Return the device nodes of all cameras."""
    return sorted([*(root / "dev").glob("video*"), *(root / "dev").glob("media*")])


def listener(port: int, root: Path = Path("/")) -> str:
    """Return who listens at a TCP port of this machine, empty where nobody does; other users' are named to root only."""
    sockets = {f"socket:[{inode}]" for inode in _listening(port, root)}
    if not sockets:
        return ""
    for process in sorted((root / "proc").glob("[0-9]*")):
        if sockets & set(_links(process)):
            return f"{_name(process)} (process {process.name})"
    return "another program"


def _listening(port: int, root: Path) -> Iterator[str]:
    """Yield the kernel's numbers of the sockets that listen at a port (proc_net_tcp, state 0A)."""
    for name in ("tcp", "tcp6"):
        try:
            lines = (root / "proc/net" / name).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        fields = (line.split() for line in lines)
        yield from (each[9] for each in fields if each[3] == "0A" and each[1].endswith(f":{port:04X}"))


def _links(process: Path) -> Iterator[str]:
    try:
        for file in (process / "fd").iterdir():
            yield str(file.readlink())
    except OSError:
        return


def _open_files(process: Path) -> Iterator[str]:
    try:
        for file in (process / "fd").iterdir():
            yield os.path.realpath(file)
    except OSError:
        return


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "a program"
