"""LP dialects: what CPLEX's and Gurobi's files say, what is refused and where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solvers import Model
from solvers.errors import FormatError, UnsupportedError
from solvers.io.lp_read import read_lp
from solvers.io.source import as_text

INF = np.inf


def read(text: str) -> Model:
    return read_lp(as_text("m.lp", text.encode()))


def build(rows: str = " c: x + y <= 10", objective: str = "obj: x", rest: str = "", sense: str = "Minimize") -> Model:
    return read(f"{sense}\n {objective}\nSubject To\n{rows}\n{rest}\nEnd\n")


def row(model: Model, r: int = 0) -> tuple:
    columns, values = model.matrix.row(r)
    terms = {model.column_label(int(j)): float(v) for j, v in zip(columns, values)}
    return terms, float(model.row_lower[r]), float(model.row_upper[r])


@pytest.mark.parametrize(("text", "expected"), [
    ("c: x + y <= 10", ({"x": 1, "y": 1}, -INF, 10)), ("c: 2x+3y>=-4", ({"x": 2, "y": 3}, -4, INF)), ("c: - x = 1", ({"x": -1}, 1, 1)),
    ("-5 <= x - y <= 8", ({"x": 1, "y": -1}, -5, 8)), ("c: 8 >= x - y >= -5", ({"x": 1, "y": -1}, -5, 8)), ("x + x - 3 x >= 1", ({"x": -1}, 1, INF)),
    ("c: x - - y =< 1", ({"x": 1, "y": 1}, -INF, 1)), ("c: x < 1", ({"x": 1}, -INF, 1)), ("c: x => 1", ({"x": 1}, 1, INF)), ("c: 3 * x = 1e1", ({"x": 3}, 10, 10)),
    ("c: x >= -inf", ({"x": 1}, -INF, INF)), ("c: x <= 1e30", ({"x": 1}, -INF, INF)), ("c: <= 4", ({}, -INF, 4)), ("c: 0 x >= 2", ({}, 2, INF)),
    ("c:\n 2\n x\n +\n y\n <=\n 4", ({"x": 2, "y": 1}, -INF, 4)), ("c: x - x <= 1", ({}, -INF, 1)), ("c: 5 <= x", ({"x": 1}, 5, INF)),
    ("c(1,-2): x(0,-1) - x[a-b] <= 1", ({"x(0,-1)": 1, "x[a-b]": -1}, -INF, 1)), ("c: .5 x + 1.e2 y <= 1", ({"x": 0.5, "y": 100}, -INF, 1)),
    ("c: e1 + 2 E2 + 3 e <= 1", ({"e1": 1, "E2": 2, "e": 3}, -INF, 1)), ("c: x \\ y\n + z <= 1 \\ end", ({"x": 1, "z": 1}, -INF, 1)),
    ("c: 7 <= x <= 3", ({"x": 1}, 7, 3)), ("c: x + y <= - -3", ({"x": 1, "y": 1}, -INF, 3)), ("free: x <= 1", ({"x": 1}, -INF, 1)),
    ("é[0]: ü <= 1", ({"ü": 1}, -INF, 1)),
])  # fmt: skip
def test_rows(text: str, expected: tuple) -> None:
    assert row(build(" " + text)) == expected


def test_rows_without_labels_and_several_on_a_line() -> None:
    model = build(" x + y <= 1\n 2 x >= 0\n a: x <= 5 b: y <= 6\n x - y = 0\n R0: x <= 1")
    assert [model.row_label(r) for r in range(6)] == ["_R0", "R1", "a", "b", "R4", "R0"]
    assert row(model, 1) == ({"x": 2}, 0, INF)
    model = build(" x + y <= 4\n y >= 2\n 3\n x >= 1\n -1 <= x <= 5\n - x >= -7")
    assert [row(model, r) for r in range(5)] == [({"x": 1, "y": 1}, -INF, 4), ({"y": 1}, 2, INF), ({"x": 3}, 1, INF),
                                                  ({"x": 1}, -1, 5), ({"x": -1}, -7, INF)]  # fmt: skip
    model = build(" a: x <= 5\n a: y <= 6")
    assert [model.row_label(r) for r in range(2)] == ["a", "a_2"]
    assert "stand twice" in model.notes[0]


@pytest.mark.parametrize(("objective", "value"), [
    ("obj: 2 x + 3 y + 7", 2 * 3 + 3 * 2 + 7), ("2 x - 7 + 3 y", 2 * 3 - 7 + 3 * 2), ("obj:", 0), ("obj: 5", 5), ("obj: x + [ 2 x ^2 + 2 x * y ] / 2", 3 + 9 + 6),
    ("- [ x^2 - 4 y ^ 2 ]/2 + x", -(9 - 16) / 2 + 3), ("[ 2 x*y ] / 2 - 1", 5), ("obj: 1e2 x + x", 303),
])  # fmt: skip
def test_objectives(objective: str, value: float) -> None:
    model = build(objective=objective)
    assert [model.column_label(j) for j in range(2)] == ["x", "y"]
    assert model.objective.value(np.array([3.0, 2.0])) == value


@pytest.mark.parametrize("word", ["max", "MAXIMIZE", "maximise", "Maximum"])
def test_sense_and_first_line(word: str) -> None:
    model = read(f"\\ a comment\n\n{word} obj: x\nst\n c: x <= 1\nend\nrest")
    assert model.sense == "max"
    assert read(f"{word}\n x\nsubject to c: x <= 1\nEND").num_rows == 1


@pytest.mark.parametrize(("text", "expected"), [
    ("Bounds\n x <= 5", (0, 5, 0)), ("Bounds\n -1 <= x <= 5", (-1, 5, 0)), ("Bounds\n x free", (-INF, INF, 0)), ("Bounds\n x = 3", (3, 3, 0)),
    ("Bounds\n -inf <= x <= 5", (-INF, 5, 0)), ("Bounds\n x >= -infinity", (-INF, INF, 0)), ("Bounds\n 5 >= x", (0, 5, 0)), ("Bounds\n 5 >= x >= 1", (1, 5, 0)),
    ("Bounds\n x >= 1\n x <= 5", (1, 5, 0)), ("Bounds\n x <= -4", (0, -4, 0)), ("Bounds\n x <= +Inf", (0, INF, 0)), ("Generals\n x", (0, INF, 1)),
    ("Binaries\n x", (0, 1, 1)), ("Bounds\n x <= 0\nBinary\n x", (0, 0, 1)), ("Bounds\n 2 <= x <= 8\nSemi-Continuous\n x", (2, 8, 2)),
    ("Bounds\n x <= 8\nGeneral\n x\nSemis\n x", (0, 8, 3)), ("Bounds\n 1\n <=\n x\n <= 5", (1, 5, 0)), ("int\n x\nbounds\n x <= 3", (0, 3, 1)),
])  # fmt: skip
def test_bounds_and_kinds(text: str, expected: tuple) -> None:
    model = build(rest=text)
    assert (model.col_lower[0], model.col_upper[0], model.kinds[0]) == expected
    assert bool(model.notes) == (expected[1] == -4)


def test_columns_that_only_bounds_name() -> None:
    model = build(rest="Bounds\n w <= 3\nGenerals\n v")
    assert [model.column_label(j) for j in range(4)] == ["x", "y", "w", "v"]


def test_quadratic_rows_indicators_and_sets() -> None:
    model = build(" q: x + [ x ^2 + 3 x * y - y^2 ] <= 5\n i: b = 1 -> x + y <= 3\n b = 0 -> x = 2", rest="Binaries\n b\nSOS\n s1: S1:: x:1 y:2\n S2 :: x : 1 y : 3 b : 2.5")
    assert model.activity(np.array([3.0, 2.0, 0.0]))[0] == 3 + 9 + 18 - 4
    assert (model.indicators.row.tolist(), model.indicators.active.tolist()) == ([1, 2], [1, 0])
    assert [(s.kind, s.label, s.columns.tolist()) for s in model.sos] == [(1, "s1", [0, 1]), (2, "", [0, 1, 2])]


def test_gurobis_own_files() -> None:
    text = (
        "\\ Model m\n\\ LP format - for model browsing. Use MPS format to capture full model detail.\nMaximize\n"
        "  2 x[0,-1] + 3 a-b + 7 Constant + [ 2 a-b ^2 + 6 x[0,-1] * a-b ] / 2 \nSubject To\n c_[1,_2]: x[0,-1] - a-b <= -2\n"
        " seg-1: x[0,-1] >= -1e+31\nBounds\n -infinity <= a-b <= 5\n Constant = 1\nSOS\n s0:  S1 :: x[0,-1]:1 a-b:2\nEnd\n"
    )
    model = read(text)
    assert [model.column_label(j) for j in range(model.num_columns)] == ["x[0,-1]", "a-b"]
    assert model.objective.offset == 7
    assert [model.row_label(r) for r in range(2)] == ["c_[1,_2]", "seg-1"]
    assert row(model) == ({"x[0,-1]": 1, "a-b": -1}, -INF, -2)
    assert (model.col_lower.tolist(), model.sos[0].columns.tolist()) == ([0, -INF], [0, 1])


def test_a_column_called_constant_that_is_one(tmp_path: Path) -> None:
    model = build(" c: x + Constant <= 3", rest="Bounds\n Constant = 1")
    assert model.num_columns == 2
    model = build(objective="obj: x + 2 Constant", rest="Bounds\n Constant <= 1")
    assert model.num_columns == 3
    from tests.unit.model_files import renamed

    odd = renamed(build(objective="obj: x + 3", rest="Bounds\n x = 1"), ["Constant", "y"], ["c"])
    names = odd.write(tmp_path / "m.lp")
    assert names.columns == ("Constant_2", "y")
    assert Model.read(tmp_path / "m.lp").objective.offset == 3


BASE = "Minimize\n obj: x + y\nSubject To\n c: x + 2 y <= 10\nBounds\n x <= 5\nEnd\n"


@pytest.mark.parametrize(("old", "new", "place", "words"), [
    ("+ 2 y <= 10", "+ 2 y", "line 5, column 1", "the section ends here"), ("+ 2 y", "2 y", "line 4, column 7", "a sign is missing"),
    ("+ 2 y", "+ 3", "line 4, column 7", "constant"), ("<= 10", "<= z", "line 4, column 16", "a number is missing"),
    ("<= 10", "<= 3 z", "line 4, column 18", "follows a right-hand side"), ("<= 10", "<= 10 <= 20", "line 4, column 19", "second relation"),
    ("<= 10", ">= 1e999x", "line 4, column 21", "follows"),
    ("c: x", "c: 30 >= x", "line 4, column 19", "differ"), ("c: x", "c: [ x ^3 ]", "line 4, column 10", "the power"),
    ("c: x", "c: [ x ]", "line 4, column 9", "linear term in a bracket"), ("c: x", "c: [ x ^2", "line 4, column 18", "linear term in a bracket"), ("c: x", "c: x * y", "line 4, column 7", "outside brackets"),
    ("obj: x + y", "obj: [ x^2 ]", "line 3, column 1", "without / 2"), ("obj: x + y", "obj: [ x^2 ] / 3", "line 2, column 17", "only / 2"),
    ("End\n", "", "line 7", "without End"), ("Minimize", "Minimise:", "line 1, column 1", "begins with Minimize"), ("Minimize", "nonsense", "line 1, column 1", "begins with"),
    ("x <= 5", "x 5", "line 6, column 4", "<=, = or >= is missing"), ("x <= 5", "<= 5", "line 6, column 2", "column is missing"), ("x <= 5", "x <= 5\n x <= 6", "line 7, column 2", "second bound"),
    ("x <= 5", "x <= 5\nGenerals\n x 5", "line 8, column 4", "is no column"), ("x <= 5", "x <= 5\nSOS\n s: S3:: x:1", "line 8, column 5", "no special ordered set"),
    ("x <= 5", "x <= 5\nSOS\n s: S1:: x:1 y:1", "line 8, column 2", "same weight"), ("c: x", "c: b = 1 -> x", "line 4, column 5", "not 0-1"), ("c: x", "c: b = 2 -> x", "line 4, column 9", "neither 0 nor 1"),
    ("c: x", "c: x | z", "line 4, column 7", "a sign is missing"), ("2 y", "1e999 y", "line 4, column 9", "no finite number"), ("Bounds", "Minimize\n z\nBounds", "line 5, column 1", "second objective"), ("c: x", "c: 2 inf", "line 4, column 7", "infinity is no column"),
])  # fmt: skip
def test_errors_say_where(old: str, new: str, place: str, words: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(BASE.replace(old, new, 1))
    assert words in caught.value.message
    assert f"m.lp, {place}" in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize("text", [BASE.replace("Bounds", "PWLObj\n x: (1, 2)\nBounds"), BASE.replace("Bounds", "General Constraints\n g: z = MAX ( x , y )\nBounds")])
def test_sections_that_are_not_read_are_named(text: str) -> None:
    with pytest.raises(UnsupportedError, match="is not read here"):
        read(text)


def test_writing_refuses_by_name(tmp_path: Path) -> None:
    from tests.unit.test_io_nl import nonlinear

    with pytest.raises(UnsupportedError, match=r"LP files hold no nonlinear expressions\n  remedy: write \.nl"):
        try:
            nonlinear().write(tmp_path / "m.lp")
        except UnsupportedError as error:
            raise UnsupportedError(str(error).split(": ", 1)[1]) from error
    model = build(" i: b = 1 -> x + y <= 3", rest="Binaries\n b")
    model.row_lower[0] = 1
    with pytest.raises(UnsupportedError, match="two sides"):
        model.write(tmp_path / "m.lp")
    with pytest.raises(UnsupportedError, match="indicator"):
        model.write(tmp_path / "m.nl")
    assert not list(tmp_path.iterdir())
