"""What a program asks Python for and the kernel will not give, noted before the kernel refuses it: a report only."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_READS = {"os.listdir": (0,), "os.scandir": (0,), "os.chdir": (0,)}
_WRITES = {
    "os.remove": (0,), "os.rmdir": (0,), "os.mkdir": (0,), "os.rename": (0, 1), "os.link": (0, 1), "os.symlink": (1,),
    "os.truncate": (0,), "os.chmod": (0,), "os.chown": (0,), "os.utime": (0,),
}  # fmt: skip
_UNHEARD = {
    "socket.__new__": "network", "socket.connect": "network", "socket.bind": "network", "subprocess.Popen": "process",
    "os.system": "process", "os.exec": "process", "os.posix_spawn": "process", "os.fork": "process",
    "os.forkpty": "process", "os.kill": "signal", "os.killpg": "signal",
}  # fmt: skip
"""Events that the listener of seccomp reports better, where there is one."""
_PROBED = (
    "/sys/fs/cgroup", "/sys/devices/system", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/version",
    "/proc/self/cgroup", "/proc/self/mountinfo", "/proc/filesystems",
)  # fmt: skip
"""Where libraries look how large the machine is: not there either, but nothing that a program has tried."""


def watch(
    noted: Callable[[str, str], None], *, readable: Sequence[str], private: str, devices: Sequence[str], heard: bool
) -> None:
    """Note what lies outside `readable` and `private`, each once; `heard`: refused system calls are reported anyhow."""
    readable, private = tuple(readable), os.path.realpath(private)
    # Imports look through these folders whatever the program does.
    searched = {os.path.abspath(entry) for entry in sys.path}
    # A checkout or an environment can lie below the place of the private directory.
    inside = tuple(path for path in readable if _within(path, (private,)))
    seen: set[tuple[str, str]] = set()

    def note(what: str, detail: str) -> None:
        if (what, detail) not in seen and len(seen) < 200:
            seen.add((what, detail))
            noted(what, detail)

    def inspect(path: Any, writing: bool) -> None:
        try:
            text = os.path.abspath(os.fsdecode(path))
        except (TypeError, ValueError, OSError):
            return
        if _within(text, (private, *devices)) and not _within(text, inside):
            return
        if writing:
            note("file", f"write {text[:300]}")
        elif not _within(text, (*readable, *_PROBED)) and text not in searched:
            note("file", f"read {text[:300]}")

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            if not isinstance(arguments[0], int):
                flags = arguments[2] if isinstance(arguments[2], int) else 0
                inspect(arguments[0], bool(flags & _WRITING))
        elif event in _READS:
            _each(arguments, _READS[event], inspect, False)
        elif event in _WRITES:
            _each(arguments, _WRITES[event], inspect, True)
        elif not heard and event in _UNHEARD:
            note(_UNHEARD[event], event)

    sys.addaudithook(hook)


def _each(
    arguments: tuple[Any, ...], positions: tuple[int, ...], inspect: Callable[[Any, bool], None], writing: bool
) -> None:
    for position in positions:
        if len(arguments) > position and arguments[position] is not None and not isinstance(arguments[position], int):
            inspect(arguments[position], writing)


def _within(path: str, roots: Sequence[str]) -> bool:
    return any(path == root or path.startswith(root.rstrip("/") + "/") for root in roots)
