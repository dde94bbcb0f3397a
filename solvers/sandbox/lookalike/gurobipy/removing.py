"""What becomes of general constraints when variables are taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from solvers.sandbox.lookalike.core.expressions import Linear, Variable
from solvers.sandbox.lookalike.core.rows import Extreme, General, Indicator, Logical, Norm
from solvers.sandbox.lookalike.gurobipy.errors import GurobiError
from solvers.sandbox.lookalike.gurobipy.general_adding import used_by


def leave(general: General) -> None:
    """Take removed variables out of lists and linear forms. Raises GurobiError where one is needed."""
    meaning = general._meaning
    gone = [v for v in used_by(meaning) if _is_gone(v)]
    if not gone:
        return
    match meaning:
        case Extreme() | Logical() | Norm() if not _is_gone(meaning.result):
            general._meaning = replace(meaning, arguments=tuple(v for v in meaning.arguments if not _is_gone(v)))
        case Indicator() if not _is_gone(meaning.binary):
            general._meaning = replace(meaning, form=_kept(meaning.form))
        case _:
            raise GurobiError(10029, f"General constraint {general._index} became invalid after removal of variable")
    sort, kind, details = general._details
    general._details = (sort, kind, tuple(_detail(item) for item in details))


def _is_gone(variable: Variable) -> bool:
    return variable._column.state == 2


def _kept(form: Linear) -> Any:
    pairs = [(v, c) for v, c in form._terms() if not _is_gone(v)]
    return type(form)._of([v for v, _ in pairs], [c for _, c in pairs], form._constant)


def _detail(item: Any) -> Any:
    if isinstance(item, Linear):
        return _kept(item)
    return [v for v in item if not _is_gone(v)] if isinstance(item, list) else item
