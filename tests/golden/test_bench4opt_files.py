"""The LP files of Bench4Opt, names such as `x[0,1]` included: all are read, and give the optimum that Gurobi found."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

import pytest

from solvers import Model, solve
from solvers.compare import ANSWER, compare
from solvers.io.lp_read import read_lp
from solvers.io.source import as_text
from tests.unit.model_files import facts

HERE = Path(__file__).resolve().parent
FILE = Path(os.environ.get("FORMULATE_SHARED", HERE.parents[1].parent / "shared")) / "benchmarks" / "bench4opt.jsonl"


@cache
def records() -> list[dict]:
    if not FILE.exists():
        pytest.skip(f"{FILE} is missing; set FORMULATE_SHARED to the folder that holds benchmarks/{FILE.name}")
    return [json.loads(line) for line in FILE.read_text().splitlines()]


def read(record: dict) -> Model:
    return read_lp(as_text(record["id"], record["reference_formulation"].encode()))


def test_all_are_read_and_written_back_equal(tmp_path: Path) -> None:
    bracketed = 0
    for record in records():
        model = read(record)
        if record.get("model_size"):
            quadratic = model.quadratic_rows
            linear = model.num_rows - (len(set(quadratic.row.tolist())) if quadratic is not None else 0)
            sizes = record["model_size"]["vars"], record["model_size"]["constraints"]
            assert (model.num_columns, linear) == sizes, record["id"]
        bracketed += any("[" in model.column_label(j) for j in range(model.num_columns))
        for suffix in (".lp", ".mps"):
            model.write(tmp_path / f"m{suffix}")
            assert facts(Model.read(tmp_path / f"m{suffix}")) == facts(model), record["id"]
    assert bracketed > 150


def test_the_optimum_is_gurobis() -> None:
    """`answer` was computed with Gurobi from the same files."""
    wrong, undecided = [], []
    for record in records():
        model = read(record)
        # HiGHS 1.13 calls a point of one of the QPs optimal that is not.
        result = solve(model, solver="scip" if model.is_quadratic else None, time_limit=20)
        answer = record["answer"]
        if isinstance(answer, (int, float)):
            if not result.is_optimal:
                (undecided if "limit" in result.termination else wrong).append((record["id"], answer, result.termination))
            elif not compare(result.objective, answer, ANSWER):
                wrong.append((record["id"], answer, result.objective))
        elif answer is not None and str(answer) not in result.termination:
            wrong.append((record["id"], answer, result.termination))
    assert wrong == []
    assert len(undecided) < 5, undecided
