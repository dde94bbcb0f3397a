"""Run a command on a kernel that lacks something: `python -m tests.unit.sandbox_without CALL[,CALL] COMMAND...`.

A filter of system calls makes the named ones fail as on a kernel that does not have them, for good and for all children.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

from solvers.sandbox.jail import kernel
from solvers.sandbox.jail.syscalls import NUMBERS

CALLS = {
    "namespaces": (("unshare", errno.EPERM),), "landlock": (("landlock_create_ruleset", errno.EOPNOTSUPP),),
    "seccomp": (("seccomp", errno.EINVAL),),
}  # fmt: skip


def take_away(parts: list[str]) -> None:
    """From here on this process lives on a poorer kernel."""
    code = struct.pack("=HBBI", 0x20, 0, 0, 0)
    for part in parts:
        for name, answer in CALLS[part]:
            code += struct.pack("=HBBI", 0x15, 0, 1, NUMBERS[name]) + struct.pack("=HBBI", 0x06, 0, 0, 0x0005_0000 | answer)
    code += struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF_0000)
    buffer = ctypes.create_string_buffer(code, len(code))
    kernel.no_new_privileges()
    kernel.syscall("seccomp", 1, 0, struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer)))


if __name__ == "__main__":
    take_away(sys.argv[1].split(","))
    os.execv(sys.argv[2], sys.argv[2:])
