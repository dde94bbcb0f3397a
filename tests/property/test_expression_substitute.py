"""`substitute` never captures: it means the same as evaluating under the substituted values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvers.expression import free_names, parse, substitute, unparse
from solvers.expression.nodes import Add, Aggregate, BinOp, Compare, Expr, Generator, IfElse, Name, Neg, Num, SetBuilder

# Few names, reused as indices and as free names, so that captures are frequent.
_NAMES = ["i", "j", "k", "i_"]
_SETS: dict[str, tuple[int, ...]] = {"S": (1, 2), "T": (0, 3)}

Env = Mapping[str, int]


def _evaluate(expr: Expr, env: Env) -> int:
    """A naive evaluator of the sub-language that the strategy draws."""
    match expr:
        case Num(value):
            return int(value)
        case Name(id):
            return env[id]
        case Neg(operand):
            return -_evaluate(operand, env)
        case Add(terms, signs):
            return sum(sign * _evaluate(term, env) for sign, term in zip(signs, terms))
        case BinOp("*", left, right):
            return _evaluate(left, env) * _evaluate(right, env)
        case Compare((left, right), ("<=",)):
            return int(_evaluate(left, env) <= _evaluate(right, env))
        case IfElse(test, then, otherwise):
            return _evaluate(then if _evaluate(test, env) else otherwise, env)
        case Aggregate("sum", (body,), generators):
            return sum(_evaluate(body, inner) for inner in _loop(generators, env))
    raise AssertionError(expr)


def _elements(source: Expr, env: Env) -> list[int]:
    match source:
        case Name(id):
            return list(_SETS[id])
        case SetBuilder(item, generators):
            return sorted({_evaluate(item, inner) for inner in _loop(generators, env)})
    raise AssertionError(source)


def _loop(generators: tuple[Generator, ...], env: Env) -> Iterator[Env]:
    if not generators:
        yield env
        return
    gen = generators[0]
    for element in _elements(gen.source, env):
        inner = {**env, gen.targets[0]: element}
        if all(_evaluate(test, inner) for test in gen.tests):
            yield from _loop(generators[1:], inner)


leaves: st.SearchStrategy[Expr] = st.one_of(st.integers(0, 3).map(Num), st.sampled_from(_NAMES).map(Name))
_tests = st.builds(lambda a, b: Compare((a, b), ("<=",)), leaves, leaves)


def _generator(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Generator]:
    sources: st.SearchStrategy[Expr] = st.one_of(
        st.sampled_from(sorted(_SETS)).map(Name),
        st.builds(
            lambda item, target, base: SetBuilder(item, (Generator((target,), Name(base)),)),
            inner, st.sampled_from(_NAMES), st.sampled_from(sorted(_SETS)),
        ),
    )
    tests = st.lists(_tests, max_size=1).map(tuple)
    return st.builds(lambda t, s, c: Generator((t,), s, c), st.sampled_from(_NAMES), sources, tests)


def _nodes(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        inner.map(Neg), st.builds(lambda a, b: Add((a, b), (1, -1)), inner, inner),
        st.builds(lambda a, b: BinOp("*", a, b), inner, inner), st.builds(IfElse, _tests, inner, inner),
        st.builds(
            lambda body, gens: Aggregate("sum", (body,), tuple(gens)), inner,
            st.lists(_generator(inner), min_size=1, max_size=2),
        ),
    )


trees = st.recursive(leaves, _nodes, max_leaves=10)
environments = st.fixed_dictionaries({name: st.integers(-3, 3) for name in _NAMES})
relaxed = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=300
)


@relaxed
@given(trees, st.dictionaries(st.sampled_from(_NAMES), trees, max_size=3), environments)
def test_substitution_means_evaluation_under_the_values(tree: Expr, values: dict[str, Expr], env: Env) -> None:
    under = {**env, **{name: _evaluate(value, env) for name, value in values.items()}}
    assert _evaluate(substitute(tree, values), env) == _evaluate(tree, under)


_flat_sums = st.lists(leaves, min_size=2, max_size=4).map(lambda terms: Add(tuple(terms), (1,) * len(terms)))
_loops = st.builds(
    lambda body, gens: Aggregate("sum", (body,), tuple(gens)), _flat_sums,
    st.lists(_generator(leaves), min_size=1, max_size=2),
)


@settings(deadline=None, max_examples=1000)
@given(_loops, st.dictionaries(st.sampled_from(_NAMES), leaves, min_size=1, max_size=3), environments)
def test_loops_whose_indices_clash_with_the_values(tree: Expr, values: dict[str, Expr], env: Env) -> None:
    under = {**env, **{name: _evaluate(value, env) for name, value in values.items()}}
    assert _evaluate(substitute(tree, values), env) == _evaluate(tree, under)


@relaxed
@given(trees, st.dictionaries(st.sampled_from(_NAMES), trees, max_size=3))
def test_free_names_after_substitution(tree: Expr, values: dict[str, Expr]) -> None:
    free = free_names(tree)
    expected = (free - values.keys()).union(*(free_names(values[name]) for name in free & values.keys()))
    assert free_names(substitute(tree, values)) == expected


@relaxed
@given(trees, environments)
def test_free_names_are_all_that_a_value_depends_on(tree: Expr, env: Env) -> None:
    free = free_names(tree)
    moved = {name: value if name in free else value + 7 for name, value in env.items()}
    assert _evaluate(tree, env) == _evaluate(tree, moved)


@relaxed
@given(trees, st.dictionaries(st.sampled_from(_NAMES), trees, max_size=3))
def test_the_result_can_be_written_down(tree: Expr, values: dict[str, Expr]) -> None:
    result = substitute(tree, values)
    assert parse(unparse(result)) == result


def test_an_index_that_would_capture_is_renamed() -> None:
    result = substitute(parse("sum(x * i for i in S)"), {"x": parse("i + 1")})
    assert unparse(result) == "sum((i + 1) * i_ for i_ in S)"


def test_renaming_avoids_names_that_the_body_uses() -> None:
    result = substitute(parse("sum(x * i + i_ for i in S)"), {"x": parse("i")})
    assert free_names(result) == {"i", "i_", "S"}
