"""The host's end of one fork server: starting it, handing it programs, reading what comes, noticing its end."""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from solvers.errors import FormulateError
from solvers.sandbox.channel import Reader
from solvers.sandbox.jail import cgroup
from solvers.sandbox.jail.confine import PARTS
from solvers.sandbox.outcome import Limits

START_SECONDS = 180.0
_GRACE_SECONDS = 40.0
_CHUNK = 1 << 16
_DRAINED = 16
"""Output is read and thrown away up to so many times its limit, then the program is ended."""
_LENGTH = struct.Struct("<I")
_BOOT = "import sys; sys.path[:0] = {paths!r}; from solvers.sandbox.zygote import main; main()"
_THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM", "BLIS", "GOTO", "RAYON")
_numbers = count()


class SandboxError(FormulateError):
    """The sandbox is missing something that was asked for, or its fork server broke."""

    exit_code = 5


@dataclass(frozen=True)
class Flavour:
    """What a fork server imports before it forks, besides what the program `warm` makes it import.

    `genuine`: commercial libraries are themselves, no look-alikes.
    """

    name: str
    modules: tuple[str, ...] = ()
    genuine: bool = False
    warm: str = ""


@dataclass
class Heard:
    """All that is known of one program's run, before it is made sense of. `report` is the fork server's."""

    reader: Reader
    output: bytearray = field(default_factory=bytearray)
    written: int = 0
    report: dict[str, Any] | None = None
    lost: str = ""
    out_of_memory: bool = False


def environment() -> dict[str, str]:
    """The environment of the programs: nothing of ours, threads and hashes the same every time."""
    return {
        "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/tmp", "USER": "program",
        "LOGNAME": "program", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "2",
        "KMP_BLOCKTIME": "0", "MPLBACKEND": "agg", **{f"{name}_NUM_THREADS": "1" for name in _THREADS},
    }  # fmt: skip


def import_paths() -> list[str]:
    """Where installed packages are found from here and perhaps not from a plain start: never the working folder."""
    ours = str(Path(__file__).resolve().parents[2])
    asked = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    kept = [
        path for path in sys.path
        if os.path.basename(path) in ("site-packages", "dist-packages") or (path and path in asked)
    ]  # fmt: skip
    return [ours, *(path for path in kept if path != ours)]


def python(program: str) -> list[str]:
    """The command that runs a line of Python with nothing of the user's own on its path."""
    return [sys.executable, "-P", "-s", "-X", "utf8", "-c", program]


