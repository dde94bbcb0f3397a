"""The hooks themselves: light, lazy, set once, silent about our own solves, and never in the program's way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from solvers.model import Model
from solvers.result import SolveResult
from solvers.sandbox.capture import LIBRARIES, install
from solvers.sandbox.capture.guard import UncapturedError, Watch, guarded
from solvers.sandbox.capture.sheet import Sheet, linear, unique
from solvers.sandbox.recorder import fresh


def said(program: str, tmp_path: Path) -> list[str]:
    """The last lines that a program prints, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


SOLVE = """
import highspy
def solved(upper=4.0):
    h = highspy.Highs(); h.setOptionValue("output_flag", False)
    x = h.addIntegral(0, upper); y = h.addVariable(0, 3.5); h.addConstr(x + 2 * y <= 9); h.maximize(x + y)
    return h.getModelStatus().name, h.getObjectiveValue()
from solvers.sandbox.recorder import recorder
"""


def test_installing_imports_no_library(tmp_path: Path) -> None:
    program = (
        "from solvers.sandbox.capture import install\ninstall()\nimport sys\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'numpy', 'highspy', 'pyomo', 'ortools', 'pulp', 'scipy'}))"
    )
    assert said(program, tmp_path) == ["[]"]


@pytest.mark.parametrize("order", ["install() ; import highspy", "import highspy ; install()"])
def test_it_does_not_matter_which_comes_first(tmp_path: Path, order: str) -> None:
    first = "from solvers.sandbox.capture import install\n" + order.replace(" ; ", "\n") + "\ninstall()\ninstall(['highspy'])\n"
    program = first + SOLVE + "print(solved(), len(recorder().solves), recorder().solves[0].result.objective)"
    assert said(program, tmp_path)[-1] == "('kOptimal', 6.5) 1 6.5"


def test_unknown_libraries_are_named() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        install(["nonsense"])
    assert "pyomo" in LIBRARIES


def test_our_own_solves_are_not_recorded(tmp_path: Path) -> None:
    """Also not where they run in a thread, and not those of a library inside a library."""
    program = (
        "from solvers.sandbox.capture import install\ninstall()\n" + SOLVE + "solved()\nfrom solvers import solve\n"
        "model = recorder().solves[0].model\nprint(solve(model, solver='scip').objective, solve(model, solver='highs').objective)\n"
        "print(len(recorder().solves))"
    )  # fmt: skip
    assert said(program, tmp_path)[-2:] == ["6.5 6.5", "1"]


def test_programs_may_solve_in_threads(tmp_path: Path) -> None:
    program = (
        "from solvers.sandbox.capture import install\ninstall()\n" + SOLVE
        + "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool:\n"
        "    print(sorted(value for _, value in pool.map(solved, [1.0, 2.0, 3.0, 4.0])))\n"
        "print(sorted(s.result.objective for s in recorder().solves))"
    )  # fmt: skip
    assert said(program, tmp_path)[-2:] == ["[4.5, 5.5, 6.0, 6.5]"] * 2


@pytest.mark.parametrize("before", ["", "solved()\n"], ids=["parent never solved", "parent has solved"])
def test_a_forked_child_solves(tmp_path: Path, before: str) -> None:
    program = (
        "from solvers.sandbox.capture import install\ninstall()\nimport highspy, os\n" + SOLVE + before
        + "if os.fork() == 0:\n    print(*solved(), recorder().solves[-1].result.termination, flush=True)\n    os._exit(0)\nos.wait()"
    )
    assert said(program, tmp_path)[-1] == "kOptimal 6.5 optimal"


def boom() -> Model:
    raise ZeroDivisionError("a mistake of ours")


def test_what_goes_wrong_in_reading_is_recorded_and_does_not_reach_the_program() -> None:
    recorder = fresh()
    watch = Watch("lib", "highs", boom, lambda: 42, lambda value, model: boom())  # type: ignore[arg-type,return-value]
    assert watch.run() == 42
    (item,) = recorder.solves
    assert item.model is None and "a mistake of ours" in item.uncaptured
    assert item.result.termination == "error" and "a mistake of ours" in item.result.message


