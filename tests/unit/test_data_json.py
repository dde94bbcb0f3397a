"""Binding JSON files and Python mappings: by label, by position, along dotted paths; every misfit names its path."""

import json

import numpy as np
import pandas as pd
import pytest

from solvers.data import align, bind
from solvers.errors import DataError
from solvers.schema import loads

HEAD = "name: x\nobjective: {sense: min}\n"
SETS = """
sets:
- {name: products}
- {name: weeks, expr: "range(1, periods + 1)"}
- {name: plants, elements: [P1, P2]}
- {name: arcs, dimension: 2}
"""
P = "name: demand, axes: [products, weeks]"
RETAIL = {"periods": 3, "demand": {"SKU_A": [1, 2, 3], "SKU_B": [4, 5, 6]}}
PERIODS = "name: periods, role: count"


def formulation(*parameters, sets=SETS):
    return loads(HEAD + sets + "parameters:\n" + "\n".join(f"- {{{p}}}" for p in parameters))


def array(f, data, name):
    parameter = f.by_name[name]
    axes = [data.sets[a] if a in data.sets else range(1, 4) for a in parameter.axes]
    return align(parameter, axes, data.parameters[name], data.origins.get(name)).tolist()


def refused(f, source, *needles, name=None):
    with pytest.raises(DataError) as caught:
        data = bind(f, source)
        if name:
            array(f, data, name)
    for needle in needles:
        assert needle in str(caught.value), str(caught.value)
    assert caught.value.remedy


def test_labels_then_positions_along_a_set_that_is_computed_later(tmp_path):
    f = formulation(PERIODS, P)
    (tmp_path / "retail.json").write_text(json.dumps(RETAIL))
    for source in (tmp_path / "retail.json", tmp_path, RETAIL):
        data = bind(f, source)
        assert data.sets["products"] == ("SKU_A", "SKU_B")
        assert array(f, data, "demand") == [[1, 2, 3], [4, 5, 6]] and array(f, data, "periods") == 3


@pytest.mark.parametrize("demand", [
    {"SKU_A": {"1": 1, "2": 2, "3": 3}, "SKU_B": {"3": 6, "2": 5, "1": 4}},
    {"SKU_A": {1: 1, 2: 2, 3: 3}, "SKU_B": {1: 4, 2: 5, 3: 6}},
    {("SKU_A", w): w for w in (1, 2, 3)} | {("SKU_B", w): w + 3 for w in (1, 2, 3)},
    {"SKU_A": np.array([1, 2, 3]), "SKU_B": (4, 5, 6)},
    {"SKU_A": [1.0, 2, np.int64(3)], "SKU_B": [4, 5, 6]},
    [{"product": s, "week": w, "demand": 3 * k + w} for k, s in enumerate(["SKU_A", "SKU_B"]) for w in (1, 2, 3)],
    [{"week": w, "value": 3 * k + w, "product": s} for k, s in enumerate(["SKU_A", "SKU_B"]) for w in (1, 2, 3)],
    pd.DataFrame([[1, 2, 3], [4, 5, 6]], index=["SKU_A", "SKU_B"], columns=[1, 2, 3]),
])
def test_one_parameter_in_many_dresses(demand):
    f = formulation(PERIODS, P)
    data = bind(f, {**RETAIL, "demand": demand})
    assert array(f, data, "demand") == [[1, 2, 3], [4, 5, 6]]
    assert data.sets["products"] == ("SKU_A", "SKU_B")


@pytest.mark.parametrize("demand", [[[1, 2, 3], [4, 5, 6]], np.array([[1, 2, 3], [4, 5, 6]]), ((1, 2, 3), (4, 5, 6))])
def test_positions_along_every_axis(demand):
    f = formulation(PERIODS, P)
    data = bind(f, {"periods": 3, "products": ["b", "a"], "demand": demand})
    assert array(f, data, "demand") == [[1, 2, 3], [4, 5, 6]]


