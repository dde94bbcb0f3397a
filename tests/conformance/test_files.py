"""Every example, golden problem and case as MPS, LP and NL files: read back the same, with the grounded optimum."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from solvers import Model, solve
from solvers.compare import compare
from solvers.emit import emit
from solvers.emit.documents import NATIVE
from solvers.errors import UnsupportedError
from solvers.ground import ground
from solvers.model import Csr
from solvers.reformulate import reformulate
from tests.conformance.targets import REFUSED
from tests.conformance.test_programs import OPTIMUM, PROBLEMS, PROVEN, optimum, problem

FORMS = ("mps", "lp", "nl")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", PROBLEMS)
def test_a_file_gives_the_grounded_optimum_and_reads_back_the_same(name: str, form: str, tmp_path: Path) -> None:
    if name in REFUSED[form]:
        with pytest.raises(UnsupportedError) as refused:
            emit(problem(name), form)
        assert refused.value.remedy
        return
    path, again = tmp_path / f"m.{form}", tmp_path / f"n.{form}"
    path.write_text(emit(problem(name), form).text, encoding="utf-8")
    model = Model.read(path)
    model.write(again)
    if form != "nl":
        assert again.read_text(encoding="utf-8") == path.read_text(encoding="utf-8"), "what was read is written the same"
        _same(ground(reformulate(problem(name), NATIVE[form]).formulation), model)
    else:  # the reader moves constants and linear parts out of trees: from then on files are the same
        Model.read(again).write(path)
        assert again.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")
    result, wanted = solve(model), optimum(name)
    assert result.termination in (wanted.termination, *PROVEN.get(wanted.termination, ()))
    if wanted.objective is not None:
        assert compare(result.objective, wanted.objective, OPTIMUM), (result.objective, wanted.objective)


def _same(ours: Model, read: Model) -> None:
    """Arrays, indicators and ordered sets are equal; explicit zeros of the data are no part of a file."""
    kept = ours.matrix.value != 0.0
    start = np.concatenate([[0], np.cumsum(np.bincount(ours.matrix.row_of()[kept], minlength=ours.num_rows))])
    plain = Csr(start, ours.matrix.index[kept], ours.matrix.value[kept], ours.num_columns)
    ours = replace(ours, matrix=plain)
    for field in ("row_lower", "row_upper", "col_lower", "col_upper", "kinds"):
        assert np.array_equal(getattr(ours, field), getattr(read, field)), field
    assert (ours.matrix.to_scipy() != read.matrix.to_scipy()).nnz == 0
    assert np.array_equal(ours.objective.costs, read.objective.costs)
    assert (ours.indicators is None) == (read.indicators is None)
    if ours.indicators is not None:
        told = [sorted(zip(*(a.tolist() for a in (m.indicators.row, m.indicators.column, m.indicators.active))))
                for m in (ours, read) if m.indicators is not None]
        assert told[0] == told[1]
    assert [(s.kind, s.columns.tolist()) for s in ours.sos] == [(s.kind, s.columns.tolist()) for s in read.sos]


SPECIAL = ("structure-indicator", "structure-indicator_equality", "structure-sos2", "extra-piecewise_costs", "extra-logic",
           "case-implies", "case-disjunction", "case-semicontinuous")


@pytest.mark.parametrize("form", ["mps", "lp"])
@pytest.mark.parametrize("name", SPECIAL)
def test_a_portable_file_is_read_by_a_reader_without_indicators_and_sets(name: str, form: str, tmp_path: Path) -> None:
    """HiGHS, in a process of its own, through highspy alone."""
    path = tmp_path / f"m.{form}"
    path.write_text(emit(problem(name), form, portable=True).text, encoding="utf-8")
    code = ("import sys, highspy; h = highspy.Highs(); h.silent(); assert h.readModel(sys.argv[1]).name == 'kOk'; h.run(); "
            "print(h.getModelStatus().name, h.getInfo().objective_function_value)")
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    status, value = done.stdout.split()
    assert status == "kOptimal"
    assert compare(float(value), optimum(name).objective, OPTIMUM)


@pytest.mark.parametrize("form", ["mps", "lp"])
@pytest.mark.parametrize("name", SPECIAL)
def test_other_solvers_read_indicators_and_ordered_sets_as_we_write_them(name: str, form: str, tmp_path: Path) -> None:
    """SCIP's reader of MPS, and Gurobi's of LP (where SCIP takes no `x[0]`)."""
    path = tmp_path / f"m.{form}"
    path.write_text(emit(problem(name), form).text, encoding="utf-8")
    if form == "lp":
        gurobipy = pytest.importorskip("gurobipy", reason="gurobipy is not installed: its reader was not asked")
        with gurobipy.Env(params={"OutputFlag": 0}) as env, gurobipy.read(str(path), env=env) as model:
            model.optimize()
            assert compare(model.ObjVal, optimum(name).objective, OPTIMUM)
        return
    from pyscipopt import Model as Scip

    scip = Scip()
    scip.hideOutput()
    scip.readProblem(str(path))
    scip.optimize()
    assert scip.getStatus() == "optimal"
    assert compare(scip.getObjVal(), optimum(name).objective, OPTIMUM)


def test_portable_is_for_model_files_and_refuses_what_rows_cannot_say(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="portable speaks of mps and lp"):
        emit(problem("case-lp"), "highspy", portable=True)
    path = tmp_path / "m.mps"
    path.write_text(emit(problem("structure-sos2"), "mps").text, encoding="utf-8")
    with pytest.raises(UnsupportedError, match="portable file holds no sos"):
        emit(Model.read(path), "lp", portable=True)
