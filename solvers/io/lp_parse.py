"""LP expressions and constraints token by token: quadratic parts, indicators, whatever is written in an unusual way."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solvers.errors import FormatError
from solvers.io.lp_lexer import (
    ARROW,
    CLOSE,
    COLON,
    INFINITY,
    NAME,
    NUM,
    OPEN,
    POWER,
    REL,
    RELATIONS,
    SIGN,
    SLASH,
    TIMES,
    Tokens,
)
from solvers.io.lp_linear import Columns
from solvers.io.source import clip
from solvers.io.tokens import number


@dataclass
class Expression:
    """Linear terms, products and a constant."""

    columns: list[int] = field(default_factory=list)
    coefs: list[float] = field(default_factory=list)
    products: list[tuple[int, int, float]] = field(default_factory=list)
    constant: float = 0.0
    constant_at: int | None = None


@dataclass
class Constraint:
    """One row as it stands in the file; `at` is its first token, `indicator` a column and its value."""

    at: int
    label: bytes | None
    body: Expression
    low: float
    high: float
    indicator: tuple[int, int, int] | None = None


class Parser:
    """A cursor over the tokens of a section."""

    def __init__(self, tokens: Tokens, columns: Columns, begin: int = 0, end: int | None = None) -> None:
        self.tokens, self.columns = tokens, columns
        self.at = begin
        self.end = len(tokens) if end is None else end
        self.kinds: list[int] = tokens.kinds[begin : self.end].tolist()
        self.base = begin

    def kind(self, ahead: int = 0) -> int:
        """The kind of a token ahead, or -1 past the end."""
        k = self.at - self.base + ahead
        return self.kinds[k] if k < len(self.kinds) else -1

    def token(self, ahead: int = 0) -> bytes:
        """A token ahead, or nothing past the end."""
        k = self.at + ahead
        return self.tokens.toks[k] if k < self.end else b""

    def fail(self, message: str, remedy: str = "", at: int | None = None) -> FormatError:
        """An error at the next token."""
        return self.tokens.fail(self.at if at is None else at, message, remedy)

    def found(self) -> str:
        """What stands at the cursor, for a message."""
        return f"{clip(self.token())} stands here" if self.at < self.end else "the section ends here"

    # -- values ----------------------------------------------------------------------------------------

    def signs(self) -> float:
        """Skip signs; their product."""
        sign = 1.0
        while self.kind() == SIGN:
            sign = -sign if self.token() == b"-" else sign
            self.at += 1
        return sign

    def number(self, infinite: bool = False) -> float:
        """One number. Raises FormatError."""
        value = number(self.token(), infinite)
        if value is None:
            raise self.fail(f"{clip(self.token())} is no finite number", "write a number such as 1.5e3")
        self.at += 1
        return value

    def is_infinite(self, ahead: int = 0) -> bool:
        """Whether a word for infinity stands ahead."""
        return self.kind(ahead) == NAME and self.token(ahead).lower() in INFINITY

    def value_ahead(self) -> int:
        """How many tokens ahead a signed number or infinity ends, 0 where none stands here."""
        k = 0
        while self.kind(k) == SIGN:
            k += 1
        return k + 1 if self.kind(k) == NUM or self.is_infinite(k) else 0

    def value(self) -> float:
        """A signed number or infinity. Raises FormatError."""
        sign = self.signs()
        if self.is_infinite():
            self.at += 1
            return sign * np.inf
        if self.kind() != NUM:
            raise self.fail(f"a number is missing: {self.found()}", "the right-hand side is one number")
        return sign * self.number(infinite=True)

    def relation(self) -> int:
        """-1, 0 or 1. Raises FormatError."""
        found = RELATIONS.get(self.token())
        if self.kind() != REL or found is None:
            raise self.fail(f"<=, = or >= is missing: {self.found()}", "a constraint is `name: terms <= number`")
        self.at += 1
        return found

    # -- expressions -----------------------------------------------------------------------------------

    def label(self) -> bytes | None:
        """`name:`, or None."""
        if self.kind() == NAME and self.kind(1) == COLON:
            self.at += 2
            return self.token(-2)
        return None

    def expression(self, objective: bool) -> Expression:
        """Terms up to a relation or the end."""
        out = Expression()
        first = True
        while self.kind() not in (-1, REL):
            begun = self.at
            if not first and self.kind() not in (SIGN, OPEN):
                raise self.fail(f"a sign is missing: {self.found()}", "put + or - between terms")
            sign = self.signs()
            if self.kind() == OPEN:
                self._bracket(sign, out, objective)
            elif self.kind() == NUM:
                value = sign * self.number()
                if self.kind() == TIMES:
                    self.at += 1
                    if self.kind() != NAME:
                        raise self.fail(f"a column is missing: {self.found()}", "write 3 * x")
                if self.kind() == NAME and self.kind(1) != COLON:
                    self._term(value, out)
                elif self.kind() == OPEN:
                    raise self.fail("a factor before a bracket", "multiply the terms inside it")
                else:
                    out.constant += value
                    out.constant_at = begun
            elif self.kind() == NAME:
                self._term(sign, out)
            else:
                raise self.fail(f"a term is missing: {self.found()}", "write terms such as 2 x - 3 y")
            first = False
        return out

    def _term(self, value: float, out: Expression) -> None:
        if self.is_infinite():
            raise self.fail("infinity is no column", "rename the column")
        out.columns.append(self._column())
        out.coefs.append(value)
        if self.kind() in (POWER, TIMES):
            raise self.fail("a product outside brackets", "write [ x ^2 + x * y ]")

    def _bracket(self, outer: float, out: Expression, objective: bool) -> None:
        """`[ 2 x ^2 + 3 x * y ]`, in objectives with `/ 2` after it."""
        begun = self.at
        self.at += 1
        products: list[tuple[int, int, float]] = []
        while self.kind() != CLOSE:
            if self.kind() == -1:
                raise self.fail("the bracket is not closed", "write ]", begun)
            if products and self.kind() != SIGN:
                raise self.fail(f"a sign is missing: {self.found()}", "put + or - between products")
            coef = self.signs()
            if self.kind() == NUM:
                coef *= self.number()
                self.at += self.kind() == TIMES
            one = self._factor()
            if self.kind() == POWER:
                self.at += 1
                if self.token() != b"2":
                    raise self.fail(f"the power {clip(self.token())}", "only squares stand in an LP file")
                self.at += 1
                other = one
            elif self.kind() == TIMES:
                self.at += 1
                other = self._factor()
            else:
                raise self.fail(f"a linear term in a bracket: {self.found()}", "move it out of the bracket")
            products.append((one, other, coef))
        self.at += 1
        scale = outer
        if self.kind() == SLASH:
            if self.kind(1) != NUM or number(self.token(1)) != 2.0:
                raise self.fail("only / 2 follows a bracket", "write [ ... ] / 2", self.at + 1)
            self.at += 2
            scale = outer / 2
        elif objective and products:
            raise self.fail("a bracket in the objective without / 2", "write [ ... ] / 2, with doubled coefficients")
        out.products += [(a, b, c * scale) for a, b, c in products]

    def _factor(self) -> int:
        if self.kind() != NAME or self.is_infinite():
            raise self.fail(f"a column is missing: {self.found()}", "write products such as 3 x * y or 2 x ^2")
        return self._column()

    def _column(self) -> int:
        """The column at the cursor; a name before a colon is none."""
        found = self.columns.of.get(self.token())
        if found is None:
            raise self.fail(f"{clip(self.token())} is a label here", "a constraint ends with a relation and a number")
        self.at += 1
        return found

    # -- constraints -----------------------------------------------------------------------------------

    def constraints(self) -> list[Constraint]:
        """All constraints up to the end."""
        out: list[Constraint] = []
        while self.at < self.end:
            labelled = self.kind() == NAME and self.kind(1) == COLON
            if out and not labelled and not self.tokens.new_line(self.at):
                raise self.fail(
                    f"{clip(self.token())} follows a right-hand side",
                    "variables stand on the left, one number on the right; a new constraint begins on a new line",
                )
            out.append(self._constraint())
        return out

    def _constraint(self) -> Constraint:
        begun = self.at
        label = self.label()
        indicator = self._indicator()
        ahead = self.value_ahead()
        opening: tuple[float, int] | None = None
        if ahead and self.kind(ahead) == REL:
            value = self.value()
            opening = (value, self.relation())
        body = self.expression(objective=False)
        if body.constant_at is not None:
            raise self.fail("a constant among the terms of a constraint", "move it to the right", body.constant_at)
        low, high = -np.inf, np.inf
        if opening is not None:
            value, relation = opening
            low, high = (value if relation <= 0 else low), (value if relation >= 0 else high)
        if opening is None or self.kind() == REL:
            relation = self.relation()
            if opening is not None and (relation != opening[1] or relation == 0):
                raise self.fail("the two relations of a range differ", "write low <= terms <= high", self.at - 1)
            value = self.value()
            low, high = (value if relation >= 0 else low), (value if relation <= 0 else high)
        if self.kind() == REL:
            raise self.fail("a second relation", "write low <= terms <= high")
        return Constraint(begun, label, body, low, high, indicator)

    def _indicator(self) -> tuple[int, int, int] | None:
        """`b = 1 ->`, or None."""
        if self.kind() != NAME or self.kind(3) != ARROW or self.token(1) not in (b"=", b"=="):
            return None
        active = number(self.token(2))
        if active not in (0.0, 1.0):
            raise self.fail(f"{clip(self.token(2))} is neither 0 nor 1", "write b = 1 -> ...", self.at + 2)
        column = self.columns.of.get(self.token())
        if column is None:
            raise self.fail("infinity is no column", "rename the column")
        self.at += 4
        return column, int(active), self.at - 4