def test_dotted_paths_wildcards_and_lists_of_objects():
    f = formulation(
        "name: inventory, bind: costs.inventory", "name: price, axes: [products], bind: 'goods.*.price'",
        "name: weight, axes: [products], bind: items.weight",
        sets="sets:\n- {name: products, bind: items.id}\n",
    )
    source = {
        "costs": {"inventory": 0.5, "other": 1}, "goods": {"a": {"price": 1}, "b": {"price": 2}},
        "items": [{"id": "b", "weight": 20}, {"id": "a", "weight": 10}],
    }
    data = bind(f, source)
    assert data.sets["products"] == ("b", "a") and array(f, data, "inventory") == 0.5
    assert array(f, data, "price") == [2, 1] and array(f, data, "weight") == [20, 10]
    unbound = formulation("name: weight, axes: [plants], bind: items.weight")
    refused(unbound, source, "labels not known", "bind: items.name")


def test_sets_from_lists_objects_and_pairs():
    f = formulation("name: cost, axes: [arcs]", "name: share, axes: [products]")
    data = bind(f, {"products": {"7": {}, "3": {}}, "share": {"3": 0.3, "7": 0.7},
                    "arcs": [["A", "B"], ["B", "C"]], "cost": [5, 6]})
    assert data.sets == {"plants": ("P1", "P2"), "products": (7, 3), "arcs": (("A", "B"), ("B", "C"))}
    assert array(f, data, "share") == [0.7, 0.3] and array(f, data, "cost") == [5, 6]
    data = bind(f, {"share": {"x": 1}, "cost": {"B": {"C": 6}, "A": {"B": 5}}})
    assert data.sets["arcs"] == (("B", "C"), ("A", "B")) and array(f, data, "cost") == [6, 5]


def test_a_listed_set_is_compared_with_data_of_its_name():
    f = formulation("name: cap, axes: [plants]")
    assert array(f, bind(f, {"plants": ["P1", "P2"], "cap": [1, 2]}), "cap") == [1, 2]
    refused(f, {"plants": ["P2", "P1"], "cap": [1, 2]}, "in one order and bound in another")
    refused(f, {"plants": ["P1", "P3"], "cap": [1, 2]}, "lack 'P2'; the data add 'P3'")


def test_labels_nulls_and_defaults():
    f = formulation("name: home, axes: [products], values_in: plants", "name: late, axes: [products], nullable: true",
                    "name: tax, axes: [products], default: 0")
    data = bind(f, {"products": ["a", "b"], "home": {"b": "P1", "a": "P2"}, "late": [None, 2]})
    assert array(f, data, "home") == ["P2", "P1"] and array(f, data, "tax") == [0, 0]
    late = array(f, data, "late")
    assert np.isnan(late[0]) and late[1] == 2


@pytest.mark.parametrize(("demand", "needles"), [
    ({"SKU_A": [1, 2, 3], "SKU_B": [4, 5]}, ["2 values along axis 'weeks' here, 3 elsewhere", "demand[SKU_B]"]),
    ({"SKU_A": [1, 2], "SKU_B": [4, 5]}, ["2 values by position along axis 'weeks', which has 3"]),
    ({"SKU_A": [1, 2, 3], "SKU_B": [4, None, 5]}, ["1 of 6 cells missing", "demand['SKU_B', 2]"]),
    ({"SKU_A": {"1": 1, "2": 2, "3": 3}, "SKU_B": {"1": 1, "2": 2}}, ["demand['SKU_B', 3]"]),
    ({"SKU_A": {"1": 1, "2": 2, "3": 3, "4": 4}}, ["'4' is not in axis 'weeks'"]),
    ({"SKU_A": [1, 2, 3], "SKU_B": {"1": 1}}, ["by label in one place and by position"]),
    ({"SKU_A": 5}, ["the single value 5 where values along axis 'weeks'"]),
    ({"SKU_A": [1, 2, "3"]}, ["text '3' where a number belongs"]),
    ({"SKU_A": [1, 2, True]}, ["True is not a number"]),
    ([[True, 2, 3]], ["True is not a number"]),
    ({"SKU_A": [1, 2, [3]]}, ["a list where one value belongs"]),
    ({"SKU_A": {"1": {"x": 1}}}, ["an object where one value belongs"]),
    (5, ["the single value 5 where values along axis 'products'"]),
    ("text", ["the single value 'text'"]),
    (np.ones(3), ["an array of 1 dimensions for 2 axes"]),
    (np.ones((1, 3), dtype=bool), ["True is not a number"]),
    ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], ["3 values by position along axis 'products', which has 2"]),
    ({("SKU_A", 1, 2): 5}, ["too many labels"]),
    ({"SKU_A": {1.5: 1}}, ["1.5 where a label belongs"]),
    ({"SKU_A": [1, 2, float("inf")], "SKU_B": [1, 2, 3]}, ["infinite"]),
])
def test_misfits_name_their_path(demand, needles):
    f = formulation(PERIODS, P)
    source = {"periods": 3, "products": ["SKU_A", "SKU_B"], "demand": demand}
    refused(f, source, *needles, name="demand")


