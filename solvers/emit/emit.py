"""`emit`: a formulation, on its data, as a readable program or model file for one target."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from solvers.emit.pieces import Program
from solvers.emit.script import Script
from solvers.errors import TypingError, UnsupportedError
from solvers.formulation import Formulation
from solvers.model import Model

if TYPE_CHECKING:
    from solvers.data import Data

SCRIPTS = {
    "pyomo": "solvers.emit.pyomo", "highspy": "solvers.emit.highspy", "mathopt": "solvers.emit.mathopt",
    "cpsat": "solvers.emit.cpsat", "scip": "solvers.emit.scip", "gurobipy": "solvers.emit.gurobipy",
}
"""Targets that are Python programs."""

DOCUMENTS = {"latex": "tex", "mps": "mps", "lp": "lp", "nl": "nl"}
"""Targets that are other text, with their suffix."""

TARGETS = (*SCRIPTS, *DOCUMENTS)


def emit(
    formulation: Formulation | Model, target: str, data: Any = None, *, data_file: str | None = None,
    portable: bool = False,
) -> Program:
    """The program of a formulation for a target, on `data` (a `Data`, a path, a mapping, a DataFrame) over its own.

    A model (as from a file) becomes a model file of another format; a program is written of formulations only.
    With `data_file`, large sets and parameters are kept in a JSON file of that name beside the program
    (`Program.files`). A `portable` MPS or LP file holds nothing that some readers lack: rows with big-M stand for
    indicators and special ordered sets. Raises UnsupportedError, naming a target that can, for what the target
    cannot hold, DataError and GroundingError for what does not fit.
    """
    from solvers.solving import as_data

    name = target_named(target)
    if portable and name not in ("mps", "lp"):
        raise UnsupportedError(f"portable speaks of mps and lp files, not of {name}", place="portable",
                               remedy="leave it out")
    if isinstance(formulation, Model):
        return _converted(formulation, name, data, portable)
    _refuse_ill_typed(formulation)
    bound = as_data(formulation, data)
    try:
        return _written(formulation, name, bound, data_file, portable)
    except UnsupportedError as error:
        error.remedy = _other_targets(formulation, name, bound, error.remedy)
        raise


def _written(
    formulation: Formulation, name: str, bound: Data | None, data_file: str | None, portable: bool = False
) -> Program:
    if name in SCRIPTS:
        from solvers.emit.prepare import prepare

        module = import_module(SCRIPTS[name])
        prepared = prepare(formulation, module.DIALECT, bound)
        script: type[Script] = getattr(module, "SCRIPT", Script)
        return script(prepared, module.DIALECT, data_file).program()
    from solvers.emit.documents import document

    return Program(name, document(formulation, name, bound, portable))


def _other_targets(formulation: Formulation, refused: str, bound: Data | None, remedy: str) -> str:
    """The remedy with the targets of the same kind that do hold the formulation, and programs: each is tried."""
    others = [name for name in (SCRIPTS if refused in SCRIPTS else ("nl", "lp", "mps", *SCRIPTS)) if name != refused]
    able = [name for name in others if _takes(formulation, name, bound)]
    advice = f"emit for {', '.join(able)}" if able else "no target holds it as it stands"
    kept = [part for part in remedy.split("; ") if part and not part.removeprefix("or ").startswith("emit for")]
    return "; ".join([*kept, advice])


def _takes(formulation: Formulation, name: str, bound: Data | None) -> bool:
    try:
        _written(formulation, name, bound, None)
    except UnsupportedError:
        return False
    return True


def _converted(model: Model, target: str, data: Any, portable: bool) -> Program:
    from solvers.emit.documents import model_text

    formats = [name for name in DOCUMENTS if name != "latex"]
    if target not in formats:
        raise UnsupportedError(
            f"{model.name or 'the model'} is rows and columns without formulas: no {target} is written of it",
            place="target", remedy=f"emit it as {', '.join(formats)}, or emit the formulation",
        )
    if data is not None:
        raise UnsupportedError("a model holds its data", place=model.name, remedy="leave the data out")
    return Program(target, model_text(model, target, portable))


def target_named(target: str) -> str:
    """The name of a target. Raises UnsupportedError for one that does not exist."""
    name = target.lower()
    if name not in TARGETS:
        raise UnsupportedError(f"there is no target {target!r}", place="target",
                               remedy="choose one of " + ", ".join(TARGETS))
    return name


def _refuse_ill_typed(formulation: Formulation) -> None:
    """Nothing is written that `check` finds wrong, but for names: identifiers are made here anyway."""
    from solvers.check import check

    errors = [e for e in check(formulation).errors if e.code not in ("name", "reserved")]
    if errors:
        raise TypingError(errors[0].message, place=errors[0].place, remedy=errors[0].remedy)
