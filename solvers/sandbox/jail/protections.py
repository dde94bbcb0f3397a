"""What protections this kernel gives to this user, each really tried in a process of its own."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from dataclasses import dataclass

from solvers.sandbox.jail import kernel, landlock, namespaces, seccomp

_EXPLAINED = {
    "mount namespace": "programs see the interpreter and the libraries only, read-only, and a private directory",
    "pid namespace": "programs see and reach no other process, and none of theirs outlives them",
    "network namespace": "programs have no network interface",
    "ipc namespace": "programs share no memory segments or queues with others",
    "landlock": "the kernel refuses files outside the private directory and the libraries",
    "landlock network": "the kernel refuses TCP a second time",
    "landlock scopes": "the kernel refuses signals and abstract sockets to others a second time",
    "seccomp": "the kernel refuses sockets, new processes, other programs, mounts and the like",
    "seccomp listener": "every refused system call is reported by name",
    "limits": "processor time, memory, processes and file sizes are limited",
    "process descriptors": "the end of a program is noticed at once",
}  # fmt: skip
NEEDED = ("mount namespace", "pid namespace", "network namespace", "landlock", "seccomp", "limits")
"""Without one of these `require_sandbox` refuses; the others only add to them."""
_NAMESPACES = ("mount namespace", "pid namespace", "network namespace", "ipc namespace")


@dataclass(frozen=True)
class Protection:
    """One protection: whether it is there, what it means for programs, and what was found."""

    name: str
    present: bool
    means: str
    found: str = ""

    @property
    def needed(self) -> bool:
        return self.name in NEEDED


def examine() -> tuple[Protection, ...]:
    """Try every protection, each in a forked child. For processes of a single thread."""
    trials: dict[str, Callable[[], str]] = {
        "mount namespace": _mounts, "pid namespace": _processes, "network namespace": _network, "ipc namespace": _ipc,
        "landlock": _landlock, "landlock network": lambda: _landlock(landlock.NETWORK_VERSION),
        "landlock scopes": lambda: _landlock(landlock.SCOPE_VERSION), "seccomp": lambda: _seccomp(False),
        "seccomp listener": lambda: _seccomp(True), "limits": _limits, "process descriptors": _descriptors,
    }  # fmt: skip
    found = []
    for name, trial in trials.items():
        present, said = _tried(trial)
        found.append(Protection(name, present, _EXPLAINED[name], said))
    return tuple(found)


def needs_user_namespace() -> bool:
    """Without the right to mount, other namespaces are entered by way of a user namespace."""
    return not kernel.capability(kernel.CAP_SYS_ADMIN)


def _tried(trial: Callable[[], str]) -> tuple[bool, str]:
    """Run a trial in a child: whether it raised nothing, and what it said."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(read)
            os.write(write, trial().encode()[:500])
            code = 0
        except OSError as error:
            os.write(write, str(error).encode("utf-8", "replace")[:500])
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        said = f"the trial was ended by signal {os.WTERMSIG(status)}"
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0, said


def _entered(flags: int) -> str:
    by_user = needs_user_namespace()
    if by_user:
        namespaces.become_root_of_own()
    kernel.unshare(flags)
    return "in a user namespace" if by_user else ""


def _mounts() -> str:
    said = _entered(0)
    namespaces.own_mounts()
    namespaces.change_root(())
    namespaces.private_directory(1 << 20)
    if os.listdir("/tmp") or os.path.exists("/etc"):
        raise OSError(0, "the former root is still seen")
    return said


def _processes() -> str:
    said = _entered(kernel.CLONE_NEWPID)
    child = os.fork()
    if child == 0:
        os._exit(0 if os.getpid() == 1 else 1)
    if os.waitpid(child, 0)[1]:
        raise OSError(0, "a child is not the first of its namespace")
    return said


def _network() -> str:
    return _entered(kernel.CLONE_NEWNET)


def _ipc() -> str:
    return _entered(kernel.CLONE_NEWIPC)


def _landlock(at_least: int = 1) -> str:
    found = landlock.version()
    if found < at_least:
        raise OSError(0, f"version {at_least} is needed, the kernel offers {found or 'none'}")
    kernel.no_new_privileges()
    landlock.restrict(landlock.Paths((), ()))
    try:
        os.listdir("/")
    except PermissionError:
        return f"version {found}"
    raise OSError(0, "a folder outside can still be listed")


def _seccomp(listener: bool) -> str:
    if not seccomp.supported():
        raise OSError(0, f"no table of system calls for {seccomp.MACHINE}")
    kernel.no_new_privileges()
    answering = seccomp.install(os.getpid(), listener=listener, metadata=True)
    if answering is not None:
        os.close(answering)
    try:
        os.setpriority(os.PRIO_PROCESS, 0, 1)
    except OSError:
        return ""
    raise OSError(0, "a call that was forbidden was done")


def _limits() -> str:
    resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))
    if resource.getrlimit(resource.RLIMIT_AS)[1] != 1 << 40:
        raise OSError(0, "a limit did not hold")
    return ""


def _descriptors() -> str:
    os.close(os.pidfd_open(os.getpid()))
    return ""
