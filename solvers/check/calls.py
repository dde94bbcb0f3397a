"""Typing of functions and aggregates."""

from __future__ import annotations

from solvers.check.kinds import NUMBER, TRUTH, UNKNOWN, Symbols, Value, Where
from solvers.check.spaces import INTEGER, Space, mismatch
from solvers.expression.nodes import Aggregate, Call, Expr, Generator, Name, Ref, SetLiteral, Tuple
from solvers.formulation import Parameter, Variable

_DATA_FUNCTIONS = ("floor", "ceil", "round")


class CallRules:
    """The part of the typer that reads functions and aggregates."""

    where: Where
    symbols: Symbols

    def error(self, code: str, message: str, expr: Expr, remedy: str = "") -> None:
        """An error at a node."""
        raise NotImplementedError

    def value(self, expr: Expr) -> Value:
        """What a formula denotes."""
        raise NotImplementedError

    def number(self, expr: Expr) -> Value:
        """A formula that must be a number."""
        raise NotImplementedError

    def truth(self, expr: Expr, *, data: bool = False) -> Value:
        """A formula that must be true or false."""
        raise NotImplementedError

    def key_space(self, key: Expr) -> Space:
        """The space of one index formula."""
        raise NotImplementedError

    def set_value(self, expr: Expr) -> Value:
        """A formula that must be a set."""
        raise NotImplementedError

    def enter(self, generators: tuple[Generator, ...], owner: Expr | None = None) -> None:
        """Bring the indices of generators into scope."""
        raise NotImplementedError

    def call(self, expr: Call) -> Value:
        """A plain function."""
        func, args = expr.func, expr.args
        if func == "range":
            return self._range(args)
        if func in ("len", "first", "last"):
            found = self.set_value(args[0])
            if func == "len" or found.kind == "unknown":
                return NUMBER if func == "len" else UNKNOWN
            return self._element(expr, found)
        if func in ("ord", "prev", "next"):
            return self._in_order(expr)
        if func == "given":
            return self._given(expr)
        if func in ("implies", "iff"):
            return self._logic(expr)
        if func == "piecewise":
            return self._piecewise(expr)
        decides = [self.number(arg).decides for arg in args]
        if func in _DATA_FUNCTIONS and any(decides):
            self.error("data-operator", f"{func} works on data only", expr, "introduce an integer variable")
        return Value("number", (), any(decides))

    def _range(self, args: tuple[Expr, ...]) -> Value:
        saved = self.where.data_only
        self.where.data_only = self.where.data_only or "a range"
        for arg in args:
            self.number(arg)
        self.where.data_only = saved
        return Value("set", (INTEGER,))

    def _element(self, expr: Call, found: Value) -> Value:
        if len(found.spaces) > 1:
            self.error("dimension", f"{expr.func}(...) of a set of dimension {len(found.spaces)}", expr,
                       "it needs a set of single labels")
            return UNKNOWN
        space = found.spaces[0] if found.spaces else Space()
        return Value("index", (Space(space.kind, space.labels, False, space.origin),))

    def _in_order(self, expr: Call) -> Value:
        key = self.key_space(expr.args[0])
        found = self.set_value(expr.args[1])
        if found.kind == "unknown":
            return NUMBER if expr.func == "ord" else UNKNOWN
        if len(found.spaces) > 1:
            self.error("dimension", f"{expr.func}(...) needs an ordered set of single labels", expr)
            return NUMBER if expr.func == "ord" else UNKNOWN
        reason = mismatch(key, found.spaces[0]) if found.spaces else None
        if reason:
            self.error("index-set", f"{expr.func}(...) has no such element: {reason}", expr.args[0])
        return NUMBER if expr.func == "ord" else self._element(expr, found)

    def _given(self, expr: Call) -> Value:
        arg = expr.args[0]
        name = arg.base if isinstance(arg, Ref) else arg.id if isinstance(arg, Name) else ""
        declared = self.symbols.source.declared.get(name)
        if not isinstance(arg, Ref) or (declared is not None and not isinstance(declared.item, Parameter)):
            self.error("given", "given(...) asks about a cell of a parameter", expr, "write given(p[i])")
        elif declared is not None and isinstance(declared.item, Parameter) and not declared.item.nullable:
            self.where.report("warning", "given", f"{name!r} is not nullable: given(...) is always true", expr.pos,
                              f"declare {name!r} with `nullable: true`, or drop the test")
        self.value(arg)
        return TRUTH

    def _logic(self, expr: Call) -> Value:
        first = self.truth(expr.args[0])
        saved = self.where.snapshot()
        if expr.func == "implies":
            self.assume(expr.args[0])
        second = self.truth(expr.args[1])
        self.where.restore(saved)
        return Value("truth", (), first.decides or second.decides)

    def assume(self, test: Expr, *, holds: bool = True) -> None:
        """Read on where a test holds."""
        raise NotImplementedError

    def _piecewise(self, expr: Call) -> Value:
        found = self.number(expr.args[0])
        saved = self.where.data_only
        self.where.data_only = self.where.data_only or "the points of a piecewise function"
        for arg in expr.args[1:]:
            self._points(arg)
        self.where.data_only = saved
        return Value("number", (), found.decides)

    def _points(self, arg: Expr) -> None:
        """A parameter given whole (`points`, or `points[i]` with its last axis open), or listed numbers."""
        if isinstance(arg, (Tuple, SetLiteral)):
            for item in arg.items:
                self.number(item)
            return
        name = arg.id if isinstance(arg, Name) else arg.base if isinstance(arg, Ref) else ""
        declared = self.symbols.source.declared.get(name)
        if declared is not None and declared.group == "parameter" and name not in self.where.scope:
            for key in arg.keys if isinstance(arg, Ref) else ():
                self.key_space(key)
            return
        self.value(arg)

    def aggregate(self, expr: Aggregate) -> Value:
        """sum, min, max, any, all, count and the global constraints."""
        saved = self.where.snapshot()
        self.enter(expr.generators, expr)
        if expr.func in ("any", "all", "count"):
            decides = self.truth(expr.args[0]).decides
            result = Value("number" if expr.func == "count" else "truth", (), decides)
        elif expr.func in ("sum", "min", "max"):
            result = Value("number", (), self.number(expr.args[0]).decides)
        else:
            for arg in expr.args:
                self.number(arg)
            if expr.func == "circuit":
                self._circuit(expr)
            result = Value("structure", (), True)
        self.where.restore(saved)
        return result

    def _circuit(self, expr: Aggregate) -> None:
        body = expr.args[0]
        name = body.base if isinstance(body, Ref) else body.id if isinstance(body, Name) else ""
        declared = self.symbols.source.declared.get(name)
        if declared is None or not isinstance(declared.item, Variable):
            return
        if declared.item.domain != "binary":
            self.error("structure", f"circuit(...) needs binary variables, {name!r} is {declared.item.domain}", body,
                       "circuit chooses arcs: declare the variable binary")
