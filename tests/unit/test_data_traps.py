"""Data that could be read two ways are refused, and data that nobody asked for are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from solvers import solve
from solvers.data import align, bind
from solvers.errors import DataError
from solvers.schema import from_dict
from tests.unit.cli_runs import formulate


def declared(*parameters: dict[str, Any], elements: list[Any] | None = None) -> Any:
    return from_dict({
        "schema": "formulate/1", "name": "t", "objective": {"sense": "min"},
        "sets": [{"name": "towns", **({} if elements is None else {"elements": elements})}],
        "parameters": list(parameters), "variables": [{"name": "x", "lower": "0"}],
    })


NEED = {"name": "need", "axes": ["towns"]}
AB = ["A", "B"]


def table(folder: Path, text: str, name: str = "d.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def needs(data: Any) -> list[float]:
    formulation = declared(NEED, elements=AB)
    values: list[float] = align(formulation.parameters[0], [("A", "B")], bind(formulation, data).parameters["need"]).tolist()
    return values


@pytest.mark.parametrize("cells", [("1.500", "2"), ("12.345", "100"), ("-1.500", "0.500")])
def test_points_where_semicolons_separate_may_group_thousands(tmp_path: Path, cells: tuple[str, str]) -> None:
    text = f"town;need\nA;{cells[0]}\nB;{cells[1]}\n"
    if cells[1] == "0.500":  # a leading 0 groups nothing: points are decimal
        assert needs(table(tmp_path, text)) == [-1.5, 0.5]
        return
    with pytest.raises(DataError, match=r"could be -?(1500|12345)"):
        needs(table(tmp_path, text))


def test_points_are_decimal_where_another_number_or_the_separator_shows_it(tmp_path: Path) -> None:
    assert needs(table(tmp_path, "town;need\nA;1.500\nB;2.5\n")) == [1.5, 2.5]
    assert needs(table(tmp_path, "town,need\nA,1.500\nB,2\n")) == [1.5, 2]


@pytest.mark.parametrize("corner", ["to", "to\\from", "destination / origin"])
def test_a_square_table_turned_by_its_own_corner_is_refused(tmp_path: Path, corner: str) -> None:
    formulation = declared({"name": "km", "axes": ["towns", "towns"]}, elements=AB)
    with pytest.raises(DataError, match="rows are where to"):
        bind(formulation, table(tmp_path, f"{corner},A,B\nA,0,2\nB,3,0\n", "km.csv"))
    for plain in ("", "from", "from\\to", "towns"):
        data = bind(formulation, table(tmp_path, f"{plain},A,B\nA,0,2\nB,3,0\n", "km.csv"))
        assert align(formulation.parameters[0], [tuple(AB)] * 2, data.parameters["km"]).tolist() == [[0, 2], [3, 0]]


def test_a_series_cut_out_of_a_longer_one_is_not_taken_by_position() -> None:
    pandas = pytest.importorskip("pandas")
    assert needs({"need": pandas.Series([5, 6])}) == [5, 6]
    with pytest.raises(DataError, match="1 is not in axis"):
        needs({"need": pandas.Series([4, 5, 6])[1:]})
    weeks = declared(NEED, elements=[1, 2])
    data = bind(weeks, {"need": pandas.Series([4, 5, 6])[1:]})
    assert align(weeks.parameters[0], [(1, 2)], data.parameters["need"]).tolist() == [5, 6]


def test_labels_gathered_from_data_that_differ_in_spelling_only() -> None:
    two = declared(NEED, {"name": "cost", "axes": ["towns"], "default": 0})
    with pytest.raises(DataError, match="'North' and 'north' differ in spelling only"):
        bind(two, {"need": {"North": 1, "South": 2}, "cost": {"north": 3}})
    assert bind(two, {"need": {"North": 1, "South": 2}, "cost": {"South": 3}}).sets["towns"] == ("North", "South")


def test_dates_are_told_from_numbers(tmp_path: Path) -> None:
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    for row in (["town", "need"], ["A", datetime.date(2024, 1, 2)], ["B", 2]):
        book.active.append(row)
    book.save(tmp_path / "d.xlsx")
    with pytest.raises(DataError, match=r"cell B2.*\n.*date or time"):
        needs(tmp_path / "d.xlsx")


def test_what_nothing_asked_for_is_named_with_what_it_may_stand_for(tmp_path: Path) -> None:
    formulation = declared(NEED, {"name": "cost", "axes": ["towns"], "default": 0}, {"name": "rent", "default": 7},
                           elements=AB)
    data = bind(formulation, {"need": [1, 2], "costs": {"A": 3}, "year": 2024})
    assert data.unused == ("'costs' ('cost' has no data here: is that meant?)", "'year'")
    result = solve(formulation, {"need": [1, 2], "year": 2024})
    assert "not used of the data: 'year'" in result.message
    (tmp_path / "f").mkdir()
    table(tmp_path / "f", "town,need,mayor\nA,1,Li\nB,2,Mo\n", "need.csv")
    table(tmp_path / "f", "name,value\nrentt,9\nrent,8\n", "scalars.csv")
    table(tmp_path / "f", "town,people\nA,1\n", "census.csv")
    assert bind(formulation, str(tmp_path / "f")).unused == ("'census'", "'need.mayor'", "'scalars.rentt'")
    assert bind(formulation, {"need": [1, 2], "cost": [1, 2], "rent": 3}).unused == ()


def test_the_command_line_names_unused_data(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("schema: formulate/1\nname: t\nobjective: {sense: max, terms: [{name: g, expr: x}]}\n"
                    "parameters: [{name: most, default: 5}]\nvariables: [{name: x, lower: 0, upper: most}]\n")
    (tmp_path / "d.json").write_text('{"mots": 9}')
    found = formulate("solve", path, "--data", tmp_path / "d.json", cwd=tmp_path)
    assert found.code == 0
    assert "'mots' ('most' has no data here: is that meant?)" in " ".join(found.out.split())