class Worker:
    """One fork server. Not to be shared between threads; `alive` tells whether it can take another program."""

    def __init__(self, flavour: Flavour, without: Sequence[str] = ()) -> None:
        self.flavour = flavour
        self.alive = False
        self._log: IO[bytes] = TemporaryFile()  # noqa: SIM115
        self._groups: list[str] = []
        self._limits: Limits | None = None
        self._base = self._killed = 0
        ours, theirs = socket.socketpair()
        self._control = ours
        config = {
            "control": theirs.fileno(), "modules": flavour.modules, "genuine": flavour.genuine,
            "warm": flavour.warm, "without": list(without), "group": f"{os.getpid()}-{next(_numbers)}",
        }  # fmt: skip
        try:
            self._process = subprocess.Popen(
                [*python(_BOOT.format(paths=import_paths())), json.dumps(config)], env=environment(), cwd="/",
                stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, pass_fds=[theirs.fileno()],
                start_new_session=True,
            )  # fmt: skip
        finally:
            theirs.close()
        self._owner = os.getpid()
        self.missing = self._greet()

    @property
    def pid(self) -> int:
        """The process that was started (with process namespaces the server proper is its child)."""
        return self._process.pid

    def _greet(self) -> tuple[str, ...]:
        """Wait until the server serves; the names of the protections that it has to do without."""
        try:
            hello = self._message(time.monotonic() + START_SECONDS)
        except TimeoutError:
            hello = None
        if hello is None or "failed" in hello:
            said = hello["failed"] if hello else self._last_words()
            self.close()
            raise SandboxError(
                f"the fork server of the sandbox ({self.flavour.name}) did not start: {said}",
                remedy="formulate doctor says what this machine offers",
            )
        self.alive = True
        self._groups = list(hello["cgroup"])
        self._base = self._memory_used()
        present = {*hello["present"], *(["cgroup"] if self._groups else [])}
        return tuple(name for names in PARTS.values() for name in names if name not in present)

    def run(self, request: bytes, limits: Limits, token: bytes) -> Heard:
        """Have one program run; returns when it has ended, at the latest a little after its wall limit."""
        heard = Heard(Reader(token, limits))
        # Until all is heard: whoever is interrupted here leaves a server in the middle of a program.
        self.alive = False
        if limits != self._limits:
            cgroup.limit(self._groups, limits, base=self._base)
            self._limits = limits
        output, output_end = os.pipe()
        channel, channel_end = os.pipe()
        with _in_memory() as file:
            file.write(request)
            file.flush()
            data = json.dumps({"run": asdict(limits)}).encode()
            try:
                socket.send_fds(
                    self._control, [_LENGTH.pack(len(data)) + data], [file.fileno(), output_end, channel_end]
                )
            except OSError as error:
                heard.lost = str(error)
            finally:
                os.close(output_end)
                os.close(channel_end)
        try:
            if not heard.lost:
                self._listen(heard, output, channel, limits)
        finally:
            os.close(output)
            os.close(channel)
        heard.reader.close()
        killed = cgroup.ended_for_memory(self._groups)
        heard.out_of_memory, self._killed = killed > self._killed, killed
        self.alive = not heard.lost
        if heard.lost:
            heard.lost += f"; {self._last_words()}"
            self.close()
        return heard

    def _listen(self, heard: Heard, output: int, channel: int, limits: Limits) -> None:
        """Read both pipes until both have ended and the report is there."""
        poll = select.poll()
        control = self._control.fileno()
        for descriptor in (output, channel, control):
            poll.register(descriptor, select.POLLIN)
        opened = {output, channel}
        deadline = time.monotonic() + limits.wall + _GRACE_SECONDS
        stopped = False
        while opened or heard.report is None:
            left = deadline - time.monotonic()
            if left <= 0:
                heard.lost = "" if heard.report else "no report in time"
                return
            for descriptor, _ in poll.poll(1000 * left):
                if descriptor == control:
                    try:
                        heard.report = self._message(deadline)
                    except TimeoutError:
                        heard.report = None
                    if heard.report is None:
                        heard.lost = "the fork server ended"
                        return
                    poll.unregister(control)
                    deadline = time.monotonic() + 1.0
                    continue
                data = os.read(descriptor, _CHUNK)
                if not data:
                    poll.unregister(descriptor)
                    opened.discard(descriptor)
                elif descriptor == channel:
                    heard.reader.feed(data)
                else:
                    heard.written += len(data)
                    heard.output += data[: max(0, limits.output - len(heard.output))]
            why = "channel" if heard.reader.broken else "output" if heard.written > _DRAINED * limits.output else ""
            if why and not stopped and heard.report is None:
                stopped = True
                self._say({"stop": why})

    def _say(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode()
        self._control.sendall(_LENGTH.pack(len(data)) + data)

    def _message(self, deadline: float) -> dict[str, Any] | None:
        """The server's next message; None when it has ended. Raises TimeoutError."""
        data = bytearray()
        wanted = _LENGTH.size
        while len(data) < wanted:
            self._control.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                more = self._control.recv(wanted - len(data))
            except ConnectionError:
                more = b""
            finally:
                self._control.settimeout(None)
            if not more:
                return None
            data += more
            if len(data) == wanted == _LENGTH.size:
                wanted += _LENGTH.unpack(data)[0]
        message: dict[str, Any] = json.loads(data[_LENGTH.size :])
        return message

    def _memory_used(self) -> int:
        for folder in self._groups:
            for name in ("memory.usage_in_bytes", "memory.current"):
                file = Path(folder, name)
                if file.exists():
                    return int(file.read_text())
        return 0

    def _last_words(self) -> str:
        """The end of what the server wrote, and how it left."""
        try:
            code: int | None = self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            code = None
        self._log.seek(max(0, self._log.seek(0, os.SEEK_END) - 600))
        said = self._log.read().decode("utf-8", "replace").strip()
        return f"{'still running' if code is None else f'exit code {code}'}{': ' if said else ''}{said}"

    def interrupt(self) -> None:
        """Hang up from another thread: the server ends its program and itself, and `run` returns."""
        with suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the server and all below it; its group is removed. A process forked from ours only lets go of it."""
        self.alive = False
        self._control.close()
        if os.getpid() == self._owner:
            try:
                self._process.wait(2.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            for folder in self._groups:
                with suppress(OSError):
                    # Still in use, by a process that is long in dying: other programs must not fail for it, and the
                    # next host sweeps the group away.
                    cgroup.remove(folder)
        self._log.close()


def _in_memory() -> IO[bytes]:
    """A file without a name, in memory where the system has such."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("request", os.MFD_CLOEXEC), "w+b")
    return TemporaryFile()
