"""`reformulate`: a formulation to one that holds only what the target takes, and the way back.

Bridges as in MathOptInterface (INFORMS Journal on Computing 34(2), 2022): symbolic and indexed, so that a family
of constraints stays a family. The result reads like what a modeller would have written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from solvers.compare import FEASIBILITY
from solvers.data import Data
from solvers.errors import ExpressionError, Place, UnsupportedError
from solvers.expression import parse, parse_generator, unparse, walk
from solvers.expression.nodes import Aggregate, And, Call, Compare, Expr, IfElse
from solvers.formulation import Constraint, Formulation, Key
from solvers.reformulate import capabilities as cap
from solvers.reformulate.build import denied
from solvers.reformulate.facts import Facts
from solvers.reformulate.logic import LogicBridge
from solvers.reformulate.ratios import cleared, has_ratio, scaled
from solvers.reformulate.scan import STRUCTURE, Scanner
from solvers.reformulate.scope import Scope
from solvers.reformulate.switches import SEMI, switched
from solvers.reformulate.values import Need, ValueBridge
from solvers.reformulate.wellposed import refuse_ill_posed
from solvers.reformulate.workspace import Workspace
from solvers.result import BlockValues

_SMALL_SIDE = {"<=": Need.NOT_BELOW, "<": Need.NOT_BELOW, ">=": Need.NOT_ABOVE, ">": Need.NOT_ABOVE}


@dataclass(frozen=True)
class Reformulated:
    """The bridged formulation; `origin` names for each added element the one it serves, `log` what was done.

    `relied_on` names the given parameters whose signs or decimals decided something: when one of these
    changes, reformulate again.
    `formulation` is the very object that was given where nothing had to be bridged. `scale` names the variable that
    all values are multiplied by, where a ratio was made linear, `denominator` the row that says in which unit.
    """

    formulation: Formulation
    origin: Mapping[str, str] = field(default_factory=dict)
    log: tuple[str, ...] = ()
    variables: frozenset[str] = frozenset()
    relied_on: frozenset[str] = frozenset()
    scale: str = ""
    denominator: str = ""

    def map_back(self, values: Mapping[str, Mapping[Key, float]]) -> dict[str, BlockValues]:
        """Values of the original variables: those of the added ones are dropped, scaled ones divided by `scale`.

        Raises UnsupportedError where the scale is 0: the best ratio is approached at infinity, not reached.
        """
        kept = {name: value for name, value in values.items() if name in self.variables}
        if not self.scale:
            return kept  # type: ignore[return-value]
        (scale,) = values[self.scale].values()
        if scale <= FEASIBILITY.absolute:
            raise UnsupportedError(
                "the best ratio is approached as variables grow, and reached nowhere", place=Place("objective"),
                remedy="bound the variables of the ratio",
            )
        return {name: _divided(value, scale) for name, value in kept.items()}


def _divided(values: Mapping[Key, float], scale: float) -> BlockValues:
    if isinstance(values, BlockValues):
        return BlockValues(values.block, values.array / scale)
    return {key: value / scale for key, value in values.items()}  # type: ignore[return-value]


def reformulate(
    formulation: Formulation, target: Iterable[str], data: Data | None = None, *, scaling: bool = False
) -> Reformulated:
    """Bridge what `target` (names of `solvers.reformulate.capabilities`) lacks.

    `scaling` allows a ratio in the objective to become a linear program in multiples of the variables: for callers
    that read solutions through `Reformulated.map_back` only. Without it such a ratio stays.

    `data` (over the formulation's own) decides signs of coefficients and steps of whole-number formulas; they
    are not written into the result: `Reformulated.relied_on` says what must then stay. Raises UnsupportedError
    naming the construct, or the variable whose bound is missing, and TypingError for formulas that are none.
    """
    names = cap.as_target(target)
    try:
        return _reformulated(formulation, names, data, scaling)
    except RecursionError:
        raise UnsupportedError("the named expressions nest too deeply", place=Place(formulation.name),
                               remedy="shorten the chain of definitions") from None


def _reformulated(
    formulation: Formulation, names: frozenset[str], data: Data | None, scaling: bool
) -> Reformulated:
    original = frozenset(v.name for v in formulation.variables)
    scanner = Scanner(formulation, names)
    terms = {t.name: scanner.lacking(_parsed(t.expr, t.name)) for t in formulation.objective.terms}
    rules = [scanner.lacking(_parsed(c.expr, c.name), formula=True) for c in formulation.constraints]
    semi = [] if cap.SEMICONTINUOUS in names else [v for v in formulation.variables if v.domain in SEMI]
    if not any(terms.values()) and not any(rules) and not semi:
        return Reformulated(formulation, variables=original)
    inline = Data.inline(formulation)
    work = Workspace(formulation, Facts(formulation, inline if data is None else inline.merge(data)), names)
    refuse_ill_posed(formulation, work.facts)
    values = ValueBridge(work, scanner)
    logic = LogicBridge(work, values)
    objective = _objective(formulation, terms, work, values)
    for constraint, lacking in zip(formulation.constraints, rules):
        if lacking:
            work.at(constraint.name, constraint)
            _constraint(constraint, lacking, work, values, logic)
        else:
            work.constraints.append(constraint)
    given = tuple(switched(v, work) if v in semi else v for v in formulation.variables)
    done = replace(
        formulation,
        objective=objective,
        sets=(*formulation.sets, *work.sets),
        parameters=(*formulation.parameters, *work.parameters),
        variables=(*given, *work.variables),
        constraints=tuple(work.constraints),
    )
    scale = denominator = ""
    if scaling and any(cap.NONLINEAR in lacking for lacking in terms.values()) and has_ratio(done, work.facts):
        done, scale, denominator = scaled(done, work)
    return Reformulated(
        done, work.origin, tuple(work.log), original, frozenset(work.facts.relied_on), scale, denominator
    )


def _parsed(text: str, element: str) -> Expr:
    try:
        return parse(text)
    except ExpressionError as error:
        raise error.at(element, "expr") from None


def _objective(formulation, terms, work: Workspace, values: ValueBridge):  # type: ignore[no-untyped-def]
    objective = formulation.objective
    need = Need.NOT_BELOW if objective.sense == "min" else Need.NOT_ABOVE
    done = []
    for term in objective.terms:
        if terms[term.name]:
            work.at(f"objective term {term.name}")
            term = replace(term, expr=unparse(values.rewrite(parse(term.expr), Scope(), need)))
        done.append(term)
    return replace(objective, terms=tuple(done))


def _constraint(
    constraint: Constraint, lacking: frozenset[str], work: Workspace, values: ValueBridge, logic: LogicBridge
) -> None:
    scope = Scope(tuple(parse_generator(text) for text in constraint.over))
    tree = parse(constraint.expr)
    if lacking & {cap.LOGIC, *STRUCTURE.values()} or _is_strict(tree, work.facts):
        logic.enforce(tree, scope)
        return
    before = len(work.constraints)
    done = replace(constraint, expr=unparse(scope.distinct(_rows(tree, scope, values))))
    work.constraints.insert(before, done)


def _is_strict(node: Expr, facts: Facts) -> bool:
    """Whether a strict comparison holds variables: with a continuous stand-in it needs a step of its own."""
    return any(isinstance(n, Compare) and {"<", ">"} & set(n.ops) and not facts.is_data(n) for n in walk(node))


def _rows(node: Expr, scope: Scope, values: ValueBridge) -> Expr:
    """A constraint without logic, its values rewritten where they stand."""
    recurse: Callable[[Expr, Scope], Expr] = lambda item, inner: _rows(item, inner, values)  # noqa: E731
    match node:
        case Compare() if cap.NONLINEAR in values.scanner.lacking(node):
            done = cleared(node, values.work)
            return done if cap.NONLINEAR in values.scanner.lacking(done) else recurse(done, scope)
        case Compare(operands, ops):
            needs = [_need(k, ops) for k in range(len(operands))]
            return replace(node, operands=tuple(values.rewrite(o, scope, n) for o, n in zip(operands, needs)))
        case And(items):
            return replace(node, items=tuple(recurse(item, scope) for item in items))
        case Aggregate("all", args, generators):
            inner, loops, bodies = scope.inside(generators, *args)
            return Aggregate("all", (recurse(bodies[0], inner),), loops, node.pos)
        case IfElse(test, then, otherwise):
            first, second = recurse(then, scope.under(test)), recurse(otherwise, scope.under(denied(test)))
            return replace(node, then=first, otherwise=second)
        case Aggregate(func, args, generators) if func in STRUCTURE:
            inner, loops, bodies = scope.inside(generators, *args)
            return Aggregate(func, tuple(values.rewrite(b, inner, Need.EXACT) for b in bodies), loops, node.pos)
        case Call("implies", (test, then)) if values.scanner.is_cell_literal(test):
            return replace(node, args=(test, recurse(then, scope)))
        case Call("implies", (test, then)):
            return replace(node, args=(test, recurse(then, scope.under(test))))
    return node


def _need(k: int, ops: tuple[str, ...]) -> Need:
    """What an operand of a chain needs: the small side may not be too small, the large one not too large."""
    around = set()
    if k < len(ops):
        around.add(_SMALL_SIDE.get(ops[k], Need.EXACT))
    if k > 0:
        around.add(_SMALL_SIDE.get(ops[k - 1], Need.EXACT).flipped)
    return around.pop() if len(around) == 1 else Need.EXACT
