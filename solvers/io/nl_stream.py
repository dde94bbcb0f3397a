"""The body of an NL file as a stream of keys, integers, numbers and pairs: from text or from binary."""

from __future__ import annotations

import re
import struct
from typing import Any

import numpy as np

from solvers.errors import FormatError
from solvers.io.nl_header import Header
from solvers.io.source import Source, clip, text
from solvers.io.tokens import number

_WORD = re.compile(rb"\S+")
_KEY_WITH_COUNT = b"CJGVOSLkKxdF"


class TextStream:
    """Tokens of the body; comments are dropped."""

    def __init__(self, source: Source, header: Header) -> None:
        data = source.data
        if b"#" in data:
            # Blanks keep the offsets.
            data = data[: header.body] + re.sub(rb"#[^\n]*", lambda m: b" " * len(m.group()), data[header.body :])
        self.source = Source(source.name, data)
        self.begin = header.body
        self.tokens = data[header.body :].split()
        self.at = 0
        self._rest: bytes | None = None

    def fail(self, message: str, remedy: str = "", back: int = 0) -> FormatError:
        """An error at the token that comes next (or `back` tokens before it)."""
        wanted = max(self.at - back, 0)
        for k, found in enumerate(_WORD.finditer(self.source.data, self.begin)):
            if k == wanted:
                return self.source.error(message, found.start(), remedy)
        return self.source.error(message, len(self.source.data), remedy)

    def _next(self) -> bytes:
        if self._rest is not None:
            token, self._rest = self._rest, None
            return token
        if self.at >= len(self.tokens):
            raise self.fail("the file ends in the middle of a segment", "it seems cut off: write it again")
        self.at += 1
        return self.tokens[self.at - 1]

    def key(self) -> bytes | None:
        """The letter of the next segment, or None at the end."""
        if self.at >= len(self.tokens):
            return None
        token = self._next()
        letter, rest = token[:1], token[1:]
        if rest and letter in _KEY_WITH_COUNT:
            self._rest = rest
        elif rest:
            raise self.fail(f"{clip(token)} begins no segment", "", 1)
        return letter

    def integer(self) -> int:
        """One integer."""
        token = self._next()
        if not token.lstrip(b"-").isdigit() or len(token) > 15:
            raise self.fail(f"{clip(token)} is no whole number", "", 1)
        return int(token)

    def real(self) -> float:
        """One finite number."""
        token = self._next()
        value = number(token)
        if value is None:
            raise self.fail(f"{clip(token)} is no finite number", "", 1)
        return value

    def name(self) -> str:
        """One word."""
        return text(self._next())

    def kind(self) -> int:
        """The kind of a bound, 0 to 5."""
        token = self._next()
        if len(token) != 1 or token not in b"012345":
            raise self.fail(f"{clip(token)} is no kind of bound", "kinds are 0 to 4", 1)
        return int(token)

    def node(self) -> tuple[bytes, Any]:
        """The next item of an expression: its letter and its value."""
        token = self._next()
        letter, rest = token[:1], token[1:]
        if letter in (b"o", b"v", b"f") and rest.isdigit() and len(rest) < 16:
            return letter, int(rest)
        if letter in (b"n", b"s", b"l"):
            value = number(rest)
            if value is not None:
                return b"n", value
        if letter == b"h":
            return letter, None
        raise self.fail(f"{clip(token)} is no part of an expression", "parts are n, v and o with a number", 1)

    def pairs(self, count: int) -> Any:
        """`count` pairs of an index and a number, to be converted by `collect`."""
        stop = self.at + 2 * count
        if count < 0 or stop > len(self.tokens):
            raise self.fail("a segment declares more entries than the file has", "", 1)
        cut = (self.tokens[self.at : stop : 2], self.tokens[self.at + 1 : stop : 2], self.at)
        self.at = stop
        return cut

    def collect(self, parts: list[Any]) -> tuple[np.ndarray, np.ndarray]:
        """The pairs of several calls as two arrays."""
        indices = [token for part in parts for token in part[0]]
        values = [token for part in parts for token in part[1]]
        try:
            index = np.fromiter(map(int, indices), np.int64, len(indices))
            value = np.fromiter(map(float, values), np.float64, len(values))
        except (ValueError, OverflowError):
            raise self._bad_pair(parts) from None
        if not np.isfinite(value).all() or b"_" in b" ".join(indices) or b"_" in b" ".join(values):
            raise self._bad_pair(parts)
        return index, value

    def _bad_pair(self, parts: list[Any]) -> FormatError:
        for indices, values, at in parts:
            for k, (index, value) in enumerate(zip(indices, values)):
                wrong_index = not index.isdigit() or len(index) > 15
                if wrong_index or number(value) is None:
                    self.at = at + 2 * k + (not wrong_index)
                    return self.fail(f"{clip(index if wrong_index else value)} is no {'index' if wrong_index else 'number'}")
        raise AssertionError("no bad pair")

    def integers(self, count: int) -> list[int]:
        """`count` integers."""
        if count < 0 or count > len(self.tokens) - self.at:
            raise self.fail("a segment declares more entries than the file has", "", 1)
        return [self.integer() for _ in range(count)]


