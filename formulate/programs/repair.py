"""Texts of programs as they arrive, made Python again: what transport and typography did to them is undone.

Each step is tried only while the text does not parse, so a program that is Python is never changed beyond its
line ends.
"""

from __future__ import annotations

import ast
import html
import re
import textwrap
from collections.abc import Callable

from formulate.programs.grammar import Fault, Parsed, parse

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_SPACES = str.maketrans(dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "))
_QUOTES = str.maketrans({
    "“": '"', "”": '"', "„": '"', "＂": '"', "‘": "'", "’": "'", "＇": "'", "−": "-", "–": "-", "（": "(", "）": ")",
    "［": "[", "］": "]", "，": ",", "：": ":", "＝": "=", "＋": "+", "＊": "*", "；": ";", "＜": "<", "＞": ">",
    "≤": "<=",
    "≥": ">=", "≠": "!=", "×": "*",
})  # fmt: skip
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#39|#34|#x27);")
_PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.)(?: |$)|^In \[\d*\]: ?")
_HEREDOC = re.compile(
    r"^[ \t$]*(?:cat|tee|python3?)\b[^\n]{0,200}<<-?[ \t]*['\"]?(?P<end>\w{1,40})['\"]?[^\n]{0,200}\n", re.MULTILINE
)
_MAGIC = re.compile(r"^(?:%{1,2}[A-Za-z]|![A-Za-z]|\?|pip3? install\b|\$ )")


def settled(text: str) -> str:
    """Line ends as `\\n`; no byte order mark, no null characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\x85", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    return text.replace("\0", "").removeprefix("\ufeff")


def visible(text: str) -> str:
    """Without characters that nobody sees; odd spaces are spaces."""
    return _INVISIBLE.sub("", text).translate(_SPACES)


def repaired(text: str) -> tuple[str, Parsed]:
    """The text as Python, with its tree; the settled text and what is wrong with it where no step helps."""
    first = text = settled(text).strip("\n")
    fault = parse(text)
    if not isinstance(fault, Fault):
        return text, fault
    for step in _STEPS:
        changed = step(text)
        if changed == text:
            continue
        found = parse(changed)
        if isinstance(found, ast.Module):
            return changed, found
        text = changed
    return first, fault


def _unquoted(text: str) -> str:
    """Lines of a quotation (`> code`) without their mark."""
    lines = text.split("\n")
    if not all(line.startswith(">") or not line.strip() for line in lines):
        return text
    return "\n".join(line[1:].removeprefix(" ") for line in lines)


def _unprompted(text: str) -> str:
    """An interactive session without its prompts and without what it printed."""
    lines = text.split("\n")
    prompted = [line for line in lines if _PROMPT.match(line)]
    if not prompted or not _PROMPT.match(next(line for line in lines if line.strip())):
        return text
    return "\n".join(_PROMPT.sub("", line, count=1) for line in prompted)


def _unmagic(text: str) -> str:
    """Without the commands of notebooks and shells."""
    return "\n".join("" if _MAGIC.match(line) else line for line in text.split("\n"))


def _unpiped(text: str) -> str:
    """The program that a shell command is given: `cat > shop.py << 'EOF'` up to `EOF`."""
    found = _HEREDOC.search(text)
    if found is None:
        return text
    end = re.compile(rf"^[ \t]*{found['end']}[ \t]*$", re.MULTILINE).search(text, found.end())
    return text[found.end() : end.start() if end else len(text)].strip("\n")


def _unescaped(text: str) -> str:
    return html.unescape(text) if _ENTITY.search(text) else text


def _plain_quotes(text: str) -> str:
    return text.translate(_QUOTES)


def _untabbed(text: str) -> str:
    return text.expandtabs(4)


def _unnumbered(text: str) -> str:
    """Without line numbers before every line."""
    lines = [line for line in text.split("\n") if line.strip()]
    matches = [re.match(r"[ \t]*(\d{1,5})(?: ?[:|.)] ?|[ \t]|$)", line) for line in lines]
    numbers = [int(match[1]) for match in matches if match]
    if len(numbers) != len(lines) or len(lines) < 2 or numbers != sorted(set(numbers)):
        return text
    return "\n".join(line[match.end() :] for line, match in zip(lines, matches) if match)


_STEPS: tuple[Callable[[str], str], ...] = (
    visible, textwrap.dedent, _untabbed, _unquoted, _unpiped, _unprompted, _unmagic, _unescaped, _plain_quotes,
    _unnumbered,
    textwrap.dedent,
)  # fmt: skip
