"""Namespaces: a root of its own for the programs' processes, their own process numbers, no network."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence

from solvers.sandbox.jail import kernel
from solvers.sandbox.jail.view import DEVICES, PRIVATE

_STAGES = ("/tmp", "/var/tmp", "/mnt", "/run")
_OLD = "/former"


def become_root_of_own() -> None:
    """Enter a user namespace that keeps this process's user and group, and in which it may mount."""
    user, group = os.getuid(), os.getgid()
    kernel.unshare(kernel.CLONE_NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1\n"), ("gid_map", f"{group} {group} 1\n")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def own_mounts() -> None:
    """Enter a mount namespace from which no mount is seen outside."""
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)


def change_root(readable: Sequence[str]) -> None:
    """A new root that holds only the given files and folders (read-only), a few devices and an empty `/tmp`.

    Asks for `own_mounts` before. What a symbolic link leads to appears in the link's place.
    """
    sources = {path: os.path.realpath(path) for path in readable}
    stage = next(path for path in _STAGES if os.path.isdir(path) and not os.path.islink(path))
    kernel.mount("formulate", stage, "tmpfs", kernel.MS_NOSUID, "size=1m,mode=755")
    os.mkdir(stage + _OLD)
    kernel.pivot_root(stage, stage + _OLD)
    os.chdir("/")
    for path, source in sources.items():
        _show(source, path)
        kernel.make_read_only(path)
    for path in DEVICES:
        _show(path, path)
    os.makedirs(PRIVATE, exist_ok=True)
    kernel.unmount(_OLD, kernel.MNT_DETACH)
    os.rmdir(_OLD)
    # The folders on the way to something tell nobody what else lies in them.
    for folder in {parent for path in (*sources, *DEVICES) for parent in _parents(path)} - sources.keys():
        os.chmod(folder, 0o111)
    kernel.mount("", "/", "", kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID)


def _parents(path: str) -> Iterator[str]:
    while path != "/":
        path = os.path.dirname(path)
        yield path


def _show(source: str, path: str) -> None:
    """Make a file or folder of the former root appear at `path`."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if stat.S_ISDIR(os.stat(_OLD + source).st_mode):
        os.makedirs(path, exist_ok=True)
    elif not os.path.exists(path):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    kernel.mount(_OLD + source, path, flags=kernel.MS_BIND | kernel.MS_REC)


def private_directory(size: int, readable: Sequence[str]) -> None:
    """Mounts of this process's own, with an empty writable `/tmp` of at most `size` bytes. Asks for `change_root`.

    What is readable below `/tmp` (a checkout, an environment) stays in its place, read-only as it was.
    """
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC)
    kept = [(path, kernel.copied_mount(path)) for path in readable if path.startswith(PRIVATE + "/")]
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("formulate", PRIVATE, "tmpfs", flags, f"size={size},nr_inodes=16384,mode=700")
    for path, mounted in kept:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        if stat.S_ISDIR(os.fstat(mounted).st_mode):
            os.makedirs(path, mode=0o700, exist_ok=True)
        else:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        kernel.attach(mounted, path)
        os.close(mounted)
