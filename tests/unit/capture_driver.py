"""Runs programs one after the other, with the hooks or without, and tells what they printed and what was captured.

`python capture_driver.py hooked|plain < programs.json > report.json`; in a process of its own, since hooks stay.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import runpy
import sys
import tempfile
import warnings
from typing import Any


def main() -> None:
    programs: dict[str, str] = json.load(sys.stdin)
    if sys.argv[1] == "hooked":
        from solvers.sandbox.capture import install

        install()
        heavy = {"highspy", "pyomo", "ortools", "pyscipopt", "pulp", "cvxpy", "scipy"}
        assert not heavy & sys.modules.keys(), "install() imports libraries"
    report = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what solvers print themselves
    json.dump({name: ran(source) for name, source in programs.items()}, report)


def ran(source: str) -> dict[str, Any]:
    """One program: its output, its exception, its captured solves."""
    from solvers.sandbox.recorder import fresh

    recorder, out, error = fresh(), io.StringIO(), ""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        file.write(source)
        file.flush()
        try:
            with contextlib.redirect_stdout(out):
                runpy.run_path(file.name, run_name="__main__")
        except Exception as exc:  # noqa: BLE001
            error = f"{type(exc).__name__}: {exc}"
    captured = sys.argv[1] == "hooked"
    return {
        "output": out.getvalue(), "error": error, "warnings": sorted({str(w.message) for w in warned}),
        "solves": [told(s) for s in recorder.solves] if captured else [],
    }  # fmt: skip


def told(item: Any) -> dict[str, Any]:
    """A captured solve, the solve of its model by ours, and the check of its point; it has to fit through the wire."""
    from solvers import solve
    from solvers.sandbox.wire import pack_solve, unpack_solve
    from solvers.structure_check import check_model

    item = unpack_solve(pack_solve(item))
    found = {
        "library": item.library, "asked": item.asked, "solved_by": item.solved_by, "uncaptured": item.uncaptured,
        "termination": item.result.termination, "objective": item.result.objective, "bound": item.result.bound,
    }  # fmt: skip
    if item.model is None:
        return found
    model = item.model
    own = solve(model)
    check = check_model(model, item.result.x)
    return found | {
        "class": model.class_name, "sense": model.sense, "own": own.termination, "own_objective": own.objective,
        "columns": [model.column_label(j) for j in range(model.num_columns)],
        "rows": [model.row_label(i) for i in range(model.num_rows)],
        "feasible": None if check is None else check.feasible, "where": "" if check is None else check.where,
        "at_point": None if check is None else check.objective,
        "x": None if item.result.x is None else item.result.x.tolist(),
    }  # fmt: skip


if __name__ == "__main__":
    main()
