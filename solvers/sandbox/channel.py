"""The result channel: frames that a program's process writes, and what the host makes of the bytes that come.

A run is `(SOLVE | NOTE)* FINAL`, each frame numbered from 0 and marked with the token of this run. The token keeps
accidents and blind writing apart from frames; it is no secret, since a program shares its process with the recorder.
So whatever is read here is a claim, and the host checks it.
"""

from __future__ import annotations

import json
import math
import os
import struct
import threading
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from solvers.sandbox.outcome import (
    ERROR_KINDS,
    CapturedSolve,
    Limits,
    ProgramError,
    Refusal,
    Reported,
    ReportedBy,
)
from solvers.sandbox.wire import WireError, pack_solve, readable, unpack_solve

SOLVE, NOTE, FINAL = 1, 2, 3
TOKEN_BYTES = 16
MOST_NOTES = 1000
MOST_NOTE_BYTES = 4096
MOST_FINAL_BYTES = 1 << 20
_MAGIC = b"FSC1"
_HEAD = struct.Struct(f"<4s{TOKEN_BYTES}sBIQ")
_MOST_SMALL = 500
_FINAL_KEYS = {"reported", "error", "entry"}


class Writer:
    """The program's end. Each frame is written at once and whole, whichever thread asks."""

    def __init__(self, descriptor: int, token: bytes) -> None:
        self._descriptor, self._token = descriptor, token
        self._number = 0
        self._lock = threading.Lock()

    def solve(self, solve: CapturedSolve) -> None:
        """One captured solve; without its model where that has more names and structure than are read."""
        packed = pack_solve(solve)
        if not readable(packed):
            why = "its names and structure are more than a message may hold"
            packed = pack_solve(replace(solve, model=None, uncaptured=why, result=replace(solve.result, x=None)))
        self._write(SOLVE, packed)

    def note(self, note: Refusal) -> None:
        """Something refused, or done otherwise than asked."""
        self._write(NOTE, json.dumps([note.what[:_MOST_SMALL], note.detail[:_MOST_SMALL]]).encode())

    def final(self, fields: dict[str, Any]) -> None:
        """The end: the fields `reported`, `error` and `entry` of `entry.execute`'s answer."""
        kept = {key: fields.get(key) for key in sorted(_FINAL_KEYS)}
        self._write(FINAL, json.dumps(kept).encode())

    def _write(self, kind: int, payload: bytes) -> None:
        with self._lock:
            frame = _HEAD.pack(_MAGIC, self._token, kind, self._number, len(payload)) + payload
            self._number += 1
            view = memoryview(frame)
            while view:
                view = view[os.write(self._descriptor, view) :]


@dataclass
class Reader:
    """The host's end: bytes in, claims out. After the first thing that is no frame in its place nothing counts.

    `broken` says what that was; what came before it stays. `over`: it was a frame in its place beyond a limit, which
    honest programs come to as well.
    """

    token: bytes
    limits: Limits
    solves: list[CapturedSolve] = field(default_factory=list)
    notes: list[Refusal] = field(default_factory=list)
    reported: Reported | None = None
    error: ProgramError | None = None
    entry: str = ""
    finished: bool = False
    broken: str = ""
    over: bool = False
    _number: int = 0
    _taken: int = 0
    _held: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> None:
        """Take what the program's process wrote next."""
        if self.broken:
            return
        self._held += data
        while not self.broken and len(self._held) >= _HEAD.size:
            if not self._frame():
                return

    def close(self) -> None:
        """There will be no more: what is left over is no frame."""
        if self._held and not self.broken:
            self._break("it ended within a frame")

    def _break(self, why: str) -> None:
        self.broken = why
        self.finished = False
        self.reported = self.error = None
        self._held.clear()

    def _frame(self) -> bool:
        """Read one frame off the front; False where more bytes are needed."""
        magic, token, kind, number, length = _HEAD.unpack_from(self._held)
        problem = ""
        if magic != _MAGIC or token != self.token:
            problem = "bytes that are no frame"
        elif self.finished:
            problem = "a frame after the final one"
        elif number != self._number:
            problem = f"frame {number} where {self._number} was next"
        elif kind not in (SOLVE, NOTE, FINAL):
            problem = f"a frame of no known kind ({kind})"
        elif kind == SOLVE and (length > self._room(kind) or len(self.solves) >= self.limits.solves):
            problem = f"more than the limit of {self.limits.solves} solves and {self.limits.model} bytes of models"
            self.over = True
        elif length > self._room(kind) or len(self.notes) > MOST_NOTES:
            problem = "a frame over its limit"
        if problem:
            self._break(problem)
            return False
        if len(self._held) < _HEAD.size + length:
            return False
        payload = bytes(memoryview(self._held)[_HEAD.size : _HEAD.size + length])
        del self._held[: _HEAD.size + length]
        self._number += 1
        self._taken += length if kind == SOLVE else 0
        try:
            self._accept(kind, payload)
        except (WireError, _BadFrame) as error:
            self._break(f"frame {number}: {error}")
            return False
        return True

    def _room(self, kind: int) -> int:
        return {SOLVE: self.limits.model - self._taken, NOTE: MOST_NOTE_BYTES, FINAL: MOST_FINAL_BYTES}[kind]

    def _accept(self, kind: int, payload: bytes) -> None:
        if kind == SOLVE:
            solve = unpack_solve(payload)
            if solve.index != len(self.solves):
                raise _BadFrame(f"solve {solve.index} where {len(self.solves)} was next")
            self.solves.append(solve)
        elif kind == NOTE:
            what, detail = _texts(_json(payload), 2)
            self.notes.append(Refusal(what, detail))
        else:
            self._finish(_json(payload))

    def _finish(self, fields: Any) -> None:
        if not isinstance(fields, dict) or fields.keys() != _FINAL_KEYS:
            raise _BadFrame("the fields of the final frame")
        reported, error = _reported(fields["reported"]), _error(fields["error"])
        (self.entry,) = _texts([fields["entry"]], 1)
        self.reported, self.error, self.finished = reported, error, True


class _BadFrame(ValueError):
    """A frame that does not say what its kind says."""


def _json(payload: bytes) -> Any:
    try:
        return json.loads(payload.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _BadFrame("no JSON") from None


def _texts(value: Any, count: int, most: int = _MOST_SMALL) -> list[str]:
    if not isinstance(value, list) or len(value) != count:
        raise _BadFrame(f"not {count} texts")
    for item in value:
        if not isinstance(item, str) or len(item) > most:
            raise _BadFrame("a text is none, or too long")
    return value


def _reported(value: Any) -> Reported | None:
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != {"value", "how", "text"}:
        raise _BadFrame("the fields of the reported value")
    number, how = value["value"], value["how"]
    if isinstance(number, bool) or not isinstance(number, int | float) or abs(number) > 1e300 or math.isnan(number):
        raise _BadFrame("the reported value is no number")
    if how not in get_args(ReportedBy):
        raise _BadFrame("how the value was reported")
    (text,) = _texts([value["text"]], 1, 10_000)
    return Reported(float(number), how, text)


def _error(value: Any) -> ProgramError | None:
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != {"kind", "message", "line", "traceback"}:
        raise _BadFrame("the fields of the error")
    line = value["line"]
    if value["kind"] not in ERROR_KINDS or not (line is None or (isinstance(line, int) and 0 <= line < 10**7)):
        raise _BadFrame("the kind or line of the error")
    message, traceback = _texts([value["message"], value["traceback"]], 2, 100_000)
    return ProgramError(value["kind"], message, line, traceback)
