"""Benchmark problems written in the language: read, check, ground, solve, compare, evaluate.

A folder is one problem: `formulation.yaml` and `expected.yaml` (benchmark, problem id, objective, label; where
the label is wrong also `why`, which `ARGUMENTS` below checks). Records and their labels are read from the
shared benchmark files where these are present: `FORMULATE_SHARED`, or `../shared` beside the repository.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

import solvers
from solvers.compare import STRICT, compare
from solvers.formulation import Formulation
from solvers.result import SolveResult

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("FORMULATE_SHARED", HERE.parents[1].parent / "shared"))
FOLDERS = sorted(path.name for path in HERE.iterdir() if (path / "formulation.yaml").exists())


def formulation(folder: str) -> Formulation:
    return Formulation.read(str(HERE / folder / "formulation.yaml"))


@cache
def expected(folder: str) -> dict[str, Any]:
    return yaml.safe_load((HERE / folder / "expected.yaml").read_text(encoding="utf-8"))


@cache
def records(benchmark: str) -> dict[str, dict[str, Any]]:
    """The records of a benchmark by id; skips, naming the file, where it is not present."""
    file = SHARED / "benchmarks" / f"{benchmark}.jsonl"
    if not file.exists():
        pytest.skip(f"{file} is missing; set FORMULATE_SHARED to the folder that holds benchmarks/{file.name}")
    with file.open(encoding="utf-8") as lines:
        return {record["id"]: record for record in map(json.loads, lines)}


INSTANCES = [
    pytest.param(folder, instance, id=instance["problem"])
    for folder in FOLDERS
    for instance in expected(folder).get("instances", [expected(folder)])
]
BOUND = [folder for folder in FOLDERS if "instances" in expected(folder)]


def data_of(folder: str, instance: dict[str, Any]) -> Any:
    """The data that the record carries, for a formulation that is bound to them; else None."""
    if folder not in BOUND:
        return None
    from solvers.data import bind

    return bind(formulation(folder), records(expected(folder)["benchmark"])[instance["problem"]]["data"])


def test_kinds_are_many() -> None:
    assert len(FOLDERS) >= 14
    assert len({expected(folder)["benchmark"] for folder in FOLDERS}) >= 11


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_formulation_passes_check(folder: str) -> None:
    from solvers.check import check

    report = check(formulation(folder))
    assert not report.errors, str(report)


@pytest.mark.parametrize(("folder", "instance"), INSTANCES)
def test_solving_gives_the_expected_objective(folder: str, instance: dict[str, Any]) -> None:
    result: SolveResult = solvers.solve(formulation(folder), data_of(folder, instance))
    if instance["objective"] == "infeasible":
        assert result.termination == "infeasible"
        assert not result.has_solution
        return
    assert result.termination == "optimal"
    agreed = compare(result.objective, instance["objective"], STRICT)
    assert agreed, str(agreed)
    assert result.check is not None
    assert result.check.feasible is True, str(result.check)


@pytest.mark.parametrize(("folder", "instance"), INSTANCES)
def test_the_label_is_the_one_on_record(folder: str, instance: dict[str, Any]) -> None:
    answer = records(expected(folder)["benchmark"])[instance["problem"]]["answer"]
    assert answer == instance["label"]


@pytest.mark.parametrize(("folder", "instance"), INSTANCES)
def test_the_label_agrees_or_is_said_to_be_wrong(folder: str, instance: dict[str, Any]) -> None:
    objective, label = instance["objective"], instance["label"]
    agrees = objective == label or bool("infeasible" not in (objective, label) and compare(objective, label, STRICT))
    assert agrees is not instance.get("label_wrong", False)
    if not agrees:
        assert instance["why"]
        assert folder in ARGUMENTS, "a label that is called wrong needs an argument that runs"


def autos() -> None:
    """The better plan keeps every rule of the text, and no plan in steps of one car beats it."""
    better = expected("optibench-0220")["better"]
    compact, midsize, large = (better["values"]["produce"][car] for car in ("compact", "midsize", "large"))
    assert all(n == 0 or n >= 1000 for n in (compact, midsize, large))
    assert 1.5 * compact + 3 * midsize + 5 * large <= 10_000
    assert 30 * compact + 40 * midsize + 25 * large <= 120_000
    assert 2_000 * compact + 3_000 * midsize + 4_000 * large == better["objective"] == 10_488_000
    assert better["objective"] > expected("optibench-0220")["label"]


def skills() -> None:
    """Enumerates who goes where; the worst shortage is never below 4."""
    needed = ((9, 9, 7), (7, 7, 8), (9, 9, 7), (7, 8, 9))
    level = ((5, 5, 5), (6, 5, 7), (6, 5, 7), (5, 5, 6), (7, 5, 6), (6, 7, 5))
    best = min(
        max(needed[p][k] - max((level[i][k] for i in range(6) if where[i] == p), default=0)
            for p in range(4) for k in range(3))
        for where in product(range(4), repeat=6)
    )
    assert best == expected("optmath_bench-0088")["objective"]


ARGUMENTS: dict[str, Callable[[], None]] = {"optibench-0220": autos, "optmath_bench-0088": skills}


@pytest.mark.parametrize("folder", sorted(ARGUMENTS))
def test_the_argument_against_a_wrong_label_holds(folder: str) -> None:
    ARGUMENTS[folder]()
