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
        cut = (self.tokens[self.at : stop : 2], self.tokens[self.at + 1 : stop : 2], [self.at], [count])
        self.at = stop
        return cut

    # Runs of the most frequent segments, read at once; they stop before whatever is irregular.

    def zero_bodies(self) -> list[int]:
        """Segments `C` of rows without a nonlinear part: their rows."""
        tokens, at, last = self.tokens, self.at, len(self.tokens) - 1
        rows = []
        while at < last and tokens[at + 1] == b"n0" and tokens[at][:1] == b"C" and tokens[at][1:].isdigit():
            rows.append(tokens[at])
            at += 2
        if any(len(token) > 16 for token in rows):
            return []
        self.at = at
        return [int(token[1:]) for token in rows]

    def linear_rows(self) -> tuple[list[int], list[int], list[Any]]:
        """Segments `J`: rows, numbers of entries, and entries for `collect`."""
        tokens, at, size = self.tokens, self.at, len(self.tokens)
        rows: list[int] = []
        counts: list[int] = []
        begins: list[int] = []
        # Flat lists: a list for each row would keep the garbage collector busy.
        indices: list[bytes] = []
        values: list[bytes] = []
        while at + 1 < size and tokens[at][:1] == b"J":
            head, length = tokens[at][1:], tokens[at + 1]
            if not (head.isdigit() and length.isdigit() and len(head) < 16 and len(length) < 16):
                break
            begin = at + 2
            end = begin + 2 * int(length)
            if end > size:
                break
            rows.append(int(head))
            counts.append(int(length))
            begins.append(begin)
            indices += tokens[begin:end:2]
            values += tokens[begin + 1 : end : 2]
            at = end
        self.at = at
        return rows, counts, [(indices, values, begins, counts)] if rows else []

    def bounds(self, count: int) -> tuple[np.ndarray, np.ndarray] | None:
        """`count` bounds of the kinds 0 to 4, or None where one is irregular."""
        tokens, at = self.tokens, self.at
        low: list[bytes] = []
        high: list[bytes] = []
        if at + count > len(tokens):
            return None
        padded = [*tokens[at : at + 3 * count], b"", b"", b""]
        at = 0
        for _ in range(count):
            kind = padded[at]
            if kind == b"0":
                low.append(padded[at + 1])
                high.append(padded[at + 2])
                at += 3
            elif kind == b"3":
                low.append(b"-inf")
                high.append(b"inf")
                at += 1
            elif kind in (b"1", b"2", b"4"):
                value = padded[at + 1]
                low.append(b"-inf" if kind == b"1" else value)
                high.append(b"inf" if kind == b"2" else value)
                at += 2
            else:
                return None
        if at > len(padded) - 3:
            return None
        joined = b" ".join(low) + b" " + b" ".join(high)
        # The words for infinity above are the only ones that the careful path would not refuse.
        given = joined.replace(b"-inf", b"").replace(b"inf", b"")
        if any(letter in given.lower() for letter in (b"n", b"_", b"i")):
            return None
        try:
            found = (np.fromiter(map(float, low), np.float64, count), np.fromiter(map(float, high), np.float64, count))
        except ValueError:
            return None
        if (found[0] == np.inf).any() or (found[1] == -np.inf).any():
            return None
        self.at += at
        return found

    def collect(self, parts: list[Any]) -> tuple[np.ndarray, np.ndarray]:
        """The pairs of several calls as two arrays."""
        indices = parts[0][0] if len(parts) == 1 else [token for part in parts for token in part[0]]
        values = parts[0][1] if len(parts) == 1 else [token for part in parts for token in part[1]]
        try:
            index = np.fromiter(map(int, indices), np.int64, len(indices))
            value = np.fromiter(map(float, values), np.float64, len(values))
        except (ValueError, OverflowError):
            raise self._bad_pair(parts) from None
        if indices and not (np.isfinite(value).all() and b"".join(indices).isdigit() and b"_" not in b"".join(values)):
            raise self._bad_pair(parts)
        return index, value

    def _bad_pair(self, parts: list[Any]) -> FormatError:
        for indices, values, begins, counts in parts:
            places = [begin + 2 * k for begin, count in zip(begins, counts) for k in range(count)]
            for at, index, value in zip(places, indices, values):
                wrong_index = not index.isdigit() or len(index) > 15
                if wrong_index or number(value) is None:
                    self.at = at + (not wrong_index)
                    return self.fail(
                        f"{clip(index if wrong_index else value)} is no {'index' if wrong_index else 'number'}"
                    )
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
