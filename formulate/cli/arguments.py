"""Arguments that several commands share, and a parser whose errors are ours."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from types import ModuleType
from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """An argument parser that raises UsageError instead of leaving the process."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with the usage line as its remedy."""
        # Floor 1 may be hidden by another package, and the doctor must still run: no import of it up there.
        from formulate.cli.errors import UsageError

        usage = " ".join(self.format_usage().split())
        raise UsageError(message, remedy=f"{usage} (see --help)")


def parse(module: ModuleType, name: str, words: list[str]) -> argparse.Namespace:
    """The options of one command; `--help` prints and leaves with 0. Raises UsageError."""
    parser = Parser(
        prog=f"formulate {name}".strip(),
        description=module.__doc__,
        epilog=f"example:\n  {module.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.configure(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout and nothing else there")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return parser.parse_args(words)


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """--data."""
    parser.add_argument("--data", metavar="FILE",
                        help="values for declared sets and parameters: .csv, .xlsx, .json, or a folder of them")


def add_solver_options(parser: argparse.ArgumentParser) -> None:
    """--data, --solver, --time-limit, --gap, --seed, --threads, --log, --start."""
    add_data_option(parser)
    parser.add_argument("--solver", metavar="NAME", help="highs, scip, cpsat, glop, gscip, cbc, ipopt, gurobi, ...: "
                        "`formulate doctor` lists them (default: chosen by the class of the model)")
    parser.add_argument("--time-limit", metavar="SECONDS", type=_number(0, "seconds"),
                        help="stop the solver after this")
    parser.add_argument("--gap", metavar="FRACTION", type=_number(0, "a fraction such as 0.01", zero=True),
                        help="stop at this relative gap between solution and bound")
    parser.add_argument("--seed", metavar="N", type=whole_number(0), default=0,
                        help="random seed of the solver (default 0)")
    parser.add_argument("--threads", metavar="N", type=whole_number(1), help="threads of the solver")
    parser.add_argument("--log", action="store_true", help="the solver's own log, on stderr")
    parser.add_argument("--start", metavar="FILE", help="start from an earlier solution: the solution.json of --save, "
                        "or what --json printed")


def solver_options(options: argparse.Namespace) -> dict[str, Any]:
    """The keyword arguments of `solvers.solve` that `add_solver_options` collected, without the data.

    Raises UsageError for a --start that holds no solution.
    """
    start = None
    if options.start is not None:
        from formulate.cli.start import read_start

        start = read_start(options.start)
    return {
        "solver": options.solver, "time_limit": options.time_limit, "gap": options.gap,
        "seed": options.seed, "threads": options.threads, "log": options.log, "start": start,
    }


def positive_seconds() -> Callable[[str], float]:
    """The type of an argument in seconds."""
    return _number(0, "seconds")


def _number(least: float, unit: str, zero: bool = False) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value < least or (value == least and not zero):
            bound = "from" if zero else "above"
            raise argparse.ArgumentTypeError(f"{text!r} is not a number {bound} {least:g} ({unit})")
        return value

    return read


def whole_number(least: int) -> Callable[[str], int]:
    """The type of a whole argument from `least` on."""

    def read(text: str) -> int:
        # A solver's seed and thread count are C ints.
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to 999999999")
        return int(text)

    return read
