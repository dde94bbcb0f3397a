"""Data saved as JSON and bound again align to the same arrays."""

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.data import Data, DenseArray, align, bind, dump
from solvers.formulation import Formulation, IndexSet, Objective, Parameter

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6).map(str.strip).filter(
    lambda t: t and t[0] != "#" and not t.lstrip("-").isdigit()
)
numbers = st.floats(-1e300, 1e300) | st.integers(-(10**9), 10**9)
PARAMETERS = (
    Parameter("n"), Parameter("p", axes=("s", "t")), Parameter("d", axes=("s", "s"), symmetric=True, default=0),
    Parameter("c", axes=("arcs",), nullable=True), Parameter("l", axes=("s",), values_in="t"),
    Parameter("free", axes=("t",), default=3),
)


@st.composite
def instances(draw):
    sites = tuple(draw(st.lists(texts, min_size=1, max_size=3, unique=True)))
    times = tuple(draw(st.lists(st.integers(-9, 9), min_size=1, max_size=3, unique=True)))
    arcs = tuple(draw(st.lists(st.tuples(texts, st.sampled_from(times)), max_size=3, unique=True)))
    listed = draw(st.booleans())
    formulation = Formulation("x", Objective("min"), parameters=PARAMETERS, sets=(
        IndexSet("s", sites if listed else None), IndexSet("t"), IndexSet("arcs", dimension=2),
    ))
    block = np.array([[draw(numbers) for _ in times] for _ in sites], dtype=float)
    p = draw(st.sampled_from([
        DenseArray(("s", "t"), block), DenseArray(("t", "s"), block.T), DenseArray(("s", "t"), block, (sites, None)),
        DenseArray(("s", "t"), block[:, ::-1], (sites, times[::-1])),
        {(s, t): float(block[i, j]) for i, s in enumerate(sites) for j, t in enumerate(times)},
    ]))
    upper = {(a, b): draw(numbers) for k, a in enumerate(sites) for b in sites[k:]}
    data = Data(
        {"s": sites, "t": times, "arcs": arcs},
        {"n": {(): draw(numbers)}, "p": p, "d": upper, "free": {},
         "c": {arc: draw(st.none() | numbers) for arc in arcs},
         "l": {(s,): draw(st.sampled_from(times)) for s in sites}},
    )
    return formulation, data


def arrays(formulation, data):
    return [
        align(p, [data.sets[axis] for axis in p.axes], data.parameters.get(p.name)).tolist() for p in formulation.parameters
    ]


@settings(max_examples=150, deadline=None)
@given(instances(), st.data())
def test_saved_data_come_back(instance, draws):
    formulation, data = instance
    if draws.draw(st.booleans()):
        a, b = (draws.draw(st.sampled_from(data.sets["s"])) for _ in "ab")
        t = draws.draw(st.sampled_from(data.sets["t"]))
        data = data.override({("d", (a, b)): 7.5, ("p", (a, t)): -1.0, ("n", ()): 2, ("free", (t,)): 4.0})
    saved = json.loads(json.dumps(dump(data, formulation), allow_nan=False))
    again = bind(formulation, saved)
    assert {k: v for k, v in again.sets.items() if v} == {k: v for k, v in data.sets.items() if v}
    assert repr(arrays(formulation, again)) == repr(arrays(formulation, data))
