"""What HiGHS and SCIP make of our files, and we of theirs: entry by entry, and by enumeration of integer points."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solvers import Model
from solvers.io.lp_write import write_lp
from solvers.model import SEMICONTINUOUS
from tests.unit.model_files import random_model

ALL = "quadratic indicator sos semi range free"


def integral(seed: int, features: str) -> Model:
    """A random model over integer points within [-2, 2]."""
    model = random_model(seed, features=features, tame=True)
    model.kinds[model.kinds != 3] = 1
    model.col_lower[:], model.col_upper[:] = np.ceil(np.clip(model.col_lower, -2, 2)), np.floor(np.clip(model.col_upper, -2, 2))
    return model


def best(model: Model) -> float | None:
    """The optimum by enumeration of all integer points; None where there is none."""
    sides = [np.arange(lo, hi + 1) if kind < SEMICONTINUOUS else np.union1d([0.0], np.arange(lo, hi + 1))
             for lo, hi, kind in zip(model.col_lower, model.col_upper, model.kinds)]  # fmt: skip
    if not all(len(side) for side in sides):
        return None
    found = None
    sign = 1 if model.sense == "min" else -1
    points = np.stack([g.ravel() for g in np.meshgrid(*sides, indexing="ij")], axis=1)
    dense = np.zeros((model.num_rows, model.num_columns))
    np.add.at(dense, (model.matrix.row_of(), model.matrix.index), model.matrix.value)
    activity = points @ dense.T
    value = model.objective.offset + points @ model.objective.costs
    q = model.objective.quadratic
    if q is not None:
        value = value + (q.coef * points[:, q.i] * points[:, q.j]).sum(axis=1)
    q = model.quadratic_rows
    if q is not None:
        for row, i, j, coef in zip(q.row, q.i, q.j, q.coef):
            activity[:, row] += coef * points[:, i] * points[:, j]
    off = (activity < model.row_lower - 1e-7) | (activity > model.row_upper + 1e-7)
    if model.indicators is not None:
        for row, column, active in zip(model.indicators.row, model.indicators.column, model.indicators.active):
            off[:, row] &= points[:, column] == active
    ok = ~off.any(axis=1)
    for item in model.sos:
        order = item.columns[np.argsort(item.weights)]
        nonzero = points[:, order] != 0
        span = np.where(nonzero.any(axis=1), nonzero.shape[1] - nonzero[:, ::-1].argmax(axis=1) - nonzero.argmax(axis=1), 0)
        ok &= (nonzero.sum(axis=1) <= item.kind) & (span <= item.kind)
    if ok.any():
        found = float(sign * np.min(sign * value[ok]))
    return found


def scip_file(path: Path) -> float | None:
    import pyscipopt

    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.readProblem(str(path))
    scip.optimize()
    return scip.getObjVal() if scip.getNSols() else None


def highs_file(path: Path):
    import highspy

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    status = highs.readModel(str(path))
    assert status != highspy.HighsStatus.kError, path.read_text()
    return highs


def highs_facts(highs) -> dict:
    """All that HiGHS has read, by name."""
    lp = highs.getLp()
    matrix = lp.a_matrix_
    integrality = [int(k) for k in lp.integrality_] or [0] * lp.num_col_
    entries = {}
    outer = lp.col_names_ if "Col" in str(matrix.format_) else lp.row_names_
    inner = lp.row_names_ if "Col" in str(matrix.format_) else lp.col_names_
    start, index, value = list(matrix.start_), list(matrix.index_), list(matrix.value_)
    for k, name in enumerate(outer):
        for at in range(start[k], start[k + 1]):
            pair = (inner[index[at]], name) if "Col" in str(matrix.format_) else (name, inner[index[at]])
            if value[at]:
                entries[pair] = value[at]
    return {
        "max": "Max" in str(lp.sense_), "offset": lp.offset_,
        "columns": {name: facts for name, *facts in zip(lp.col_names_, lp.col_lower_, lp.col_upper_, lp.col_cost_, integrality)},
        "rows": {name: facts for name, *facts in zip(lp.row_names_, lp.row_lower_, lp.row_upper_)}, "entries": entries,
    }  # fmt: skip


def our_facts(model: Model) -> dict:
    columns = [model.column_label(j) for j in range(model.num_columns)]
    rows = [model.row_label(r) for r in range(model.num_rows)]
    r, c, v = model.matrix.row_of(), model.matrix.index, model.matrix.value
    return {
        "max": model.sense == "max", "offset": model.objective.offset,
        "columns": {name: facts for name, *facts in zip(columns, model.col_lower.tolist(), model.col_upper.tolist(),
                                                        model.objective.costs.tolist(), model.kinds.tolist())},
        "rows": {name: facts for name, *facts in zip(rows, model.row_lower.tolist(), model.row_upper.tolist())},
        "entries": {(rows[a], columns[b]): value for a, b, value in zip(r, c, v.tolist()) if value},
    }  # fmt: skip


def test_highs_reads_our_mps_as_we_do(tmp_path: Path) -> None:
    for seed in range(60):
        model = random_model(seed, features="semi range")
        model.matrix.value[np.abs(model.matrix.value) < 1e-9] = 0.0  # HiGHS drops these
        model.write(tmp_path / "m.mps")
        found, ours = highs_facts(highs_file(tmp_path / "m.mps")), our_facts(Model.read(tmp_path / "m.mps"))
        for name, (low, high) in ours["rows"].items():  # a range may differ in its last place there
            assert found["rows"][name] == pytest.approx([low, high], rel=1e-14)
        assert {k: v for k, v in found.items() if k != "rows"} == {k: v for k, v in ours.items() if k != "rows"}, seed


def test_highs_reads_our_portable_lp(tmp_path: Path) -> None:
    for seed in range(60):
        model = random_model(seed, features="semi")
        for array in (model.objective.costs, model.matrix.value):
            array[np.abs(array) < 1e-9] = 0.0  # HiGHS drops these
        names = write_lp(model, tmp_path / "m.lp", portable=True)
        found, ours = highs_facts(highs_file(tmp_path / "m.lp")), our_facts(Model.read(tmp_path / "m.lp"))
        if model.objective.offset:
            assert found["columns"].pop("Constant")[2] == ours["offset"]
            found["offset"] = ours["offset"]
        assert found == ours, (seed, names.changed)


@pytest.mark.parametrize("suffix", [".mps", ".lp", ".nl"])
def test_scip_finds_the_enumerated_optimum_in_our_files(tmp_path: Path, suffix: str) -> None:
    features = {".nl": "quadratic range free", ".lp": "quadratic indicator sos range free"}.get(suffix, ALL)
    solved = 0
    for seed in range(50):
        model = integral(seed, features)
        path = tmp_path / f"m{suffix}"
        if suffix == ".lp":
            write_lp(model, path, portable=True)
        else:
            model.write(path)
        expected = best(model)
        if expected is None and (model.col_lower > model.col_upper).any():
            continue
        found = scip_file(path)
        assert (found is None) == (expected is None), (seed, found, expected)
        if expected is not None:
            solved += 1
            assert found == pytest.approx(expected, abs=1e-6), seed
    assert solved > 10


def test_highs_finds_the_enumerated_optimum(tmp_path: Path) -> None:
    for seed in range(40):
        model = integral(seed, "range")
        expected = best(model)
        if expected is None:
            continue
        model.write(tmp_path / "m.mps")
        write_lp(model, tmp_path / "m.lp", portable=True)
        for name in ("m.mps", "m.lp"):
            highs = highs_file(tmp_path / name)
            highs.run()
            assert highs.getInfo().objective_function_value == pytest.approx(expected, abs=1e-6), (seed, name)


def test_we_read_what_highs_writes(tmp_path: Path) -> None:
    for seed in range(40):
        model = integral(seed, "range free")
        model.write(tmp_path / "m.mps")
        highs = highs_file(tmp_path / "m.mps")
        for name in ("h.mps", "h.lp"):
            # HiGHS writes no brackets in LP files and cuts numbers at 15 digits, which small ones do not need.
            if name == "h.lp":
                write_lp(model, tmp_path / "p.lp", portable=True)
                highs = highs_file(tmp_path / "p.lp")
            highs.writeModel(str(tmp_path / name))
            if name == "h.lp" and (model.col_lower > model.col_upper).any():
                continue
            assert best(Model.read(tmp_path / name)) == pytest.approx(best(model), abs=1e-9), (seed, name)


@pytest.mark.parametrize("suffix", [".mps", ".lp", ".nl"])
def test_we_read_what_scip_writes(tmp_path: Path, suffix: str) -> None:
    """SCIP leaves indicators and sets out of NL files, and free rows and the like out of all."""
    import pyscipopt

    features = "quadratic range" if suffix == ".nl" else "quadratic indicator sos range"
    compared = 0
    for seed in range(40):
        model = integral(seed, features)
        expected = best(model)
        if (model.col_lower > model.col_upper).any():
            continue
        write_lp(model, tmp_path / "m.lp", portable=True)  # SCIP reads no brackets
        scip = pyscipopt.Model()
        scip.hideOutput()
        scip.readProblem(str(tmp_path / "m.lp"))
        scip.writeProblem(str(tmp_path / f"s{suffix}"), verbose=False)
        back = Model.read(tmp_path / f"s{suffix}")
        if back.num_columns > 9 or not np.isfinite(back.col_lower).all() or not np.isfinite(back.col_upper).all():
            found = scip_file(tmp_path / f"s{suffix}")  # auxiliary columns: too many points
            back.write(tmp_path / "again.mps")
            assert scip_file(tmp_path / "again.mps") == pytest.approx(found, abs=1e-6), seed
            continue
        if (back.kinds == 1).all():
            compared += 1
            assert best(back) == pytest.approx(expected, abs=1e-6), seed
    assert compared > 5
