"""Write a formulation as a readable program for a solver library, as a LaTeX page, or as a model file.

A model file (.mps, .lp, .nl) becomes one of another format.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formulate.cli import output
from formulate.cli.arguments import add_data_option
from formulate.cli.files import is_model, read_formulation, read_model

if TYPE_CHECKING:
    from solvers.emit import Program

SUMMARY = "readable solver code, LaTeX, MPS, LP or NL from a formulation; one model file as another"
EXAMPLE = "formulate emit examples/bakery/formulation.yaml --to pyomo --out bakery.py"
SCHEMA = "formulate-emit/1"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `formulate emit`."""
    parser.add_argument("formulation", metavar="FORMULATION",
                        help="a .json, .yaml or .yml file, or a model (.mps, .lp, .nl, also .gz)")
    parser.add_argument("--to", metavar="TARGET", required=True,
                        help="pyomo, highspy, mathopt, cpsat, scip, gurobipy, latex, mps, lp or nl")
    add_data_option(parser)
    parser.add_argument("--out", metavar="FILE",
                        help="write there instead of to the terminal; into a folder under the formulation's name. "
                        "Large data are then kept in a JSON file beside the program")
    parser.add_argument("--portable", action="store_true",
                        help="for mps and lp: what every reader takes; big-M rows instead of indicators and ordered "
                        "sets, x(0) instead of x[0]")
    parser.add_argument("--force", action="store_true", help="replace files that exist")


def run(options: argparse.Namespace) -> int:
    """Emit, and show or save."""
    from solvers.emit import DOCUMENTS, emit

    asked = options.formulation
    formulation = read_model(asked) if is_model(asked) else read_formulation(asked)
    path = _path(options.out, formulation.name, DOCUMENTS.get(options.to.lower(), "py"))
    data_file = None if path is None else f"{path.stem}_data.json"
    program = emit(formulation, options.to, options.data, data_file=data_file, portable=options.portable)
    written = [] if path is None else save(program, path, options.force)
    if options.json:
        output.emit_json({
            "schema": SCHEMA, "name": formulation.name, "target": program.target, "files": written,
            "code": program.text, "data": program.files,
        })
    elif path is None:
        output.result(program.text.rstrip("\n"))
    else:
        output.message(f"written: {', '.join(written)}")
    return 0


def _path(out: str | None, name: str, suffix: str) -> Path | None:
    if out is None:
        return None
    path = Path(out)
    if path.is_dir() or out.endswith(("/", os.sep)):
        plain = "".join(c if c.isalnum() or c in "-_" else "_" for c in name) or "model"
        return path / f"{plain[:100]}.{suffix}"
    return path


def save(program: Program, path: Path, force: bool) -> list[str]:
    """Write a program and the files beside it; their names. Raises UsageError where one exists already."""
    from formulate.cli.errors import UsageError

    files: dict[Path, Any] = {path: program.text}
    files |= {path.with_name(name): text for name, text in program.files.items()}
    taken = [str(p) for p in files if os.path.lexists(p)]
    if taken and not force:
        raise UsageError(f"--out: {', '.join(taken)} exists already", remedy="name another file, or add --force")
    path.parent.mkdir(parents=True, exist_ok=True)
    for target, text in files.items():
        target.write_text(text, encoding="utf-8")
    return [str(p) for p in files]
