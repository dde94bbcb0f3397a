"""What of the machine's files a program may read: the interpreter, the libraries, single files of `/etc`."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

_SYSTEM = ("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo")
_ETC = ("/etc/ld.so.cache", "/etc/localtime", "/etc/timezone")
_RANDOM = ("/dev/urandom", "/dev/random")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full")
PRIVATE = "/tmp"
"""The private writable directory's place where a mount namespace lets programs have one of their own."""


def readable(imported: Iterable[str]) -> tuple[str, ...]:
    """Files and folders that stay readable, outermost first, none within another; `imported`: folders of modules.

    The folder that holds this package is a checkout perhaps: of it the package alone is readable.
    """
    ours = Path(__file__).resolve().parents[2]
    found = [*_SYSTEM, *_ETC, *_RANDOM, *_interpreter(), *_loaded(), str(ours)]
    for entry in imported:
        path = os.path.realpath(entry)
        if entry and os.path.isabs(entry) and os.path.exists(path) and not _holds(path, ours):
            found += [entry, path]
    return tuple(_outermost(path for path in found if os.path.exists(path) and path != "/"))


def _holds(path: str, package: Path) -> bool:
    """A folder above our package that is no folder of installed packages."""
    return package.is_relative_to(path) and os.path.basename(path) not in ("site-packages", "dist-packages")


def _interpreter() -> Iterator[str]:
    """The standard library and what lies beside it: never the whole prefix, which can be a home."""
    for name in ("stdlib", "platstdlib", "purelib", "platlib"):
        yield sysconfig.get_path(name)
    for prefix in {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}:
        yield from (os.path.join(prefix, name) for name in ("lib", "lib64", "pyvenv.cfg"))
    yield from (os.path.realpath(sysconfig.get_path("stdlib")),)


def _loaded() -> Iterator[str]:
    """Folders of the shared libraries that this process has loaded, wherever the linker found them."""
    try:
        lines = Path("/proc/self/maps").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        path = line.split(maxsplit=5)[5] if line.count(" ") > 4 and "/" in line else ""
        if path.startswith("/") and ".so" in os.path.basename(path):
            yield path


def _outermost(paths: Iterable[str]) -> Iterator[str]:
    """Sorted, without those within another one."""
    last = ""
    for path in sorted({os.path.normpath(path) for path in paths}, key=lambda item: item + "/"):
        if not last or not (path + "/").startswith(last + "/"):
            last = path
            yield path
