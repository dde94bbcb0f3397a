"""In a program's process, inside its jail: take the request, run the program, hand over what came of it."""

from __future__ import annotations

import io
import json
import os
import pickle
import random
import struct
import sys
import tempfile
from typing import Any

from solvers.sandbox import recorder
from solvers.sandbox.channel import TOKEN_BYTES, Writer
from solvers.sandbox.entry import execute
from solvers.sandbox.jail.audit import watch
from solvers.sandbox.jail.confine import Confinement
from solvers.sandbox.jail.leftovers import remove
from solvers.sandbox.jail.view import DEVICES

_LENGTH = struct.Struct("<I")


def pack_request(source: str, data: Any, options: dict[str, Any], token: bytes) -> bytes:
    """A request as the bytes that the program's process reads. Raises what pickle raises for `data`."""
    head = json.dumps({"source": source, "options": options}).encode("utf-8", "surrogatepass")
    return token + _LENGTH.pack(len(head)) + head + pickle.dumps(data, protocol=5)


def _read(descriptor: int) -> tuple[bytes, str, dict[str, Any], Any]:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(descriptor, "rb") as file:
        content = file.read()
    token, rest = content[:TOKEN_BYTES], content[TOKEN_BYTES:]
    (length,) = _LENGTH.unpack_from(rest)
    head = json.loads(rest[_LENGTH.size : _LENGTH.size + length].decode("utf-8", "surrogatepass"))
    # The data are the host's own, and only this process, which is in its jail by now, reads them.
    return token, head["source"], head["options"], pickle.loads(rest[_LENGTH.size + length :])


def run_here(request: int, output: int, channel: int, *, private: str, confinement: Confinement) -> None:
    """Run the requested program and leave. Never returns."""
    token, source, options, data = _read(request)
    writer = Writer(channel, token)
    recording = recorder.fresh(sink=writer.solve, note_sink=writer.note)
    _own_streams(output)
    # Forked processes get other random numbers each: here the same program does the same every time.
    random.seed(0)
    tempfile.tempdir = private
    os.environ.update(HOME=private, TMPDIR=private, PWD=private)
    watch(
        recording.noted, readable=confinement.readable, private=private, devices=DEVICES,
        heard=confinement.has("seccomp listener"),
    )  # fmt: skip
    answer = execute(source, {**options, "data": data})
    for stream in (sys.stdout, sys.stderr):
        _flush(stream)
    writer.final(answer)
    # No handlers of the program, no destructors: what matters has been handed over.
    os._exit(0)


def _own_streams(output: int) -> None:
    for name in ("stdout", "stderr"):
        stream = io.TextIOWrapper(
            io.FileIO(output, "w", closefd=False), encoding="utf-8", errors="backslashreplace", line_buffering=True,
            write_through=name == "stderr",
        )  # fmt: skip
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    for name in ("stdin", "__stdin__"):
        setattr(sys, name, open(os.devnull, encoding="utf-8"))  # noqa: SIM115


def _flush(stream: Any) -> None:
    """A program may have closed or replaced its streams; then there is nothing left to write."""
    try:
        stream.flush()
    except (AttributeError, ValueError, OSError):
        return


def imports_of(source: str) -> list[str]:
    """Run a program of ours, whose answer nobody needs, and name the modules that it made this process import."""
    before = set(sys.modules)
    with open(os.devnull, "w") as nothing:
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
        writer = Writer(nothing.fileno(), bytes(TOKEN_BYTES))
        recorder.fresh(sink=writer.solve, note_sink=writer.note)
        os.chdir(tempfile.mkdtemp())
        writer.final(execute(source, {"data": None, "function": None}))
        folder = os.getcwd()
        os.chdir("/")
        remove(folder)
    return [name for name in sys.modules if name not in before and "__" not in name]
