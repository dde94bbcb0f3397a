"""The skeleton of an emitted program: docstring, sets and data, then one `main` that builds, solves and reports."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from solvers.emit.definitions import Definitions
from solvers.emit.dialect import SLACK, Bounds, Dialect
from solvers.emit.kinds import Kinds
from solvers.emit.names import Names
from solvers.emit.pieces import PREV, SHOW, WHOLE, Program
from solvers.emit.prepare import Prepared
from solvers.emit.printer import Printer
from solvers.emit.rules import Rules
from solvers.emit.text import INDENT, comment, docstring, f_string, literal, wrapped
from solvers.expression import parse
from solvers.formulation import Constraint, IndexSet, NamedExpression, Parameter, Term, Variable
from solvers.interpret import Instance

LONGEST_LABEL = 40
_LEVEL_WORDS = frozenset({"levels", "level", "best"})


class Script:
    """Writes one program. Dialects ask it for names, kinds and the printer."""

    show = SHOW

    def __init__(self, prepared: Prepared, dialect: Dialect, data_file: str | None) -> None:
        self.prepared, self.dialect, self.data_file = prepared, dialect, data_file
        self.formulation = prepared.formulation
        self.instance = Instance(self.formulation, prepared.data)
        self.kinds = Kinds(self.instance, dialect.whole_data)
        several = len({t.priority for t in self.formulation.objective.terms}) > 1
        self.names = Names(dialect.reserved | (_LEVEL_WORDS if several else frozenset()))
        for item in self.formulation.by_name.values():
            given = isinstance(item, (IndexSet, Parameter))
            self.names.of("", item.name, () if given else dialect.attributes)
        for term in self.formulation.objective.terms:
            self.names.of("term", term.name, dialect.attributes)
        self.printer = Printer(self.kinds, prepared.facts, self.names, dialect)
        self.rules = Rules(self)
        self.document: dict[str, object] = {}
        self.plain_labels = self._plain_labels()
        ranks = [prepared.rank(t.expr, ()) for t in self.formulation.objective.terms]
        self.objective_rank = max(ranks, default=1)
        self.rank = max([prepared.rank(c.expr, c.over) for c in self.formulation.constraints] + [self.objective_rank])
        self.body = ""
        self._said_last: tuple[str, tuple[str, ...]] = ("", ())

    # -- facts that dialects ask for ---------------------------------------------------------

    @property
    def maximise(self) -> bool:
        return self.formulation.objective.sense == "max"

    @property
    def has_integers(self) -> bool:
        return any(v.domain != "continuous" for v in self.formulation.variables)

    def uses(self, function: str) -> bool:
        """Whether `main` calls a function; known once it is written."""
        return re.search(rf"(?<![\w.]){function}\(", self.body) is not None

    def _plain_labels(self) -> bool:
        """Whether labels make names of rows and columns that are short and tell them apart."""
        seen: dict[str, object] = {}
        for item in self.formulation.sets:
            if item.over:
                continue
            for element in self.instance.elements(item.name):
                for label in element if isinstance(element, tuple) else (element,):
                    text = str(label)
                    odd = any(c in text for c in ",[]{}") or not text.isprintable() or len(text) > LONGEST_LABEL
                    if odd or seen.setdefault(text, label) != label:
                        return False
        return True

    def label(self, name: str, keys: Sequence[str]) -> str | None:
        """The source of the name of a row or column; None where labels would make bad ones."""
        return f_string(name, keys) if self.plain_labels or not keys else None

    def levels(self) -> list[list[Term]]:
        """The terms by priority, highest first."""
        terms = self.formulation.objective.terms
        ranks = sorted({t.priority for t in terms}, reverse=True)
        return [[t for t in terms if t.priority == rank] for rank in ranks]

    # -- the whole ---------------------------------------------------------------------------

    def program(self) -> Program:
        """The program as text, with the data file where one is wanted and the data are many."""
        body = self.main()
        self.body = "\n".join(body)
        defined = Definitions(self).lines()
        head = docstring(self.about())
        parts = [*head, "", *self.imports(), ""]
        helpers = [text for name, text in (("prev", PREV), ("whole", WHOLE)) if name in self.printer.helpers]
        if defined:
            parts += [*defined, ""]
        if self.printer.lookups:
            parts += [f"{code} = frozenset({self.names.of('', name)})" for name, code in self.printer.lookups.items()]
            parts.append("")
        # Definitions call these at once, so they stand above them.
        early = [line for text in helpers for line in ("", *text.rstrip().split("\n"), "")]
        later = (*self.dialect.helpers(self), self.show)
        late = [line for text in later for line in ("", *text.rstrip().split("\n"), "")]
        at = len(head) + 1 + len(self.imports()) + 1
        parts[at:at] = [*early, ""] if early else []
        parts += [*late, "", *body, "", "", 'if __name__ == "__main__":', f"{INDENT}main()"]
        text = "\n".join(_tidy(parts)) + "\n"
        files = {}
        if self.document and self.data_file:
            rows = ",\n".join(
                f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in self.document.items()
            )
            files[self.data_file] = f"{{\n{rows}\n}}\n"
        return Program(self.dialect.name, text, files)

    def about(self) -> Iterable[str]:
        """The paragraphs of the docstring."""
        f = self.formulation
        yield f"{f.name}: {f.description}" if f.description else f"{f.name}."
        assumed = [f"{a.about}: {a.text}" if a.about else a.text for a in f.assumptions]
        if assumed:
            yield "Assumptions: " + "; ".join(assumed) + "."
        yield f"Written for {self.dialect.title} ({self.dialect.install_for(self)})."

    def imports(self) -> list[str]:
        """Standard library first, then the target's own."""
        found = {*self.printer.modules, *(["json"] if self.document else [])}
        lines = [f"import {name}" for name in sorted(found)]
        if self.document:
            lines.append("from pathlib import Path")
        return [*lines, *([""] if lines else []), *self.dialect.imports(self)]

    # -- formulas ---------------------------------------------------------------------------

    @staticmethod
    def said(description: str, unit: str | None) -> str:
        return f"{description} [{unit}]" if description and unit else description or (unit and f"unit: {unit}") or ""

    def computed(self, item: IndexSet | Parameter | NamedExpression) -> list[str]:
        """A set, parameter or named expression that is a formula."""
        assert item.expr is not None
        self.printer.place = item.name
        code, node = self.names.of("", item.name), parse(item.expr)
        if not item.over:
            return [f"{code} = {self.printer.code(node, {})}"]
        loops, key, scope = self.printer.over(item.over)
        return [f"{code} = {{{key}: {self.printer.code(node, scope)} {loops}}}"]

    # -- the model ---------------------------------------------------------------------------

    def main(self) -> list[str]:
        """The function that builds, solves and reports."""
        lines = ["def main():", f'{INDENT}"""Build the model, solve it, print the solution."""']
        sections = [self.dialect.create(self), *self.model(), self.solving(), self.report()]
        for section in sections:
            if section:
                lines += [*(out for line in section for out in _in_body(line)), ""]
        return lines[:-1]

    def model(self) -> list[list[str]]:
        """Variables, expressions, objective and constraints, in this order, a section each."""
        f = self.formulation
        in_steps = {stepped.name for stepped in self.prepared.steps.values()}
        lines: list[list[str]] = []
        for variable in f.variables:
            lines.append(self.variable(variable))
        for named in self._in_order(f.expressions):
            # What counts in steps is written out where it is used: CP-SAT's formulas hold no fractions.
            if not self.printer.in_data(named) and named.name not in in_steps:
                lines.append([*comment(self.said(named.description, named.unit)), *self.computed(named)])
        lines = _compact(lines) + _compact([self.constraint(constraint) for constraint in f.constraints])
        lines.append(self.objective())
        return lines

    def _in_order(self, expressions: tuple[NamedExpression, ...]) -> list[NamedExpression]:
        """Named expressions after those they use."""
        from solvers.expression import free_names

        left = list(expressions)
        done: list[NamedExpression] = []
        names = {e.name for e in left}
        while left:
            for item in left:
                if not (free_names(parse(item.expr)) & names - {d.name for d in done} - {item.name}):
                    break
            done.append(item)
            left.remove(item)
        return done

    def bounds(self, item: Variable, scope: dict) -> Bounds:  # type: ignore[type-arg]
        """The bounds of a variable as code; infinite ones are none."""
        self.printer.place = item.name
        low = None if item.lower is None or item.lower.strip() == "-inf" else parse(item.lower)
        high = None if item.upper is None or item.upper.strip() == "inf" else parse(item.upper)
        lower = None if low is None else self.printer.code(low, scope)
        if lower is None and item.domain in ("semicontinuous", "semi-integer"):
            lower = "0"
        return Bounds(lower, None if high is None else self.printer.code(high, scope))

    def variable(self, item: Variable) -> list[str]:
        """The statement that declares a variable."""
        code = self.names.of("", item.name)
        lines = comment(self.said(item.description, item.unit))
        if not item.over:
            made = self.dialect.variable(self, item, self.bounds(item, {}), literal(item.name))
            return [*lines, f"{code} = {made}"]
        loops, key, scope = self.printer.over(item.over)
        label = self.label(item.name, [index.code for index in scope.values()])
        made = self.dialect.variable(self, item, self.bounds(item, scope), label or "")
        return [*lines, f"{code} = {{{key}: {made} {loops}}}"]

    def constraint(self, item: Constraint) -> list[str]:
        """The comment and the loops of a constraint."""
        return [*comment(self.about_rule(item)), *self.rules.lines(item)]

    def about_rule(self, item: Constraint) -> str:
        """What a constraint is about; nothing where the one before it came from the same words."""
        said = (item.description, item.source)
        fresh, self._said_last = said != self._said_last, said
        return self.rule_text(item) if fresh else ""

    @staticmethod
    def rule_text(item: Constraint | Term) -> str:
        """What a constraint or term is about: its name, its description, the words it was read from; or nothing."""
        quoted = " ... ".join(f'"{s}"' for s in item.source if s.strip())
        said = " ".join(part for part in (item.description, quoted) if part)
        return f"{item.name}: {said}" if said else ""

    # -- objective ---------------------------------------------------------------------------

    def term_code(self, term: Term) -> str:
        """The formula of an objective term."""
        self.printer.place = f"objective term {term.name}"
        node = parse(term.expr)
        code = self.printer.code(node, {})
        return self.dialect.nonlinear(self, code) if self.prepared.rank(term.expr, ()) > 2 else code

    def level_code(self, terms: list[Term]) -> str:
        """The sum of the terms of one level, certainly an expression of the library."""
        code = " + ".join(self.names.of("term", t.name) for t in terms) or "0"
        sure = any(self.rules.holds_variable(parse(t.expr), {}) for t in terms)
        return code if sure else self.dialect.expression(code)

    def objective(self) -> list[str]:
        """The terms by name, and the objective where there is one level only."""
        lines: list[str] = []
        for term in self.formulation.objective.terms:
            name = self.names.of("term", term.name)
            lines += [*comment(self.rule_text(term)), f"{name} = {self.term_code(term)}"]
        levels = self.levels()
        if len(levels) < 2:
            code = self.level_code(levels[0] if levels else [])
            return [*lines, *self.dialect.objective(self, "max" if self.maximise else "min", code)]
        codes = [self.level_code(level) for level in levels]
        return [*lines, *comment("The first matters most; each is optimised among the optima of those before it."),
                f"levels = [{', '.join(codes)}]"]

    # -- solving -----------------------------------------------------------------------------

    def solving(self) -> list[str]:
        """Solve, once or level by level, and leave `status`."""
        if len(self.levels()) < 2:
            return self.dialect.solve(self)
        sense, op, sign = ("max", ">=", "-") if self.maximise else ("min", "<=", "+")
        held = f"level {op} best {sign} {SLACK} * max(1, abs(best))"
        return [
            "for level in levels:",
            *(INDENT + line for line in (
                *self.dialect.objective(self, sense, "level"), *self.dialect.solve(self),
                f"if level is levels[-1] or {_denied(self.dialect.solved(self))}:", f"{INDENT}break",
                f"best = {self.dialect.value_of(self, 'level')}",
                *self.dialect.hold(self, held),
            )),
        ]  # fmt: skip

    def report(self) -> list[str]:
        """Status, table, and the objective on the last line."""
        reader = self.dialect.reader(self)
        shown = [v for v in self.formulation.variables if v.name in self.prepared.own]
        value = self.dialect.objective_value(self)
        if len(self.levels()) > 1:
            value = self.dialect.value_of(self, "levels[0]")
        unscaled: list[str] = []
        if self.prepared.scale:
            factor = self.names.fresh("factor")
            unscaled = [
                *comment("The ratio was made linear by multiplying all variables with a scale: here it is undone."),
                f"{factor} = {self.dialect.value_of(self, self.printer.element(self.prepared.scale))}",
                f"if {factor} < 1e-10:",
                f'{INDENT}print("status: unbounded (the best ratio is approached at infinity, not reached)")',
                f"{INDENT}return",
            ]
            reader = f"lambda variable: {reader}(variable) / {factor}"
        return [
            'print("status:", status)',
            f"if {_denied(self.dialect.solved(self))}:",
            f"{INDENT}return",
            *unscaled,
            *(self._shown(v.name, reader) for v in shown),
            f"objective = {value}",
            'print(f"objective: {objective!r}")',
        ]

    def _shown(self, name: str, reader: str) -> str:
        """The call that prints a variable; one that counts steps is shown as what it stands for."""
        stepped = self.prepared.steps.get(name)
        code = self.printer.element(name)
        if stepped is None:
            return f"show({literal(name)}, {code}{reader and ', ' + reader})"
        return f"show({literal(stepped.name)}, {code}, lambda steps: {reader}(steps) / {stepped.per_unit})"


def _denied(condition: str) -> str:
    return condition.replace(" == ", " != ") if " == " in condition else f"not {condition}"


def _in_body(line: str) -> list[str]:
    """One unbroken statement or comment, inside of a function, on as many lines as it needs."""
    if not line:
        return [""]
    bare = line.lstrip()
    indent = INDENT + line[: len(line) - len(bare)]
    return [indent + bare] if bare.startswith("#") else wrapped(bare, indent)


def _compact(sections: list[list[str]]) -> list[list[str]]:
    """Short neighbours without comments stand together."""
    found: list[list[str]] = []
    for section in sections:
        if found and len(section) == 1 and len(found[-1]) == 1 and not found[-1][0].startswith("#"):
            found[-1] = [*found[-1], *section]
        else:
            found.append(section)
    return found


def _tidy(lines: list[str]) -> list[str]:
    """Without trailing blanks and with at most two empty lines in a row."""
    found: list[str] = []
    for line in lines:
        if not line.strip() and found[-2:] == ["", ""]:
            continue
        found.append(line.rstrip())
    return found
