"""`solve`: formulation or model, data, a solver that fits, and every solution checked."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from solvers.adapters import Adapter, SolveOptions, adapter
from solvers.adapters.base import RawSolution, joined, without_huge
from solvers.choice import choose, prepare
from solvers.compare import ANSWER, SOLVER, compare
from solvers.data import Data
from solvers.errors import SolverMissingError, UnsupportedError
from solvers.formulation import Formulation
from solvers.model import SEMICONTINUOUS, SEMIINTEGER, Block, Csr, Model
from solvers.ratio_unit import fitted
from solvers.result import BlockValues, SolutionCheck, SolveResult, Termination
from solvers.start import start_array
from solvers.structure_check import check_model

LEVEL_SLACKS = (1e-9, 1e-6)
"""Relative room left to a higher-priority objective while a lower one is optimised; the second where the first is
too tight for the solver."""


def solve(
    problem: Formulation | Model,
    data: Any = None,
    solver: str | None = None,
    *,
    time_limit: float | None = None,
    gap: float | None = None,
    seed: int = 0,
    threads: int | None = None,
    log: bool = False,
    start: Any = None,
) -> SolveResult:
    """Solve a formulation (on `data`: a `Data`, a path, a mapping or a DataFrame) or a grounded model.

    Units and lints are the business of `Formulation.check()`, which the command line asks first.

    Without `solver` the structure and class of the model decide (solvers.choice). Raises UnsupportedError, before
    anything is solved, when the asked solver cannot hold it, SolverMissingError when it is absent, DataError and
    GroundingError for what does not fit. Time limit in wall-clock seconds, gap relative. `log` sends the solver's
    own log to stderr. `start` (an earlier result, or values by variable and key, possibly partial) is handed to
    the solver where it takes one; the result's message says what came of it. Ctrl-C ends the solve with the
    termination `interrupted` and the best solution found.
    """
    options = SolveOptions(time_limit, gap, seed, threads, log)
    started = time.perf_counter()
    if isinstance(problem, Model):
        problem = without_huge(problem)
        chosen, reason = choose(problem, solver)
        result = finish(problem, *_answer(chosen, problem, options, start, reason, asked=solver is not None))
        return replace(result, check=check_model(problem, result.x), seconds=time.perf_counter() - started)
    bound = as_data(problem, data)
    bridged, chosen, model, reason = prepare(problem, bound, solver)
    model = without_huge(model)
    if bridged.scale:
        if start is not None:  # its values are not those of the scaled program
            reason, start = joined(reason, "the ratio was made linear: the start values were not used"), None
        model, answer = fitted(
            model, bridged,
            lambda scaled: _answer(
                chosen, scaled, _left(options, started), start, reason, asked=solver is not None
            ),
            lambda given: given[0],
        )  # fmt: skip
    else:
        answer = _answer(chosen, model, options, start, reason, asked=solver is not None)
    result = finish(model, *answer)
    if result.has_solution:
        result = replace(result, values=bridged.map_back(result.values))
        if bridged.scale:  # prices of a scaled program are not those of the one that was given
            result = replace(result, duals={}, reduced_costs={}, row_duals=None, dual_status="none", unique=None)
    if bound is not None and bound.unused:
        note = f"not used of the data: {', '.join(bound.unused[:8])}" + (", ..." if len(bound.unused) > 8 else "")
        result = replace(result, message=joined(result.message, note))
    result = replace(result, seconds=time.perf_counter() - started)
    return replace(result, check=check_formulation(problem, bound, model, result))


def as_data(formulation: Formulation, data: Any) -> Data | None:
    """Data as given, or bound from a path, a mapping or a DataFrame."""
    if data is None or isinstance(data, Data):
        return data
    from solvers.data import bind

    return bind(formulation, data)


def grounded(formulation: Formulation, data: Data | None = None) -> Model:
    """The model that `solve` would hand over, without solving it. Raises what `solve` raises before a solver starts."""
    model = prepare(formulation, data, None).model
    _refuse_levels(model)
    return model


def _answer(
    chosen: Adapter, model: Model, options: SolveOptions, start: Any, reason: str, *, asked: bool
) -> tuple[RawSolution, Adapter, str]:
    """The answer, who gave it and why; where nobody asked for HiGHS and it got into trouble, SCIP is asked too."""
    started = time.perf_counter()
    raw = _run(chosen, model, options, start)
    if asked or raw.termination != "numerical" or chosen.name != "highs":
        return raw, chosen, reason
    other = adapter("scip")
    if other.refusal(model) is not None:
        return raw, chosen, reason
    try:
        again = _run(other, model, _left(options, started), start)
    except SolverMissingError:  # it broke: what HiGHS said stands
        return raw, chosen, reason
    if again.termination in ("numerical", "error"):
        return raw, chosen, reason
    return again, other, joined(reason, f"solved again with SCIP, because HiGHS said: {raw.message}")


def _left(options: SolveOptions, started: float) -> SolveOptions:
    """The options for what comes after a solve that began at `started`: one time limit for all of it."""
    if options.time_limit is None:
        return options
    return replace(options, time_limit=max(0.01, options.time_limit - (time.perf_counter() - started)))


def _run(chosen: Adapter, model: Model, options: SolveOptions, start: Any) -> RawSolution:
    """All levels, from the start values where there are some."""
    if start is None:
        return _levels(chosen, model, options)
    array, note = start_array(model, start)
    if np.all(np.isfinite(array)):
        verdict = check_model(model, array)
        if verdict is not None and not verdict.feasible:
            note = joined(note, f"the start is not feasible: {verdict.where} is off by {verdict.violation:.3g}")
    raw = _levels(chosen, model, replace(options, start=array))
    return replace(raw, message=joined(raw.message, note))


def _levels(chosen: Adapter, model: Model, options: SolveOptions) -> RawSolution:
    """Optimise the objective levels in order, holding each at its optimum, within one time limit."""
    _refuse_levels(model)
    started = time.perf_counter()
    raw = trusted(chosen.solve(model, options), model, options)
    while len(model.levels) > 1 and raw.termination == "optimal" and raw.x is not None:
        level = model.objective
        reached = level.value(raw.x)
        for slack in LEVEL_SLACKS:
            room = slack * max(1.0, abs(reached))
            held = _held(model, reached + room if model.sense == "min" else reached - room)
            left = _left(options, started)
            lower = trusted(chosen.solve(held, left), held, left)
            if lower.termination not in ("infeasible", "infeasible_or_unbounded", "numerical"):
                break
        if lower.x is None and lower.termination != "unbounded":
            note = f"objective priority {level.priority} is optimal, what comes after it ended: {lower.termination}"
            ended: Termination = "numerical" if lower.termination == "infeasible" else lower.termination
            return replace(raw, termination=ended, message=note)
        model, raw = held, lower
    if len(model.levels) > 1 and raw.x is not None:
        later = ", ".join(str(level.priority) for level in model.levels[1:])
        first = model.objective.priority
        note = f"objective priority {first} is not proven optimal: priority {later} was not optimised"
        raw = replace(raw, message=joined(raw.message, note))
    return raw


def _refuse_levels(model: Model) -> None:
    for level in model.levels[:-1]:
        if level.quadratic is not None or level.nonlinear is not None:
            raise UnsupportedError(
                "a nonlinear objective cannot be held while a lower priority is optimised",
                place=f"objective priority {level.priority}", remedy="make it the lowest priority",
            )


def trusted(raw: RawSolution, model: Model, options: SolveOptions) -> RawSolution:
    """The answer, put within its bounds where it lies off them by the solver's tolerance; an optimum that its own
    bound contradicts is none (near singularities a tolerance of 1e-9 may be worth any amount of objective)."""
    if raw.x is None:
        return raw
    inside = np.clip(raw.x, model.col_lower, model.col_upper)
    semi = (model.kinds == SEMICONTINUOUS) | (model.kinds == SEMIINTEGER)
    dust = SOLVER.absolute + SOLVER.relative * np.abs(raw.x)
    x = np.where(~semi & (np.abs(inside - raw.x) <= dust), inside, raw.x)
    objective = model.objective.value(x)
    raw = replace(raw, x=x, objective=objective)
    if raw.termination != "optimal" or raw.bound is None:
        return raw
    agreed = replace(ANSWER, relative=ANSWER.relative + (options.gap or 0.0))
    if compare(objective, raw.bound, agreed).equal:
        return raw
    return replace(raw, termination="numerical", bound=None, message=(
        f"the solver calls optimal what its own bound, {raw.bound:g}, contradicts: the solution is worth "
        f"{objective:g}; keep arguments of log, of powers and of divisions away from 0, and scale the units"
    ))


def _held(model: Model, limit: float) -> Model:
    """The next level, with a row that holds the first one at its limit."""
    level = model.objective
    cols = np.flatnonzero(level.costs).astype(np.int32)
    matrix = model.matrix
    end = np.array([matrix.nonzeros + len(cols)], dtype=matrix.start.dtype)
    held = Csr(
        np.concatenate([matrix.start, end]), np.concatenate([matrix.index, cols]),
        np.concatenate([matrix.value, level.costs[cols]]), matrix.columns,
    )  # fmt: skip
    low, high = (-np.inf, limit - level.offset) if model.sense == "min" else (limit - level.offset, np.inf)
    return replace(
        model, levels=model.levels[1:], matrix=held, row_lower=np.append(model.row_lower, low),
        row_upper=np.append(model.row_upper, high), slots=None,
        rows=(*model.rows, Block(f"objective priority {level.priority} held", model.num_rows, 1)),
    )  # fmt: skip


def finish(model: Model, raw: RawSolution, chosen: Adapter, reason: str = "") -> SolveResult:
    """A solver's arrays as a result in the formulation's words; not yet checked."""
    values: Mapping[str, BlockValues] = {}
    objective = None
    if raw.x is not None:
        values = by_block(model.columns, raw.x)
        objective = model.objective.value(raw.x) if len(model.levels) > 1 else raw.objective
    message = "; ".join(m for m in (raw.message, reason, *model.notes) if m)
    return SolveResult(
        termination=raw.termination, primal_status=raw.primal_status, dual_status=raw.dual_status,
        objective=objective, bound=raw.bound if len(model.levels) == 1 else None, values=values,
        duals=by_block(model.rows, raw.row_duals) if raw.row_duals is not None else {},
        reduced_costs=by_block(model.columns, raw.reduced_costs) if raw.reduced_costs is not None else {},
        unique=raw.unique if len(model.levels) == 1 else None, solver=chosen.name, version=chosen.version(),
        build_seconds=raw.build_seconds, message=message, x=raw.x, row_duals=raw.row_duals,
        levels=tuple(level.value(raw.x) for level in model.levels) if raw.x is not None else (),
    )  # fmt: skip


def by_block(blocks: tuple[Block, ...], array: np.ndarray) -> dict[str, BlockValues]:
    """A flat vector cut by family; parts of one constraint after the first are named `name#2`."""
    out: dict[str, BlockValues] = {}
    for block in blocks:
        name = block.name if block.part == 0 else f"{block.name}#{block.part + 1}"
        out[name] = BlockValues(block, array[block.start : block.start + block.size])
    return out


# -- checking ----------------------------------------------------------------------------------------


def check_formulation(
    formulation: Formulation, data: Data | None, model: Model, result: SolveResult
) -> SolutionCheck | None:
    """The independent evaluator's verdict on a solution; on the arrays where the instance is too large for it.

    What the evaluator refuses though grounding took it (the largest of no numbers) stays unchecked.
    """
    if not result.has_solution:
        return None
    from solvers.interpret import check_solution

    verdict = check_solution(formulation, data, result.values)
    if verdict.feasible is not None or not verdict.gave_up:
        return verdict
    on_arrays = check_model(model, result.x)
    assert on_arrays is not None
    return replace(on_arrays, reason=verdict.reason)
