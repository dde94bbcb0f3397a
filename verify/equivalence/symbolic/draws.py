"""Random data for formulations: drawn where none are given, changed where some are; and the same data for a partner."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from solvers.errors import FormulateError
from solvers.expression import parse, walk
from solvers.expression.nodes import Str
from solvers.formulation import Formulation, IndexSet, Parameter
from verify.equivalence.symbolic.correspondence import keys_of
from verify.equivalence.symbolic.families import NormalForm
from verify.equivalence.symbolic.nodes import Cell, Node, Op, parts, symbols
from verify.equivalence.symbolic.proof import Proof

if TYPE_CHECKING:
    from solvers.data import Data

_PLACING = frozenset({"range", "ord", "prev", "next", "first", "last", "len"})
_ELEMENTS = 3
MOST_CELLS = 20_000
"""Parameter cells beyond which no draw is made: the guard is for small data."""


def structural(form: NormalForm) -> frozenset[str]:
    """Symbols that say where things stand: in keys, ranges and sources of loops."""
    found: set[str] = set()
    stack: list[Node] = []
    for family in form.families:
        stack += [family.node, *family.guards]
        for binder in family.binders:
            found |= symbols(binder.source)
    while stack:
        node = stack.pop()
        if isinstance(node, Cell):
            found.update(*(symbols(key) for key in node.keys))
        if isinstance(node, Op) and node.op in _PLACING:
            found |= symbols(node)
        for binder in getattr(node, "binders", ()):
            found |= symbols(binder.source)
        for term in getattr(node, "terms", ()):
            for binder in term.binders:
                found |= symbols(binder.source)
        stack.extend(parts(node))
    return frozenset(found)


def drawn(formulation: Formulation, form: NormalForm, data: Data | None, seed: int) -> Data | None:
    """Data for a formulation, by seed: its own numbers scaled at random, or all of it drawn; None where it has no use
    for data of that shape. The same seed gives the same data."""
    from solvers.data import Data

    r = random.Random(seed)
    try:
        own = Data.inline(formulation) if data is None else Data.inline(formulation).merge(data)
    except FormulateError:
        return None
    fixed = structural(form)
    sets = dict(own.sets)
    labels = _labels(formulation)
    for declared in formulation.sets:
        if declared.name not in sets and declared.expr is None and not declared.over:
            sets[declared.name] = _elements(declared, labels, r)
    parameters: dict[str, Any] = {}
    # Scalars and parameters over given sets first: computed sets may depend on them.
    given = sorted(formulation.parameters, key=lambda p: sum(axis not in sets for axis in p.axes))
    for parameter in given:
        if parameter.expr is not None:
            continue
        raw = own.parameters.get(parameter.name)
        if raw is None:
            axes = _axes(parameter, formulation, Data(sets, parameters))
            cells = _cells(parameter, axes, sets, parameter.name in fixed, r)
            if cells is None:
                return None
            parameters[parameter.name] = cells
        elif parameter.name in fixed or parameter.values_in is not None:
            parameters[parameter.name] = raw
        else:
            parameters[parameter.name] = _changed(raw, r)
    return Data(sets, parameters)


def _labels(formulation: Formulation) -> tuple[Any, ...]:
    """Elements that every drawn set has: the labels that formulas quote, else small integers."""
    texts = [c.expr for c in formulation.constraints] + [t.expr for t in formulation.objective.terms]
    texts += [e.expr for e in formulation.expressions]
    texts += [s.expr for s in formulation.sets if s.expr] + [p.expr for p in formulation.parameters if p.expr]
    quoted = {node.value for text in texts for node in walk(parse(text)) if isinstance(node, Str)}
    listed = {e for s in formulation.sets for e in s.elements or () if not isinstance(e, tuple)}
    known = sorted(quoted | listed, key=str)
    return tuple(known) if known else tuple(range(1, _ELEMENTS + 1))


def _elements(declared: IndexSet, labels: tuple[Any, ...], r: random.Random) -> tuple[Any, ...]:
    if declared.dimension == 1:
        return labels
    everything = list(product(labels, repeat=declared.dimension))
    return tuple(e for e in everything if r.random() < 0.7) or tuple(everything[:1])


def _axes(parameter: Parameter, formulation: Formulation, data: Data) -> list[tuple[Any, ...]] | None:
    """The elements of a parameter's axes, computed ones included; None where they cannot be told yet."""
    from solvers.interpret import Instance

    try:
        instance = Instance(formulation, data)
        return [data.sets[axis] if axis in data.sets else instance.elements(axis) for axis in parameter.axes]
    except FormulateError:
        return None


def _cells(
    parameter: Parameter, axes: list[tuple[Any, ...]] | None, sets: Mapping[str, tuple[Any, ...]], small: bool,
    r: random.Random,
) -> dict[Any, Any] | None:  # fmt: skip
    """A number (or label) for every key over the axes; None without axes."""
    if axes is None:
        return None
    pool = sets.get(parameter.values_in or "", ())
    cells: dict[Any, Any] = {}
    for elements in product(*axes):
        key = tuple(label for e in elements for label in (e if isinstance(e, tuple) else (e,)))
        if parameter.symmetric and tuple(reversed(key)) in cells:
            continue
        cells[key] = r.choice(pool) if pool else r.randint(1, 3) if small else r.randint(1, 40)
    return cells


def _changed(raw: Any, r: random.Random) -> Any:
    from solvers.data import DenseArray

    if isinstance(raw, DenseArray):
        import numpy as np

        factors = np.array([r.choice((1, 2, 3)) for _ in range(raw.values.size)])
        return replace(raw, values=raw.values * factors.reshape(raw.values.shape))
    if isinstance(raw, Mapping):
        return {k: v * r.choice((1, 2, 3)) if isinstance(v, (int, float)) else v for k, v in raw.items()}
    return raw


def partner(a: Formulation, b: Formulation, data: Data, proof: Proof) -> tuple[Formulation, Data] | None:
    """B without the data of matched symbols, and A's data under B's names; None beyond MOST_CELLS cells.

    Raises what reading A's data raises.
    """
    from solvers.data import Data
    from solvers.interpret import Instance

    instance = Instance(a, data)
    sets: dict[str, tuple[Any, ...]] = {}
    parameters: dict[str, Any] = {}
    count = 0
    for pair in proof.pairs:
        declared = a.by_name[pair.a]
        if isinstance(declared, IndexSet) and not declared.over:
            sets[pair.b] = instance.elements(pair.a)
        elif isinstance(declared, Parameter):
            cells = {}
            for key in keys_of(instance, declared):
                count += 1
                if count > MOST_CELLS:
                    return None
                if instance.is_given(pair.a, key):
                    cells[tuple(key[k] for k in pair.order) if pair.order else key] = instance.datum(pair.a, key)
            parameters[pair.b] = cells
    taken = set(proof.names.values())
    bare = replace(
        b,
        sets=tuple(replace(s, elements=None) if s.name in taken else s for s in b.sets),
        parameters=tuple(replace(p, cells=(), by_position=()) if p.name in taken else p for p in b.parameters),
    )
    return bare, Data(sets, parameters)
