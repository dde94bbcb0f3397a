"""`formulate solve` on model files: all formats, --json, and errors that point into the file."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from solvers import Model
from tests.unit.cli_runs import formulate

LP = """\\ a knapsack
Maximize
 value: 3 x[0] + 5 x[1] + 4 x[2]
Subject To
 weight: 2 x[0] + 4 x[1] + 3 x[2] <= 6
Binaries
 x[0] x[1] x[2]
End
"""


@pytest.mark.parametrize("name", ["m.lp", "m.mps", "m.nl", "m.lp.gz", "m.mps.gz", "m.nl.gz"])
def test_a_model_file_is_solved_and_checked(tmp_path: Path, name: str) -> None:
    (tmp_path / "source.lp").write_text(LP)
    Model.read(tmp_path / "source.lp").write(tmp_path / name)
    run = formulate("solve", tmp_path / name, "--json", cwd=tmp_path)
    assert run.code == 0, run.err
    document = run.json
    assert document["objective"] == pytest.approx(8)
    values = {entry["key"][0]: entry["value"] for entry in document["values"]["columns"]}
    assert values == pytest.approx({"x[0]": 1, "x[1]": 1, "x[2]": 0})
    assert document["check"]["feasible"] is True
    assert document["check"]["method"] == "arrays"
    shown = formulate("solve", tmp_path / name, cwd=tmp_path)
    assert shown.code == 0
    assert "x[1]" in shown.out and "checked (arrays)" in shown.out


def test_prices_carry_the_names_of_rows(tmp_path: Path) -> None:
    (tmp_path / "m.lp").write_text(LP.replace("Binaries", "Generals").replace("Generals\n x[0] x[1] x[2]\n", ""))
    shown = formulate("solve", "m.lp", cwd=tmp_path)
    assert "weight" in shown.out
    assert "rows[" not in shown.out


@pytest.mark.parametrize(("name", "text", "words"), [
    ("m.lp", LP.replace("4 x[1]", "4 * * x[1]"), ["m.lp, line 5, column "]),
    ("m.mps", "NAME\nROWS\n N obj\n L c\nCOLUMNS\n x d 1\nENDATA\n", ["m.mps, line 6, column 4", "no row 'd'"]),
    ("m.nl", "g3 1 1 0\n 1000000000000 1 1 0 0\n" + " 0 0 0 0 0\n" * 8, ["m.nl, line 2", "more than the file can hold"]),
    ("m.nl", "nonsense\n", ["begins no NL file"]),
])  # fmt: skip
def test_errors_point_into_the_file(tmp_path: Path, name: str, text: str, words: list[str]) -> None:
    (tmp_path / name).write_text(text)
    run = formulate("solve", name, cwd=tmp_path)
    assert run.code == 2
    assert "remedy" in run.err
    for word in words:
        assert word in run.err


def test_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "m.lp").write_text(LP)
    assert "holds its data" in formulate("solve", "m.lp", "--data", "d.csv", cwd=tmp_path).err
    assert formulate("solve", "none.mps", cwd=tmp_path).code == 2
    assert "formulate solve m.lp" in formulate("check", "m.lp", cwd=tmp_path).err
    assert "formulate solve m.lp" in formulate("m.lp", cwd=tmp_path).err
    (tmp_path / "d.mps").mkdir()
    assert "is a directory" in formulate("solve", "d.mps", cwd=tmp_path).err
    (tmp_path / "cut.mps.gz").write_bytes(gzip.compress(LP.encode())[:-20])
    assert "gzip stream is damaged" in formulate("solve", "cut.mps.gz", cwd=tmp_path).err


def test_one_model_file_becomes_another(tmp_path: Path) -> None:
    (tmp_path / "m.lp").write_text(LP)
    for target in ("mps", "nl", "lp"):
        run = formulate("emit", "m.lp", "--to", target, "--out", f"out.{target}", cwd=tmp_path)
        assert run.code == 0, run.err
        assert formulate("solve", f"out.{target}", "--json", cwd=tmp_path).json["objective"] == pytest.approx(8)
    refused = formulate("emit", "m.lp", "--to", "pyomo", cwd=tmp_path)
    assert refused.code == 2 and "mps, lp, nl" in refused.err
    assert "holds its data" in formulate("emit", "m.lp", "--to", "mps", "--data", "d.json", cwd=tmp_path).err


def test_advice_for_a_model_file_can_be_followed(tmp_path: Path) -> None:
    (tmp_path / "m.lp").write_text(LP)
    shown = formulate("solve", "m.lp", "--ranging", cwd=tmp_path)
    assert shown.code == 0 and "no shadow prices" in shown.out
    assert "--set" not in shown.out  # a model file has no parameters to set
