"""Landlock: which files a process and its children may still reach, no TCP, no signals to others.

Structures and bits: Linux `include/uapi/linux/landlock.h`, by version of the interface (1: Linux 5.13).
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from solvers.sandbox.jail.kernel import syscall

_VERSION_FLAG = 1
_RULE_PATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_MAKE_FIFO, _MAKE_SYM, _REFER, _TRUNCATE = 1 << 10, 1 << 12, 1 << 13, 1 << 14
_KNOWN_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many kinds of access to files each version knows; later versions as the last."""
_NETWORK = 0b11
_SCOPES = 0b11
NETWORK_VERSION, SCOPE_VERSION = 4, 6
_OPEN = os.O_PATH | os.O_CLOEXEC if hasattr(os, "O_PATH") else 0


@dataclass(frozen=True)
class Paths:
    """What may be reached: `read` and below, `write` and below, `devices` (single files to read and write)."""

    read: tuple[str, ...]
    write: tuple[str, ...]
    devices: tuple[str, ...] = ()


@cache
def version() -> int:
    """The version of the interface; 0 where the kernel has none or it is switched off."""
    try:
        return syscall("landlock_create_ruleset", 0, 0, _VERSION_FLAG)
    except OSError:
        return 0


def restrict(paths: Paths) -> None:
    """Restrict this process for good. Asks for `no_new_privileges` before; paths that do not exist are passed over."""
    found = version()
    known = (1 << _KNOWN_BITS.get(found, 16)) - 1
    attributes = struct.pack(
        "QQQ", known, _NETWORK if found >= NETWORK_VERSION else 0, _SCOPES if found >= SCOPE_VERSION else 0
    )
    size = 8 if found < NETWORK_VERSION else 16 if found < SCOPE_VERSION else 24
    ruleset = syscall("landlock_create_ruleset", attributes, size, 0)
    try:
        reading = _READ_FILE | _READ_DIR
        writing = (
            reading | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_FIFO | _MAKE_SYM | _REFER
            | _TRUNCATE
        )  # fmt: skip
        _allow(ruleset, paths.read, reading & known)
        _allow(ruleset, paths.write, writing & known)
        _allow(ruleset, paths.devices, (_READ_FILE | _WRITE_FILE) & known)
        syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, paths: Sequence[str], access: int) -> None:
    for path in filter(os.path.exists, paths):
        descriptor = os.open(path, _OPEN)
        try:
            folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
            allowed = access if folder else access & (_READ_FILE | _WRITE_FILE | _TRUNCATE)
            syscall("landlock_add_rule", ruleset, _RULE_PATH, struct.pack("=Qi", allowed, descriptor), 0)
        finally:
            os.close(descriptor)
