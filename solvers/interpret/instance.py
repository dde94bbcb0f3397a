"""A formulation on its data, evaluated cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from solvers.data import Data
from solvers.errors import DataError, FormulateError, GroundingError, Place, TypingError
from solvers.expression import free_names, parse, parse_generator
from solvers.expression.nodes import Add, Aggregate, BinOp, Call, Compare, Expr, IfElse, Name, Neg, Num, Ref
from solvers.formulation import Formulation, IndexSet, Key, NamedExpression, Parameter, Variable
from solvers.interpret.basics import (
    Env,
    Meter,
    OrderedSet,
    Point,
    as_key,
    as_number,
    as_set,
    ordered,
    show_key,
)
from solvers.interpret.compiler import Closure, Compiler
from solvers.interpret.cycles import Declared, refuse_cycles
from solvers.interpret.parameters import Table

if TYPE_CHECKING:
    from solvers.interpret.amounts import Amounts
    from solvers.interpret.violations import Violation

Values = Mapping[str, Mapping[Key, float]]

_WHOLE = frozenset({"integer", "binary", "semi-integer"})
_NOTHING = Point()


class Instance:
    """Evaluates sets, parameters, formulas and constraints of one formulation on one data set.

    `data` wins over what the formulation carries. `work` caps the number of evaluated nodes (None: no
    cap). Raises TypingError for names that do not fit and GroundingError naming a circular definition.
    """

    def __init__(self, formulation: Formulation, data: Data | None = None, *, work: int | None = None) -> None:
        inline = Data.inline(formulation)
        self.formulation = formulation
        self.data = inline if data is None else inline.merge(data)
        self.meter = Meter(work)
        self._variables_of: dict[str, frozenset[str]] = {}
        self._sets: dict[str, OrderedSet] = {}
        self._tables: dict[str, Table] = {}
        self._domains: dict[str, dict[Key, Env]] = {}
        self._cells: dict[tuple[str, Key], Any] = {}
        self._closures: dict[Any, Closure] = {}
        refuse_cycles(formulation.by_name)
        self.compiler = Compiler(self)

    # -- public ------------------------------------------------------------------------------

    def evaluate(
        self, expr: str | Expr, values: Values | Point | None = None, env: Mapping[str, Any] | None = None
    ) -> Any:
        """The value of a formula: a number, a truth, a label, a tuple, or a set (as a tuple of its elements).

        `values` gives each variable's values by flat key, `env` the indices in scope.
        """
        tree = parse(expr) if isinstance(expr, str) else expr
        scope = dict(env or {})
        with self._deep_formulas():
            closure = self.compiler.value(tree, frozenset(scope))
            result = closure(scope, as_point(values))
        return tuple(result) if isinstance(result, dict) else result

    def indices(self, over: tuple[str, ...], env: Mapping[str, Any] | None = None) -> list[Env]:
        """The index values of generators such as `("t in weeks", "p in plants if p != t")`, in their order."""
        scope = dict(env or {})
        generators = tuple(parse_generator(text) for text in over)
        with self._deep_formulas():
            loop, _ = self.compiler.loop(generators, frozenset(scope))
            return [dict(e) for e in loop(scope, _NOTHING)]

    def elements(self, name: str) -> tuple[Any, ...]:
        """The elements of a declared set, in order."""
        with self._deep_formulas():
            return tuple(self.members(name))

    def objective(self, values: Values | Point) -> float:
        """The objective that is optimised first: the sum of the terms of the highest priority."""
        point = as_point(values)
        terms = self.formulation.objective.terms
        leading = max((term.priority for term in terms), default=0)
        total = 0.0
        for term in terms:
            if term.priority == leading:
                with self.placing(f"objective term {term.name}", "expr"):
                    total += as_number(self.closure(term.expr, frozenset())({}, point))
        return total

    def violations(self, values: Values | Point, tolerance: Any = None) -> list[Violation]:
        """Per constraint, bound and integrality, the worst violation and where it is."""
        from solvers.compare import FEASIBILITY
        from solvers.interpret.violations import violations

        return violations(self, as_point(values), tolerance or FEASIBILITY)

    # -- for closures ------------------------------------------------------------------------

    def members(self, name: str) -> OrderedSet:
        """A plain set."""
        found = self._sets.get(name)
        if found is None:
            found = self._sets[name] = self._make_set(name)
        return found

    def indexed_members(self, declared: IndexSet, key: Key) -> OrderedSet:
        """One set of an indexed set."""
        found = self._cells.get((declared.name, key))
        if found is None:
            if declared.expr is None:
                raise DataError("an indexed set needs an expr", place=Place(declared.name))
            found = as_set(self._by_formula(declared, declared.expr, key, _NOTHING))
            self._within(declared, found)
            self._cells[declared.name, key] = found
        return found  # type: ignore[no-any-return]

    def datum(self, name: str, key: Key) -> Any:
        """A parameter's cell: given, derived or default."""
        value = self._raw_datum(name, key)
        if value is None:
            raise GroundingError(f"{name}{show_key(key)} is null", remedy=f"test it with given({name}{show_key(key)})")
        return value

    def is_given(self, name: str, key: Key) -> bool:
        """Whether a nullable parameter has the cell. Raises GroundingError outside the axes."""
        return self._raw_datum(name, key) is not None

    def variable(self, declared: Variable, key: Key, point: Point) -> float:
        """A variable's value at a point."""
        cells = point.values.get(declared.name)
        if cells is None:
            raise DataError(f"no values are given for the variable {declared.name!r}")
        if key not in self.domain(declared):
            raise self._outside(declared, key)
        value = cells.get(key)
        if value is None:
            raise DataError(f"no value is given for {declared.name}{show_key(key)}")
        return value

    def expression(self, declared: NamedExpression, key: Key, point: Point) -> Any:
        """A named expression at a point, computed once."""
        cached = point.expressions.get((declared.name, key))
        if cached is None:
            cached = point.expressions[declared.name, key] = self._by_formula(declared, declared.expr, key, point)
        return cached

    def measured_expression(
        self, amounts: Amounts, declared: NamedExpression, key: Key, point: Point
    ) -> tuple[float, float]:
        """Value and magnitude of a named expression at a point, computed once."""
        cached = point.expressions.get((("measured", declared.name), key))
        if cached is None:
            env = self.indices_at(declared, key)
            closure = self._closures.get(("measured", declared.name))
            if closure is None:
                closure = self._closures["measured", declared.name] = amounts.measured(
                    parse(declared.expr), frozenset(env)
                )
            cached = point.expressions[("measured", declared.name), key] = closure(dict(env), point)
        return cached  # type: ignore[no-any-return]

    def series(self, declared: Parameter, prefix: Key) -> list[float]:
        """The values of a parameter along its last axis, the other keys given."""
        if declared.expr is not None:
            keys = [key for key in self.domain(declared) if key[: len(prefix)] == prefix]
        else:
            if not declared.axes:
                raise TypingError(f"{declared.name!r} is a scalar where values along an axis belong")
            keys = [(*prefix, *as_key(element)) for element in self.members(declared.axes[-1])]
        return [as_number(self.datum(declared.name, key)) for key in keys]

    # -- domains -----------------------------------------------------------------------------

    def domain(self, declared: Declared) -> dict[Key, Env]:
        """Every key of an indexed element, in order, with the values of its indices."""
        found = self._domains.get(declared.name)
        if found is None:
            found = {}
            over = declared.over
            with self.placing(declared.name, "over"):
                names = [t for text in over for t in parse_generator(text).targets]
                for env in self.indices(over):
                    key = tuple(part for name in names for part in as_key(env[name]))
                    if key in found:
                        raise GroundingError(f"the index {show_key(key)} occurs twice")
                    found[key] = env
            self._domains[declared.name] = found
        return found

    def closure(self, text: str, scope: frozenset[str]) -> Closure:
        """The compiled formula, made once."""
        found = self._closures.get((text, scope))
        if found is None:
            found = self._closures[text, scope] = self.compiler.value(parse(text), scope)
        return found

    def indices_at(self, declared: Declared, key: Key) -> Env:
        """The index values at a key. Raises GroundingError where the element has no such cell."""
        env = self.domain(declared).get(key)
        if env is None:
            raise self._outside(declared, key)
        return env

    def _outside(self, declared: Declared, key: Key) -> GroundingError:
        asked = f"{declared.name}{show_key(key)}"
        over = ", ".join(declared.over) or "no index"
        return GroundingError(f"{asked} does not exist: {declared.name} has {over}",
                              remedy="guard it with a condition: (x[t - 1] if t - 1 in T else 0)")

    def _by_formula(self, declared: Declared, text: str, key: Key, point: Point) -> Any:
        env = self.indices_at(declared, key)
        closure = self.closure(text, frozenset(env))
        with self.placing(declared.name, "expr", key):
            return closure(dict(env), point)

    # -- sets and parameters -----------------------------------------------------------------

    def _make_set(self, name: str) -> OrderedSet:
        declared = self.formulation.by_name[name]
        assert isinstance(declared, IndexSet)
        if declared.over:
            raise TypingError(f"{name!r} is an indexed set", remedy=f"write {name}[...] with an index")
        if declared.expr is not None:
            with self.placing(name, "expr"):
                found = as_set(self.closure(declared.expr, frozenset())({}, _NOTHING))
        elif name in self.data.sets:
            found = ordered(self.data.sets[name])
            if len(found) != len(self.data.sets[name]):
                raise DataError("an element is listed twice", place=Place(name), remedy="keep one of them")
        else:
            raise DataError(f"the set {name!r} has no elements", place=Place(name),
                            remedy="list its elements, give an expr, or bind data to it")
        self._within(declared, found)
        return found

    def _within(self, declared: IndexSet, found: OrderedSet) -> None:
        if declared.within is None:
            return
        outer = self.members(declared.within)
        for element in found:
            if element not in outer:
                raise GroundingError(f"{element!r} is not in {declared.within!r}", place=Place(declared.name),
                                     remedy="mend the elements, or drop `within`")

    def _raw_datum(self, name: str, key: Key) -> Any:
        declared = self.formulation.by_name[name]
        assert isinstance(declared, Parameter)
        if declared.expr is None:
            return self._checked_label(declared, key, self._table(declared).value(key))
        found = self._cells.get((name, key))
        if found is None:
            found = self._cells[name, key] = self._by_formula(declared, declared.expr, key, _NOTHING)
        return found

    def _checked_label(self, declared: Parameter, key: Key, value: Any) -> Any:
        if declared.values_in is None:
            return value if value is None else as_number(value)
        if value is not None and value not in self.members(declared.values_in):
            raise DataError(f"{declared.name}{show_key(key)} is {value!r}, which is not in {declared.values_in!r}",
                            place=Place(declared.name, index=key or None))
        return value

    def _table(self, declared: Parameter) -> Table:
        found = self._tables.get(declared.name)
        if found is None:
            axes = []
            for axis in declared.axes:
                spec = self.formulation.by_name.get(axis)
                if not isinstance(spec, IndexSet):
                    raise TypingError(f"the axis {axis!r} is not a set", place=Place(declared.name, "axes"))
                members = self.members(axis)
                head = next(iter(members), None)
                axes.append((members, len(head) if isinstance(head, tuple) else spec.dimension))
            raw = self.data.parameters.get(declared.name)
            found = self._tables[declared.name] = Table(declared, axes, raw)
        return found

    # -- what formulas refer to --------------------------------------------------------------

    def variables_of(self, node: Expr) -> frozenset[str]:
        """Names of the variables a formula depends on, through named expressions too."""
        found: set[str] = set()
        for name in free_names(node):
            declared = self.formulation.by_name.get(name)
            if isinstance(declared, Variable):
                found.add(name)
            elif isinstance(declared, NamedExpression):
                if name not in self._variables_of:
                    self._variables_of[name] = self.variables_of(parse(declared.expr))
                found |= self._variables_of[name]
        return frozenset(found)

    def is_discrete(self, node: Expr) -> bool:
        """Whether all variables of the formula take whole numbers only."""
        return all(self.formulation.by_name[name].domain in _WHOLE  # type: ignore[union-attr]
                   for name in self.variables_of(node))

    def is_binary(self, node: Expr) -> bool:
        """Whether a formula over variables is 0 or 1: built from binary variables alone."""
        match node:
            case Name(name) | Ref(name):
                declared = self.formulation.by_name.get(name)
                if isinstance(declared, NamedExpression):
                    return self.is_binary(parse(declared.expr))
                return isinstance(declared, Variable) and declared.domain == "binary"
            case Num(value):
                return value in (0, 1)
            case Add((Num(1), other), (1, -1)):
                return self.is_binary(other)
            case BinOp("*", left, right):
                return self.is_binary(left) and self.is_binary(right)
            case IfElse(_, then, otherwise):
                return self.is_binary(then) and self.is_binary(otherwise)
            case Call("min" | "max", args):
                return all(self.is_binary(arg) for arg in args)
            case Aggregate("min" | "max", args):
                return self.is_binary(args[0])
            case Aggregate("sum", args):
                # A sum of binaries is trusted to be 0 or 1: the amounts measure its distance from both.
                return self.is_binary(args[0])
            case Neg() | Compare():
                return False
        return False

    # -- errors ------------------------------------------------------------------------------

    @contextmanager
    def placing(self, element: str, field: str = "", key: Key | None = None) -> Iterator[None]:
        """Errors inside that name no place are given this one."""
        try:
            yield
        except FormulateError as error:
            if not str(error.place):
                error.place = Place(element, field, index=key or None)
            elif error.place.column is not None and not error.place.element:
                error.place = Place(element, field, error.place.column, key or None)
            raise
        except KeyError as error:
            raise TypingError(f"{error.args[0]!r} is not declared", place=Place(element, field)) from error

    @contextmanager
    def _deep_formulas(self) -> Iterator[None]:
        try:
            yield
        except RecursionError:
            raise GroundingError("named expressions nest too deeply for this interpreter",
                                 remedy="shorten the chain of definitions") from None

    def suggestion(self, name: str) -> str:
        """A declared name that is close to `name`, as a remedy."""
        close = get_close_matches(name, self.formulation.by_name, n=1)
        return f"did you mean {close[0]!r}?" if close else "declare it"


def as_point(values: Values | Point | None) -> Point:
    """Values as a point; a point stays the same."""
    return values if isinstance(values, Point) else Point(values)


__all__ = ["Instance", "Values", "as_point"]
