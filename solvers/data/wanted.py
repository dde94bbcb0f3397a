"""What a formulation wants from data: its parameters without formulas, the sets they run over."""

from __future__ import annotations

from functools import cached_property

from solvers.data.data import Element
from solvers.formulation import Formulation, IndexSet, Parameter


class Wanted:
    """Lookups over the sets of a formulation, as binding needs them."""

    def __init__(self, formulation: Formulation) -> None:
        self.formulation = formulation
        self.sets = {s.name: s for s in formulation.sets}

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Those that take data."""
        return tuple(p for p in self.formulation.parameters if p.expr is None)

    @cached_property
    def unbound_sets(self) -> tuple[IndexSet, ...]:
        """Those whose elements only data can tell."""
        return tuple(s for s in self.formulation.sets if s.elements is None and s.expr is None)

    def width(self, axis: str) -> int:
        """Key positions that the axis takes."""
        return self.sets[axis].dimension if axis in self.sets else 1

    def positions(self, parameter: Parameter) -> list[tuple[str, int]]:
        """Axis and place within its elements, for every key position."""
        return [(axis, k) for axis in parameter.axes for k in range(self.width(axis))]

    def listed(self, axis: str) -> tuple[Element, ...] | None:
        """Elements, when the formulation lists them."""
        return self.sets[axis].elements if axis in self.sets else None

    def computed(self, axis: str) -> bool:
        """Whether grounding computes its elements."""
        return axis in self.sets and self.sets[axis].expr is not None

    def takes_integers(self, set_name: str | None) -> bool:
        """Whether digits in text mean integers there; True unless the set lists text labels."""
        elements = self.listed(set_name) if set_name else None
        return elements is None or any(isinstance(e, int) for e in elements)
