"""What a program leaves behind where the kernel has no namespaces to take it away: processes, files."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator


def end_children() -> int:
    """End every child of this process, also those adopted from a program's processes; how many there were.

    A child that is ended hands its own children over, so this looks again until there are none.
    """
    ended = 0
    while True:
        for child in _children():
            os.kill(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return ended
        ended += 1


def end_group(group: int) -> int:
    """End a program's process group, where nothing tells who else descends from it: whether there was one."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1


def _children() -> Iterator[int]:
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        yield from map(int, file.read().split())


def size(folder: str) -> int:
    """Bytes of all files below a folder; links are not followed."""
    total = 0
    try:
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                total += size(entry.path)
            else:
                total += entry.stat(follow_symlinks=False).st_blocks * 512
    except OSError:
        # It was removed while being looked at, or made unreadable: `remove` will see to it.
        return total
    return total


def remove(folder: str) -> None:
    """Remove a folder and all below it without following links, whatever its modes are."""
    os.chmod(folder, stat.S_IRWXU)
    for entry in list(os.scandir(folder)):
        if entry.is_dir(follow_symlinks=False):
            remove(entry.path)
        else:
            os.unlink(entry.path)
    os.rmdir(folder)
