"""What protections this kernel gives to this user, each really tried in a process of its own."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from dataclasses import dataclass

from solvers.sandbox.jail import cgroup, kernel, landlock, namespaces, seccomp

_USER_NAMESPACES = (
    "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0,"
    " user.max_user_namespaces), or give a container the right to make them"
)
_LANDLOCK = "a kernel with landlock, switched on: lsm=landlock,... when it boots"
_EXPLAINED: dict[str, tuple[str, str]] = {
    "mount namespace": (
        "programs see the interpreter and the libraries only, read-only, and a private directory", _USER_NAMESPACES,
    ),
    "pid namespace": ("programs see and reach no other process, and none of theirs outlives them", _USER_NAMESPACES),
    "network namespace": ("programs have no network interface", _USER_NAMESPACES),
    "ipc namespace": ("programs share no memory segments or queues with others", _USER_NAMESPACES),
    "landlock": (
        "the kernel refuses all files but the private directory and the libraries", f"Linux 5.13; {_LANDLOCK}",
    ),
    "landlock network": ("the kernel refuses TCP a second time", f"Linux 6.7; {_LANDLOCK}"),
    "landlock scopes": ("the kernel refuses signals and abstract sockets a second time", f"Linux 6.12; {_LANDLOCK}"),
    "seccomp": (
        "the kernel refuses sockets, new processes, other programs, mounts and the like",
        "a kernel with CONFIG_SECCOMP_FILTER, on x86_64 or aarch64",
    ),
    "seccomp listener": ("every refused system call is reported by name", "Linux 5.0"),
    "limits": ("processor time, memory, processes and file sizes are limited", "a system with setrlimit"),
    "cgroup": (
        "memory and processes are limited once more, for all of a program together",
        "let this user make control groups: systemd-run --user --scope -p Delegate=yes",
    ),
    "process descriptors": ("the end of a program is noticed at once", "Linux 5.3"),
}  # fmt: skip
NEEDED = ("mount namespace", "pid namespace", "network namespace", "landlock", "seccomp", "limits")
"""Without one of these `require_sandbox` refuses; the others only add to them."""


@dataclass(frozen=True)
class Protection:
    """One protection: whether it is there, what it does to programs, what was found, what would bring it."""

    name: str
    present: bool
    means: str
    found: str
    remedy: str

    @property
    def needed(self) -> bool:
        return self.name in NEEDED


def examine() -> tuple[Protection, ...]:
    """Try every protection, each in a forked child. For processes of a single thread."""
    trials: dict[str, Callable[[], str]] = {
        "mount namespace": _mounts, "pid namespace": _processes, "network namespace": _network, "ipc namespace": _ipc,
        "landlock": _landlock, "landlock network": lambda: _landlock(landlock.NETWORK_VERSION),
        "landlock scopes": lambda: _landlock(landlock.SCOPE_VERSION), "seccomp": lambda: _seccomp(False),
        "seccomp listener": lambda: _seccomp(True), "limits": _limits, "cgroup": _groups,
        "process descriptors": _descriptors,
    }  # fmt: skip
    found = []
    for name, trial in trials.items():
        present, said = _tried(trial)
        found.append(Protection(name, present, _EXPLAINED[name][0], said, _EXPLAINED[name][1]))
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
    namespaces.private_directory(1 << 20, ())
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


def _groups() -> str:
    made = cgroup.make(f"trial-{os.getpid()}")
    cgroup.leave(made)
    if not made:
        raise OSError(0, "no group can be made")
    return ", ".join(os.path.dirname(folder) for folder in made)


def _descriptors() -> str:
    os.close(os.pidfd_open(os.getpid()))
    return ""
