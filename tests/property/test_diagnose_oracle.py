"""Conflicts, relaxations and rays of small random models against SCIP, enumeration and arithmetic."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from solvers.adapters import SolveOptions, adapter
from solvers.diagnose import conflict, ray, relaxation
from solvers.model import Model, ObjectiveLevel
from tests.property.diagnose_making import model_of, random_model

SEEDS = 60
ON_THE_EDGE = (1029, 1031, 1106, 1279, 1443)
"""Seeds whose least slacks a branch and bound finds as 0.999999."""
Named = set[tuple[str, str]]


def scip_status(model: Model) -> str:
    from dataclasses import replace

    plain = replace(model, levels=(ObjectiveLevel(np.zeros(model.num_columns)),))
    return adapter("scip").solve(plain, SolveOptions(time_limit=20)).termination


def only(model: Model, kept: Named) -> Model:
    """The model with nothing but these members, written anew: no code of the diagnosis in it."""
    row = np.array([("row", f"c{i}") in kept for i in range(model.num_rows)])
    low = np.array([("lower", f"x{j}") in kept for j in range(model.num_columns)])
    high = np.array([("upper", f"x{j}") in kept for j in range(model.num_columns)])
    whole = np.array([("integrality", f"x{j}") in kept for j in range(model.num_columns)])
    a = np.zeros((model.num_rows, model.num_columns))
    a[model.matrix.row_of(), model.matrix.index] = model.matrix.value
    return model_of(
        model.objective.costs, a, np.where(row, model.row_lower, -np.inf), np.where(row, model.row_upper, np.inf),
        np.where(low, model.col_lower, -np.inf), np.where(high, model.col_upper, np.inf),
        (whole & (model.kinds == 1)).astype(np.uint8),
    )  # fmt: skip


def everything(model: Model) -> Named:
    n = model.num_columns
    named = {("row", f"c{i}") for i in range(model.num_rows)}
    return named | {(kind, f"x{j}") for kind in ("lower", "upper", "integrality") for j in range(n)}


@pytest.mark.parametrize("mixed", [False, True], ids=["lp", "mip"])
def test_conflicts_are_infeasible_and_irreducible(mixed: bool) -> None:
    """SCIP judges: the conflict has no solution, and has one without any single member; nothing is missed."""
    seen = 0
    for seed in range(SEEDS):
        model = random_model(seed, mixed=mixed)
        found = conflict(model, time_limit=30)
        assert (found.outcome == "conflict") == (scip_status(model) == "infeasible"), seed
        if found.outcome != "conflict":
            continue
        seen += 1
        members = {(m.kind, m.name) for m in found.members}
        assert found.irreducible is True, (seed, found.message)
        assert scip_status(only(model, members)) == "infeasible", seed
        for member in members:
            assert scip_status(only(model, members - {member})) == "optimal", (seed, member)
        if found.linear:
            assert found.proven_by == ("exact arithmetic",), seed
    assert seen >= SEEDS // 3


def test_multipliers_add_up_to_a_contradiction() -> None:
    """Checked by hand over the rows as they stand: the sum of the members has no variables left, and is false."""
    for seed in range(SEEDS):
        model = random_model(seed, mixed=False)
        found = conflict(model, time_limit=30)
        if found.outcome != "conflict":
            continue
        total, right = np.zeros(model.num_columns), 0.0
        for member in found.members:
            assert member.multiplier is not None
            v, at = float(member.multiplier), int(member.name[1:])
            line = np.zeros(model.num_columns)
            if member.kind == "row":
                columns, values = model.matrix.row(at)
                line[columns] = values
                right += v * float(model.row_lower[at] if v > 0 else model.row_upper[at])
            else:
                line[at] = 1.0
                right += v * float(model.col_lower[at] if member.kind == "lower" else model.col_upper[at])
                assert (v > 0) == (member.kind == "lower")
            total += v * line
        assert np.allclose(total, 0.0) and right > 0 and found.gap is not None and np.isclose(right, float(found.gap))


def test_hard_members_are_background() -> None:
    """With half of the rows hard, the listed members conflict with them and are each needed beside them."""
    seen = alone = 0
    for seed in range(SEEDS):
        model = random_model(seed, mixed=seed % 3 == 0)
        hard = [f"c{i}" for i in range(0, model.num_rows, 2)]
        found = conflict(model, hard=hard, time_limit=30)
        if found.outcome != "conflict":
            continue
        members = {(m.kind, m.name) for m in found.members}
        background = {("row", name) for name in hard}
        if found.hard_alone:
            alone += 1
            assert members <= background
            background = set()
        else:
            seen += 1
            assert not members & background
        assert found.irreducible is True
        assert scip_status(only(model, members | background)) == "infeasible", seed
        assert all(scip_status(only(model, (members - {m}) | background)) == "optimal" for m in members), seed
    assert seen > 5 and alone > 0


def least_violation(model: Model) -> float | None:
    """The least total amount by which the rows must be loosened, by a linear program written here for SCIP."""
    import pyscipopt

    scip = pyscipopt.Model()
    scip.hideOutput()
    finite = [(None if not np.isfinite(v) else float(v)) for v in np.concatenate([model.col_lower, model.col_upper])]
    n = model.num_columns
    x = [scip.addVar(lb=finite[j], ub=finite[n + j], vtype="I" if model.kinds[j] else "C") for j in range(n)]
    slack = []
    for i in range(model.num_rows):
        columns, values = model.matrix.row(i)
        over, under = scip.addVar(lb=0), scip.addVar(lb=0)
        slack += [over, under]
        body = pyscipopt.quicksum(float(v) * x[int(j)] for j, v in zip(columns, values))
        if np.isfinite(model.row_lower[i]):
            scip.addCons(body + under >= float(model.row_lower[i]))
        if np.isfinite(model.row_upper[i]):
            scip.addCons(body - over <= float(model.row_upper[i]))
    scip.setObjective(pyscipopt.quicksum(slack))
    scip.optimize()
    return float(scip.getObjVal()) if scip.getStatus() == "optimal" else None


@pytest.mark.parametrize("mixed", [False, True], ids=["lp", "mip"])
def test_relaxations_are_the_cheapest_and_work(mixed: bool) -> None:
    """Absolute amounts over rows alone, against an elastic program written by hand; then the changes are made."""
    seen = 0
    for seed in (*range(SEEDS), *ON_THE_EDGE):
        model = random_model(seed, mixed=mixed)
        if scip_status(model) != "infeasible":
            continue
        found = relaxation(model, hard=["bounds"] if np.isfinite([*model.col_lower, *model.col_upper]).any() else [],
                           measure="absolute", time_limit=30)  # fmt: skip
        least = least_violation(model)
        assert (found.outcome == "impossible") == (least is None), seed
        if least is None:
            continue
        seen += 1
        assert found.verified is True and found.optimal
        assert np.isclose(found.cost or 0.0, least, atol=1e-6), seed
        lower, upper = model.row_lower.copy(), model.row_upper.copy()
        for change in found.changes:
            side = lower if change.side == ">=" else upper
            assert np.isclose(side[int(change.name[1:])], change.old) and change.amount > 0
            side[int(change.name[1:])] = change.new
        a = np.zeros((model.num_rows, model.num_columns))
        a[model.matrix.row_of(), model.matrix.index] = model.matrix.value
        mended = model_of(model.objective.costs, a, lower, upper, model.col_lower, model.col_upper, model.kinds)
        assert scip_status(mended) == "optimal", seed
    assert seen >= SEEDS // 4


def test_the_fewest_changes_are_the_fewest() -> None:
    """Against all subsets of rows, the smallest first."""
    seen = 0
    for seed in (*range(SEEDS), *ON_THE_EDGE):
        model = random_model(seed, mixed=seed % 2 == 1)
        if scip_status(model) != "infeasible":
            continue
        found = relaxation(model, hard=["bounds"] if np.isfinite([*model.col_lower, *model.col_upper]).any() else [],
                           measure="fewest", time_limit=30)  # fmt: skip
        names = [("row", f"c{i}") for i in range(model.num_rows)]
        full = everything(model)
        least = next((k for k in range(len(names) + 1) for gone in combinations(names, k)
                      if scip_status(only(model, full - set(gone))) == "optimal"), None)  # fmt: skip
        assert (found.outcome == "impossible") == (least is None), (seed, found)
        if least is not None:
            seen += 1
            assert len({change.name for change in found.changes}) == least, seed
            assert found.verified is True
    assert seen > 5


@pytest.mark.parametrize("mixed", [False, True], ids=["lp", "mip"])
def test_rays_hold_by_arithmetic(mixed: bool) -> None:
    """From a feasible point every step along the ray is feasible, and improves the objective by what is said."""
    seen = 0
    for seed in range(4 * SEEDS):
        model = random_model(seed, mixed=mixed)
        found = ray(model, time_limit=30)
        if scip_status(model) == "infeasible":
            assert found.outcome != "unbounded"
            continue
        if found.outcome != "unbounded":
            raw = adapter("highs").solve(model, SolveOptions(time_limit=20))
            assert raw.termination == "optimal" and found.outcome == "bounded", seed
            continue
        seen += 1
        assert found.direction is not None and found.checked_by == "exact arithmetic"
        d = found.direction
        moved = model.matrix.dot(d)
        assert np.all(moved[np.isfinite(model.row_lower)] >= 0) and np.all(moved[np.isfinite(model.row_upper)] <= 0)
        assert np.all(d[np.isfinite(model.col_lower)] >= 0) and np.all(d[np.isfinite(model.col_upper)] <= 0)
        assert np.isclose(found.objective, model.objective.costs @ d) and found.objective < 0
        assert np.all(d == np.rint(d))
        assert {m.label: m.amount for m in found.moves} == {f"x{j}": d[j] for j in np.flatnonzero(d)}
    assert seen > 10


def test_conflicts_of_whole_families_are_irreducible() -> None:
    """Rows in families of two or three: the least families conflict as wholes, and no more without any one of them."""
    from dataclasses import replace

    from solvers.model import Block

    seen = 0
    for seed in range(2 * SEEDS):
        model = random_model(seed, mixed=seed % 3 == 0)
        sizes = [2] * (model.num_rows // 2) + [1] * (model.num_rows % 2)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        blocks = tuple(Block(f"f{k}", int(starts[k]), size) for k, size in enumerate(sizes))
        found = conflict(replace(model, rows=blocks), hard=["bounds"] if np.isfinite([*model.col_lower, *model.col_upper]).any() else [],
                         time_limit=30)  # fmt: skip
        if found.outcome != "conflict" or found.hard_alone:
            continue
        seen += 1
        assert found.families_irreducible is True and set(found.least_families) <= set(found.families)
        whole = {f"x{j} (whole numbers)": {("integrality", f"x{j}")} for j in range(model.num_columns)}
        rows = {f"f{k}": {("row", f"c{i}") for i in range(int(starts[k]), int(starts[k + 1]))} for k in range(len(sizes))}
        parts = [(whole | rows)[name] for name in found.least_families]
        bounds = {named for named in everything(model) if named[0] in ("lower", "upper")}
        assert scip_status(only(model, bounds.union(*parts))) == "infeasible", seed
        for part in parts:
            assert scip_status(only(model, bounds.union(*(p for p in parts if p is not part)))) == "optimal", seed
    assert seen > 10
