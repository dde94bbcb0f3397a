"""Formulas as mathematics in ASCII: `sum{p in products} profit[p]*build[p] <= beech`. For people; not parsed back."""

from __future__ import annotations

from typing import assert_never

from solvers.errors import ExpressionError
from solvers.expression import parse, parse_generator
from solvers.expression.nodes import (
    Add,
    Aggregate,
    And,
    BinOp,
    Call,
    Compare,
    Expr,
    Generator,
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
from solvers.render.safe import number, one_line

_LOGIC, _COMPARE, _SET, _SUM, _SIGN, _PRODUCT, _POWER, _ATOM = range(8)


def math_text(formula: str) -> str:
    """A formula for reading. Text that is not in the language is shown as it is, made harmless."""
    try:
        return _show(parse(formula))[0]
    except ExpressionError:
        return one_line(formula)


def over_text(over: tuple[str, ...]) -> str:
    """The generators of an `over`, separated by commas: `t in weeks, (i, j) in arcs if i != j`."""
    return ", ".join(_over_one(text) for text in over)


def _over_one(text: str) -> str:
    try:
        return _generator(parse_generator(text))
    except ExpressionError:
        return one_line(text)


def indices(over: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the indices that an `over` declares."""
    found: list[str] = []
    for text in over:
        try:
            found.extend(parse_generator(text).targets)
        except ExpressionError:
            found.append(one_line(text))
    return tuple(found)


def label(value: str) -> str:
    """A label as formulas show it: in quotes, on one line."""
    return "'" + one_line(value) + "'"


def _at(node: Expr, least: int) -> str:
    text, strength = _show(node)
    return text if strength >= least else f"({text})"


def _list(items: tuple[Expr, ...]) -> str:
    return ", ".join(_show(item)[0] for item in items)


def _generator(gen: Generator) -> str:
    targets = gen.targets[0] if len(gen.targets) == 1 else "(" + ", ".join(gen.targets) + ")"
    tests = "".join(f" if {_show(test)[0]}" for test in gen.tests)
    return f"{targets} in {_at(gen.source, _SET)}{tests}"


def _generators(generators: tuple[Generator, ...]) -> str:
    return ", ".join(map(_generator, generators))


def _sum(node: Add) -> tuple[str, int]:
    parts: list[str] = []
    last = len(node.terms) - 1
    for k, (sign, term) in enumerate(zip(node.signs, node.terms)):
        # An unparenthesised inner sum{...} would seem to reach over the terms that follow it.
        loose = isinstance(term, Aggregate) and term.func == "sum" and k < last
        text = f"({_show(term)[0]})" if loose else _at(term, _SIGN if k == 0 else _PRODUCT)
        parts.append(text if k == 0 else (" + " if sign > 0 else " - ") + text)
    return "".join(parts), _SUM


def _binary(node: BinOp) -> tuple[str, int]:
    if node.op == "**":
        return f"{_at(node.left, _ATOM)}^{_at(node.right, _ATOM)}", _POWER
    if node.op in ("|", "&"):
        word = " union " if node.op == "|" else " intersect "
        return _at(node.left, _SET) + word + _at(node.right, _SUM), _SET
    op = {"//": " div ", "%": " mod "}.get(node.op, node.op)
    # A sum{...} on the left would swallow the factor after it.
    left = f"({_show(node.left)[0]})" if isinstance(node.left, Aggregate) else _at(node.left, _PRODUCT)
    return left + op + _at(node.right, _POWER), _PRODUCT


def _compare(node: Compare) -> str:
    text = _at(node.operands[0], _SET)
    for op, operand in zip(node.ops, node.operands[1:]):
        text += f" {'=' if op == '==' else op} {_at(operand, _SET)}"
    return text


def _aggregate(node: Aggregate) -> tuple[str, int]:
    if node.func in ("sum", "min", "max") and len(node.args) == 1:
        return f"{node.func}{{{_generators(node.generators)}}} {_at(node.args[0], _PRODUCT)}", _PRODUCT
    return f"{node.func}{{{_generators(node.generators)}}} ({_list(node.args)})", _PRODUCT


def _call(node: Call) -> tuple[str, int]:
    if node.func in ("implies", "iff"):
        arrow = " ==> " if node.func == "implies" else " <=> "
        return f"({_show(node.args[0])[0]}){arrow}({_show(node.args[1])[0]})", _LOGIC
    if node.func == "abs":
        return f"|{_show(node.args[0])[0]}|", _ATOM
    return f"{node.func}({_list(node.args)})", _ATOM


def _joined(word: str, items: tuple[Expr, ...]) -> tuple[str, int]:
    return word.join(_at(item, _COMPARE) for item in items), _LOGIC


def _show(node: Expr) -> tuple[str, int]:
    match node:
        case Num(value):
            return number(value), _ATOM
        case Str(value):
            return label(value), _ATOM
        case Name(id):
            return id, _ATOM
        case Ref(base, keys):
            return f"{base}[{_list(keys)}]", _ATOM
        case Tuple(items):
            return f"({_list(items)})", _ATOM
        case SetLiteral(items):
            return "{" + _list(items) + "}", _ATOM
        case SetBuilder(item, generators):
            return "{" + f"{_show(item)[0]} : {_generators(generators)}" + "}", _ATOM
        case Neg(operand):
            return "-" + _at(operand, _PRODUCT), _SIGN
        case Add():
            return _sum(node)
        case BinOp():
            return _binary(node)
        case Compare():
            return _compare(node), _COMPARE
        case And(items):
            return _joined(" and ", items)
        case Or(items):
            return _joined(" or ", items)
        case Not(operand):
            return "not " + _at(operand, _ATOM), _LOGIC
        case IfElse(test, then, otherwise):
            return f"({_show(then)[0]} if {_show(test)[0]} else {_show(otherwise)[0]})", _ATOM
        case Call():
            return _call(node)
        case Aggregate():
            return _aggregate(node)
        case _:
            assert_never(node)
