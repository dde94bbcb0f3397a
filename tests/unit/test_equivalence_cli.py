"""`formulate equivalent` as a user runs it: answers, exit codes, certificates, many pairs, wrong use."""

from __future__ import annotations

import json
import random
from importlib.util import find_spec
from pathlib import Path

import pytest

from solvers import Formulation
from solvers.ground import ground
from tests.property.equivalence_drafts import Draft, draft, model, mutated, permuted
from tests.unit.cli_runs import formulate
from tests.unit.test_equivalence_symbolic import renamed
from verify.equivalence.candidates import as_model, certificate_document, compare_candidates, replay_document
from verify.equivalence.classes import equivalence_classes

ROOT = Path(__file__).resolve().parents[2]
BAKERY = ROOT / "examples" / "bakery" / "formulation.yaml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bakery as formulation, as models under other names, and with one cost changed."""
    made = tmp_path_factory.mktemp("equivalent")
    base = draft(ground(Formulation.read(str(BAKERY))))
    model(permuted(base, random.Random(1))[0]).write(made / "same.mps")
    model(permuted(base, random.Random(2))[0]).write(made / "same.lp")
    model(permuted(base, random.Random(3), rename=False)[0]).write(made / "named.mps")
    model(_changed(base)).write(made / "other.mps")
    (made / "bakery.yaml").write_text(BAKERY.read_text())
    (made / "broken.mps").write_text("NAME\nROWS\n N\nnothing of the sort\n")
    (made / "program.py").write_text("print('no solver')\n")
    return made


def _changed(base: Draft) -> Draft:
    got = mutated("cost", base, random.Random(5))
    assert got is not None
    return got[0]


def test_equal_models_exit_with_0_and_the_certificate_replays(folder: Path) -> None:
    run = formulate("equivalent", "bakery.yaml", "same.mps", "--certificate", "proof.json", cwd=folder)
    assert run.code == 0 and run.out.startswith("equivalent  on the data at hand"), run.err
    assert "bake[rye loaves]" in run.out and "Columns of A and of B" in run.out
    assert formulate("equivalent", "--replay", "proof.json", "bakery.yaml", "same.mps", cwd=folder).code == 0
    against = formulate("equivalent", "--replay", "proof.json", "bakery.yaml", "other.mps", "--json", cwd=folder)
    assert against.code == 1 and against.json["holds"] is False


def test_formulations_are_equivalent_for_all_data(folder: Path) -> None:
    run = formulate("equivalent", "bakery.yaml", BAKERY, "--json", cwd=folder)
    assert run.code == 0 and run.json["scope"] == "all data" and run.json["formulas"] is True
    assert ["variable", "bake", "bake"] in run.json["mapping"]["symbols"]


def test_different_models_exit_with_1_the_difference_and_a_witness(folder: Path) -> None:
    run = formulate("equivalent", "named.mps", "other.mps", "--certificate", "witness.json", "--json", cwd=folder)
    assert run.code == 1 and run.json["verdict"] == "semantically_different"
    (difference,) = run.json["diff"]["differences"]
    assert difference["what"] == "objective coefficient"
    assert run.json["witness"]["in_a"]["objective"] != run.json["witness"]["in_b"]["objective"]
    replayed = formulate("equivalent", "--replay", "witness.json", "named.mps", "other.mps", cwd=folder)
    assert replayed.code == 0 and "objective" in replayed.out
    words = formulate("equivalent", "same.lp", "other.mps", "--no-witness", cwd=folder)
    assert words.code == 1 and words.out.startswith("structurally different") and "What differs" in words.out


def test_wrong_use_is_told_with_2(folder: Path) -> None:
    for words, told in (
        (["bakery.yaml"], "two candidates"), (["bakery.yaml", "missing.mps"], "there is no file"),
        (["bakery.yaml", "broken.mps"], "broken.mps"), (["bakery.yaml", "notes.txt"], "no formulation, model or program"),
        (["bakery.yaml", "same.mps", "--tolerance", "2"], "--tolerance"), (["--pairs", "none.jsonl"], "--out"),
    ):  # fmt: skip
        run = formulate("equivalent", *words, cwd=folder)
        assert run.code == 2 and told in run.err and "Traceback" not in run.err, (words, run.err)


