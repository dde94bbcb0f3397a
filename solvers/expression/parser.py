"""Tokens to trees: a recursive-descent parser for the closed grammar of docs/LANGUAGE.md.

It never calls Python's own parser or evaluator. Nesting is capped, sums are n-ary and parsed in a
loop, so hostile text can neither exhaust the stack nor take long.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import isinf
from typing import NoReturn, TypeVar

from solvers.errors import ExpressionError
from solvers.expression.lexer import Token, tokenize, unquote
from solvers.expression.nodes import (
    AGGREGATES,
    CONSTANTS,
    FUNCTION_ARITY,
    RESERVED,
    STRUCTURE_AGGREGATES,
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
from solvers.expression.walk import children

_T = TypeVar("_T")

MAX_NESTING = 60
MAX_HEIGHT = 100
_COMPARISONS = frozenset({"<=", ">=", "==", "<", ">", "!="})


@lru_cache(maxsize=8192)
def parse(text: str) -> Expr:
    """Parse one formula. Raises ExpressionError with the column and a remedy."""
    parser = _Parser(text)
    node = parser.run(parser.expression)
    parser.limit_height((node,))
    return node


@lru_cache(maxsize=8192)
def parse_generator(text: str) -> Generator:
    """Parse one entry of an `over`: `"t in weeks"`, `"(i, j) in arcs if i != j"`."""
    parser = _Parser(text)
    node = parser.run(parser.generator)
    parser.limit_height((node.source, *node.tests))
    return node


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.at = 0
        self.depth = 0
        if not text.strip():
            raise ExpressionError("the formula is empty", remedy="write a formula or leave the field out")

    def run(self, rule: Callable[[], _T]) -> _T:
        """Parse all of the text by one rule."""
        try:
            node = rule()
        except RecursionError:  # the caller's own stack is nearly spent
            self.fail("the formula nests too deeply for the stack that is left", remedy="use named expressions")
        self.finish()
        return node

    def limit_height(self, roots: tuple[Expr, ...]) -> None:
        """Refuse trees on which recursive functions (printing, hashing, evaluation) would exhaust the stack."""
        level = list(roots)
        for _ in range(MAX_HEIGHT):
            level = [child for node in level for child in children(node)]
            if not level:
                return
        self.fail(
            f"the formula stacks more than {MAX_HEIGHT} operations on each other", pos=max(level[0].pos, 0),
            remedy="use named expressions",
        )

    # -- tokens ------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def sees(self, *texts: str) -> bool:
        token = self.token
        return token.kind in ("op", "keyword") and token.text in texts

    def accept(self, text: str) -> bool:
        if self.sees(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str, context: str) -> Token:
        if not self.sees(text):
            self.fail(f"expected {text!r} {context}, found {self.found()}")
        return self.take()

    def found(self) -> str:
        return "the end" if self.token.kind == "end" else repr(self.token.text)

    def fail(self, message: str, remedy: str = "", pos: int | None = None) -> NoReturn:
        raise ExpressionError(
            message, source=self.text, column=self.token.pos if pos is None else pos, remedy=remedy
        )

    def finish(self) -> None:
        if self.token.kind == "end":
            return
        if self.sees("if"):
            self.fail("a conditional stands without parentheses", remedy="write (a if condition else b)")
        if self.sees("for"):
            self.fail("a generator stands outside an aggregate", remedy="write sum(... for i in set)")
        self.fail(f"unexpected {self.found()} after the formula", remedy="an operator may be missing before it")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.fail(f"the formula nests deeper than {MAX_NESTING} levels", remedy="use named expressions")

    # -- logic -------------------------------------------------------------------------------

    def expression(self) -> Expr:
        self.deeper()
        node = self.disjunction()
        self.depth -= 1
        return node

    def disjunction(self) -> Expr:
        pos, items = self.token.pos, [self.conjunction()]
        while self.accept("or"):
            items.append(self.conjunction())
        return items[0] if len(items) == 1 else Or(tuple(items), pos)

    def conjunction(self) -> Expr:
        pos, items = self.token.pos, [self.negation()]
        while self.accept("and"):
            items.append(self.negation())
        return items[0] if len(items) == 1 else And(tuple(items), pos)

    def negation(self) -> Expr:
        if self.sees("not"):
            pos = self.take().pos
            self.deeper()
            node = Not(self.negation(), pos)
            self.depth -= 1
            return node
        return self.comparison()

    def comparison(self) -> Expr:
        pos, operands, ops = self.token.pos, [self.arithmetic()], []
        while True:
            if self.token.kind == "op" and self.token.text in _COMPARISONS:
                ops.append(self.take().text)
            elif self.sees("in"):
                self.take()
                ops.append("in")
            elif self.sees("not") and self.tokens[self.at + 1].text == "in":
                self.at += 2
                ops.append("not in")
            else:
                break
            operands.append(self.arithmetic())
        return Compare(tuple(operands), tuple(ops), pos) if ops else operands[0]  # type: ignore[arg-type]

    # -- arithmetic and sets -----------------------------------------------------------------

    def arithmetic(self) -> Expr:
        pos = self.token.pos
        node = self.sum()
        while self.sees("|", "&"):
            op = self.take().text
            node = BinOp(op, node, self.sum(), pos)  # type: ignore[arg-type]
        return node

    def sum(self) -> Expr:
        pos, terms, signs = self.token.pos, [self.product()], [1]
        while self.sees("+", "-"):
            signs.append(1 if self.take().text == "+" else -1)
            terms.append(self.product())
        return terms[0] if len(terms) == 1 else Add(tuple(terms), tuple(signs), pos)

    def product(self) -> Expr:
        pos = self.token.pos
        node = self.factor()
        while self.sees("*", "/", "//", "%"):
            op = self.take().text
            node = BinOp(op, node, self.factor(), pos)  # type: ignore[arg-type]
        return node

    def factor(self) -> Expr:
        if self.sees("-", "+"):
            token = self.take()
            self.deeper()
            operand = self.factor()
            self.depth -= 1
            return Neg(operand, token.pos) if token.text == "-" else operand
        return self.power()

    def power(self) -> Expr:
        pos = self.token.pos
        base = self.atom()
        if self.accept("**"):
            self.deeper()
            node = BinOp("**", base, self.factor(), pos)
            self.depth -= 1
            return node
        return base

    # -- atoms -------------------------------------------------------------------------------

    def atom(self) -> Expr:
        token = self.token
        if token.kind == "number":
            self.take()
            return Num(self.number(token), token.pos)
        if token.kind == "string":
            self.take()
            return Str(unquote(token.text, self.text, token.pos), token.pos)
        if token.kind == "name":
            return self.named()
        if self.sees("("):
            return self.parenthesis()
        if self.sees("{"):
            return self.braces()
        if self.sees("["):
            self.fail("a list in brackets is not part of the language", remedy="sets are written {a, b}")
        if self.sees("if"):
            self.fail("a condition stands where a value is expected", remedy="write (a if condition else b)")
        if token.kind == "end":
            self.fail("the formula ends where a value is expected")
        self.fail(f"found {self.found()} where a value is expected")

    def number(self, token: Token) -> int | float:
        if len(token.text) > 400:
            self.fail("a number of more than 400 characters", pos=token.pos)
        if token.text.isdigit():
            return int(token.text)
        value = float(token.text)
        if isinf(value):
            self.fail(f"the number {token.text} is out of range", remedy="write inf for no bound", pos=token.pos)
        return value

    def named(self) -> Expr:
        token = self.take()
        name = token.text
        if self.sees("("):
            return self.call(name, token.pos)
        if name in RESERVED and name not in CONSTANTS:
            self.fail(f"{name!r} is a function", remedy=f"write {name}(...)", pos=token.pos)
        if not self.sees("["):
            return Name(name, token.pos)
        self.take()
        keys = self.items("]", "of the index")
        if not keys:
            self.fail(f"{name}[] has no index", remedy=f"write {name} for a scalar", pos=token.pos)
        return Ref(name, keys, token.pos)

    def items(self, closing: str, context: str) -> tuple[Expr, ...]:
        found: list[Expr] = []
        while not self.sees(closing):
            found.append(self.expression())
            if not self.accept(","):
                break
        if self.sees("if"):
            self.fail("a conditional stands without its own parentheses", remedy="write (a if condition else b)")
        self.expect(closing, context)
        return tuple(found)

    def call(self, name: str, pos: int) -> Expr:
        known = name in AGGREGATES or name in STRUCTURE_AGGREGATES or name in FUNCTION_ARITY
        if not known:
            self.fail(
                f"there is no function {name!r}", pos=pos,
                remedy=f"an element is indexed with brackets: {name}[...]; functions are listed in docs/LANGUAGE.md",
            )
        self.take()
        args: list[Expr] = []
        while not self.sees(")", "for"):
            args.append(self.expression())
            if not self.accept(","):
                break
        if self.sees("for"):
            if name not in AGGREGATES and name not in STRUCTURE_AGGREGATES:
                self.fail(f"{name} does not take generators", remedy="aggregates are " + ", ".join(sorted(AGGREGATES)))
            wanted = 2 if name == "no_overlap" else 1
            if len(args) != wanted:
                self.fail(f"{name}(... for ...) takes {wanted} formula(s) before 'for', not {len(args)}", pos=pos)
            generators = self.generators()
            self.expect(")", f"after the generators of {name}")
            return Aggregate(name, tuple(args), generators, pos)
        if self.sees("if"):
            self.fail("a conditional stands without its own parentheses", remedy="write (a if condition else b)")
        self.expect(")", f"after the arguments of {name}")
        if name not in FUNCTION_ARITY:
            self.fail(f"{name} needs a generator", pos=pos, remedy=f"write {name}(... for i in set)")
        least, most = FUNCTION_ARITY[name]
        if not least <= len(args) <= most:
            counts = str(least) if least == most else f"{least} to {most}"
            self.fail(f"{name} takes {counts} argument(s), not {len(args)}", pos=pos)
        return Call(name, tuple(args), pos)

    def parenthesis(self) -> Expr:
        pos = self.take().pos
        first = self.expression()
        if self.accept("if"):
            test = self.expression()
            self.expect("else", "after the condition: a conditional needs both branches")
            otherwise = self.expression()
            self.expect(")", "after the conditional")
            return IfElse(test, first, otherwise, pos)
        if self.sees(","):
            self.take()
            return Tuple((first, *self.items(")", "after the tuple")), pos)
        if self.sees("for"):
            self.fail("a generator stands outside an aggregate", remedy="write sum(... for i in set)")
        self.expect(")", "to close the parenthesis")
        return first

    def braces(self) -> Expr:
        pos = self.take().pos
        if self.accept("}"):
            return SetLiteral((), pos)
        first = self.expression()
        if self.sees("for"):
            generators = self.generators()
            self.expect("}", "after the set-builder")
            return SetBuilder(first, generators, pos)
        items = [first]
        while self.accept(",") and not self.sees("}"):
            items.append(self.expression())
        self.expect("}", "after the set")
        return SetLiteral(tuple(items), pos)

    # -- generators --------------------------------------------------------------------------

    def generators(self) -> tuple[Generator, ...]:
        found: list[Generator] = []
        while self.accept("for"):
            found.append(self.generator())
        return tuple(found)

    def generator(self) -> Generator:
        pos = self.token.pos
        targets = self.targets()
        self.expect("in", "after the index of a generator")
        source = self.arithmetic()
        tests: list[Expr] = []
        while self.accept("if"):
            tests.append(self.expression())
        if self.sees("else"):
            self.fail("a conditional stands without parentheses", remedy="write (a if condition else b)")
        return Generator(targets, source, tuple(tests), pos)

    def targets(self) -> tuple[str, ...]:
        parenthesised = self.accept("(")
        names: list[str] = []
        while True:
            if self.token.kind != "name":
                self.fail(f"expected the name of an index, found {self.found()}", remedy="write i in set")
            token = self.take()
            if token.text in RESERVED:
                self.fail(f"{token.text!r} is reserved and cannot name an index", pos=token.pos)
            if token.text in names:
                self.fail(f"the index {token.text!r} is repeated", pos=token.pos)
            names.append(token.text)
            if not self.accept(","):
                break
        if parenthesised:
            self.expect(")", "after the indices")
        return tuple(names)
