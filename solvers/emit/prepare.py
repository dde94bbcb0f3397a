"""What happens to a formulation before it is written: bridges for what the target lacks, and refusals by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from solvers.check.degree import Degrees
from solvers.data import Data
from solvers.emit.dialect import Dialect
from solvers.emit.steps import Stepped
from solvers.errors import Place, UnsupportedError
from solvers.expression import free_names, parse, parse_generator
from solvers.expression.nodes import Expr
from solvers.formulation import Formulation, NamedExpression
from solvers.reformulate import reformulate
from solvers.reformulate.facts import Facts
from solvers.reformulate.wellposed import refuse_ill_posed


@dataclass(frozen=True)
class Prepared:
    """A formulation that the target can hold; `own` names the variables of the original."""

    formulation: Formulation
    data: Data
    log: tuple[str, ...]
    own: frozenset[str]
    facts: Facts
    degrees: Degrees
    scale: str = ""
    """The variable that all values are multiplied by, where a ratio was made linear."""
    steps: Mapping[str, Stepped] = field(default_factory=dict)
    """Variables that count steps of the ones that they stand for."""

    def rank(self, text: str, over: tuple[str, ...]) -> int:
        """1 linear, 2 quadratic, 3 nonlinear."""
        return rank(self.degrees, parse(text), over)


def rank(degrees: Degrees, node: Expr, over: tuple[str, ...]) -> int:
    """The degree of a formula inside of an `over`."""
    names = frozenset(t for text in over for t in parse_generator(text).targets)
    return degrees.of(node, names).rank


def prepare(formulation: Formulation, dialect: Dialect, data: Data | None) -> Prepared:
    """Bridge what `dialect` lacks. Raises UnsupportedError, naming a target that can, for the rest."""
    inline = Data.inline(formulation)
    merged = inline if data is None else inline.merge(data)
    own = frozenset(v.name for v in formulation.variables)
    before = Facts(formulation, merged)
    refuse_ill_posed(formulation, before)
    held = {c.name for c in formulation.constraints if dialect.takes(c, before)}
    open_rules = tuple(c for c in formulation.constraints if c.name not in held)
    try:
        asked = replace(formulation, constraints=open_rules)
        bridged = reformulate(asked, dialect.capabilities_for(formulation), data, scaling=True)
    except UnsupportedError as error:
        if "emit for" not in error.remedy:
            error.remedy = f"{error.remedy}; or emit for {dialect.alternatives}"
        raise
    done = _in_order(bridged.formulation, formulation, held)
    done = _without_unused(done)
    try:
        done, steps = dialect.in_steps(done, data)
    except UnsupportedError as error:
        error.remedy = f"emit for {dialect.alternatives}"
        raise
    facts = Facts(done, merged)
    own |= {name for name, stepped in steps.items() if stepped.name in own}
    prepared = Prepared(done, merged, bridged.log, own, facts, Degrees(done), bridged.scale, steps)
    _refuse(prepared, dialect, held)
    return prepared


def _in_order(bridged: Formulation, original: Formulation, held: set[str]) -> Formulation:
    """The constraints that are written natively, back in their places."""
    if not held:
        return bridged
    rules = list(bridged.constraints)
    for k, constraint in enumerate(original.constraints):
        if constraint.name in held:
            before = {c.name for c in original.constraints[:k]}
            at = max((i + 1 for i, c in enumerate(rules) if c.name in before), default=0)
            rules.insert(at, constraint)
    return replace(bridged, constraints=tuple(rules))


def _without_unused(formulation: Formulation) -> Formulation:
    """Without named expressions that nothing refers to: bridges write some of them out where they are used."""
    wanted: set[str] = set()
    texts = [t.expr for t in formulation.objective.terms] + [c.expr for c in formulation.constraints]
    texts += [b for v in formulation.variables for b in (v.lower, v.upper) if b is not None]
    texts += [p.expr for p in formulation.parameters if p.expr is not None]
    pending = [name for text in texts for name in free_names(parse(text))]
    over = [c.over for c in formulation.constraints] + [v.over for v in formulation.variables]
    over += [p.over for p in formulation.parameters] + [s.over for s in formulation.sets]
    for gen in (parse_generator(text) for each in over for text in each):
        pending += [name for node in (gen.source, *gen.tests) for name in free_names(node)]
    while pending:
        name = pending.pop()
        declared = formulation.by_name.get(name)
        if name not in wanted and isinstance(declared, NamedExpression):
            wanted.add(name)
            pending += free_names(parse(declared.expr))
    kept = tuple(e for e in formulation.expressions if e.name in wanted)
    return formulation if len(kept) == len(formulation.expressions) else replace(formulation, expressions=kept)


_WORDS = {2: "quadratic", 3: "nonlinear"}


def _refuse(prepared: Prepared, dialect: Dialect, held: set[str]) -> None:
    formulation = prepared.formulation
    formulas: list[tuple[str, str, tuple[str, ...]]]
    formulas = [(f"objective term {t.name}", t.expr, ()) for t in formulation.objective.terms]
    formulas += [(c.name, c.expr, c.over) for c in formulation.constraints if c.name not in held]
    for place, text, over in formulas:
        found = prepared.rank(text, over)
        if found > dialect.most_rank:
            raise UnsupportedError(
                f"{dialect.title} takes no {_WORDS[found]} formulas", place=Place(place, "expr"),
                remedy=f"emit for {dialect.alternatives}",
            )
    why = dialect.refusal(formulation, prepared.facts)
    if why is not None:
        raise UnsupportedError(f"{dialect.title} {why}", place=Place(formulation.name),
                               remedy=f"emit for {dialect.alternatives}")
