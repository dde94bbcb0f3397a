"""Random formulations, grounded in arrays and interpreted by dicts and loops: the same numbers or both an error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.data import Data
from solvers.errors import FormulateError
from solvers.expression import parse
from solvers.expression.nodes import Add, Compare
from solvers.formulation import Formulation
from solvers.ground import ground
from solvers.interpret import Instance
from tests.property.making import Maker


def points(formulation: Formulation, model, seed: int):
    x = np.round(np.random.default_rng(seed).normal(size=model.num_columns) * 3, 2)
    values = {b.name: dict(zip(b.keys(), x[b.start : b.start + b.size].tolist())) for b in model.columns}
    return x, values


def difference(comparison: str) -> Add:
    """Left side minus right side of `a <= b`."""
    tree = parse(comparison)
    assert isinstance(tree, Compare)
    return Add(tree.operands, (1, -1))


def interpreter_refuses(formulation: Formulation) -> bool:
    """Whether some formula cannot be interpreted, or some family is empty (grounding may then be stricter)."""
    try:
        instance = Instance(formulation, Data.inline(formulation))
        point = {
            v.name: {tuple(e.values()): 1.37 for e in instance.indices(v.over)} if v.over else {(): 1.37}
            for v in formulation.variables
        }
        instance.objective(point)
        for constraint in formulation.constraints:
            environments = instance.indices(constraint.over)
            if not environments:
                return True
            body = difference(constraint.expr)
            for env in environments:
                instance.evaluate(body, point, env)
    except FormulateError:
        return True
    return False


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**9))
def test_grounding_agrees_with_the_interpreter(seed):
    formulation = Maker(seed).formulation()
    try:
        model = ground(formulation)
    except FormulateError as error:
        assert interpreter_refuses(formulation), (seed, str(error))
        return
    x, values = points(formulation, model, seed)
    instance = Instance(formulation, Data.inline(formulation))
    activity = model.activity(x)
    for constraint in formulation.constraints:
        block = next(b for b in model.rows if b.name == constraint.name)
        environments = instance.indices(constraint.over)
        assert len(environments) == block.size
        body = difference(constraint.expr)
        for k, env in enumerate(environments):
            try:
                expected = instance.evaluate(body, values, env)
            except FormulateError:
                assert not np.isfinite(activity[block.start + k])
                continue
            got = activity[block.start + k] - model.row_upper[block.start + k]
            if not np.isfinite(got):
                continue
            assert got == pytest.approx(expected, rel=1e-9, abs=1e-7), (seed, constraint, env)
    try:
        expected = instance.objective(values)
    except FormulateError:
        assert not np.isfinite(model.objective.value(x))
        return
    assert model.objective.value(x) == pytest.approx(expected, rel=1e-9, abs=1e-7)


@pytest.mark.parametrize("seed", [68655])
def test_seeds_that_once_disagreed(seed):
    test_grounding_agrees_with_the_interpreter.hypothesis.inner_test(seed)
