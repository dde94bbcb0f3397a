"""Solving from the command line: exit codes by outcome, `--json`, limits, and what it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli_runs import PROGRAM, formulate, write_formulation

BAKERY = """A bakery makes rye bread and wheat bread. Each loaf of rye bread needs 0.5 kg of flour and 20 minutes of
oven time, and each loaf of wheat bread needs 0.4 kg of flour and 15 minutes of oven time. Every day there are 60 kg of
flour and 2400 minutes of oven time available. The profit is 3 euros per loaf of rye bread and 2.5 euros per loaf of
wheat bread. At least 30 loaves of rye bread must be baked. How many loaves of each kind should the bakery make to
maximize its profit?
"""


def hard(folder: Path) -> Path:
    """A market split problem: feasible at once, not to be proven optimal within seconds."""
    rows = [[(37 * (k + 3) ** 2 * (j + 7) ** 3 + 11 * j * k) % 99 for j in range(40)] for k in range(5)]
    return write_formulation(
        folder, "hard.json",
        sets=[{"name": "I", "expr": "range(5)"}, {"name": "J", "expr": "range(40)"}],
        parameters=[
            {"name": "a", "axes": ["I", "J"], "values": rows},
            {"name": "d", "axes": ["I"], "values": [sum(r) // 2 for r in rows]},
        ],
        variables=[
            {"name": "x", "over": ["j in J"], "domain": "binary"},
            {"name": "s", "over": ["i in I"], "lower": "0"}, {"name": "r", "over": ["i in I"], "lower": "0"},
        ],
        objective={"sense": "min", "terms": [{"name": "miss", "expr": "sum(s[i] + r[i] for i in I)"}]},
        constraints=[{"name": "c", "over": ["i in I"], "expr": "sum(a[i, j] * x[j] for j in J) + s[i] - r[i] == d[i]"}],
    )  # fmt: skip


def nonconvex(folder: Path) -> Path:
    return write_formulation(
        folder,
        variables=[{"name": "x", "lower": "0", "upper": "5"}, {"name": "y", "lower": "0", "upper": "5"}],
        objective={"sense": "max", "terms": [{"name": "area", "expr": "x * y"}]},
        constraints=[{"name": "fence", "expr": "x + y <= 6"}],
    )


def test_optimum_and_json(tmp_path: Path) -> None:
    path = write_formulation(
        tmp_path,
        sets=[{"name": "towns", "elements": ["C", "D"]}],
        variables=[{"name": "x", "over": ["t in towns"], "lower": "0", "upper": "4"}, {"name": "y", "upper": "3"}],
        objective={"sense": "max", "terms": [{"name": "goal", "expr": "2 * x['C'] + x['D'] + y"}]},
    )
    run = formulate("solve", path, "--json", cwd=tmp_path)
    assert run.code == 0
    assert run.err == ""
    document = run.json
    assert document["schema"] == "formulate-solution/1"
    assert (document["termination"], document["primal_status"]) == ("optimal", "feasible")
    assert document["objective"] == pytest.approx(15)
    assert document["values"]["x"] == [{"key": ["C"], "value": 4.0}, {"key": ["D"], "value": 4.0}]
    assert document["values"]["y"] == [{"key": [], "value": 3.0}]
    assert document["check"]["feasible"] is True


def test_infeasible_and_unbounded(tmp_path: Path) -> None:
    infeasible = write_formulation(tmp_path, "a.json", constraints=[{"name": "c", "expr": "x <= -1"}])
    unbounded = write_formulation(
        tmp_path, "b.json", objective={"sense": "max", "terms": [{"name": "goal", "expr": "x"}]}
    )
    for path, word in ((infeasible, "infeasible"), (unbounded, "unbounded")):
        run = formulate("solve", path, "--json", cwd=tmp_path)
        assert run.code == 4
        assert word in run.json["termination"]
        assert run.json["objective"] is None
        assert run.json["values"] == {}
        assert formulate("solve", path, cwd=tmp_path).code == 4


def test_time_limit_with_a_solution_is_no_optimum(tmp_path: Path) -> None:
    run = formulate("solve", hard(tmp_path), "--time-limit", "1", "--json", cwd=tmp_path)
    assert run.code == 0
    assert run.json["termination"] == "time_limit"
    assert run.json["primal_status"] == "feasible"
    shown = formulate("solve", hard(tmp_path), "--time-limit", "1", cwd=tmp_path)
    assert shown.code == 0
    assert "not proven optimal" in shown.out


def test_time_limit_without_a_solution(tmp_path: Path) -> None:
    run = formulate("solve", hard(tmp_path), "--time-limit", "1e-9", "--json", cwd=tmp_path)
    assert run.code == 3
    assert run.json["termination"] == "time_limit"
    assert run.json["objective"] is None


def test_nonconvex_model_is_refused_by_highs_and_solved_by_scip(tmp_path: Path) -> None:
    refused = formulate("solve", nonconvex(tmp_path), "--solver", "highs", cwd=tmp_path)
    assert refused.code == 2
    assert "--solver scip" in refused.err
    solved = formulate("solve", nonconvex(tmp_path), "--json", cwd=tmp_path)
    assert solved.code == 0
    assert solved.json["objective"] == pytest.approx(9, abs=1e-4)
    assert solved.json["solver"] == "scip"


def test_a_solver_that_is_no_solver_is_wrong_use_and_one_that_is_absent_a_missing_component(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text(BAKERY)
    for words in (("solve", write_formulation(tmp_path)), ("p.txt",)):
        run = formulate(*words, "--solver", "clever", cwd=tmp_path)
        assert run.code == 2
        assert "clever" in run.err
        assert "highs" in run.err
        assert "did you mean highs?" in formulate(*words, "--solver", "higs", cwd=tmp_path).err
        absent = formulate(*words, "--solver", "couenne", cwd=tmp_path, env={"PATH": ""})
        assert absent.code == 5
        assert "couenne" in absent.err + absent.out


def test_missing_data_are_asked_for_by_the_option_that_brings_them(tmp_path: Path) -> None:
    document = {"name": "t", "sets": [{"name": "S"}], "parameters": [{"name": "c", "axes": ["S"]}],
                "variables": [{"name": "x", "over": ["i in S"], "lower": "0"}],
                "objective": {"sense": "min", "terms": [{"name": "g", "expr": "sum(c[i] * x[i] for i in S)"}]}}  # fmt: skip
    (tmp_path / "m.json").write_text(json.dumps({"schema": "formulate/1", **document}))
    run = formulate("solve", "m.json", cwd=tmp_path)
    assert run.code == 2
    assert "--data FILE" in run.err


def test_problem_from_words(tmp_path: Path) -> None:
    best = max(
        3 * rye + 2.5 * wheat
        for rye in range(30, 121) for wheat in range(161)
        if 0.5 * rye + 0.4 * wheat <= 60 + 1e-9 and 20 * rye + 15 * wheat <= 2400
    )  # fmt: skip
    (tmp_path / "p.txt").write_text(BAKERY)
    run = formulate("p.txt", "--json", cwd=tmp_path)
    assert run.code == 0
    document = run.json
    assert document["schema"] == "formulate-result/1"
    assert document["outcome"] == "answered"
    assert (document["termination"], document["primal_status"]) == ("optimal", "feasible")
    assert document["objective"] == pytest.approx(best)
    assert document["formulation"]["schema"] == "formulate/1"
    assert document["code_target"] == "highspy"
    (tmp_path / "model.py").write_text(document["code"])
    script = subprocess.run([sys.executable, "model.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert float(script.stdout.split("objective: ")[1]) == pytest.approx(best)
    assert document["report"]["not_verified"]
    assert {f["verdict"] for f in document["report"]["findings"]} == {"consistent"}
    shown = formulate("-", cwd=tmp_path, stdin=BAKERY.encode())
    assert shown.code == 0
    assert f"{best:g}" in shown.out
    assert "not verified" in shown.out


def test_abstention_names_its_reasons(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("The king of France is bald, and 17 poets have written about it.")
    run = formulate("p.txt", "--json", cwd=tmp_path)
    assert run.code == 3
    assert run.json["outcome"] == "abstained"
    assert run.json["objective"] is None
    assert all(reason["why"] for reason in run.json["abstained"])
    assert run.json["abstained"]
    shown = formulate("p.txt", cwd=tmp_path)
    assert shown.code == 3
    assert "abstained" in shown.out


def test_read_accounts_for_the_numbers(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text(BAKERY)
    run = formulate("read", "p.txt", "--json", cwd=tmp_path)
    assert run.code == 0
    values = [item["value"] for item in run.json["quantities"] if item["counts"]]
    assert sorted(values) == sorted([0.5, 20, 0.4, 15, 60, 2400, 3, 2.5, 30])
    for item in run.json["quantities"]:
        assert BAKERY[item["start"] : item["end"]] == item["text"]
    assert formulate("read", "p.txt", cwd=tmp_path).code == 0


def test_streams_without_unicode(tmp_path: Path) -> None:
    path = write_formulation(tmp_path, name="m.json", variables=[{"name": "x", "lower": "0", "unit": "€/日"}])
    for encoding in ("ascii", "latin-1"):
        run = formulate("solve", path, cwd=tmp_path, env={"PYTHONIOENCODING": encoding})
        assert run.code == 0, run.err
        assert run.err == ""


def test_colours_only_on_a_terminal(tmp_path: Path) -> None:
    assert "\x1b" not in formulate("solve", write_formulation(tmp_path), cwd=tmp_path).out


def test_what_libraries_print_stays_off_stdout_under_json(tmp_path: Path) -> None:
    """SCIP, for one, writes to file descriptor 1 past Python when it is interrupted."""
    program = (
        "import os, sys\n"
        "import formulate.cli.check as command\n"
        "genuine = command.run\n"
        "def noisy(options):\n"
        "    os.write(1, b'banner of a library')\n"
        "    return genuine(options)\n"
        "command.run = noisy\n"
        "from formulate.cli.main import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "check", str(write_formulation(tmp_path)), "--json"], cwd=tmp_path,
        capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert json.loads(done.stdout)["schema"] == "formulate-check/1"
    assert b"banner" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes of this kind")
def test_reader_that_goes_away(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*PROGRAM, "solve", str(write_formulation(tmp_path))], cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE,
        timeout=300, check=False,
    )  # fmt: skip
    os.close(writer)
    assert done.returncode == 141
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [["--json"], []])
def test_a_result_that_cannot_be_written(tmp_path: Path, words: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*PROGRAM, "solve", str(write_formulation(tmp_path)), *words], cwd=tmp_path, stdout=full,
            stderr=subprocess.PIPE, timeout=300, check=False,
        )  # fmt: skip
    assert done.returncode == 5
    assert b"cannot be written" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT of this kind")
def test_interrupt(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "-", "--json"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    # More than a pipe holds: once all of it is written, the program has started and is reading.
    process.stdin.write(b"A farm has fields. " * 50_000)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(out)["error"]["kind"] == "Interrupted"
