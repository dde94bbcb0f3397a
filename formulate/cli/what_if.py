"""`formulate solve --set` and `--ranging`: the answer under other numbers, and how far the answer's prices hold."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from formulate.cli import output

if TYPE_CHECKING:
    from solvers.formulation import Formulation
    from solvers.model import Model
    from solvers.result import SolveResult

SCHEMA = "formulate-whatif/1"


def run_what_if(formulation: Formulation, options: argparse.Namespace) -> int:
    """Solve before and after, and show both; the exit code of the answer after the change."""
    from formulate.cli.errors import UsageError
    from formulate.cli.solve import exit_code
    from solvers.adapters import SolveOptions
    from solvers.diagnose import what_if

    if options.ranging:
        raise UsageError("--ranging and --set answer different questions", remedy="ask one at a time")
    if options.start is not None:
        raise UsageError("--set starts the second solve from the first by itself", remedy="leave --start out")
    limits = SolveOptions(options.time_limit, options.gap, options.seed, options.threads, options.log)
    answer = what_if(formulation, options.set, options.data, solver=options.solver, options=limits)
    code = (
        max(exit_code(answer.after), exit_code(answer.before))
        if 1 in map(exit_code, (answer.before, answer.after))
        else exit_code(answer.after)
    )
    if options.json:
        from dataclasses import asdict

        output.emit_json({
            "schema": SCHEMA, "name": formulation.name, "exit_code": code, "warm": answer.warm,
            "settings": [asdict(setting) for setting in answer.settings], "before": _side(answer.before),
            "after": _side(answer.after), "differences": [asdict(difference) for difference in answer.differences],
        })  # fmt: skip
        return code
    from solvers.render.diagnosis import what_if_view
    from solvers.render.tables import check_line

    output.show(what_if_view(formulation, answer))
    if answer.after.has_solution:
        output.show(check_line(answer.after))
    if code == 4:
        output.message(
            "with these numbers there is no answer; write them into a copy of the file, and "
            "`formulate diagnose COPY` says why"
        )
    return code


def _side(result: SolveResult) -> dict[str, Any]:
    from formulate.records import result_to_dict, values_to_dict

    record = {key: item for key, item in result_to_dict(result).items() if key not in ("x", "row_duals")}
    return {**record, "values": values_to_dict(result.values), "duals": values_to_dict(result.duals),
            "reduced_costs": values_to_dict(result.reduced_costs)}  # fmt: skip


def ranging_document(
    problem: Formulation | Model, data: Any, result: SolveResult, limit: float | None
) -> dict[str, Any]:
    """`ranging` and `ranging_note` for `--json`; where there are no shadow prices, null and a note that says why."""
    from dataclasses import asdict

    found = _sensitivity(problem, data, result, limit)
    if isinstance(found, str):
        return {"ranging": None, "ranging_note": found}
    return {"ranging": asdict(found), "ranging_note": found.message}


def show_ranging(problem: Formulation | Model, data: Any, result: SolveResult, limit: float | None) -> None:
    """The ranges as tables, or why there are none."""
    found = _sensitivity(problem, data, result, limit)
    if isinstance(found, str):
        output.show(found)
        return
    from solvers.render.diagnosis import sensitivity_view

    output.show("", sensitivity_view(found))


def _sensitivity(problem: Formulation | Model, data: Any, result: SolveResult, limit: float | None) -> Any:
    from solvers.diagnose import sensitivity
    from solvers.errors import FormulateError

    if not result.is_optimal:
        return "no ranges: there is no optimum"
    try:
        return sensitivity(problem, data, time_limit=limit)
    except FormulateError as error:  # the solution is there in any case
        return f"{error.message}; {error.remedy}"
