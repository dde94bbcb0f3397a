"""Reading LP files in the dialect of CPLEX and Gurobi, names such as `x[0]` and `Con(1,2)` included.

Refused, as by the solvers: variables on the right of a relation, constants among the terms of a constraint.
Terms of one column in a row are added up. A negative upper bound leaves the lower bound at 0 (noted in
`Model.notes`). A column `Constant` fixed at 1 that only the objective uses is the objective's constant, as Gurobi
writes it.
"""

from __future__ import annotations

import re

import numpy as np

from solvers.errors import FormatError
from solvers.io.draft import INFINITE, Draft
from solvers.io.lp_lexer import NAME, SIGN, Section, Tokens, prepare, sections
from solvers.io.lp_linear import Columns, register, statements, terms
from solvers.io.lp_parse import Constraint, Parser
from solvers.io.lp_sections import Attributes, read_bounds, read_names, read_sos
from solvers.io.names import legal
from solvers.io.source import Source, clip, texts
from solvers.model import CONTINUOUS, INTEGER, SEMICONTINUOUS, SEMIINTEGER, Model

CONSTANT = b"Constant"


def read_lp(source: Source) -> Model:
    """The model of an LP file. Raises FormatError with line and column, UnsupportedError for sections not read."""
    try:
        return _Reader(*prepare(source)).read()
    except FormatError as error:
        # The prepared data begins with a line of its own.
        line = max((error.line or 2) - 1, 1)
        raise FormatError(
            error.message,
            file=source.name,
            line=line,
            column=error.column,
            remedy=error.remedy or "mend the line, or write the file again",
        ) from None


