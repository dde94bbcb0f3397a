"""Whether the data that two formulations carry are the same under a match of their symbols."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

from solvers.errors import FormulateError
from solvers.formulation import Formulation, IndexSet, Label, Parameter
from verify.equivalence.symbolic.families import NormalForm
from verify.equivalence.symbolic.nodes import Leaf, Node, parts
from verify.equivalence.symbolic.proof import Pair, Proof

if TYPE_CHECKING:
    from solvers.data import Data
    from solvers.interpret import Instance

MOST_SHOWN = 20
_POSITIONAL = frozenset({"first", "last", "ord", "prev", "next", "sos2", "piecewise"})


@dataclass(frozen=True, slots=True)
class Agreement:
    """`agree`, `differ` (and where, in words), or `absent` where a side carries no data for a matched symbol."""

    verdict: Literal["agree", "differ", "absent"]
    differences: tuple[str, ...] = ()


def compare_data(
    a: Formulation, b: Formulation, data_a: Data | None, data_b: Data | None, proof: Proof, form: NormalForm
) -> Agreement:
    """The data of matched sets and parameters side by side; elements by label where they agree, else by position.

    Integers and labels that formulas quote mean themselves; other labels may be renamed, each to one other everywhere.
    """
    from solvers.interpret import Instance

    found: list[str] = []
    labels = Relabelling()
    for label in _quoted(form):
        labels.meet(label, label)
    try:
        left, right = Instance(a, data_a), Instance(b, data_b)
        ordered = positional(form)
        for pair in proof.pairs:
            if pair.kind == "set":
                _compare_set(pair, left, right, a, labels, found, ordered)
        if found:
            return Agreement("differ", tuple(found))
        for pair in proof.pairs:
            if pair.kind == "parameter":
                _compare_parameter(pair, left, right, a, b, labels, found)
    except FormulateError:
        if not found:
            return Agreement("absent")
    return Agreement("differ", tuple(found)) if found else Agreement("agree")


@dataclass(frozen=True, slots=True)
class Relabelling:
    """A's text labels to B's, one to one over all sets."""

    names: dict[Label, Label] = field(default_factory=dict)
    back: dict[Label, Label] = field(default_factory=dict)

    def meet(self, one: Label, two: Label) -> bool:
        """Take `one` of A for `two` of B; False where that contradicts what was taken before, or renames an integer."""
        if one != two and not (isinstance(one, str) and isinstance(two, str)):
            return False
        return self.names.setdefault(one, two) == two and self.back.setdefault(two, one) == one

    def of(self, label: Any) -> Any:
        """B's label for one of A."""
        return self.names.get(label, label)


def _quoted(form: NormalForm) -> Iterator[str]:
    for node in _nodes(form):
        if isinstance(node, Leaf) and node.kind == "label":
            yield node.text


def _nodes(form: NormalForm) -> Iterator[Node]:
    stack: list[Node] = [family.node for family in form.families] + [g for f in form.families for g in f.guards]
    stack += [binder.source for family in form.families for binder in family.binders]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(parts(node))


def positional(form: NormalForm) -> bool:
    """Whether the order of a set's elements matters to some formula."""
    return any(getattr(node, "op", "") in _POSITIONAL for node in _nodes(form))


def _compare_set(
    pair: Pair, left: Instance, right: Instance, a: Formulation, labels: Relabelling, found: list[str], ordered: bool
) -> None:  # fmt: skip
    declared = a.by_name[pair.a]
    assert isinstance(declared, IndexSet)
    if declared.over:
        return
    ours, theirs = tuple(left.elements(pair.a)), tuple(right.elements(pair.b))
    if len(ours) != len(theirs):
        found.append(f"set {pair.a} has {len(ours)} elements in A, {pair.b} has {len(theirs)} in B")
    elif ours != theirs and set(ours) == set(theirs) and ordered:
        found.append(f"set {pair.a} is in another order in B ({pair.b})")
    else:
        for one, two in zip(ours, ours if set(ours) == set(theirs) else theirs):
            if not all(labels.meet(p, q) for p, q in zip(_flat(one), _flat(two))):
                found.append(f"set {pair.a} has {_plain(one)} in A where {pair.b} has {_plain(two)} in B")
                return


def _compare_parameter(
    pair: Pair, left: Instance, right: Instance, a: Formulation, b: Formulation,
    labels: Relabelling, found: list[str],
) -> None:  # fmt: skip
    declared, theirs = a.by_name[pair.a], b.by_name[pair.b]
    assert isinstance(declared, Parameter) and isinstance(theirs, Parameter)
    for key in keys_of(left, declared):
        moved = tuple(map(labels.of, key))
        other = tuple(moved[k] for k in pair.order) if pair.order else moved
        if declared.nullable and (left.is_given(pair.a, key), right.is_given(pair.b, other)) != (True, True):
            if left.is_given(pair.a, key) != right.is_given(pair.b, other):
                found.append(f"{_shown(pair.a, key)} is given in one of A and B only")
            continue
        one, two = left.datum(pair.a, key), right.datum(pair.b, other)
        if (labels.of(one) if declared.values_in else one) != two:
            same = pair.a == pair.b and key == other
            names = _shown(pair.a, key) + ("" if same else f" ({_shown(pair.b, other)} in B)")
            found.append(f"parameter {names} is {one} in A, {two} in B")
        if len(found) >= MOST_SHOWN:
            found.append("...")
            return


def keys_of(instance: Instance, parameter: Parameter) -> Iterator[tuple[Label, ...]]:
    """The keys of a parameter's cells, over its axes."""
    for elements in product(*(instance.elements(axis) for axis in parameter.axes)):
        yield tuple(label for element in elements for label in _flat(element))


def _flat(element: Any) -> tuple[Label, ...]:
    return element if isinstance(element, tuple) else (element,)


def _plain(element: Any) -> str:
    return ", ".join(map(str, _flat(element)))


def _shown(name: str, key: tuple[Label, ...]) -> str:
    return f"{name}[{', '.join(map(str, key))}]" if key else name


def values_of(formulation: Formulation, data: Data | None, form: NormalForm) -> dict[str, object] | None:
    """What the data say of each set and parameter, without keys: a first colour for the search; None without data."""
    from solvers.interpret import Instance

    try:
        instance = Instance(formulation, data)
        found: dict[str, object] = {}
        for name in form.symbols:
            declared = formulation.by_name[name]
            if isinstance(declared, IndexSet) and not declared.over:
                found[name] = len(instance.elements(name))
            elif isinstance(declared, Parameter):
                given = [key for key in keys_of(instance, declared) if instance.is_given(name, key)]
                values = [instance.datum(name, key) for key in given]
                label = declared.values_in is not None
                found[name] = len(values) if label else tuple(sorted(float(value) for value in values))
        return found
    except FormulateError:
        return None
