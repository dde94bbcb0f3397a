"""The doctor and everything that must still speak when another package hides ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from formulate.cli import probe
from solvers.adapters import ADAPTERS, adapter
from solvers.adapters.base import RawSolution
from solvers.adapters.examine import examine
from solvers.adapters.highs import HighsAdapter
from tests.unit.cli_runs import formulate, write_formulation
from tests.unit.hard_models import absent


def test_sound_installation(tmp_path: Path) -> None:
    run = formulate("doctor", "--json", cwd=tmp_path)
    states = {line["about"]: line["state"] for line in run.json["lines"]}
    assert run.code == 0, run.json
    assert states["HiGHS"] == states["SCIP"] == "ok"
    assert formulate("doctor", cwd=tmp_path).code == 0


def test_the_width_that_is_asked_for_is_kept(tmp_path: Path) -> None:
    wide = formulate("doctor", cwd=tmp_path, env={"COLUMNS": "200"}).out
    narrow = formulate("doctor", cwd=tmp_path, env={"COLUMNS": "70"}).out
    # A path is never broken, so that it can be copied: alone on its line it may stand out.
    assert all(len(line) <= 70 or len(line.split()) == 1 for line in narrow.splitlines())
    assert max(map(len, wide.splitlines())) > 70
    assert narrow.split() == wide.split()


def hide(folder: Path, name: str, kind: str) -> dict[str, str]:
    other = folder / "elsewhere"
    other.mkdir()
    if kind == "module":
        (other / f"{name}.py").write_text("raise SystemError('this must not be imported')")
    elif kind == "package":
        (other / name).mkdir()
        (other / name / "__init__.py").write_text("raise SystemError('this must not be imported')")
    return {"PYTHONPATH": str(other)}


@pytest.mark.parametrize("name", ["solvers", "verify"])
@pytest.mark.parametrize("kind", ["module", "package"])
def test_a_hidden_package_is_named_by_every_command(tmp_path: Path, name: str, kind: str) -> None:
    env = hide(tmp_path, name, kind)
    (tmp_path / "p.txt").write_text("A farm has 3 fields.")
    model = write_formulation(tmp_path)
    for words in (("p.txt",), ("read", "p.txt"), ("check", model), ("solve", model), ("solve", model, "--bad")):
        run = formulate(*words, cwd=tmp_path, env=env)
        assert run.code == 5
        assert run.out == ""
        assert f"`{name}`" in run.err
        assert "elsewhere" in run.err
        assert "Traceback" not in run.err
    as_json = formulate("solve", model, "--json", cwd=tmp_path, env=env)
    assert as_json.code == 5
    assert as_json.json["exit_code"] == 5
    doctor = formulate("doctor", "--json", cwd=tmp_path, env=env)
    assert doctor.code == 5
    hidden = [line for line in doctor.json["lines"] if line["about"] == f"package {name}"]
    assert [line["state"] for line in hidden] == ["wrong"]
    assert "elsewhere" in hidden[0]["found"]
    assert formulate("doctor", cwd=tmp_path, env=env).code == 5
    assert formulate("--help", cwd=tmp_path, env=env).code == 0


def test_probes_report_crashes_and_failures() -> None:
    assert probe.run_python("print('fine')") == probe.Probe(True, "fine")
    crash = probe.run_python("import os; os.abort()")
    assert not crash.works
    assert "signal" in crash.said
    failure = probe.run_python("import no_such_library_at_all")
    assert not failure.works
    assert "no_such_library_at_all" in failure.said


def test_a_solver_that_answers_wrongly_is_not_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(probe.SOLVERS, "highspy", ("HiGHS", "print('1.0', 3.0)"))
    assert not probe.solver_probe("highspy").works
    monkeypatch.setitem(probe.SOLVERS, "highspy", ("HiGHS", "pass"))
    assert not probe.solver_probe("highspy").works


def test_every_adapter_is_listed_with_what_it_takes(tmp_path: Path) -> None:
    lines = {line["about"]: line for line in formulate("doctor", "--json", cwd=tmp_path).json["lines"]}
    for name in ADAPTERS:
        line = lines[f"--solver {name}"]
        assert line["takes"] == sorted(adapter(name).capabilities)
        assert (line["state"] == "absent") == bool(absent(name)), line
        assert bool(line["remedy"]) == (line["state"] != "ok")
        assert line["state"] != "wrong", line


def test_solvers_that_are_absent_are_no_fault_and_come_with_a_remedy(tmp_path: Path) -> None:
    hidden = tmp_path / "none"
    for name in ("ortools", "pyomo"):
        (hidden / name).mkdir(parents=True)
        (hidden / name / "__init__.py").write_text(f"raise ImportError('no {name} here')")
    run = formulate("doctor", "--json", cwd=tmp_path, env={"PYTHONPATH": str(hidden)})
    lines = {line["about"]: line for line in run.json["lines"]}
    assert lines["--solver glop"]["state"] == lines["--solver pyomo:cbc"]["state"] == "absent"
    assert "pip install 'ortools" in lines["--solver glop"]["remedy"]
    assert "pip install 'pyomo" in lines["--solver pyomo:cbc"]["remedy"]
    assert lines["--solver highs"]["state"] == "ok"


def test_a_crash_is_laid_to_the_solver_that_was_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    told = "{{'name': name, 'state': 'ok', 'said': str(1 // (name != 'glop'))}}"
    monkeypatch.setattr(probe, "_ADAPTERS", probe._ADAPTERS.replace("asdict(examine(name))", told))
    found = probe.examine_adapters(pyomo=False)
    states = {item["name"]: item for item in found}
    assert "ZeroDivisionError" in states["glop"]["said"]
    assert states["glop"]["state"] == "wrong"
    assert states["highs"]["said"].startswith("not examined, after glop")
    monkeypatch.setattr(probe, "_ADAPTERS", "raise SystemError('nothing')")
    (only,) = probe.examine_adapters(pyomo=True)
    assert only["state"] == "wrong"
    assert "nothing" in only["said"]


def test_a_solver_that_answers_our_small_model_wrongly_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HighsAdapter, "solve", lambda self, model, options: RawSolution("optimal", "feasible", objective=4.0))
    found = examine("highs")
    assert found.state == "wrong"
    assert "4.0" in found.said


def test_language_models_are_named_where_a_key_is_known_without_showing_it(tmp_path: Path) -> None:
    key = "sk-test-0123456789abcdef"
    run = formulate("doctor", "--json", cwd=tmp_path, env={"OPENAI_API_KEY": key})
    lines = {line["about"]: line for line in run.json["lines"]}
    assert lines["--llm openai:MODEL"]["state"] == "ok" and key not in run.out + run.err
