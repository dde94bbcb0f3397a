"""OR-Tools CP-SAT: whole-number models, with intervals, circuits, alternatives and extreme values natively."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from solvers.emit.cpsat_helpers import HELPERS
from solvers.emit.dialect import Bounds, Dialect
from solvers.emit.kinds import Index
from solvers.emit.patterns import atom, plain, switch
from solvers.emit.rules import Rules
from solvers.emit.scaling import Scaling
from solvers.emit.script import Script
from solvers.emit.steps import in_steps
from solvers.emit.text import INDENT
from solvers.expression import parse
from solvers.expression.nodes import (
    Aggregate,
    Call,
    Compare,
    CompareOp,
    Expr,
    Name,
    Or,
)
from solvers.formulation import Constraint, Formulation, Variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solvers.data import Data
    from solvers.emit.kinds import Scope
    from solvers.emit.printer import Printer
    from solvers.emit.steps import Stepped
    from solvers.reformulate.facts import Facts

_STRUCTURE = ("no_overlap", "circuit", "alldifferent")
_EXTREME = {"min": "minimum_of", "max": "maximum_of"}

@dataclass(frozen=True)
class CpSat(Dialect):
    """The dialect."""

    # -- before anything is written ----------------------------------------------------------

    def in_steps(self, formulation: Formulation, data: Data | None) -> tuple[Formulation, Mapping[str, Stepped]]:
        return in_steps(formulation, data, self.title)

    def takes(self, constraint: Constraint, facts: Facts) -> bool:
        return _native(parse(constraint.expr), facts)

    # -- formulas ----------------------------------------------------------------------------

    def special(self, printer: Printer, node: Expr, scope: Scope) -> tuple[str, int] | None:
        match node:
            case Call("min" | "max" as func, args):
                listed = ", ".join(printer.code(arg, scope) for arg in args)
                return f"{_EXTREME[func]}(model, [{listed}])", 9
            case Aggregate("min" | "max" as func, args, generators):
                loops, inner = printer.loops(generators, scope)
                return f"{_EXTREME[func]}(model, ({printer.code(args[0], inner)} {loops}))", 9
            case Call("abs", (arg,)):
                return f"absolute_value(model, {printer.code(arg, scope)})", 9
        return None

    # -- the program -------------------------------------------------------------------------

    def imports(self, script: Script) -> list[str]:
        return ["from ortools.sat.python import cp_model"]

    def create(self, script: Script) -> list[str]:
        return ["model = cp_model.CpModel()"]

    def variable(self, script: Script, item: Variable, bounds: Bounds, name: str) -> str:
        named = name or '""'
        low, high = bounds.lower, bounds.upper
        if item.domain == "binary":
            if low in (None, "0") and high in (None, "1"):
                return f"model.new_bool_var({named})"
            low, high = (f"max(0, {low})" if low else "0"), (f"min(1, {high})" if high else "1")
        whole = [text is None or script.kinds.is_whole(parse(text), script.kinds.inside(item.over, {}))
                 for text in (item.lower, item.upper)]
        if not all(whole):
            script.printer.modules.add("math")
        low = "-LARGE" if low is None else low if whole[0] else f"math.ceil({low})"
        high = "LARGE" if high is None else high if whole[1] else f"math.floor({high})"
        return f"model.new_int_var({low}, {high}, {named})"

    def row(self, script: Script, row: str, name: str) -> str:
        return f"model.add({row})" + (f".with_name({name})" if name else "")

    def range_row(self, script: Script, low: str, body: str, high: str, name: str) -> str:
        return f"model.add_linear_constraint({body}, {low}, {high})" + (f".with_name({name})" if name else "")

    def objective(self, script: Script, sense: str, code: str) -> list[str]:
        return [f"model.{'maximize' if sense == 'max' else 'minimize'}({code})"]

    def solve(self, script: Script) -> list[str]:
        lines = ["solver = cp_model.CpSolver()", "status = solver.status_name(solver.solve(model)).lower()"]
        free = [v for v in script.formulation.variables if v.domain != "binary" and _open(v)]
        if not free:
            return lines
        names = [(script.printer.element(v.name), bool(v.over)) for v in free]
        cells = ", ".join(f"*{name}.values()" if indexed else name for name, indexed in names)
        return [
            *lines, "# LARGE stands for infinity: where a variable reaches it, the optimum may lie beyond, or nowhere.",
            f'if status == "optimal" and any(abs(solver.value(cell)) >= LARGE for cell in [{cells}]):',
            f'{INDENT}word = "unbounded" if abs(solver.objective_value) >= LARGE else "unknown"',
            f'{INDENT}status = f"{{word}} (a variable without bounds reached {{LARGE}}: give it bounds)"',
        ]

    def hold(self, script: Script, row: str) -> list[str]:
        return [f"model.add({row.split(' best ')[0]} best)"]

    def solved(self, script: Script) -> str:
        return 'status == "optimal"'

    def reader(self, script: Script) -> str:
        return "solver.value"

    def objective_value(self, script: Script) -> str:
        return "solver.objective_value"


def _open(item: Variable) -> bool:
    return item.lower is None or item.upper is None or "inf" in item.lower or "inf" in item.upper


def _native(node: Expr, facts: Facts) -> bool:
    """Structure, alternatives of comparisons, comparisons under one binary variable."""
    match node:
        case Aggregate("no_overlap" | "circuit" | "alldifferent"):
            return True
        case Aggregate("all", args):
            return _native(args[0], facts)
        case Or(items):
            return all(atom(item, facts) for item in items)
        case Call("implies", (test, then)):
            return switch(test, facts) is not None and atom(then, facts)
        case Compare(_, ("!=",)):
            return not facts.is_data(node) and plain(node, facts)
    return False


class _WholeRules(Rules):
    """Rows in integers: both sides are multiplied by SCALE where data are decimals."""

    script: CpSatScript

    def relation(self, left: Expr, op: CompareOp, right: Expr, scope: dict[str, Index]) -> str:
        """A comparison in integers."""
        if op in ("<", ">"):
            right = self._stepped(left, op, right)
        scaling, sides = self.script.scaling, (left, right)
        if scaling.integers(left, right):
            a, b = (self.script.printer.code(side, scope, 5) for side in sides)
        else:
            a, b = (scaling.scaled(side, scope, 5) for side in sides)
        return f"{a} {op if op in ('!=', '==') else op[0] + '='} {b}"

    def _range(self, low: Expr, body: Expr, high: Expr, scope: dict[str, Index]) -> list[str]:
        if self.script.scaling.integers(low, body, high):
            return super()._range(low, body, high, scope)
        return self._row(low, "<=", body, scope) + self._row(body, "<=", high, scope)


class CpSatScript(Script):
    """Writes a CP-SAT program: rows whose data are decimals are multiplied by one visible SCALE."""

    dialect: CpSat

    def __init__(self, *arguments) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*arguments)
        self.scaling = Scaling(self)
        terms = [parse(t.expr) for t in self.formulation.objective.terms]
        scales = [self.scaling.of(t.expr) for t in self.formulation.objective.terms]
        self.objective_scaled = any(s > 1 for s in scales) or not self.scaling.integers(*terms)
        self.scale = max([1, *scales, *map(self.scaling.of_rows, self.formulation.constraints)])
        self.rules = _WholeRules(self)

    # -- what is written in a way of its own -------------------------------------------------

    def native_rule(self, node: Expr, scope: dict[str, Index]) -> list[str] | None:
        """Structure and logic that CP-SAT takes as they are."""
        facts, printer = self.prepared.facts, self.printer
        if printer.is_data(node, scope):
            return None
        match node:
            case Aggregate("alldifferent", args, generators):
                loops, inner = printer.loops(generators, scope)
                return [f"model.add_all_different({printer.code(args[0], inner)} {loops})"]
            case Aggregate("no_overlap", (start, duration), generators):
                loops, inner = printer.loops(generators, scope)
                if not printer.is_data(duration, inner):
                    raise printer.unsupported(node)
                if facts.grid(duration) == 1 and self.scaling.integers(start):
                    a, d = printer.code(start, inner), printer.code(duration, inner)
                    d = d if self.kinds.is_whole(duration, inner) else f"int({d})"
                else:
                    a, d = self.scaling.scaled(start, inner), self.scaling.scaled(duration, inner)
                return [f'model.add_no_overlap(model.new_fixed_size_interval_var({a}, {d}, "") {loops})']
            case Aggregate("circuit", (arc,), generators):
                loops, inner = printer.loops(generators, scope)
                ends = ", ".join(printer.code(Name(t), inner) for gen in generators for t in gen.targets)
                return [f"circuit(model, (({ends}, {printer.code(arc, inner)}) {loops}))"]
            case Or(items) if all(atom(item, facts) for item in items):
                return [f"one_of(model, {', '.join(self.relation_of(item, scope) for item in items)})"]
            case Call("implies", (test, then)) if atom(then, facts) and switch(test, facts) is not None:
                cell, wanted = switch(test, facts)  # type: ignore[misc]
                literal = ("" if wanted else "~") + printer.code(cell, scope, 9)
                return [f"model.add({self.relation_of(then, scope)}).only_enforce_if({literal})"]
        return None

    def relation_of(self, node: Expr, scope: dict[str, Index]) -> str:
        """The code of a single comparison."""
        assert isinstance(node, Compare)
        return self.rules.relation(node.operands[0], node.ops[0], node.operands[1], scope)

    # -- objective ---------------------------------------------------------------------------

    def term_code(self, term) -> str:  # type: ignore[no-untyped-def]
        self.printer.place = f"objective term {term.name}"
        node = parse(term.expr)
        return self.scaling.scaled(node, {}) if self.objective_scaled else self.printer.code(node, {})

    def report(self) -> list[str]:
        lines = super().report()
        if not self.objective_scaled:
            return [line.replace("objective = solver.value(levels[0])", "objective = float(solver.value(levels[0]))")
                    for line in lines]
        return [f"{line} / SCALE" if line.startswith("objective = ") else line for line in lines]

    def constants(self) -> list[str]:
        """SCALE and LARGE, where they are used."""
        body = self.body + "".join(self._used_helpers())
        lines = []
        if "SCALE" in body:
            lines += ["# CP-SAT computes with integers: rows with decimals are multiplied by this.",
                      f"SCALE = {self.scale}"]
        if "LARGE" in body:
            lines += ["# Stands for infinity where a variable has no bound.", "LARGE = 2**31"]
        return lines

    def _used_helpers(self) -> list[str]:
        return [text for name, text in HELPERS.items() if self.uses(name)]


@dataclass(frozen=True)
class _Written(CpSat):
    """The dialect with the hooks that need a script."""

    def rule(self, script: Script, node: Expr, scope: Scope) -> list[str] | None:
        assert isinstance(script, CpSatScript)
        return script.native_rule(node, dict(scope))

    def helpers(self, script: Script) -> list[str]:
        assert isinstance(script, CpSatScript)
        constants = script.constants()
        return [*(["\n".join(constants) + "\n"] if constants else []), *script._used_helpers()]


DIALECT = _Written(
    name="cpsat", title="OR-Tools CP-SAT", install="pip install ortools",
    capabilities=frozenset({"linear", "integer", "abs", "minmax", "no_overlap", "circuit", "alldifferent", "whole"}),
    sum_name="sum", alternatives="highspy, scip, pyomo or gurobipy", bare_numbers=True, bare_sums=True, whole_data=True,
    reserved=frozenset({"cp_model", "SCALE", "LARGE", *HELPERS}),
)
SCRIPT = CpSatScript
