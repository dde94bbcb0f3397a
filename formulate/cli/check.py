"""Type-check a formulation: names, axes, units, classes. Nothing is solved and no data are bound."""

from __future__ import annotations

import argparse

from formulate.cli import output
from formulate.cli.files import read_formulation

SUMMARY = "types, axes, units and classes of a formulation; no solving"
EXAMPLE = "formulate check examples/bakery/formulation.yaml"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `formulate check`."""
    parser.add_argument("formulation", metavar="FORMULATION", help="a .json, .yaml or .yml file")


def run(options: argparse.Namespace) -> int:
    """Check and report; 1 when there are errors."""
    from solvers.check import check

    formulation = read_formulation(options.formulation)
    report = check(formulation)
    if options.json:
        output.emit_json({"schema": "formulate-check/1", "name": formulation.name, **report.to_dict()})
    else:
        from solvers.render.tables import check_table

        output.show(check_table(formulation, report))
    return 0 if report.ok else 1
