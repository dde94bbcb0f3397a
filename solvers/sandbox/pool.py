"""A pool of fork servers: one program each at a time, of the flavours that the programs ask for."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType

from solvers.errors import UnsupportedError
from solvers.sandbox.jail.confine import PARTS
from solvers.sandbox.worker import Flavour, Worker

_IDLE_PER_WORKER = 4


class Pool:
    """Fork servers that are kept between programs. A context manager; `close` ends all of them.

    At most `workers` programs run at once (the processors that this process may use, by default); of idle servers
    those used last are kept, a few per worker. `without` leaves protections out (`PARTS`): for tests of the others.
    """

    def __init__(self, workers: int | None = None, *, without: Sequence[str] = ()) -> None:
        unknown = sorted(set(without) - PARTS.keys())
        if unknown:
            raise UnsupportedError(f"no part {', '.join(unknown)}", remedy=f"choose among {', '.join(PARTS)}")
        self.workers = workers if workers is not None else processors()
        if self.workers < 1:
            raise UnsupportedError(f"{self.workers} workers", remedy="ask for at least 1")
        self._without = tuple(without)
        self._idle: list[Worker] = []
        self._busy = 0
        self._running: list[Worker] = []
        self._closed = False
        self._changed = threading.Condition()

    @contextmanager
    def worker(self, flavour: Flavour) -> Iterator[Worker]:
        """A fork server for one program; waits while all are busy. Raises SandboxError where none starts."""
        with self._changed:
            self._changed.wait_for(lambda: self._busy < self.workers or self._closed)
            if self._closed:
                raise UnsupportedError("the pool is closed", remedy="make a new one")
            self._busy += 1
            found = next((item for item in reversed(self._idle) if item.flavour == flavour), None)
            if found is not None:
                self._idle.remove(found)
        given = None
        try:
            given = found if found is not None else Worker(flavour, self._without)
            with self._changed:
                self._running.append(given)
            yield given
        finally:
            with self._changed:
                self._busy -= 1
                self._running = [item for item in self._running if item is not given]
                dropped = self._put_back(given)
                self._changed.notify()
            for item in dropped:
                item.close()

    def _put_back(self, worker: Worker | None) -> list[Worker]:
        """Keep a server that still works; those that are kept no longer."""
        if worker is None:
            return []
        if not worker.alive or self._closed:
            return [worker]
        self._idle.append(worker)
        surplus = len(self._idle) - _IDLE_PER_WORKER * self.workers
        dropped, self._idle = self._idle[: max(0, surplus)], self._idle[max(0, surplus) :]
        return dropped

    def close(self) -> None:
        """End all servers that are idle now, and the busy ones when their program has ended."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            self._changed.notify_all()
        for item in idle:
            item.close()

    def interrupt(self) -> None:
        """Close, and end the programs that are running now: their runs say that the fork server was lost."""
        with self._changed:
            running = list(self._running)
        for item in running:
            item.interrupt()
        self.close()

    def processes(self) -> list[int]:
        """The started processes of the idle servers."""
        with self._changed:
            return [item.pid for item in self._idle]

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_default: tuple[int, Pool] | None = None
_lock = threading.Lock()


def default_pool() -> Pool:
    """The pool of this process, made when first asked for; a process forked from ours has its own."""
    global _default
    with _lock:
        if _default is None or _default[0] != os.getpid():
            _default = (os.getpid(), Pool())
        return _default[1]


def _close_default() -> None:
    if _default is not None and _default[0] == os.getpid():
        _default[1].close()


atexit.register(_close_default)
