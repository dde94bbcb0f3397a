"""Check a formulation: names, axes, units, classes and, where its data are there, grounding. Nothing is solved."""

from __future__ import annotations

import argparse

from formulate.cli import output
from formulate.cli.arguments import add_data_option
from formulate.cli.files import read_formulation

SUMMARY = "types, axes, units and classes of a formulation; no solving"
EXAMPLE = "formulate check examples/bakery/formulation.yaml"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `formulate check`."""
    parser.add_argument("formulation", metavar="FORMULATION", help="a .json, .yaml or .yml file")
    add_data_option(parser)


def run(options: argparse.Namespace) -> int:
    """Check and report; 1 when there are errors."""
    from solvers.check import check, check_grounding
    from solvers.solving import as_data

    formulation = read_formulation(options.formulation)
    data = as_data(formulation, options.data)
    report = check_grounding(formulation, data, check(formulation, data))
    if options.json:
        output.emit_json({"schema": "formulate-check/1", "name": formulation.name, **report.to_dict()})
    else:
        from solvers.render.tables import check_table

        output.show(check_table(formulation, report))
    return 0 if report.ok else 1
