"""Reading documents: shorthands, and every wrong document refused at its place with a remedy."""

import json
import re
from pathlib import Path

import pytest

from solvers.errors import SchemaError
from solvers.formulation import Cell, Formulation
from solvers.schema import dumps, from_dict, loads, read_formulation, write_formulation

HEAD = "schema: formulate/1\nname: x\nobjective: {sense: min}\n"


def refused(text, format="yaml", match=""):
    with pytest.raises(SchemaError) as caught:
        loads(text, format)
    message = str(caught.value)
    assert re.search(match, message), message
    assert caught.value.remedy, message
    return message


def cells(text, name="p"):
    return {c.key: c.value for c in loads(HEAD + text).by_name[name].cells}


def test_the_documented_example_reads_and_its_values_become_cells():
    manual = Path(__file__).parents[2] / "docs" / "LANGUAGE.md"
    text = re.search(r"```yaml\n(.*?)```", manual.read_text(), re.S).group(1)
    f = loads(text)
    cost = {c.key: c.value for c in f.by_name["cost"].cells}
    assert cost["San Diego", "Chicago"] == 162 and len(cost) == 6
    assert {c.key: c.value for c in f.by_name["supply"].cells} == {("Seattle",): 350, ("San Diego",): 600}
    assert f.variables[0].over == ("p in plants", "m in markets")


def test_files(tmp_path):
    f = loads(HEAD + "sets: [{name: s, elements: [é, 日本]}]")
    for name in ("a.json", "b.yaml", "c.yml"):
        write_formulation(f, tmp_path / name)
        assert read_formulation(tmp_path / name) == f == Formulation.read(str(tmp_path / name))
    (tmp_path / "bom.json").write_bytes(b"\xef\xbb\xbf" + dumps(f, "json").encode())
    assert read_formulation(tmp_path / "bom.json") == f
    (tmp_path / "latin.yaml").write_bytes("name: é".encode("latin-1"))
    with pytest.raises(SchemaError, match=r"latin\.yaml: not UTF-8"):
        read_formulation(tmp_path / "latin.yaml")
    for missing in ("none.json", "dir.txt", ""):
        with pytest.raises(SchemaError):
            read_formulation(tmp_path / missing)
    big = tmp_path / "big.json"
    with big.open("wb") as file:
        file.truncate(60_000_000)
    with pytest.raises(SchemaError, match="over the cap"):
        read_formulation(big)


def test_values_by_label_and_by_position():
    sets = "sets: [{name: s, elements: [a, b]}, {name: t, expr: 'range(1, 2 * n)'}, {name: w, elements: [3, 1]}]\n"
    n = "{name: n, cells: [{value: 2}]}"
    assert cells(f"{sets}parameters: [{{name: p, axes: [s], values: {{a: 1, b: null}}}}]") == {("a",): 1}
    assert cells(f"{sets}parameters: [{{name: p, axes: [w], values: [7, 8]}}]") == {(3,): 7, (1,): 8}
    table = cells(f"{sets}parameters: [{n}, {{name: p, axes: [s, t], values: {{b: [1, null, 3]}}}}]")
    assert table == {("b", 1): 1, ("b", 3): 3}
    assert cells(f"{sets}parameters: [{{name: p, values: 0.5}}]") == {(): 0.5}
    assert cells("sets: [{name: e, dimension: 2, elements: [[a, b], [b, c]]}]\n"
                 "parameters: [{name: p, axes: [e], values: [4, 5]}]") == {("a", "b"): 4, ("b", "c"): 5}
    assert cells("sets: [{name: e, dimension: 2, elements: [[a, b], [b, c]]}]\n"
                 "parameters: [{name: p, axes: [e], values: {a: {b: 4}, b: {c: 5}}}]") == {("a", "b"): 4, ("b", "c"): 5}


@pytest.mark.parametrize(("expr", "labels"), [
    ("range(3)", [0, 1, 2]), ("range(n, n + 3)", [2, 3, 4]), ("range(6, 0, -n)", [6, 4, 2]),
    ("range(1, len(s) + 1)", [1, 2, 3]), ("range(1, 9 // n)", [1, 2, 3]),
])
def test_ranges_known_from_the_document_take_lists(expr, labels):
    f = loads(HEAD + f"sets: [{{name: s, elements: [a, b, c]}}, {{name: t, expr: '{expr}'}}]\n"
              "parameters: [{name: n, values: 2}, {name: p, axes: [t], values: [5, 6, 7]}]")
    assert {c.key: c.value for c in f.by_name["p"].cells} == dict(zip([(k,) for k in labels], [5, 6, 7]))
    assert f.by_name["p"].by_position == ()


