"""MPS dialects: what the same words mean to CPLEX, Gurobi, HiGHS and SCIP, and errors with their place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solvers import Model
from solvers.errors import FormatError, UnsupportedError
from solvers.io.mps_read import read_mps
from solvers.io.source import as_text

INF = np.inf


def read(text: str, form=None) -> Model:
    return read_mps(as_text("m.mps", text.encode()), form)


def build(*, rows: str = " L c", columns: str = " x c 1", rhs: str = " RHS c 10", rest: str = "", head: str = "NAME t") -> Model:
    return read(f"{head}\nROWS\n N obj\n{rows}\nCOLUMNS\n{columns}\nRHS\n{rhs}\n{rest}\nENDATA\n")


def sides(model: Model) -> dict[str, tuple[float, float]]:
    return {model.row_label(r): (model.row_lower[r], model.row_upper[r]) for r in range(model.num_rows)}


def bounds(model: Model) -> dict[str, tuple[float, float, int]]:
    return {model.column_label(j): (model.col_lower[j], model.col_upper[j], int(model.kinds[j])) for j in range(model.num_columns)}


@pytest.mark.parametrize(("sense", "size", "expected"), [
    ("L", 3, (7, 10)), ("L", -3, (7, 10)), ("G", 3, (10, 13)), ("G", -3, (10, 13)), ("E", 3, (10, 13)), ("E", -3, (7, 10)),
    ("E", 0, (10, 10)), ("L", 0, (10, 10)), ("L", "1e30", (-INF, 10)),
])  # fmt: skip
def test_ranges(sense: str, size: object, expected: tuple[float, float]) -> None:
    assert sides(build(rows=f" {sense} c", rest=f"RANGES\n RNG c {size}")) == {"c": expected}


@pytest.mark.parametrize(("lines", "marked", "expected"), [
    ("", False, (0, INF, 0)), ("", True, (0, 1, 1)), (" LO B x 2", True, (2, INF, 1)), (" UP B x 7", True, (0, 7, 1)),
    (" PL B x", True, (0, INF, 1)), (" UP B x -3", False, (-INF, -3, 0)), (" UP B x -3\n LO B x -9", False, (-9, -3, 0)),
    (" LO B x 0\n UP B x -3", False, (0, -3, 0)), (" UP B x 0", False, (0, 0, 0)), (" FX B x 4", False, (4, 4, 0)),
    (" FR B x", False, (-INF, INF, 0)), (" MI B x", False, (-INF, INF, 0)), (" MI B x\n UP B x 5", False, (-INF, 5, 0)),
    (" BV B x", False, (0, 1, 1)), (" BV x", False, (0, 1, 1)), (" LI B x -4", False, (-4, INF, 1)), (" UI B x 4", False, (0, 4, 1)),
    (" SC B x 9", False, (0, 9, 2)), (" SC B x", False, (0, INF, 2)), (" SC B x 9\n LO B x 2", False, (2, 9, 2)),
    (" SC B x 9", True, (0, 9, 3)), (" SI B x 9", False, (0, 9, 3)), (" UP x 4", False, (0, 4, 0)), (" UP B x 1e30", True, (0, INF, 1)),
    (" LO B x -1e20", False, (-INF, INF, 0)), (" UP B x Inf", False, (0, INF, 0)), (" up B x 1.5D+1", False, (0, 15, 0)),
])  # fmt: skip
def test_bounds(lines: str, marked: bool, expected: tuple[float, float, int]) -> None:
    columns = " M1 'MARKER' 'INTORG'\n x c 1\n M2 'MARKER' 'INTEND'" if marked else " x c 1"
    model = build(columns=columns, rest="BOUNDS\n" + lines)
    assert bounds(model) == {"x": expected}
    assert bool(model.notes) == (expected[:2] == (-INF, -3))


@pytest.mark.parametrize(("head", "sense"), [
    ("NAME t", "min"), ("NAME t\nOBJSENSE\n    MAX", "max"), ("NAME t\nOBJSENSE\n    MAXIMIZE", "max"), ("NAME t\nOBJSENSE MAX", "max"),
    ("NAME t\nOBJSENSE\n MINIMIZE", "min"), ("OBJSENSE MAXIMIZE", "max"), ("NAME", "min"), ("* a comment\n\nNAME t", "min"),
])  # fmt: skip
def test_sense(head: str, sense: str) -> None:
    assert build(head=head).sense == sense


def test_objective_constant_rows_and_names() -> None:
    text = (
        "NAME two words\r\nOBJNAME\r\n cost\r\nROWS\r\n N other\r\n N cost\r\n G x[0]\r\nCOLUMNS\r\n* between\r\n"
        " y[0,1] other 1 cost 2\r\n y[0,1] x[0] 3\r\n\r\nRHS\r\n cost -5 x[0] 1\r\nENDATA\r\nwhat follows is not read"
    )
    model = read(text)
    assert (model.name, model.objective.offset, model.objective.costs.tolist()) == ("two words", 5.0, [2.0])
    assert sides(model) == {"other": (-INF, INF), "x[0]": (1, INF)}
    assert model.column_label(0) == "y[0,1]"
    assert build(rhs="").objective.offset == 0
    assert read("NAME\nROWS\nCOLUMNS\nENDATA").num_columns == 0
    assert read("NAME\nROWS\n L c\nCOLUMNS\n x c 1\nENDATA").objective.costs.tolist() == [0.0]


FIXED = """NAME          TESTPROB
ROWS
 N  COST
 L  LIM 1
 G  LIM 2
