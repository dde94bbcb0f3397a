"""Pyomo: a concrete model with a rule for each family of constraints, for whatever solver is installed."""

from __future__ import annotations

from solvers.emit.dialect import SLACK, Bounds, Dialect
from solvers.emit.kinds import Index
from solvers.emit.script import Script
from solvers.emit.text import INDENT, comment
from solvers.expression import free_names, parse, parse_generator
from solvers.expression.nodes import (
    Add,
    Aggregate,
    And,
    Call,
    Compare,
    Expr,
    Generator,
    IfElse,
    Name,
    Ref,
)
from solvers.formulation import Constraint, NamedExpression, Variable
from solvers.reformulate.build import denied

_ATTRIBUTES = """
    Skip activate active active_blocks active_component_data active_components add_component all_blocks
    all_component_data all_components block_data_objects clear clear_suffix_value clone cname collect_ctypes
    component component_data_iterindex component_data_objects component_map component_objects compute_statistics
    config construct contains_component create_instance ctype deactivate del_component dim display doc
    find_component fix_all_vars get_suffix_value getname id_index_map index index_set is_component_type
    is_constructed is_expression_type is_indexed is_logical_type is_named_expression_type is_numeric_type
    is_parameter_type is_reference is_variable_type items iteritems iterkeys itervalues keys load local_name model
    name nconstraints nobjectives nvariables parent_block parent_component pprint preprocess private_data
    reclassify_component_type reconstruct register_private_data_initializer root_block set_suffix_value set_value
    solutions statistics to_dense_data transfer_attributes_from type unfix_all_vars valid_model_component
    valid_problem_types values write
"""
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
"""What a ConcreteModel has already: no component may take such a name."""

_STATUS = """# Pyomo's words for how a solve ended, where ours differ.
STATUS = {"infeasibleOrUnbounded": "infeasible_or_unbounded", "maxTimeLimit": "time_limit"}
"""
_DECIDED = '''def decided(relation):
    """A comparison that turns out to hold no variable is true or false at once."""
    if isinstance(relation, bool):
        return pyo.Constraint.Feasible if relation else pyo.Constraint.Infeasible
    return relation
'''


class Pyomo(Dialect):
    """The dialect; `PyomoScript` writes what has a form of its own here."""

    def imports(self, script: Script) -> list[str]:
        return ["import pyomo.environ as pyo"]

    def install_for(self, script: Script) -> str:
        return self.install if script.rank < 2 else "pip install 'pyomo>=6.10' pyscipopt"

    def helpers(self, script: Script) -> list[str]:
        return [_STATUS, *([_DECIDED] if script.uses("decided") else [])]

    def create(self, script: Script) -> list[str]:
        return ["model = pyo.ConcreteModel()"]

    def expression(self, code: str) -> str:
        return code


