"""A text as paragraphs, sentences, list items, headings and raw table blocks, all with offsets.

Offsets are into the text as given. `Document.clean` is the same text, of the same length, with
notation that only dresses numbers and names (LaTeX wrappers, typographic quotes) blanked out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from solvers.errors import FormulateError
from verify.reading.words import Token, tokenize, word_set

MAX_CHARACTERS = 1_000_000
_TOO_LONG = re.compile(r"(?<!\d)\d{301}")
"""No quantity has more than 300 digits; a double holds no more."""
BlockKind = Literal["prose", "item", "heading", "table"]


class ReadError(FormulateError):
    """A text that cannot be read as a problem: empty, binary, too long, or with a number that no solver holds."""


@dataclass(frozen=True)
class Sentence:
    """A sentence or list item: offsets into the text, its (cleaned) words, and where it stands."""

    index: int
    start: int
    end: int
    text: str
    kind: BlockKind
    paragraph: int

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Tokens with offsets into the document."""
        return tokenize(self.text, self.start)


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines of one kind; `marker` is the bullet or number of an item, `level` its indent."""

    kind: BlockKind
    start: int
    end: int
    lines: tuple[str, ...]
    paragraph: int
    marker: str = ""
    level: int = 0


@dataclass(frozen=True)
class Document:
    """A problem text taken apart. `blocks` in reading order; `sentences` of all blocks but tables."""

    text: str
    clean: str
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]

    @property
    def tables(self) -> tuple[Block, ...]:
        """Raw table blocks, one per run of table lines."""
        return tuple(block for block in self.blocks if block.kind == "table")

    @property
    def items(self) -> tuple[Block, ...]:
        """List items, one block each."""
        return tuple(block for block in self.blocks if block.kind == "item")

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds an offset, or None (between sentences, in a table)."""
        low, high = 0, len(self.sentences)
        while low < high:
            middle = (low + high) // 2
            if self.sentences[middle].end <= offset:
                low = middle + 1
            else:
                high = middle
        if low < len(self.sentences) and self.sentences[low].start <= offset:
            return self.sentences[low]
        return None


_SAME_LENGTH = str.maketrans(
    {
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u200b": " ",
        "\ufeff": " ",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\t": " ",
        "\r": " ",
    }
)
_MATH_BODY = r"(?:[A-Za-z](?:_?\{?\d{0,2}\}?)|\d[\d,.]*|\\leq?|\\geq?|\\times|[ +\-*=<>,()]){1,30}"


def clean_text(text: str) -> str:
    """The text with LaTeX and typographic dress blanked out; same length, so offsets stay valid."""
    text = text.translate(_SAME_LENGTH)
    text = re.sub(r"\\n(?![a-z])", " \n", text)
    text = re.sub(r"\$\\\$(\s?[\d.,]{1,15})\$", lambda m: "  $" + m.group(1) + " ", text)
    # A bullet glued to the sentence before it: "constraints:- The".
    text = re.sub(r"(?<=[:.;])-(?= [A-Z])", "\n", text)
    text = re.sub(r"\\([$%&#])", r" \1", text)
    text = re.sub(r"\\[()\[\],;!]|\*\*|\\quad\b|\\(?:text|mathrm|mathbf)\{", lambda m: " " * len(m.group()), text)
    text = re.sub(rf"\$(?=[A-Za-z\d\\(])({_MATH_BODY})\$(?!\d)", lambda m: " " + m.group(1) + " ", text)
    text = re.sub(r"(?<=[A-Za-z])_\{?(\d{1,3})\}?", lambda m: m.group(1).ljust(len(m.group())), text)
    return text


_ITEM = re.compile(r"^(\s*)([*\-•‣◦–+]|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)]|\([ivx]{1,4}\))\s+(?=\S)")
_RULE = re.compile(r"^[\s|+:=\-]*$")
_HEADING = re.compile(r"^\s*(?:#{1,6}\s+.*|[A-Z][\w ,'()\-/]{0,60}:)\s*$")
_ABBREVIATIONS = word_set(
    "fig figs eq eqs e.g i.e etc vs approx no nos dr mr mrs ms st ft sq lb lbs oz min max hr hrs inc ltd co corp "
    "dept est avg vol resp cf al u.s"
)