class _Reader:
    def __init__(self, source: Source, pattern: re.Pattern[bytes]) -> None:
        self.source, self.pattern = source, pattern
        self.columns = Columns()
        self.out = Attributes()
        self.costs: list[tuple[np.ndarray, np.ndarray]] = []
        self.offset = 0.0
        self.objective_products: list[tuple[int, int, float]] = []
        self.labels: list[bytes | None] = []
        self.low: list[np.ndarray] = []
        self.high: list[np.ndarray] = []
        self.entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.products: list[tuple[int, int, int, float]] = []
        self.indicators: list[tuple[int, int, int, Tokens, int]] = []

    def read(self) -> Model:
        """All sections in order, then the model."""
        found = sections(self.source)
        for section in found:
            tokens = Tokens(self.source, self.pattern, section)
            if section.kind in ("min", "max"):
                self._objective(tokens)
            elif section.kind == "rows":
                self._rows(tokens)
            elif section.kind == "bounds":
                read_bounds(tokens, self.columns, self.out)
            elif section.kind == "sos":
                self.out.sos += read_sos(tokens, self.columns)
            else:
                target = {"general": self.out.integer, "binary": self.out.binary, "semi": self.out.semi}[section.kind]
                target |= read_names(tokens, self.columns)
        return self._model(found[0])

    def _objective(self, tokens: Tokens) -> None:
        if len(tokens) and tokens.toks[0].lower() == b"multi-objectives":
            raise tokens.fail(0, "several objectives are not read", "write one file for each")
        names = register(tokens, self.columns)
        parser = Parser(tokens, self.columns)
        parser.label()
        linear = terms(tokens, *names)
        kinds = tokens.kinds[parser.at :]
        # The regular case: names led by signs, with numbers between, and no constant.
        pair = kinds[:-1].astype(np.int64) * 3 + kinds[1:]
        regular = len(kinds) > 0 and kinds[-1] == NAME and bool(np.all(kinds <= NAME))
        regular = regular and np.sum(names[0] >= parser.at) == np.sum(kinds == NAME)
        regular = regular and bool(np.all(np.isin(pair, (NAME, SIGN * 3, SIGN * 3 + NAME, NAME * 3 + SIGN))))
        if regular and np.isfinite(linear.coef).all():
            self.costs.append((linear.column, linear.coef))
            return
        body = parser.expression(objective=True)
        if parser.at < parser.end:
            raise parser.fail("a relation in the objective", "constraints follow Subject To")
        self.costs.append((np.array(body.columns, np.int64), np.array(body.coefs, np.float64)))
        self.offset = body.constant
        self.objective_products = body.products

    def _rows(self, tokens: Tokens) -> None:
        names = register(tokens, self.columns)
        linear = terms(tokens, *names)
        found = statements(tokens, linear)
        base = len(self.labels)
        # Rows of each statement: one where it is regular, else what the parser finds.
        rest: dict[int, list[Constraint]] = {}
        for k in np.flatnonzero(~found.regular).tolist():
            rest[k] = Parser(tokens, self.columns, int(found.start[k]), int(found.end[k])).constraints()
        count = np.ones(len(found.start), np.int64)
        for k, parsed in rest.items():
            count[k] = len(parsed)
        place = base + np.cumsum(count) - count
        total = int(count.sum())
        low, high = np.full(total, -np.inf), np.full(total, np.inf)
        at = place[found.regular] - base
        low[at], high[at] = found.low[found.regular], found.high[found.regular]
        labels: list[bytes | None] = [None] * total
        named = found.regular & found.labelled
        for row, token in zip((place[named] - base).tolist(), found.start[named].tolist()):
            labels[row] = tokens.toks[token]
        self.entries.append((
            place[found.term_statement], linear.column[found.term], linear.coef[found.term]
        ))  # fmt: skip
        for k, parsed in rest.items():
            for n, constraint in enumerate(parsed):
                row = int(place[k]) + n
                low[row - base], high[row - base] = constraint.low, constraint.high
                labels[row - base] = constraint.label
                self._parsed(tokens, row, constraint)
        self.low.append(low)
        self.high.append(high)
        self.labels += labels

    def _parsed(self, tokens: Tokens, row: int, constraint: Constraint) -> None:
        body = constraint.body
        size = len(body.columns)
        self.entries.append((
            np.full(size, row, np.int64), np.array(body.columns, np.int64), np.array(body.coefs, np.float64)
        ))  # fmt: skip
        self.products += [(row, i, j, coef) for i, j, coef in body.products]
        if constraint.indicator is not None:
            column, active, at = constraint.indicator
            self.indicators.append((row, column, active, tokens, at))

    # -- the model -------------------------------------------------------------------------------------

    def _model(self, objective: Section) -> Model:
        n = len(self.columns.of)
        costs = np.zeros(n)
        for index, coef in self.costs:
            costs += np.bincount(index, weights=coef, minlength=n)
        none = np.zeros(0, np.int64)
        rows, cols, values = (np.concatenate(part) for part in zip((none, none, np.zeros(0)), *self.entries))
        low, high, kinds, notes = self._bounds(n)
        draft = Draft(
            "", texts(list(self.columns.of)), self._row_names(notes), costs, low, high, kinds,
            _infinite(np.concatenate([np.zeros(0), *self.low])), _infinite(np.concatenate([np.zeros(0), *self.high])),
            (rows, cols, values), "max" if objective.kind == "max" else "min", self.offset, sos=self.out.sos,
            notes=notes,
        )  # fmt: skip
        if self.objective_products:
            draft.quadratic = _products([(0, *item) for item in self.objective_products])[1:]
        if self.products:
            draft.quadratic_rows = _products(self.products)
        for row, column, active, tokens, at in self.indicators:
            if kinds[column] != INTEGER or low[column] < 0 or high[column] > 1:
                raise tokens.fail(at, f"{clip(tokens.toks[at])} is not 0-1", "list it under Binaries")
            draft.indicate(row, column, active)
        self._finite(draft)
        return self._without_constant(draft).model()

    def _finite(self, draft: Draft) -> None:
        """Sums of finite numbers may still overflow."""
        parts = [draft.costs, draft.entries[2], np.array(draft.offset)]
        parts += [q[-1] for q in (draft.quadratic, draft.quadratic_rows) if q is not None]
        if not all(np.isfinite(part).all() for part in parts):
            raise self.source.error("a sum of coefficients is not finite", None, "use smaller numbers")

    def _bounds(self, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
        out = self.out
        low, high = np.zeros(n), np.full(n, np.inf)
        low[list(out.low)] = list(out.low.values())
        high[list(out.high)] = list(out.high.values())
        low, high = _infinite(low), _infinite(high)
        binary = list(out.binary)
        low[binary] = np.maximum(low[binary], 0.0)
        high[binary] = np.minimum(high[binary], 1.0)
        notes = []
        negative = [j for j in out.high if high[j] < 0 and j not in out.low and j not in out.semi]
        if negative:
            names = list(self.columns.of)
            others = f" and {len(negative) - 1} more" if len(negative) > 1 else ""
            notes.append(
                f"the column {clip(names[negative[0]])}{others} has a negative upper bound and its lower bound is 0, "
                "so there is no solution; a free column needs `-inf <= x`"
            )
        integer, semi = np.zeros(n, bool), np.zeros(n, bool)
        integer[list(out.integer | out.binary)] = True
        semi[list(out.semi)] = True
        kinds = np.where(semi, np.where(integer, SEMIINTEGER, SEMICONTINUOUS), np.where(integer, INTEGER, CONTINUOUS))
        return low, high, kinds.astype(np.uint8), notes

    def _row_names(self, notes: list[str]) -> list[str]:
        used = {label for label in self.labels if label is not None}
        out: list[bytes] = []
        for k, label in enumerate(self.labels):
            if label is None:
                label = b"R%d" % k
                while label in used:
                    label = b"_" + label
                used.add(label)
            out.append(label)
        found = texts(out)
        if len(set(found)) == len(found):
            return found
        # Gurobi writes such files. Nothing else in an LP file refers to a row, so a new name does no harm.
        distinct = legal(found, lambda name: name)
        changed = [k for k, (a, b) in enumerate(zip(found, distinct)) if a != b]
        notes.append(
            f"{len(changed)} names of constraints stand twice and got a number, the first {clip(distinct[changed[0]])}"
        )
        return distinct

    def _without_constant(self, draft: Draft) -> Draft:
        """Fold a column `Constant` fixed at 1 into the objective."""
        at = self.columns.of.get(CONSTANT)
        if at is None or draft.kinds[at] != CONTINUOUS or not draft.col_lower[at] == draft.col_upper[at] == 1.0:
            return draft
        rows, cols, values = draft.entries
        others = [q[-3:-1] for q in (draft.quadratic, draft.quadratic_rows) if q is not None]
        used = [cols, *(side for pair in others for side in pair), *(item.columns for item in draft.sos)]
        if any(np.any(side == at) for side in used):
            return draft
        draft.offset += float(draft.costs[at])

        def move(columns: np.ndarray) -> np.ndarray:
            return columns - (columns > at)

        draft.entries = (rows, move(cols), values)
        if draft.quadratic is not None:
            draft.quadratic = (move(draft.quadratic[0]), move(draft.quadratic[1]), draft.quadratic[2])
        if draft.quadratic_rows is not None:
            r, i, j, coef = draft.quadratic_rows
            draft.quadratic_rows = (r, move(i), move(j), coef)
        draft.indicators = (draft.indicators[0], [k - (k > at) for k in draft.indicators[1]], draft.indicators[2])
        draft.sos = [type(s)(s.kind, move(s.columns), s.weights, s.label) for s in draft.sos]
        draft.columns = [*draft.columns[:at], *draft.columns[at + 1 :]]
        for field in ("costs", "col_lower", "col_upper", "kinds"):
            setattr(draft, field, np.delete(getattr(draft, field), at))
        return draft


def _products(found: list[tuple[int, int, int, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    row, i, j, coef = zip(*found)
    return np.array(row), np.array(i), np.array(j), np.array(coef, np.float64)


def _infinite(values: np.ndarray) -> np.ndarray:
    return np.where(values >= INFINITE, np.inf, np.where(values <= -INFINITE, -np.inf, values))
