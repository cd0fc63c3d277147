"""A thread that cannot reach any network, nor litter standard error: where libraries run that would report home.

All sockets are refused, those inside the machine too: name services and other daemons there would carry a word outside.
A seccomp filter belongs to the thread that installs it and to every thread started from there, so the rest of the process keeps
its sockets. It needs no privileges. Source: seccomp(2), linux/seccomp.h, linux/filter.h, linux/audit.h.
"""

import ctypes
import errno
import os
import struct
from dataclasses import dataclass

from edgeholo.errors import ModelError

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_STDERR = 2
_X32 = 0x40000000
"""Bit of the system calls of x86-64's other, rarely enabled, calling convention; nothing on Arm is numbered so high."""
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
"""Offsets in struct seccomp_data (little endian: the low half of an argument comes first)."""


@dataclass(frozen=True, slots=True)
class _Machine:
    """Numbers of an architecture: AUDIT_ARCH_*, and of the system calls that open a way out."""

    audit: int
    socket: int
    write: int
    io_uring_setup: int


_MACHINES = {"x86_64": _Machine(0xC000003E, 41, 1, 425), "aarch64": _Machine(0xC00000B7, 198, 64, 425)}


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def seal_this_thread() -> None:
    """Deny all sockets and standard error to the calling thread and to all that it starts, for good.

    Other threads are untouched. Standard error is denied because MediaPipe writes dozens of warnings to it that nobody can act on.

    Raises:
        ModelError: this kernel or processor cannot do that.
    """
    machine = _MACHINES.get(os.uname().machine)
    if machine is None:
        raise ModelError(f"no way known to keep MediaPipe off the network on {os.uname().machine}; use another engine")
    code = _filter(machine)
    program = _Program(len(code) // 8, code)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0):
        reason = os.strerror(ctypes.get_errno())
        raise ModelError(f"this kernel cannot keep MediaPipe off the network (seccomp: {reason}); use another engine")


def _filter(machine: _Machine) -> bytes:
    """Return the program: refuse socket, io_uring, write(2, ...) and foreign calling conventions."""
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EACCES)
    allow = (_RETURN, 0, 0, _ALLOW)
    steps = (
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 1, 0, machine.audit),
        refuse,
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_IF_AT_LEAST, 2, 0, _X32),
        (_JUMP_IF_EQUAL, 1, 0, machine.io_uring_setup),
        (_JUMP_IF_EQUAL, 0, 1, machine.socket),
        refuse,
        (_JUMP_IF_EQUAL, 0, 2, machine.write),
        (_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        (_JUMP_IF_EQUAL, 1, 0, _STDERR),
        allow,
        refuse,
    )
    return b"".join(struct.pack("<HBBI", *step) for step in steps)