class BinaryStream:
    """Bytes of the body: 4-byte integers, 8-byte floats, in the order that the header names."""

    def __init__(self, source: Source, header: Header) -> None:
        self.source = source
        self.at = header.body
        order = ">" if header.big_endian else "<"
        self._int, self._real, self._short = (struct.Struct(order + code) for code in "idh")
        self._pair = np.dtype([("index", order + "i4"), ("value", order + "f8")])
        self._pair_int = np.dtype([("index", order + "i4"), ("value", order + "i4")])

    def fail(self, message: str, remedy: str = "", back: int = 0) -> FormatError:
        """An error at the offset that is read next."""
        return FormatError(f"{message} (at byte {self.at})", file=self.source.name, remedy=remedy)

    def _take(self, size: int) -> bytes:
        if size < 0 or self.at + size > len(self.source.data):
            raise self.fail("the file ends in the middle of a segment", "it seems cut off: write it again")
        self.at += size
        return self.source.data[self.at - size : self.at]

    def key(self) -> bytes | None:
        """The letter of the next segment, or None at the end."""
        return self._take(1) if self.at < len(self.source.data) else None

    def integer(self) -> int:
        """One integer."""
        return int(self._int.unpack(self._take(4))[0])

    def real(self) -> float:
        """One finite number."""
        value = float(self._real.unpack(self._take(8))[0])
        if not np.isfinite(value):
            raise self.fail(f"{value} is no finite number")
        return value

    def name(self) -> str:
        """A counted string."""
        return text(self._take(self.integer()))

    def kind(self) -> int:
        """The kind of a bound, 0 to 5."""
        letter = self._take(1)
        if letter not in b"012345":
            raise self.fail(f"{clip(letter)} is no kind of bound", "kinds are 0 to 4")
        return int(letter)

    def node(self) -> tuple[bytes, Any]:
        """The next item of an expression: its letter and its value."""
        letter = self._take(1)
        if letter in (b"o", b"v", b"f"):
            return letter, self.integer()
        if letter == b"n":
            return letter, self.real()
        if letter == b"s":
            return b"n", float(self._short.unpack(self._take(2))[0])
        if letter == b"l":
            return b"n", float(self.integer())
        if letter == b"h":
            return letter, None
        raise self.fail(f"{clip(letter)} is no part of an expression", "parts are n, v and o")

    def pairs(self, count: int, whole: bool = False) -> Any:
        """`count` pairs of an index and a number."""
        dtype = self._pair_int if whole else self._pair
        if count < 0:
            raise self.fail("a segment declares a negative number of entries")
        return np.frombuffer(self._take(count * dtype.itemsize), dtype)

    def collect(self, parts: list[Any]) -> tuple[np.ndarray, np.ndarray]:
        """The pairs of several calls as two arrays."""
        index = np.concatenate([part["index"] for part in parts]) if parts else np.zeros(0)
        value = np.concatenate([part["value"] for part in parts]) if parts else np.zeros(0)
        if not np.isfinite(value).all():
            raise self.fail("a coefficient is not finite")
        return index.astype(np.int64), value.astype(np.float64)

    def integers(self, count: int) -> list[int]:
        """`count` integers."""
        if count < 0:
            raise self.fail("a segment declares a negative number of entries")
        return np.frombuffer(self._take(4 * count), self._int.format[0] + "i4").tolist()


Stream = TextStream | BinaryStream
