"""Why a formulation has no solution, or no best one: the smallest conflict, the cheapest way out, the ray that runs
away, numbers to distrust; in the formulation's words.

Exit codes: 0 when the question is answered (a conflict, a ray, or that there is nothing to explain), 3 when the time
ended it. That a model is infeasible is what is asked about here, not a failure: `termination` under --json tells.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from formulate.cli import output
from formulate.cli.arguments import add_data_option, positive_seconds
from formulate.cli.errors import UsageError
from formulate.cli.files import is_model, read_formulation, read_model

if TYPE_CHECKING:
    from solvers.diagnose import Conflict, Diagnosis, Ray, Relaxation
    from solvers.diagnose.blame import ConflictMember

SUMMARY = "why a model is infeasible or unbounded, and what would mend it"
EXAMPLE = "formulate diagnose plan.yaml --hard demand --hard 'capacity[mill]' --weights oven_limit=5"
SCHEMA = "formulate-diagnosis/1"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `formulate diagnose`."""
    parser.add_argument("file", metavar="FILE",
                        help="a formulation (.json, .yaml, .yml) or a model (.mps, .lp, .nl, also .gz)")
    add_data_option(parser)
    parser.add_argument(
        "--hard",
        metavar="NAME",
        action="append",
        default=[],
        help="constraints, rows or bounds that must stay: demand, 'demand[week 3]', build:upper, bounds; "
        "they are neither blamed nor loosened; may be given often",
    )
    parser.add_argument(
        "--weights",
        metavar="NAME=W",
        action="append",
        default=[],
        help="price of loosening, 1 unless told; inf forbids; may be given often",
    )
    parser.add_argument(
        "--measure",
        choices=("relative", "absolute", "fewest"),
        default="relative",
        help="what is cheap: amounts relative to the numbers (default), absolute amounts, or few changes",
    )
    parser.add_argument(
        "--time-limit",
        metavar="SECONDS",
        type=positive_seconds(),
        default=60.0,
        help="for all parts together (default 60)",
    )


def run(options: argparse.Namespace) -> int:
    """Diagnose and show; 0 when it is decided, else 3."""
    from solvers.diagnose import diagnose
    from solvers.diagnose.selectors import read_weights

    weights = read_weights(options.weights)
    if is_model(options.file) and options.data is not None:
        raise UsageError("a model file holds its data", remedy="leave --data out, or diagnose a formulation")
    problem = read_model(options.file) if is_model(options.file) else read_formulation(options.file)
    with _ends_at_once():
        found = diagnose(
            problem,
            options.data,
            hard=options.hard,
            weights=weights,
            measure=options.measure,
            time_limit=options.time_limit,
        )
    code = 0 if found.decided else 3
    if options.json:
        output.emit_json({"schema": SCHEMA, "exit_code": code, **document(found)})
    else:
        from solvers.render.diagnosis import diagnosis_view

        output.show(diagnosis_view(found))
    return code


@contextmanager
def _ends_at_once() -> Iterator[None]:
    """Within, Ctrl-C ends the process: a diagnosis is many solves, and nothing is kept of a part of them."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def document(found: Diagnosis) -> dict[str, Any]:
    """The `--json` form. Keys are only ever added to a schema, never changed."""
    from dataclasses import asdict

    numbers = found.conditioning
    return {
        "name": found.name, "model_class": found.model_class, "termination": found.termination,
        "decided": found.decided, "objective": found.objective, "solver": found.solver, "seconds": found.seconds,
        "conflict": None if found.conflict is None else conflict_document(found.conflict),
        "relaxation": None if found.relaxation is None else _relaxation(found.relaxation),
        "ray": None if found.ray is None else _ray(found.ray),
        "concerns": [] if numbers is None else [asdict(concern) for concern in numbers.concerns],
        "ranges": {} if numbers is None else {name: [*ends] for name, ends in numbers.ranges.items()},
        "condition": None if numbers is None else numbers.condition,
        "condition_note": "" if numbers is None else numbers.condition_note,
    }  # fmt: skip


def conflict_document(conflict: Conflict) -> dict[str, Any]:
    """A conflict as plain values; multipliers as texts such as "3/2"."""
    from dataclasses import asdict

    def record(member: ConflictMember) -> dict[str, Any]:
        return {**asdict(member), "multiplier": None if member.multiplier is None else str(member.multiplier)}

    members = [record(member) for member in conflict.members]
    return {
        "outcome": conflict.outcome, "irreducible": conflict.irreducible, "hard_alone": conflict.hard_alone,
        "families": [*conflict.families],
        "least_families": [*conflict.least_families], "families_irreducible": conflict.families_irreducible,
        "proven_by": [*conflict.proven_by], "linear": conflict.linear, "members": members,
        "partners": [record(member) for member in conflict.partners],
        "gap": None if conflict.gap is None else str(conflict.gap), "solves": conflict.solves,
        "seconds": conflict.seconds, "message": conflict.message,
    }  # fmt: skip


def _relaxation(relaxation: Relaxation) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(relaxation)


def _ray(ray: Ray) -> dict[str, Any]:
    from dataclasses import asdict, replace

    return {key: value for key, value in asdict(replace(ray, direction=None)).items() if key != "direction"}
