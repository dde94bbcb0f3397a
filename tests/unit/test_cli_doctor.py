"""The doctor and everything that must still speak when another package hides ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from formulate.cli import probe
from tests.unit.cli_runs import formulate, write_formulation


def test_sound_installation(tmp_path: Path) -> None:
    run = formulate("doctor", "--json", cwd=tmp_path)
    states = {line["about"]: line["state"] for line in run.json["lines"]}
    assert run.code == 0, run.json
    assert states["HiGHS"] == states["SCIP"] == "ok"
    assert formulate("doctor", cwd=tmp_path).code == 0


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
