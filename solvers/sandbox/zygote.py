"""The fork server: a process with the libraries imported that never solves and forks once per program.

It is started by `solvers.sandbox.worker`, and `solvers.sandbox.server` says how it serves.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import suppress
from typing import Any

from solvers.sandbox.jail import cgroup, kernel
from solvers.sandbox.jail.confine import Confinement
from solvers.sandbox.server import Server, send


def main() -> None:
    """Start as told by the JSON in the first argument, serve until the host hangs up. Never returns."""
    config = json.loads(sys.argv[1])
    control = socket.socket(fileno=int(config["control"]))
    try:
        from solvers.sandbox.jail.protections import examine

        found = examine()
        confinement = Confinement.of(found, config["without"])
        groups = cgroup.make(config["group"]) if "cgroup" not in config["without"] else ()
        above = [os.open(os.path.dirname(folder), os.O_RDONLY | os.O_DIRECTORY) for folder in groups]
        confinement.enter_server()
        if confinement.has("pid namespace"):
            child = os.fork()
            if child:
                control.close()
                _leave_with(child, dict(zip(groups, above)))
            kernel.die_with_parent()
        for descriptor in above:
            os.close(descriptor)
        cgroup.enter(groups)
        if confinement.has("network namespace"):
            socket.sethostname("sandbox")
        _import(config)
        if kernel.LINUX and (threads := len(os.listdir("/proc/self/task"))) > 1:
            raise OSError(0, f"the libraries started {threads - 1} threads, and a fork would lose them")
        confinement.close_server(_readable())
    except (OSError, ImportError, KeyError) as error:
        send(control, {"failed": f"{type(error).__name__}: {error}"})
        raise
    send(control, {"ready": os.getpid(), "present": sorted(confinement.present), "cgroup": list(groups)})
    Server(control, confinement).serve()
    os._exit(0)


def _leave_with(child: int, groups: dict[str, int]) -> None:
    """Wait for the server proper, remove its groups (by the folders above them) and leave as it did."""
    _, status = os.waitpid(child, 0)
    for folder, above in groups.items():
        with suppress(OSError):
            # The host, or the next one, looks after what is still in use.
            cgroup.remove(folder, above)
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


def _import(config: dict[str, Any]) -> None:
    """Hooks first, then the libraries of this flavour: hooks see the imports."""
    import gc
    from importlib import import_module
    from importlib.util import find_spec

    gc.disable()
    for name in ("solvers.sandbox.capture", "solvers.sandbox.lookalike"):
        if name.endswith("lookalike") and config["genuine"]:
            continue
        if find_spec(name) is not None:
            import_module(name).install()
    for name in _OURS:
        import_module(name)
    for name in config["modules"]:
        with suppress(ImportError):
            # Not installed, or broken: programs that import it will say so.
            import_module(name)
    for name in _imported_by(config["warm"]):
        with suppress(ImportError):
            # Found by another way in the child; programs will find it so too.
            import_module(name)
    gc.collect()
    gc.freeze()
    gc.enable()


def _imported_by(source: str) -> list[str]:
    """The modules that a small program of ours imports beyond those that are loaded: libraries import when first used.

    A child runs it, since this process never solves.
    """
    if not source:
        return []
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        from solvers.sandbox.program import imports_of

        os.close(read)
        os.write(write, "\n".join(imports_of(source)).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        names = pipe.read().split()
    os.waitpid(child, 0)
    return names


_OURS = ("numpy", "numpy.random", "highspy", "solvers.sandbox.program", "solvers.solving", "solvers.adapters.highs")


def _readable() -> tuple[str, ...]:
    from solvers.sandbox.jail.view import readable

    return readable(sys.path)
