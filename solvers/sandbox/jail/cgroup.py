"""Control groups: memory and processes of a fork server and all that it forks, where this user may make groups.

Both the first version (a hierarchy per controller) and the second are understood: Linux `admin-guide/cgroup-v1`,
`admin-guide/cgroup-v2`.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

from solvers.sandbox.outcome import Limits

_PREFIX = "formulate-"
_TRIES = 100
_OLD_SECONDS = 60.0
_LIMIT_FILES = {"pids": "pids.max", "memory": "memory.limit_in_bytes", "": "pids.max"}
"""By controller; the second version has one hierarchy for all."""
_ESCAPED = re.compile(r"\\([0-7]{3})")


def make(name: str) -> tuple[str, ...]:
    """Make groups of this name below the present ones; the folders made, () where this user may not."""
    folders = {os.path.join(folder, _PREFIX + name): file for file, folder in _own_groups()}
    return tuple(own for own, file in folders.items() if _made(own, file))


def _made(folder: str, limit_file: str) -> bool:
    """Make one group; whether it can be used: where it cannot be limited it is taken back."""
    try:
        os.mkdir(folder)
        _sweep(os.path.dirname(folder))
    except OSError:
        return False
    if os.access(os.path.join(folder, limit_file), os.W_OK):
        return True
    os.rmdir(folder)
    return False


def enter(groups: Iterable[str]) -> None:
    """This process, and all that it will fork, belong to the groups."""
    for folder in groups:
        _write(folder, "cgroup.procs", "0")


def limit(groups: Iterable[str], limits: Limits, *, base: int) -> None:
    """Bound the memory (beyond `base` bytes) and the processes of the groups.

    A little above the limits of the single process, which fail more gently.
    """
    memory = base + limits.memory + limits.memory // 8 + 4 * limits.file_size + (64 << 20)
    for folder in groups:
        values = {"pids.max": limits.processes + 4, "memory.limit_in_bytes": memory, "memory.max": memory}
        for file, value in values.items():
            if os.path.exists(os.path.join(folder, file)):
                _write(folder, file, str(value))


def ended_for_memory(groups: Iterable[str]) -> int:
    """How many processes of the groups the kernel has ended for want of memory."""
    for folder in groups:
        for name in ("memory.oom_control", "memory.events"):
            path = os.path.join(folder, name)
            if os.path.exists(path):
                with open(path) as file:
                    counts = dict(line.split(maxsplit=1) for line in file if " " in line)
                return int(counts.get("oom_kill", 0))
    return 0


def leave(groups: Iterable[str]) -> None:
    """Remove groups whose processes have ended, or are about to. Raises OSError where one is still in use."""
    for folder in groups:
        remove(folder)


def remove(folder: str, above: int | None = None) -> None:
    """Remove one group, by its name below the folder `above` where paths mean something else by now."""
    for left in range(_TRIES, -1, -1):
        try:
            os.rmdir(folder if above is None else os.path.basename(folder), dir_fd=above)
            return
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno != errno.EBUSY or not left:
                raise
            time.sleep(0.02)


def _sweep(folder: str) -> None:
    """Remove groups of ours whose host was killed together with its fork server, which would have removed them."""
    for name in os.listdir(folder):
        host = name.removeprefix(_PREFIX).split("-")[0]
        if name.startswith(_PREFIX) and host.isdigit() and not os.path.exists(f"/proc/{host}"):
            path = os.path.join(folder, name)
            with suppress(OSError):
                # In use after all, perhaps by a host that has another view of processes; or gone meanwhile.
                if time.time() - os.stat(path).st_mtime > _OLD_SECONDS:
                    os.rmdir(path)


def _write(folder: str, file: str, text: str) -> None:
    with open(os.path.join(folder, file), "w") as target:
        target.write(text)


def _own_groups() -> Iterator[tuple[str, str]]:
    """For each hierarchy that limits something: the file that must be there to do so, this process's own folder."""
    try:
        with open("/proc/self/cgroup") as file:
            paths = [line.rstrip("\n").split(":", 2)[1:] for line in file]
        with open("/proc/self/mountinfo") as file:
            mounts = [line.split() for line in file]
    except OSError:
        return
    for controllers, path in paths:
        for name in sorted(set(controllers.split(",")) & _LIMIT_FILES.keys()):
            for fields in mounts:
                kind, options = fields[fields.index("-") + 1], fields[-1].split(",")
                if (kind == "cgroup2" and name == "") or (kind == "cgroup" and name and name in options):
                    root, at = (_ESCAPED.sub(lambda m: chr(int(m[1], 8)), fields[k]) for k in (3, 4))
                    inside = os.path.relpath(path, root) if path.startswith(root) else "."
                    yield _LIMIT_FILES[name], os.path.normpath(os.path.join(at, inside))
