"""What the worker gives up before it opens a stranger's file: it may not write, read, connect, grow or run for ever.

A decoder with a hole in it is then a dead worker, and no way to the broker's password, to a disk or to the network. The service's
own limits (systemd/edgeholo-web.service) come on top. Sources: landlock(7), prctl(2), getrlimit(2).
"""

import ctypes
import os
import resource
import signal
from pathlib import Path

_LARGEST = 256 * 1024 * 1024
"""Bytes of an answer. Memory that both sides see counts as a file."""
_MORE_MEMORY = 1536 * 1024 * 1024
"""Bytes beyond what the models take: 50 megapixels decoded, drawn and encoded are 700 MB."""
_FILES = 64
"""File descriptors: a video takes three."""

_NO_NEW_PRIVILEGES, _DEATH_SIGNAL = 38, 1
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446
_LANDLOCK_VERSION = 1
_FILE_RIGHTS = ((1, 13), (2, 14), (3, 15), (5, 16))
"""Since which version how many rights there are: all that can be done with files."""
_NET_SINCE, _ALL_NET = 4, 0b11
_SCOPE_SINCE, _ALL_SCOPE = 6, 0b11

_LIBC = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


def stand_alone() -> None:
    """End with the page, leave no core dump, gain no rights, and be the first to go when memory runs out."""
    _LIBC.prctl(_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
    _LIBC.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the page's to obey
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        return  # a system without it chooses by size, which is us as well


def shut() -> tuple[str, ...]:
    """Give up all that is not needed any more once the models are open, and return what this system cannot take from us."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST, _LARGEST))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    most = _data_bytes() + _MORE_MEMORY
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    return () if _lock_files() else ("landlock",)


def allow_seconds(seconds: int) -> None:
    """Have the process killed when it has used so much more of a processor."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def _data_bytes() -> int:
    """Return how much private memory is taken now."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmData:"))


def _lock_files() -> bool:
    """Open no file, folder, device, TCP connection or foreign socket from now on, in this thread and those it starts.

    Files that are open stay open, and memory files can be opened anew: they are in no folder.
    """
    version = _LIBC.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_LANDLOCK_VERSION))
    if version < 1:
        return False
    rights = max(number for since, number in _FILE_RIGHTS if version >= since)
    rules = _Ruleset(
        (1 << rights) - 1, _ALL_NET if version >= _NET_SINCE else 0, _ALL_SCOPE if version >= _SCOPE_SINCE else 0
    )
    size = 8 if version < _NET_SINCE else 16 if version < _SCOPE_SINCE else 24
    handle = _LIBC.syscall(_LANDLOCK_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    if handle < 0:
        return False
    try:
        return bool(_LIBC.syscall(_LANDLOCK_RESTRICT, ctypes.c_int(handle), ctypes.c_uint32(0)) == 0)
    finally:
        os.close(handle)
