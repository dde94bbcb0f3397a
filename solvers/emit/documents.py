"""Targets that are no programs: LaTeX from the renderer, MPS, LP and NL files through `Model.write`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from solvers.data import Data
from solvers.errors import SolverMissingError, UnsupportedError
from solvers.formulation import Formulation

_FILES = {
    "mps": frozenset({"linear", "integer", "semicontinuous", "convex_quadratic", "quadratic"}),
    "lp": frozenset({"linear", "integer", "semicontinuous", "convex_quadratic", "quadratic"}),
    "nl": frozenset({"linear", "integer", "convex_quadratic", "quadratic", "nonlinear"}),
}
"""What each file format holds natively."""


def document(formulation: Formulation, target: str, data: Data | None) -> str:
    """The text of a LaTeX page or a model file. Raises UnsupportedError for what the format cannot hold."""
    if target == "latex":
        from solvers.render.latex import to_latex

        return to_latex(formulation)
    return _model_file(formulation, target, data)


def _model_file(formulation: Formulation, suffix: str, data: Data | None) -> str:
    from solvers.emit.prepare import without_semicontinuous
    from solvers.ground import ground
    from solvers.model import Model
    from solvers.reformulate import reformulate

    takes = _FILES[suffix]
    bridged = reformulate(formulation, takes, data).formulation
    if "semicontinuous" not in takes:
        bridged = without_semicontinuous(bridged)
    model = ground(bridged, data)
    if model.is_nonlinear and "nonlinear" not in takes:
        raise UnsupportedError(f"an {suffix.upper()} file holds no nonlinear formulas", place=formulation.name,
                               remedy="emit for nl, scip, pyomo or gurobipy")
    write = getattr(Model, "write", None)
    if write is None:
        raise SolverMissingError(f"{suffix.upper()} files are not written in this version", place="target",
                                 remedy="emit for highspy, scip or pyomo: all of them write model files")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"model.{suffix}"
        write(model, path)
        return path.read_text(encoding="utf-8")
