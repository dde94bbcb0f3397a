"""CP-SAT models captured: every point of the program's variables is judged as CP-SAT judges it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from solvers import solve
from solvers.compare import compare
from solvers.sandbox.capture import install
from solvers.sandbox.recorder import Recorder, fresh
from solvers.structure_check import check_model

pytest.importorskip("ortools", reason="OR-Tools is not installed")


@pytest.fixture
def recorded() -> Iterator[Recorder]:
    install(["cpsat"])
    yield fresh()
    fresh()


def cp() -> Any:
    from ortools.sat.python import cp_model

    return cp_model


def variables(m: Any, *sizes: int, low: int = 0) -> list[Any]:
    return [m.new_int_var(low, low + size - 1, f"v{k}") for k, size in enumerate(sizes)]


def holes(m: Any) -> None:
    x, y = variables(m, 6, 6)
    m.add(x + y != 5)
    m.add_linear_expression_in_domain(2 * x - y, cp().Domain.from_values([-4, -3, 0, 1, 2, 8]))


def domain(m: Any) -> None:
    m.new_int_var_from_domain(cp().Domain.from_values([-2, 0, 1, 5]), "x")


def conditions(m: Any) -> None:
    x, y = variables(m, 4, 4)
    a, b = m.new_bool_var("a"), m.new_bool_var("b")
    m.add(x + y <= 3).only_enforce_if(a)
    m.add(x - y >= 1).only_enforce_if(a.negated(), b)
    m.add(x != 2).only_enforce_if(b)


def booleans(m: Any) -> None:
    a, b, c, d = (m.new_bool_var(name) for name in "abcd")
    m.add_bool_or(a, b.negated(), c)
    m.add_bool_and(c, d.negated()).only_enforce_if(a)
    m.add_bool_xor(a, b, d)
    m.add_at_most_one(b, c.negated(), d)


def exactly_one(m: Any) -> None:
    a, b, c = (m.new_bool_var(name) for name in "abc")
    m.add_exactly_one(a, b.negated(), c)
    m.add_implication(a, c.negated())


def division(m: Any) -> None:
    x, q = variables(m, 13, 7, low=-6)
    m.add_division_equality(q, x, 3)


def positive_division(m: Any) -> None:
    x, q = variables(m, 13, 5)
    m.add_division_equality(q, x + 1, 4)


def remainder(m: Any) -> None:
    x, r = variables(m, 13, 9, low=-6)
    m.add_modulo_equality(r, x, 4)


def products(m: Any) -> None:
    x, y, z = variables(m, 4, 4, 7, low=-2)
    m.add_multiplication_equality(z, [x, y + 1])


def three_factors(m: Any) -> None:
    x, y, z, p = variables(m, 3, 3, 3, 9)
    m.add_multiplication_equality(p, [x, y, z])


def extremes(m: Any) -> None:
    x, y, top, low, size = variables(m, 4, 4, 5, 4, 4, low=-2)
    m.add_max_equality(top, [x, y, 1])
    m.add_min_equality(low, [x, y])
    m.add_abs_equality(size, x)


def elements(m: Any) -> None:
    index, x, target = variables(m, 5, 4, 5)
    m.add_element(index, [3, x, 1, x], target)


def tables(m: Any) -> None:
    x, y, z = variables(m, 4, 4, 4)
    m.add_allowed_assignments([x, y], [(0, 1), (2, 2), (3, 0)])
    m.add_forbidden_assignments([y, z], [(1, 1), (2, 0)])


def automaton(m: Any) -> None:
    word = variables(m, 3, 3, 3, 3)
    m.add_automaton(word, 0, [0, 2], [(0, 0, 0), (0, 1, 1), (1, 1, 2), (2, 0, 0), (2, 2, 2)])


def inverse(m: Any) -> None:
    vs = variables(m, 3, 3, 3, 3, 3, 3)
    m.add_inverse(vs[:3], vs[3:])


def different(m: Any) -> None:
    x, y, z = variables(m, 4, 4, 4)
    m.add_all_different(x, y + 1, z)


def circuit(m: Any) -> None:
    arcs = [(0, 1), (1, 2), (2, 0), (1, 0), (2, 2), (0, 2), (2, 1)]
    literals = [m.new_bool_var(f"l{k}") for k in range(len(arcs))]
    literals[5] = literals[5].negated()
    m.add_circuit([(5 * a, 5 * b, lit) for (a, b), lit in zip(arcs, literals)])


def tasks(m: Any, *, optional: bool, count: int = 3, size: int = 2) -> list[Any]:
    starts = [m.new_int_var(0, 4, f"s{k}") for k in range(count)]
    if not optional:
        return [m.new_fixed_size_interval_var(s, size, f"i{k}") for k, s in enumerate(starts)]
    there = [m.new_bool_var(f"p{k}") for k in range(count)]
    return [m.new_optional_fixed_size_interval_var(s, size, p, f"i{k}") for k, (s, p) in enumerate(zip(starts, there))]


def overlap(m: Any) -> None:
    m.add_no_overlap(tasks(m, optional=False))


def optional_overlap(m: Any) -> None:
    m.add_no_overlap(tasks(m, optional=True))


def sized(m: Any) -> None:
    start, size, end = variables(m, 4, 3, 6)
    other = m.new_int_var(0, 4, "other")
    m.add_no_overlap([m.new_interval_var(start, size, end, "a"), m.new_fixed_size_interval_var(other, 2, "b")])


def capacity(m: Any) -> None:
    room = m.new_int_var(2, 4, "room")
    m.add_cumulative(tasks(m, optional=True, count=2), [2, 1], room)


def full_capacity(m: Any) -> None:
    m.add_cumulative(tasks(m, optional=False), [2, 1, 1], 2)


def rectangles(m: Any) -> None:
    xs, ys = variables(m, 4, 4, 3, 3)[:2], [m.new_int_var(0, 2, f"y{k}") for k in range(2)]
    m.add_no_overlap_2d(
        [m.new_fixed_size_interval_var(x, 2, f"x{k}") for k, x in enumerate(xs)],
        [m.new_fixed_size_interval_var(y, 1, f"h{k}") for k, y in enumerate(ys)],
    )


def reservoir(m: Any) -> None:
    times = variables(m, 4, 4, 4)
    active = [m.new_bool_var(f"a{k}") for k in range(2)]
    m.add_reservoir_constraint_with_active(times, [2, -1, -2], [*active, True], -1, 2)


CASES: list[Callable[[Any], None]] = [
    holes, domain, conditions, booleans, exactly_one, division, positive_division, remainder, products, three_factors,
    extremes, elements, tables, automaton, inverse, different, circuit, overlap, optional_overlap, sized, capacity,
    full_capacity, rectangles, reservoir,
]  # fmt: skip


@pytest.mark.parametrize("build", CASES, ids=lambda case: case.__name__)
def test_every_point_is_judged_alike(recorded: Recorder, build: Callable[[Any], None]) -> None:
    from solvers.sandbox.capture.cpsat_model import CpReader

    m = cp().CpModel()
    build(m)
    reader = CpReader(m.proto)
    model = reader.model()
    allowed = solutions(m)
    judged = 0
    for point in product(*(values(v.domain) for v in m.proto.variables)):
        check = check_model(model, np.array(reader.sheet.completed(point)))
        assert check is not None and check.feasible is (point in allowed), (point, check.where)
        judged += 1
    assert 0 < len(allowed) < judged or build is domain


def values(found: Any) -> list[int]:
    ends = list(found)
    return [v for a, b in zip(ends[::2], ends[1::2]) for v in range(a, b + 1)]


def solutions(m: Any) -> set[tuple[int, ...]]:
    """All solutions by CP-SAT's own enumeration."""

    class Gather(cp().CpSolverSolutionCallback):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.found: set[tuple[int, ...]] = set()

        def on_solution_callback(self) -> None:
            self.found.add(tuple(self.response_proto.solution))

    solver, gather = cp().CpSolver(), Gather()
    solver.parameters.enumerate_all_solutions = True
    solver.solve(m, gather)
    return gather.found