@pytest.mark.parametrize("declaration", ["expr: 'range(1, n + 1)'", "expr: '{i for i in t}'", "bind: weeks"])
def test_lists_along_sets_that_only_data_tell_stay_by_position(declaration):
    f = loads(HEAD + f"sets: [{{name: s, elements: [a]}}, {{name: t, {declaration}}}]\n"
              "parameters: [{name: n, bind: horizon}, {name: p, axes: [s, t], values: {a: [5, null]}}]")
    p = f.by_name["p"]
    assert p.by_position == ("t",) and p.cells == (Cell(("a", 1), 5), Cell(("a", 2), None))


def test_keys_of_a_json_object_are_integers_on_an_integer_axis_only():
    document = {
        "name": "x", "objective": {"sense": "min"},
        "sets": [{"name": "t", "expr": "range(3)"}, {"name": "s", "elements": ["1", "2"]}],
        "parameters": [{"name": "p", "axes": ["t", "s"], "values": {"0": {"1": 4}}}],
    }
    assert from_dict(document).parameters[0].cells == (Cell((0, "1"), 4),)


def test_numbers_as_bounds():
    v = loads(HEAD + "variables: [{name: x, lower: 0, upper: 1e3}, {name: y, lower: -2.5, upper: inf}]").variables
    assert (v[0].lower, v[0].upper, v[1].lower, v[1].upper) == ("0", "1000.0", "-2.5", "inf")


def test_yaml_scalars_are_what_they_look_like():
    f = loads(HEAD + "sets: [{name: s, elements: [yes, no, On, y, 1:30, 2024-01-01, 007, 0x1F, 1_000, 12, -3, '4']}]\n"
              "parameters: [{name: p, cells: [{value: 1e5}]}, {name: q, cells: [{value: -.5}]}]")
    assert f.sets[0].elements == (
        "yes", "no", "On", "y", "1:30", "2024-01-01", "007", "0x1F", "1_000", 12, -3, "4",
    )
    assert [repr(p.cells[0].value) for p in f.parameters] == ["100000.0", "-0.5"]


