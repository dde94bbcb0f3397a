"""The value that a program itself reports for its answer. The rule:

1. What the called function returned: a number; of a mapping, the number under a key that names an objective, else a
   goal; of a tuple or list, the number that equals a solve's objective, else the only number there.
2. Else the best standing among the program's numeric global variables and the numbers that it showed (printed or
   formatted) after a solve, taken as values and never read from text, by this order; at equal standing a variable
   before a printed number, and the last of its kind:

   a. named an objective ("objective", `obj_val`, "<OBJ>", "optimal value") and equal to a solve's objective
   b. named an objective and following from a solve (read off a solution, in other units, post-processed)
      (also: of several solves, named a goal and equal to the sum of all, or named an optimum and equal to one)
   c. named a goal ("Total cost", "maximum profit", `best_value`) and equal to a solve's objective
   d. shown without such a name, following from a solve and equal to its objective
   e. named an optimum ("maximum", "best", ...) and following from a solve
   f. named a goal and following from a solve

   In e and f the number must be the only one of its standing: a program that shows several is not guessed about. A
   number that neither equals an objective nor follows from a solve is output, not a value. So is every number that was
   set or shown before some solve had found a solution: what a library leaves in its variables after an infeasible
   solve (0, the last relaxation) is no answer, whatever the program calls it.

"Equal" is the project's comparison (`SOLVER`, then `ANSWER`) with the objective of a solve that had ended by then,
the last first; with its negative (a maximum solved as a minimum); or with the sum over all solves that had ended,
where there were several. The text of the report names the expression, its line and the solve that it belongs to.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solvers.compare import ANSWER, SOLVER, compare
from solvers.sandbox.entry.follows import Follows
from solvers.sandbox.entry.numbers import in_mapping, is_extreme, number, standing
from solvers.sandbox.entry.watch import Shown
from solvers.sandbox.outcome import CapturedSolve, Reported, ReportedBy

MAX_ITEMS, MAX_TEXT = 1000, 400
_SUM = "the sum of the objectives"
_HOLDERS = frozenset({"result", "results", "solution", "output", "answer", "summary", "report"})


@dataclass(frozen=True)
class _Candidate:
    """A number with its rank (of the rule above, greatest best) and its place in the order of showing."""

    value: float
    how: ReportedBy
    text: str
    rank: int
    order: int


def reported(
    returned: tuple[str, Any] | None, namespace: Mapping[str, Any], shown: Sequence[Shown],
    solves: Sequence[CapturedSolve], tree: ast.Module,
) -> Reported | None:  # fmt: skip
    """The value that the program reports, or None. `returned` is the called function's name and what it returned."""
    if returned is not None:
        found = _returned(returned[0], returned[1], solves)
        if found is not None:
            return found
    if not any(solve.result.has_solution for solve in solves):
        return None
    follows = Follows(tree)
    candidates = [*_variables(namespace, solves, follows), *_printed(shown, solves, follows)]
    if not candidates:
        return None
    best = max(candidates, key=lambda item: (item.rank, item.how == "variable", item.order))
    rivals = [item for item in candidates if item.rank == best.rank]
    if best.rank <= 2 and any(not compare(item.value, best.value, SOLVER) for item in rivals):
        return None
    return Reported(best.value, best.how, best.text)


def belongs(value: float, solves: Sequence[CapturedSolve]) -> str:
    """The solve whose objective a value equals, in words; "" where there is none."""
    objectives = [(solve.index + 1, solve.result.objective) for solve in solves
                  if solve.result.has_solution and solve.result.objective is not None]
    for tolerance in (SOLVER, ANSWER):
        for index, objective in reversed(objectives):
            if compare(value, objective, tolerance):
                return f"the objective of solve {index}"
        if len(objectives) > 1 and compare(value, sum(objective for _, objective in objectives), tolerance):
            return f"{_SUM} of {len(objectives)} solves"
        for index, objective in reversed(objectives):
            if compare(value, -objective, tolerance):
                return f"the negative objective of solve {index}"
    return ""


def _returned(name: str, value: Any, solves: Sequence[CapturedSolve]) -> Reported | None:
    def report(found: float, what: str) -> Reported:
        link = belongs(found, solves)
        text = f"{name}() returned {what}"[:MAX_TEXT]
        return Reported(found, "returned", text + (f", {link}" if link else ""))

    real = number(value)
    if real is not None:
        return report(real, "it")
    keyed = in_mapping(value)
    if keyed:
        order = {"objective": 0, "goal": 1, "none": 2}
        key, real = min(keyed, key=lambda item: (order[standing(item[0])], not belongs(item[1], solves)))
        return report(real, f"it as {key!r}")
    if isinstance(value, (tuple, list)):
        numbers = [found for item in value[:MAX_ITEMS] if (found := number(item)) is not None]
        equal = [found for found in numbers if belongs(found, solves)]
        if equal:
            return report(equal[0], "it among other values")
        for item in value[:MAX_ITEMS]:
            if isinstance(item, Mapping) and in_mapping(item):
                return _returned(name, item, solves)
        if len(numbers) == 1:
            return report(numbers[0], "it among other values")
    return None


def _variables(
    namespace: Mapping[str, Any], solves: Sequence[CapturedSolve], follows: Follows
) -> list[_Candidate]:
    found = []
    for k, (name, value) in enumerate(list(namespace.items())[: 10 * MAX_ITEMS]):
        if name.startswith("__"):
            continue
        real = number(value)
        cells = [(name, real)] if real is not None else []
        if name.lower() in _HOLDERS and isinstance(value, dict):
            cells = [(f"{name}[{key!r}]", item) for key, item in in_mapping(value)]
        for label, item in cells:
            rank, link = _rank(label, item, solves, lambda name=name: name in follows.names)
            if rank and standing(label) != "none":
                found.append(_Candidate(item, "variable", _text(f"variable {label}", link), rank, k))
    return found


def _printed(shown: Sequence[Shown], solves: Sequence[CapturedSolve], follows: Follows) -> list[_Candidate]:
    found = []
    for item in shown:
        site = item.site
        name = item.key or site.label or site.expression
        ended = solves[: item.solves]
        if not any(solve.result.has_solution for solve in ended):
            continue
        rank, link = _rank(name, item.value, ended, lambda node=site.node: follows.expression(node))
        if rank:
            label = f"{item.key or site.label!s} " if item.key or site.label else ""
            found.append(_Candidate(
                item.value, "printed", _text(f"line {site.line}: {label}{site.expression}", link), rank, item.order
            ))
    return found


def _rank(
    name: str, value: float, solves: Sequence[CapturedSolve], follows: Callable[..., bool]
) -> tuple[int, str]:
    """The rank of a number under its name (0: none), and the solve that it belongs to."""
    kind, link = standing(name), belongs(value, solves)
    if kind == "goal" and link and (link.startswith(_SUM) or (len(solves) > 1 and is_extreme(name))):
        return 6, link
    if kind == "objective" and (link or follows()):
        return (6 if link else 5), link
    if kind == "goal" and link:
        return 4, link
    if link and follows():
        return 3, link
    if kind == "goal" and follows():
        return (2 if is_extreme(name) else 1), ""
    return 0, ""


def _text(where: str, link: str) -> str:
    return f"{where[:MAX_TEXT]} ({link or 'follows from a solve'})"
