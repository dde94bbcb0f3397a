"""`formulate run`: what is shown of a program, exit codes, captured models, batches that are killed and continued."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from solvers.model import Model
from tests.unit.cli_runs import PROGRAM, formulate

SHOP = '''import highspy

h = highspy.Highs()
h.setOptionValue("output_flag", False)
limit = data["hours"] if "data" in globals() else 60
x = h.addVariable(lb=0, ub=10, name="chairs")
y = h.addVariable(lb=0, name="tables")
h.addConstr(2 * x + 3 * y <= limit)
h.maximize(5 * x + 8 * y)
value = h.getObjectiveValue()
print("Total profit:", value)
'''
"""The optimum is 8 * limit / 3, with tables alone."""
INFEASIBLE = SHOP.replace("<= limit)", "<= -1)").split("value =")[0]


def write(folder: Path, text: str, name: str = "shop.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_program_is_shown_with_its_model_and_its_value(tmp_path: Path) -> None:
    write(tmp_path, SHOP)
    run = formulate("run", "shop.py", "--confirm", cwd=tmp_path)
    assert run.code == 0, run.err
    assert run.out.startswith("optimal   maximum 160")
    for words in ("shop.py, 11 lines", "highspy", "LP, 2 columns, 1 row", "confirmed", "agrees with the solver", "tables", "20",
                  "Total profit: 160"):
        assert words in " ".join(run.out.split()), words


def test_json_holds_what_is_shown(tmp_path: Path) -> None:
    write(tmp_path, SHOP)
    write(tmp_path, '{"hours": 30}', "data.json")
    run = formulate("run", "shop.py", "--data", "data.json", "--json", cwd=tmp_path)
    assert run.code == 0
    document = run.json
    assert (document["schema"], document["exit_code"]) == ("formulate-run/1", 0)
    assert document["objective"] == pytest.approx(80)
    assert document["values"] == {"chairs": 0.0, "tables": pytest.approx(10)}
    assert document["agrees"] is True
    assert document["reported"]["value"] == pytest.approx(80)
    (solve,) = document["solves"]
    assert (solve["library"], solve["class"], solve["columns"], solve["rows"], solve["sense"]) == ("highspy", "LP", 2, 1, "max")
    assert solve["check"]["feasible"] is True


@pytest.mark.parametrize("suffix", ["mps", "nl", "json"])
def test_the_captured_model_has_the_optimum(suffix: str, tmp_path: Path) -> None:
    write(tmp_path, SHOP)
    run = formulate("run", "shop.py", "--capture", f"model.{suffix}", cwd=tmp_path)
    assert run.code == 0, run.err
    if suffix == "json":
        from solvers import solve
        from solvers.sandbox.document import model_from_document

        model = model_from_document(json.loads((tmp_path / "model.json").read_text()))
        assert isinstance(model, Model)
        assert solve(model).objective == pytest.approx(160)
        return
    solved = formulate("solve", f"model.{suffix}", "--json", cwd=tmp_path)
    assert solved.json["objective"] == pytest.approx(160)


@pytest.mark.parametrize(("name", "text"), [
    ("answer.md", f"Here is the model, it's simple:\n\n```python\n{SHOP}```\n\nThis prints 160.\n"),
    ("answer.txt", SHOP + "\nThis doesn't print 161.\n"), ("plain.txt", SHOP),
    ("book.ipynb", json.dumps({"cells": [
        {"cell_type": "markdown", "source": ["# Shop"]}, {"cell_type": "code", "source": ["!pip install highspy\n"]},
        {"cell_type": "code", "source": SHOP.splitlines(keepends=True)}]})),
])  # fmt: skip
def test_programs_are_taken_out_of_what_holds_them(name: str, text: str, tmp_path: Path) -> None:
    write(tmp_path, text, name)
    run = formulate("run", name, "--json", cwd=tmp_path)
    assert run.code == 0, run.err + run.out
    assert run.json["objective"] == pytest.approx(160)


def test_standard_input_and_a_named_function(tmp_path: Path) -> None:
    run = formulate("run", "-", "--json", cwd=tmp_path, stdin=SHOP.encode())
    assert run.json["objective"] == pytest.approx(160)
    function = "def plan(data):\n" + "".join(f"    {line}\n" for line in SHOP.splitlines()) + "    return value\n"
    write(tmp_path, function + "\ndef other():\n    return 3\n")
    write(tmp_path, '{"hours": 30}', "d.json")
    run = formulate("run", "shop.py", "--function", "plan", "--data", "d.json", "--json", cwd=tmp_path)
    assert (run.json["entry"], run.json["reported"]["how"]) == ("plan()", "returned")
    assert run.json["reported"]["value"] == pytest.approx(80)


OUTCOMES: dict[str, tuple[str, int, str]] = {
    "infeasible": (INFEASIBLE, 4, "infeasible"),
    "syntax": (SHOP.replace("x = h", "x = = h"), 2, "line 6"),
    "exception": (SHOP.replace("h.maximize(", "h.nothing(").replace("value = ", "#"), 3, "line 9"),
    "failed after its solve": (SHOP + "\nprint(unknown)\n", 0, "and then the program failed"),
    "nothing solved": ("print('hello')", 3, "solved nothing"),
    "missing library": ("import docplex_no_such\n", 5, "install docplex_no_such"),
    "left": ("import sys\nsys.exit(3)", 3, "left with 3"),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_exit_codes_and_words(name: str, tmp_path: Path) -> None:
    source, code, said = OUTCOMES[name]
    write(tmp_path, source)
    run = formulate("run", "shop.py", cwd=tmp_path)
    assert run.code == code, run.out + run.err
    assert said in " ".join(run.out.split())
    if name == "infeasible":
        assert formulate("run", "shop.py", "--json", cwd=tmp_path).json["exit_code"] == code


def test_an_endless_program_ends_at_its_limit(tmp_path: Path) -> None:
    write(tmp_path, "while True:\n    pass\n")
    run = formulate("run", "shop.py", "--time-limit", "1", cwd=tmp_path)
    assert run.code == 3
    assert "time" in run.out


def test_an_answer_that_does_not_follow_from_its_model_is_not_believed(tmp_path: Path) -> None:
    fake = SHOP + '''
from dataclasses import replace
from solvers.sandbox.recorder import recorder
last = recorder().solves[-1]
recorder().solved(library="highspy", asked="highs", solved_by="highs", model=last.model,
                  result=replace(last.result, objective=9999.0))
'''
    write(tmp_path, fake)
    run = formulate("run", "shop.py", cwd=tmp_path)
    assert run.code == 1, run.out
    assert run.out.startswith("not to be believed")


def test_a_loop_over_scenarios_reports_their_sum(tmp_path: Path) -> None:
    body = "".join(f"    {line}\n" for line in SHOP.splitlines() if "print" not in line and "import" not in line)
    write(tmp_path, "import highspy\ntotal = 0\nfor hours in (30, 60):\n    data = {'hours': hours}\n" + body
          + "    total += value\nprint('Total profit:', total)\n")  # fmt: skip
    run = formulate("run", "shop.py", "--json", cwd=tmp_path)
    assert [solve["objective"] for solve in run.json["solves"]] == pytest.approx([80, 160])
    assert (run.json["reported"]["value"], run.json["agrees"]) == (pytest.approx(240), True)
    assert "the sum of the objectives of 2 solves" in " ".join(formulate("run", "shop.py", cwd=tmp_path).out.split())


def test_what_a_program_is_not_let_do_is_said(tmp_path: Path) -> None:
    write(tmp_path, SHOP + "import socket\ntry:\n    socket.socket()\nexcept OSError:\n    pass\n")
    run = formulate("run", "shop.py", "--json", cwd=tmp_path)
    assert run.code == 0
    assert run.json["refused"]


@pytest.mark.parametrize(("words", "said"), [
    (["run", "nothing.py"], "no file"), (["run", "table.csv"], "no program by its name"),
    (["run", "prose.txt"], "holds no program"), (["run", "shop.py", "--data", "nothing.json"], "cannot be read"),
    (["run", "shop.py", "--data", "prose.txt"], "no JSON"), (["run", "shop.py", "--memory", "much"], "no size of memory"),
    (["run", "shop.py", "--capture", "model.xyz"], "names no format"), (["run", "shop.py", "--out", "x.jsonl"], ".jsonl file"),
    (["run", "shop.py", "--capture", "no/such/model.mps"], "cannot be written"), (["run", "many.jsonl"], "needs --out"),
    (["run", "many.jsonl", "--out", "o.jsonl", "--data", "prose.txt"], "one program"),
    (["run", "broken.jsonl", "--out", "o.jsonl"], "line 1"), (["run", "twice.jsonl", "--out", "o.jsonl"], "line 1 too"),
    (["run", "empty.jsonl", "--out", "o.jsonl"], "no programs"), (["run", "many.jsonl", "--out", ""], "needs --out"),
    (["run", "endless.jsonl", "--out", "o.jsonl"], "longer than"), (["run", "endless.ipynb"], "longer than"),
    (["run", "shop.py", "--data", "endless.jsonl"], "longer than"),
    (["run", "many.jsonl", "--out", "/dev/full"], "no regular file"), (["run", "many.jsonl", "--out", "prose.txt"], "something else"),
    (["run", "shop.py", "--capture", "model.xyz"], "or .json"),
])  # fmt: skip
def test_wrong_use_is_named(words: list[str], said: str, tmp_path: Path) -> None:
    write(tmp_path, SHOP)
    write(tmp_path, "The shop makes chairs and tables. It wants profit.", "prose.txt")
    write(tmp_path, "a,b", "table.csv")
    write(tmp_path, '{"program": "print(1)"}\n', "many.jsonl")
    write(tmp_path, '{"program": \n', "broken.jsonl")
    write(tmp_path, "\n", "empty.jsonl")
    for name in ("endless.jsonl", "endless.ipynb"):
        (tmp_path / name).symlink_to("/dev/zero")
    write(tmp_path, '{"id": 1, "program": "1"}\n{"id": "1", "program": "2"}\n', "twice.jsonl")
    run = formulate(*words, cwd=tmp_path)
    assert run.code == 2
    assert said in run.err
    assert (tmp_path / "prose.txt").read_text().endswith("wants profit."), "a file that holds no records was changed"
    assert not (tmp_path / "o.jsonl").exists() or not (tmp_path / "o.jsonl").read_text()


def test_what_libraries_do_otherwise_is_no_refusal(tmp_path: Path) -> None:
    write(tmp_path, """import gurobipy as gp
