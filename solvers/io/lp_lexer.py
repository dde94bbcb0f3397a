"""Sections and tokens of LP files.

Two ways to cut: CPLEX's, where operators end a name (`x+y`), unless they stand in its brackets (`x[0,-1]`); and
Gurobi's own files, known by their first comment, where white space does and `a-b` is a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvers.errors import FormatError, UnsupportedError
from solvers.io.source import Source, text

NUM, SIGN, NAME, REL, COLON, DOUBLE, ARROW, OPEN, CLOSE, TIMES, POWER, SLASH, BAD = range(13)
RELATIONS = {b"<": -1, b"<=": -1, b"=<": -1, b">": 1, b">=": 1, b"=>": 1, b"=": 0, b"==": 0}
INFINITY = frozenset({b"inf", b"infinity"})
GUROBI = b"LP format - for model browsing"

_PLAIN = rb"A-Za-z_!\"#$%&,;?@'`{}~\x80-\xff"
# Runs are possessive: a name is one token, or none, and is never taken apart again. Brackets nest once at most, so
# that no search for a closing one runs on and on.
_BRACKETS = rb"\[(?:[^\[\]\s]++|\[[^\[\]\s]*+\])*+\]"
_PARENTHESES = rb"\((?:[^()\s]++|\([^()\s]*+\))*+\)"
_NAME = (
    rb"(?:[" + _PLAIN + rb"]|\.(?!\d)|" + _PARENTHESES + rb"|[()])"
    rb"(?:[" + _PLAIN + rb"0-9.]++|" + _BRACKETS + rb"|" + _PARENTHESES + rb"|[()])*+"
)  # fmt: skip
_NUMBER = rb"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_CPLEX = re.compile(_NAME + rb"|" + _NUMBER + rb"|->|[<>]=?|=[<>=]?|::|\S")
_SPACED = re.compile(
    rb"->(?!\S)|::|[-+](?=[\s\d.]|[iI]nf)|" + _NUMBER + rb"(?![^\s:^])|[\^:]|[^\s:^]+"
)  # fmt: skip
name_pattern = re.compile(_NAME)

_HEAD = re.compile(
    rb"\n[ \t\f\v]*(minimi[sz]e|minimum|min|maximi[sz]e|maximum|max|subject[ \t]+to|such[ \t]+that|s\.t\.|st\.|st|"
    rb"lazy[ \t]+constraints|lazy|user[ \t]+cuts|bounds|bound|general[ \t]+constraints?|general[ \t]+constrs?|gencons|"
    rb"generals|"
    rb"general|gens|gen|integers|integer|ints|int|binaries|binary|bins|bin|semi-continuous|semicontinuous|semis|semi|"
    rb"semi-integer|semiint|sos1|sos2|sos|pwlobj|scenarios?|multi-objectives|end)(?![^\s\[])(?![ \t\f\v]*:)",
    re.IGNORECASE,
)
_KINDS = {
    b"min": "min", b"max": "max", b"sub": "rows", b"suc": "rows", b"s.t": "rows", b"st": "rows", b"st.": "rows",
    b"laz": "rows", b"use": "rows", b"bou": "bounds", b"gen": "general", b"int": "general", b"bin": "binary",
    b"sem": "semi", b"sos": "sos", b"end": "end",
}  # fmt: skip
_REFUSED = (b"general c", b"gencons", b"pwlobj", b"scenario", b"multi", b"semi-int", b"semiint")
RESERVED = frozenset((
    "minimize", "minimise", "minimum", "min", "maximize", "maximise", "maximum", "max", "subject", "such", "that", "to",
    "st", "st.", "s.t.", "lazy", "user", "bounds", "bound", "general", "generals", "gens", "gen", "integers", "integer",
    "ints", "int", "binaries", "binary", "bins", "bin", "semi-continuous", "semicontinuous", "semis", "semi", "semiint",
    "semi-integer", "sos", "sos1", "sos2", "s1", "s2", "end", "free", "inf", "infinity", "nan", "gencons", "pwlobj",
    "multi-objectives", "scenario", "scenarios",
))  # fmt: skip
"""Words that no written name may be, in any case."""


@dataclass(frozen=True)
class Section:
    """A section: min, max, rows, bounds, general, binary, semi, sos or end; where it begins and ends."""

    kind: str
    at: int
    begin: int
    end: int


def prepare(source: Source) -> tuple[Source, re.Pattern[bytes]]:
    """The source led by a line end and without comments (line numbers grow by one), and the way to cut it."""
    data = b"\n" + source.data
    pattern = _SPACED if GUROBI in data[:1000] else _CPLEX
    if b"\\" in data:
        data = re.sub(rb"\\[^\n]*", b"", data)
    return Source(source.name, data), pattern


def sections(source: Source) -> list[Section]:
    """All sections; the first is the objective. Raises FormatError and UnsupportedError."""
    data = source.data
    heads: list[tuple[str, int, int]] = []
    for found in _HEAD.finditer(data):
        word = b" ".join(found.group(1).lower().split())
        at = found.start(1)
        if word.startswith(_REFUSED) or (heads and heads[-1][2] == at and word == b"multi-objectives"):
            raise UnsupportedError(
                f"the section {text(word)!r} is not read here",
                place=source.error("", at).place,
                remedy="write the model without it",
            )
        heads.append((_KINDS[word[:3]], at, found.end()))
        if word == b"end":
            break
    first = data[: heads[0][1] if heads else len(data)].strip()
    if not heads or first or heads[0][0] not in ("min", "max"):
        at = len(data) - len(data.lstrip())
        raise source.error("an LP file begins with Minimize or Maximize", at, "state the sense on a line of its own")
    if heads[-1][0] != "end":
        raise source.error("the file ends without End", len(data), "it seems cut off: write it again")
    for k, (kind, at, _) in enumerate(heads):
        if kind in ("min", "max") and k:
            raise source.error("a second objective", at, "keep one")
    ends = [head[1] for head in heads[1:]]
    return [Section(kind, at, stop, end) for (kind, at, stop), end in zip(heads, ends)]


def _kind_table() -> np.ndarray:
    table = np.full(256, BAD, np.uint8)
    for char in b"0123456789":
        table[char] = NUM
    for char in range(256):
        if re.fullmatch(rb"[.()" + _PLAIN + rb"]", bytes([char])):
            table[char] = NAME
    for chars, kind in ((b"+-", SIGN), (b"<>=", REL), (b":", COLON), (b"[", OPEN), (b"]", CLOSE), (b"*", TIMES),
                        (b"^", POWER), (b"/", SLASH)):  # fmt: skip
        for char in chars:
            table[char] = kind
    return table


_TABLE = _kind_table()


class Tokens:
    """The tokens of a section: bytes, first bytes and kinds; offsets only when they are asked for."""

    def __init__(self, source: Source, pattern: re.Pattern[bytes], section: Section) -> None:
        self.source, self.pattern, self.section = source, pattern, section
        self.toks: list[bytes] = pattern.findall(source.data, section.begin, section.end)
        self.first = np.frombuffer(b"".join([t[:1] for t in self.toks]), np.uint8)
        kinds = _TABLE[self.first]
        # The few kinds that the first byte does not tell.
        for k in np.flatnonzero((self.first == 46) | (self.first == 58)).tolist():
            token = self.toks[k]
            kinds[k] = NUM if token[1:2].isdigit() else DOUBLE if token == b"::" else COLON if token == b":" else NAME
        for k in np.flatnonzero(self.first == 45).tolist() if b"->" in source.data[section.begin : section.end] else ():
            if self.toks[k] == b"->":
                kinds[k] = ARROW
        if pattern is _SPACED:
            for k in np.flatnonzero((kinds != NAME) & (kinds != NUM)).tolist():
                if len(self.toks[k]) > 1 and self.toks[k] not in RELATIONS and kinds[k] not in (ARROW, DOUBLE):
                    kinds[k] = NAME
        self.kinds = kinds

    def __len__(self) -> int:
        return len(self.toks)

    @cached_property
    def starts(self) -> list[int]:
        """The offset of every token."""
        return [m.start() for m in self.pattern.finditer(self.source.data, self.section.begin, self.section.end)]

    @cached_property
    def first_of_line(self) -> np.ndarray:
        """Whether each token is the first of its line."""
        lines = self.source.data[self.section.begin : self.section.end].split(b"\n")
        counts = np.array([len(self.pattern.findall(line)) for line in lines])
        out = np.zeros(len(self.toks) + 1, bool)
        out[(np.cumsum(counts) - counts)[counts > 0]] = True
        return out[:-1]

    def fail(self, at: int, message: str, remedy: str = "") -> FormatError:
        """An error at a token (or at the end of the section)."""
        offset = self.starts[at] if at < len(self.toks) else self.section.end
        return self.source.error(message, offset, remedy)

    def new_line(self, at: int) -> bool:
        """Whether a token is the first of its line."""
        begin = self.starts[at - 1] + len(self.toks[at - 1]) if at else self.section.begin
        return b"\n" in self.source.data[begin : self.starts[at]]