def test_missing_data_say_where_they_might_be():
    f = formulation("name: holding")
    refused(f, {"costs": {"holding": 1}}, "no data for this parameter", "`bind: costs.holding`")
    refused(f, {"holdings": 1}, "did you mean 'holdings'")
    refused(f, {}, "no data for this parameter")
    refused(formulation("name: a, bind: costs.a, default: 3"), {"costs": {"b": 1}}, "bind: costs.a")
    refused(formulation("name: a", sets="sets: [{name: s, bind: x.y}]\n"), {"a": 1}, "no data for this set")
    one_set = formulation("name: a", sets="sets: [{name: s}]\n")
    refused(one_set, {"a": 1, "s": 4}, "4 where elements belong")
    refused(one_set, {"a": 1, "s": ["u", "u"]}, "'u' is given twice")
    refused(one_set, {"a": 1, "s": [["u", "v"]]}, "not an element of 1 labels")
    refused(one_set, {"a": 1, "s": [{"id": "u"}]}, "bind: s.id")
    refused(one_set, {"a": 1, "s": [True]}, "True is not a label")


@pytest.mark.parametrize("text", [
    "", "{", '{"a": 1, "a": 2}', "[" * 100_000, '{"holding": ' + "9" * 5000 + "}", "3", "null", "[]", '"x"',
    '{"holding": {"a": 1}}', '{"holding": true}', '{"holding": [1]}', '[{"x": 1}]', '{"holding": 1e999}',
])
def test_hostile_files(tmp_path, text):
    (tmp_path / "data.json").write_text(text)
    refused(formulation("name: holding"), tmp_path / "data.json", name="holding")


def test_nan_in_a_file_is_a_missing_cell(tmp_path):
    (tmp_path / "data.json").write_text('{"holding": NaN}')
    refused(formulation("name: holding"), tmp_path / "data.json", "no value", name="holding")


def test_two_files_with_the_same_parameter(tmp_path):
    (tmp_path / "a.json").write_text('{"holding": 1}')
    (tmp_path / "b.json").write_text('{"holding": 2}')
    refused(formulation("name: holding"), tmp_path, "found in a.json and b.json")


def test_positions_alone_do_not_make_a_set():
    f = formulation("name: cost, axes: [towers]", sets="sets: [{name: towers}]\n")
    refused(f, {"cost": [1, 2, 3]}, "towers: its data come by position", "range(1, n + 1)")
    assert bind(f, {"cost": [1, 2], "towers": [7, 8]}).sets["towers"] == (7, 8)


def test_rows_by_label_and_by_position_mix_along_a_listed_axis_and_empty_sets_are_sets():
    f = formulation("name: gap, axes: [plants, plants]", "name: cost, axes: [arcs]",
                    "name: budget, nullable: true, bind: limits.budget")
    data = bind(f, {"gap": {"P1": [0, 1], "P2": {"P2": 0, "P1": 2}}, "arcs": [], "cost": [], "limits": {"budget": None}})
    assert array(f, data, "gap") == [[0, 1], [2, 0]] and array(f, data, "cost") == []
    assert data.sets["arcs"] == () and np.isnan(array(f, data, "budget"))
    refused(f, {"gap": {"P1": [0, 1, 2]}, "arcs": [], "cost": []}, "3 values along axis 'plants', which has 2")
