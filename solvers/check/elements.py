"""Typing of the elements: sets, parameters, variables, expressions, terms, constraints, what is asked."""

from __future__ import annotations

from collections.abc import Mapping

from solvers.check.formulas import FormulaTyper
from solvers.check.kinds import NUMBER, UNKNOWN, Symbols, Value, Where
from solvers.check.negation import check_negations
from solvers.check.source import Entry
from solvers.check.spaces import Space, element_spaces, mismatch, nearest_label
from solvers.data import Data, Element
from solvers.expression.nodes import Expr, Num, SetBuilder
from solvers.formulation import IndexSet, Parameter, Variable

_CONSTRAINT_REMEDY = "write it as left <= right, left >= right or left == right"


class ElementTyper:
    """Types one element after the other, in dependency order; fills the symbols."""

    def __init__(self, symbols: Symbols, data: Data | None) -> None:
        self.symbols = symbols
        self.issues = symbols.issues
        self.data = data
        self._labels: dict[str, tuple[Space, ...] | None] = {}
        elements: Mapping[str, tuple[Element, ...]] = data.sets if data is not None else {}
        for entry in symbols.source.of("set"):
            assert isinstance(entry.item, IndexSet)
            listed = elements.get(entry.name, entry.item.elements)
            if listed is None:
                continue
            spaces = element_spaces(listed, entry.item.dimension, entry.name)
            self._labels[entry.name] = spaces
            for space in spaces or ():
                symbols.labels.update(space.labels or ())

    # -- definitions -------------------------------------------------------------------------

    def define(self, entry: Entry) -> None:
        """Type a set, parameter, variable or expression and record what references to it denote."""
        match entry.group:
            case "set":
                self._set(entry)
            case "parameter":
                self._parameter(entry)
            case "variable":
                self._variable(entry)
            case "expression":
                where, domain = self._over(entry)
                found = self._value(where, entry, "expr")
                self._record(entry, domain, Value(found.kind, found.spaces, found.decides))

    def _record(self, entry: Entry, domain: tuple[Space, ...] | None, value: Value) -> None:
        if self.symbols.source.declared.get(entry.name) is not entry:
            return
        if domain is not None and entry.intact:
            self.symbols.domains[entry.name] = domain
        self.symbols.values[entry.name] = value

    def _over(self, entry: Entry, data_only: str = "") -> tuple[Where, tuple[Space, ...]]:
        where = Where(self.symbols, entry, "over")
        where.data_only = f"the index of {entry.group} {entry.name!r}"[:120]
        typer = FormulaTyper(where)
        for part, gen in zip(entry.over_at, entry.over):
            where.part = part
            typer.generator(gen)
        where.data_only = data_only
        return where, tuple(where.scope[name] for name in entry.indices)

    def _value(self, where: Where, entry: Entry, part: str) -> Value:
        expr = entry.formulas.get(part)
        if expr is None:
            return UNKNOWN
        where.part = part
        return FormulaTyper(where).value(expr)

    def _set(self, entry: Entry) -> None:
        item = entry.item
        assert isinstance(item, IndexSet)
        where, domain = self._over(entry, f"the set {entry.name!r}"[:120])
        spaces: tuple[Space, ...] | None = None
        if item.elements is not None and item.expr is not None:
            self._fault(entry, "elements", "set", "both `elements` and `expr` are given", "keep one of them")
        if item.over and item.expr is None:
            self._fault(entry, "over", "set", "an indexed set without `expr`",
                        "compute it, for example {j for (k, j) in pairs if k == i}")
        if "expr" in entry.formulas:
            where.part = "expr"
            found = FormulaTyper(where).set_value(entry.formulas["expr"])
            if found.kind == "set" and found.spaces:
                spaces = self._sized(entry, found.spaces)
        elif entry.name in self._labels:
            spaces = self._labels[entry.name]
            if spaces is None:
                self._fault(entry, "elements", "dimension", f"elements do not have {item.dimension} component(s)",
                            "correct `dimension`, or give every element one label per component")
        spaces = self._within(entry, item, spaces)
        if spaces is None and "expr" not in entry.formulas:
            spaces = tuple(Space(origin=entry.name) for _ in range(max(1, min(item.dimension, 100))))
        if spaces is None:
            self._record(entry, domain, UNKNOWN)
            return
        named = tuple(Space(s.kind, s.labels, s.exact, entry.name) for s in spaces)
        self._record(entry, domain, Value("set", named))

    def _sized(self, entry: Entry, spaces: tuple[Space, ...]) -> tuple[Space, ...]:
        item = entry.item
        assert isinstance(item, IndexSet)
        if len(spaces) != item.dimension:
            self._fault(entry, "dimension", "dimension",
                        f"the formula gives elements of {len(spaces)} component(s), `dimension` says {item.dimension}",
                        f"declare `dimension: {len(spaces)}`")
        return spaces

    def _within(self, entry: Entry, item: IndexSet, spaces: tuple[Space, ...] | None) -> tuple[Space, ...] | None:
        expr = entry.formulas.get("within")
        if expr is None:
            return spaces
        where = Where(self.symbols, entry, "within", data_only=f"the set {entry.name!r}"[:120])
        found = FormulaTyper(where).set_value(expr)
        if found.kind != "set" or not found.spaces:
            return spaces
        if len(found.spaces) != (len(spaces) if spaces is not None else item.dimension):
            self._fault(entry, "within", "dimension",
                        f"a set of dimension {item.dimension} is within one of dimension {len(found.spaces)}",
                        "pairs lie within a product, as in A * B")
            return spaces
        if spaces is None:
            return tuple(Space(s.kind, s.labels, False, s.origin) for s in found.spaces)
        for mine, outer in zip(spaces, found.spaces):
            reason = mismatch(mine, outer)
            if reason is not None:
                self._fault(entry, "within", "within", f"it does not lie within {item.within}: {reason}",
                            "correct the element, or widen the set that must contain it")
        return spaces

    def _parameter(self, entry: Entry) -> None:
        item = entry.item
        assert isinstance(item, Parameter)
        where, over = self._over(entry, f"the derived parameter {entry.name!r}"[:120])
        axes = self._axes(entry, item)
        labels = self._values_in(entry, item)
        self._default(entry, item, labels)
        if item.expr is None:
            if item.over:
                self._fault(entry, "over", "parameter", "`over` without `expr`",
                            "given data run over `axes`; `over` names the indices of a derived parameter")
            value = NUMBER if item.values_in is None else Value("index", (labels,))
            self._record(entry, axes, value)
            return
        found = self._value(where, entry, "expr")
        expr = entry.formulas.get("expr")
        if expr is not None and found.kind != "index":
            found = FormulaTyper(where).as_number(expr, found)
        if item.axes and axes is not None and len(axes) != len(over):
            self._fault(entry, "axes", "parameter", f"`axes` has {len(axes)} position(s), `over` has {len(over)}",
                        "a derived parameter runs over the indices of `over`")
        if found.kind == "index" and not found.is_text and item.values_in is None:
            found = Value("index", (Space(found.spaces[0].kind, found.spaces[0].labels),))
        self._record(entry, over, Value(found.kind, found.spaces) if found.kind != "unknown" else NUMBER)

    def _default(self, entry: Entry, item: Parameter, labels: Space) -> None:
        value = item.default
        if value is None:
            return
        if item.values_in is None and isinstance(value, str):
            self._fault(entry, "default", "default", f"the default {value!r} is no number"[:200],
                        "give a number; if the values are labels, name their set in `values_in`")
        elif item.values_in is not None and labels.labels is not None and value not in labels.labels:
            close = nearest_label(value, labels)
            self._fault(entry, "default", "default", f"the default {value!r} is not in {item.values_in!r}"[:200],
                        f"did you mean {close}?" if close else "give a label of the set")
        if item.nullable:
            self.issues.add("note", "default", entry.place("nullable"), "the default fills every missing cell",
                            "drop `nullable`, or drop `default` and test cells with given(...)")

    def _axes(self, entry: Entry, item: Parameter) -> tuple[Space, ...] | None:
        spaces: list[Space] = []
        known = True
        for axis in item.axes:
            found = self._set_named(entry, "axes", axis)
            if found is None:
                known = False
            else:
                spaces.extend(found)
        if item.symmetric and known and not self._mirrors(item):
            self._fault(entry, "symmetric", "symmetric", "a symmetric parameter needs two equal axes",
                        "declare the same set twice in `axes`, or drop `symmetric`")
        return tuple(spaces) if known else None

    def _mirrors(self, item: Parameter) -> bool:
        if len(item.axes) == 2:
            return item.axes[0] == item.axes[1]
        if len(item.axes) != 1:
            return False
        found = self.symbols.values.get(item.axes[0], UNKNOWN)
        return found.kind == "unknown" or len(found.spaces) == 2

    def _set_named(self, entry: Entry, part: str, name: str) -> tuple[Space, ...] | None:
        """The components of a declared set named in a field; None when it is no set or not known."""
        declared = self.symbols.source.declared.get(name)
        if declared is None:
            close = self.symbols.suggest.nearest(name)
            self._fault(entry, part, "undeclared", f"the set {name!r} is not declared"[:200],
                        f"did you mean {close!r}?" if close else "declare it under `sets`")
            return None
        if declared.group != "set":
            self._fault(entry, part, "not-a-set", f"{name!r} is a {declared.group}, not a set"[:200],
                        "name a set here")
            return None
        if getattr(declared.item, "over", ()):
            self._fault(entry, part, "not-a-set", f"{name!r} is an indexed set"[:200],
                        "data run over plain sets; declare a set of pairs")
            return None
        found = self.symbols.values.get(name, UNKNOWN)
        return found.spaces if found.kind == "set" else None

    def _values_in(self, entry: Entry, item: Parameter) -> Space:
        if item.values_in is None:
            return Space()
        found = self._set_named(entry, "values_in", item.values_in)
        if found is None:
            return Space()
        if len(found) != 1:
            self._fault(entry, "values_in", "dimension", f"values are drawn from a set of dimension {len(found)}",
                        "name a set of single labels")
            return Space()
        return Space(found[0].kind, found[0].labels, False, item.values_in)

    def _variable(self, entry: Entry) -> None:
        item = entry.item
        assert isinstance(item, Variable)
        where, domain = self._over(entry, "a bound")
        self._record(entry, domain, Value("number", (), True))
        for part in ("lower", "upper"):
            expr = entry.formulas.get(part)
            if expr is not None:
                where.part = part
                FormulaTyper(where).number(expr)
        if item.lower is None and item.domain in ("continuous", "integer"):
            self.issues.add("note", "free", entry.place("lower"), "the variable has no lower bound: it may be negative",
                            'give `lower: "0"` if it counts or measures something')
        if item.domain in ("semicontinuous", "semi-integer") and item.upper is None:
            self.issues.add("error", "bound", entry.place("upper"), f"a {item.domain} variable without upper bound",
                            "give `upper`: it is 0 or within [lower, upper]")
        if item.domain == "binary":
            for part in ("lower", "upper"):
                expr = entry.formulas.get(part)
                if isinstance(expr, Num) and expr.value not in (0, 1):
                    self.issues.add("warning", "bound", entry.place(part), "a binary variable is 0 or 1, whatever its "
                                    "bounds", "leave the bound out, or make the variable an integer")

    # -- uses --------------------------------------------------------------------------------

    def use(self, entry: Entry) -> None:
        """Type a term, a constraint or what is asked."""
        if entry.group == "asked":
            where = Where(self.symbols, entry, next(iter(entry.texts)))
            for expr in entry.formulas.values():
                self._asked(FormulaTyper(where), expr)
            return
        where, _ = self._over(entry)
        if "expr" not in entry.formulas:
            return
        expr = entry.formulas["expr"]
        where.part = "expr"
        found = FormulaTyper(where).value(expr)
        if entry.group == "term":
            self._term(where, expr, found)
        else:
            self._constraint(where, expr, found)
            check_negations(where, expr, frozenset(where.scope))

    @staticmethod
    def _asked(typer: FormulaTyper, expr: Expr) -> None:
        """A formula, or one `for` every index; both may hold variables, unlike a set."""
        if isinstance(expr, SetBuilder):
            typer.enter(expr.generators)
            expr = expr.item
        typer.value(expr)

    def _term(self, where: Where, expr: Expr, found: Value) -> None:
        if found.kind == "truth":
            where.report("error", "comparison-in-objective", "a comparison stands in the objective", expr.pos,
                         "state it as a constraint; an objective term is an amount")
        else:
            FormulaTyper(where).as_number(expr, found)

    def _constraint(self, where: Where, expr: Expr, found: Value) -> None:
        if found.kind in ("truth", "structure"):
            if not found.decides:
                where.report("warning", "constant-constraint", "the constraint holds no variable", expr.pos,
                             "it is true or false on the data alone")
        elif found.kind == "set":
            FormulaTyper(where).as_number(expr, found)
        elif found.kind != "unknown":
            where.report("error", "no-comparison", "a constraint needs a comparison", expr.pos, _CONSTRAINT_REMEDY)

    def _fault(self, entry: Entry, part: str, code: str, message: str, remedy: str) -> None:
        self.issues.add("error", code, entry.place(part), message, remedy)