@pytest.mark.parametrize(("text", "match"), [
    ("parameters: [{name: a, cells: [{value: 1}, {key: [], value: true}]}]",
     r"parameters\[0\] 'a' cells\[1\]\.value: true .*quote it"),
    ("sets: [{name: a, elements: [x, true]}]", r"sets\[0\] 'a' elements\[1\]: true"),
    ("sets: [{name: a, elements: [x, 1.5]}]", r"sets\[0\] 'a' elements\[1\]: 1.5 where a label"),
    ("parameters: [{name: demand, rol: cost}]", r"parameters\[0\] 'demand': unknown field 'rol'.*did you mean 'role'"),
    ("parameters: [{name: demand, value: 3}]", "did you mean 'values'"),
    ("foo: 1", "unknown field 'foo'"),
    ("parameters: [{name: a, role: price}]", "'price' is not one of"),
    ("parameters: [{name: a, unit: 3}]", "unit: 3 where text belongs.*quote it"),
    ("parameters: [{name: a, cells: [{key: 1, value: 2}]}]", r"cells\[0\]\.key: 1 where a list"),
    ("parameters: [{name: a, cells: [{value: {b: 1}}]}]", r"cells\[0\]\.value: an object"),
    ("variables: [{name: x, over: t in T}]", "over: 't in T' where a list belongs"),
    ("variables: [{lower: '0'}]", r"variables\[0\]: the field 'name' is missing"),
    ("parameters: [{name: a, symmetric: 1}]", "1 where true or false"),
    ("parameters: [{name: a, cells: [{value: .nan}]}]", r"line 4, column \d+: \.nan is not a number"),
    ("parameters: [{name: a, cells: [{value: 1e999}]}]", "1e999 is not a number"),
    ("parameters: {a: 1}", "parameters: an object where a list"),
    ("name: again", "the key 'name' is given twice"),
    ("description: &a hello", "anchors"),
    ("description: *a", "anchors"),
    ("description: !!python/object/apply:os.system [echo]", "tag"),
    ("description: !!str 3", "tag"),
    ("? [a]\n: 1", "not a key"),
    ("true: 1", "not a key"),
    ("---\nname: y", "more than one document"),
    ("description: a: b", "not YAML"),
    ("description: \x07", "not YAML"),
    ("sets: [{name: sum}]", r"sets\[0\]: 'sum' is a word of the expression language"),
    ("sets: [{name: first week}]", "'first week' is not a name.*'first_week'"),
    ("sets: [{name: é}]", "not a name"),
    ("sets: [{name: a}]\nvariables: [{name: a}]", r"variables\[0\]: the name 'a' is taken by sets\[0\]"),
    ("constraints: [{name: c, expr: a}, {name: c, expr: b}]", r"constraints\[1\]: the name 'c' is taken"),
    ("sets: [{name: a, elements: [1, 2, 1]}]", r"elements\[2\]: the element 1 is given twice"),
    ("sets: [{name: a, elements: [[1, 2]]}]", "declare `dimension: 2`"),
    ("sets: [{name: a, dimension: 2, elements: [[1, 2], [3]]}]", r"elements\[1\]: .* is not a list of 2 labels"),
    ("sets: [{name: a, dimension: 0}]", "dimension 0"),
    ("sets: [{name: a, elements: [], expr: 'range(2)'}]", "both `elements` and `expr`"),
    ("sets: [{name: a, over: [i in b]}]", "`over` without `expr`"),
    ("parameters: [{name: a, cells: [{value: 1}], expr: '2'}]", "both `cells` and `expr`"),
    ("parameters: [{name: a, cells: [{value: 1}], values: 2}]", "both `values` and `cells`"),
    ("parameters: [{name: a, cells: [{key: [b], value: 1}]}]", "a key of 1 labels where 0 belong"),
    ("parameters: [{name: a, cells: [{value: 1}, {value: 2}]}]", r"cells\[1\]\.key: the cell \[\] is given twice"),
    ("parameters: [{name: a, by_position: [s]}]", "which is not an axis"),
    ("parameters: [{name: a, values: [1, 2]}]", "'a' values: a list where one value belongs"),
    ("sets: [{name: s, elements: [u, v]}]\nparameters: [{name: a, axes: [s], values: [1, 2, 3]}]",
     "3 values along axis 's', which has 2 elements"),
    ("sets: [{name: s, elements: [u, v]}]\nparameters: [{name: a, axes: [s], values: 3}]", "write `default`"),
    ("sets: [{name: s, elements: [u, v]}]\nparameters: [{name: a, axes: [s], values: {u: [1]}}]",
     r"values\['u'\]: a list where one value belongs"),
    ("sets: [{name: s}, {name: t}]\nparameters: [{name: a, axes: [s, t], values: [[1, 2], [3]]}]",
     "1 values along axis 't' here and 2 elsewhere"),
    ("sets: [{name: s}]\nparameters: [{name: a, axes: [s, s], values: {u: [1]}}]", "by label in one place"),
])
def test_wrong_documents_are_refused_at_their_place(text, match):
    refused(HEAD + text, match="(?s)" + match)


@pytest.mark.parametrize("text", [
    "", "null", "3", "[]", "{}", "[[[[", "{" * 5000, "[" * 100_000, "a" * 100_000, "- " * 3000, "!!",
    "%YAML 9.9\n---\na", "\ud800", "9" * 5000, "name: x\nobjective: null",
])
def test_hostile_yaml(text):
    refused(text)


@pytest.mark.parametrize("text", [
    "", "nul", "[" * 100_000, '{"a":' * 100_000, '{"name": NaN}', '{"name": 1, "name": 2}', "9" * 5000, '"\\ud800"',
    '{"name": "\\ud800", "objective": {"sense": "min"}}', '{"name": "x", "objective": {"sense": "min"}, "a": Infinity}',
    '{"name": "x", "objective": {"sense": "min"}, "unused": [{"quote": "", "value": 1e999}]}',
    '{"name": "x", "objective": {"sense": "min"}, "unused": [{"quote": "", "value": 1' + "0" * 400 + "}]}",
])
def test_hostile_json(text):
    refused(text, "json")


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, b"x", object(), 1j, {True: 1}, {None: 1}])
def test_objects_that_no_document_holds(value):
    with pytest.raises(SchemaError):
        from_dict({"name": "x", "objective": {"sense": "min"}, "description": value})


def test_several_faults_are_told_at_once():
    message = refused(HEAD + "parameters: [{name: a, rol: 1}, {name: b, unit: 2}]")
    assert "also parameters[1] 'b' unit: 2 where text belongs" in message


def test_from_dict_does_not_change_its_argument():
    document = {"name": "x", "objective": {"sense": "min"}, "parameters": [{"name": "a", "values": 1}]}
    before = json.dumps(document)
    from_dict(document)
    assert json.dumps(document) == before
