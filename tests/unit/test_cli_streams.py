"""Closed streams, odd terminals, gaps: nothing is lost without a word."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.unit.cli_runs import PROGRAM, formulate, write_formulation


def shell(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", line], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("words", ["--help", "--version", "solve model.json", "check model.json", "solve model.json --json"])
def test_a_closed_stdout_is_told_and_is_no_success(words: str, tmp_path: Path) -> None:
    write_formulation(tmp_path)
    program = f"'{PROGRAM[0]}' -m formulate.cli.main"
    done = shell(f"{program} {words} >&-", tmp_path)
    assert done.returncode == 5
    assert "cannot be written" in done.stderr
    assert "internal error" not in done.stderr
    assert shell(f"{program} {words} >&- 2>&-", tmp_path).returncode == 5


@pytest.mark.parametrize("columns", ["0", "1", "12"])
def test_no_width_hides_the_answer(columns: str, tmp_path: Path) -> None:
    write_formulation(tmp_path, constraints=[{"name": "c", "expr": "x >= 7"}])
    found = formulate("solve", "model.json", cwd=tmp_path, env={"COLUMNS": columns})
    assert found.code == 0
    assert "optimal" in found.out
    assert "7" in found.out


GAP = {
    "sets": [{"name": "I", "expr": "range(40)"}],
    "parameters": [{"name": "w", "over": ["i in I"], "expr": "(i*37) % 23 + 11"},
                   {"name": "v", "over": ["i in I"], "expr": "(i*53) % 29 + 17"}],
    "variables": [{"name": "x", "over": ["i in I"], "domain": "binary"}],
    "objective": {"sense": "max", "terms": [{"name": "worth", "expr": "sum(v[i]*x[i] for i in I)"}]},
    "constraints": [{"name": "c", "expr": "sum(w[i]*x[i] for i in I) <= 333"}],
}


def test_an_optimum_within_a_wide_gap_says_so(tmp_path: Path) -> None:
    write_formulation(tmp_path, **GAP)
    # HiGHS stops at 630 of 648 here.
    wide = formulate("solve", "model.json", "--gap", "0.9", "--solver", "highs", cwd=tmp_path)
    exact = formulate("solve", "model.json", "--solver", "highs", cwd=tmp_path)
    assert exact.out.startswith("optimal   maximum worth 648")
    assert wide.code == 0
    assert wide.out.startswith("optimal   maximum worth 648") or wide.out.startswith("optimal within a gap of ")


@pytest.mark.parametrize("name", ["empty.yaml", "empty.json"])
def test_an_unreadable_formulation_names_its_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("")
    (tmp_path / "list.yaml").write_text("- 1")
    found = formulate("check", name, cwd=tmp_path)
    assert (found.code, f"{name}: the file is empty" in found.err) == (2, True)
    assert "list.yaml: a list" in formulate("check", "list.yaml", cwd=tmp_path).err


@pytest.mark.parametrize(("package", "words"), [("rich", "solve"), ("yaml", "check"), ("highspy", "solve")])
def test_a_component_that_cannot_be_loaded_is_no_fault_of_the_input(package: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "broken" / package).mkdir(parents=True)
    (tmp_path / "broken" / package / "__init__.py").write_text("raise ImportError('gone')")
    write_formulation(tmp_path)
    (tmp_path / "model.yaml").write_text((tmp_path / "model.json").read_text())
    found = formulate(words, "model.yaml", cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "broken")})
    assert found.code == 5
    assert "remedy:" in found.err
    assert "internal error" not in found.err
