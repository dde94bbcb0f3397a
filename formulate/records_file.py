"""A JSONL file that many units of work are appended to, one record each: killed and continued, nothing lost."""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from formulate.errors import RecordError

_MOST_LINE = 64_000_000


class RecordsFile:
    """Append-only records. Opening it mends a half-written last line and locks the file against a second writer.

    Raises RecordError for a file that another run writes, or that holds something else: that is left as it is.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK, 0o644)
        try:
            if not stat.S_ISREG(os.fstat(self._file).st_mode):
                raise RecordError(f"{path} is no regular file", remedy="name a file for the records")
            self._lock()
            self._mend()
        except BaseException:
            os.close(self._file)
            raise

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RecordError(
                f"{self.path} is being written by another run", remedy="wait for it, or name another file"
            ) from None

    def __enter__(self) -> RecordsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; closing twice does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The records that are there. Raises RecordError for a line that is none."""
        with open(self.path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                yield _record(line, self.path, number)

    def append(self, record: dict[str, Any]) -> None:
        """Append one record as one line, in one write. Raises OSError where it cannot be written whole."""
        line = (json.dumps(record, allow_nan=False) + "\n").encode()
        at = os.lseek(self._file, 0, os.SEEK_END)
        written = os.write(self._file, line)
        while written < len(line):
            try:
                written += os.write(self._file, line[written:])
            except OSError:
                os.ftruncate(self._file, at)
                raise

    def _mend(self) -> None:
        """A last line without its end: ended where it is a whole record, cut off where it is half of one."""
        size = os.lseek(self._file, 0, os.SEEK_END)
        if size == 0 or os.pread(self._file, 1, size - 1) == b"\n":
            return
        start = size
        tail = b""
        while start > 0 and b"\n" not in tail:
            step = min(1 << 16, start)
            start -= step
            tail = os.pread(self._file, step, start) + tail
        cut = tail.rfind(b"\n") + 1
        last = tail[cut:]
        if _is_whole(last):
            os.write(self._file, b"\n")
        elif last.startswith(b"{") or self._begins_with_a_record():
            os.ftruncate(self._file, size - len(last))
        else:
            raise RecordError(f"{self.path} holds something else than records", remedy="name another file")

    def _begins_with_a_record(self) -> bool:
        with open(self.path, "rb") as file:
            return _is_whole(file.readline(_MOST_LINE))


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _record(line: str, path: str, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{path}, line {number}, is no JSON: {error}", remedy="name another file") from error
    if not isinstance(record, dict):
        raise RecordError(f"{path}, line {number}, is no record", remedy="name another file")
    return record
