"""`--save DIR`: all files or none, nothing foreign lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formulate.attempt import Attempt, read_jsonl
from formulate.cli.errors import UsageError
from formulate.cli.save import OURS, save
from solvers import Formulation, solve
from solvers.formulation import Constraint, Objective, Term, Variable
from tests.unit.cli_runs import formulate
from verify.problem import Problem
from verify.reading.ledger import Leftover

WRITTEN = OURS - {"model.mps", "model.lp", "model.nl"}
TEXT = "A farm has 3 fields and wonders."


def answered() -> Attempt:
    model = Formulation(
        "plots", Objective("max", (Term("yield", "2 * x"),)), variables=(Variable("x", lower="0", upper="4"),),
        constraints=(Constraint("limit", "x <= 3", source=("3 fields",)),),
    )  # fmt: skip
    return Attempt(Problem(TEXT, id="farm"), formulation=model, result=solve(model), code="pass\n", code_target="highspy")


@pytest.mark.parametrize("folder", ["a" * 300, "/proc/answer", "nul\0"])
def test_a_folder_that_cannot_be_is_named_as_it_was_written(folder: str) -> None:
    with pytest.raises((UsageError, OSError)) as refused:
        save(answered(), folder)
    assert folder[:80] in str(refused.value)
    assert ".formulate." not in str(refused.value)


def test_all_files_and_they_can_be_used(tmp_path: Path) -> None:
    target = tmp_path / "answer"
    assert set(save(answered(), str(target))) == WRITTEN == {path.name for path in target.iterdir()}
    assert Formulation.read(str(target / "formulation.yaml")) == answered().formulation
    assert (target / "model.py").read_text() == "pass\n"
    solution = json.loads((target / "solution.json").read_text())
    assert solution["objective"] == pytest.approx(6)
    assert solution["values"] == {"x": [{"key": [], "value": 3.0}]}
    assert json.loads((target / "report.json").read_text())["schema"] == "formulate-report/1"
    assert next(read_jsonl(target / "attempt.json")).problem.text == TEXT
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]


def test_an_earlier_answer_is_replaced_whole(tmp_path: Path) -> None:
    """What the new attempt lacks must not be left over from the old one."""
    target = tmp_path / "answer"
    save(answered(), str(target))
    (tmp_path / "p.txt").write_text(TEXT)
    run = formulate("p.txt", "--save", "answer", cwd=tmp_path)
    assert run.code == 3
    assert not (target / "formulation.yaml").exists()
    assert json.loads((target / "solution.json").read_text())["outcome"] == "abstained"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answer", "p.txt"]


@pytest.mark.parametrize("foreign", ["thesis.docx", "solution.json", "formulation.yaml"])
def test_foreign_files_are_refused_before_any_work(tmp_path: Path, foreign: str) -> None:
    target = tmp_path / "answer"
    target.mkdir()
    (target / foreign).write_text("mine")
    (tmp_path / "p.txt").write_text(TEXT)
    run = formulate("p.txt", "--save", "answer", cwd=tmp_path)
    assert run.code == 2
    assert "--force" in run.err
    assert [path.name for path in target.iterdir()] == [foreign]
    assert (target / foreign).read_text() == "mine"


def test_force_leaves_other_files(tmp_path: Path) -> None:
    target = tmp_path / "answer"
    target.mkdir()
    (target / "thesis.docx").write_text("mine")
    (target / "report.md").write_text("old")
    save(answered(), str(target), force=True)
    assert {path.name for path in target.iterdir()} == WRITTEN | {"thesis.docx"}
    assert (target / "thesis.docx").read_text() == "mine"
    assert (target / "report.md").read_text() != "old"


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text(TEXT)
    (tmp_path / "file").write_text("mine")
    for place in ("file", "none/answer", "file/answer"):
        run = formulate("p.txt", "--save", place, cwd=tmp_path)
        assert run.code == 2
        assert "--save" in run.err
    assert (tmp_path / "file").read_text() == "mine"


def test_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up in the middle leaves the earlier answer as it was, and no scratch folder."""
    target = tmp_path / "answer"
    save(answered(), str(target))
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    written = []
    genuine = Path.write_text

    def full(self: Path, text: str, **options: str) -> int:
        written.append(self.name)
        if len(written) == 3:
            genuine(self, text[: len(text) // 2], **options)
            raise OSError(28, "No space left on device")
        return genuine(self, text, **options)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        save(answered(), str(target))
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]


def test_force_leaves_nothing_of_another_answer(tmp_path: Path) -> None:
    target = tmp_path / "answer"
    save(answered(), str(target))
    (target / "notes.txt").write_text("mine")
    abstained = Attempt(Problem(TEXT, id="farm"), abstained=(Leftover(TEXT, 0, 4, "a requirement is not understood"),))
    left = save(abstained, str(target), force=True)
    assert "formulation.yaml" not in left
    assert {path.name for path in target.iterdir()} == {*left, "notes.txt"}


def test_an_interrupt_between_the_two_renames_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import formulate.cli.save as module

    target = tmp_path / "answer"
    save(answered(), str(target))
    before = (target / "solution.json").read_text()
    rename, calls = module.os.rename, []

    def interrupted(a: object, b: object) -> None:
        calls.append(a)
        if len(calls) == 2:
            raise KeyboardInterrupt
        rename(a, b)

    monkeypatch.setattr(module.os, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save(answered(), str(target))
    assert (target / "solution.json").read_text() == before
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]