m = gp.Model()
x = m.addVar(ub=3)
x.BranchPriority = 3
m.setObjective(x, gp.GRB.MAXIMIZE)
m.optimize()
""")
    run = formulate("run", "shop.py", cwd=tmp_path)
    assert "Refused" not in run.out
    assert "no effect: attribute BranchPriority" in run.out.partition("Done otherwise than asked")[2]
    document = formulate("run", "shop.py", "--json", cwd=tmp_path).json
    assert document["refused"] == []
    assert document["notes"] == [{"what": "no effect", "detail": "attribute BranchPriority"}]


def test_values_of_columns_of_one_name_are_all_there(tmp_path: Path) -> None:
    write(tmp_path, """import numpy as np
from solvers.model import Block, Csr, Model, ObjectiveLevel
from solvers.result import SolveResult
from solvers.sandbox.recorder import recorder
none = np.zeros(0)
model = Model("m", "max", (ObjectiveLevel(np.ones(2)),), Csr(np.zeros(1, int), none.astype(int), none, 2), none, none,
              np.zeros(2), np.array([3.0, 4.0]), np.zeros(2, np.int8), (Block("x", 0, 2, labels=["x", "x"]),))
recorder().solved(library="highspy", asked="highs", solved_by="highs", model=model,
                  result=SolveResult("optimal", "feasible", objective=7.0, x=np.array([3.0, 4.0])))
