"""The instance being grounded: sets, parameters and variable blocks, each made once, in dependency order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from solvers.data import Data, align
from solvers.errors import DataError, GroundingError, Place, TypingError
from solvers.expression import parse, parse_generator
from solvers.expression.nodes import Expr
from solvers.formulation import Formulation, IndexSet, Parameter
from solvers.ground.frame import ROOT, Frame
from solvers.ground.sets import Column, Domain, GroundSet, Universe, ground_elements
from solvers.ground.values import Dep, Num, take_deps
from solvers.model import Block

if TYPE_CHECKING:
    from solvers.ground.evaluator import Evaluator

_T = TypeVar("_T")
IndexedSet = tuple[Domain, np.ndarray, np.ndarray, tuple[Column, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class GroundParameter:
    """Values (size,) along a domain (None for a scalar): floats, or label codes when `is_label`."""

    name: str
    domain: Domain | None
    values: np.ndarray
    is_label: bool
    nullable: bool
    derived: Num | None = None

    def at(self, positions: np.ndarray | None, tracking: bool) -> Num:
        """The values at flat positions (None: all, in order); a scalar parameter gives a scalar."""
        deps: tuple[Dep, ...] = ()
        if self.domain is None:
            if tracking:
                deps = self.derived.deps if self.derived else (Dep(self.name, None, 0, 1.0),)
            return Num(float(self.values[0]), deps)
        if tracking:
            where = np.arange(len(self.values)) if positions is None else positions
            deps = take_deps(self.derived.deps, where) if self.derived else (Dep(self.name, None, where, 1.0),)
        return Num(self.values if positions is None else self.values[positions], deps)


class Context:
    """What formulas refer to. Everything is grounded lazily and cached; a cycle is an error that names it."""

    def __init__(self, formulation: Formulation, data: Data, *, tracking: bool = False) -> None:
        self.formulation = formulation
        self.data = data
        self.tracking = tracking
        self.universe = Universe()
        self.set_cache: dict[Expr, Any] = {}
        self.structural: set[str] = set()
        self.blocks: dict[str, Block] = {}
        self._sets: dict[str, GroundSet] = {}
        self._indexed: dict[str, IndexedSet] = {}
        self._parameters: dict[str, GroundParameter] = {}
        self._active: list[str] = []

    # -- helpers -----------------------------------------------------------------------------

    @contextmanager
    def _making(self, name: str) -> Iterator[None]:
        if name in self._active:
            cycle = [*self._active[self._active.index(name) :], name]
            raise GroundingError(
                f"the definition is circular: {' -> '.join(cycle)}",
                place=Place(name),
                remedy="break the cycle: a set or derived parameter must not depend on itself",
            )
        self._active.append(name)
        try:
            yield
        finally:
            self._active.pop()

    def _once(self, cache: dict[str, _T], name: str, make: Callable[[], _T]) -> _T:
        if name not in cache:
            with self._making(name):
                cache[name] = make()
        return cache[name]

    def mark_structural(self, value: Num) -> None:
        """Record that the shape of the model depends on these slots."""
        self.structural.update(d.parameter for d in value.deps)

    def unknown(self, name: str, place: Place) -> TypingError:
        """The error for a name that nothing declares."""
        close = get_close_matches(name, self.formulation.by_name, n=1)
        remedy = f"did you mean {close[0]!r}?" if close else "declare it as a set, parameter, variable or expression"
        return TypingError(f"{name!r} is not declared", place=place, remedy=remedy)

    # -- sets --------------------------------------------------------------------------------

    def ground_set(self, name: str, ev: Evaluator) -> GroundSet:
        """A declared, non-indexed set."""
        declared = self.formulation.by_name.get(name)
        if not isinstance(declared, IndexSet):
            if declared is None:
                raise self.unknown(name, ev.place)
            raise TypingError(f"{name!r} is not a set", place=ev.place, remedy="loop over a declared set")
        if declared.over:
            raise TypingError(f"{name!r} is an indexed set", place=ev.place, remedy=f"write {name}[...] with an index")
        return self._once(self._sets, name, lambda: self._make_set(declared))

    def _make_set(self, declared: IndexSet) -> GroundSet:
        from solvers.ground.evaluator import Evaluator
        from solvers.ground.set_values import evaluate_set

        place = Place(declared.name)
        if declared.expr is not None:
            ev = Evaluator(self, Place(declared.name, "expr"))
            value = evaluate_set(ev, parse(declared.expr), ROOT)
            if not isinstance(value, GroundSet):
                raise GroundingError("the set depends on an index", place=place)
            made = GroundSet(value.columns, value.kinds, declared.name)
        elif declared.name in self.data.sets:
            elements = self.data.sets[declared.name]
            made = ground_elements(elements, declared.dimension, self.universe, declared.name)
        else:
            raise DataError(
                f"the set {declared.name!r} has no elements",
                place=place,
                remedy="list its elements, give an expr, or bring data: --data FILE",
            )
        if declared.within is not None:
            self._check_within(declared, made)
        return made

    def _check_within(self, declared: IndexSet, made: GroundSet) -> None:
        from solvers.ground.evaluator import Evaluator
        from solvers.ground.set_values import contains, evaluate_set

        assert declared.within is not None
        ev = Evaluator(self, Place(declared.name, "within"))
        outer = evaluate_set(ev, parse(declared.within), ROOT)
        everything = np.arange(made.size)
        columns = [made.column(c, everything) for c in range(made.dimension)]
        held = contains(ev, columns, outer, Frame(made.size))
        if not held.all():
            element = made.elements(self.universe)[int(np.flatnonzero(~held)[0])]
            raise DataError(
                f"the element {element!r} is not within {declared.within}",
                place=Place(declared.name),
                remedy="correct the element, or widen the set that must contain it",
            )

    def indexed_set(self, name: str, ev: Evaluator) -> IndexedSet:
        """An indexed set: its index domain, start and count per index, and the pooled elements."""
        declared = self.formulation.by_name.get(name)
        assert isinstance(declared, IndexSet)
        return self._once(self._indexed, name, lambda: self._make_indexed(declared))

    def _make_indexed(self, declared: IndexSet) -> IndexedSet:
        from solvers.ground.evaluator import Evaluator
        from solvers.ground.set_values import as_ragged, evaluate_set

        if declared.expr is None:
            raise DataError(
                f"the indexed set {declared.name!r} has no expr",
                place=Place(declared.name),
                remedy="compute it, for example {j for (k, j) in pairs if k == i}",
            )
        frame, domain, _ = self.over(declared.name, declared.over)
        ev = Evaluator(self, Place(declared.name, "expr"))
        ragged = as_ragged(evaluate_set(ev, parse(declared.expr), frame), frame.n)
        return domain, ragged.start, ragged.count, ragged.pool

    # -- index frames ------------------------------------------------------------------------

    def over(self, element: str, over: tuple[str, ...]) -> tuple[Frame, Domain, tuple[str, ...]]:
        """The rows an element is indexed over: their frame, their domain, the names of the indices."""
        from solvers.ground.evaluator import Evaluator
        from solvers.ground.set_values import expand

        ev = Evaluator(self, Place(element, "over"))
        generators = []
        for text in over:
            with ev.placing(text):
                generators.append(parse_generator(text))
        names = tuple(n for gen in generators for n in gen.targets)
        if not generators:
            return ROOT, Domain(()), ()
        frame, _ = expand(ev, ROOT, tuple(generators))
        if frame.grid is not None and not any(gen.tests for gen in generators):
            return frame, frame.grid[1], names
        columns = tuple(frame.columns[n] for n in names)
        explicit = GroundSet(
            tuple(c.values for c in columns), tuple(c.kind for c in columns), f"the index of {element}"
        )
        domain = Domain((explicit,))
        return Frame(frame.n, dict(zip(names, columns)), (names, domain)), domain, names

    # -- parameters --------------------------------------------------------------------------

    def parameter(self, declared: Parameter) -> GroundParameter:
        """The values of a parameter along its axes."""
        make = self._make_derived if declared.expr is not None else self._make_parameter
        return self._once(self._parameters, declared.name, lambda: make(declared))

    def _make_derived(self, declared: Parameter) -> GroundParameter:
        from solvers.ground.evaluator import Evaluator
        from solvers.ground.values import Idx

        assert declared.expr is not None
        frame, domain, names = self.over(declared.name, declared.over)
        ev = Evaluator(self, Place(declared.name, "expr"))
        with ev.placing(declared.expr):
            value = ev.value(parse(declared.expr), frame)
        if isinstance(value, Idx) and value.column.kind == "label":
            return GroundParameter(declared.name, domain if names else None, value.column.values, True, False)
        number = ev.as_number(value, parse(declared.expr), frame)
        array = np.atleast_1d(number.array(frame.n))
        return GroundParameter(declared.name, domain if names else None, array, False, False, Num(array, number.deps))

    def _make_parameter(self, declared: Parameter) -> GroundParameter:
        from solvers.ground.evaluator import Evaluator

        ev = Evaluator(self, Place(declared.name, "axes"))
        factors = tuple(self.ground_set(axis, ev) for axis in declared.axes)
        raw = self.data.parameters.get(declared.name)
        aligned = align(
            declared, [f.elements(self.universe) for f in factors], raw, self.data.origins.get(declared.name)
        ).ravel()
        is_label = declared.values_in is not None
        if is_label:
            universe = self.universe
            codes = [-1 if v is None else universe.code(v) for v in aligned]
            aligned = np.array(codes, dtype=np.int64)
        return GroundParameter(
            declared.name, Domain(factors) if factors else None, aligned, is_label, declared.nullable
        )
