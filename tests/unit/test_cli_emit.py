"""`formulate emit` and `--emit`: programs on stdout or in files, refusals by name, nothing overwritten."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from solvers import Model, solve
from tests.unit.cli_runs import formulate

ROOT = Path(__file__).resolve().parents[2]
BAKERY = str(ROOT / "examples" / "bakery" / "formulation.yaml")
TANK = str(ROOT / "examples" / "rain_tank" / "formulation.yaml")


def objective(path: Path) -> float:
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True, cwd=path.parent)
    return float(done.stdout.strip().splitlines()[-1].removeprefix("objective: "))


def test_a_program_on_stdout_runs_as_it_is(tmp_path: Path) -> None:
    run = formulate("emit", BAKERY, "--to", "highspy", cwd=tmp_path)
    assert run.code == 0
    (tmp_path / "program.py").write_text(run.out)
    assert objective(tmp_path / "program.py") == pytest.approx(504)


def test_files_are_written_and_not_overwritten(tmp_path: Path) -> None:
    assert formulate("emit", BAKERY, "--to", "scip", "--out", "out/", cwd=tmp_path).code == 0
    program = tmp_path / "out" / "bakery.py"
    assert objective(program) == pytest.approx(504)
    program.write_text("mine")
    run = formulate("emit", BAKERY, "--to", "scip", "--out", "out/", cwd=tmp_path)
    assert run.code == 2
    assert "--force" in run.err
    assert program.read_text() == "mine"
    assert formulate("emit", BAKERY, "--to", "scip", "--out", "out/bakery.py", "--force", cwd=tmp_path).code == 0
    assert objective(program) == pytest.approx(504)


def test_bound_data_are_in_the_program_or_in_a_file_beside_it(tmp_path: Path) -> None:
    items = [f"item {k}" for k in range(150)]
    worth = {item: 3 + k % 7 for k, item in enumerate(items)}
    (tmp_path / "m.yaml").write_text(json.dumps({
        "schema": "formulate/1", "name": "m", "sets": [{"name": "S", "bind": "S"}],
        "parameters": [{"name": "worth", "axes": ["S"], "bind": "worth"}],
        "variables": [{"name": "x", "over": ["i in S"], "lower": "0", "upper": "1"}],
        "objective": {"sense": "max", "terms": [{"name": "t", "expr": "sum(worth[i] * x[i] for i in S)"}]},
        "constraints": [{"name": "c", "expr": "sum(x[i] for i in S) <= 2"}],
    }))
    (tmp_path / "d.json").write_text(json.dumps({"S": items, "worth": worth}))
    run = formulate("emit", "m.yaml", "--to", "highspy", "--data", "d.json", cwd=tmp_path)
    assert "item 149" in run.out
    assert formulate("emit", "m.yaml", "--to", "highspy", "--data", "d.json", "--out", "p.py", cwd=tmp_path).code == 0
    assert "item 149" not in (tmp_path / "p.py").read_text()
    assert objective(tmp_path / "p.py") == pytest.approx(18)
    beside = tmp_path / "p_data.json"
    beside.write_text(beside.read_text().replace('["item 6", 9]', '["item 6", 100]'))
    assert objective(tmp_path / "p.py") == pytest.approx(109)


@pytest.mark.parametrize(
    ("path", "target", "said"),
    [(BAKERY, "ampl", "pyomo, highspy"), (TANK, "highspy", "scip"), (TANK, "mathopt", "gurobipy"), (BAKERY, "cpsat", "continuous"),
     ("none.yaml", "scip", "none.yaml")],
)
def test_refusals_name_what_would_work(tmp_path: Path, path: str, target: str, said: str) -> None:
    run = formulate("emit", path, "--to", target, cwd=tmp_path)
    assert run.code == 2
    assert run.out == ""
    assert said in run.err
    assert "Traceback" not in run.err


def test_json_holds_the_code(tmp_path: Path) -> None:
    run = formulate("emit", BAKERY, "--to", "latex", "--json", cwd=tmp_path)
    assert run.json["schema"] == "formulate-emit/1"
    assert run.json["code"].rstrip().endswith(r"\end{document}")


def test_the_code_follows_the_report(tmp_path: Path) -> None:
    run = formulate(str(ROOT / "examples" / "bicycles.txt"), "--emit", "scip", "--save", "answer", cwd=tmp_path)
    assert run.code == 0
    assert run.out.index("in all") < run.out.index("from pyscipopt import")
    assert objective(tmp_path / "answer" / "model.py") == pytest.approx(5700)
    (tmp_path / "p.txt").write_text(
        "A workshop makes tea and jam. Each kg of tea needs 2 hours of work and each kg of jam needs 3 hours of work. "
        "There are 60 hours of work available. The profit is 5 euros per kg of tea and 8 euros per kg of jam. At most "
        "15 kg of jam can be sold. How many kg of each should the workshop make to maximize its profit?"
    )
    refused = formulate("p.txt", "--emit", "cpsat", cwd=tmp_path)
    assert refused.code == 0
    assert "no code for cpsat" in refused.err
    unknown = formulate(str(ROOT / "examples" / "bicycles.txt"), "--emit", "ampl", cwd=tmp_path)
    assert unknown.code == 2
    assert "choose one of" in unknown.err


@pytest.mark.parametrize("target", ["mps", "lp", "nl"])
def test_model_files_have_the_optimum_of_the_formulation(tmp_path: Path, target: str) -> None:
    run = formulate("emit", BAKERY, "--to", target, "--out", f"m.{target}", cwd=tmp_path)
    assert run.code == 0, run.err
    assert formulate("solve", f"m.{target}", "--json", cwd=tmp_path).json["objective"] == pytest.approx(504)


@pytest.mark.parametrize("target", ["mps", "lp", "nl", "highspy", "mathopt"])
def test_a_gap_in_a_range_is_kept(tmp_path: Path, target: str) -> None:
    (tmp_path / "m.yaml").write_text(json.dumps({
        "schema": "formulate/1", "name": "gap",
        "variables": [{"name": "x", "domain": "semicontinuous", "lower": "5", "upper": "9"}, {"name": "y", "lower": "0"}],
        "objective": {"sense": "min", "terms": [{"name": "t", "expr": "x + 10 * y"}]},
        "constraints": [{"name": "c", "expr": "x + y >= 3"}],
    }))
    suffix = target if len(target) < 4 else "py"
    assert formulate("emit", "m.yaml", "--to", target, "--out", f"m.{suffix}", cwd=tmp_path).code == 0
    path = tmp_path / f"m.{suffix}"
    found = objective(path) if suffix == "py" else solve(Model.read(path)).objective
    assert found == pytest.approx(5)


@pytest.mark.parametrize(("sense", "goal", "rule", "said"), [
    ("min", "f", "e + f >= 2999999999", "unknown (a variable without bounds reached"),  # e alone would do: the minimum is 0
    ("max", "f - e", "f <= e + 7", "optimal"), ("max", "e", "e >= 1", "unbounded ("),
    ("max", "900000000 * f", "e + f <= 9", "optimal"),
])  # fmt: skip
def test_a_cpsat_program_does_not_take_its_stand_in_for_infinity_for_a_bound(
    tmp_path: Path, sense: str, goal: str, rule: str, said: str
) -> None:
    pytest.importorskip("ortools", reason="CP-SAT needs ortools")
    (tmp_path / "m.yaml").write_text(json.dumps({
        "schema": "formulate/1", "name": "m", "objective": {"sense": sense, "terms": [{"name": "t", "expr": goal}]},
        "variables": [{"name": "e", "domain": "integer", "lower": "0"},
                      {"name": "f", "domain": "integer", "lower": "0", "upper": "4000000000"}],
        "constraints": [{"name": "c", "expr": rule}],
    }))
    assert formulate("emit", "m.yaml", "--to", "cpsat", "--out", "m.py", cwd=tmp_path).code == 0
    done = subprocess.run([sys.executable, "m.py"], capture_output=True, text=True, check=True, cwd=tmp_path)
    status = done.stdout.splitlines()[0].removeprefix("status: ")
    assert status.startswith(said), done.stdout


def test_a_refusal_names_the_targets_that_hold_the_formulation(tmp_path: Path) -> None:
    path = tmp_path / "can.yaml"
    path.write_text(
        "schema: formulate/1\nname: can\nvariables: [{name: r, lower: '1', upper: '9'}]\n"
        "objective: {sense: min, terms: [{name: a, expr: r**3}]}\n"
    )
    for target, others in (("cpsat", "emit for pyomo, scip, gurobipy"), ("mps", "emit for nl, pyomo, scip, gurobipy")):
        run = formulate("emit", str(path), "--to", target, cwd=tmp_path)
        assert run.code == 2
        assert others in run.err
    for target in ("pyomo", "scip", "nl"):
        assert formulate("emit", str(path), "--to", target, cwd=tmp_path).code == 0