COLUMNS
    X ONE     COST         1.0         LIM 1        1.0
    X ONE     LIM 2        1.0
    Y TWO     COST         2.0         $ a comment
    Y TWO     LIM 1       -1.5
RHS
    RHS       LIM 1        4.0         LIM 2        1.0
              COST        -3.0
RANGES
    RNG       LIM 1        2.5
BOUNDS
 UP BND       X ONE        4.0
 FR           Y TWO
ENDATA
"""


def test_fixed_format_is_found_by_itself() -> None:
    text = FIXED.replace("              COST        -3.0\n", "    RHS       COST        -3.0\n").replace(" FR           Y", " FR BND       Y")
    model = read(text)
    assert sides(model) == {"LIM 1": (1.5, 4), "LIM 2": (1, INF)}
    assert bounds(model) == {"X ONE": (0, 4, 0), "Y TWO": (-INF, INF, 0)}
    assert model.objective.offset == 3
    assert read(text, "fixed").matrix.value.tolist() == [1, -1.5, 1]
    with pytest.raises(FormatError, match="set of values"):
        read(FIXED)
    with pytest.raises(FormatError):
        read(text, "free")


QUADRATIC = "NAME\nROWS\n N obj\n L c\nCOLUMNS\n x c 1\n y c 1\nRHS\n RHS c 4\n{}\nENDATA\n"


@pytest.mark.parametrize(("section", "expected"), [
    ("QUADOBJ\n x x 4\n x y 3", 2 * 9 + 3 * 6), ("QUADOBJ\n x x 4\n y x 3", 2 * 9 + 3 * 6),
    ("QMATRIX\n x x 4\n x y 3\n y x 3", 2 * 9 + 3 * 6), ("QSECTION obj\n x x 4\n x y 3", 2 * 9 + 3 * 6),
])  # fmt: skip
def test_quadratic_objectives(section: str, expected: float) -> None:
    assert read(QUADRATIC.format(section)).objective.value(np.array([3.0, 2.0])) == expected


def test_quadratic_rows_indicators_and_sets() -> None:
    model = read(QUADRATIC.format("QCMATRIX c\n x x 2\n x y 1.5\n y x 1\n y x 0.5"))
    assert model.activity(np.array([3.0, 2.0]))[0] == 5 + 2 * 9 + 3 * 6
    model = read(QUADRATIC.format("BOUNDS\n BV B y\nINDICATORS\n IF c y 0"))
    assert (model.indicators.row.tolist(), model.indicators.column.tolist(), model.indicators.active.tolist()) == ([0], [1], [0])
    for text in ("SOS\n S1 s\n x 1\n y 2", "SOS\n S1 SOS s\n SOS x 1\n SOS y 2", "SOS\n S1 s 3\n x 1\n y 2", "SOS1\n S1 s\n x 1\n y 2"):
        (item,) = read(QUADRATIC.format(text)).sos
        assert (item.kind, item.label, item.columns.tolist(), item.weights.tolist()) == (1, "s", [0, 1], [1, 2])
    model = read("NAME\nROWS\n N obj\nLAZYCONS\n L c\nCOLUMNS\n x c 1\nRHS\n RHS c 4\nENDATA\n")
    assert sides(model) == {"c": (-INF, 4)}


BASE = "NAME\nROWS\n N obj\n L c\nCOLUMNS\n x c 1\nRHS\n RHS c 4\nBOUNDS\n UP B x 1\nENDATA\n"


@pytest.mark.parametrize(("old", "new", "place", "words"), [
    (" x c 1", " x c 1.2.3", "line 6, column 6", "no finite number"), (" x c 1", " x d 1", "line 6, column 4", "no row 'd'"),
    (" x c 1", " x c nan", "line 6, column 6", "no finite number"), (" x c 1", " x c 1e400", "line 6, column 6", "no finite number"),
    (" x c 1", " x c 1_0", "line 6, column 6", "no finite number"), (" x c 1", " x c", "line 6, column 2", "2 fields"),
    (" x c 1", " x c 1 c 2", "line 6, column 8", "second entry"), (" x c 1", " x c 1\n y c 1\n x obj 1", "line 8, column 2", "stands twice"),
    (" L c", " L c\n G c", "line 5, column 4", "stands twice"), (" L c", " Q c", "line 4, column 2", "no sense"),
    (" UP B x 1", " UP B z 1", "line 10, column 7", "no column 'z'"), (" UP B x 1", " XX B x 1", "line 10, column 2", "no type of bound"),
    (" UP B x 1", " UP B x 1\n UP B x 2", "line 11, column 7", "second upper bound"), (" UP B x 1", " UP B x 1\n LO C x 0", "line 11", "second set"),
    (" RHS c 4", " RHS c 4\n RHS c 5", "line 9, column 6", "second value"), (" RHS c 4", " RHS c 4\n OTHER obj 5", "line 9", "second set"),
    ("ENDATA\n", "", "line 11", "without ENDATA"), ("BOUNDS", "BUONDS", "line 9, column 1", "no MPS section"),
    ("ENDATA", "RHS\n RHS obj 1\nENDATA", "line 11, column 1", "stands twice"), (" x c 1", " x c \x011", "line 6, column 6", "0x01"),
    ("ENDATA", "QMATRIX\n x x 1\n x x 2\nQUADOBJ\n x y 1\nENDATA", "line 15, column 4", "no column 'y'"),
    ("ENDATA", "INDICATORS\n IF c x 1\nENDATA", "line 12, column 7", "not 0-1"), ("ENDATA", "INDICATORS\n IF c x 2\nENDATA", "line 12, column 9", "neither"),
    ("NAME", "garbage", "line 1, column 1", "no MPS section"), ("OWS", "OWS\n L", "line 3, column 2", "fields"),
])  # fmt: skip
def test_errors_say_where(old: str, new: str, place: str, words: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(BASE.replace(old, new, 1))
    assert f"m.mps, {place}" in str(caught.value)
    assert words in caught.value.message
    assert caught.value.remedy


def test_lone_halves_are_refused() -> None:
    with pytest.raises(FormatError, match="not symmetric at 'x' and 'y'"):
        read(QUADRATIC.format("QMATRIX\n x y 1"))
    with pytest.raises(FormatError, match="both halves"):
        read(QUADRATIC.format("QUADOBJ\n x y 1\n y x 1"))


def test_sections_that_are_not_read_are_named() -> None:
    with pytest.raises(UnsupportedError, match="GENCONS"):
        read(BASE.replace("ENDATA", "GENCONS\n MAX g\nENDATA"))


def test_writing_refuses_by_name(tmp_path: Path) -> None:
    model = read(BASE)
    model.row_lower[0], model.row_upper[0] = 5, 3
    with pytest.raises(UnsupportedError, match="above its upper"):
        model.write(tmp_path / "m.mps")
    model.row_lower[0], model.row_upper[0] = -INF, 1e25
    with pytest.raises(UnsupportedError, match="mean infinity"):
        model.write(tmp_path / "m.mps")
    model.row_upper[0], model.matrix.value[0] = 1, np.nan
    with pytest.raises(UnsupportedError, match="coefficient nan"):
        model.write(tmp_path / "m.mps")
    assert not list(tmp_path.iterdir())
    with pytest.raises(FormatError, match="names no format"):
        model.write(tmp_path / "m.txt")
