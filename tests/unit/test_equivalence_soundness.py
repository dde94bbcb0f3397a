"""Formulations and models that were once taken for the same, or told apart by a point that was no witness."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solvers.formulation import Cell, Constraint, Domain, Formulation, IndexSet, Objective, Parameter, Term, Variable
from solvers.model import INTEGER, SEMIINTEGER, Block, Csr, Indicators, Model, ObjectiveLevel, Sos
from verify.equivalence.candidates import certificate_document, compare_candidates, replay_document
from verify.equivalence.decide import equivalent
from verify.equivalence.replay import replays
from verify.equivalence.symbolic.decide import equivalent_formulations
from verify.equivalence.symbolic.families import normal_form
from verify.equivalence.symbolic.matching import find_match

X = Variable("x", ("k in S",), lower="0", upper="10")
Z = Variable("z", lower="0", upper="10")


def parameter(name: str, values: dict[Any, float], **more: Any) -> Parameter:
    """A parameter over S, or a scalar where the one key is ()."""
    cells = tuple(Cell(k if isinstance(k, tuple) else (k,), v) for k, v in values.items())
    return Parameter(name, axes=() if () in values else ("S",), cells=cells, **more)


def program(
    objective: str, *constraints: tuple[str, ...], labels: tuple[Any, ...] | None = (1, 2, 3),
    parameters: tuple[Parameter, ...] = (), variables: tuple[Variable, ...] = (X,),
) -> Formulation:  # fmt: skip
    """A formulation over one set S; a constraint is its formula and then its loops."""
    rows = tuple(Constraint(f"c{n}", text, over) for n, (text, *rest) in enumerate(constraints) for over in [tuple(rest)])
    return Formulation("f", Objective("min", (Term("o", objective),)), (IndexSet("S", labels),), parameters, variables, (), rows)


@pytest.mark.parametrize("name", ["i0", "i1", "_0"])
def test_a_parameter_is_never_taken_for_an_index(name: str) -> None:
    scalar = (parameter(name, {(): 2}),)
    one = program(f"sum({name} * x[k] for k in S) + {name} * z", variables=(X, Z), parameters=scalar)
    two = program(f"sum(k * x[k] for k in S) + {name} * z", variables=(X, Z), parameters=scalar)
    assert find_match(normal_form(one), normal_form(two)).match is None
    assert equivalent_formulations(one, two).verdict == "semantically_different"


def test_a_parameter_named_true_is_no_condition_that_holds() -> None:
    scalar = (parameter("true", {(): 0}),)
    one = program("sum(x[k] for k in S) + true * z", ("x[k] >= 5", "k in S if true"), variables=(X, Z), parameters=scalar)
    two = program("sum(x[k] for k in S) + true * z", ("x[k] >= 5", "k in S"), variables=(X, Z), parameters=scalar)
    assert find_match(normal_form(one), normal_form(two)).match is None


def test_integers_of_a_set_mean_themselves() -> None:
    weighted = program("sum(k * x[k] for k in S)")
    lagged = program("sum(x[k] for k in S)", ("x[k] >= (x[k - 1] if k - 1 in S else 1)", "k in S"))
    for one, labels in ((weighted, (2, 3, 4)), (lagged, (1, 3, 5))):
        found = equivalent_formulations(one, replace(one, sets=(IndexSet("S", labels),)))
        assert found.verdict == "semantically_different" and found.formulas
        assert any("set S has" in note for note in found.notes), found.notes


def test_labels_that_formulas_quote_mean_themselves() -> None:
    def quoting(one: str, two: str, three: str) -> Formulation:
        costs = parameter("c", {one: 1, two: 2, three: 3})
        return program("sum(c[k] * x[k] for k in S)", ("x['a'] >= 5",), labels=(one, two, three), parameters=(costs,))

    assert equivalent_formulations(quoting("a", "b", "c"), quoting("b", "a", "d")).verdict == "semantically_different"
    assert equivalent_formulations(quoting("a", "b", "c"), quoting("a", "p", "q")).scope == "all data"


def test_a_label_has_one_other_name_in_all_sets() -> None:
    def crossed(s: tuple[str, str], r: tuple[str, str]) -> Formulation:
        one = program("sum(c[k] * x[k] for k in S) + sum(d[k] * x[k] for k in R)", labels=s,
                      parameters=(parameter("c", dict(zip(s, (1, 2)))), Parameter("d", axes=("R",), cells=tuple(
                          Cell((label,), value) for label, value in zip(r, (5, 7))))))  # fmt: skip
        return replace(one, sets=(*one.sets, IndexSet("R", r)))

    same = crossed(("a", "b"), ("a", "b"))
    assert equivalent_formulations(same, crossed(("p", "q"), ("p", "q"))).scope == "all data"
    assert equivalent_formulations(same, crossed(("p", "q"), ("q", "p"))).verdict == "semantically_different"


def broken(values: dict[str, float]) -> Formulation:
    """A piecewise linear cost, which no matrix holds."""
    points = parameter("b", {"u": 0, "v": 1, "w": 2})
    return program("piecewise(z, b, v)", labels=("u", "v", "w"), parameters=(points, parameter("v", values)),
                   variables=(replace(Z, lower="0.5", upper="2"),))


def test_formulations_that_need_bridges_are_compared_on_their_data() -> None:
    one = broken({"u": 0, "v": 5, "w": 6})
    assert equivalent_formulations(one, one).scope == "all data"
    found = equivalent_formulations(one, broken({"u": 0, "v": 7, "w": 9}))
    assert found.verdict == "semantically_different" and "2.5" in str(found.witness) and "3.5" in str(found.witness)
    turned = replace(one, sets=(IndexSet("S", ("w", "v", "u")),))
    assert equivalent_formulations(one, turned).verdict != "equivalent"  # the points do not ascend


@pytest.mark.parametrize("domain", ["semi-integer", "semicontinuous"])
def test_a_circuit_read_backwards_has_no_witness(domain: Domain) -> None:
    keys = [(i, j) for i in (1, 2, 3) for j in (1, 2, 3)]
    costs = Parameter("d", axes=("S", "S"), cells=tuple(Cell(key, 3 * key[0] + key[1]) for key in keys))
    arcs = Variable("y", ("i in S", "j in S"), "binary")
    one, two = (
        program("sum(d[i, j] * y[i, j] for i in S for j in S)", (f"circuit({arc} for i in S for j in S)",),
                parameters=(costs,), variables=(arcs, replace(Z, domain=domain, lower="1")))
        for arc in ("y[i, j]", "y[j, i]")
    )  # fmt: skip
    assert equivalent_formulations(one, two).verdict == "structurally_different"  # true, and said no more than that


def sets_model(rows: list[list[float]], upper: list[float], *, kinds: int = INTEGER, sense: Any = "min") -> Model:
    """Whole x with rows @ x <= 4 and a special ordered set of the last two columns."""
    n, matrix = len(upper), np.array(rows, dtype=float)
    return Model(
        "m", sense, (ObjectiveLevel(np.array([0.0, *[(-1.0) ** k for k in range(n - 1)]])),),
        Csr(np.arange(len(rows) + 1) * n, np.tile(np.arange(n), len(rows)), matrix.reshape(-1), n),
        np.full(len(rows), -np.inf), np.full(len(rows), 4.0), np.zeros(n), np.array(upper), np.full(n, kinds),
        (Block("x", 0, n, labels=[f"x{j}" for j in range(n)]),), (Block("r", 0, len(rows)),),
        sos=(Sos(1, np.array([n - 2, n - 1]), np.array([1.0, 2.0])),),
    )  # fmt: skip


def test_a_fraction_between_two_whole_points_is_no_witness() -> None:
    one = sets_model([[0, 3, 3]], [2.0, 1.0, 2.0])
    two = sets_model([[0, 3, 3], [0, 2, 3]], [2.0, 1.0, 2.0])  # the second row follows from the first
    found = equivalent(one, two)
    assert found.verdict == "structurally_different", found.witness


def test_a_forged_witness_does_not_replay() -> None:
    one = sets_model([[1, 1, 1]], [2.0, 1.0, 2.0])
    level = replace(one.levels[0], costs=-one.levels[0].costs)
    turned = replace(one, sense="max", levels=(level,))
    assert equivalent(one, turned).verdict == "equivalent"
    other = replace(one, col_upper=np.array([5.0, 1.0, 2.0]), row_upper=np.array([9.0]))
    found = compare_candidates(one, other)
    document = certificate_document(found)
    assert replay_document(document, one, other)[0]
    columns = ["x0", "x1", "x2"]
    for point in (["0", "1", "0"], ["7", "7", "7"]):
        forged = {"feasible": point[0] == "0", "objective": "1" if point[0] == "0" else "0"}
        against = {**forged, "objective": "-1" if point[0] == "0" else "0"}
        proof = {**document["proof"], "kind": "point", "in_a": forged, "in_b": against}
        proof["point"] = [[name, name, value] for name, value in zip(columns, point)]
        held, told = replay_document({**document, "proof": proof}, one, turned)
        assert not held, told
    twice = {**document["proof"], "point": [*document["proof"]["point"], document["proof"]["point"][0]]}
    assert not replay_document({**document, "proof": twice}, one, other)[0]


def test_rows_on_a_semi_integer_column_may_stand_in_any_order() -> None:
    rows = [(3.0, -np.inf, 2.0), (1.0, -np.inf, -2.0), (1.0, -1.0, np.inf)]

    def told(order: list[int]) -> Model:
        values, lows, highs = (np.array([rows[i][k] for i in order]) for k in range(3))
        return Model(
            "m", "min", (ObjectiveLevel(np.ones(1)),), Csr(np.arange(4), np.zeros(3, dtype=int), values, 1), lows, highs,
            np.ones(1), np.full(1, 2.0), np.full(1, SEMIINTEGER), (Block("x", 0, 1),), (Block("r", 0, 3),),
        )  # fmt: skip

    for order in ([0, 1, 2], [1, 0, 2], [2, 1, 0], [1, 2, 0]):
        one, two = told([0, 1, 2]), told(order)
        found = equivalent(one, two)
        assert found.verdict == "equivalent", (order, found.invariant)
        assert found.certificate is not None and replays(one, two, found.certificate.to_json())


def test_a_certificate_says_no_more_than_it_shows() -> None:
    one = program("sum(c[k] * x[k] for k in S)", parameters=(parameter("c", {1: 1, 2: 2, 3: 3}),))
    found = compare_candidates(one, one)
    document = certificate_document(found)
    held, told = replay_document(document, one, one)
    assert held and "c = c" in told
    with pytest.raises(ValueError, match="damaged"):
        replay_document({**document, "verdict": "semantically_different"}, one, one)
    pairs = [{**pair, "b": "1 / 0"} for pair in document["proof"]["pairs"]]
    assert replay_document({**document, "proof": {**document["proof"], "pairs": pairs}}, one, one)[0] is False
    model = sets_model([[1, 1, 1]], [2.0, 1.0, 2.0])
    match = certificate_document(compare_candidates(model, model))
    for tolerance in (1e9, -1.0, True, "1"):
        with pytest.raises(ValueError, match="damaged"):
            replay_document({**match, "proof": {**match["proof"], "tolerance": tolerance}}, model, model)


def test_rows_that_never_hold_are_said_once() -> None:
    one = program("sum(x[k] for k in S)", ("0 >= 1", "k in S"), ("2 <= 1", "k in S"), labels=None)
    two = program("sum(x[k] for k in S)", ("5 <= 4", "k in S"), labels=None)
    assert find_match(normal_form(one), normal_form(two)).match is not None


def test_columns_of_what_asks_for_nothing_may_change_their_space() -> None:
    """A set of two where two may be other than 0, and an indicator's row that its bounds imply, lock no column."""
    from verify.equivalence.outcome import CHANGES, Options

    base = sets_model([[-1, -1, -1]], [1.0, 1.0, 2.0])
    base = replace(base, levels=(ObjectiveLevel(np.array([-1.0, -1.0, 1.0])),))
    idle = replace(base, sos=(Sos(2, np.array([0, 1]), np.array([1.0, 2.0])),))
    held = replace(base, sos=(), indicators=Indicators(np.array([0]), np.array([0]), np.array([1])))
    for one in (idle, held):
        order = np.array([2, 0, 1])
        place = np.argsort(order)
        two = replace(
            one, levels=(ObjectiveLevel(one.levels[0].costs[order]),), col_upper=one.col_upper[order],
            matrix=replace(one.matrix, value=one.matrix.value[order]),
            sos=tuple(replace(item, columns=place[item.columns]) for item in one.sos),
            indicators=None if one.indicators is None else replace(one.indicators, column=place[one.indicators.column]),
        )  # fmt: skip
        found = equivalent(one, two, options=Options(change_of_variables=CHANGES))
        assert found.certificate is not None
        assert {step.rule for step in found.certificate.log_a} & {"unit", "shift"}
        assert replays(one, two, found.certificate.to_json())