def _line_kind(line: str) -> BlockKind:
    if line.count("|") >= 2 or (line.count("\t") >= 2):
        return "table"
    if _ITEM.match(line):
        return "item"
    if _HEADING.match(line):
        return "heading"
    return "prose"


def _blocks(raw: str, clean: str) -> tuple[Block, ...]:
    # Kind, begin, end, lines, paragraph, marker, level: blocks while they may still grow.
    grown: list[tuple[BlockKind, int, list[int], list[str], int, str, int]] = []
    paragraph, offset, blank = 0, 0, True
    for line in clean.split("\n"):
        start, end = offset, offset + len(line)
        offset = end + 1
        if not line.strip():
            blank = True
            continue
        # Tabs are blanked in the clean text, so tables of tabs are seen in the raw one.
        kind = "table" if raw[start:end].count("\t") >= 2 else _line_kind(line)
        if kind == "prose" and _RULE.match(line) and len(line.strip()) > 3:
            kind = "table"
        paragraph += blank and bool(grown)
        last = grown[-1] if grown else None
        if (
            last is not None
            and not blank
            and (
                (kind == last[0] and kind in ("prose", "table"))
                or (kind == "prose" and last[0] == "item" and line.startswith(" "))
            )
        ):
            last[2][0] = end
            last[3].append(line)
        else:
            match = _ITEM.match(line) if kind == "item" else None
            begin = start + (match.end() if match else len(line) - len(line.lstrip()))
            marker, level = (match.group(2), len(match.group(1))) if match else ("", 0)
            grown.append((kind, begin, [end], [line], paragraph, marker, level))
        blank = False
    return tuple(
        Block(kind, begin, end[0], tuple(lines), where, marker, level)
        for kind, begin, end, lines, where, marker, level in grown
    )


def _sentence_ends(text: str) -> list[int]:
    """Offsets just after each sentence of one block."""
    ends = []
    for match in re.finditer(r"(?<![.!?])[.!?]+[\"')\]]*(?=\s|$)", text):
        if match.group().startswith("."):
            before = re.search(r"([\w.]{1,12})$", text[max(0, match.start() - 12) : match.start()])
            word = before.group(1).lower() if before else ""
            following = text[match.end() : match.end() + 3].strip()
            if word in _ABBREVIATIONS and not (
                word in ("ft", "etc", "min", "max", "hr", "hrs", "lb", "lbs", "oz", "no") and following[:1].isupper()
            ):
                continue
            if len(word) == 1 and word.isalpha() and following[:1].islower():
                continue
            if following[:1].islower() and word.count("."):
                continue
        ends.append(match.end())
    if not ends or text[ends[-1] :].strip():
        ends.append(len(text))
    return ends


def read_document(text: str) -> Document:
    """Take a text apart. Raises ReadError when it is empty, binary or too long, or holds an endless number."""
    if not text or not text.strip():
        raise ReadError("the problem text is empty", remedy="give the problem as a text file or on standard input")
    if len(text) > MAX_CHARACTERS:
        raise ReadError(
            f"the problem text has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read",
            remedy="put large tables into a data file and attach it",
        )
    head = text[:20_000]
    odd = sum((c < " " and c not in "\n\r\t\f\v") or c == "\ufffd" for c in head)
    if "\x00" in text or odd > 0.05 * len(head):
        raise ReadError("the problem text is binary", remedy="give plain text, not a PDF or an office document")
    digits = _TOO_LONG.search(text)
    if digits:
        raise ReadError(
            "the problem text holds a number of more than 300 digits", place=f"character {digits.start():,}",
            remedy="write it in powers of ten, or leave it out",
        )  # fmt: skip
    clean = clean_text(text)
    blocks = _blocks(text, clean)
    sentences: list[Sentence] = []
    for block in blocks:
        if block.kind == "table":
            continue
        body = clean[block.start : block.end]
        begin = 0
        for end in _sentence_ends(body):
            piece = body[begin:end]
            shift = len(piece) - len(piece.lstrip())
            start = block.start + begin + shift
            words = piece.strip()
            begin = end
            if words:
                sentences.append(
                    Sentence(len(sentences), start, start + len(words), words, block.kind, block.paragraph)
                )
    return Document(text, clean, blocks, tuple(sentences))
