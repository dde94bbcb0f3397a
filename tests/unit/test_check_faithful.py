"""Faithful formulations pass; each single slip put into one of them is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from solvers.check import check
from solvers.expression import map_children, parse, unparse
from solvers.expression.nodes import Compare, Expr, Name, Ref
from solvers.formulation import Formulation

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("tests/golden/*/formulation.yaml"), *ROOT.glob("examples/*/formulation.yaml")])
pytestmark = pytest.mark.skipif(len(DOCUMENTS) < 5, reason="no worked formulations in this checkout")


def _name(path: Path) -> str:
    return path.parent.name


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_faithful_formulations_have_no_errors(path: Path) -> None:
    report = check(Formulation.read(str(path)))
    assert report.ok, str(report)
    assert report.classes.model is not None
    assert not [i for i in report.warnings if i.code not in ("slot-missing", "unused")], str(report)


def _variants(expr: Expr, change: Callable[[Expr], Expr | None]) -> Iterator[Expr]:
    """The formula with one node changed, for each node that `change` does not decline."""
    changed = change(expr)
    if changed is not None:
        yield changed
    found: list[Expr] = []
    map_children(expr, lambda child: found.append(child) or child)  # type: ignore[func-returns-value]
    for position, child in enumerate(found):
        for variant in _variants(child, change):
            count = iter(range(len(found)))
            yield map_children(expr, lambda c, v=variant, n=count, at=position: v if next(n) == at else c)  # type: ignore[misc]


def _mutants(formulation: Formulation, change: Callable[[Expr], Expr | None]) -> Iterator[tuple[str, Formulation]]:
    for k, constraint in enumerate(formulation.constraints):
        for variant in _variants(parse(constraint.expr), change):
            mutant = replace(constraint, expr=unparse(variant))
            rows = (*formulation.constraints[:k], mutant, *formulation.constraints[k + 1 :])
            yield constraint.name, replace(formulation, constraints=rows)


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_a_misspelt_name_is_found(path: Path) -> None:
    formulation = Formulation.read(str(path))

    def misspell(node: Expr) -> Expr | None:
        if isinstance(node, Ref):
            return Ref(node.base + "qq", node.keys)
        return Name(node.id + "qq") if isinstance(node, Name) and node.id in formulation.by_name else None

    mutants = list(_mutants(formulation, misspell))
    assert mutants or not formulation.constraints
    for element, mutant in mutants:
        found = {(i.code, i.place.element) for i in check(mutant, units=False).errors}
        assert ("undeclared", element) in found


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_an_index_too_few_or_too_many_is_found(path: Path) -> None:
    formulation = Formulation.read(str(path))
    for change in (
        lambda node: Ref(node.base, node.keys[1:]) if isinstance(node, Ref) and node.keys[1:] else None,
        lambda node: Ref(node.base, (*node.keys, node.keys[0])) if isinstance(node, Ref) else None,
        lambda node: Name(node.base) if isinstance(node, Ref) else None,
    ):
        for element, mutant in _mutants(formulation, change):
            found = {i.place.element for i in check(mutant, units=False).errors}
            assert element in found, mutant.constraints


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_a_comparison_left_out_is_found(path: Path) -> None:
    formulation = Formulation.read(str(path))
    for k, constraint in enumerate(formulation.constraints):
        tree = parse(constraint.expr)
        if not isinstance(tree, Compare):
            continue
        half = replace(constraint, expr=unparse(tree.operands[0]))
        mutant = replace(formulation, constraints=(*formulation.constraints[:k], half, *formulation.constraints[k + 1 :]))
        assert "no-comparison" in {i.code for i in check(mutant, units=False).errors}


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_checking_twice_says_the_same(path: Path) -> None:
    formulation = Formulation.read(str(path))
    assert check(formulation).to_dict() == check(formulation).to_dict()
