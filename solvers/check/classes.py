"""Classes of terms, constraints and the whole model."""

from __future__ import annotations

from solvers.check.degree import Degree, Degrees, join
from solvers.check.report import Classes, Collector, ModelClass
from solvers.check.source import Entry, Source
from solvers.expression.nodes import Compare, Expr
from solvers.formulation import Variable

_DISCRETE = ("integer", "binary", "semicontinuous", "semi-integer")


def classify(source: Source, degrees: Degrees, issues: Collector) -> Classes:
    """Class every term and constraint; the model as a whole when there are no errors."""
    terms = {e.name: _entry_degree(e, degrees) for e in source.of("term") if "expr" in e.formulas}
    constraints = {e.name: constraint_degree(e, degrees) for e in source.of("constraint") if "expr" in e.formulas}
    both = [*terms.items(), *constraints.items()]
    features = {name: shown for name, found in both if (shown := tuple(sorted(found.features - {"binary"})))}
    variables: dict[str, int] = {}
    for variable in source.formulation.variables:
        variables[variable.domain] = variables.get(variable.domain, 0) + 1
    return Classes(
        {name: found.kind for name, found in terms.items()},
        {name: found.kind for name, found in constraints.items()},
        features, variables,
        None if issues.has_errors() else _model(source, degrees, list(terms.values()), list(constraints.values())),
    )


def _entry_degree(entry: Entry, degrees: Degrees) -> Degree:
    return degrees.of(entry.formulas["expr"], entry.indices)


def constraint_degree(entry: Entry, degrees: Degrees) -> Degree:
    """A comparison on top is of the class of its sides; anything else is classed as it stands."""
    expr = entry.formulas["expr"]
    if not isinstance(expr, Compare):
        return _entry_degree(entry, degrees)

    return join(degrees.of(operand, entry.indices) for operand in expr.operands)


def _bends(entry: Entry, degrees: Degrees) -> bool:
    """Whether a piecewise linear comparison needs more than linear rows: it is not convex <= concave."""
    expr: Expr = entry.formulas["expr"]
    if not isinstance(expr, Compare):
        return True
    sides = [degrees.of(operand, entry.indices).curvature for operand in expr.operands]
    for op, left, right in zip(expr.ops, sides, sides[1:]):
        if op in ("<=", "<"):
            fits = left in ("affine", "convex") and right in ("affine", "concave")
        elif op in (">=", ">"):
            fits = left in ("affine", "concave") and right in ("affine", "convex")
        else:
            fits = left == right == "affine"
        if not fits:
            return True
    return False


def _model(source: Source, degrees: Degrees, terms: list[Degree], constraints: list[Degree]) -> ModelClass:
    items = source.formulation.variables
    discrete = any(isinstance(v, Variable) and v.domain in _DISCRETE for v in items)
    discrete |= any(d.form != "plain" for d in (*terms, *constraints))
    wanted = ("affine", "convex") if source.formulation.objective.sense == "min" else ("affine", "concave")
    discrete |= any(d.curvature not in wanted for d in terms if "piecewise" in d.features)
    discrete |= any(
        _bends(entry, degrees) for entry in source.of("constraint")
        if "expr" in entry.formulas and "piecewise" in constraint_degree(entry, degrees).features
    )
    top_terms = max((d.rank for d in terms), default=0)
    top_rows = max((d.rank for d in constraints), default=0)
    if max(top_terms, top_rows) > 2:
        return "MINLP" if discrete else "NLP"
    if top_rows == 2:
        return "MIQCP" if discrete else "QCP"
    if top_terms == 2:
        return "MIQP" if discrete else "QP"
    return "MILP" if discrete else "LP"
