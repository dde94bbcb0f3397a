"""Units through formulas: sums and comparisons agree, products multiply; what has no unit is unknown.

Only two known dimensions, or one dimension at two scales, make an error: numbers are added as they stand,
so hours added to minutes are wrong by 60. Count nouns give notes at most.
"""

from __future__ import annotations

from collections.abc import Sequence

from solvers.check.report import Collector, Severity
from solvers.check.source import Entry, Source
from solvers.data import Data, DenseArray
from solvers.errors import Place
from solvers.expression import unparse
from solvers.expression.nodes import (
    Add,
    Aggregate,
    BinOp,
    Call,
    Compare,
    Expr,
    Generator,
    IfElse,
    Name,
    Neg,
    Num,
    Ref,
)
from solvers.expression.walk import children
from solvers.formulation import NamedExpression, Parameter, Variable
from solvers.units import LITERAL, PERCENT, PURE, Clash, Unit, clash, parse_unit

_SEVERITY: dict[Clash, Severity] = {"noun": "note", "mixed": "warning"}
_SAME = ("abs", "floor", "ceil", "round")
_NUMBERS = ("len", "ord", "given")


def check_units(source: Source, order: Sequence[str], data: Data | None, issues: Collector) -> dict[str, str]:
    """Report clashes; return the declared or inferred unit of every element that has one."""
    checker = _Units(source, data, issues)
    for name in order:
        checker.define(source.declared[name])
    checker.objective()
    for entry in source.of("constraint"):
        for tree in entry.formulas.values():
            checker.start(entry, "expr")
            found = checker.infer(tree)
            checker.note(entry.name, found)
    return checker.shown


