"""Bad input on the command line: a clear message, the right exit code, nothing else on stdout."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli_runs import formulate, write_formulation


def refused(run, *said: str, code: int = 2) -> None:
    assert run.code == code, run.err
    assert run.out == ""
    assert "Traceback" not in run.err
    for words in said:
        assert words in run.err


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("  \n\n")
    refused(formulate("p.txt", cwd=tmp_path), "p.txt is empty", "remedy")


def test_empty_standard_input(tmp_path: Path) -> None:
    refused(formulate("-", cwd=tmp_path), "standard input is empty")


def test_binary_file(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_bytes(bytes(range(256)) * 10)
    refused(formulate("p.txt", cwd=tmp_path), "binary")


def test_latin1_file_names_the_byte(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_bytes("Une boulangerie a 3 fours très grands.".encode("latin-1"))
    refused(formulate("p.txt", cwd=tmp_path), "not UTF-8", "0xe8", "iconv")


def test_ten_megabytes_of_text(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("a farm has 3 fields. " * 500_000)
    refused(formulate("p.txt", cwd=tmp_path), "longer than", "--data")


def test_two_megabytes_of_text(tmp_path: Path) -> None:
    """Within what is read from disk, over what the reader takes."""
    (tmp_path / "p.txt").write_text("a farm has 3 fields. " * 100_000)
    refused(formulate("p.txt", cwd=tmp_path), "characters")


def test_directory(tmp_path: Path) -> None:
    (tmp_path / "p.txt").mkdir()
    refused(formulate("p.txt", cwd=tmp_path), "is a directory")
    (tmp_path / "m.yaml").mkdir()
    refused(formulate("solve", "m.yaml", cwd=tmp_path), "m.yaml")


def test_missing_file(tmp_path: Path) -> None:
    refused(formulate("p.txt", cwd=tmp_path), "no file p.txt")
    refused(formulate("solve", "m.yaml", cwd=tmp_path), "m.yaml")
    refused(formulate("check", "m.yaml", cwd=tmp_path), "m.yaml")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that no one can read from its start")
def test_unreadable_file(tmp_path: Path) -> None:
    refused(formulate("/proc/self/mem", cwd=tmp_path), "cannot be read")


def test_formulation_given_as_problem_is_told_apart(tmp_path: Path) -> None:
    write_formulation(tmp_path)
    refused(formulate("model.json", cwd=tmp_path), "formulate solve model.json")


def test_problem_given_to_solve_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("A farm has 3 fields.")
    refused(formulate("solve", "p.txt", cwd=tmp_path), "formulate p.txt")


def test_document_that_is_no_formulation(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text('{"schema": "formulate/1", "name": "x", "varaibles": []}')
    refused(formulate("solve", "m.json", cwd=tmp_path), "varaibles")


def test_undeclared_symbol(tmp_path: Path) -> None:
    path = write_formulation(tmp_path, constraints=[{"name": "c", "expr": "x + y >= 1"}])
    refused(formulate("solve", path, cwd=tmp_path), "'y'", "remedy")
    run = formulate("check", path, cwd=tmp_path)
    assert run.code == 1
    assert "'y' is not declared" in run.out


def test_index_of_the_wrong_set(tmp_path: Path) -> None:
    path = write_formulation(
        tmp_path,
        sets=[{"name": "plants", "elements": ["A", "B"]}, {"name": "towns", "elements": ["C", "D"]}],
        parameters=[{"name": "cost", "axes": ["towns"], "values": {"C": 1, "D": 2}}],
        variables=[{"name": "x", "over": ["p in plants"], "lower": "0"}],
        objective={"sense": "min", "terms": [{"name": "goal", "expr": "sum(cost[p] * x[p] for p in plants)"}]},
    )
    refused(formulate("solve", path, cwd=tmp_path), "cost", "towns")
    assert formulate("check", path, cwd=tmp_path).code == 1


def test_missing_data_label(tmp_path: Path) -> None:
    path = write_formulation(
        tmp_path,
        sets=[{"name": "towns", "elements": ["C", "D"]}],
        parameters=[{"name": "cost", "axes": ["towns"], "values": {"C": 1}}],
        variables=[{"name": "x", "over": ["t in towns"], "lower": "0"}],
        objective={"sense": "min", "terms": [{"name": "goal", "expr": "sum(cost[t] * x[t] for t in towns)"}]},
    )
    refused(formulate("solve", path, cwd=tmp_path), "cost", "D")


def test_missing_data_file(tmp_path: Path) -> None:
    path = write_formulation(tmp_path)
    refused(formulate("solve", path, "--data", "none.csv", cwd=tmp_path), "none.csv")


def test_cyclic_sets(tmp_path: Path) -> None:
    path = write_formulation(
        tmp_path,
        sets=[{"name": "A", "expr": "range(len(B))"}, {"name": "B", "expr": "range(len(A))"}],
        variables=[{"name": "x", "over": ["i in A"], "lower": "0"}],
        objective={"sense": "min", "terms": [{"name": "goal", "expr": "sum(x[i] for i in A)"}]},
    )
    refused(formulate("solve", path, cwd=tmp_path), "A -> B -> A")
    run = formulate("check", path, cwd=tmp_path)
    assert run.code == 1
    assert "A -> B -> A" in run.out


@pytest.mark.parametrize("count", [5_000, 100_000])
def test_nested_minus_signs(tmp_path: Path, count: int) -> None:
    path = write_formulation(tmp_path, objective={"sense": "min", "terms": [{"name": "goal", "expr": "-" * count + "x"}]})
    refused(formulate("solve", path, cwd=tmp_path), "goal")
    assert formulate("check", path, cwd=tmp_path).code == 1


def test_control_characters_reach_no_terminal(tmp_path: Path) -> None:
    evil = "\x1b[31mred\x07\x9b2J\u202e"
    path = write_formulation(tmp_path, name="m.json", constraints=[{"name": "c", "expr": f"x >= missing['{evil}']"}])
    for words in (("check", path), ("solve", path), (f"{evil}.txt",)):
        run = formulate(*words, cwd=tmp_path)
        assert run.code in (1, 2)
        assert not set(run.out + run.err) & set("\x1b\x07\x9b\u202e")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["slove", "x.yaml"], "did you mean `formulate solve`"),
        (["emit", "m.yaml"], "--to"),
        (["verify", "m.yaml"], "not in this version"),
        (["eval", "nl4opt"], "not in this version"),
        (["qqq"], "neither a command nor a file"),
        (["--json"], "required"),
        (["solve"], "required"),
        (["solve", "--time-limit", "-1", "m.yaml"], "--time-limit"),
        (["solve", "--time-limit", "nan", "m.yaml"], "--time-limit"),
        (["solve", "--threads", "0", "m.yaml"], "--threads"),
        (["solve", "--seed", "99999999999", "m.yaml"], "--seed"),
        (["solve", "--gap", "x", "m.yaml"], "--gap"),
        (["solve", "--sovler", "highs", "m.yaml"], "--sovler"),
    ],
)
def test_wrong_use(tmp_path: Path, words: list[str], said: str) -> None:
    run = formulate(*words, cwd=tmp_path)
    assert run.code == 2
    assert said in run.out + run.err
    assert "Traceback" not in run.err


def test_no_words_show_the_help_and_fail(tmp_path: Path) -> None:
    run = formulate(cwd=tmp_path)
    assert run.code == 2
    assert run.out == ""
    assert "usage" in run.err


def test_file_named_like_a_command(tmp_path: Path) -> None:
    """`read` is the command, `./read` the file."""
    (tmp_path / "read").write_text("There is nothing here to decide about.")
    assert formulate("./read", cwd=tmp_path).code == 3
    refused(formulate("read", cwd=tmp_path), "PROBLEM")


@pytest.mark.parametrize(
    "words", [["none.txt"], ["solve", "none.yaml"], ["check", "none.yaml"], ["solve", "--gap", "x"], ["slove"], ["emit", "x"]]
)
def test_errors_under_json_are_one_object(tmp_path: Path, words: list[str]) -> None:
    run = formulate(*words, "--json", cwd=tmp_path)
    assert run.code == 2
    document = run.json
    assert document["schema"] == "formulate-error/1"
    assert document["outcome"] == "failed"
    assert document["exit_code"] == 2
    assert document["error"]["message"]
    assert run.err == ""


def test_a_program_is_sent_to_the_command_that_runs_it(tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text("print(1)\n")
    for words in (["p.py"], ["read", "p.py"], ["check", "p.py"], ["solve", "p.py"], ["diagnose", "p.py"]):
        refused(formulate(*words, cwd=tmp_path), "formulate run p.py")
    assert "no model" in (run := formulate("run", "p.py", cwd=tmp_path)).out + run.err or "1" in run.out
