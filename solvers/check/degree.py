"""The class of a formula: constant, linear, piecewise linear, quadratic, nonlinear, logical or structure.

Inferred on the tree, without data beyond the signs and integrality of the numbers that the formulation
carries. Named expressions are classed once, in dependency order, and never expanded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from solvers.errors import ExpressionError
from solvers.expression import free_names, parse
from solvers.expression.nodes import (
    STRUCTURE_AGGREGATES,
    Add,
    Aggregate,
    And,
    BinOp,
    Call,
    Compare,
    Expr,
    IfElse,
    Name,
    Neg,
    Not,
    Num,
    Or,
    Ref,
    SetBuilder,
    SetLiteral,
    Str,
    Tuple,
)
from solvers.formulation import Formulation, IndexSet, NamedExpression, Parameter, Variable

Kind = Literal["constant", "linear", "piecewise", "quadratic", "nonlinear", "logical", "structure"]
Form = Literal["plain", "logical", "structure"]

NONLINEAR = 3
_KINDS: tuple[Kind, ...] = ("constant", "linear", "quadratic", "nonlinear")


@dataclass(frozen=True, slots=True)
class Degree:
    """What can be said of a formula in its variables.

    `rank` is 0 (constant), 1, 2, or 3 (nonlinear) as if abs, min and max kept the degree of their arguments;
    `form` says whether logic or structure stands on top. `integer`: whether all values are integers when the
    integer variables are (None: unknown). `sign` of constants: +1 (not negative), -1 (not positive) or 0
    (unknown). `curvature` follows abs, min and max only; formulas without them are affine here.
    """

    rank: int = 0
    form: Form = "plain"
    integer: bool | None = True
    sign: int = 0
    curvature: Literal["affine", "convex", "concave", "mixed"] = "affine"
    features: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()

    @property
    def kind(self) -> Kind:
        """The one word for it."""
        if self.form != "plain":
            return self.form
        if self.rank == 1 and "piecewise" in self.features:
            return "piecewise"
        return _KINDS[self.rank]

    @property
    def is_constant(self) -> bool:
        """No variable occurs."""
        return not self.variables


DATA = Degree(integer=None)
ONE = Degree(sign=1)
_MERGE = {("affine", "convex"): "convex", ("affine", "concave"): "concave"}


def _bend(a: str, b: str) -> str:
    return a if a == b else _MERGE.get((a, b)) or _MERGE.get((b, a)) or "mixed"


def _flip(curvature: str) -> str:
    return {"convex": "concave", "concave": "convex"}.get(curvature, curvature)


def _all(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    if any(v is False for v in found):
        return False
    return None if any(v is None for v in found) else True


def join(parts: Iterable[Degree], *, rank: int | None = None, feature: str = "") -> Degree:
    """The degree of something that holds all parts side by side, as a sum does."""
    found = list(parts)
    curvature = "affine"
    for part in found:
        curvature = _bend(curvature, part.curvature)
    features = frozenset().union(*(p.features for p in found)) | ({feature} if feature else frozenset())
    variables = frozenset().union(*(p.variables for p in found))
    top = max((p.rank for p in found), default=0) if rank is None else rank
    form: Form = next((p.form for p in found if p.form != "plain"), "plain")
    signs = {p.sign for p in found}
    return Degree(
        top, form, _all(p.integer for p in found), signs.pop() if len(signs) == 1 else 0,
        curvature, features, variables,  # type: ignore[arg-type]
    )


class Degrees:
    """Degrees of the formulas of one formulation. `of(expr, scope)`; `scope` holds index names in force."""

    def __init__(self, formulation: Formulation) -> None:
        self._table: Mapping[str, IndexSet | Parameter | Variable | NamedExpression] = formulation.by_name
        self._named: dict[str, Degree] = {}
        self._parameters: dict[str, Degree] = {}
        for name in self._expression_order(formulation):
            declared = self._table[name]
            assert isinstance(declared, NamedExpression)
            self._named[name] = self.of(parse(declared.expr), _indices(declared.over))

    def _expression_order(self, formulation: Formulation) -> list[str]:
        """Named expressions that parse, those that others use first; cycles are broken anywhere."""
        uses: dict[str, list[str]] = {}
        for expression in formulation.expressions:
            try:
                found = free_names(parse(expression.expr))
            except ExpressionError:
                continue
            if self._table.get(expression.name) is expression:
                uses[expression.name] = sorted(found)
        order: list[str] = []
        seen: set[str] = set()
        for root in uses:
            stack: list[tuple[str, int]] = [(root, 0)]
            while stack:
                name, at = stack.pop()
                if at == 0:
                    if name in seen:
                        continue
                    seen.add(name)
                if at == len(uses[name]):
                    order.append(name)
                    continue
                stack.append((name, at + 1))
                child = uses[name][at]
                if child in uses and child not in seen:
                    stack.append((child, 0))
        return order

    def of(self, expr: Expr, scope: Iterable[str] = ()) -> Degree:
        """The degree of a formula in which the names of `scope` are indices."""
        return self._of(expr, frozenset(scope))

    def _of(self, expr: Expr, scope: frozenset[str]) -> Degree:
        match expr:
            case Num(value):
                return Degree(integer=isinstance(value, int) or value.is_integer(), sign=1)
            case Str() | SetLiteral() | SetBuilder():
                return DATA
            case Tuple(items):
                return join(self._of(item, scope) for item in items)
            case Name(id):
                return Degree(integer=id != "pi", sign=1) if id in ("pi", "inf") else self._name(id, scope)
            case Ref(base):
                return self._name(base, scope)
            case Neg(operand):
                return _negative(self._of(operand, scope))
            case Add(terms, signs):
                parts = [self._of(term, scope) for term in terms]
                return join(part if sign > 0 else _negative(part) for part, sign in zip(parts, signs))
            case BinOp():
                return self._binary(expr, scope)
            case Compare(operands):
                joined = join(self._of(operand, scope) for operand in operands)
                return replace(joined, integer=True, sign=1, curvature="affine", form=_logical(joined))
            case And(items) | Or(items):
                joined = join(self._of(item, scope) for item in items)
                return replace(joined, integer=True, sign=1, form=_logical(joined))
            case Not(operand):
                inner = self._of(operand, scope)
                return replace(inner, integer=True, sign=1, form=_logical(inner))
            case IfElse(_, then, otherwise):
                return join((self._of(then, scope), self._of(otherwise, scope)))
            case Call():
                return self._call(expr, scope)
            case Aggregate():
                return self._aggregate(expr, scope)
            case _:
                assert_never(expr)

    def _name(self, name: str, scope: frozenset[str]) -> Degree:
        if name in scope:
            return Degree(integer=True)
        declared = self._table.get(name)
        match declared:
            case Variable():
                integral = declared.domain in ("integer", "binary")
                features = frozenset({"binary"}) if declared.domain == "binary" else frozenset()
                return Degree(1, "plain", integral, 0, "affine", features, frozenset({name}))
            case Parameter():
                if name not in self._parameters:
                    self._parameters[name] = _parameter(declared)
                return self._parameters[name]
            case NamedExpression():
                return self._named.get(name, DATA)
            case _:
                return DATA

    def _binary(self, expr: BinOp, scope: frozenset[str]) -> Degree:
        if expr.op in ("|", "&"):
            return DATA
        a, b = self._of(expr.left, scope), self._of(expr.right, scope)
        if expr.op == "*":
            return _product(a, b)
        if expr.op == "**":
            return self._power(expr, a, b)
        if expr.op in ("//", "%"):
            joined = join((a, b), rank=NONLINEAR if a.variables or b.variables else 0)
            return replace(joined, integer=True if expr.op == "//" else joined.integer)
        if b.is_constant:
            divided = _scaled(a, b.sign)
            return replace(divided, integer=True if _is_one(expr.right) else (False if a.variables else None))
        return join((replace(a, curvature="mixed"), b), rank=NONLINEAR, feature="division by a variable")

    def _power(self, expr: BinOp, a: Degree, b: Degree) -> Degree:
        exponent = expr.right.value if isinstance(expr.right, Num) else None
        if a.is_constant and b.is_constant:
            return Degree(integer=a.integer if isinstance(exponent, int) else None, sign=1 if a.sign > 0 else 0)
        if not b.is_constant:
            return join((a, b), rank=NONLINEAR, feature="variable exponent")
        if exponent == 0:
            return ONE
        if exponent == 1:
            return a
        if exponent == 2 and a.rank == 1:
            return replace(_product(a, a), sign=1)
        integer = a.integer if isinstance(exponent, int) else False
        return replace(join((a,), rank=NONLINEAR, feature="power"), integer=integer, curvature="mixed")

    def _call(self, expr: Call, scope: frozenset[str]) -> Degree:
        func = expr.func
        if func in ("range", "len", "first", "last", "ord", "prev", "next", "given"):
            return Degree(integer=True, sign=1 if func in ("len", "ord", "given") else 0)
        parts = [self._of(arg, scope) for arg in expr.args]
        joined = join(parts)
        if func == "piecewise":
            inner = join(parts[:1], feature="piecewise")
            return replace(inner, form="structure" if inner.variables else "plain", integer=None, curvature="mixed")
        if func in ("implies", "iff"):
            return replace(joined, integer=True, sign=1, form=_logical(joined))
        if func in ("floor", "ceil", "round"):
            if not joined.variables:
                return Degree(integer=True, sign=joined.sign)
            return replace(join(parts, rank=NONLINEAR, feature=func), integer=True)
        if func in ("abs", "min", "max"):
            return _extreme(func, parts)
        if joined.is_constant:
            return Degree(integer=None, sign=1 if func in ("sqrt", "exp") else 0)
        return replace(join(parts, rank=NONLINEAR, feature=func), integer=False, sign=0, curvature="mixed")

    def _aggregate(self, expr: Aggregate, scope: frozenset[str]) -> Degree:
        inner = scope.union(*(gen.targets for gen in expr.generators))
        parts = [self._of(arg, inner) for arg in expr.args]
        joined = join(parts)
        if expr.func in STRUCTURE_AGGREGATES:
            return replace(joined, form="structure", features=joined.features | {expr.func})
        if expr.func in ("any", "all", "count"):
            return replace(joined, integer=True, sign=1, form=_logical(joined))
        if expr.func in ("min", "max"):
            return _extreme(expr.func, parts)
        return joined


def _indices(over: tuple[str, ...]) -> frozenset[str]:
    from solvers.expression import parse_generator

    names: set[str] = set()
    for text in over:
        try:
            names.update(parse_generator(text).targets)
        except ExpressionError:
            continue  # `check` reports it with its column
    return frozenset(names)


def _is_one(expr: Expr) -> bool:
    return isinstance(expr, Num) and expr.value == 1


def _logical(joined: Degree) -> Form:
    return "plain" if joined.is_constant else ("structure" if joined.form == "structure" else "logical")


def _negative(part: Degree) -> Degree:
    return replace(part, sign=-part.sign, curvature=_flip(part.curvature))  # type: ignore[arg-type]


def _scaled(part: Degree, sign: int) -> Degree:
    curvature = part.curvature if sign > 0 else _flip(part.curvature) if sign < 0 else (
        "affine" if part.curvature == "affine" else "mixed"
    )
    return replace(part, sign=part.sign * sign, curvature=curvature)  # type: ignore[arg-type]


def _product(a: Degree, b: Degree) -> Degree:
    if b.is_constant:
        a, b = b, a
    joined = join((a, b), rank=min(a.rank + b.rank, NONLINEAR))
    if a.is_constant:
        scaled = _scaled(b, a.sign)
        return replace(joined, sign=scaled.sign, curvature=scaled.curvature)
    features = joined.features
    if "binary" in a.features or "binary" in b.features:
        features |= {"product with a binary variable"}
    curvature = "affine" if a.curvature == b.curvature == "affine" else "mixed"
    return replace(joined, sign=a.sign * b.sign, curvature=curvature, features=features)  # type: ignore[arg-type]


def _extreme(func: str, parts: list[Degree]) -> Degree:
    joined = join(parts)
    if joined.is_constant:
        return replace(joined, sign=1 if func == "abs" else joined.sign)
    bent = "concave" if func == "min" else "convex"
    if func == "abs":
        curvature = "convex" if joined.curvature == "affine" else "mixed"
    else:
        curvature = bent if joined.curvature in ("affine", bent) else "mixed"
    return replace(
        joined, curvature=curvature, sign=1 if func == "abs" else joined.sign,  # type: ignore[arg-type]
        features=joined.features | {"piecewise"},
    )


def _parameter(declared: Parameter) -> Degree:
    """Sign and integrality of the numbers that the formulation carries."""
    if declared.values_in is not None or declared.expr is not None:
        return DATA
    values = [cell.value for cell in declared.cells]
    if declared.default is not None:
        values.append(declared.default)
    numbers = [v for v in values if isinstance(v, (int, float))]
    if not numbers or declared.bind is not None or len(numbers) != len(values):
        return DATA
    sign = 1 if all(v >= 0 for v in numbers) else -1 if all(v <= 0 for v in numbers) else 0
    return Degree(integer=all(isinstance(v, int) or v.is_integer() for v in numbers), sign=sign)


def degree(expr: Expr, formulation: Formulation, scope: Iterable[str] = ()) -> Degree:
    """The degree of one formula of `formulation`; `scope` holds the names that are indices there.

    For many formulas keep one `Degrees(formulation)`.
    """
    return Degrees(formulation).of(expr, scope)
