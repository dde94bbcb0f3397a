"""Seccomp: system calls that no program needs to solve a model are refused by the kernel, and each is reported.

A classic BPF program runs on every system call. What it refuses is handed to a listener (Linux 5.0), which answers
EPERM and names the call; without a listener the kernel itself answers EPERM.
Structures: Linux `include/uapi/linux/seccomp.h`, `include/uapi/linux/filter.h`.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import struct
from dataclasses import dataclass
from functools import cache

from solvers.sandbox.jail.kernel import syscall
from solvers.sandbox.jail.syscalls import AUDIT_ARCH, LAST_KNOWN, MACHINE, METADATA, NUMBERS, REFUSED

_LOAD, _JUMP, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x05, 0x15, 0x35, 0x45, 0x06
_KILL, _ERRNO, _NOTIFY, _ALLOW = 0x8000_0000, 0x0005_0000, 0x7FC0_0000, 0x7FFF_0000
_AT_NUMBER, _AT_ARCH, _AT_ARGUMENTS = 0, 4, 16
_SET_MODE_FILTER, _FLAG_LISTENER = 1, 8
_CLONE_THREAD = 0x0001_0000
_RECEIVE, _SEND = 0xC050_2100, 0xC018_2101
_NOTICE, _ANSWER = struct.Struct("=QIIiIQ6Q"), struct.Struct("=QqiI")
_NAMES = {number: name for name, number in NUMBERS.items()}

ONLY_SELF = ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
SELF_OR_ZERO = ("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr")
_FORBIDDEN_VALUES = {
    # PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_MM, PR_SET_PTRACER; TIOCSTI, TIOCLINUX; F_SETOWN, F_SETSIG,
    # F_SETOWN_EX, F_SETLEASE, F_NOTIFY: signals and keystrokes sent to others by way of a descriptor, files held
    # against their owner.
    "prctl": (0, (1, 4, 35, 0x5961_6D61)), "ioctl": (1, (0x5412, 0x541C)), "fcntl": (1, (8, 10, 15, 1024, 1026)),
}  # fmt: skip
CLASS_OF = {
    **{name: group for group, names in REFUSED.items() for name in names},
    **dict.fromkeys(METADATA, "file"), **dict.fromkeys(ONLY_SELF, "signal"), **dict.fromkeys(SELF_OR_ZERO, "process"),
    "clone": "process", "prctl": "kernel", "ioctl": "kernel", "fcntl": "signal",
}  # fmt: skip
_FAMILIES = {1: "AF_UNIX", 2: "AF_INET", 10: "AF_INET6", 16: "AF_NETLINK", 17: "AF_PACKET", 40: "AF_VSOCK"}


@dataclass(frozen=True)
class Notice:
    """A system call that was refused: its name, first argument, and the class for the report."""

    name: str
    first: int

    @property
    def what(self) -> str:
        return CLASS_OF.get(self.name, "kernel")

    @property
    def detail(self) -> str:
        if self.name in ("socket", "socketpair"):
            return f"{self.name}({_FAMILIES.get(self.first, self.first)})"
        return self.name


def supported() -> bool:
    """Whether this machine has a table of numbers (the kernel is another question)."""
    return bool(NUMBERS) and MACHINE in AUDIT_ARCH


_Code = list[tuple[int, int, int, int]]
"""Steps of classic BPF: operation, steps to skip where true, steps to skip where false, value."""


@cache
def build(own: int, *, listener: bool, metadata: bool) -> bytes:
    """The BPF program for a process whose own id is `own`; `metadata` also refuses chmod, chown and their like."""
    refuse = _NOTIFY if listener else _ERRNO | errno.EPERM
    code: _Code = [
        (_LOAD, 0, 0, _AT_ARCH), (_EQUAL, 1, 0, AUDIT_ARCH[MACHINE]), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _AT_NUMBER)
    ]  # fmt: skip
    answers = _answers(own, refuse, metadata)
    allowed: _Code = [(_RETURN, 0, 0, _ALLOW)]
    unknown: _Code = [(_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    # The calls from each number on, up to the next entry; the last one also holds those of the x32 interface.
    spans: list[tuple[int, _Code]] = []
    for number in range(LAST_KNOWN + 1):
        answer = answers.get(number, allowed)
        if not spans or spans[-1][1] != answer:
            spans.append((number, answer))
    spans.append((LAST_KNOWN + 1, unknown))
    code += _search(spans)
    return b"".join(struct.pack("=HBBI", *step) for step in code)


def _search(spans: list[tuple[int, _Code]]) -> _Code:
    """A binary search for the span of the loaded number: the kernel runs it for each of its calls when it is set."""
    if len(spans) == 1:
        return spans[0][1]
    half = len(spans) // 2
    below, above = _search(spans[:half]), _search(spans[half:])
    if len(below) < 256:
        return [(_AT_LEAST, len(below), 0, spans[half][0]), *below, *above]
    return [(_AT_LEAST, 0, 1, spans[half][0]), (_JUMP, 0, 0, len(below)), *below, *above]


def _answers(own: int, refuse: int, metadata: bool) -> dict[int, _Code]:
    """What is done about each call that is not simply allowed."""
    refused: _Code = [(_RETURN, 0, 0, refuse)]
    names = [name for names in REFUSED.values() for name in names] + list(METADATA if metadata else ())
    found = {NUMBERS[name]: refused for name in names if name in NUMBERS}
    # glibc then falls back to clone, whose flags are in a register, where a filter can read them.
    found[NUMBERS["clone3"]] = [(_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    found[NUMBERS["clone"]] = [
        (_LOAD, 0, 0, _AT_ARGUMENTS), (_ANY_BIT, 0, 1, _CLONE_THREAD), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, refuse)
    ]  # fmt: skip
    for name in ONLY_SELF:
        found[NUMBERS[name]] = _by_argument(0, (own,), _ALLOW, refuse)
    for name in SELF_OR_ZERO:
        found[NUMBERS[name]] = _by_argument(0, (own, 0), _ALLOW, refuse)
    for name, (position, forbidden) in _FORBIDDEN_VALUES.items():
        found[NUMBERS[name]] = _by_argument(position, forbidden, refuse, _ALLOW)
    return found


def _by_argument(position: int, values: tuple[int, ...], answer: int, otherwise: int) -> _Code:
    """One answer where an argument is among the values, another where it is not."""
    code: _Code = [(_LOAD, 0, 0, _AT_ARGUMENTS + 8 * position)]
    for value in values:
        code += [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, answer)]
    return [*code, (_RETURN, 0, 0, otherwise)]


def install(own: int, *, listener: bool, metadata: bool) -> int | None:
    """Filter this process for good; gives the listener's descriptor. Asks for `no_new_privileges` before."""
    code = build(own, listener=listener, metadata=metadata)
    buffer = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: a count, padding, the address.
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
    answer = syscall("seccomp", _SET_MODE_FILTER, _FLAG_LISTENER if listener else 0, program)
    return answer if listener else None


def receive(descriptor: int) -> tuple[int, Notice] | None:
    """One waiting notice and its number, or None where the call that made it is gone."""
    buffer = bytearray(_NOTICE.size)
    try:
        fcntl.ioctl(descriptor, _RECEIVE, buffer)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EINTR, errno.EAGAIN):
            return None
        raise
    number, _, _, call, _, _, first, *_ = _NOTICE.unpack(buffer)
    return number, Notice(_NAMES.get(call, f"system call {call}"), first & 0xFFFF_FFFF)


def refuse(descriptor: int, number: int) -> None:
    """Answer a notice: the call fails with EPERM."""
    try:
        fcntl.ioctl(descriptor, _SEND, bytearray(_ANSWER.pack(number, 0, -errno.EPERM, 0)))
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise
