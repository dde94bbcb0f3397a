"""Binding CSV, Excel and DataFrames: long, wide, several parameters in a table; every misfit names its cell."""

import datetime
import zipfile

import openpyxl
import pandas as pd
import pytest

from solvers.data import align, bind
from solvers.errors import DataError
from solvers.schema import loads

DOCUMENT = """
name: x
objective: {sense: min}
sets:
- {name: plants, elements: [Seattle, San Diego]}
- {name: markets, elements: [New York, Chicago, Topeka]}
- {name: weeks, expr: "range(1, 4)"}
"""
PLANTS, MARKETS, WEEKS = ("Seattle", "San Diego"), ("New York", "Chicago", "Topeka"), (1, 2, 3)
AXES = {"plants": PLANTS, "markets": MARKETS, "weeks": WEEKS}


def formulation(*parameters, sets=""):
    return loads(DOCUMENT + sets + "parameters:\n" + "\n".join(f"- {{{p}}}" for p in parameters))


COST = "name: cost, axes: [plants, markets]"
SUPPLY = "name: supply, axes: [plants], unit: kg"
DEMAND = "name: demand, axes: [weeks]"


def array(f, data, name):
    parameter = f.by_name[name]
    axes = [data.sets.get(a) or AXES[a] for a in parameter.axes]
    return align(parameter, axes, data.parameters[name], data.origins.get(name)).tolist()


def csv(tmp_path, text, name="data.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def excel(tmp_path, sheets, name="data.xlsx"):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


def refused(f, source, *needles, name=None):
    with pytest.raises(DataError) as caught:
        data = bind(f, source)
        if name:
            array(f, data, name)
    message = str(caught.value)
    for needle in needles:
        assert needle in message, message
    assert caught.value.remedy
    return message


def test_long_csv_in_any_row_and_column_order(tmp_path):
    f = formulation(COST, SUPPLY)
    path = tmp_path / "d"
    path.mkdir()
    csv(path, "market,cost,plant\nTopeka,3,Seattle\nNew York,1,Seattle\nChicago,2,Seattle\n"
              "New York,4,San Diego\nTopeka,6,San Diego\nChicago,5,San Diego\n", "freight.csv")
    csv(path, "plants,supply\nSan Diego,20\n\nSeattle,10\n", "supply.csv")
    data = bind(f, path)
    assert array(f, data, "cost") == [[1, 2, 3], [4, 5, 6]]
    assert array(f, data, "supply") == [10, 20]


@pytest.mark.parametrize(("text", "name"), [
    ("plant;supply\nSeattle;1.5\nSan Diego;2\n", "a.csv"),
    ("plant\tsupply\nSeattle\t1.5\nSan Diego\t2\n", "a.tsv"),
    ("\ufeffplant,supply\r\nSeattle , 1.5 \r\n\"San Diego\",2\r\n", "a.csv"),
    ("plant,supply [kg]\nSeattle,1.5\nSan Diego,2\n", "a.csv"),
    ("plant,Supply (kilograms)\nSeattle,1.5\nSan Diego,2\n", "a.csv"),
    ("plant,supply\nunit,kg\nSeattle,1.5\nSan Diego,2\n", "a.csv"),
    ("site,amount\nSeattle,1.5\nSan Diego,2\n", "supply.csv"),
    ("Seattle,San Diego\n1.5,2\n", "supply.csv"),
    (",Seattle,San Diego\nsupply,1.5,2\n", "a.csv"),
    ("plant,comment,supply\nSeattle,\"a, \"\"b\"\"\",1.5\nSan Diego,,2\n", "a.csv"),
])
def test_one_parameter_in_many_dresses(tmp_path, text, name):
    f = formulation(SUPPLY)
    assert array(f, bind(f, csv(tmp_path, text, name)), "supply") == [1.5, 2]


def test_wide_csv_upright_and_turned(tmp_path):
    f = formulation(COST)
    upright = csv(tmp_path, ",Chicago,New York,Topeka\nSan Diego,5,4,6\nSeattle,2,1,3\n", "cost.csv")
    assert array(f, bind(f, upright), "cost") == [[1, 2, 3], [4, 5, 6]]
    turned = csv(tmp_path, "markets,Seattle,San Diego\nNew York,1,4\nChicago,2,5\nTopeka,3,6\n", "cost.csv")
    assert array(f, bind(f, turned), "cost") == [[1, 2, 3], [4, 5, 6]]


def test_wide_over_three_axes(tmp_path):
    f = formulation("name: flow, axes: [plants, markets, weeks]")
    rows = ["plant,market,1,2,3"]
    rows += [f"{p},{m},{i}{j}1,{i}{j}2,{i}{j}3" for i, p in enumerate(PLANTS, 1) for j, m in enumerate(MARKETS, 1)]
    out = array(f, bind(f, csv(tmp_path, "\n".join(rows), "flow.csv")), "flow")
    assert out[1][2] == [231, 232, 233] and out[0][0] == [111, 112, 113]


def test_several_parameters_share_a_table_and_scalars_stand_in_a_list(tmp_path):
    f = formulation(SUPPLY, "name: fixed, axes: [plants], default: 0", "name: budget, unit: dollar", "name: rate")
    path = excel(tmp_path, {
        "plants data": [["Plant", "Supply [kg]", "Fixed"], ["San Diego", 20, None], ["Seattle", 10, 3.5]],
        "scalars": [["name", "value", "unit"], ["budget", 1000, "$"], ["rate", 0.05, None]],
    })
    data = bind(f, path)
    assert array(f, data, "supply") == [10, 20] and array(f, data, "fixed") == [3.5, 0]
    assert array(f, data, "budget") == 1000 and array(f, data, "rate") == 0.05


def test_excel_sheets_wide_and_integer_headers(tmp_path):
    f = formulation("name: need, axes: [plants, weeks]")
    path = excel(tmp_path, {"need": [["", 1, 2, 3], ["Seattle", 1, 2, 3], ["San Diego", 4, 5.5, 6]]})
    assert array(f, bind(f, path), "need") == [[1, 2, 3], [4, 5.5, 6]]
    path = excel(tmp_path, {"need": [["", 1, 2, 4], ["Seattle", 1, 2, 3], ["San Diego", 4, 5.5, 6]]})
    refused(f, path, "4 is not in axis 'weeks'", "data.xlsx, sheet 'need'", name="need")


def test_bind_names_sheet_and_column(tmp_path):
    path = excel(tmp_path, {
        "north": [["plant", "cap"], ["Seattle", 1], ["San Diego", 2]],
        "south": [["plant", "cap"], ["Seattle", 3], ["San Diego", 4]],
    })
    f = formulation("name: a, axes: [plants], bind: north.cap", "name: b, axes: [plants], bind: south")
    data = bind(f, path)
    assert array(f, data, "a") == [1, 2] and array(f, data, "b") == [3, 4]
    refused(formulation("name: cap, axes: [plants]"), path, "found in", "north", "south", "bind: north.cap")
    refused(formulation("name: a, axes: [plants], bind: north.cpa"), path, "no data", "did you mean 'north.cap'")


def test_pairs_and_repeated_axes(tmp_path):
    f = formulation("name: length, axes: [arcs]", "name: gap, axes: [plants, plants], symmetric: true, default: 0",
                    sets="- {name: arcs, dimension: 2}\n")
    path = excel(tmp_path, {
        "length": [["from", "to", "length"], ["A", "B", 3], ["B", "C", 4]],
        "gap": [["from", "to", "gap"], ["San Diego", "Seattle", 7]],
    })
    data = bind(f, path)
    assert data.sets["arcs"] == (("A", "B"), ("B", "C"))
    assert array(f, data, "length") == [3, 4] and array(f, data, "gap") == [[0, 7], [7, 0]]


def test_unbound_sets_come_from_their_table_or_the_labels_used(tmp_path):
    f = formulation("name: price, axes: [goods]", "name: age, axes: [years]",
                    sets="- {name: goods}\n- {name: years}\n")
    path = excel(tmp_path, {"goods": [["good", "price"], ["oil", 3], ["gas", 2]],
                            "age": [["year", "age"], [2001, 1], [1999, 2]]})
    data = bind(f, path)
    assert data.sets["goods"] == ("oil", "gas") and data.sets["years"] == (2001, 1999)
    text = csv(tmp_path, "year,age,price,good\n1,2,3,007\n")
    data = bind(f, text)
    assert data.sets["years"] == (1,) and data.sets["goods"] == ("007",)


def test_label_values_and_dates(tmp_path):
    f = formulation("name: home, axes: [days], values_in: plants", "name: rank, axes: [days], values_in: weeks",
                    sets="- {name: days}\n")
    path = excel(tmp_path, {"x": [["day", "home", "rank"], [datetime.datetime(2024, 1, 2), "Seattle", 2],
                                  [datetime.datetime(2024, 1, 3), " San Diego ", 1]]})
    data = bind(f, path)
    assert data.sets["days"] == ("2024-01-02", "2024-01-03")
    assert array(f, data, "home") == ["Seattle", "San Diego"] and array(f, data, "rank") == [2, 1]


@pytest.mark.parametrize(("body", "needles"), [
    ("Seattle,1\n", ["1 of 2 cells missing", "supply['San Diego']", "data.csv"]),
    ("Seattle,1\nSan Diego,\n", ["1 of 2 cells missing"]),
    ("Seattle,1\nSan Diego,2\nBoston,3\n", ["'Boston' is not in axis 'plants'", "data.csv, row 4"]),
    ("Seattle,1\nSan Deigo,2\n", ["'San Deigo'", "row 3", "did you mean 'San Diego'"]),
    ("Seattle,1\nSan Diego,2\nSeattle,1\n", ["supply['Seattle']", "row 2 and again in row 4"]),
    ("Seattle,1\n,2\n", ["a blank cell where a label belongs", "row 3, column 1"]),
    ("Seattle,1\nSan Diego,two\n", ["'two' is not a number", "row 3, column 2"]),
    ("Seattle,1\nSan Diego,5%\n", ["'5%'", "0.05"]),
    ("Seattle,1\nSan Diego,\"1,5\"\n", ["'1,5'", "1.5", "point"]),
    ("Seattle,1\nSan Diego,\"1.234,5\"\n", ["1234.5"]),
    ("Seattle,1\nSan Diego,\"1,234\"\n", ["1234 for thousands or 1.234"]),
    ("Seattle,1\nSan Diego,n/a\n", ["leave the cell blank"]),
    ("Seattle,1\nSan Diego,inf\n", ["'inf' is not a number"]),
    ("Seattle,1\nSan Diego,1e999\n", ["an infinite value"]),
    ("Seattle,1\nSan Diego,2,3\n", ["the row has 3 cells, the header 2", "row 3"]),
    ("Seattle,1\n\"San Diego,2\n", ["not a table of separated values"]),
])
def test_misfits_in_csv_name_their_cell(tmp_path, body, needles):
    refused(formulation(SUPPLY), csv(tmp_path, "plant,supply\n" + body), *needles, name="supply")


def test_thousands_where_they_are_unambiguous(tmp_path):
    f = formulation(SUPPLY)
    path = csv(tmp_path, 'plant,supply\nSeattle,"1,234,567"\nSan Diego,"-1,234.5"\n')
    assert array(f, bind(f, path), "supply") == [1234567, -1234.5]


@pytest.mark.parametrize(("header", "needles"), [
    ("supply [g]", ["'g'", "'kg'", "multiply the data by 0.001"]),
    ("supply (tonnes)", ["multiply the data by 1000"]),
    ("supply [dollar]", ["'dollar'", "'kg'", "same unit"]),
    ("supply [blorps]", ["blorps"]),
    ("supply [9**9**9**9]", ["9**9**9**9"]),
])
def test_units_that_do_not_agree(tmp_path, header, needles):
    refused(formulation(SUPPLY), csv(tmp_path, f"plant,{header}\nSeattle,1\nSan Diego,2\n"), *needles)


@pytest.mark.parametrize(("header", "unit"), [
    ("supply [KG]", "kg"), ("supply (cases)", "case"), ("supply [$/case]", "dollar/case"), ("supply", "kg"),
    ("supply [m^2]", "m**2"),
])
def test_units_that_agree(tmp_path, header, unit):
    f = formulation(f"name: supply, axes: [plants], unit: {unit}")
    assert array(f, bind(f, csv(tmp_path, f"plant,{header}\nSeattle,1\nSan Diego,2\n")), "supply") == [1, 2]


def test_missing_parameters_and_keys_say_what_there_is(tmp_path):
    refused(formulation("name: capacity, axes: [plants]"), csv(tmp_path, "plant,capcity\nSeattle,1\n"),
            "no data for this parameter", "did you mean 'capcity'")
    refused(formulation("name: capacity, axes: [plants]"), csv(tmp_path, "capacity\n1\n"), "no column for 'plants'")
    refused(formulation("name: capacity"), csv(tmp_path, "capacity\n1\n2\n"), "2 rows for a single value")
    cost = formulation(COST)
    refused(cost, csv(tmp_path, "a,a\nSeattle,1\n", "cost.csv"), "'a' is not in axis 'markets'", name="cost")
    refused(cost, csv(tmp_path, ",Chicago,Chicago\nSeattle,1,2\n", "cost.csv"), "'Chicago' is given twice")
    refused(cost, csv(tmp_path, ",Chicago\nSeattle,1\nSeattle,1\n", "cost.csv"), "'Seattle' is given twice")


def test_a_listed_set_is_compared_with_its_table(tmp_path):
    f = formulation(SUPPLY)
    path = excel(tmp_path, {"plants": [["plant", "supply"], ["San Diego", 2], ["Seattle", 1]]})
    assert array(f, bind(f, path), "supply") == [1, 2]
    path = excel(tmp_path, {"plants": [["plant", "supply"], ["San Diego", 2], ["Boston", 1]]})
    refused(f, path, "lack 'Seattle'; the data add 'Boston'")


@pytest.mark.parametrize(("content", "needle"), [
    ("plant,supply\nMálaga,1\n".encode("latin-1"), "looks like Latin-1"),
    ("plant,supply\nSeattle,1\n".encode("utf-16"), "UTF-16"),
    (b"\x00\x01\x02\xff", "not UTF-8"),
])
def test_other_encodings_are_not_guessed(tmp_path, content, needle):
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    assert needle in refused(formulation(SUPPLY), path)


def test_excel_formulas_and_errors(tmp_path):
    f = formulation(SUPPLY)
    uncalculated = excel(tmp_path, {"x": [["plant", "supply"], ["Seattle", 1], ["San Diego", "=1+1"]]})
    refused(f, uncalculated, "'=1+1' was never calculated", "sheet 'x', cell B3")
    error = excel(tmp_path, {"x": [["plant", "supply"], ["Seattle", 1], ["San Diego", "#DIV/0!"]]})
    refused(f, error, "'#DIV/0!' is not a number", "cell B3", "formula")
    boolean = excel(tmp_path, {"x": [["plant", "supply"], ["Seattle", True], ["San Diego", 2]]})
    refused(f, boolean, "True is not a number", "cell B2")


def test_files_that_are_not_what_they_say(tmp_path):
    f = formulation(SUPPLY)
    for content in (b"", b"PK\x03\x04junk", b"plant,supply", b"\x00" * 100):
        path = tmp_path / "fake.xlsx"
        path.write_bytes(content)
        refused(f, path, "not a readable Excel workbook")
    with zipfile.ZipFile(tmp_path / "empty.xlsx", "w") as archive:
        archive.writestr("a.txt", "x")
    refused(f, tmp_path / "empty.xlsx", "not a readable Excel workbook")
    refused(f, tmp_path / "none.csv", "none.csv")
    refused(f, tmp_path / "data.parquet", "are not read")
    refused(f, 3, "cannot be bound from a int")
    refused(f, csv(tmp_path, ""), "no data for this parameter")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("solvers.data.read_tables.MAX_UNZIPPED_BYTES", 1_000_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/big.xml", bytes(1_000_001))
    refused(formulation(SUPPLY), path, "over the cap")


def test_frames():
    f = formulation(COST, SUPPLY)
    wide = pd.DataFrame([[4, 5, 6.5], [1, 2, 3]], index=["San Diego", "Seattle"], columns=list(MARKETS))
    long = wide.stack().rename("cost").rename_axis(["plants", "markets"])
    supply = pd.Series({"San Diego": 2, "Seattle": 1})
    expected = [[1, 2, 3], [4, 5, 6.5]]
    for cost in (wide, wide.T.rename_axis("markets"), long, long.reset_index(), long.reset_index().sample(frac=1)):
        data = bind(f, {"cost": cost, "supply": supply})
        assert array(f, data, "cost") == expected and array(f, data, "supply") == [1, 2]
    both = pd.DataFrame({"plant": ["Seattle", "San Diego"], "supply": [1, 2]})
    g = formulation(SUPPLY)
    assert array(g, bind(g, both), "supply") == [1, 2]
    assert array(g, bind(g, both.set_index("plant")), "supply") == [1, 2]
    refused(g, both.assign(supply=[1, None]), "1 of 2 cells missing", name="supply")
    refused(g, both.assign(supply=[1, True]), "True is not a number")
    refused(f, {"cost": pd.concat({"z": wide}, axis=1), "supply": supply}, "columns of several levels")


def test_data_win_over_cells_of_the_document(tmp_path):
    f = formulation("name: supply, axes: [plants], values: [8, 9]", "name: other, values: 3")
    data = bind(f, csv(tmp_path, "plant,supply\nSeattle,1\nSan Diego,2\n"))
    assert array(f, data, "supply") == [1, 2] and array(f, data, "other") == 3


def test_key_columns_are_told_by_their_words_before_their_order(tmp_path):
    sets = "- {name: shifts, expr: 'range(1, 4)'}\n- {name: months, expr: 'range(1, 4)'}\n"
    f = formulation("name: load, axes: [weeks, shifts]", sets=sets)
    rows = "".join(f"{s},{w},{10 * w + s}\n" for w in (1, 2, 3) for s in (1, 2, 3))
    data = bind(f, csv(tmp_path, "Shift no,Week no,load\n" + rows))
    out = align(f.by_name["load"], [WEEKS, WEEKS], data.parameters["load"])
    assert out.tolist() == [[11, 12, 13], [21, 22, 23], [31, 32, 33]]
    f = formulation("name: load, axes: [weeks]", sets=sets)
    refused(f, csv(tmp_path, "month,load\n1,1\n2,2\n3,3\n"), "no column for 'weeks'")
    f = formulation("name: gap, axes: [weeks, weeks]")
    refused(f, csv(tmp_path, "to,from,gap\n1,2,5\n"), "no column for 'weeks'", "order of the axes")


def test_a_line_of_totals_is_not_an_element(tmp_path):
    f = formulation("name: price, axes: [goods]", sets="- {name: goods}\n")
    refused(f, csv(tmp_path, "good,price\noil,1\ngas,2\nTotal,3\n"), "'Total' looks like a line of totals")


def test_a_bare_frame_is_an_array():
    f = formulation(COST)
    assert array(f, bind(f, {"cost": pd.DataFrame([[1, 2, 3], [4, 5, 6]])}), "cost") == [[1, 2, 3], [4, 5, 6]]
    g = formulation(SUPPLY)
    assert array(g, bind(g, {"supply": pd.Series([1, 2])}), "supply") == [1, 2]
    refused(g, {"supply": pd.Series([1, 2, 3])}, "3 values by position", name="supply")


def test_a_wide_table_may_say_its_unit_in_the_corner(tmp_path):
    f = formulation("name: need, axes: [plants, weeks], unit: kg")
    body = ",1,2,3\nSeattle,1,2,3\nSan Diego,4,5,6\n"
    assert array(f, bind(f, csv(tmp_path, "need [kg]" + body, "need.csv")), "need") == [[1, 2, 3], [4, 5, 6]]
    refused(f, csv(tmp_path, "need [g]" + body, "need.csv"), "multiply the data by 0.001")
    g = formulation("name: need, axes: [plants, weeks]", "name: late, axes: [plants, weeks]")
    path = excel(tmp_path, {
        "one": [["need", 1, 2, 3], ["Seattle", 1, 2, 3], ["San Diego", 4, 5, 6]],
        "two": [["Late", 1, 2, 3], ["Seattle", 0, 0, 0], ["San Diego", 0, 0, 9]],
    })
    data = bind(g, path)
    assert array(g, data, "need")[1] == [4, 5, 6] and array(g, data, "late")[1] == [0, 0, 9]
