"""The few calls of the Linux kernel that Python's `os` does not have, each raising OSError when refused."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from functools import cache
from typing import Any

from solvers.sandbox.jail.syscalls import NUMBERS

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x0002_0000, 0x0400_0000, 0x0800_0000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x1000_0000, 0x2000_0000, 0x4000_0000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x4_0000
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 24, 38, 47
PR_SET_CHILD_SUBREAPER, _PR_SET_DUMPABLE = 36, 4
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION_3 = 0x2008_0522
CAP_SYS_ADMIN = 21
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_OPEN_TREE_CLONE, _MOVE_MOUNT_F_EMPTY_PATH = 1, 4
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID, _MOUNT_ATTR_NODEV = 1, 2, 4


LINUX = sys.platform == "linux"


@cache
def _libc() -> Any:
    if not LINUX:
        raise OSError(38, "only Linux has this")
    return ctypes.CDLL(None, use_errno=True)


def _checked(value: int, what: str) -> int:
    if value < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return value


def syscall(name: str, *arguments: Any) -> int:
    """Call the kernel by name; integers are passed as longs, bytes and ctypes objects by address."""
    number = NUMBERS.get(name)
    if number is None:
        raise OSError(38, f"{name}: no number for this machine")
    passed = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    return _checked(_libc().syscall(ctypes.c_long(number), *passed), name)


def unshare(flags: int) -> None:
    """Enter new namespaces (pid: the children do)."""
    _checked(_libc().unshare(flags), "unshare")


def setns(descriptor: int, flags: int) -> None:
    """Enter the namespace of a descriptor (pid: the children do)."""
    _checked(_libc().setns(descriptor, flags), "setns")


def prctl(option: int, *arguments: int) -> int:
    """`prctl` with up to four whole numbers."""
    filled = (*arguments, 0, 0, 0, 0)[:4]
    return _checked(_libc().prctl(option, *map(ctypes.c_ulong, filled)), f"prctl {option}")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """`mount(2)`; the kernel's message names the target."""
    _checked(
        _libc().mount(
            os.fsencode(source), os.fsencode(target), kind.encode() or None, ctypes.c_ulong(flags),
            options.encode() or None,
        ),
        f"mount {target}",
    )  # fmt: skip


def unmount(target: str, flags: int = 0) -> None:
    """`umount2(2)`."""
    _checked(_libc().umount2(os.fsencode(target), flags), f"umount {target}")


def copied_mount(path: str) -> int:
    """A descriptor of a mount that shows what stands at `path`, attached nowhere yet (`open_tree(2)`)."""
    return syscall("open_tree", _AT_FDCWD, os.fsencode(path), _OPEN_TREE_CLONE | os.O_CLOEXEC | _AT_RECURSIVE)


def attach(mounted: int, target: str) -> None:
    """Attach such a mount at `target` (`move_mount(2)`)."""
    syscall("move_mount", mounted, b"", _AT_FDCWD, os.fsencode(target), _MOVE_MOUNT_F_EMPTY_PATH)


def pivot_root(new: str, old: str) -> None:
    """`pivot_root(2)`: `new` becomes the root of this mount namespace, the former root appears at `old`."""
    syscall("pivot_root", os.fsencode(new), os.fsencode(old))


def make_read_only(path: str) -> None:
    """A mount and all below it become read-only, without set-uid programs; devices stay where they are usable."""
    attributes = struct.pack("QQQQ", _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID, 0, 0, 0)
    try:
        syscall("mount_setattr", _AT_FDCWD, os.fsencode(path), _AT_RECURSIVE, attributes, len(attributes))
    except OSError as error:
        if error.errno != 38:
            raise
        # Before Linux 5.12: the top mount alone, with the flags that it already has and must keep.
        kept = os.statvfs(path).f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC | 1024 | 2048)
        mount("", path, "", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | kept)


def capability(number: int) -> bool:
    """Whether this process holds a capability."""
    header, data = struct.pack("Ii", _CAPABILITY_VERSION_3, 0), ctypes.create_string_buffer(24)
    _checked(_libc().capget(header, data), "capget")
    effective = struct.unpack("IIIIII", data.raw)
    return bool(effective[0 if number < 32 else 3] >> (number % 32) & 1)


def bound_capabilities() -> None:
    """No program that this process or its children start can bring a capability back; those held now stay."""
    for number in range(64):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except OSError:
            # EINVAL: beyond the last capability; EPERM: none to drop with, and then none is held either.
            return


def drop_capabilities() -> None:
    """Give up every capability that this process holds."""
    try:
        prctl(PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    except OSError as error:
        if error.errno != 22:
            raise
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    _checked(_libc().capset(header, bytes(24)), "capset")


def no_new_privileges() -> None:
    """From here on no program can gain privileges; landlock and seccomp ask for it."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def leave_no_core() -> None:
    """A crash hands no memory to anybody: a limit of 0 on core files does not hold where the kernel pipes them."""
    prctl(_PR_SET_DUMPABLE, 0)


def die_with_parent() -> None:
    """SIGKILL arrives when the parent ends."""
    prctl(PR_SET_PDEATHSIG, 9)
