"""The decision: are two models the same up to names, order and what the normalisation undoes?"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from solvers.model import Model
from verify.equivalence import invariant as words
from verify.equivalence import match, refine, search
from verify.equivalence.components import symmetric_decomposable
from verify.equivalence.form import Form, RefusedError
from verify.equivalence.graph import COLUMN, ROW, Graph, dense, joint_graph
from verify.equivalence.invariant import Pair
from verify.equivalence.normalise import normalise
from verify.equivalence.numbers import Numbers
from verify.equivalence.outcome import DEFAULT, Certificate, Equivalence, Invariant, Options
from verify.equivalence.worklist import Budget, Odd, OutOfBudgetError

_REFUSED = "model "
_SLOW = 0.005
"""A turn that makes fewer new colours than this part of the nodes: the worklist is faster from there on."""


def equivalent(a: Model, b: Model, *, options: Options = DEFAULT) -> Equivalence:
    """Whether two models are equivalent, with the proof. Never raises for a model that arrays can hold."""
    began = time.perf_counter()
    found = structure(a, b, options)
    if found.verdict == "structurally_different":
        from verify.equivalence import diff, witness

        found = witness.seek(a, b, found, options) if options.witness else found
        found = diff.explain(a, b, found, options) if options.diff else found
    return replace(found, seconds=time.perf_counter() - began)


def structure(a: Model, b: Model, options: Options = DEFAULT) -> Equivalence:
    """The verdict on the normal forms alone: equivalent, structurally_different or undecided."""
    if options.exact:
        found = _exact(a, b, options)
        if options.tolerance is None or found.verdict == "equivalent" or found.budget.startswith(_REFUSED):
            return found
    assert options.tolerance is not None
    from verify.equivalence.tolerant import snap

    snapped = snap(a, b, options.tolerance)
    found = replace(_exact(snapped.a, snapped.b, options), mode=f"tolerance {options.tolerance:g}")
    if found.certificate is not None:
        return replace(found, certificate=replace(found.certificate, tolerance=options.tolerance))
    if found.verdict == "structurally_different" and snapped.chains:
        text = f"{snapped.chains} runs of near numbers are longer than the tolerance: nearness does not decide there"
        return replace(found, verdict="undecided", budget=text)
    return found


def _exact(a: Model, b: Model, options: Options) -> Equivalence:
    numbers = Numbers()
    forms: list[Form] = []
    for name, model in (("A", a), ("B", b)):
        try:
            forms.append(normalise(model, numbers, options))
        except RefusedError as error:
            return Equivalence("undecided", budget=f"{_REFUSED}{name} is not compared: {error}")
    notes = tuple(f"{name} is infeasible: {form.infeasible}" for name, form in zip("AB", forms) if form.infeasible)
    one, two = forms
    text = _objectives(one, two)
    if text:
        return Equivalence("structurally_different", invariant=Invariant(text), notes=notes)
    pair = Pair((a, b), (one, two), joint_graph(one, two))
    return replace(decide(pair, options), notes=notes)


def _objectives(one: Form, two: Form) -> str:
    if len(one.offsets) != len(two.offsets):
        return f"A has {len(one.offsets)} levels of the objective, B has {len(two.offsets)}"
    for k, (p, q) in enumerate(zip(one.offsets.tolist(), two.offsets.tolist())):
        if p != q:
            level = "objective" if k == 0 else f"objective of level {k + 1}"
            first, second = one.numbers.text(p), one.numbers.text(q)
            return f"the constant of the {level} (as a minimum) is {first} in A, {second} in B"
    return ""


def decide(pair: Pair, options: Options, mask: int | None = None) -> Equivalence:
    """Refine, match, search: the joint graph of two normal forms. `mask` weakens the hash, for tests."""
    graph, budget = pair.graph, Budget(options.seconds, options.nodes)
    state = refine.start(graph, mask)
    if state.odd is not None:
        return _different(words.of_labels(pair, state.colour, state.odd))
    done = refine.refine(state, slow=_SLOW)
    if state.odd is not None:
        assert state.before is not None
        found = words.of_split(pair, state.before, state.colour, state.odd)
        if found is not None:
            return _different(found)
        return Equivalence("undecided", budget="an imbalance of colours that their labels do not bear out")
    if state.discrete and match.holds(graph, image := match.image_of(graph, state.colour)):
        return _equivalent(pair, image, sd=True)
    colour: np.ndarray | None = None
    try:
        if not done:
            colour = _exactly(pair, state.colour, state.previous, budget)
        else:
            colour = dense(state.colour)
        found_image = search.match_open(graph, colour, budget)
        if not isinstance(found_image, search.NoMatch) and not match.holds(graph, found_image):
            # Colours were coarser than exact refinement makes them (a hash collided): once more from exact ones.
            colour = _exactly(pair, colour, None, budget)
            found_image = search.match_open(graph, colour, budget)
    except _DifferentError as error:
        return _different(error.invariant)
    except OutOfBudgetError as error:
        return _at_the_end(pair, colour, str(error), options)
    sd = symmetric_decomposable(graph, colour)
    if isinstance(found_image, search.NoMatch):
        return _different(words.of_search(pair, found_image), sd=sd)
    if match.holds(graph, found_image):
        return _equivalent(pair, found_image, sd=sd)
    return Equivalence("undecided", budget="a match of components that does not hold as a whole", sd=sd)


class _DifferentError(Exception):
    def __init__(self, invariant: Invariant) -> None:
        super().__init__(invariant.text)
        self.invariant = invariant


def _exactly(pair: Pair, colour: np.ndarray, before: np.ndarray | None, budget: Budget) -> np.ndarray:
    found = search.stabilise(pair.graph, colour, before, budget)
    if isinstance(found, Odd):
        raise _DifferentError(words.of_odd(pair, found))
    return found


def _at_the_end(pair: Pair, colour: np.ndarray | None, budget: str, options: Options) -> Equivalence:
    """Out of budget: the labeller, where one is asked for, else undecided."""
    sd = symmetric_decomposable(pair.graph, colour) if colour is not None else None
    evidence: tuple[str, ...] = ()
    if options.labeller is not None:
        from verify.equivalence.labeller import labelled_matches

        for image in labelled_matches(pair.graph, options.labeller):
            if match.holds(pair.graph, image):
                return _equivalent(pair, image, sd=sd)
        evidence = (f"the canonical forms of {options.labeller} differ (not checked here)",)
    return Equivalence("undecided", budget=budget, evidence=evidence, sd=sd)


def _different(found: Invariant, sd: bool | None = None) -> Equivalence:
    return Equivalence("structurally_different", invariant=found, sd=sd)


def _equivalent(pair: Pair, image: np.ndarray, sd: bool | None) -> Equivalence:
    return Equivalence("equivalent", certificate=certificate(pair.graph, image, pair.forms, pair.models), sd=sd)


def certificate(graph: Graph, image: np.ndarray, forms: tuple[Form, Form], models: tuple[Model, Model]) -> Certificate:
    """The permutations of a match, in positions of the original models."""
    columns = np.full(models[0].num_columns, -1, dtype=np.int64)
    rows = np.full(models[0].num_rows, -1, dtype=np.int64)
    kind, place = graph.kind[: graph.split], graph.place[: graph.split]
    own = kind == COLUMN
    columns[place[own]] = graph.place[image[own]]
    own = (kind == ROW) & (place >= 0)
    onto = graph.place[image[own]]
    rows[place[own]] = np.where(onto < 0, -1 - onto, onto)
    return Certificate(columns, rows, forms[0].log, forms[1].log)
