"""OR-Tools CP-SAT: whole-number models, with intervals, circuits, alternatives and extreme values natively."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from solvers.emit.dialect import Bounds, Dialect
from solvers.emit.integral import Integrality, scale_of
from solvers.emit.kinds import Index
from solvers.emit.patterns import atom, plain, switch
from solvers.emit.script import Script
from solvers.emit.text import INDENT
from solvers.errors import Place, UnsupportedError
from solvers.expression import free_names, parse, unparse, walk
from solvers.expression.nodes import (
    Add,
    Aggregate,
    BinOp,
    Call,
    Compare,
    Expr,
    IfElse,
    Name,
    Neg,
    Num,
    Or,
    Ref,
)
from solvers.formulation import Constraint, Formulation, Variable
from solvers.reformulate.build import ONE, mul, sub

if TYPE_CHECKING:
    from solvers.emit.kinds import Scope
    from solvers.emit.printer import Printer
    from solvers.reformulate.facts import Facts

_STRUCTURE = ("no_overlap", "circuit", "alldifferent")
_EXTREME = {"min": "least", "max": "greatest"}

_HELPERS = {
    "scaled": '''def scaled(number):
    """The number times SCALE, which must be whole: CP-SAT computes with integers only."""
    result = round(number * SCALE)
    if abs(result - number * SCALE) > 1e-6:
        raise ValueError(f"{number!r} has more decimals than SCALE = {SCALE} holds")
    return result
''',
    "greatest": '''def greatest(model, formulas):
    """A variable that equals the greatest of the formulas."""
    result = model.new_int_var(-LARGE, LARGE, "")
    model.add_max_equality(result, list(formulas))
    return result
''',
    "least": '''def least(model, formulas):
    """A variable that equals the least of the formulas."""
    result = model.new_int_var(-LARGE, LARGE, "")
    model.add_min_equality(result, list(formulas))
    return result
''',
    "absolute": '''def absolute(model, formula):
    """A variable that equals the absolute value of the formula."""
    result = model.new_int_var(0, LARGE, "")
    model.add_abs_equality(result, formula)
    return result
''',
    "one_of": '''def one_of(model, *relations):
    """At least one of the comparisons holds."""
    chosen = [model.new_bool_var("") for _ in relations]
    for relation, literal in zip(relations, chosen):
        model.add(relation).only_enforce_if(literal)
    model.add_bool_or(chosen)
''',
    "circuit": '''def circuit(model, arcs):
    """The chosen arcs (tail, head, variable) form one circuit through all nodes."""
    arcs = list(arcs)
    nodes = list(dict.fromkeys(node for tail, head, _ in arcs for node in (tail, head)))
    number = {node: k for k, node in enumerate(nodes)}
    model.add_circuit([(number[tail], number[head], chosen) for tail, head, chosen in arcs])
''',
}


@dataclass(frozen=True)
class CpSat(Dialect):
    """The dialect."""

    # -- before anything is written ----------------------------------------------------------

    def refusal(self, formulation: Formulation, facts: Facts) -> str | None:
        name = Integrality(facts).obstacle(formulation)
        if name is not None:
            return f"takes whole-number variables only, and {name!r} is continuous"
        return None

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
                return f"absolute(model, {printer.code(arg, scope)})", 9
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
        return [*lines, "# LARGE stands for infinity: an objective of that size has no finite optimum.",
                'if status == "optimal" and abs(solver.objective_value) >= LARGE:',
                f'{INDENT}status = "unbounded"']

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


class CpSatScript(Script):
    """Writes a CP-SAT program: rows whose data are decimals are multiplied by one visible SCALE."""

    dialect: CpSat

    def __init__(self, *arguments) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*arguments)
        self.scale = 1
        self.scaling = False
        scales = [self._scale(t.expr) for t in self.formulation.objective.terms]
        self.objective_scaled = any(s > 1 for s in scales) or not all(
            self._integers(parse(t.expr)) for t in self.formulation.objective.terms
        )
        self.scale = max([1, *scales, *(self._row_scale(c) for c in self.formulation.constraints)])
        self.rules.relation = self.relation  # type: ignore[method-assign]
        self.rules.side = self.side  # type: ignore[method-assign]

    def _scale(self, text: str, place: str = "objective") -> int:
        found = scale_of(self.prepared.facts, parse(text))
        if found is None:
            raise UnsupportedError(
                "the numbers of this formula are no decimals of at most 6 places: CP-SAT computes with integers",
                place=Place(place), remedy=f"emit for {self.dialect.alternatives}",
            )
        return found

    def _row_scale(self, item: Constraint) -> int:
        found = 1
        for node in walk(parse(item.expr)):
            if isinstance(node, Compare) and not self.prepared.facts.is_data(node):
                for a, b in zip(node.operands, node.operands[1:]):
                    found = max(found, self._scale(unparse(sub(a, b)), item.name))
        return found

    # -- scaled rows -------------------------------------------------------------------------

    def _integers(self, *nodes: Expr) -> bool:
        """Whether Python computes the formulas in integers as they stand."""
        facts = self.prepared.facts
        for node in nodes:
            for part in walk(node):
                named = facts.expanded(part)
                if named is not None and not facts.is_data(part) and not self._integers(named):
                    return False
                if isinstance(part, BinOp) and part.op == "/":
                    return False
                if isinstance(part, (Num, Name, Ref)) and self._float(part):
                    return False
        return True

    def _float(self, node: Expr) -> bool:
        if isinstance(node, Num):
            return isinstance(node.value, float)
        name = node.id if isinstance(node, Name) else node.base if isinstance(node, Ref) else ""
        declared = self.printer.by_name.get(name)
        from solvers.formulation import Parameter

        return (isinstance(declared, Parameter) and declared.values_in is None
                and not self.kinds.is_whole(node, {})) or name in ("pi", "inf")

    def relation(self, left: Expr, op: str, right: Expr, scope: dict[str, Index]) -> str:
        """A comparison in integers, both sides multiplied by SCALE where data are decimals."""
        facts = self.prepared.facts
        if op in ("<", ">"):
            right = self.rules._stepped(left, op, right)
            op += "="
        if self._integers(left, right) and facts is not None:
            a, b = (self.printer.code(side, scope, 5) for side in (left, right))
        else:
            a, b = (self.scaled(side, scope, 5) for side in (left, right))
        return f"{a} {op} {b}"

    def side(self, node: Expr, scope: dict[str, Index], least: int) -> str:
        """A side that stands alone."""
        return self.printer.code(node, scope, least)

    def scaled(self, node: Expr, scope: dict[str, Index], least: int = 0) -> str:
        """The formula times SCALE, in integers."""
        self.scaling = True
        inner = {**scope, "SCALE": Index("SCALE")}
        return self.printer.code(self._spread(node, None, inner), inner, least)

    def _spread(self, node: Expr, factor: Expr | None, scope: dict[str, Index]) -> Expr:
        facts = self.prepared.facts
        if self.printer.is_data(node, scope):
            return Call("scaled", (node if factor is None else mul(factor, node),))
        match node:
            case Add(terms, signs):
                return Add(tuple(self._spread(term, factor, scope) for term in terms), signs)
            case Neg(operand):
                return Neg(self._spread(operand, factor, scope))
            case BinOp("*", left, right) if self.printer.is_data(left, scope):
                return self._spread(right, left if factor is None else mul(factor, left), scope)
            case BinOp("*", left, right) if self.printer.is_data(right, scope):
                return self._spread(left, right if factor is None else mul(factor, right), scope)
            case BinOp("/", left, right):
                return self._spread(left, BinOp("/", factor or ONE, right), scope)
            case IfElse(test, then, otherwise):
                return IfElse(test, self._spread(then, factor, scope), self._spread(otherwise, factor, scope))
            case Aggregate("sum", args, generators):
                targets = {t for gen in generators for t in gen.targets}
                if factor is None or not free_names(factor) & targets:
                    return replace(node, args=(self._spread(args[0], factor, scope),))
            case Name() | Ref():
                named = facts.expanded(node)
                if named is not None and not self._integers(named):
                    return self._spread(named, factor, scope)
        if not self._integers(node):
            raise self.printer.unsupported(node)
        return BinOp("*", Name("SCALE") if factor is None else Call("scaled", (factor,)), node)

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
                a, d = printer.code(start, inner), printer.code(duration, inner)
                if printer.is_data(duration, inner):
                    if not self.kinds.is_whole(duration, inner):
                        d = f"round({d})"
                    return [f'model.add_no_overlap(model.new_fixed_size_interval_var({a}, {d}, "") {loops})']
                raise printer.unsupported(node)
            case Aggregate("circuit", (arc,), generators):
                loops, inner = printer.loops(generators, scope)
                ends = ", ".join(printer.code(Name(t), inner) for gen in generators for t in gen.targets)
                return [f"circuit(model, (({ends}, {printer.code(arc, inner)}) {loops}))"]
            case Or(items) if all(atom(item, facts) for item in items):
                return [f"one_of(model, {', '.join(self._relation_of(item, scope) for item in items)})"]
            case Call("implies", (test, then)) if atom(then, facts) and switch(test, facts) is not None:
                cell, wanted = switch(test, facts)  # type: ignore[misc]
                literal = ("" if wanted else "~") + printer.code(cell, scope, 9)
                return [f"model.add({self._relation_of(then, scope)}).only_enforce_if({literal})"]
        return None

    def _relation_of(self, node: Expr, scope: dict[str, Index]) -> str:
        assert isinstance(node, Compare)
        return self.relation(node.operands[0], node.ops[0], node.operands[1], scope)

    # -- objective ---------------------------------------------------------------------------

    def term_code(self, term) -> str:  # type: ignore[no-untyped-def]
        self.printer.place = f"objective term {term.name}"
        node = parse(term.expr)
        return self.scaled(node, {}) if self.objective_scaled else self.printer.code(node, {})

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
        return [text for name, text in _HELPERS.items() if self.uses(name)]


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
    capabilities=frozenset({"linear", "integer", "abs", "minmax", "no_overlap", "circuit", "alldifferent"}),
    sum_name="sum", alternatives="highspy, scip, pyomo or gurobipy", bare_numbers=True, bare_sums=True, whole_data=True,
    reserved=frozenset({"cp_model", "SCALE", "LARGE", *_HELPERS}),
)
SCRIPT = CpSatScript
