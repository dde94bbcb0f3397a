"""The loop of the fork server: one program after another, each in a forked process that is watched to its end.

It speaks with the host over one socket: a message is a length (u32) and JSON; a request carries three descriptors
(the request's bytes, the output pipe, the result channel).
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import struct
import time
from dataclasses import dataclass, field
from typing import Any

from solvers.sandbox.jail import kernel, leftovers, seccomp
from solvers.sandbox.jail.confine import Confinement
from solvers.sandbox.outcome import Limits

_LENGTH = struct.Struct("<I")
_SETUP_SECONDS = 30.0
_LOOK_SECONDS = 0.25
SETUP_FAILED = 96
"""Exit code of a program's process that could not enter its jail."""


def send(control: socket.socket, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode()
    control.sendall(_LENGTH.pack(len(data)) + data)


def receive(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next message and its descriptors; None when the host hung up."""
    head, descriptors, _, _ = socket.recv_fds(control, _LENGTH.size, 3)
    while head and len(head) < _LENGTH.size:
        more = control.recv(_LENGTH.size - len(head))
        head = head + more if more else b""
    if not head:
        return None
    (length,) = _LENGTH.unpack(head)
    data = bytearray()
    while len(data) < length:
        more = control.recv(length - len(data))
        if not more:
            return None
        data += more
    return json.loads(data), list(descriptors)


@dataclass
class Watch:
    """One running program as the server sees it."""

    pid: int
    private: str
    setup: socket.socket
    handle: int | None
    listener: int | None = None
    ready: bool = False
    failed: str = ""
    ended: str = ""
    notices: dict[tuple[str, str], int] = field(default_factory=dict)

    def close(self) -> None:
        self.setup.close()
        for descriptor in (self.handle, self.listener):
            if descriptor is not None:
                os.close(descriptor)


class Server:
    """Serves one program after another."""

    def __init__(self, control: socket.socket, confinement: Confinement) -> None:
        self.control, self.confinement = control, confinement

    def serve(self) -> None:
        """Until the host hangs up."""
        while True:
            received = receive(self.control)
            if received is None:
                return
            message, descriptors = received
            if "run" not in message:
                # A stop for a program that had ended by itself.
                continue
            send(self.control, self._one(Limits(**message["run"]), descriptors))

    def _one(self, limits: Limits, descriptors: list[int]) -> dict[str, Any]:
        started = time.monotonic()
        private = self.confinement.private()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        pid = self.confinement.fork()
        if pid == 0:
            _become_program(self.confinement, limits, private, theirs, descriptors)
        theirs.close()
        for descriptor in descriptors:
            os.close(descriptor)
        watch = Watch(pid, private, ours, os.pidfd_open(pid) if self.confinement.has("process descriptors") else None)
        try:
            status, usage = self._wait(watch, limits, started)
            if not watch.ready:
                watch.failed = watch.failed or "it ended before it was there"
            orphans = self._clear_away(watch)
        finally:
            watch.close()
        return {
            "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "processor": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss << 10,
            "wall": time.monotonic() - started, "ended": watch.ended, "failed": watch.failed, "orphans": orphans,
            "notices": [[what, detail, count] for (what, detail), count in watch.notices.items()],
        }  # fmt: skip

    def _wait(self, watch: Watch, limits: Limits, started: float) -> tuple[int, Any]:
        """Until the program's process ended, by itself or because of a limit or the host."""
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        poll.register(watch.setup, select.POLLIN)
        if watch.handle is not None:
            poll.register(watch.handle, select.POLLIN)
        while True:
            done, status, usage = os.wait4(watch.pid, os.WNOHANG)
            if done:
                self._hear_out(watch)
                return status, usage
            left = (limits.wall if watch.ready else _SETUP_SECONDS) - (time.monotonic() - started)
            if left <= 0 and not watch.ended:
                self._end(watch, "wall")
            waiting = _LOOK_SECONDS if watch.handle is not None else 0.005
            for descriptor, event in poll.poll(1000 * max(0.0, min(left, waiting)) if left > 0 else 1000 * waiting):
                if descriptor == watch.setup.fileno():
                    self._set_up(watch, poll)
                elif descriptor == watch.listener and event & select.POLLIN:
                    self._hear(watch)
                elif descriptor == watch.listener:
                    poll.unregister(descriptor)
                elif descriptor == self.control.fileno():
                    self._obey(watch)
            if not self.confinement.has("mount namespace") and leftovers.size(watch.private) > 4 * limits.file_size:
                self._end(watch, "directory")

    def _set_up(self, watch: Watch, poll: select.poll) -> None:
        """The program's process says that it is in its jail, or why it is not."""
        data, descriptors, _, _ = socket.recv_fds(watch.setup, 4096, 1)
        poll.unregister(watch.setup)
        if data == b"ready":
            watch.ready = True
        elif data:
            watch.failed = data.decode("utf-8", "replace")
        if descriptors:
            watch.listener = descriptors[0]
            poll.register(watch.listener, select.POLLIN)

    def _hear(self, watch: Watch) -> None:
        """Answer one refused system call, and remember it."""
        assert watch.listener is not None
        heard = seccomp.receive(watch.listener)
        if heard is None:
            return
        number, notice = heard
        key = (notice.what, notice.detail)
        if key in watch.notices or len(watch.notices) < 100:
            watch.notices[key] = watch.notices.get(key, 0) + 1
        seccomp.refuse(watch.listener, number)

    def _hear_out(self, watch: Watch) -> None:
        """What was said just before the end."""
        if not watch.ready and not watch.failed and select.select([watch.setup], [], [], 0)[0]:
            data, descriptors, _, _ = socket.recv_fds(watch.setup, 4096, 1)
            watch.ready = data == b"ready"
            watch.failed = "" if watch.ready else data.decode("utf-8", "replace")
            for descriptor in descriptors:
                os.close(descriptor)

    def _obey(self, watch: Watch) -> None:
        """The host says stop, or has gone."""
        received = receive(self.control)
        if received is None:
            self._end(watch, "host")
            os.waitpid(watch.pid, 0)
            self._clear_away(watch)
            os._exit(0)
        self._end(watch, str(received[0].get("stop", "stop")))

    def _end(self, watch: Watch, why: str) -> None:
        watch.ended = watch.ended or why
        os.kill(watch.pid, signal.SIGKILL)

    def _clear_away(self, watch: Watch) -> int:
        """End what the program left behind (without process namespaces) and remove its directory; how many ended."""
        ended = 0
        if not self.confinement.has("pid namespace"):
            ended = leftovers.end_children() if kernel.LINUX else leftovers.end_group(watch.pid)
        if not self.confinement.has("mount namespace"):
            leftovers.remove(watch.private)
        return ended


def _become_program(
    confinement: Confinement, limits: Limits, private: str, setup: socket.socket, descriptors: list[int]
) -> None:
    """In the forked process: enter the jail, run the program, leave. Never returns."""
    try:
        request, output, channel = _take_over(descriptors, setup)
        listener = confinement.enter_program(limits, private)
        if listener is None:
            setup.sendall(b"ready")
        else:
            socket.send_fds(setup, [b"ready"], [listener])
            os.close(listener)
        setup.close()
    except OSError as error:
        setup.sendall(f"{type(error).__name__}: {error}".encode("utf-8", "replace")[:4000] or b"unknown")
        os._exit(SETUP_FAILED)
    from solvers.sandbox.program import run_here

    leave = os._exit
    try:
        run_here(request, output, channel, private=private, confinement=confinement)
    finally:
        # Whatever the program has made of `os` or of its descriptors: it never goes on as a server.
        leave(1)


def _take_over(descriptors: list[int], setup: socket.socket) -> tuple[int, int, int]:
    """Only the program's own descriptors stay open: nothing, its output twice, request, channel and the setup."""
    request, output, channel = descriptors
    for descriptor in (request, output, channel, setup.fileno()):
        os.set_inheritable(descriptor, False)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    kept = {0, 1, 2, request, channel, setup.fileno()}
    last = 2
    for descriptor in sorted(kept - {0, 1, 2}):
        os.closerange(last + 1, descriptor)
        last = descriptor
    os.closerange(last + 1, 1 << 20)
    return request, 1, channel
