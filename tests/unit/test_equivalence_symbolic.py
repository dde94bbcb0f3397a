"""Formulations proved equivalent for all data, near misses that never are, and what is said of data."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from solvers import Formulation
from solvers.formulation import Cell, Constraint, IndexSet, NamedExpression, Objective, Parameter, Term, Variable
from verify.equivalence.symbolic.decide import equivalent_formulations
from verify.equivalence.symbolic.families import normal_form
from verify.equivalence.symbolic.guard import ContradictionError, guard
from verify.equivalence.symbolic.matching import find_match
from verify.equivalence.symbolic.proof import Pair, Proof, check_proof, proof_of

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*(ROOT / "examples").glob("*/formulation.yaml"), *(ROOT / "tests" / "golden").glob("*/formulation.yaml")])


def formulation(
    constraints: list[str | tuple[str, str]], objective: str = "sum(c[i, t] * x[i, t] for i in I for t in T)", sense: str = "min",
    lower: str | None = "0", domain: str = "continuous", expressions: tuple[NamedExpression, ...] = (), data: bool = False,
    variables: tuple[Variable, ...] = (),
) -> Formulation:  # fmt: skip
    """A frame around constraints: (formula, over) or a formula; sets I (data) and T (a range), parameters a, b, c, d, s, n."""
    labels = ("u", "v", "w")
    rows = [c if isinstance(c, tuple) else (c, "i in I; t in T") for c in constraints]
    cells = lambda *axes: tuple(Cell(k, 1 + len(k) + n) for n, k in enumerate(_keys(axes))) if data else ()  # noqa: E731
    return Formulation(
        "frame", Objective(sense, (Term("o", objective),)),  # type: ignore[arg-type]
        (IndexSet("I", elements=labels if data else None), IndexSet("T", expr="range(1, n + 1)")),
        (
            Parameter("n", "count", cells=(Cell((), 3),) if data else ()), Parameter("s", cells=cells()), Parameter("d", cells=cells()),
            Parameter("a", axes=("I",), cells=cells(labels)), Parameter("b", axes=("I",), cells=cells(labels)),
            Parameter("c", axes=("I", "T"), cells=cells(labels, (1, 2, 3))), Parameter("q", axes=("I", "I"), cells=cells(labels, labels)),
        ),
        (Variable("x", ("i in I", "t in T"), domain, lower), *variables), expressions,  # type: ignore[arg-type]
        tuple(Constraint(f"k{n}", text, tuple(part for part in over.split("; ") if part)) for n, (text, over) in enumerate(rows)),
    )  # fmt: skip


def _keys(axes: tuple[tuple[object, ...], ...]) -> list[tuple[object, ...]]:
    keys: list[tuple[object, ...]] = [()]
    for axis in axes:
        keys = [(*key, label) for key in keys for label in axis]
    return keys


def proved(one: Formulation, two: Formulation) -> bool:
    found = find_match(normal_form(one), normal_form(two)).match
    if found is None:
        return False
    proof = proof_of(normal_form(one), normal_form(two), found)
    assert check_proof(one, two, proof)
    return True


LOAD = NamedExpression("load", "sum(x[i, t] for i in I)", ("t in T",))

SAME = {
    "operands move": ("x[i, t] * a[i] + s <= b[i]", "-b[i] + s + a[i] * x[i, t] <= 0"),
    "sides change": ("x[i, t] <= a[i] + b[i]", "b[i] >= x[i, t] - a[i]"),
    "a row is scaled": ("2 * x[i, t] - 3 * a[i] <= 0", "x[i, t] / 3 <= 0.5 * a[i]"),
    "a product is distributed": ("a[i] * (x[i, t] - s) <= d", "a[i] * x[i, t] - s * a[i] <= d"),
    "sums are joined": (("sum(x[i, t] for i in I) + sum(a[i] * x[i, t] for i in I) <= s", "t in T"),
                        ("sum((1 + a[k]) * x[k, t] for k in I) <= s", "t in T")),
    "loops are exchanged": (("sum(x[i, t] for i in I for t in T) <= s", ""), ("sum(sum(x[j, r] for j in I) for r in T) <= s", "")),
    "a factor enters a sum": (("s * sum(x[i, t] for i in I) <= d", "t in T"), ("sum(x[j, t] * s for j in I) - d <= 0", "t in T")),
    "a chain is two rows": ("a[i] <= x[i, t] <= b[i]", "x[i, t] >= a[i] and b[i] >= x[i, t]"),
    "all over a set is a family": (("all(x[i, t] <= a[i] for i in I)", "t in T"), ("x[j, t] <= a[j]", "j in I; t in T")),
    "a conditional is a guarded sum": ("(x[i, t - 1] if t - 1 in T else s) <= x[i, t]", "x[i, t] >= (s if t - 1 not in T else x[i, t - 1])"),
    "the indices of a family have other names": (("x[i, t] <= a[i]", "i in I; t in T"), ("x[t, i] <= a[t]", "i in T; t in I")),
    "a set-builder is a condition": (("sum(x[i, t] for t in {r for r in T if r > 1}) <= s", "i in I"), ("sum(x[i, t] for t in T if 1 < t) <= s", "i in I")),
    "a difference of sets is a condition": (("sum(x[i, t] for t in T - {1}) <= s", "i in I"), ("sum(x[i, t] for t in T if not (t in {1})) <= s", "i in I")),
    "a product of sets is two loops": (("sum(x[i, t] for (i, t) in I * T) <= s", ""), ("sum(x[i, t] for t in T for i in I) <= s", "")),
    "squares are products": (("sum(x[i, t] ** 2 for i in I) <= s", "t in T"), ("sum(x[i, t] * x[i, t] for i in I) <= s", "t in T")),
    "extremes commute": ("min(x[i, t], a[i]) >= s", "s - min(a[i], x[i, t]) <= 0"),
    "implications on data are conditions": ("implies(a[i] > s, x[i, t] <= d)", ("x[i, t] <= d", "i in I if s < a[i]; t in T")),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_one_thing_said_in_two_ways_is_proved(name: str) -> None:
    one, two = SAME[name]
    assert proved(formulation([one]), formulation([two]))
    assert proved(formulation([two]), formulation([one]))


def test_whole_formulations_said_in_two_ways_are_proved() -> None:
    rows = ["x[i, t] <= a[i]", ("load[t] <= s", "t in T")]
    plain = formulation(rows, expressions=(LOAD,))
    assert proved(plain, formulation([rows[0], ("sum(x[j, t] for j in I) <= s", "t in T")]))  # written out
    assert proved(plain, formulation(["x[i, t] >= 0", *rows], lower=None, expressions=(LOAD,)))  # the bound as a row
    assert proved(plain, formulation([*rows, "x[i, t] <= a[i]", "x[i, t] >= -3"], expressions=(LOAD,)))  # said twice, looser
    assert proved(plain, formulation(rows[::-1], "-sum(c[i, t] * x[i, t] for i in I for t in T)", "max", expressions=(LOAD,)))
    pair = [*rows, ("sum(x[i, t] for i in I) >= s", "t in T")]
    assert proved(formulation(pair, expressions=(LOAD,)), formulation([rows[0], ("load[t] == s", "t in T")], expressions=(LOAD,)))
    assert proved(formulation([], domain="binary", lower=None), formulation(["1 >= x[i, t]"], domain="integer"))


DIFFERENT = {
    "another sense": ("x[i, t] <= a[i]", "x[i, t] >= a[i]"),
    "an equality": ("x[i, t] <= a[i]", "x[i, t] == a[i]"),
    "another number": ("2 * x[i, t] <= a[i]", "3 * x[i, t] <= a[i]"),
    "a constant": ("x[i, t] <= a[i] + 1", "x[i, t] <= a[i]"),
    "a strict condition": (("sum(x[i, t] for t in T if t < d) <= s", "i in I"), ("sum(x[i, t] for t in T if t <= d) <= s", "i in I")),
    "the period before": ("(x[i, t - 1] if t - 1 in T else 0) <= s", "(x[i, t + 1] if t + 1 in T else 0) <= s"),
    "the other branch": ("(x[i, t - 1] if t - 1 in T else 0) <= s", "(x[i, t - 1] if t - 1 in T else s) <= s"),
    "a sum for a family": ("x[i, t] <= a[i]", ("sum(x[i, t] for t in T) <= a[i]", "i in I")),
    "a division by data": ("x[i, t] / a[i] <= 1", "x[i, t] <= a[i]"),
    "data cancelled": ("a[i] / a[i] * x[i, t] <= s", "x[i, t] <= s"),
    "a transposed matrix in one place": (
        ("sum(q[i, j] * x[j, t] for j in I) <= q[i, i] + sum(a[j] * q[i, j] for j in I)", "i in I; t in T"),
        ("sum(q[j, i] * x[j, t] for j in I) <= q[i, i] + sum(a[j] * q[i, j] for j in I)", "i in I; t in T")),
    "two parameters for one": (("sum(a[i] * x[i, t] for i in I) <= sum(a[i] for i in I)", "t in T"),
                               ("sum(a[i] * x[i, t] for i in I) <= sum(b[i] for i in I)", "t in T")),
    "the largest for the sum": (("max(x[i, t] for i in I) <= s", "t in T"), ("sum(x[i, t] for i in I) <= s", "t in T")),
    "first for last": (("x[first(I), t] <= s", "t in T"), ("x[last(I), t] <= s", "t in T")),
    "a diagonal": (("x[i, t] + x[j, t] <= s", "i in I; j in I if i != j; t in T"), ("x[i, t] + x[j, t] <= s", "i in I; j in I; t in T")),
    "either for both": ("x[i, t] <= a[i] or x[i, t] >= b[i]", "x[i, t] <= a[i] and x[i, t] >= b[i]"),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENT)
def test_near_misses_are_never_proved(name: str) -> None:
    one, two = DIFFERENT[name]
    assert not proved(formulation([one]), formulation([two]))


def test_whole_formulations_that_differ_are_never_proved() -> None:
    rows: list[str | tuple[str, str]] = ["x[i, t] <= a[i]"]
    plain = formulation(rows)
    assert not proved(plain, formulation(rows, sense="max"))
    assert not proved(plain, formulation(rows, "sum(c[i, t] * x[i, t] for i in I for t in T) + 1"))
    assert not proved(plain, formulation(rows, domain="integer"))
    assert not proved(plain, formulation(rows, lower=None))
    assert not proved(plain, formulation([]))
    assert not proved(plain, formulation(rows, variables=(Variable("y"),)))  # a column that nothing asks for is one
    one, two = (Objective("min", (Term("o", "s", p), Term("r", "d * sum(x[i, t] for i in I for t in T)", 1 - p))) for p in (0, 1))
    assert not proved(replace(plain, objective=one), replace(plain, objective=two))  # another priority


def renamed(f: Formulation, prefix: str) -> Formulation:
    """The document with every declared name changed in its text, cells kept: no code of the proof."""
    names = sorted(f.by_name, key=len, reverse=True)
    word = re.compile(r"'[^']*'|\"[^\"]*\"|\b(" + "|".join(map(re.escape, names)) + r")\b")
    change = lambda text: None if text is None else word.sub(lambda m: prefix + m[1] if m[1] else m[0], text)  # noqa: E731
    over = lambda texts: tuple(map(change, texts))  # noqa: E731
    name = lambda text: None if text is None else prefix + text  # noqa: E731
    return replace(
        f,
        sets=tuple(replace(s, name=name(s.name), expr=change(s.expr), over=over(s.over), within=name(s.within)) for s in f.sets),
        parameters=tuple(
            replace(p, name=name(p.name), expr=change(p.expr), over=over(p.over), axes=tuple(map(name, p.axes)), values_in=name(p.values_in),
                    by_position=tuple(map(name, p.by_position))) for p in reversed(f.parameters)
        ),
        variables=tuple(
            replace(v, name=name(v.name), over=over(v.over), lower=change(v.lower), upper=change(v.upper)) for v in reversed(f.variables)
        ),
        expressions=tuple(replace(e, name=name(e.name), expr=change(e.expr), over=over(e.over)) for e in f.expressions),
        constraints=tuple(replace(c, expr=change(c.expr), over=over(c.over)) for c in reversed(f.constraints)),
        objective=replace(f.objective, terms=tuple(replace(t, expr=change(t.expr)) for t in reversed(f.objective.terms))), asked=(),
    )  # fmt: skip


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.parent.name)
def test_every_formulation_of_the_house_is_found_under_other_names(path: Path) -> None:
    one = Formulation.read(str(path))
    two = renamed(one, "zz_")
    found = equivalent_formulations(one, two)
    assert found.verdict == "equivalent" and found.scope == "all data" and found.proof is not None
    # Where symbols could be exchanged (two scalars in one role), data decide which is which: a match of data was found.
    assert check_proof(one, two, Proof.from_json(found.proof.to_json()))


def test_a_variable_with_its_axes_exchanged_is_matched() -> None:
    one = formulation([("sum(x[i, t] for i in I) <= s", "t in T"), ("sum(x[i, t] for t in T) >= a[i]", "i in I")])
    two = formulation(
        [("sum(y[t, i] for i in I) <= s", "t in T"), ("sum(y[t, i] for t in T) >= a[i]", "i in I")], "sum(c[i, t] * y[t, i] for i in I for t in T)",
    )  # fmt: skip
    two = replace(two, variables=(Variable("y", ("t in T", "i in I"), lower="0"),))
    found = find_match(normal_form(one), normal_form(two)).match
    assert found is not None and dict(found.orders) == {"x": (1, 0)} and found.names["x"] == "y"
    assert proved(one, two)


def test_data_that_differ_are_named_and_are_no_equivalence() -> None:
    one = formulation(["x[i, t] >= a[i]"], data=True)
    parameters = tuple(replace(p, cells=tuple(replace(c, value=50) if c.key == ("v",) else c for c in p.cells)) if p.name == "a" else p for p in one.parameters)
    found = equivalent_formulations(one, replace(one, parameters=parameters))
    assert found.verdict == "semantically_different" and found.formulas
    assert any("a[v] is 3 in A, 50 in B" in note for note in found.notes), found.notes


def test_elements_under_other_labels_in_the_same_order_are_the_same_data() -> None:
    one = formulation(["x[i, t] >= a[i]"], data=True)
    move = {"u": "first", "v": "second", "w": "third"}
    two = replace(
        one, sets=(replace(one.sets[0], elements=tuple(move.values())), one.sets[1]),
        parameters=tuple(replace(p, cells=tuple(replace(c, key=tuple(move.get(k, k) for k in c.key)) for c in p.cells)) for p in one.parameters),
    )  # fmt: skip
    assert equivalent_formulations(one, two).scope == "all data"


def test_twin_parameters_are_matched_by_their_values() -> None:
    rows: list[str | tuple[str, str]] = ["x[i, t] <= s", "x[i, t] >= -d"]
    one = formulation(rows, "s * sum(x[i, t] for i in I for t in T) + d * sum(x[i, t] for i in I for t in T)", lower=None)
    two = formulation(["x[i, t] <= d", "x[i, t] >= -s"], "(d + s) * sum(x[i, t] for i in I for t in T)", lower=None)
    found = find_match(normal_form(one), normal_form(two)).match
    assert found is not None and found.names["s"] == "d"


SPLIT = ("sum(x[i, t] for i in I if a[i] > s) + sum(x[i, t] for i in I if not (a[i] > s)) <= d", "t in T")
WHOLE = ("sum(x[i, t] for i in I) <= d", "t in T")


def test_what_is_true_but_not_proved_is_undecided_with_evidence_or_decided_on_its_data() -> None:
    found = equivalent_formulations(formulation([WHOLE]), formulation([SPLIT]), draws=5)
    assert found.verdict == "undecided" and found.evidence[0].startswith("equal on 5 draws") and "not a proof" in found.evidence[0]
    assert any("k0" in note for note in found.notes)
    on_data = equivalent_formulations(formulation([WHOLE], data=True), formulation([SPLIT], data=True))
    assert on_data.verdict == "equivalent" and on_data.scope == "these data" and on_data.certificate is not None


def test_without_data_a_difference_on_random_data_is_found() -> None:
    other = ("sum(x[i, t] for i in I if a[i] > s) <= d", "t in T")
    found = equivalent_formulations(formulation([WHOLE]), formulation([other]))
    assert found.verdict in ("structurally_different", "semantically_different") and found.scope == "random data"
    assert found.invariant is not None


def test_a_false_proof_fails_its_check_and_the_guard() -> None:
    one = formulation(["x[i, t] <= a[i]", "x[i, t] >= b[i]"], lower=None, data=True)
    form = normal_form(one)
    match = find_match(form, form).match
    assert match is not None
    good = proof_of(form, form, match)
    assert check_proof(one, one, good) and guard(one, one, None, good, form).agreed == 3
    swapped = {"a": "b", "b": "a"}
    bad = replace(good, pairs=tuple(replace(p, b=swapped.get(p.b, p.b)) for p in good.pairs))
    assert not check_proof(one, one, bad)
    with pytest.raises(ContradictionError, match="contradicted by a draw"):
        guard(one, one, None, bad, form)
    for pairs in (good.pairs[1:], (*good.pairs, good.pairs[0]), (*good.pairs[:-1], Pair("variable", "x", "nothing")),
                  (*good.pairs[:-1], replace(good.pairs[-1], order=(0, 0)))):  # fmt: skip
        assert not check_proof(one, one, replace(good, pairs=pairs))


def test_formulas_that_cannot_be_normalised_are_grounded_instead() -> None:
    power = ("sum((x[i, t] + x[i, t] + a[i] + b[i] + s + d) ** 3 for i in I) <= d", "t in T")
    one = formulation([power, ("load[t] <= s", "t in T")], expressions=(LOAD,), data=True)
    assert equivalent_formulations(one, one).verdict == "equivalent"
    circular = replace(one, expressions=(NamedExpression("load", "load[t] + 1", ("t in T",)),))
    found = equivalent_formulations(circular, circular)
    assert found.verdict == "undecided" and any("through itself" in note for note in found.notes)
