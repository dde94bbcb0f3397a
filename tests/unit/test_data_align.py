"""Aligning raw data to axes: complete or refused, by label, by position, mirrored, changed."""

import itertools
import re

import numpy as np
import pytest

from solvers.data import Data, DenseArray, Origin, align
from solvers.errors import DataError
from solvers.formulation import Parameter
from solvers.schema import from_dict, loads

P = Parameter("p", axes=("s", "t"))
AXES = [("a", "b"), (1, 2, 3)]
FULL = {key: 10.0 * k for k, key in enumerate(itertools.product(*AXES))}


def refused(match, parameter=P, axes=AXES, raw=None, origin=None):
    with pytest.raises(DataError) as caught:
        align(parameter, axes, raw, origin)
    assert re.search(match, str(caught.value)), str(caught.value)
    return str(caught.value)


def test_cells_stand_where_their_labels_say_whatever_their_order():
    shuffled = dict(reversed(FULL.items()))
    out = align(P, AXES, shuffled)
    assert out.dtype == np.float64 and out.shape == (2, 3)
    for (i, s), (j, t) in itertools.product(enumerate(AXES[0]), enumerate(AXES[1])):
        assert out[i, j] == FULL[s, t]


def test_digits_match_integer_labels_and_the_other_way_round():
    assert (align(P, AXES, {(s, str(t)): v for (s, t), v in FULL.items()}) == align(P, AXES, FULL)).all()
    assert align(Parameter("y", axes=("s",)), [("2024", "x")], {(2024,): 1, ("x",): 2}).tolist() == [1, 2]
    refused("'01' is not in axis 's'", Parameter("y", axes=("s",)), [(1,)], {("01",): 1})
    refused("given twice", Parameter("y", axes=("s",)), [(1, 2)], {("1",): 1, (1,): 1, (2,): 0})
    refused("True is not in axis", Parameter("y", axes=("s",)), [(1,)], {(True,): 1})


@pytest.mark.parametrize(("change", "match"), [
    (lambda c: c.pop(("b", 2)), r"p: 1 of 6 cells missing: p\['b', 2\].*default"),
    (lambda c: c.update({("b", 4): 1}), r"p\[b, 4\]: 4 is not in axis 't'.*1, 2, 3"),
    (lambda c: c.update({("B", 1): 1}), r"'B' is not in axis 's'.*did you mean 'b'"),
    (lambda c: c.update({("a",): 1}), r"a key of 1 labels where 2 belong \(axes s, t\)"),
    (lambda c: c.update({("a", 1): "5"}), r"p\[a, 1\]: text '5' where a number"),
    (lambda c: c.update({("a", 1): True}), r"p\[a, 1\]: True where a number"),
    (lambda c: c.update({("a", 1): float("inf")}), r"p\[a, 1\]: an infinite value"),
    (lambda c: c.update({("a", 1): None}), r"1 of 6 cells missing: p\['a', 1\]"),
    (lambda c: c.update({("a", 1): float("nan")}), r"1 of 6 cells missing"),
    (lambda c: c.update({("a", 1): 10**400}), r"p\[a, 1\]: a number too large"),
    (lambda c: c.update({("a", 1): [1]}), r"p\[a, 1\]: \[1\] where a number"),
    (lambda c: c.clear(), r"6 of 6 cells missing: .* and 1 more"),
])
def test_what_does_not_fit_is_refused_at_its_cell(change, match):
    cells = dict(FULL)
    change(cells)
    refused("(?s)" + match, raw=cells)


def test_the_origin_of_a_cell_is_told():
    origin = Origin("costs.csv", {("a", 9): 7})
    assert "[costs.csv, row 7]" in refused("9 is not in", raw={("a", 9): 1}, origin=origin)


def test_no_data_is_not_a_default_when_data_were_to_be_bound():
    refused(r"no data for this parameter \('costs.x'\)", Parameter("p", default=1, bind="costs.x"), [])
    refused("no data", Parameter("p"), [])
    assert align(Parameter("p", default=1.5), [], None) == 1.5
    assert align(Parameter("p"), [], {(): 4}).shape == ()