def test_a_recorder_that_breaks_does_not_reach_the_program() -> None:
    def broken(_: object) -> None:
        raise OSError("the channel is closed")

    recorder = fresh(sink=broken)
    sheet = Sheet()
    sheet.column("x", 0, 1)
    watch = Watch("lib", "highs", sheet.model, lambda: 1, lambda value, model: SolveResult("optimal", "none"))
    assert watch.run() == 1
    assert "the channel is closed" in recorder.notes[0].detail
    fresh()


def test_what_a_program_raises_is_raised_and_recorded() -> None:
    recorder = fresh()

    def solve() -> None:
        raise RuntimeError("the solver broke")

    with pytest.raises(RuntimeError, match="the solver broke"):
        Watch("lib", "highs", Sheet().model, solve, lambda value, model: SolveResult("optimal", "none")).run()
    (item,) = recorder.solves
    assert item.result.termination == "error" and item.model is not None
    fresh()


def test_reasons_are_never_empty() -> None:
    def nothing() -> Model:
        raise UncapturedError

    assert guarded(nothing)[1]


def test_names_become_texts_that_occur_once() -> None:
    assert unique(["a", "", None, "a", 3, "x1"], "x") == ["a", "x1", "x2", "a#3", "3", "x1#5"]


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_are_none_make_no_model(number: float) -> None:
    sheet = Sheet()
    x = sheet.column("x", 0, 1)
    sheet.row("r", None, 1.0, [(x, number)])
    with pytest.raises(UncapturedError, match="finite"):
        sheet.model()


def test_terms_of_one_column_are_added_and_constants_move_to_the_sides() -> None:
    sheet = Sheet()
    x, y = sheet.column("x", 0, 1e30), sheet.column("y", None, 5)
    sheet.formula_row("r", 1.0, 7.0, linear([(x, 2.0), (y, 1.0), (x, -2.0)], 3.0))
    model = sheet.model()
    assert (model.row_lower.tolist(), model.row_upper.tolist()) == ([-2.0], [4.0])
    assert model.matrix.index.tolist() == [y] and model.col_upper.tolist() == [float("inf"), 5.0]


class Asked(Exception):
    """Ends a solve where the options have been seen."""


def test_limits_of_the_program_are_passed_on_pulp(monkeypatch: pytest.MonkeyPatch) -> None:
    pulp = pytest.importorskip("pulp", reason="PuLP is not installed")
    from solvers.sandbox.capture import pulp as capture

    seen = watch_options(monkeypatch, capture)
    problem = pulp.LpProblem("p")
    problem += pulp.LpVariable("x", 0)
    with pytest.raises(Asked):
        capture._substituted(pulp.COIN_CMD(timeLimit=7, gapRel=0.25, msg=False), problem, "cbc")
    assert seen == [(7, 0.25, "cbc")]


@pytest.mark.parametrize(
    ("name", "options", "arguments", "expected"),
    [
        ("gurobi", {"TimeLimit": 7, "MIPGap": 0.25}, {}, (7.0, 0.25, "gurobi")),
        ("cbc", {"seconds": 7, "ratio": "0.25"}, {}, (7.0, 0.25, "cbc")),
        ("glpk", {}, {"options": {"tmlim": 7, "mipgap": 0.25}}, (7.0, 0.25, "glpk")),
        ("appsi_cplex", {}, {"timelimit": 3}, (3, None, "cplex")),
        ("scip", {"limits/time": "soon"}, {}, (None, None, "scip")),
    ],
)
def test_limits_of_the_program_are_passed_on_pyomo(
    monkeypatch: pytest.MonkeyPatch, name: str, options: dict[str, object], arguments: dict[str, object],
    expected: tuple[object, ...],
) -> None:
    pyo = pytest.importorskip("pyomo.environ", reason="Pyomo is not installed")
    from solvers.sandbox.capture import pyomo_stand_in as capture

    seen = watch_options(monkeypatch, capture)
    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(0, 1))
    model.o = pyo.Objective(expr=model.x)
    solver = capture.stand_in_class()(name)
    solver.options.update(options)
    with pytest.raises(Asked):
        solver.solve(model, **arguments)
    assert seen == [expected]


def watch_options(monkeypatch: pytest.MonkeyPatch, module: object) -> list[tuple[object, ...]]:
    seen: list[tuple[object, ...]] = []

    def solve_ours(model: Model, limit: object, gap: object, prefer: str = "") -> SolveResult:
        seen.append((limit, gap, prefer))
        raise Asked

    monkeypatch.setattr(module, "solve_ours", solve_ours)
    return seen
