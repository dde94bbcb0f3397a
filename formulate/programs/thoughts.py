"""What a completion thinks and what it answers: `<think>` and its kin, closed, unclosed, without a beginning."""

from __future__ import annotations

import re
from typing import NamedTuple

_TAG = re.compile(
    r"<(?P<slash>/?)(?:think|thinking|thought|thoughts|reasoning|scratchpad)>"
    r"|<\|(?P<word>begin|end)_of_thought\|>|(?P<open>◁think▷)|(?P<close>◁/think▷)",
    re.IGNORECASE,
)  # fmt: skip


class Region(NamedTuple):
    """`text[start:end]`, and whether it is thought."""

    start: int
    end: int
    thought: bool


def regions(text: str) -> tuple[list[Region], bool]:
    """The regions of a text in order, and whether its last thought was never ended."""
    found: list[Region] = []
    depth = begun = unopened = 0
    for match in _TAG.finditer(text):
        closing = match["slash"] == "/" or match["word"] == "end" or match["close"] is not None
        if not closing:
            if depth == 0:
                found.append(Region(begun, match.start(), False))
                begun = match.end()
            depth += 1
        elif depth == 0:
            # Everything so far was thought: the opening tag stood in the prompt.
            unopened = len(found)
            found.append(Region(begun, match.start(), True))
            begun = match.end()
        else:
            depth -= 1
            if depth == 0:
                found.append(Region(begun, match.start(), True))
                begun = match.end()
    found.append(Region(begun, len(text), depth > 0))
    found[:unopened] = [Region(region.start, region.end, True) for region in found[:unopened]]
    return [region for region in found if region.end > region.start], depth > 0
