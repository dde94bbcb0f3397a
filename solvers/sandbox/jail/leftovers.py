"""What a program leaves behind where the kernel has no namespaces to take it away: processes, files."""

from __future__ import annotations

import math
import os
import secrets
import signal
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import count

MOST_DEPTH = 64
_BLOCK = 4096
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


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


def size(folder: str) -> float:
    """Bytes of all files and folders below a folder, a block each at least; links are not followed.

    Infinite where folders are nested deeper than `MOST_DEPTH` or shut against a look: nobody can say then.
    """
    try:
        return _size(os.open(folder, _FOLDER), 0)
    except FileNotFoundError:
        return 0.0


def _size(descriptor: int, depth: int) -> float:
    """The same below an open folder, which is closed: by descriptors, since a path may grow too long to be followed."""
    total = 0.0
    try:
        for entry in os.scandir(descriptor):
            with suppress(FileNotFoundError, NotADirectoryError):
                # It was removed, or became something else, while being looked at.
                if not entry.is_dir(follow_symlinks=False):
                    total += max(entry.stat(follow_symlinks=False).st_blocks * 512, _BLOCK)
                elif depth < MOST_DEPTH:
                    total += _BLOCK + _size(os.open(entry.name, _FOLDER, dir_fd=descriptor), depth + 1)
                else:
                    return math.inf
    except PermissionError:
        return math.inf
    finally:
        os.close(descriptor)
    return total


def remove(folder: str) -> None:
    """Remove a folder and all below it without following links, whatever its modes and its depth are.

    For folders that no process uses any more. Inner folders are moved up to the top before they are emptied: neither
    a path nor a recursion could follow them all the way down.
    """
    os.chmod(folder, stat.S_IRWXU)
    top = os.open(folder, _FOLDER)
    names = (f"{secrets.token_hex(8)}-{k}" for k in count())
    try:
        inner = _emptied(top, top, names)
        while inner:
            name = inner.pop()
            descriptor = os.open(name, _FOLDER, dir_fd=top)
            try:
                inner += _emptied(descriptor, top, names)
            finally:
                os.close(descriptor)
            os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)
    os.rmdir(folder)


def _emptied(folder: int, top: int, names: Iterator[str]) -> list[str]:
    """Remove the files of an open folder and move its folders to `top` under new names, which are returned."""
    moved = []
    for entry in list(os.scandir(folder)):
        if entry.is_dir(follow_symlinks=False):
            # Only who may write to a folder may move it elsewhere.
            os.chmod(entry.name, stat.S_IRWXU, dir_fd=folder)
            moved.append(next(names))
            os.rename(entry.name, moved[-1], src_dir_fd=folder, dst_dir_fd=top)
        else:
            os.unlink(entry.name, dir_fd=folder)
    return moved
