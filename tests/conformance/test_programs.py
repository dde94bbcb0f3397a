"""Every example, golden problem and conformance case, emitted for every target, gives the optimum or is refused."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml

from solvers import solve
from solvers.compare import Tolerance, compare
from solvers.emit import SCRIPTS, TARGETS, emit
from solvers.errors import UnsupportedError
from solvers.formulation import Formulation
from solvers.result import SolveResult
from tests.conformance.cases import CASES
from tests.conformance.programs import Printed, need, run, run_all
from tests.conformance.structure_cases import CASES as STRUCTURE
from tests.conformance.targets import EXTRA, REFUSED

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("FORMULATE_SHARED", ROOT.parent / "shared"))
# Nonlinear optima are reached to the solver's feasibility tolerance, which the objective feels at first order.
OPTIMUM = Tolerance("optimum (1e-5 relative, 1e-6 absolute)", 1e-5, 1e-6)
PROVEN = {"infeasible": ("infeasible", "infeasible_or_unbounded"), "unbounded": ("unbounded", "infeasible_or_unbounded")}
DOCUMENTS = {
    **{f"example-{p.parent.name}": p for p in sorted(ROOT.glob("examples/*/formulation.yaml"))},
    **{f"golden-{p.parent.name}": p for p in sorted(ROOT.glob("tests/golden/*/formulation.yaml"))
       if "retail" not in p.parent.name},
}
PROBLEMS = {
    **DOCUMENTS, **{f"case-{c.name}": c.formulation for c in CASES}, **{f"extra-{f.name}": f for f in EXTRA},
    **{f"structure-{c.name}": c.formulation for c in STRUCTURE},
}  # fmt: skip


@cache
def problem(name: str) -> Formulation:
    found = PROBLEMS[name]
    return Formulation.read(str(found)) if isinstance(found, Path) else found


@cache
def optimum(name: str) -> SolveResult:
    return solve(problem(name))


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, str]]:
    """The outputs of all programs of a target that is not refused, each target in one process."""

    @cache
    def of(target: str) -> dict[str, str]:
        need(target)
        programs = {name: emit(problem(name), target) for name in PROBLEMS if name not in REFUSED[target]}
        return run_all(programs, tmp_path_factory.mktemp(target))

    return of


@pytest.mark.parametrize("target", SCRIPTS)
@pytest.mark.parametrize("name", PROBLEMS)
def test_a_program_gives_the_grounded_optimum(name: str, target: str, outputs: Callable[[str], dict[str, str]]) -> None:
    if name in REFUSED[target]:
        with pytest.raises(UnsupportedError) as refused:
            emit(problem(name), target)
        assert any(other in refused.value.remedy for other in TARGETS if other != target), refused.value.remedy
        return
    need(target)
    text = outputs(target)[name]
    assert "FAILED" not in text, text
    printed, wanted = Printed.of(text), optimum(name)
    if wanted.termination != "optimal":
        assert printed.status.split(" ")[0] in PROVEN[wanted.termination]
        assert printed.objective is None
        return
    assert printed.status == "optimal"
    assert printed.objective is not None
    assert compare(printed.objective, wanted.objective, OPTIMUM), (printed.objective, wanted.objective)


@pytest.mark.parametrize("target", SCRIPTS)
def test_a_program_is_a_script_that_needs_nothing_of_ours(target: str, tmp_path: Path) -> None:
    program = emit(problem("example-bicycles"), target)
    imported = {line.split()[1].split(".")[0] for line in program.text.splitlines() if line.startswith(("import ", "from "))}
    assert not imported & {"solvers", "verify", "formulate"}
    need(target)
    printed = run(program, tmp_path)
    assert printed.objective == pytest.approx(5700)
    assert "build[city bicycles]" in printed.text


@pytest.mark.parametrize("target", ["highspy", "mathopt", "scip", "gurobipy"])
def test_variables_of_a_ratio_are_shown_as_they_are(target: str, outputs: Callable[[str], dict[str, str]]) -> None:
    need(target)
    shown = dict(line.split() for line in outputs(target)["extra-best_ratio"].splitlines() if line[0] in "xy")
    assert float(shown["x"]) == pytest.approx(6, abs=1e-3)
    assert float(shown["y"]) == pytest.approx(1, abs=1e-3)


def test_what_is_refused_exists() -> None:
    assert set(REFUSED) == set(TARGETS)
    for names in REFUSED.values():
        assert names <= set(PROBLEMS)


def test_a_variable_in_steps_is_shown_as_what_it_stands_for(outputs: Callable[[str], dict[str, str]]) -> None:
    need("cpsat")
    shown = dict(line.split() for line in outputs("cpsat")["extra-half_hours"].splitlines() if line.startswith("s["))
    assert {float(shown[f"s[{job}]"]) % 1 for job in "abc"} >= {0.5}
    ends = {job: float(shown[f"s[{job}]"]) + length for job, length in {"a": 2.5, "b": 2, "c": 3.5}.items()}
    assert max(ends.values()) + 0.25 * float(shown["s[b]"]) == pytest.approx(optimum("extra-half_hours").objective)


@pytest.mark.parametrize("target", ["highspy", "pyomo"])
def test_data_from_a_file_stand_beside_the_program(target: str, tmp_path: Path) -> None:
    need(target)
    folder = ROOT / "tests" / "golden" / "retailopt190"
    expected = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    file = SHARED / "benchmarks" / f"{expected['benchmark']}.jsonl"
    if not file.exists():
        pytest.skip(f"{file} is missing; set FORMULATE_SHARED to the folder that holds benchmarks/{file.name}")
    instance = expected["instances"][0]
    with file.open(encoding="utf-8") as lines:
        record = next(r for r in map(json.loads, lines) if r["id"] == instance["problem"])
    data = tmp_path / "data.json"
    data.write_text(json.dumps(record["data"]), encoding="utf-8")
    program = emit(Formulation.read(str(folder / "formulation.yaml")), target, data)
    assert compare(run(program, tmp_path).objective, instance["objective"], OPTIMUM)


@pytest.mark.parametrize("target", sorted(SCRIPTS))
def test_large_data_go_into_a_file_and_come_back_equal(target: str, tmp_path: Path) -> None:
    need(target)
    from solvers.formulation import Cell, Constraint, IndexSet, Objective, Parameter, Term, Variable

    labels = tuple(f"n{k}" for k in range(15))
    pairs = tuple((a, b) for a in labels for b in labels if a < b)[:130]
    cells = tuple(Cell((a, b), (hash_of(a, b) % 97) / 4) for a in labels for b in labels)
    f = Formulation(
        "assignment", Objective("max", (Term("value", "sum(v[i, j] * x[i, j] for (i, j) in P)"),)),
        (IndexSet("N", elements=labels), IndexSet("P", elements=pairs, dimension=2)),
        (Parameter("v", axes=("N", "N"), cells=cells),),
        (Variable("x", ("(i, j) in P",), "binary"),),
        constraints=(Constraint("once", "sum(x[i, j] for (i, j) in P if i == n or j == n) <= 1", ("n in N",)),),
    )
    inside, beside = emit(f, target), emit(f, target, data_file="numbers.json")
    assert set(beside.files) == {"numbers.json"}
    assert not inside.files
    assert len(beside.text) + 1_000 < len(inside.text)
    wanted = solve(f).objective
    assert compare(run(beside, tmp_path / "beside").objective, wanted, OPTIMUM)
    assert compare(run(inside, tmp_path / "inside").objective, wanted, OPTIMUM)


def hash_of(a: str, b: str) -> int:
    return sum((k + 3) * ord(c) for k, c in enumerate(a + b))


def test_pyomo_programs_take_another_solver_by_name(tmp_path: Path) -> None:
    need("pyomo")
    printed = run(emit(problem("example-bicycles"), "pyomo"), tmp_path, "scip_direct")
    assert printed.objective == pytest.approx(5700)
