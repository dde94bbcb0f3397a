"""Whether a continuous model with products is convex as coptpy sees it: by curvature, or as second-order cones."""

from __future__ import annotations

from typing import Any

import numpy as np

_TINY = 1e-9


def is_convex(program: Any) -> bool:
    """Whether objective and all quadratic rows are convex."""
    if program.quadratic and not _curves(program.quadratic, float(program.sense)):
        return False
    return all(_row_is_convex(row) for row in program.quadratic_rows)


def _row_is_convex(row: Any) -> bool:
    triples = [t for t in row._form._triples() if t[2] != 0.0]
    if not triples:
        return True
    if row._sense == "E":
        return False
    sign = 1.0 if row._sense == "L" else -1.0
    return _curves(triples, sign) or _is_cone(row, triples, sign)


def _matrix(triples: Any, sign: float) -> np.ndarray:
    places: dict[Any, int] = {}
    for a, b, _ in triples:
        places.setdefault(a, len(places))
        places.setdefault(b, len(places))
    out = np.zeros((len(places), len(places)))
    for a, b, weight in triples:
        out[places[a], places[b]] += sign * weight / 2.0
        out[places[b], places[a]] += sign * weight / 2.0
    return out


def _curves(triples: Any, sign: float) -> bool:
    """Whether sign * form curves upwards everywhere."""
    values = np.linalg.eigvalsh(_matrix(triples, sign))
    return bool(values.min() >= -_TINY * max(1.0, float(np.abs(values).max())))


def _is_cone(row: Any, triples: Any, sign: float) -> bool:
    """sum of squares + constant <= y * y or y * z with y, z >= 0 and no linear term in the row."""
    bound = row._upper if sign > 0.0 else -row._lower
    if bound > 0.0 or any(c != 0.0 for c in row._form._part._merged().values()):
        return False
    heads = [(a, b) for a, b, weight in triples if sign * weight < 0.0]
    rest = [t for t in triples if sign * t[2] > 0.0]
    if len(heads) != 1 or any(cell._column.lower < 0.0 for cell in heads[0]):
        return False
    inner = {id(cell) for a, b, _ in rest for cell in (a, b)}
    return not rest or (_curves(rest, sign) and not any(id(cell) in inner for cell in heads[0]))
