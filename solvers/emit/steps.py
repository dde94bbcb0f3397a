"""Continuous variables as whole numbers of steps, for targets that compute in integers.

The proof that steps lose nothing is the adapter's (solvers.exact.difference), on the grounded model: what CP-SAT
solves here, it is also written for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from solvers.data import Data
from solvers.errors import Place, UnsupportedError
from solvers.exact import Refused, plan
from solvers.exact.rational import common_step
from solvers.expression import parse_generator, unparse
from solvers.expression.nodes import Name, Ref
from solvers.formulation import Formulation, NamedExpression, Variable

CONTINUOUS = frozenset({"continuous", "semicontinuous"})


@dataclass(frozen=True, slots=True)
class Stepped:
    """A variable that counts steps: `name` is the one it stands for, `per_unit` how many steps make up 1."""

    name: str
    per_unit: int


def in_steps(formulation: Formulation, data: Data | None, title: str) -> tuple[Formulation, Mapping[str, Stepped]]:
    """The formulation with variables that count steps where steps of 1 would lose something, by their new names.

    Where whole numbers serve, a variable stays as it is, continuous in name. Raises UnsupportedError where there is
    no proof that any step serves, naming the variable.
    """
    if not any(v.domain in CONTINUOUS for v in formulation.variables):
        return formulation, {}
    step = _steps(formulation, data, title)
    taken = {*formulation.by_name, *(c.name for c in formulation.constraints)}
    counts: dict[str, Stepped] = {}
    variables: list[Variable] = []
    named: list[NamedExpression] = []
    for item in formulation.variables:
        per_unit = step.get(item.name, Fraction(1)).denominator
        if per_unit == 1:
            variables.append(item)
            continue
        fresh = f"{item.name}_steps"
        while fresh in taken:
            fresh += "_"
        taken.add(fresh)
        counts[fresh] = Stepped(item.name, per_unit)
        keys = tuple(Name(t) for text in item.over for t in parse_generator(text).targets)
        cell = unparse(Ref(fresh, keys) if keys else Name(fresh))
        # Declared bounds are multiples of the step: what is rounded is the float's last place.
        low, high = (None if text is None or "inf" in text else f"round(({text}) * {per_unit})"
                     for text in (item.lower, item.upper))  # fmt: skip
        said = f"{item.name} in steps of 1/{per_unit}"
        variables.append(replace(item, name=fresh, lower=low, upper=high, unit=None, description=said))
        named.append(NamedExpression(item.name, f"{cell} / {per_unit}", item.over, item.unit, item.description))
    if not named:
        return formulation, {}
    done = replace(formulation, variables=tuple(variables), expressions=(*named, *formulation.expressions))
    return done, counts


def _steps(formulation: Formulation, data: Data | None, title: str) -> dict[str, Fraction]:
    """For each family of continuous variables a step, at most 1, that divides the proven steps of all its columns."""
    from solvers.adapters import adapter
    from solvers.ground import ground
    from solvers.reformulate import reformulate

    target = adapter("cpsat")
    model = ground(reformulate(formulation, target.capabilities, data).formulation, data)
    reason = target.refusal(model)
    if reason is None:
        try:
            found = plan(model).step
        except Refused as refused:
            reason = str(refused.args[0])
    if reason is not None:
        raise UnsupportedError(f"{title} computes in whole numbers: {reason.removeprefix('CP-SAT cannot hold it: ')}",
                               place=Place(formulation.name))  # fmt: skip
    wanted = {v.name for v in formulation.variables if v.domain in CONTINUOUS}
    return {
        block.name: common_step([Fraction(1), *found[block.start : block.start + block.size]])
        for block in model.columns if block.name in wanted
    }  # fmt: skip