def test_default_fills_and_nullable_leaves_open():
    sparse = {("a", 1): 5}
    filled = align(Parameter("p", axes=P.axes, default=-1), AXES, sparse)
    assert filled.tolist() == [[5, -1, -1], [-1, -1, -1]]
    open_ = align(Parameter("p", axes=P.axes, nullable=True), AXES, sparse)
    assert open_[0, 0] == 5 and np.isnan(open_).sum() == 5


def test_symmetric_data_are_mirrored_and_contradictions_refused():
    distance = Parameter("d", axes=("c", "c"), symmetric=True, default=0)
    cities = ("x", "y", "z")
    upper = {("x", "y"): 1, ("x", "z"): 2, ("z", "y"): 3}
    expected = [[0, 1, 2], [1, 0, 3], [2, 3, 0]]
    assert align(distance, [cities] * 2, upper).tolist() == expected
    nan = float("nan")
    block = DenseArray(("c", "c"), np.array([[0, 1, 2], [nan, 0, 3], [nan, nan, 0]]))
    assert align(distance, [cities] * 2, block).tolist() == expected
    refused(r"d\['x', 'y'\] is 1.0 and d\['y', 'x'\] is 9.0", distance, [cities] * 2, {**upper, ("y", "x"): 9})
    refused("two axes over the same set", distance, [cities, ("x", "y")], {})


def test_dense_blocks_by_position_and_by_label():
    values = np.arange(6.0).reshape(2, 3)
    out = align(P, AXES, DenseArray(("s", "t"), values))
    assert (out == values).all()
    out[0, 0] = 99
    assert values[0, 0] == 0
    assert (align(P, AXES, DenseArray(("t", "s"), values.T)) == values).all()
    by_label = DenseArray(("s", "t"), values[::-1], (("b", "a"), None))
    assert (align(P, AXES, by_label) == values).all()
    refused("2 values by position along axis 't', which has 3", raw=DenseArray(("s", "t"), values[:, :2]))
    refused("'c' is not in axis 's'", raw=DenseArray(("s", "t"), values, (("a", "c"), None)))
    refused("'a' is given twice along axis 's'", raw=DenseArray(("s", "t"), values, (("a", "a"), None)))
    refused("1 of 6 cells|3 of 6 cells missing", raw=DenseArray(("s", "t"), values[:1], (("a",), None)))
    refused("data along", raw=DenseArray(("s", "u"), values))
    refused("False where a number", raw=DenseArray(("s", "t"), values > 2))
    with pytest.raises(DataError, match="an array of 1 dimensions for 2 axes"):
        DenseArray(("s", "t"), values[0])


def test_an_axis_over_pairs_takes_two_key_positions():
    arcs = (("A", "B"), ("B", "C"))
    cost = Parameter("cost", axes=("arcs", "t"))
    raw = {("B", "C", 1): 4, ("A", "B", 1): 3}
    assert align(cost, [arcs, (1,)], raw).tolist() == [[3], [4]]
    assert align(cost, [arcs, (1,)], DenseArray(("arcs", "t"), np.array([[3], [4]]))).tolist() == [[3], [4]]
    refused(r"\('A', 'C'\) is not in axis 'arcs'", cost, [arcs, (1,)], {**raw, ("A", "C", 1): 1})


def test_label_values():
    device = Parameter("device", axes=("t",), values_in="devices", nullable=True)
    out = align(device, [(1, 2, 3)], {(1,): "lathe", (2,): 2.0})
    assert out.dtype == object and out.tolist() == ["lathe", 2, None]
    refused("1.5 where a label of 'devices'", device, [(1,)], {(1,): 1.5})


