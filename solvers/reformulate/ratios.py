"""Ratios of linear formulas: rows are multiplied by a denominator of known sign; a ratio as the objective of a linear
program is scaled (Charnes and Cooper, Naval Research Logistics Quarterly 9, 1962).

With t = 1 / denominator and y = t * x every linear row a @ x <= b is a @ y <= b * t, and the ratio is the scaled
numerator where the scaled denominator is 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from solvers.errors import Place, UnsupportedError
from solvers.expression import parse, parse_generator, unparse
from solvers.expression.nodes import (
    Add,
    Aggregate,
    And,
    BinOp,
    Call,
    Compare,
    CompareOp,
    Expr,
    IfElse,
    Name,
    Neg,
    Ref,
)
from solvers.formulation import Constraint, Formulation, Objective, Variable
from solvers.reformulate import capabilities as cap
from solvers.reformulate.bounds import Missing
from solvers.reformulate.build import ONE, ZERO, add, compare, mul, neg, number, sub, total
from solvers.reformulate.facts import Facts
from solvers.reformulate.scope import Scope

if TYPE_CHECKING:
    from solvers.reformulate.workspace import Workspace

_FLIPPED: dict[CompareOp, CompareOp] = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}


class Ratio(NamedTuple):
    """numerator / denominator + rest, the rest without ratios."""

    numerator: Expr
    denominator: Expr
    rest: Expr


def as_ratio(node: Expr, facts: Facts) -> Ratio | None:
    """A formula as one ratio over variables and a rest; None where it has none, or several denominators."""
    numerators: list[tuple[int, Expr]] = []
    rest: list[tuple[int, Expr]] = []
    denominators: set[Expr] = set()
    for sign, term in _terms(1, node, facts):
        found = _quotient(term, facts)
        if found is None:
            rest.append((sign, term))
        else:
            numerators.append((sign, found[0]))
            denominators.add(found[1])
    if len(denominators) != 1:
        return None
    return Ratio(total(numerators), denominators.pop(), total(rest))


def _terms(sign: int, node: Expr, facts: Facts):  # type: ignore[no-untyped-def]
    match node:
        case Add(terms, signs):
            for s, term in zip(signs, terms):
                yield from _terms(sign * s, term, facts)
        case Neg(inner):
            yield from _terms(-sign, inner, facts)
        case Name() | Ref() if facts.expanded(node) is not None and not facts.is_data(node):
            formula = facts.expanded(node)
            assert formula is not None
            yield from _terms(sign, formula, facts)
        case _:
            yield sign, node


def _quotient(node: Expr, facts: Facts) -> tuple[Expr, Expr] | None:
    match node:
        case BinOp("/", top, bottom) if not facts.is_data(bottom):
            return top, bottom
        case BinOp("*", left, right) if facts.is_data(left):
            found = _quotient(right, facts)
            return None if found is None else (mul(left, found[0]), found[1])
        case BinOp("*", left, right) if facts.is_data(right):
            found = _quotient(left, facts)
            return None if found is None else (mul(right, found[0]), found[1])
        case BinOp("/", left, right) if facts.is_data(right):
            found = _quotient(left, facts)
            return None if found is None else (BinOp("/", found[0], right), found[1])
    return None


def sign_of(denominator: Expr, work: Workspace) -> int:
    """1 or -1 where bounds settle the sign of a denominator. Raises UnsupportedError where they do not."""
    low, high = work.bounds.of(denominator)
    if not isinstance(low, Missing) and work.facts.positive(low):
        return 1
    if not isinstance(high, Missing) and work.facts.positive(neg(high)):
        return -1
    raise UnsupportedError(
        f"the sign of the denominator {unparse(denominator)} does not follow from bounds", place=Place(work.place),
        remedy="give its variables bounds that keep it above 0, or choose a solver that takes nonlinear formulas: scip",
    )


def cleared(node: Compare, work: Workspace) -> Expr:
    """A comparison of ratios multiplied out. Raises UnsupportedError where the product would not be linear."""
    pairs = list(zip(node.operands, node.ops, node.operands[1:]))
    done = [_cleared(a, op, b, work) for a, op, b in pairs]
    return done[0] if len(done) == 1 else And(tuple(done))


def _cleared(left: Expr, op: CompareOp, right: Expr, work: Workspace) -> Expr:
    found = as_ratio(sub(left, right), work.facts)
    if found is None:
        return compare(left, op, right)
    if not work.facts.is_data(found.rest) and cap.QUADRATIC not in work.target:
        raise UnsupportedError(
            f"{unparse(compare(left, op, right))} multiplied by its denominator is not linear", place=Place(work.place),
            remedy="compare the ratio with data, or choose a solver that takes nonlinear formulas: scip",
        )
    sign = sign_of(found.denominator, work)
    work.note("a ratio multiplied by its denominator")
    limit = mul(neg(found.rest), found.denominator)
    return compare(found.numerator, op if sign > 0 else _FLIPPED.get(op, op), limit)


# -- the objective -----------------------------------------------------------------------------------


class Scaled(NamedTuple):
    """A formulation in y = t * x; `scale` names t, `denominator` the constraint that the scaled denominator is 1."""

    formulation: Formulation
    scale: str
    denominator: str


def has_ratio(formulation: Formulation, facts: Facts) -> bool:
    """Whether a ratio over variables stands in the objective as a term."""
    terms = [t for term in formulation.objective.terms for t in _terms(1, parse(term.expr), facts)]
    return any(_quotient(term, facts) is not None for _, term in terms)


def scaled(formulation: Formulation, work: Workspace) -> Scaled:
    """A linear program with a ratio as its objective as a linear program. Raises UnsupportedError for others."""
    facts = Facts(formulation, work.facts.data)
    work.at("objective")
    objective = formulation.objective
    if len({term.priority for term in objective.terms}) > 1:
        raise _no_scaling("objectives with priorities")
    mixed = next((v for v in formulation.variables if v.domain != "continuous"), None)
    if mixed is not None:
        raise _no_scaling(f"{mixed.name} is {mixed.domain}, so")
    found = as_ratio(add(*(parse(term.expr) for term in objective.terms)), facts)
    if found is None or not facts.is_data(found.rest):
        raise _no_scaling("it is more than one ratio plus data, so")
    sign = sign_of(found.denominator, work)
    top = add(found.numerator, mul(found.rest, found.denominator))
    bottom = found.denominator
    if sign < 0:
        top, bottom = neg(top), neg(bottom)
    scale = work.fresh("scale")
    work.origin[scale] = "objective"
    t = Name(scale)
    variables, bounds = [], []
    for variable in formulation.variables:
        variables.append(_unbounded(variable, facts))
        bounds.extend(_bounds(variable, t, work))
    rows = tuple(replace(c, expr=unparse(_row(parse(c.expr), t, facts))) for c in formulation.constraints)
    one = Constraint(work.fresh("denominator"), unparse(compare(_scaled(bottom, t, facts), "==", ONE)),
                     description="the scaled denominator is 1")  # fmt: skip
    work.note("a ratio of linear formulas as a linear program, in multiples of the reciprocal of its denominator")
    first = replace(objective.terms[0], expr=unparse(_scaled(top, t, facts)))
    done = replace(
        formulation, objective=Objective(objective.sense, (first,), objective.unit, objective.description),
        variables=(*variables, Variable(scale, lower="0", description="the reciprocal of the denominator")),
        constraints=(*rows, *bounds, one),
    )
    return Scaled(done, scale, one.name)


def _no_scaling(why: str) -> UnsupportedError:
    return UnsupportedError(
        f"{why} the ratio in the objective cannot be made linear", place=Place("objective"),
        remedy="choose a solver that takes nonlinear formulas: scip",
    )


def _unbounded(variable: Variable, facts: Facts) -> Variable:
    keeps = variable.lower is not None and facts.nonnegative(parse(variable.lower))
    return replace(variable, lower="0" if keeps else None, upper=None)


def _bounds(variable: Variable, t: Expr, work: Workspace) -> list[Constraint]:
    cell = Scope(tuple(parse_generator(text) for text in variable.over)).cell(variable.name)
    out = []
    sides: tuple[tuple[str | None, CompareOp, str], ...] = (
        (variable.lower, ">=", "least"), (variable.upper, "<=", "most"),
    )  # fmt: skip
    for text, op, word in sides:
        bound = None if text is None else parse(text)
        if bound is None or bound in (Name("inf"), Neg(Name("inf"))) or (op == ">=" and number(bound) == 0):
            continue
        name = work.fresh(f"{variable.name}_{word}")
        out.append(Constraint(name, unparse(compare(cell, op, mul(bound, t))), variable.over))
        work.origin[name] = variable.name
    return out


def _row(node: Expr, t: Expr, facts: Facts) -> Expr:
    recurse: Callable[[Expr], Expr] = lambda item: _row(item, t, facts)  # noqa: E731
    if facts.is_data(node):
        return node
    match node:
        case Compare(operands):
            return replace(node, operands=tuple(_scaled(o, t, facts) for o in operands))
        case And(items):
            return replace(node, items=tuple(map(recurse, items)))
        case Aggregate("all", (body,)):
            return replace(node, args=(recurse(body),))
        case IfElse(_, then, otherwise):
            return replace(node, then=recurse(then), otherwise=recurse(otherwise))
        case Call("implies", (test, then)) if facts.is_data(test):
            return replace(node, args=(test, recurse(then)))
    raise _no_scaling(f"{unparse(node)} is no linear row, so")


def _scaled(node: Expr, t: Expr, facts: Facts) -> Expr:
    """An affine formula in x as the linear one in (y, t) that is t times it."""
    if facts.is_data(node):
        return ZERO if number(node) == 0 else mul(node, t)
    recurse: Callable[[Expr], Expr] = lambda item: _scaled(item, t, facts)  # noqa: E731
    match node:
        case Name() | Ref():
            formula = facts.expanded(node)
            return node if formula is None else recurse(formula)
        case Neg(inner):
            return neg(recurse(inner))
        case Add(terms, signs):
            return total([(s, recurse(term)) for s, term in zip(signs, terms)])
        case BinOp("*", left, right) if facts.is_data(left):
            return mul(left, recurse(right))
        case BinOp("*", left, right) if facts.is_data(right):
            return mul(recurse(left), right)
        case BinOp("/", left, right) if facts.is_data(right):
            return replace(node, left=recurse(left))
        case IfElse(_, then, otherwise):
            return replace(node, then=recurse(then), otherwise=recurse(otherwise))
        case Aggregate("sum", (body,)):
            return replace(node, args=(recurse(body),))
    raise _no_scaling(f"{unparse(node)} is not linear, so")
