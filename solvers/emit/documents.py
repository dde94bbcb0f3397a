"""Targets that are no programs: LaTeX from the renderer, MPS, LP and NL files through `Model.write`."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from solvers.data import Data
from solvers.errors import UnsupportedError
from solvers.formulation import Cell, Formulation
from solvers.model import Model

NATIVE = {
    "mps": frozenset({"linear", "integer", "semicontinuous", "convex_quadratic", "quadratic", "indicator", "sos"}),
    "lp": frozenset({"linear", "integer", "semicontinuous", "convex_quadratic", "quadratic", "indicator", "sos"}),
    "nl": frozenset({"linear", "integer", "convex_quadratic", "quadratic", "nonlinear"}),
}
"""What each file format holds natively."""
SPECIAL = frozenset({"indicator", "sos", "semicontinuous"})
"""Sections that not every reader of MPS and LP files knows (HiGHS, CBC and GLPK lack some)."""


def document(formulation: Formulation, target: str, data: Data | None, portable: bool = False) -> str:
    """The text of a LaTeX page or a model file. Raises UnsupportedError for what the format cannot hold.

    A `portable` model file keeps to rows, bounds and whole numbers, and to names that all readers take.
    """
    if target == "latex":
        from solvers.render.latex import to_latex

        return to_latex(formulation if data is None else _filled(formulation, data))
    return _model_file(formulation, target, data, portable)


def _filled(formulation: Formulation, data: Data) -> Formulation:
    """The formulation with the data in it, so that the page shows the numbers."""
    from solvers.emit.data import cells
    from solvers.interpret import Instance

    instance = Instance(formulation, data)
    sets = tuple(
        replace(s, elements=instance.elements(s.name)) if s.expr is None and not s.over else s for s in formulation.sets
    )
    parameters = tuple(
        replace(p, cells=tuple(Cell(key, value) for key, value in cells(instance, p).items()), by_position=())
        if p.expr is None and p.name in data.parameters else p
        for p in formulation.parameters
    )
    return replace(formulation, sets=sets, parameters=parameters)


def _model_file(formulation: Formulation, suffix: str, data: Data | None, portable: bool) -> str:
    from solvers.ground import ground
    from solvers.reformulate import reformulate

    takes = NATIVE[suffix] - SPECIAL if portable else NATIVE[suffix]
    model = ground(reformulate(formulation, takes, data).formulation, data)
    if model.is_nonlinear and "nonlinear" not in takes:
        raise UnsupportedError(f"an {suffix.upper()} file holds no nonlinear formulas", place=formulation.name,
                               remedy="emit for nl, scip, pyomo or gurobipy")
    return model_text(model, suffix, portable)


def model_text(model: Model, suffix: str, portable: bool = False) -> str:
    """A model as the text of an MPS, LP or NL file. Raises UnsupportedError for what the format cannot hold."""
    if portable and model.structure:
        raise UnsupportedError(
            f"a portable file holds no {', '.join(model.structure)}: rows alone do not express it", place=model.name,
            remedy="leave --portable out, or emit the formulation, which is rewritten in rows",
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"model.{suffix}"
        if portable and suffix == "lp":
            from solvers.io.lp_write import write_lp

            write_lp(model, path, portable=True)
        else:
            model.write(path)
        return path.read_text(encoding="utf-8")
