"""What the prompts tell a model is true: their examples are formulations that solve, and what they name can be written."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

import pytest

from formulate.prompts import template
from formulate.strategies import Question
from formulate.strategies.elements import read_elements
from solvers import Formulation, solve
from solvers.check import check

NAMES = sorted(path.name.removesuffix(".md") for path in files("formulate.prompts").iterdir() if path.name.endswith(".md"))


def examples() -> list[tuple[str, str]]:
    """(prompt, JSON) of every whole JSON object that stands in a prompt."""
    found = []
    for name in NAMES:
        text = template(name)
        at = text.find("{")
        while at != -1:
            try:
                document, end = json.JSONDecoder().raw_decode(text, at)
            except ValueError:
                end = at + 1
            else:
                if document and set(document) != {"name", "dimension", "elements"}:  # a fragment, tried below
                    found.append((name, text[at:end]))
            at = text.find("{", end)
    return found


def test_there_are_examples_of_both_forms_and_of_a_question() -> None:
    assert [name for name, _ in examples()] == ["asking_allowed", "form_canonical", "form_wire"]


@pytest.mark.parametrize(("name", "text"), examples())
def test_every_example_is_taken_and_solves(name: str, text: str) -> None:
    read = read_elements(text)
    if isinstance(read, Question):
        return
    checked = check(read.formulation)
    assert checked.ok and not checked.warnings
    # 12 hours of an oven: 120 wheat loaves at 0.1 hours and 2 euros each earn more per hour than rye.
    assert solve(read.formulation).objective == pytest.approx(240)


def test_both_forms_show_the_same_formulation() -> None:
    one, other = (read_elements(template(name)) for name in ("form_canonical", "form_wire"))
    assert not isinstance(one, Question) and not isinstance(other, Question)
    assert one.formulation == other.formulation


S = {"name": "S", "elements": ["a", "b", "c"]}
WEEKS: dict[str, Any] = {
    "sets": [{"name": "weeks", "expr": "range(1, T + 1)"}], "parameters": [{"name": "T", "cells": [{"key": [], "value": 3}]}],
    "variables": [{"name": "stock", "over": ["t in weeks"], "lower": "0"}],
}  # fmt: skip


def over_s(name: str, *values: float) -> dict[str, Any]:
    cells = [{"key": [key], "value": value} for key, value in zip("abc", values, strict=True)]
    return {"name": name, "axes": ["S"], "cells": cells}


def one(domain: str = "continuous") -> list[dict[str, Any]]:
    return [{"name": "x", "lower": "0", "upper": "10", "domain": domain}]


def many(domain: str = "continuous") -> list[dict[str, Any]]:
    return [{"name": "x", "over": ["i in S"], "lower": "0", "upper": "10", "domain": domain}]


COST = [over_s("cost", 1, 2, 3)]
CASES: list[tuple[str, str, float, dict[str, Any]]] = [
    ("abs", "abs(x - 3) + 0.5 * x", 1.5, {"variables": one()}),
    ("sqrt", "sqrt(x + 4)", 2, {"variables": one()}),
    ("exp", "exp(x) - 1", 0, {"variables": one()}),
    ("log", "log(x + 1)", 0, {"variables": one()}),
    ("sin", "sin(x)", -1, {"variables": one()}),
    ("cos", "cos(x)", -1, {"variables": one()}),
    ("**", "(x - 2) ** 2 + 1", 1, {"variables": one()}),
    ("/", "x / 2", 2, {"variables": one(), "rows": ["x >= 4"]}),
    ("min", "min(x, 3)", 0, {"variables": one()}),
    ("max", "max(cost[i] * x[i] for i in S)", 6, {"variables": many(), "rows": ["x['c'] >= 2"]}),
    ("count", "sum(cost[i] * x[i] for i in S)", 3, {"variables": many("binary"), "rows": ["count(x[i] for i in S) >= 2"]}),
    ("any", "sum(cost[i] * x[i] for i in S)", 1, {"variables": many("binary"), "rows": ["any(x[i] == 1 for i in S)"]}),
    ("all", "sum(cost[i] * x[i] for i in S)", 6, {"variables": many("binary"), "rows": ["all(x[i] == 1 for i in S)"]}),
    ("lo <= x[i] <= hi", "sum(x[i] for i in S)", 6, {"variables": many(), "rows": ["2 <= x[i] <= 5 for i in S"]}),
    # Over continuous variables the closure holds: at x = 4 nothing is demanded.
    ("implies", "x['a'] + x['b']", 4, {"variables": many(), "rows": ["implies(x['a'] <= 4, x['b'] >= 7)"]}),
    ("iff", "sum(cost[i] * x[i] for i in S)", 3, {"variables": many("binary"), "rows": [
        "iff(x['a'] == 1, x['b'] == 1)", "x['b'] + x['c'] >= 1"]}),
    ("or", "x", 4, {"variables": one(), "rows": ["x <= 1 or x >= 4", "x >= 2"]}),
    ("and", "sum(cost[i] * x[i] for i in S)", 4, {"variables": many("binary"), "rows": ["x['a'] and x['c']"]}),
    ("not", "x['a'] + x['b']", 1, {"variables": many("binary"), "rows": ["not x['a']", "x['a'] or x['b']"]}),
    ("if", "sum(stock[t] for t in weeks)", 6, {
        **WEEKS, "rows": ["stock[t] == (stock[t - 1] if t - 1 in weeks else 0) + 1 for t in weeks"]}),
    ("prev", "stock[last(weeks)]", 5, {
        **WEEKS, "rows": ["stock[t] >= stock[prev(t, weeks)] + ord(t, weeks) for t in weeks if t != first(weeks)"]}),
    ("next", "stock[last(weeks)]", 2, {
        **WEEKS, "rows": ["stock[next(t, weeks)] >= stock[t] + 1 for t in weeks if t != last(weeks)"]}),
    ("no_overlap", "max(x[j] + cost[j] for j in S)", 6, {"variables": many("integer"), "rows": [
        "no_overlap(x[j], cost[j] for j in S)"]}),
    ("alldifferent", "sum(x[i] for i in S)", 3, {"variables": many("integer"), "rows": ["alldifferent(x[i] for i in S)"]}),
    ("circuit", "sum(arc[i, j] for i in S for j in S if i != j)", 3, {
        "variables": [{"name": "arc", "over": ["i in S", "j in S"], "domain": "binary"}],
        "rows": ["circuit(arc[i, j] for i in S for j in S if i != j)"]}),
    # 0 at 0, 10 at 5, 12 at 10: worth 10 - 5 at the kink.
    ("piecewise", "x - piecewise(x, points, values)", -5, {
        "parameters": [over_s("points", 0, 5, 10), over_s("values", 0, 10, 12)], "variables": one()}),
    ("dimension", "sum(cost[i, j] * f[i, j] for (i, j) in arcs)", 9, {
        "sets": [{"name": "arcs", "dimension": 2, "elements": [["A", "B"], ["A", "C"]]}],
        "parameters": [{"name": "cost", "axes": ["arcs"], "cells": [{"key": ["A", "B"], "value": 4}, {"key": ["A", "C"],
                                                                                                "value": 5}]}],
        "variables": [{"name": "f", "over": ["(i, j) in arcs"], "lower": "0"}],
        "rows": ["f[i, j] >= 1 for (i, j) in arcs if i != j"]}),
    ("semicontinuous", "x", 2, {"variables": [{"name": "x", "domain": "semicontinuous", "lower": "2", "upper": "5"}],
                                "rows": ["x >= 1"]}),
    ("semi-integer", "x", 3, {"variables": [{"name": "x", "domain": "semi-integer", "lower": "3", "upper": "5"}],
                              "rows": ["x >= 1"]}),
]  # fmt: skip


@pytest.mark.parametrize(("word", "goal", "best", "parts"), CASES, ids=[case[0] for case in CASES])
def test_what_the_language_is_said_to_hold_can_be_written_and_solves(
    word: str, goal: str, best: float, parts: dict[str, Any]
) -> None:
    assert word in template("language")
    assert _solved(goal, parts) == pytest.approx(best, abs=1e-5)


def _solved(goal: str, parts: dict[str, Any]) -> float | None:
    rows = [re.match(r"(.*?)(?: for (\w+ in weeks.*|i in S|\(i, j\) in arcs.*))?$", row) for row in parts.get("rows", ())]
    document = {
        "name": "t", "sets": [S], "parameters": COST, **{k: v for k, v in parts.items() if k != "rows"},
        "objective": {"sense": "min", "terms": [{"name": "g", "expr": goal}]},
        "constraints": [
            {"name": f"row{k}", "expr": row[1], "over": [row[2]] if row[2] else []} for k, row in enumerate(rows) if row
        ],
    }  # fmt: skip
    read = read_elements("Here it is:\n```json\n" + json.dumps(document) + "\n```")
    assert not isinstance(read, Question) and isinstance(read.formulation, Formulation)
    assert check(read.formulation).ok
    return solve(read.formulation).objective
