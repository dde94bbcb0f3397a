"""The problems of `examples/`: the words, the formulation and the answer belong to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import solvers
from solvers.compare import STRICT, Tolerance, compare
from solvers.formulation import Formulation
from tests.unit.examples_oracles import ORACLES

FOLDER = Path(__file__).resolve().parents[2] / "examples"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
READ_FROM_WORDS = {
    "bicycles", "cattle_feed", "coffee_roasters", "courier", "dairy_depots", "expedition", "furniture_vans", "joinery",
    "pension_fund", "print_shop",
}
"""What the offline formulator reads today. This set only grows."""
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@cache
def formulation(name: str) -> Formulation:
    return Formulation.read(str(FOLDER / name / "formulation.yaml"))


@cache
def expected(name: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / name / "expected.yaml").read_text(encoding="utf-8"))


def text(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def quotes(model: Formulation) -> Iterator[str]:
    """Everything that the formulation says it has read in the text."""
    sourced = (*model.sets, *model.parameters, *model.variables, *model.expressions, *model.constraints,
               *model.objective.terms)
    for element in sourced:
        yield from element.source
    for parameter in model.parameters:
        yield from (cell.quote for cell in parameter.cells if cell.quote)
    yield from (item.quote for item in model.unused)


def test_every_example_is_complete() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert folders == set(NAMES) == set(ORACLES)
    assert len(NAMES) >= 12
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"]({name}.txt)" not in readme] == []


@pytest.mark.parametrize("name", NAMES)
def test_quotes_stand_in_the_text(name: str) -> None:
    words = text(name)
    assert [quote for quote in quotes(formulation(name)) if quote not in words] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_the_text_is_accounted_for(name: str) -> None:
    words = text(name)
    covered = [m.span() for quote in quotes(formulation(name)) for m in re.finditer(re.escape(quote), words)]
    lost = [
        words[max(0, m.start() - 30) : m.end() + 30]
        for m in NUMBER.finditer(words)
        if not any(start <= m.start() and m.end() <= end for start, end in covered)
    ]
    assert lost == [], "neither read by a parameter or a set nor declared unused"


@pytest.mark.parametrize("name", NAMES)
def test_a_quote_holds_the_value_read_from_it(name: str) -> None:
    wrong = []
    for parameter in formulation(name).parameters:
        for cell in parameter.cells:
            if not cell.quote:
                continue
            if isinstance(cell.value, str):
                held = cell.value in cell.quote
            else:
                held = cell.value in [float(m[0]) for m in re.finditer(r"\d+(?:\.\d+)?", cell.quote)] or (
                    cell.value == 1 and "one" in cell.quote.split())
            if not held:
                wrong.append((parameter.name, cell.key, cell.value, cell.quote))
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_values_of_a_table_stand_in_the_row_of_their_label(name: str) -> None:
    rows = {}
    for line in text(name).splitlines():
        if line.startswith("|"):
            label, *entries = (entry.strip() for entry in line.strip("|").split("|"))
            rows[label] = [float(entry) for entry in entries if re.fullmatch(r"-?\d+(\.\d+)?", entry)]
    wrong = [
        (parameter.name, cell.key, cell.value)
        for parameter in formulation(name).parameters
        for cell in parameter.cells
        if cell.key and not cell.quote and cell.value not in rows.get(cell.key[0], [])
    ]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_values_without_a_quote_are_explained(name: str) -> None:
    """A number that the text does not hold is an assumption; table columns name their source instead."""
    model = formulation(name)
    about = {assumption.about for assumption in model.assumptions}
    silent = [
        p.name for p in model.parameters
        if p.expr is None and not p.source and p.name not in about and not all(c.quote for c in p.cells)
    ]
    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_an_independent_method_confirms_the_answer(name: str) -> None:
    value, decisions = ORACLES[name]()
    agreed = compare(value, expected(name)["objective"], STRICT)
    assert agreed, str(agreed)
    claimed = expected(name).get("values")
    if claimed is None:
        assert decisions is None or len(decisions) > 1, "the optimum is unique: name it in expected.yaml"
    else:
        assert decisions is not None
        assert len(decisions) == 1, "more than one optimum: expected.yaml cannot name the values"
        assert flat(claimed) == pytest.approx(flat(decisions[0]), rel=1e-7)


@pytest.mark.parametrize("name", NAMES)
def test_the_formulation_passes_check(name: str) -> None:
    from solvers.check import check

    report = check(formulation(name))
    assert not report.errors, str(report)
    assert not report.warnings, "people learn from these files: " + str(report)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("format", ["yaml", "json"])
def test_writing_and_reading_again_loses_nothing(name: str, format: str) -> None:
    from solvers.schema import dumps, loads

    model = formulation(name)
    assert loads(dumps(model, format), format) == model


@pytest.mark.parametrize("name", NAMES)
def test_solving_the_formulation_gives_the_answer(name: str) -> None:
    wanted = expected(name)
    result = solvers.solve(formulation(name))
    assert result.termination == "optimal"
    agreed = compare(result.objective, wanted["objective"], Tolerance("expected.yaml", wanted["tolerance"], 1e-9))
    assert agreed, str(agreed)
    assert result.check is not None
    assert result.check.feasible is True, str(result.check)
    near = wanted.get("value_tolerance", 0.0)
    for variable, values in wanted.get("values", {}).items():
        found = result.values[variable]
        got = {key: found[key] for key in values} if isinstance(values, dict) else float(found)
        assert got == pytest.approx(values, rel=near, abs=near)


@pytest.mark.parametrize("name", NAMES)
def test_the_words_alone_give_the_answer_or_none(name: str) -> None:
    from formulate import formulate

    attempt = formulate(text(name))
    assert attempt.outcome == ("answered" if name in READ_FROM_WORDS else "abstained"), str(attempt)
    if attempt.result is not None:
        wanted = expected(name)
        agreed = compare(attempt.result.objective, wanted["objective"], Tolerance("example", wanted["tolerance"], 1e-9))
        assert agreed, str(agreed)
        assert [f for f in attempt.report.findings if f.verdict in ("refuted", "suspect", "could_not_run")] == []
    else:
        assert any(leftover.sentence in " ".join(text(name).split()) for leftover in attempt.abstained)


def flat(values: dict[str, Any]) -> dict[tuple[str, ...], float]:
    """`{variable: {label: value}}` and `{variable: value}` as one mapping."""
    out = {}
    for name, value in values.items():
        for label, number in value.items() if isinstance(value, dict) else [("", value)]:
            out[name, label] = float(number)
    return out
