"""Run the hostile suite as a user without rights: started by root, `python -m tests.unit.sandbox_as_nobody PART...`.

The interpreter may lie in root's home, where nobody else may look: it is shown in mounts of this process's own.
Prints one line of JSON: the protections that were missing, and what went wrong, by case.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from solvers.sandbox.jail import kernel, namespaces
from solvers.sandbox.jail.view import readable

NOBODY = 65534
_STAGE = "/mnt"


def become_nobody() -> None:
    """Give up root for good, with the interpreter and the packages still in reach."""
    tests = str(Path(__file__).resolve().parents[1])
    wanted = [*readable(sys.path), sys.base_prefix, sys.prefix, tests]
    closed = [path for path in wanted if (above := _closed_above(path)) and above != path]
    namespaces.own_mounts()
    kernel.mount("stage", _STAGE, "tmpfs", 0, "mode=755")
    for k, path in enumerate(closed):
        _place(f"{_STAGE}/{k}", like=path)
        kernel.mount(path, f"{_STAGE}/{k}", flags=kernel.MS_BIND | kernel.MS_REC)
    for above in sorted({_closed_above(path) for path in closed}):
        kernel.mount("open", above, "tmpfs", 0, "mode=755")
    for k, path in enumerate(closed):
        _place(path, like=f"{_STAGE}/{k}")
        kernel.mount(f"{_STAGE}/{k}", path, flags=kernel.MS_BIND | kernel.MS_REC)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _place(path: str, *, like: str) -> None:
    """A file or folder to mount another one of its kind on."""
    if os.path.isdir(like):
        os.makedirs(path, exist_ok=True)
    elif not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Path(path).touch()


def _closed_above(path: str) -> str:
    """The outermost folder above a path that others may not pass, or nothing."""
    for folder in reversed(Path(path).parents):
        if not folder.stat().st_mode & 0o001:
            return str(folder)
    return ""


def main(without: list[str]) -> None:
    from solvers.sandbox.pool import Pool
    from solvers.sandbox.programs import run
    from tests.unit import sandbox_hostile as hostile
    from tests.unit.sandbox_places import KEY, SECRET, hurt, nothing_left, pointed_at

    os.environ[KEY] = SECRET
    cases = {
        f"{group}: {name}": source for group, cases in {
            "read": hostile.READS, "send": hostile.SENDS, "write": hostile.WRITES, "kill": hostile.KILLS,
            "launch": hostile.LAUNCHES,
        }.items() for name, (_, source) in cases.items()
    }  # fmt: skip
    wrong, went_on = {}, []
    with Pool(1, without=without) as pool:
        missing = run("print(1)", pool=pool).missing
        with nothing_left(pool), pointed_at("/var/tmp") as place:
            for name, source in cases.items():
                try:
                    found = hurt(source.format(**place), pool)
                except AssertionError as error:
                    wrong[name] = str(error)[:500]
                    continue
                if found.error is None:
                    went_on.append(name)
        thread = run("import threading\nt = threading.Thread(target=print)\nt.start()\nt.join()\nprint(2)", pool=pool)
    print(json.dumps({
        "user": os.getuid(), "missing": missing, "wrong": wrong, "went on": went_on,
        "threads": thread.error is None,
    }))  # fmt: skip


if __name__ == "__main__":
    become_nobody()
    main(sys.argv[1:])