class PyomoScript(Script):
    """Writes a Pyomo program."""

    dialect: Pyomo

    # -- declarations ------------------------------------------------------------------------

    def _spread(self, generators: tuple[Generator, ...]) -> tuple[str, str, dict[str, Index]]:
        """The index of a component, the arguments of its rule, and the scope inside of the rule."""
        printer = self.printer
        plain = all(isinstance(gen.source, Name) and not gen.tests for gen in generators)
        loops, outer = printer.loops(generators, {})
        inner: dict[str, Index] = {}
        arguments: list[str] = []
        for gen in generators:
            for target in gen.targets:
                index = outer[target]
                if index.width == 1:
                    arguments.append(index.code)
                    inner[target] = index
                    continue
                parts = [f"{index.code}{k + 1}" for k in range(index.width)]
                arguments += parts
                inner[target] = Index(f"({', '.join(parts)})", index.width, index.whole)
        if plain:
            places = [printer.code(gen.source, {}) for gen in generators]
            return ", ".join(places), ", ".join(arguments), inner
        return f"[{printer.cell_key(generators, outer)} {loops}]", ", ".join(arguments), inner

    def _generators(self, over: tuple[str, ...]) -> tuple[Generator, ...]:
        return tuple(parse_generator(text) for text in over)

    def variable(self, item: Variable) -> list[str]:
        code = self.names.of("", item.name)
        lines = comment(self.said(item.description, item.unit))
        domain = {"continuous": "Reals", "integer": "Integers", "binary": "Binary"}[item.domain]
        if not item.over:
            bounds = self.bounds(item, {})
            domain, given = _domain(domain, bounds)
            parts = [f"domain=pyo.{domain}", *([f"bounds={given}"] if given else [])]
            return [*lines, f"model.{code} = pyo.Var({', '.join(parts)})"]
        index, arguments, scope = self._spread(self._generators(item.over))
        bounds = self.bounds(item, scope)
        domain, given = _domain(domain, bounds)
        parts = [index, f"domain=pyo.{domain}"]
        if given:
            fixed = not any(free_names(parse(t)) & set(scope) for t in (item.lower, item.upper) if t is not None)
            parts.append(f"bounds={given}" if fixed else f"bounds=lambda m, {arguments}: {given}")
        return [*lines, f"model.{code} = pyo.Var({', '.join(parts)})"]

    def computed(self, item):  # type: ignore[no-untyped-def]
        if not isinstance(item, NamedExpression) or self.printer.in_data(item):
            return super().computed(item)
        self.printer.place = item.name
        code, node = self.names.of("", item.name), parse(item.expr)
        if not item.over:
            return [f"model.{code} = pyo.Expression(expr={self.printer.code(node, {})})"]
        index, arguments, scope = self._spread(self._generators(item.over))
        lines = [f"@model.Expression({index})", f"def {code}(m, {arguments}):"]
        return [*lines, INDENT + f"return {self._in_rule(node, scope)}"]

    def _in_rule(self, node: Expr, scope: dict[str, Index]) -> str:
        self.printer.owner = "m"
        code = self.printer.statement(node, scope)
        self.printer.owner = "model"
        return code

    # -- constraints -------------------------------------------------------------------------

    def constraint(self, item: Constraint) -> list[str]:
        self.printer.place = item.name
        self._count = 0
        return self._family(item, self._generators(item.over), parse(item.expr))

    def _family(self, item: Constraint, generators: tuple[Generator, ...], node: Expr) -> list[str]:
        """One component, or several where a conjunction or an inner loop splits the family."""
        match node:
            case And(items):
                lines: list[str] = []
                for part in items:
                    lines += [*([""] if lines else []), *self._family(item, generators, part)]
                return lines
            case Aggregate("all", args, inner):
                return self._family(item, (*generators, *inner), args[0])
            case Compare(operands, ops) if len(ops) > 1 and not self._is_range(node, generators):
                pairs = (Compare((a, b), (op,)) for a, op, b in zip(operands, ops, operands[1:]))
                return self._family(item, generators, And(tuple(pairs)))
            case Call("implies", (test, then)) if generators and isinstance(then, (And, Aggregate)):
                last = generators[-1]
                guarded = Generator(last.targets, last.source, (*last.tests, test), last.pos)
                return self._family(item, (*generators[:-1], guarded), then)
        return self._component(item, generators, node)

    def _is_range(self, node: Compare, generators: tuple[Generator, ...]) -> bool:
        scope = {t: Index(t) for gen in generators for t in gen.targets}
        a, ops = node.operands, set(node.ops)
        data = [self.printer.is_data(x, scope) for x in a]
        return (len(a) == 3 and data[0] and data[2] and len(ops) == 1 and ops <= {"<=", ">="}) or all(data)

    def _component(self, item: Constraint, generators: tuple[Generator, ...], node: Expr) -> list[str]:
        self._count += 1
        wanted = item.name if self._count == 1 else f"{item.name}_{self._count}"
        code = self.names.of("constraint", wanted, ATTRIBUTES)
        lines = [f"@model.Constraint({self._spread(generators)[0]})" if generators else "@model.Constraint()"]
        _, arguments, scope = self._spread(generators) if generators else ("", "", {})
        self.rules.item = item
        self.rules.item_rank = self.prepared.rank(item.expr, item.over)
        self.printer.owner = "m"
        body = self._returned(node, scope)
        self.printer.owner = "model"
        said = comment(self.about_rule(item)) if self._count == 1 else []
        return [*said, *lines, f"def {code}({', '.join(['m', *([arguments] if arguments else [])])}):",
                *(INDENT + line for line in body)]

    def _returned(self, node: Expr, scope: dict[str, Index]) -> list[str]:
        """The body of a rule."""
        printer = self.printer
        if printer.is_data(node, scope):
            return [f"return pyo.Constraint.Infeasible if {printer.code(denied(node), scope, 1)} "
                    "else pyo.Constraint.Feasible"]
        match node:
            case Compare(operands, ops) if len(operands) == 3:
                low, high = (operands[0], operands[2]) if ops[0] == "<=" else (operands[2], operands[0])
                parts = ", ".join(printer.code(part, scope) for part in (low, operands[1], high))
                sure = self.rules.holds_variable(operands[1], scope)
                return [f"return pyo.inequality({parts})" if sure else f"return decided(pyo.inequality({parts}))"]
            case Compare((left, right), (op,)):
                sure = self.rules.holds_variable(left, scope) or self.rules.holds_variable(right, scope)
                relation = self.rules.relation(left, op, right, scope)
                return [f"return {relation}" if sure else f"return decided({relation})"]
            case IfElse(test, then, otherwise):
                return [f"if {printer.code(test, scope)}:", *(INDENT + x for x in self._returned(then, scope)),
                        *self._returned(otherwise, scope)]
            case Call("implies", (test, then)) if printer.is_data(test, scope):
                return [f"if {printer.code(denied(test), scope)}:", f"{INDENT}return pyo.Constraint.Skip",
                        *self._returned(then, scope)]
            case Name(name) | Ref(name) if isinstance(printer.by_name.get(name), Variable):
                return [f"return {printer.code(node, scope)} == 1"]
        raise printer.unsupported(node)

    # -- objective and answers ---------------------------------------------------------------

    def objective(self) -> list[str]:
        lines: list[str] = []
        owner = "model."
        for term in self.formulation.objective.terms:
            name = self.names.of("term", term.name)
            lines += [*comment(self.rule_text(term)), f"{owner}{name} = pyo.Expression(expr={self.term_code(term)})"]
        sense = "maximize" if self.maximise else "minimize"
        levels = [" + ".join(f"model.{self.names.of('term', t.name)}" for t in level) for level in self.levels()]
        goal = self.goal
        if len(levels) < 2:
            code = levels[0] if levels else "0"
            return [*lines, f"model.{goal} = pyo.Objective(expr={code}, sense=pyo.{sense})"]
        return [*lines, *comment("The first matters most; each is optimised among the optima of those before it."),
                f"levels = [{', '.join(levels)}]", "model.held = pyo.ConstraintList()"]

    @property
    def goal(self) -> str:
        """The name of the objective component."""
        return self.names.of("goal", "total")

    def _whole_objective(self) -> Expr:
        terms = tuple(parse(t.expr) for t in self.formulation.objective.terms)
        return Add(terms, (1,) * len(terms)) if terms else parse("0")

    def solving(self) -> list[str]:
        # HiGHS through Pyomo has no answer for a model without any row and without an objective.
        empty = not self.formulation.constraints and not self.rules.holds_variable(self._whole_objective(), {})
        name = "appsi_highs" if self.rank < 2 and not empty else "scip_direct"
        option = "limits/gap" if name == "scip_direct" else "mip_rel_gap" if self.has_integers else ""
        lines = [
            "# Another solver: name it on the command line (gurobi, cbc, ipopt, ...).",
            f'name = sys.argv[1] if len(sys.argv) > 1 else "{name}"',
            "solver = pyo.SolverFactory(name)",
            *([f'if name == "{name}":', f'{INDENT}solver.options["{option}"] = 1e-6'] if option else []),
        ]
        solve = ["result = solver.solve(model, load_solutions=False)",
                 "status = str(result.solver.termination_condition)",
                 "status = STATUS.get(status, status)"]
        self.printer.modules.add("sys")
        if len(self.levels()) < 2:
            return [*lines, *solve]
        sense, op, sign = ("maximize", ">=", "-") if self.maximise else ("minimize", "<=", "+")
        goal = self.goal
        return [
            *lines,
            "for level in levels:",
            *(INDENT + line for line in (
                f"model.del_component(\"{goal}\")",
                f"model.{goal} = pyo.Objective(expr=level, sense=pyo.{sense})", *solve,
                'if status != "optimal" or level is levels[-1]:', f"{INDENT}break",
                "model.solutions.load_from(result)",
                "best = pyo.value(level)",
                f"model.held.add(level {op} best {sign} {SLACK} * max(1, abs(best)))",
            )),
        ]  # fmt: skip

    def report(self) -> list[str]:
        shown = [v for v in self.formulation.variables if v.name in self.prepared.own]
        value = "pyo.value(levels[0])" if len(self.levels()) > 1 else f"pyo.value(model.{self.goal})"
        return [
            'print("status:", status)', 'if status != "optimal":', f"{INDENT}return",
            "model.solutions.load_from(result)",
            *(f"show(model.{self.names.of('', v.name)})" for v in shown),
            f"objective = {value}", 'print(f"objective: {objective!r}")',
        ]

    show = '''def show(component):
    """Print the values of a variable that are not 0."""
    for variable in component.values():
        amount = pyo.value(variable, exception=False)
        if amount is not None and (not component.is_indexed() or abs(amount) > 1e-9):
            print(f"{variable.name:<40} {amount:>14.10g}")
'''


def _domain(domain: str, bounds: Bounds) -> tuple[str, str]:
    """The domain's name, and the bounds that it does not say itself."""
    if domain == "Binary":
        low = None if bounds.lower == "0" else bounds.lower
        high = None if bounds.upper == "1" else bounds.upper
        return domain, f"({low or 0}, {high or 1})" if low or high else ""
    if bounds.lower == "0":
        domain = f"NonNegative{domain}"
        return domain, f"(0, {bounds.upper})" if bounds.upper else ""
    if bounds.lower is None and bounds.upper is None:
        return domain, ""
    return domain, f"({bounds.lower}, {bounds.upper})"


DIALECT = Pyomo(
    name="pyomo", title="Pyomo", install="pip install pyomo highspy",
    capabilities=frozenset({"linear", "integer", "convex_quadratic", "quadratic", "nonlinear"}),
    sum_name="pyo.quicksum", alternatives="scip or gurobipy", most_rank=3, owner="model", bare_sums=True,
    functions={name: f"pyo.{name}" for name in ("exp", "log", "sqrt", "sin", "cos")},
    reserved=frozenset({"pyo", "m", "decided", "held", "name", "STATUS"}), attributes=ATTRIBUTES,
)
SCRIPT = PyomoScript
