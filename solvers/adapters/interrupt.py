"""Ctrl-C while a solver runs: the first one asks the solver to stop, a second one ends the process."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
INTERRUPTED = 130
"""Exit code of a process that Ctrl-C ends."""


class Interrupt:
    """Whether Ctrl-C was pressed; solvers with a callback look here."""

    __slots__ = ("requested",)

    def __init__(self) -> None:
        self.requested = False


def is_ours() -> bool:
    """Whether Ctrl-C may be taken over here: on the main thread, and only from Python's own handler."""
    main = threading.current_thread() is threading.main_thread()
    return main and signal.getsignal(signal.SIGINT) is signal.default_int_handler


@contextmanager
def interruptible(stop: Callable[[], None] = lambda: None) -> Iterator[Interrupt]:
    """Within, the first Ctrl-C sets `requested` and calls `stop`; the second has the system's own effect."""
    state = Interrupt()
    if not is_ours():
        yield state
        return

    def handler(number: int, frame: object) -> None:
        state.requested = True
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        stop()

    previous = signal.signal(signal.SIGINT, handler)
    try:
        yield state
    finally:
        signal.signal(signal.SIGINT, previous)


def run(work: Callable[[], T], stop: Callable[[], None]) -> T:
    """`work()`, a call into a library that lets other threads run; the first Ctrl-C calls `stop` at once.

    Python's handlers wait until the library returns. The number of the signal is written to a file descriptor at once,
    where a listener waits; the library itself stays on this thread, which some solvers need. A second Ctrl-C ends the
    process.
    """
    if not is_ours():
        return work()
    with interruptible(), _listening(stop):
        return work()


@contextmanager
def _listening(stop: Callable[[], None]) -> Iterator[None]:
    """Within, a thread calls `stop` when SIGINT arrives, whatever the main thread does."""
    # A pipe, not a pair of sockets: where programs are confined, sockets are refused.
    heard, told = os.pipe()
    os.set_blocking(told, False)

    def listen() -> None:
        pressed = 0
        while number := os.read(heard, 1):
            if number[0] == signal.SIGINT:
                pressed += 1
                if pressed > 1:
                    os._exit(INTERRUPTED)
                stop()

    listener = threading.Thread(target=listen, name="interrupt", daemon=True)
    listener.start()
    before = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(told)
        listener.join()
        os.close(heard)


@contextmanager
def stdout_to_stderr(active: bool) -> Iterator[None]:
    """Within, what libraries write to file descriptor 1 goes to 2: logs never reach stdout."""
    if not active:
        yield
        return
    if sys.stdout is not None:
        sys.stdout.flush()
    own = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(own, 1)
        os.close(own)


@contextmanager
def stderr_without(noise: tuple[str, ...], active: bool) -> Iterator[None]:
    """Within, what is written to file descriptor 2 is held back; after, all of it but lines with `noise` is written."""
    if not active:
        yield
        return
    if sys.stderr is not None:
        sys.stderr.flush()
    own = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(own, 2)
            os.close(own)
            held.seek(0)
            kept = [line for line in held.read().splitlines(True) if not any(n.encode() in line for n in noise)]
            if kept:
                os.write(2, b"".join(kept))


def log_line(text: str) -> None:
    """A piece of a solver's log, to stderr."""
    if sys.stderr is not None:
        sys.stderr.write(text)
