"""A point or an optimum that tells two structurally different models apart, checked in exact arithmetic.

Different optima, or an optimum in one only, tell the models apart whatever the matching of their columns is. A point
that is feasible in one only, or has two objective values, does so under the matching that is named with it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from solvers.compare import OPTIMALITY
from solvers.errors import FormulateError
from solvers.model import ObjectiveLevel
from solvers.structure_check import check_model
from verify.equivalence.alignment import Alignment
from verify.equivalence.diff import MOST_SIZE, best_alignment, completed, size_of
from verify.equivalence.plain import PlainModel, plain
from verify.equivalence.points import Evaluation, Point, evaluate, short, snapped
from verify.equivalence.probes import MOST_PROBES, objective_probe, probe_model, probes

if TYPE_CHECKING:
    from solvers.model import Model
    from solvers.result import SolveResult
    from verify.equivalence.outcome import Equivalence, Options

Kind = Literal["optimum", "infeasible", "unbounded", "point", "objective"]
CLEAR = Fraction(1, 1000)
"""A violation (relative to 1 and the point's size) that a solver's tolerance cannot explain."""
APART = 10
"""Optima differ when they are so many times the optimality tolerance apart."""
MOST_SECONDS = 10.0
DIRECTIONS = 4
"""Random objectives under which each model is looked over where its differences led to no witness."""


@dataclass(frozen=True, slots=True)
class Witness:
    """What tells A and B apart. `point` gives A's columns, by their names in A and in B, where there is a point.

    `matching` names the correspondence of columns that the two evaluations of the point rest on; empty for optima,
    which need none. `proof` is "exact" where rational arithmetic alone shows it, else what else it rests on.
    """

    kind: Kind
    text: str
    point: tuple[tuple[str, str, Fraction], ...] = ()
    in_a: Evaluation | None = None
    in_b: Evaluation | None = None
    matching: str = ""
    proof: str = "exact"

    def __str__(self) -> str:
        return self.text

    def to_json(self) -> dict[str, Any]:
        """Plain lists and strings, numbers as rationals `p/q`."""
        return {
            "kind": self.kind, "text": self.text, "matching": self.matching, "proof": self.proof,
            "point": [[a, b, str(value)] for a, b, value in self.point],
            "in_a": _plain(self.in_a), "in_b": _plain(self.in_b),
        }  # fmt: skip


def _plain(found: Evaluation | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "feasible": found.feasible, "objective": str(found.objective), "violation": str(found.violation),
        "where": found.where, "exact": found.exact, "tolerance": found.tolerance,
    }  # fmt: skip


def seek(a: Model, b: Model, found: Equivalence, options: Options) -> Equivalence:
    """The verdict `semantically_different` with a witness where one is found, else `found` with what was tried."""
    if size_of(a, b) > MOST_SIZE:
        told = f"more than {MOST_SIZE:,} columns, rows and nonzeros: no diff was made and no witness sought"
        return replace(found, notes=(*found.notes, told))
    left, right = plain(a), plain(b)
    match, turned, diff = best_alignment(left, right)
    seeker = _Seeker(a, b, left, right, match, min(options.seconds, 60.0))
    witness = seeker.seek()
    found = replace(found, diff=completed(a, b, match, turned, diff))
    if witness is None:
        told = "no point and no optimum was found that tells the models apart: they may mean the same"
        return replace(found, notes=(*found.notes, "; ".join((told, *seeker.notes))))
    return replace(found, verdict="semantically_different", witness=witness, notes=(*found.notes, *seeker.notes))


class Apart(NamedTuple):
    """Two optima, or an optimum and none: in words, by the point of which side, and what it rests on."""

    kind: Kind
    text: str
    side: int
    rests: str


def optima_apart(one: SolveResult, two: SolveResult, signs: tuple[int, ...]) -> Apart | None:
    """What two results tell apart, whatever the columns are; `signs` are -1 where a side is maximised.

    Optima are apart by the bound of the one that is worse: its solver's claim.
    """
    for side, (mine, other) in enumerate(((one, two), (two, one))):
        name, partner = "AB"[side], "BA"[side]
        if mine.has_solution and other.termination == "infeasible":
            text = f"{name} has a feasible point, {partner} has none ({other.solver} proves it infeasible)"
            return Apart("infeasible", text, side, f"{other.solver}'s proof of infeasibility")
        if mine.is_optimal and other.termination == "unbounded":
            text = f"{partner} is unbounded, {name} has the optimum {mine.objective:.9g}"
            return Apart("unbounded", text, side, f"{other.solver}'s ray")
    if not (one.is_optimal and two.is_optimal) or one.objective is None or two.objective is None:
        return None
    values = [signs[0] * one.objective, signs[1] * two.objective]
    better = 0 if values[0] < values[1] else 1
    worse = (one, two)[1 - better]
    bound = worse.bound if worse.bound is not None else worse.objective
    assert bound is not None
    room = APART * OPTIMALITY.allowance(*values)
    if abs(values[0] - values[1]) <= room or signs[1 - better] * bound - values[better] <= room:
        return None
    text = f"the optimum of A is {one.objective:.9g}, of B {two.objective:.9g}"
    if signs[0] != signs[1]:
        as_a = f"{-two.objective:.9g} as A counts"
        text += f" ({as_a}: {'A' if signs[0] < 0 else 'B'} is maximised, {'B' if signs[0] < 0 else 'A'} minimised)"
    return Apart("optimum", text, better, f"{worse.solver}'s bound of {bound:.9g}")


class _Seeker:
    def __init__(
        self, a: Model, b: Model, left: PlainModel, right: PlainModel, match: Alignment, seconds: float
    ) -> None:  # fmt: skip
        self.models = (a, b)
        self.tidy = (left, right)
        self.raw = (plain(a, tidy=False), plain(b, tidy=False))
        self.match = match
        self.deadline = time.monotonic() + seconds
        self.notes: list[str] = []
        whole = a.num_columns == b.num_columns and all(w >= 0 for w in match.columns)
        self.to_b = match.columns if whole else None
        inverse = [-1] * b.num_columns
        for j, w in enumerate(match.columns):
            if w >= 0:
                inverse[w] = j
        self.from_b = tuple(inverse)

    def seek(self) -> Witness | None:
        results = [self._solve(model) for model in self.models]
        one, two = results
        if one is None or two is None:
            return None
        kept = [self._exact(side, result) for side, result in enumerate(results)]
        apart = optima_apart(one, two, tuple(-1 if numbers.maximise else 1 for numbers in self.raw))
        if apart is not None:
            return self._witness(apart.kind, apart.text, apart.side, kept[apart.side], apart.rests)
        if one.termination == two.termination == "infeasible":
            self.notes.append("both are infeasible: no point can tell them apart")
            return None
        if self.to_b is None:
            self.notes.append("their columns do not match one to one, so only optima were compared")
            return None
        for side, result in enumerate(results):
            if result is not None and result.x is not None:
                found = self._point(side, result.x, kept[side], "the optimum")
                if found is not None:
                    return found
        return self._probed()

    # -- solving -----------------------------------------------------------------------------

    def _solve(self, model: Model) -> SolveResult | None:
        from solvers import solve

        left = self.deadline - time.monotonic()
        if left <= 0.05:
            self.notes.append("time ran out in the search for a witness")
            return None
        try:
            return solve(model, time_limit=min(left, MOST_SECONDS))
        except FormulateError as error:
            self.notes.append(f"not solved: {error.message}")
            return None

    def _exact(self, side: int, result: SolveResult | None) -> Point | None:
        if result is None or result.x is None:
            return None
        return snapped(self.models[side], self.raw[side], result.x)

    # -- optima ------------------------------------------------------------------------------

    def _witness(self, kind: Kind, text: str, side: int, point: Point | None, rests: str) -> Witness:
        """A witness that needs no matching, with both evaluations of the point where one is to hand."""
        proof = rests if point is not None else f"{rests}, and a point that is feasible within its tolerance"
        if point is None:
            return Witness(kind, text, proof=proof)
        if self.to_b is None:
            mine = evaluate(self.models[side], self.raw[side], point)
            values = zip(self.raw[side].columns, point)
            named = tuple((c.name, "", v) if side == 0 else ("", c.name, v) for c, v in values)
            return Witness(kind, text, named, mine if side == 0 else None, mine if side else None, "", proof)
        in_a, in_b, named = self._both(side, point)
        return Witness(kind, text, named, in_a, in_b, self._basis(), proof)

    # -- points ------------------------------------------------------------------------------

    def _basis(self) -> str:
        return "columns matched by " + ("names" if self.match.basis == "names" else "what their rows and costs say")

    def _both(self, side: int, point: Point) -> tuple[Evaluation, Evaluation, tuple[tuple[str, str, Fraction], ...]]:
        """Both evaluations of a point given in the columns of A (side 0) or of B (side 1)."""
        assert self.to_b is not None
        if side == 0:
            other = [Fraction(0)] * len(point)
            for j, w in enumerate(self.to_b):
                other[w] = point[j]
            points = (point, tuple(other))
        else:
            points = (tuple(point[w] for w in self.to_b), point)
        evaluations = [evaluate(m, numbers, x) for m, numbers, x in zip(self.models, self.raw, points)]
        named = tuple(
            (c.name, self.raw[1].columns[w].name, v) for c, w, v in zip(self.raw[0].columns, self.to_b, points[0])
        )
        return evaluations[0], evaluations[1], named

    def _point(self, side: int, x: np.ndarray, exact: Point | None, about: str) -> Witness | None:
        """The witness that a solver's point of one model is, if it is one: exactly, else clearly."""
        proof, near = "exact", exact is None
        if exact is None:
            check = check_model(self.models[side], x)
            if check is None or not check.feasible:
                return None
            exact = tuple(Fraction(float(v)) for v in x)
            proof = f"feasible in {'AB'[side]} within {check.tolerance}; the violation is clearly beyond it"
        in_a, in_b, named = self._both(side, exact)
        mine, other = (in_a, in_b) if side == 0 else (in_b, in_a)
        if not (in_a.exact and in_b.exact):
            proof = f"evaluated in floating point ({in_a.tolerance if not in_a.exact else in_b.tolerance})"
        if not mine.feasible and not near:
            return None
        size = 1 + max((abs(v) for v in exact), default=Fraction(0))
        if not other.feasible and (proof == "exact" or other.violation > CLEAR * size):
            beyond = f"in {'BA'[side]} {other.where} is violated by {short(other.violation)}"
            text = f"{about} of {'AB'[side]} is feasible there, and {beyond}"
            return Witness("point", text, named, in_a, in_b, self._basis(), proof)
        # Objectives are compared in one sense: min f is max -f.
        values = [e.objective * (-1 if n.maximise else 1) for e, n in zip((in_a, in_b), self.raw)]
        apart = abs(values[0] - values[1])
        if other.feasible and apart > (0 if proof == "exact" else CLEAR * (1 + abs(values[0]))):
            objectives = f"{short(in_a.objective)} in A, {short(in_b.objective)} in B"
            text = f"a point feasible in both has the objective {objectives}"
            return Witness("objective", text, named, in_a, in_b, self._basis(), proof)
        return None

    def _probed(self) -> Witness | None:
        rows_back = [-1] * len(self.tidy[1].rows)
        for i, w in enumerate(self.match.rows):
            if w >= 0:
                rows_back[w] = i
        assert self.to_b is not None
        plans = (
            probes(self.tidy[0], self.tidy[1], self.to_b, self.match.rows),
            probes(self.tidy[1], self.tidy[0], self.from_b, tuple(rows_back)),
        )
        for tried, (side, probe) in enumerate(_in_turn(*plans)):
            if tried >= MOST_PROBES:
                self.notes.append(f"only the first {MOST_PROBES} differences were looked at")
                break
            found = self._tried(side, probe)
            if found is not None:
                return found
        for side, columns in enumerate((self.to_b, self.from_b)):
            objective = objective_probe(self.tidy[side], self.tidy[1 - side], columns)
            if objective is not None:
                for turn in (objective, replace(objective, upward=False, most=None, least=Fraction(-1000))):
                    found = self._tried(side, turn)
                    if found is not None:
                        return found
        return self._wandered()

    def _wandered(self) -> Witness | None:
        """Points of both models in random directions, and between them: for what no row or cost tells, as products."""
        rng = np.random.default_rng(1)
        for side, model in enumerate(self.models):
            kept: list[Point] = []
            for _ in range(DIRECTIONS):
                costs = rng.integers(-3, 4, model.num_columns).astype(float)
                result = self._solve(replace(model, levels=(ObjectiveLevel(costs),), slots=None))
                if result is None or result.x is None:
                    continue
                exact = snapped(model, self.raw[side], result.x)
                if exact is None:
                    continue
                middles = [tuple((p + q) / 2 for p, q in zip(exact, other)) for other in kept]
                kept.append(exact)
                for point in (exact, *middles):
                    found = self._point(side, np.zeros(0), point, "a point")
                    if found is not None:
                        return found
        return None

    def _tried(self, side: int, probe: Any) -> Witness | None:
        result = self._solve(probe_model(self.models[side], probe))
        if result is None or result.x is None:
            return None
        # Also the model's own rows at the point, not those of the probe, decide what it is.
        exact = snapped(self.models[side], self.raw[side], result.x)
        return self._point(side, result.x, exact, f"a point beyond {probe.about}")


def _in_turn(*plans: Iterator[Any]) -> Iterator[tuple[int, Any]]:
    """One of each plan after the other."""
    open_ = dict(enumerate(plans))
    while open_:
        for side in list(open_):
            probe = next(open_[side], None)
            if probe is None:
                del open_[side]
            else:
                yield side, probe