def test_damaged_certificates_prove_nothing() -> None:
    one = Formulation.read(str(BAKERY))
    base = draft(ground(one))
    same = model(permuted(base, random.Random(1))[0])
    document = json.loads(json.dumps(certificate_document(compare_candidates(one, same))))
    assert replay_document(document, one, same)[0] is True
    swapped = json.loads(json.dumps(document))
    swapped["proof"]["columns"].reverse()
    assert replay_document(swapped, one, same)[0] is False
    for damage in ({"schema": "other"}, {"proof": None}, {"proof": {"columns": "x"}}, {"kind": "formulations"}, {"kind": "witness"}):
        with pytest.raises(ValueError, match=r"certificate|model was given"):
            replay_document({**document, **damage}, one, same)
    assert replay_document({**document, "kind": "none"}, one, same)[0] is None
    symbolic = json.loads(json.dumps(certificate_document(compare_candidates(one, renamed(one, "zz_")))))
    assert replay_document(symbolic, one, renamed(one, "zz_"))[0] is True
    assert replay_document(symbolic, one, one)[0] is False


def test_programs_run_in_the_sandbox_or_not_at_all(folder: Path) -> None:
    run = formulate("equivalent", "bakery.yaml", "program.py", cwd=folder)
    if find_spec("solvers.sandbox.programs") is None:
        assert run.code == 5 and "programs run in the sandbox only" in run.err
    else:
        assert run.code == 2 and "gave no model" in run.err


def test_pairs_are_worked_through_and_resumed(folder: Path) -> None:
    lines = [
        {"id": "same", "a": "bakery.yaml", "b": "same.mps"}, {"id": "other", "a": "named.mps", "b": "other.mps"},
        {"id": "broken", "a": "broken.mps", "b": "same.mps"}, {"id": "missing", "a": "nothing.mps", "b": "same.mps"},
    ]  # fmt: skip
    pairs, out = folder / "pairs.jsonl", folder / "out.jsonl"
    pairs.write_text("".join(json.dumps(line) + "\n" for line in lines[:2]) + "\n")
    assert formulate("equivalent", "--pairs", pairs, "--out", out, "--workers", "1", cwd=ROOT).code == 0
    first = out.read_text()
    # A killed run leaves half a line: it is dropped, what is whole stays, and only what is missing is done.
    out.write_text(first + '{"id": "broken", "verd')
    pairs.write_text("".join(json.dumps(line) + "\n" for line in lines))
    run = formulate("equivalent", "--pairs", pairs, "--out", out, "--workers", "2", "--json", cwd=ROOT)
    assert run.code == 2 and (run.json["equivalent"], run.json["semantically_different"], run.json["error"]) == (1, 1, 2)
    records = [json.loads(line) for line in out.read_text().splitlines()]
    assert out.read_text().startswith(first) and sorted(r["id"] for r in records) == sorted(line["id"] for line in lines)
    certificate = next(r for r in records if r["id"] == "same")["certificate"]
    assert replay_document(certificate, Formulation.read(str(BAKERY)), as_model_of(folder / "same.mps"))[0] is True
    pairs.write_text(json.dumps(lines[0]) + "\n" + json.dumps(lines[0]) + "\n")
    assert "occurs twice" in formulate("equivalent", "--pairs", pairs, "--out", folder / "new.jsonl", cwd=ROOT).err
    pairs.write_text(json.dumps(lines[0]) + "\n")
    for text in ("my notes\nwithout an end", '{"id": 1}\n', '{\n "a": 1\n}'):
        out.write_text(text)
        run = formulate("equivalent", "--pairs", pairs, "--out", out, cwd=ROOT)
        assert run.code == 2 and "name another file" in run.err and out.read_text() == text


def as_model_of(path: Path) -> object:
    from solvers import Model

    return Model.read(path)


def test_candidates_are_grouped_by_proof_and_weaker_ties_are_told() -> None:
    one = Formulation.read(str(BAKERY))
    base = draft(ground(one))
    same, other = model(permuted(base, random.Random(1))[0]), model(_changed(base))
    loose = base.copy()
    loose.rows[0].upper += 0.5 if loose.rows[0].upper < 1e300 else 0.0
    weaker = base.copy()  # the same optimum, proven equal to nothing: a column of no use
    weaker.columns.append(type(weaker.columns[0])("idle", 0, 0.0, 1.0, 0.0))
    found = equivalence_classes([one, same, other, as_model(renamed(one, "q_")), model(weaker)])
    assert found.groups[0].members == (0, 1, 3) and {g.members for g in found.groups[1:]} == {(2,), (4,)}
    assert {pair.level for pair in found.groups[0].pairs} == {"proven"}
    levels = {(pair.one, pair.two): pair.level for pair in found.between}
    assert levels[0, 4] == "same objective only" and levels[0, 2] == "different"
