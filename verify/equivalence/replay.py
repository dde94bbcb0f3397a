"""An independent check of a certificate from the two original models: plain rationals, no code of the decision."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Any

from verify.equivalence.replay_changes import changed, snapped
from verify.equivalence.replay_parts import INF, load, tidy, times


def replays(a: Any, b: Any, certificate: Any) -> bool:
    """Whether the certificate (or its JSON) proves two models equivalent; a step that does not hold is no proof."""
    proof = certificate if isinstance(certificate, dict) else certificate.to_json()
    columns, rows = proof["columns"], proof["rows"]
    if (len(columns), len(rows)) != (len(a.col_lower), len(a.row_lower)):
        return False
    if proof["tolerance"] is not None:
        a, b = snapped(a, b, proof["tolerance"])
    one = load(a, [c if c >= 0 else ("gone", j) for j, c in enumerate(columns)])
    two = load(b, list(range(len(b.col_lower))))
    if not (run(one, proof["log_a"]) and run(two, proof["log_b"])):
        return False
    same = all(one[key] == two[key] for key in ("columns", "costs", "sets"))
    image = {i: rows[i] for i in one["rows"]}
    if not same or sorted(image.values()) != sorted(two["rows"]):
        return False
    return all(two["rows"][p] in (one["rows"][i], times(one["rows"][i], -1)) for i, p in image.items())


def run(m: dict[str, Any], log: list[dict[str, Any]]) -> bool:
    """Each step of a log on a loaded model, in place; False where one does not hold."""
    rows, columns, name = m["rows"], m["columns"], m["name"]
    for step in log:
        rule, numbers = step["rule"], [Fraction(q) for q in step["numbers"]]
        if rule == "minimise":
            if not m["max"]:
                return False
            m["max"], m["costs"] = False, [{key: -c for key, c in level.items()} for level in m["costs"]]
        elif rule in ("round", "settle"):
            for column in columns.values():
                tidy(column, rule)
        elif rule not in _RULES and not changed(m, rule, [name[j] for j in step["columns"]], step["rows"], numbers):
            return False
        for k, i in enumerate(step["rows"] if rule in _RULES else ()):
            more = (numbers[k : k + 1] + step["onto"][k : k + 1] + step["sides"][k : k + 1])[:1]
            if i not in rows or not _RULES[rule](m, i, *more):
                return False
    return not m["max"]


def _scale(m: Any, i: int, q: Any) -> bool:
    m["rows"][i] = times(m["rows"][i], q) if q else None
    return q != 0


def _bound(m: Any, i: int) -> bool:
    (terms, low, high, when), fits = m["rows"].pop(i), False
    for key, c in terms.items():
        fits = len(terms) == 1 and key in m["columns"] and when is None and c == 1
        if fits:
            tidy(m["columns"][key], "bound", low, high)
    return fits


def _merge(m: Any, i: int, k: int) -> bool:
    gone, kept = m["rows"].pop(i), m["rows"].get(k)
    if kept is None or gone[0] != kept[0] or gone[3] != kept[3]:
        return False
    m["rows"][k] = (kept[0], max(kept[1], gone[1]), min(kept[2], gone[2]), kept[3])
    return True


def _round_row(m: Any, i: int) -> bool:
    terms, low, high, when = m["rows"][i]
    whole = [0 if abs(s) == INF else f(s) for s, f in ((low, ceil), (high, floor))]
    m["rows"][i] = (terms, low if abs(low) == INF else whole[0], high if abs(high) == INF else whole[1], when)
    return all(c.denominator == 1 and key in m["columns"] and m["columns"][key][0] % 2 for key, c in terms.items())


def _loosen(m: Any, i: int, side: int) -> bool:
    terms, low, high, when = m["rows"][i]
    most = Fraction(0)
    for key, c in terms.items():
        kind, *bounds = m["columns"].get(key, (0, -INF, INF))
        bound = bounds[(c > 0) == (side > 0)]
        most += c * (bound if kind < 2 else max(bound, 0) if (c > 0) == (side > 0) else min(bound, 0))
    m["rows"][i] = (terms, low, INF, when) if side > 0 else (terms, -INF, high, when)
    return bool(most <= high) if side > 0 else bool(most >= low)


def _drop(m: Any, i: int) -> bool:
    terms, low, high, _ = m["rows"].pop(i)
    tree = any(isinstance(key, tuple) and key[0] == "tree" for key in terms)
    return ((low, high) == (-INF, INF) and not tree) or (not terms and low <= 0 <= high)


_RULES: dict[str, Any] = {f.__name__[1:]: f for f in (_scale, _bound, _merge, _round_row, _loosen, _drop)}
