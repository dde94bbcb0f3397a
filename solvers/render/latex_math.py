"""Formulas as LaTeX mathematics, for documents and for notebooks (MathJax)."""

from __future__ import annotations

import re
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

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}", "'": r"\textquotesingle{}",
    "[": "{[}", "]": "{]}", "-": "{-}",
}  # fmt: skip
_SIMPLE_LABEL = re.compile(r"[A-Za-z0-9 ]*\Z")
_LOGIC, _COMPARE, _SET, _SUM, _SIGN, _PRODUCT, _POWER, _ATOM = range(8)
_OPS = {"<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne", "<": "<", ">": ">", "in": r"\in", "not in": r"\notin"}
_BIG = {"sum": r"\sum", "min": r"\min", "max": r"\max", "any": r"\bigvee", "all": r"\bigwedge"}
_FENCES = {
    "abs": (r"\left|", r"\right|"), "floor": (r"\left\lfloor ", r"\right\rfloor "),
    "ceil": (r"\left\lceil ", r"\right\rceil "), "len": (r"\left|", r"\right|"), "sqrt": (r"\sqrt{", "}"),
}  # fmt: skip
_ROMAN = frozenset({"exp", "log", "sin", "cos", "min", "max"})


def escape(text: str) -> str:
    r"""Text on one line for LaTeX's text mode; characters that pdfTeX lacks go through `\beyond{code}{char}`."""
    out = []
    for char in one_line(text):
        code = ord(char)
        if code < 0x80:
            out.append(_SPECIAL.get(char, char))
        elif code < 0x180 or char in "–—‘’“”…€":
            out.append(char)
        else:
            out.append(rf"\beyond{{{code:04X}}}{{{char}}}")
    return "".join(out)


def math_label(text: str) -> str:
    """A label inside mathematics."""
    text = one_line(text)
    if _SIMPLE_LABEL.match(text):
        return r"\mathrm{" + text.replace(" ", r"\ ") + "}"
    return r"\text{" + escape(text) + "}"


def math_name(name: str) -> str:
    """A declared name inside mathematics: one letter in italics as it is, longer ones set as words."""
    if len(name) == 1 and name.isascii() and name.isalpha():
        return name
    if re.fullmatch(r"[A-Za-z0-9_]+", name):
        return r"\mathit{" + name.replace("_", r"\_") + "}"
    return math_label(name)


def latex_math(formula: str) -> str:
    """A formula as LaTeX mathematics; text outside the language is set as text."""
    try:
        return _show(parse(formula))[0]
    except ExpressionError:
        return r"\text{" + escape(formula) + "}"


def latex_terms(formula: str) -> list[str]:
    """The same, cut where a line may break: before each sign of a top-level sum and each comparison."""
    try:
        node = parse(formula)
    except ExpressionError:
        return [latex_math(formula)]
    if not isinstance(node, Compare):
        return _pieces(node)
    parts = _side(node.operands[0])
    for op, operand in zip(node.ops, node.operands[1:]):
        right = _side(operand)
        parts += [f"{_OPS[op]} {right[0]}", *right[1:]]
    return parts


def _pieces(node: Expr) -> list[str]:
    if not isinstance(node, Add):
        return [_show(node)[0]]
    return _addends(node)


def _side(node: Expr) -> list[str]:
    return _addends(node) if isinstance(node, Add) else [_at(node, _SET)]


def latex_over(over: tuple[str, ...]) -> str:
    r"""The generators of an `over`: `t \in \mathit{weeks}`."""
    parts = []
    for text in over:
        try:
            parts.append(_generator(parse_generator(text)))
        except ExpressionError:
            parts.append(r"\text{" + escape(text) + "}")
    return r",\; ".join(parts)


def _at(node: Expr, least: int) -> str:
    text, strength = _show(node)
    return text if strength >= least else rf"\left({text}\right)"


def _list(items: tuple[Expr, ...]) -> str:
    return ", ".join(_show(item)[0] for item in items)


def _generator(gen: Generator) -> str:
    targets = math_name(gen.targets[0])
    if len(gen.targets) > 1:
        targets = "(" + ", ".join(map(math_name, gen.targets)) + ")"
    tests = ",\\, ".join(_show(test)[0] for test in gen.tests)
    return rf"{targets} \in {_at(gen.source, _SET)}" + (rf" \,:\, {tests}" if tests else "")


def _under(generators: tuple[Generator, ...]) -> str:
    parts = [_generator(gen) for gen in generators]
    return parts[0] if len(parts) == 1 else r"\substack{" + r" \\ ".join(parts) + "}"


def _addends(node: Add) -> list[str]:
    parts, last = [], len(node.terms) - 1
    for k, (sign, term) in enumerate(zip(node.signs, node.terms)):
        loose = isinstance(term, Aggregate) and k < last
        text = rf"\left({_show(term)[0]}\right)" if loose else _at(term, _SIGN if k == 0 else _PRODUCT)
        parts.append(text if k == 0 else ("+ " if sign > 0 else "- ") + text)
    return parts


