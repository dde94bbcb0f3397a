"""Sections of an MPS file and the fields of their lines, in free and in fixed format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from solvers.errors import FormatError, UnsupportedError
from solvers.io.source import Source, clip, text

Form = Literal["free", "fixed"]
_FIXED = ((1, 3), (4, 12), (14, 22), (24, 36), (39, 47), (49, 61))
ALONE = frozenset({
    b"ROWS", b"COLUMNS", b"RHS", b"RANGES", b"BOUNDS", b"ENDATA", b"QUADOBJ", b"QMATRIX", b"INDICATORS", b"SOS",
    b"SOS1", b"SOS2", b"SETS", b"OBJSENSE", b"OBJSENSE:", b"OBJNAME", b"LAZYCONS", b"USERCUTS",
})  # fmt: skip
WITH_NAME = frozenset({b"NAME", b"OBJSENSE", b"OBJSENSE:", b"QSECTION", b"QCMATRIX", b"OBJNAME"})
REFUSED = {
    b"CSECTION": "cones", b"GENCONS": "general constraints", b"PWLOBJ": "piecewise objectives",
    b"SCENARIOS": "scenarios", b"BRANCH": "branching priorities", b"MODES": "modes", b"DELAYEDROWS": "delayed rows",
    b"VTYPES": "variable types", b"MULTIOBJ": "several objectives",
}  # fmt: skip
ONCE = frozenset({b"ROWS", b"COLUMNS", b"RHS", b"RANGES", b"BOUNDS", b"OBJSENSE", b"OBJSENSE:", b"OBJNAME"})
_UNINDENTED = re.compile(rb"\n(?=[^\s])")
_COMMENTS = re.compile(rb"\n\*[^\n]*")
_WORD = re.compile(rb"\S+")


@dataclass(frozen=True)
class Section:
    """A section: its keyword, what follows it on the header line, and the piece of data it holds."""

    keyword: bytes
    argument: bytes
    at: int
    begin: int
    end: int


def without_comments(data: bytes) -> bytes:
    """The data, led by a line end, with comment lines emptied: line numbers grow by one, offsets are not kept."""
    data = b"\n" + data
    return _COMMENTS.sub(b"\n", data) if b"\n*" in data else data


def sections(source: Source) -> list[Section]:
    """All sections up to ENDATA. Raises FormatError and UnsupportedError."""
    data = source.data
    heads: list[tuple[bytes, bytes, int, int]] = []
    ended = False
    for found in _UNINDENTED.finditer(data):
        at = found.end()
        stop = data.find(b"\n", at)
        stop = len(data) if stop < 0 else stop
        words = data[at:stop].split(None, 1)
        keyword, rest = words[0].upper(), words[1].strip() if len(words) > 1 else b""
        if keyword in REFUSED and heads and (not rest or keyword == b"CSECTION"):
            raise UnsupportedError(
                f"the section {text(keyword)} ({REFUSED[keyword]}) is not read here",
                place=source.error("", at).place,
                remedy="write the model without them, or rewrite them as linear rows",
            )
        if not ((keyword in ALONE and not rest) or keyword in WITH_NAME):
            if not heads:
                raise source.error(f"{clip(words[0])} is no MPS section", at, "an MPS file begins with NAME or ROWS")
            if not rest and keyword.isalpha():
                raise source.error(f"{clip(words[0])} is no MPS section", at, "indent data lines by a space")
            continue
        if keyword in ONCE and any(keyword == head[0] for head in heads):
            raise source.error(f"the section {text(keyword)} stands twice", at, "merge the two")
        heads.append((keyword, rest, at, stop))
        if keyword == b"ENDATA":
            ended = True
            break
    if not ended:
        raise source.error("the file ends without ENDATA", len(data), "it seems cut off: write it again")
    starts = [*[head[2] for head in heads[1:]], len(data)]
    return [Section(k, rest, at, stop, end) for (k, rest, at, stop), end in zip(heads, starts)]


@dataclass(frozen=True)
class Line:
    """A data line: its offset, its raw bytes and its fields."""

    at: int
    raw: bytes
    fields: list[bytes]


@dataclass(frozen=True)
class Lines:
    """The data lines of sections, split in free or in fixed format."""

    source: Source
    form: Form

    def of(self, section: Section) -> Iterator[Line]:
        """All lines that are not blank."""
        at = section.begin
        for raw in self.source.data[section.begin : section.end].split(b"\n"):
            fields = raw.split() if self.form == "free" else self._fixed(at, raw)
            if fields:
                yield Line(at, raw, fields)
            at += len(raw) + 1

    def _fixed(self, at: int, raw: bytes) -> list[bytes]:
        """The six fields, stripped; empty at the end are left out."""
        if b"\t" in raw:
            raise self.source.error("a tab in a fixed-format file", at + raw.index(b"\t"), "use the free format")
        fields = [raw[a:b].strip() for a, b in _FIXED]
        while fields and not fields[-1]:
            fields.pop()
        return fields

    def fail(self, line: Line, field: int, message: str, remedy: str = "") -> FormatError:
        """An error at a field of a line."""
        if self.form == "fixed":
            return self.source.error(message, line.at + min(_FIXED[min(field, 5)][0], len(line.raw)), remedy)
        found = [m.start() for m in _WORD.finditer(line.raw)]
        at = found[field] if field < len(found) else len(line.raw.rstrip())
        return self.source.error(message, line.at + at, remedy)

    def pairs(self, line: Line, headless: bool = False) -> tuple[bytes, list[tuple[bytes, bytes, int]]]:
        """`head name value [name value]`: the head, and names with values and the field of the name."""
        fields = line.fields
        if self.form == "fixed":
            fields = fields[1:]
            if line.fields[0] or len(fields) < 3:
                raise self.fail(
                    line, 0, "this line has no name and value in columns 15-22 and 25-36", "check its columns"
                )
            found = [(fields[1], fields[2], 2)]
            if len(fields) > 3 and not fields[3].startswith(b"$"):
                found.append((fields[3], fields[4] if len(fields) > 4 else b"", 4))
            return fields[0], found
        for k in (1, 3):
            if len(fields) > k and fields[k].startswith(b"$") and len(fields) not in (3, 5):
                fields = fields[:k]
        count = len(fields)
        first = 0 if headless and count in (2, 4) else 1
        if count - first not in (2, 4):
            raise self.fail(
                line,
                0,
                f"{count} fields where {'2 to 5' if headless else '3 or 5'} are expected: "
                "a name, then one or two pairs of name and value",
                "names with spaces need the fixed format, with fields in columns 5, 15, 25, 40 and 50",
            )
        head = fields[0] if first else b""
        return head, [(fields[k], fields[k + 1], k) for k in range(first, count, 2)]