def test_a_million_cells_as_array_and_as_dict():
    axes = [range(1000), tuple(f"x{k}" for k in range(1000))]
    values = np.random.default_rng(0).random((1000, 1000))
    cells = {(i, label): values[i, k] for i in axes[0] for k, label in enumerate(axes[1])}
    assert (align(P, axes, DenseArray(P.axes, values)) == values).all()
    assert (align(P, axes, cells) == values).all()


DOCUMENT = """
name: x
objective: {sense: min}
sets: [{name: s, elements: [a, b]}, {name: t, expr: "range(1, n + 1)"}, {name: later}]
parameters:
- {name: n, values: 2}
- {name: p, axes: [s], values: [1, 2]}
- {name: q, axes: [s], default: 7}
- {name: d, axes: [s, s], symmetric: true, values: {a: {a: 0, b: 3}, b: {a: 3, b: 0}}}
- {name: u, axes: [later], values: [5, 6, 7]}
- {name: r, expr: "2 * n"}
"""


def test_inline_data():
    data = Data.inline(loads(DOCUMENT))
    assert data.sets == {"s": ("a", "b")}
    assert data.parameters["p"] == {("a",): 1, ("b",): 2} and data.parameters["q"] == {}
    assert "r" not in data.parameters and data == Data.inline(loads(DOCUMENT))


def test_values_by_position_meet_their_axis_when_it_is_known():
    f = loads(DOCUMENT)
    u, raw = f.by_name["u"], Data.inline(f).parameters["u"]
    assert align(u, [("x", "y", "z")], raw).tolist() == [5, 6, 7]
    refused("3 values by position along axis 'later', which has 2", u, [("x", "y")], raw)


def test_override_changes_single_slots_only():
    f = loads(DOCUMENT)
    data = Data.inline(f)
    changed = data.override({("p", ("b",)): 9, ("n", ()): 3, ("q", ("a",)): 0, ("d", ("b", "a")): 4, ("u", ("y",)): 1})

    def array(data, name):
        axes = [("x", "y", "z") if a == "later" else data.sets[a] for a in f.by_name[name].axes]
        return align(f.by_name[name], axes, data.parameters[name]).tolist()

    assert array(changed, "p") == [1, 9] and array(data, "p") == [1, 2]
    assert array(changed, "n") == 3 and array(changed, "q") == [0, 7]
    assert array(changed, "d") == [[0, 4], [4, 0]] and array(changed, "u") == [5, 1, 7]
    again = changed.override({("d", ("a", "a")): 1, ("u", ("x",)): 2})
    assert array(again, "d") == [[1, 4], [4, 0]] and array(again, "u") == [2, 1, 7]
    with pytest.raises(DataError, match="no data to change for 'r'"):
        data.override({("r", ()): 1})
    bad = data.override({("p", ("zzz",)): 1})
    refused("'zzz' is not in axis 's'", f.by_name["p"], [("a", "b")], bad.parameters["p"])


def test_merge_prefers_the_other_and_reports_sets_that_differ():
    data = Data.inline(loads(DOCUMENT))
    other = Data({"later": (1, 2)}, {"p": {("a",): 5}})
    merged = data.merge(other)
    assert merged.parameters["p"] == {("a",): 5} and merged.sets["later"] == (1, 2) and merged.sets["s"] == ("a", "b")
    with pytest.raises(DataError, match="lack 'b'; the data add 'c'"):
        data.merge(Data({"s": ("a", "c")}, {}))
    with pytest.raises(DataError, match="in one order"):
        data.merge(Data({"s": ("b", "a")}, {}))


def test_a_cell_given_twice_in_a_formulation_made_in_python_is_refused():
    import dataclasses

    f = from_dict({"name": "x", "objective": {"sense": "min"}, "parameters": [{"name": "p", "values": 1}]})
    p = f.parameters[0]
    f = dataclasses.replace(f, parameters=(dataclasses.replace(p, cells=p.cells * 2),))
    with pytest.raises(DataError, match="given twice"):
        Data.inline(f)