def _binary(node: BinOp) -> tuple[str, int]:
    if node.op == "**":
        base = _at(node.left, _ATOM)
        return f"{{{base}}}^{{{_show(node.right)[0]}}}", _POWER
    if node.op == "/":
        return rf"\frac{{{_show(node.left)[0]}}}{{{_show(node.right)[0]}}}", _PRODUCT
    if node.op == "//":
        return rf"\left\lfloor \frac{{{_show(node.left)[0]}}}{{{_show(node.right)[0]}}} \right\rfloor", _ATOM
    if node.op in ("|", "&"):
        sign = r"\cup" if node.op == "|" else r"\cap"
        return f"{_at(node.left, _SET)} {sign} {_at(node.right, _SUM)}", _SET
    op = r"\bmod" if node.op == "%" else r"\cdot"
    left = rf"\left({_show(node.left)[0]}\right)" if isinstance(node.left, Aggregate) else _at(node.left, _PRODUCT)
    return f"{left} {op} {_at(node.right, _POWER)}", _PRODUCT


def _compare(node: Compare) -> str:
    text = _at(node.operands[0], _SET)
    for op, operand in zip(node.ops, node.operands[1:]):
        text += f" {_OPS[op]} {_at(operand, _SET)}"
    return text


def _aggregate(node: Aggregate) -> tuple[str, int]:
    under = _under(node.generators)
    if node.func in _BIG:
        return f"{_BIG[node.func]}_{{{under}}} {_at(node.args[0], _PRODUCT)}", _PRODUCT
    if node.func == "count":
        return rf"\left|\left\{{ {under} \,:\, {_show(node.args[0])[0]} \right\}}\right|", _ATOM
    return rf"\operatorname{{{_plain(node.func)}}}_{{{under}}}\left({_list(node.args)}\right)", _PRODUCT


def _plain(name: str) -> str:
    return name.replace("_", r"\_")


def _one_less(node: Expr) -> str:
    """The last element of `range(_, node)`: `n` for `n + 1`."""
    if isinstance(node, Num):
        return number(node.value - 1)
    if isinstance(node, Add) and node.signs[-1] == 1 and node.terms[-1] == Num(1):
        rest = node.terms[:-1]
        return _show(rest[0])[0] if len(rest) == 1 else " ".join(_addends(Add(rest, node.signs[:-1])))
    return f"{_at(node, _SUM)} - 1"


def _range(args: tuple[Expr, ...]) -> str:
    first = "0" if len(args) == 1 else _show(args[0])[0]
    last = _one_less(args[0] if len(args) == 1 else args[1])
    if len(args) == 3:
        step = _show(args[2])[0]
        return rf"\left\{{ {first}, {first} + {step}, \ldots, {last} \right\}}"
    return rf"\left\{{ {first}, \ldots, {last} \right\}}"


def _call(node: Call) -> tuple[str, int]:
    if node.func == "range":
        return _range(node.args), _ATOM
    if node.func in ("implies", "iff"):
        arrow = r"\Rightarrow" if node.func == "implies" else r"\Leftrightarrow"
        return rf"\left({_show(node.args[0])[0]}\right) {arrow} \left({_show(node.args[1])[0]}\right)", _LOGIC
    if node.func in _FENCES:
        left, right = _FENCES[node.func]
        return f"{left}{_list(node.args)}{right}", _ATOM
    name = "\\" + node.func if node.func in _ROMAN else rf"\operatorname{{{_plain(node.func)}}}"
    return rf"{name}\left({_list(node.args)}\right)", _ATOM


def _joined(sign: str, items: tuple[Expr, ...]) -> tuple[str, int]:
    return f" {sign} ".join(rf"\left({_show(item)[0]}\right)" for item in items), _LOGIC


def _show(node: Expr) -> tuple[str, int]:
    match node:
        case Num(value):
            text = number(value)
            mantissa, _, exponent = text.partition("e")
            return (rf"{mantissa} \cdot 10^{{{int(exponent)}}}", _PRODUCT) if exponent else (text, _ATOM)
        case Str(value):
            return math_label(value), _ATOM
        case Name(id):
            return {"pi": r"\pi", "inf": r"\infty"}.get(id) or math_name(id), _ATOM
        case Ref(base, keys):
            return f"{math_name(base)}_{{{_list(keys)}}}", _ATOM
        case Tuple(items):
            return f"({_list(items)})", _ATOM
        case SetLiteral(items):
            return rf"\left\{{ {_list(items)} \right\}}", _ATOM
        case SetBuilder(item, generators):
            inside = r",\; ".join(map(_generator, generators))
            return rf"\left\{{ {_show(item)[0]} \,\middle|\, {inside} \right\}}", _ATOM
        case Neg(operand):
            return "-" + _at(operand, _PRODUCT), _SIGN
        case Add():
            return " ".join(_addends(node)), _SUM
        case BinOp():
            return _binary(node)
        case Compare():
            return _compare(node), _COMPARE
        case And(items):
            return _joined(r"\wedge", items)
        case Or(items):
            return _joined(r"\vee", items)
        case Not(operand):
            return rf"\neg \left({_show(operand)[0]}\right)", _LOGIC
        case IfElse(test, then, otherwise):
            cases = (
                rf"{_show(then)[0]} & \text{{if }} {_show(test)[0]} \\ {_show(otherwise)[0]} & \text{{otherwise}}"
            )
            return rf"\begin{{cases}} {cases} \end{{cases}}", _PRODUCT
        case Call():
            return _call(node)
        case Aggregate():
            return _aggregate(node)
        case _:
            assert_never(node)