@pytest.mark.parametrize("build", [conditions, tables, optional_overlap, capacity, circuit], ids=lambda c: c.__name__)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_captured_model_has_the_same_optimum(recorded: Recorder, build: Any, sign: int) -> None:
    m = cp().CpModel()
    build(m)
    total = sum((k + 2) * m.get_int_var_from_proto_index(k) for k in range(len(m.proto.variables)))
    (m.maximize if sign > 0 else m.minimize)(total + 7)
    solver = cp().CpSolver()
    assert solver.solve(m) == cp().OPTIMAL
    (item,) = recorded.solves
    assert item.model is not None and item.result.termination == "optimal"
    assert item.result.objective == solver.objective_value
    own = solve(item.model)
    assert own.objective is not None and compare(own.objective, solver.objective_value)
    check = check_model(item.model, item.result.x)
    assert check is not None and check.feasible and check.objective == solver.objective_value


def test_models_are_captured_as_they_were_at_each_solve(recorded: Recorder) -> None:
    m = cp().CpModel()
    x, y = variables(m, 10, 10)
    m.add(x + y <= 12)
    m.maximize(x + 2 * y)
    solver = cp().CpSolver()
    solver.Solve(m)
    m.add(y <= 3)
    solver.Solve(m)
    m.add(x + y >= 40)
    solver.Solve(m)
    assert [s.result.objective for s in recorded.solves] == [21.0, 15.0, None]
    assert [s.result.termination for s in recorded.solves] == ["optimal", "optimal", "infeasible"]
    assert [s.model.num_rows for s in recorded.solves if s.model] == [1, 2, 3]


def test_what_is_not_held_is_named_and_solved_all_the_same(recorded: Recorder) -> None:
    m = cp().CpModel()
    a, b = m.new_bool_var("a"), m.new_bool_var("b")
    m.add_multiple_circuit([(0, 1, a), (1, 0, b)])
    m.maximize(a)
    assert cp().CpSolver().solve(m) == cp().OPTIMAL
    (item,) = recorded.solves
    assert item.model is None and "routes" in item.uncaptured and item.result.objective == 1.0
