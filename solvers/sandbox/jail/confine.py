"""The jail of the programs: which protections are used, how the fork server and each program's process enter it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from solvers.sandbox.jail import kernel, landlock, namespaces, seccomp
from solvers.sandbox.jail.limits import limit_resources
from solvers.sandbox.jail.protections import Protection, needs_user_namespace
from solvers.sandbox.jail.view import DEVICES, PRIVATE
from solvers.sandbox.outcome import Limits

PARTS = {
    "namespaces": ("mount namespace", "pid namespace", "network namespace", "ipc namespace"),
    "landlock": ("landlock", "landlock network", "landlock scopes"),
    "seccomp": ("seccomp", "seccomp listener"),
    "cgroup": ("cgroup",),
    "limits": ("limits",),
}
"""What can be left out in tests, and the protections that go with it."""


@dataclass
class Confinement:
    """What is used here: the names of the protections that are present, and the files that stay readable."""

    present: frozenset[str]
    readable: tuple[str, ...] = ()
    process_namespace: int | None = None
    base_memory: int = 0
    base_tasks: int = 0

    @classmethod
    def of(cls, found: Sequence[Protection], without: Sequence[str] = ()) -> Confinement:
        """All that is present, less the parts left out. Raises KeyError for an unknown part."""
        left_out = {name for part in without for name in PARTS[part]}
        return cls(frozenset(item.name for item in found if item.present and item.name not in left_out))

    def has(self, name: str) -> bool:
        return name in self.present

    def enter_server(self) -> None:
        """First step of the fork server, while it has one thread: namespaces that all its programs share.

        After it, with process namespaces, only a child forked from here is in the server's own one.
        """
        flags = {
            "mount namespace": kernel.CLONE_NEWNS, "network namespace": kernel.CLONE_NEWNET | kernel.CLONE_NEWUTS,
            "pid namespace": kernel.CLONE_NEWPID,
        }  # fmt: skip
        used = [flag for name, flag in flags.items() if self.has(name)]
        if used and needs_user_namespace():
            namespaces.become_root_of_own()
        for flag in used:
            kernel.unshare(flag)
        if self.has("mount namespace"):
            kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)

    def close_server(self, readable: Sequence[str]) -> None:
        """Second step, after the imports: the server's root shrinks to what programs may read."""
        self.readable = tuple(readable)
        if self.has("pid namespace"):
            self.process_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        elif kernel.LINUX:
            kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        self.base_memory, self.base_tasks = _address_space(), _tasks()
        if self.has("mount namespace"):
            namespaces.change_root(readable)
        if kernel.LINUX:
            kernel.bound_capabilities()
        if self.has("seccomp"):
            # Built once here for all programs that are the first of their namespace.
            seccomp.build(1, listener=self.has("seccomp listener"), metadata=not self.has("mount namespace"))

    def fork(self) -> int:
        """Fork into a process namespace of the child's own, where there are such; as `os.fork`."""
        if self.process_namespace is None:
            return os.fork()
        kernel.unshare(kernel.CLONE_NEWPID)
        child = os.fork()
        if child:
            kernel.setns(self.process_namespace, kernel.CLONE_NEWPID)
        return child

    def enter_program(self, limits: Limits, private: str) -> int | None:
        """In the program's process: shut every door; gives the listener of refused system calls, where there is one.

        Raises OSError where something that was present a moment ago is refused now: then no program may run here.
        """
        os.setsid()
        if self.has("mount namespace"):
            namespaces.private_directory(4 * limits.file_size, self.readable)
        os.chdir(private)
        if kernel.LINUX:
            kernel.die_with_parent()
            kernel.leave_no_core()
        if self.has("limits"):
            limit_resources(limits, base=self.base_memory, tasks=self.base_tasks)
        if kernel.LINUX:
            kernel.drop_capabilities()
            kernel.no_new_privileges()
        if self.has("landlock"):
            landlock.restrict(landlock.Paths(self.readable, (private,), DEVICES))
        if not self.has("seccomp"):
            return None
        metadata = not self.has("mount namespace")
        return seccomp.install(os.getpid(), listener=self.has("seccomp listener"), metadata=metadata)

    def private(self) -> str:
        """Where the next program finds its private directory; made here where it has no mounts of its own."""
        if self.has("mount namespace"):
            return PRIVATE
        from tempfile import mkdtemp

        return mkdtemp(prefix="formulate-sandbox-")


def _address_space() -> int:
    """Bytes of address space that this process has mapped; 0 where it cannot be read."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _tasks() -> int:
    """Threads of this user now: the limit on processes counts them too. Unknown ones are none."""
    user, found = os.getuid(), 0
    try:
        for name in os.listdir("/proc"):
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == user:
                found += len(os.listdir(f"/proc/{name}/task"))
    except OSError:
        # A process ended between two looks.
        return found
    return found