class _Units:
    def __init__(self, source: Source, data: Data | None, issues: Collector) -> None:
        self.source = source
        self.data = data
        self.issues = issues
        self.units: dict[str, Unit | None] = {}
        self.shown: dict[str, str] = {}
        self.texts: dict[Unit, str] = {}
        self.entry: Entry = Entry("asked", "", "")
        self.part = ""
        self.scope: set[str] = set()
        for entry in source.declared.values():
            self.declared(getattr(entry.item, "unit", None))
        self.declared(source.formulation.objective.unit)

    # -- elements ----------------------------------------------------------------------------

    def start(self, entry: Entry, part: str) -> None:
        """Begin a field of an element."""
        self.entry, self.part = entry, part
        self.scope = set(entry.indices)

    def note(self, name: str, unit: Unit | None) -> None:
        """Remember the unit of an element for the report."""
        if unit is not None and unit != LITERAL and (unit.dims or unit.nouns):
            self.shown.setdefault(name, self.describe(unit))

    def describe(self, unit: Unit) -> str:
        """A unit in the words of the formulation, where it has been declared so."""
        return self.texts.get(unit) or str(unit)

    def declared(self, text: str | None) -> Unit | None:
        """A declared unit."""
        found = parse_unit(text) if text else None
        if found is not None and text:
            known = self.texts.get(found)
            # `hours per unit` and `hours` are one unit: the shorter text serves all.
            if known is None or len(text.strip()) < len(known):
                self.texts[found] = text.strip()
        return found

    def define(self, entry: Entry) -> None:
        """The unit of a declared element, checked against its formulas."""
        item = entry.item
        match item:
            case Parameter():
                self._parameter(entry, item)
            case Variable():
                unit = self.declared(item.unit)
                if unit is None and item.unit is None and item.domain == "binary":
                    unit = PURE
                self.units[entry.name] = unit
                for part in ("lower", "upper"):
                    self._against(entry, part, unit)
            case NamedExpression():
                self._against(entry, "expr", self.declared(item.unit))
        unit_text = getattr(item, "unit", None)
        if unit_text and entry.name in self.units:
            self.shown.setdefault(entry.name, unit_text.strip())
        else:
            self.note(entry.name, self.units.get(entry.name))

    def _against(self, entry: Entry, part: str, unit: Unit | None) -> None:
        """A formula of an element agrees with its declared unit, or gives it one."""
        self.start(entry, part)
        found = self.infer(entry.formulas[part]) if part in entry.formulas else None
        if part in entry.formulas and unit is not None and found is not None:
            self.compare(entry.formulas[part], found, f"the {entry.group}", unit)
        if part == "expr":
            self.units[entry.name] = unit if unit is not None else found

    def _parameter(self, entry: Entry, item: Parameter) -> None:
        unit = self.declared(item.unit)
        if item.expr is not None:
            self._against(entry, "expr", unit)
            return
        for cell in item.cells:
            mine = self.declared(cell.unit) if cell.unit is not None else None
            if mine is None:
                continue
            if unit is None:
                unit = mine if item.unit is None else None
            elif (how := clash(mine, unit)) in ("scale", "dimension"):
                self.issues.add(
                    "error", "units", Place(entry.name, "cells", None, cell.key),
                    f"the cell is in {cell.unit}, the parameter in {item.unit or self.describe(unit)}",
                    self._remedy(how, mine, unit),
                )
                break
        if unit is not None and PERCENT in dict(unit.dims):
            unit = self._percent(item, unit)
        self.units[entry.name] = unit

    def _percent(self, item: Parameter, unit: Unit) -> Unit:
        """Percent whose values are all fractions are meant as fractions; unknown values leave it open."""
        values: list[object] = [cell.value for cell in item.cells]
        raw = self.data.parameters.get(item.name) if self.data is not None else None
        if isinstance(raw, DenseArray):
            values = raw.values.ravel().tolist()
        elif raw is not None and not hasattr(raw, "base"):
            values = list(raw.values())  # type: ignore[union-attr]
        numbers = [v for v in values if isinstance(v, (int, float))]
        if not numbers:
            return unit.loosened()
        return unit if any(abs(v) > 1 for v in numbers) else unit.as_fraction()

    def objective(self) -> None:
        """Terms of one priority agree with each other and with the unit of the objective."""
        objective = self.source.formulation.objective
        whole = self.declared(objective.unit)
        first: dict[int, tuple[str, Unit]] = {}
        for entry in self.source.of("term"):
            if "expr" not in entry.formulas:
                continue
            self.start(entry, "expr")
            tree = entry.formulas["expr"]
            found = self.infer(tree)
            self.note(entry.name, found)
            if found is None:
                continue
            if whole is not None:
                self.compare(tree, found, "the objective", whole)
            elif found.is_known:
                name, unit = first.setdefault(getattr(entry.item, "priority", 0), (entry.name, found))
                self.compare(tree, found, f"the term {name}", unit)

    # -- clashes -----------------------------------------------------------------------------

    def compare(self, expr: Expr, mine: Unit, other: str, theirs: Unit) -> bool:
        """Report a clash between a formula and something else; whether there is none that counts."""
        how = clash(mine, theirs)
        if how is None:
            return True
        text = unparse(expr)
        text = text if len(text) <= 60 else text[:57] + "..."
        self.issues.add(
            _SEVERITY.get(how, "error"), "units",
            self.entry.place(self.part, expr.pos if expr.pos >= 0 else None),
            f"{text} is in {self.describe(mine)}, {other} in {self.describe(theirs)}",
            self._remedy(how, mine, theirs), self.entry.texts.get(self.part, ""),
        )
        return how in _SEVERITY

    @staticmethod
    def _remedy(how: Clash, mine: Unit, theirs: Unit) -> str:
        if how == "percent":
            return "a percentage is used as if it were a fraction: divide by 100, or give the value as a fraction"
        if how in _SEVERITY:
            return "check that both count the same things"
        if how == "scale" and mine.dims != theirs.dims:
            return "numbers are used as they stand: convert one side to the unit of the other"
        if how == "scale" and mine.scale and theirs.scale:
            ratio = max(mine.scale, theirs.scale) / min(mine.scale, theirs.scale)
            return f"numbers are used as they stand: convert one side (a factor of {ratio:.6g} lies between them)"
        return "they measure different things: correct a unit, or multiply by the rate that converts one to the other"

    def _agree(self, exprs: Sequence[Expr], units: Sequence[Unit | None]) -> Unit | None:
        """Quantities that are added or compared: each against the first that is known."""
        first: tuple[Expr, Unit] | None = None
        agreed = True
        for expr, unit in zip(exprs, units):
            if unit is None or unit == LITERAL:
                continue
            if first is None:
                first = (expr, unit)
                continue
            text = unparse(first[0])
            agreed &= self.compare(expr, unit, text if len(text) <= 60 else text[:57] + "...", first[1])
            if not first[1].is_known and unit.is_known:
                first = (expr, unit)
        if not agreed:
            return None  # one report per slip: what contains it is not judged by it
        if first is not None:
            return first[1]
        return LITERAL if any(unit == LITERAL for unit in units) else None

    # -- formulas ----------------------------------------------------------------------------

    def infer(self, expr: Expr) -> Unit | None:
        """The unit of a formula, clashes inside it reported."""
        match expr:
            case Num(value):
                return PURE if value == 1 else LITERAL
            case Name(id):
                return self._name(id)
            case Ref(base, keys):
                for key in keys:
                    self.infer(key)
                return self._name(base)
            case Neg(operand):
                return self.infer(operand)
            case Add(terms):
                return self._agree(terms, [self.infer(term) for term in terms])
            case Compare(operands, ops):
                units = [self.infer(operand) for operand in operands]
                return None if "in" in ops or "not in" in ops else self._agree(operands, units)
            case BinOp():
                return self._binary(expr)
            case IfElse(test, then, otherwise):
                self.infer(test)
                return self._agree((then, otherwise), (self.infer(then), self.infer(otherwise)))
            case Call(func, args):
                return self._call(func, args)
            case Aggregate(func, args, generators):
                saved = set(self.scope)
                self._enter(generators)
                units = [self.infer(arg) for arg in args]
                self.scope = saved
                if func == "no_overlap":
                    self._agree(args, units)
                return PURE if func == "count" else units[0] if func in ("sum", "min", "max") else None
            case _:
                for child in children(expr):
                    self.infer(child)
                return None

    def _enter(self, generators: tuple[Generator, ...]) -> None:
        for gen in generators:
            self.infer(gen.source)
            self.scope.update(gen.targets)
            for test in gen.tests:
                self.infer(test)

    def _name(self, name: str) -> Unit | None:
        if name in ("pi", "inf") and name not in self.source.declared:
            return PURE if name == "pi" else LITERAL
        return None if name in self.scope else self.units.get(name)

    def _binary(self, expr: BinOp) -> Unit | None:
        a = self.infer(expr.left)
        if expr.op == "**":
            self.infer(expr.right)
            if isinstance(expr.right, Num) and abs(expr.right.value) <= 9 and a is not None:
                return a**expr.right.value
            return None
        b = self.infer(expr.right)
        if expr.op == "%":
            return a
        if a is None or b is None or expr.op in ("|", "&"):
            return None
        if LITERAL in (a, b):
            return (b if a == LITERAL else a).loosened() if expr.op == "*" or b == LITERAL else (PURE / b).loosened()
        return a * b if expr.op == "*" else a / b

    def _call(self, func: str, args: tuple[Expr, ...]) -> Unit | None:
        units = [self.infer(arg) for arg in args]
        if func in _SAME:
            return units[0]
        if func in ("min", "max"):
            return self._agree(args, units)
        if func == "sqrt" and units[0] is not None:
            return units[0] ** 0.5
        if func == "piecewise":
            self._agree(args[:2], units[:2])
            return units[2] if units[2] != LITERAL else None
        return PURE if func in _NUMBERS else None
