"""Run a program of solver code in the sandbox: it can harm nothing, and shows the model that it built.

PROGRAM is a .py or .ipynb file, a completion of a language model (.txt, .md: the program is taken out of it), or - for
either on standard input. A .jsonl file holds many, one record a line with `program` or `completion`, perhaps `id`,
`data`, `function` and `expected`; --out gets one record for each, and continues where an earlier run stopped.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from formulate.cli import output
from formulate.cli.arguments import positive_seconds, whole_number
from formulate.cli.errors import UsageError

if TYPE_CHECKING:
    from solvers.sandbox import Limits

SUMMARY = "a program of solver code in the sandbox, and the model that it built; many from .jsonl"
EXAMPLE = "formulate run examples/bakery/completion.md --capture bakery.mps --confirm"
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `formulate run`."""
    parser.add_argument("program", metavar="PROGRAM", help="a .py, .ipynb, .txt, .md or .jsonl file, or -")
    parser.add_argument("--data", metavar="FILE.json",
                        help="what the program gets as its global `data`, as data.json and as arguments by name")
    parser.add_argument("--capture", metavar="FILE",
                        help="write the model that gave the result: .mps, .lp, .nl (also .gz) or .json")
    parser.add_argument("--function", metavar="NAME", help="call this function, or Class.method, with the data")
    parser.add_argument("--confirm", action="store_true", help="solve each captured model again with a solver of ours")
    parser.add_argument("--genuine", action="store_true",
                        help="gurobipy and coptpy programs on the genuine libraries, where these are installed")
    parser.add_argument("--require-sandbox", action="store_true",
                        help="refuse to run where a protection of the sandbox is missing (`formulate doctor`)")
    parser.add_argument("--time-limit", metavar="SECONDS", type=positive_seconds(), default=60.0,
                        help="stop the program after this (default 60)")
    parser.add_argument("--memory", metavar="SIZE", type=_size, default=4 << 30,
                        help="memory of the program, such as 500MB or 4GB (default 4GB)")
    parser.add_argument("--out", metavar="RESULTS.jsonl", help="for a .jsonl file: where the records go")
    parser.add_argument("--workers", metavar="N", type=whole_number(1), help="for a .jsonl file: programs at once "
                        "(default: one per core)")


def run(options: argparse.Namespace) -> int:
    """Run the program or the programs, and show what came of it."""
    if options.program.lower().endswith(".jsonl"):
        from formulate.cli.run_batch import run_batch

        return run_batch(options)
    for name in ("out", "workers"):
        if getattr(options, name) is not None:
            raise UsageError(f"--{name} is for a .jsonl file of many programs", remedy=f"leave --{name} out")
    return _run_one(options)


def limits(options: argparse.Namespace) -> Limits:
    """What a program may use, from the options."""
    from solvers.sandbox import Limits

    return Limits(wall=options.time_limit, processor=options.time_limit, memory=options.memory)


def _run_one(options: argparse.Namespace) -> int:
    from formulate.cli.run_input import read_data, read_program
    from formulate.cli.run_outcome import exit_code, run_document
    from solvers.sandbox import run as run_program

    taken = read_program(options.program)
    data = None if options.data is None else read_data(options.data)
    if options.capture is not None:
        _refuse_capture(options.capture)
    outcome = run_program(
        taken.source, data, limits=limits(options), function=options.function, genuine=options.genuine,
        require_sandbox=options.require_sandbox, confirm=options.confirm,
    )  # fmt: skip
    code = exit_code(outcome)
    written = ""
    if options.capture is not None:
        written = _capture(outcome, options.capture)
        code = code if written or code else 3
    if options.json:
        document = run_document(outcome, values=True)
        document |= {"origin": taken.origin, "source": taken.source, "captured": written or None}
        output.emit_json({"schema": "formulate-run/1", "exit_code": code, **document})
        return code
    from formulate.cli.run_view import run_view

    output.show(run_view(outcome, taken))
    if written:
        output.message(f"written: {written}")
    return code


def _refuse_capture(path: str) -> None:
    """Raise, before anything runs, where the captured model could not be written. Raises UsageError."""
    import os

    from solvers.errors import FormatError
    from solvers.io.files import extension

    if not path.lower().endswith(".json"):
        try:
            extension(path)
        except FormatError as error:
            raise UsageError(f"--capture: {path}: {error.message}", remedy=f"{error.remedy}, or .json") from error
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder) or os.path.isdir(path):
        raise UsageError(f"--capture: {path} cannot be written", remedy="name a file in a folder that exists")


def _capture(outcome: object, path: str) -> str:
    """Write the model of the result; the path, or "" (said) where no model was captured."""
    from solvers.render.safe import one_line
    from solvers.sandbox import ProgramRun

    assert isinstance(outcome, ProgramRun)
    model, last = outcome.model, outcome.last
    if model is None:
        why = "the program solved nothing" if last is None else last.uncaptured or "no model was captured"
        output.message(f"formulate: --capture: nothing was written: {one_line(why, 300)}")
        return ""
    if path.lower().endswith(".json"):
        import json

        from solvers.io.source import write_text
        from solvers.sandbox.document import model_document

        write_text(path, [json.dumps(model_document(model), allow_nan=False)])
    else:
        model.write(path)
    return path


def _size(text: str) -> int:
    word = text.strip().lower().removesuffix("b").removesuffix("i")
    unit = word[-1:] if word[-1:] in _UNITS else ""
    try:
        count = float(word.removesuffix(unit) if unit else word)
    except ValueError:
        count = -1.0
    size = count * _UNITS[unit] if unit else count
    if not 1 << 20 <= size <= 1 << 50:
        raise argparse.ArgumentTypeError(f"{text!r} is no size of memory from 1MB: write 500MB or 4GB")
    return int(size)