""")
    assert formulate("run", "shop.py", "--json", cwd=tmp_path).json["values"] == {"x": 3.0, "x (column 2)": 4.0}


def test_an_answer_without_a_model_is_shown_as_not_checked(tmp_path: Path) -> None:
    write(tmp_path, """from solvers.result import SolveResult
from solvers.sandbox.recorder import recorder
recorder().solved(library="pulp", asked="cbc", solved_by="cbc", model=None, uncaptured="\\x1b[2J" * 500,
                  result=SolveResult("optimal", "feasible", objective=360.0))
""")
    run = formulate("run", "shop.py", "--capture", "model.mps", cwd=tmp_path)
    assert "not checked" in run.out.splitlines()[0]
    assert "\x1b" not in run.out + run.err and "nothing was written" in run.err and len(run.err) < 1000


# -- batches -----------------------------------------------------------------------------------------


def batch(folder: Path, count: int, pause: float = 0.0) -> Path:
    """`count` programs whose optima are 8k: half of them in completions, each third infeasible."""
    lines = []
    for k in range(1, count + 1):
        source = SHOP if k % 3 else INFEASIBLE
        source += f"\nimport time\ntime.sleep({pause})\n"
        record: dict[str, Any] = {"id": f"p{k}", "data": {"hours": 3 * k}, "expected": 8 * k}
        record |= {"program": source} if k % 2 else {"completion": f"Sure!\n```python\n{source}\n```"}
        lines.append(json.dumps(record))
    lines.append(json.dumps({"id": "prose", "completion": "I cannot do this."}))
    return write(folder, "\n".join(lines) + "\n", "many.jsonl")


def records(path: Path) -> dict[str, dict[str, Any]]:
    """The records by id; one for each id, each line whole."""
    found = [json.loads(line) for line in path.read_text().splitlines()]
    assert len({record["id"] for record in found}) == len(found)
    return {record["id"]: record for record in found}


def test_a_batch_gives_one_record_per_program(tmp_path: Path) -> None:
    batch(tmp_path, 6)
    run = formulate("run", "many.jsonl", "--out", "out.jsonl", "--json", cwd=tmp_path)
    assert run.code == 0, run.err
    assert (run.json["programs"], run.json["with_a_solution"], run.json["as_expected"]) == (7, 4, 4)
    assert run.json["infeasible_or_unbounded"] == 2
    found = records(tmp_path / "out.jsonl")
    assert found["p2"]["objective"] == pytest.approx(16)
    assert (found["p2"]["correct"], found["p3"]["exit_code"], found["prose"]["exit_code"]) == (True, 4, 2)
    assert found["prose"]["error"]["kind"] == "extraction"
    # With other workers, in another order: the same records.
    again = formulate("run", "many.jsonl", "--out", "again.jsonl", "--workers", "1", cwd=tmp_path)
    assert again.code == 0
    for name, record in records(tmp_path / "again.jsonl").items():
        for key in ("objective", "exit_code", "reported", "correct", "digest", "output"):
            assert record[key if key in record else "id"] == found[name][key if key in record else "id"]


def test_a_killed_batch_continues_with_nothing_lost_or_twice(tmp_path: Path) -> None:
    batch(tmp_path, 8, pause=0.3)
    out = tmp_path / "out.jsonl"
    words = [*PROGRAM, "run", "many.jsonl", "--out", "out.jsonl", "--workers", "2"]
    process = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + 120
    while time.monotonic() < until and (not out.exists() or out.read_text().count("\n") < 3):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = out.read_text()
    assert 3 <= before.count("\n") < 9
    with out.open("a") as file:  # the record that was being written when the power went
        file.write('{"schema": "formulate-run/1", "id": "p8", "objec')
    run = formulate("run", "many.jsonl", "--out", "out.jsonl", cwd=tmp_path)
    assert run.code == 0, run.err
    assert "have their record already" in run.err
    assert out.read_text().startswith(before)
    assert set(records(out)) == {*(f"p{k}" for k in range(1, 9)), "prose"}
    after = out.read_text()
    assert formulate("run", "many.jsonl", "--out", "out.jsonl", cwd=tmp_path).code == 0
    assert out.read_text() == after


def test_results_of_other_programs_are_not_continued(tmp_path: Path) -> None:
    batch(tmp_path, 1)
    assert formulate("run", "many.jsonl", "--out", "out.jsonl", cwd=tmp_path).code == 0
    text = (tmp_path / "many.jsonl").read_text()
    (tmp_path / "many.jsonl").write_text(text.replace("5 * x", "6 * x"))
    run = formulate("run", "many.jsonl", "--out", "out.jsonl", cwd=tmp_path)
    assert run.code == 2
    assert "other programs" in run.err


def test_a_half_written_line_is_mended_and_a_second_writer_refused(tmp_path: Path) -> None:
    from formulate.errors import RecordError
    from formulate.records_file import RecordsFile

    path = tmp_path / "r.jsonl"
    for left, kept in (('{"a": 1}\n{"a": 2', [1]), ('{"a": 1}\n{"a": 2}', [1, 2]), ("", []), ('{"a', []), ('{"a": 1}\n', [1]),
                       ('{"a": 1}\n' + "x" * 200_000, [1])):  # fmt: skip
        path.write_text(left)
        with RecordsFile(str(path)) as file:
            assert [record["a"] for record in file] == kept
            with pytest.raises(RecordError, match="another run"):
                RecordsFile(str(path))
            file.append({"a": 9})
            assert [record["a"] for record in file] == [*kept, 9]


def test_the_example_of_the_help_runs(tmp_path: Path) -> None:
    import shlex

    from formulate.cli.run import EXAMPLE

    root = Path(__file__).resolve().parents[2]
    words = shlex.split(EXAMPLE)[1:]
    run = formulate(*(root / word if word.startswith("examples/") else word for word in words), cwd=tmp_path)
    assert run.code == 0, run.err
    expected = (root / "examples" / "bakery" / "expected.yaml").read_text().split()[1]
    assert run.out.startswith(f"optimal   maximum {expected}")
    assert (tmp_path / "bakery.mps").exists()
