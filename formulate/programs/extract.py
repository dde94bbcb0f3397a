"""`extract_program`: the program in a completion, whatever stands around it. Nothing is executed; linear in the text.

Candidates are fenced blocks (closed or not, labelled or not, indented, joined where a later one needs the names of
earlier ones), programs inside JSON or tags, and runs of lines that are Python where no fence holds one that solves.
Taken is, unless told otherwise, the last that solves and is complete; where none is, the one that comes nearest. What
is thought (`<think>`) counts only where the answer holds nothing as good.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from formulate.programs.fences import PLAIN, PYTHON, Block, blocks
from formulate.programs.found import ExtractionError, Program
from formulate.programs.grammar import Fault, defined, first_import, is_program, needed, parse, seems_to_solve
from formulate.programs.loose import longest_prefix, runs
from formulate.programs.repair import repaired, settled
from formulate.programs.tags import tagged
from formulate.programs.thoughts import Region, regions
from formulate.programs.wrapped import flat, unescaped, wrapped
from solvers.sandbox.sources import solves

MAX_CHARACTERS = 2_000_000
MAX_BLOCKS = 200


def extract_program(completion: str, *, solves: bool | None = None) -> str:
    """The source of the program in a completion.

    `solves`: True asks for one that hands a model to a solver, False for the last program of any kind, None for the
    best there is. Raises ExtractionError that says what the completion holds instead.
    """
    found = extract_programs(completion)
    taken = [program for program in found if program.solves or not (solves or (program.thought and solves is None))]
    if not taken:
        raise _nothing(completion, [] if solves is None else found)
    order = range(len(taken))
    if solves is False:
        return taken[max(order, key=lambda k: (_standing(taken[k]), k))].source
    return taken[max(order, key=lambda k: (taken[k].solves, _standing(taken[k]), k))].source


def _standing(program: Program) -> int:
    """How good a program is as the answer: complete ones first, thoughts after answers, halves last."""
    if program.complete:
        return 5 if not program.thought else 3
    if program.parses:
        return 4 if not program.thought else 2
    if program.thought:
        return 0
    return 4 if program.closed else 1


def extract_programs(completion: str) -> tuple[Program, ...]:
    """All programs in a completion, in the order of their ends, joined ones after their parts. Raises ExtractionError
    for a text longer than MAX_CHARACTERS."""
    if len(completion) > MAX_CHARACTERS:
        raise ExtractionError(
            f"a completion of {len(completion)} characters is too long to be searched for a program",
            remedy=f"give one of at most {MAX_CHARACTERS} characters",
        )
    found: list[Program] = []
    for region in regions(completion)[0]:
        found += _in_region(completion, region)
    return tuple(found)


def _in_region(completion: str, region: Region) -> list[Program]:
    text = completion[region.start : region.end]
    fenced = list(_first(blocks(text, region.start)))
    found = [program for block in fenced for program in _of_block(block)]
    found += _joined(found)
    if not any(program.solves for program in found):
        found += _in_json(text, region.start)
    if not any(program.solves for program in found):
        found += [program for block in tagged(text, region.start) for program in _of_block(block)]
    if not any(program.solves for program in found):
        found += _loose(completion, region, fenced)
    return [replace(program, thought=region.thought) for program in found]


def _first(found: Iterator[Block]) -> Iterator[Block]:
    for k, block in enumerate(found):
        if k >= MAX_BLOCKS:
            return
        yield block


def _of_block(block: Block) -> list[Program]:
    """The program that a fenced block holds, if it holds one."""
    if block.label not in PYTHON | PLAIN:
        if block.label in ("json", "json5", "jsonc"):
            return _in_json(block.text, block.start)
        if not seems_to_solve(block.text):
            return []
    program = _program(block.text, block.start, block.end, closed=block.closed, label=block.label)
    if program is None:
        return []
    if not program.parses and block.label not in PYTHON and not program.solves:
        return []
    return [program]


def _program(
    text: str, start: int, end: int, *, closed: bool, label: str = "", origin: str = "fence"
) -> Program | None:
    """A text as a program, mended where it can be; None where it is none."""
    if not text.strip():
        return None
    source, tree = repaired(text)
    reason = "" if closed else "it never ends: the completion was cut short"
    if isinstance(tree, Fault):
        # A fence that never ends takes the prose after the program with it.
        shorter = None if closed else longest_prefix(source)
        if shorter is None or (seems_to_solve(source) and not solves(shorter[1])):
            where = f" (line {tree.line})" if tree.line else ""
            problem = "; ".join(part for part in (f"it is not Python: {tree.message}{where}", reason) if part)
            return Program(source, start, end, label, origin, False, closed, seems_to_solve(source), reason=problem)
        source, tree = shorter
        reason = f"{reason}; the lines after it are not Python"
    if not is_program(tree):
        return None
    return Program(
        source, start, end, label, origin, True, closed, solves(tree), needs=needed(tree), reason=reason
    )


def _joined(parts: Sequence[Program]) -> list[Program]:
    """Programs that only several blocks make together: a block that needs names of earlier ones, with those."""
    if any(part.solves and part.complete for part in parts) or len(parts) < 2:
        return []
    whole = _continued(parts)
    if whole:
        return whole
    made = [defined(_tree(part)) if part.parses else frozenset() for part in parts]
    for last in range(len(parts) - 1, 0, -1):
        if not parts[last].parses or not parts[last].needs:
            continue
        chosen, missing = [last], set(parts[last].needs)
        for k in range(last - 1, -1, -1):
            if missing & made[k]:
                chosen.append(k)
                missing = (missing - made[k]) | set(parts[k].needs)
        joined = _together([parts[k] for k in reversed(chosen)])
        if len(chosen) > 1 and joined is not None and joined.solves:
            return [joined]
    return []


def _continued(parts: Sequence[Program]) -> list[Program]:
    """A program that was broken off in the middle and goes on in the next blocks."""
    if all(part.parses for part in parts):
        return []
    first = next(k for k, part in enumerate(parts) if not part.parses)
    for last in range(first + 1, min(len(parts), first + 4)):
        joined = _together(parts[first : last + 1])
        if joined is not None and joined.solves:
            return [joined]
    return []


def _together(parts: Sequence[Program]) -> Program | None:
    source = "\n".join(part.source for part in parts)
    tree = parse(source)
    if isinstance(tree, Fault):
        return None
    missing = needed(tree)
    return Program(
        source, parts[0].start, parts[-1].end, parts[0].label, "joined", True, all(part.closed for part in parts),
        solves(tree), needs=missing, reason=f"joined from {len(parts)} blocks",
    )  # fmt: skip


def _tree(part: Program) -> ast.Module:
    tree = parse(part.source)
    assert isinstance(tree, ast.Module)
    return tree


def _in_json(text: str, start: int) -> list[Program]:
    """Programs that stand as JSON strings, themselves perhaps in fences."""
    found: list[Program] = []
    for item in wrapped(text):
        inner = [program for block in _first(blocks(item.text)) for program in _of_block(block)]
        if not inner:
            program = _program(item.text, 0, 0, closed=item.closed, origin="json")
            inner = [program] if program is not None and (program.solves or program.parses) else []
        found += [replace(program, start=start + item.start, end=start + item.end, origin="json") for program in inner]
    return found


def _loose(completion: str, region: Region, fenced: Sequence[Block]) -> list[Program]:
    """Programs outside fences: the runs of lines that are Python, and texts whose line ends arrived escaped."""
    found: list[Program] = []
    start = region.start
    for gap_end, after in [(block.start, block.end) for block in fenced] + [(region.end, region.end)]:
        text = completion[start:gap_end]
        if flat(text) and seems_to_solve(text.replace("\\n", "\n")):
            program = _program(unescaped(text), start, gap_end, closed=True, origin="escaped")
            found += [program] if program is not None and program.parses else []
        elif text.strip():
            found += _runs(text, start)
        start = after
    return found


def _runs(text: str, start: int) -> Iterator[Program]:
    places = [0]
    for line in settled(text).split("\n"):
        places.append(places[-1] + len(line) + 1)
    # Places are exact where line ends are `\n`; elsewhere they are those of the settled text.
    some = False
    for first, last, source, tree in runs(text):
        some |= solves(tree)
        yield Program(
            source, start + places[first], start + min(places[last], len(text)), "", "lines", True, True, solves(tree),
            needs=needed(tree), reason="written without a fence",
        )  # fmt: skip
    if not some and seems_to_solve(text):
        # Something in the middle is broken: the whole is the program, and its fault is said when it runs.
        begun = first_import(text)
        source, fault = repaired(text[begun:])
        why = f"; it is not Python: {fault.message}" if isinstance(fault, Fault) else ""
        yield Program(source, start + begun, start + len(text), "", "lines", not why, True, True,
                      reason=f"written without a fence{why}")  # fmt: skip


def _nothing(completion: str, found: Sequence[Program]) -> ExtractionError:
    """Why there is no program, in the words of what there is instead."""
    remedy = "ask for one Python program in a ```python fence"
    if not completion.strip():
        return ExtractionError("the completion is empty", remedy=remedy)
    if found:
        return ExtractionError(
            f"none of the {len(found)} programs in the completion hands a model to a solver", remedy=remedy
        )
    parts, unended = regions(completion)
    if unended or all(part.thought for part in parts):
        what = "it was cut short while thinking" if unended else "it holds thoughts and no answer"
        return ExtractionError(f"the completion holds no program: {what}", remedy="allow more tokens, or " + remedy)
    labels = [block.label or "(none)" for part in parts for block in _first(blocks(completion[part.start : part.end]))]
    if labels:
        return ExtractionError(
            f"the completion holds no program: its blocks are labelled {', '.join(sorted(set(labels))[:5])} "
            "and hold no Python", remedy=remedy,
        )
    return ExtractionError("the completion holds no program: it is prose without a block of code", remedy=remedy)


__all__ = ["ExtractionError", "Program", "extract_program", "extract_programs"]
