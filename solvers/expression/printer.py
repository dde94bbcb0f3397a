"""Trees to text; `parse(unparse(e)) == e` for every tree that `parse` can yield."""

from __future__ import annotations

from typing import assert_never

from solvers.expression.lexer import quote
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

# Binding strength, loosest first: or, and, not, comparison, set operation, sum, product, sign, power, atom.
_OR, _AND, _NOT, _COMPARE, _SET, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(10)


def unparse(node: Expr) -> str:
    """The formula as text, with the fewest parentheses that keep the tree."""
    return _show(node)[0]


def unparse_generator(node: Generator) -> str:
    """One generator as text: `t in weeks if t > 1`."""
    return _generator(node)


def _at(node: Expr, least: int) -> str:
    text, strength = _show(node)
    return text if strength >= least else f"({text})"


def _number(value: int | float) -> str:
    return repr(value)


def _generator(gen: Generator) -> str:
    targets = gen.targets[0] if len(gen.targets) == 1 else "(" + ", ".join(gen.targets) + ")"
    text = f"{targets} in {_at(gen.source, _SET)}"
    return text + "".join(f" if {_show(test)[0]}" for test in gen.tests)


def _generators(generators: tuple[Generator, ...]) -> str:
    return " ".join("for " + _generator(gen) for gen in generators)


def _list(items: tuple[Expr, ...]) -> str:
    return ", ".join(_show(item)[0] for item in items)


def _sum(node: Add) -> str:
    parts = [_at(node.terms[0], _PRODUCT)]
    for sign, term in zip(node.signs[1:], node.terms[1:]):
        parts.append((" + " if sign > 0 else " - ") + _at(term, _PRODUCT))
    return "".join(parts)


def _binary(node: BinOp) -> tuple[str, int]:
    if node.op == "**":
        return f"{_at(node.left, _ATOM)} ** {_at(node.right, _SIGN)}", _POWER
    strength = _SET if node.op in ("|", "&") else _PRODUCT
    return f"{_at(node.left, strength)} {node.op} {_at(node.right, strength + 1)}", strength


def _compare(node: Compare) -> str:
    text = _at(node.operands[0], _SET)
    for op, operand in zip(node.ops, node.operands[1:]):
        text += f" {op} {_at(operand, _SET)}"
    return text


def _show(node: Expr) -> tuple[str, int]:
    match node:
        case Num(value):
            return _number(value), _ATOM
        case Str(value):
            return quote(value), _ATOM
        case Name(id):
            return id, _ATOM
        case Ref(base, keys):
            return f"{base}[{_list(keys)}]", _ATOM
        case Tuple(items):
            return f"({_list(items)}{',' if len(items) == 1 else ''})", _ATOM
        case SetLiteral(items):
            return "{" + _list(items) + "}", _ATOM
        case SetBuilder(item, generators):
            return "{" + f"{_show(item)[0]} {_generators(generators)}" + "}", _ATOM
        case Neg(operand):
            return "-" + _at(operand, _SIGN), _SIGN
        case Add():
            return _sum(node), _SUM
        case BinOp():
            return _binary(node)
        case Compare():
            return _compare(node), _COMPARE
        case And(items):
            return " and ".join(_at(item, _NOT) for item in items), _AND
        case Or(items):
            return " or ".join(_at(item, _AND) for item in items), _OR
        case Not(operand):
            return "not " + _at(operand, _NOT), _NOT
        case IfElse(test, then, otherwise):
            return f"({_show(then)[0]} if {_show(test)[0]} else {_show(otherwise)[0]})", _ATOM
        case Call(func, args):
            return f"{func}({_list(args)})", _ATOM
        case Aggregate(func, args, generators):
            return f"{func}({_list(args)} {_generators(generators)})", _ATOM
        case _:
            assert_never(node)
