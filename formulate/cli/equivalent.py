"""Are two candidates the same? Formulations, models (.mps, .lp, .nl) or programs (.py), in any mixture.

Two formulations are compared symbolically first: what is proved then holds for all data. Else both are grounded, on
--data or on what they carry, and compared as models: exactly, up to names, order and what a normalisation that can be
replayed undoes. Where they differ the smallest difference is told, and a point or an optimum that shows it.

Exit codes: 0 equivalent, 1 different, 2 wrong use, 3 undecided. With --replay: 0 the certificate holds, 1 it does not,
3 it holds nothing that could be replayed. With --pairs: 0 every pair is decided, 3 some are not, 2 some could not
be read.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from formulate.cli import output
from formulate.cli.arguments import add_data_option, positive_seconds, whole_number
from formulate.cli.candidates import load_candidate
from formulate.cli.errors import UsageError

if TYPE_CHECKING:
    from verify.equivalence.outcome import Options
    from verify.equivalence.symbolic.decide import FormulationEquivalence

SUMMARY = "whether two formulations, models or programs are the same; the certificate"
EXAMPLE = "formulate equivalent plan.yaml other.mps --certificate proof.json"
SCHEMA = "formulate-equivalence-answer/1"
EXIT = {"equivalent": 0, "structurally_different": 1, "semantically_different": 1, "undecided": 3}


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `formulate equivalent`."""
    kinds = "a formulation (.json, .yaml), a model (.mps, .lp, .nl, also .gz) or a program (.py)"
    parser.add_argument("a", metavar="A", nargs="?", help=kinds)
    parser.add_argument("b", metavar="B", nargs="?", help="the other one")
    add_data_option(parser)
    parser.add_argument("--tolerance", metavar="T", type=_tolerance,
                        help="numbers agree within this, absolute and relative (default: exactly)")
    parser.add_argument("--time-limit", metavar="SECONDS", type=positive_seconds(), default=60.0,
                        help="for one pair: the search for a match, and the one for a witness (default 60)")
    parser.add_argument("--no-witness", action="store_true", help="do not solve for a point that tells them apart")
    parser.add_argument("--change-of-variables", action="store_true",
                        help="also see through slack, fixed and free columns, signs, shifts and units")
    parser.add_argument("--certificate", metavar="FILE", help="write what --replay can check")
    parser.add_argument("--replay", metavar="FILE", help="check a certificate against A and B instead of deciding")
    parser.add_argument("--pairs", metavar="FILE",
                        help='many pairs: lines {"id": ..., "a": FILE, "b": FILE, "data": FILE}')
    parser.add_argument("--out", metavar="FILE",
                        help="with --pairs: one line per pair is added here; what is there stays")
    parser.add_argument("--workers", metavar="N", type=whole_number(1),
                        help="with --pairs: processes (default: all cores)")


def run(options: argparse.Namespace) -> int:
    """Compare, replay or work through many pairs; the exit code of the outcome."""
    if options.pairs is not None:
        return _run_pairs(options)
    if options.a is None or options.b is None:
        raise UsageError("two candidates are needed", remedy=f"for example: {EXAMPLE}; or many with --pairs FILE")
    for name in ("out", "workers"):
        if getattr(options, name) is not None:
            raise UsageError(f"--{name} goes with --pairs")
    if options.replay is not None:
        return _run_replay(options)
    from verify.equivalence.candidates import answer_document, certificate_document, compare_candidates

    a, b = (load_candidate(path, options.data, time_limit=options.time_limit) for path in (options.a, options.b))
    found = compare_candidates(a, b, _data_for(options.data, a, b), options=compare_options(options))
    code = EXIT[found.verdict]
    if options.certificate is not None:
        _write(options.certificate, certificate_document(found))
    if options.json:
        named = {"schema": SCHEMA, "a": options.a, "b": options.b, "exit_code": code}
        output.emit_json({**named, **answer_document(found)})
    else:
        _show(found, options)
    return code


def compare_options(options: argparse.Namespace) -> Options:
    """What the command line asks of a comparison."""
    from verify.equivalence.outcome import CHANGES, Options

    return Options(
        exact=options.tolerance is None, tolerance=options.tolerance, seconds=options.time_limit,
        witness=not options.no_witness, change_of_variables=CHANGES if options.change_of_variables else (),
    )  # fmt: skip


def _data_for(data: str | None, *candidates: Any) -> str | None:
    """The data, where a candidate takes any."""
    from solvers.formulation import Formulation

    if data is not None and not any(isinstance(item, Formulation) for item in candidates):
        output.message("formulate: --data was given to programs only: model files hold their data")
        return None
    return data


def _show(found: FormulationEquivalence, options: argparse.Namespace) -> None:
    from formulate.cli.equivalent_view import equivalence_view

    output.show(equivalence_view(found, options.a, options.b))
    if options.certificate is not None:
        output.message(f"formulate: the certificate is in {options.certificate}; check it with: "
                       f"formulate equivalent --replay {options.certificate} {options.a} {options.b}")


def _write(path: str, document: dict[str, Any]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
        file.write("\n")


def _run_replay(options: argparse.Namespace) -> int:
    from verify.equivalence.candidates import replay_document

    try:
        with open(options.replay, encoding="utf-8") as file:
            document = json.load(file)
    except FileNotFoundError:
        raise UsageError(f"there is no file {options.replay}") from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise UsageError(f"{options.replay} is no certificate: {error}") from error
    if not isinstance(document, dict):
        raise UsageError(f"{options.replay} is no certificate: it holds no object")
    a, b = (load_candidate(path, options.data, time_limit=options.time_limit) for path in (options.a, options.b))
    try:
        held, how = replay_document(document, a, b, _data_for(options.data, a, b))
    except ValueError as error:
        raise UsageError(f"{options.replay}: {error}") from error
    code = 3 if held is None else 0 if held else 1
    if options.json:
        answer = {"schema": "formulate-replay/1", "holds": held, "how": how, "verdict": document.get("verdict")}
        output.emit_json({**answer, "exit_code": code})
    else:
        told = {None: "nothing to replay", True: "the certificate holds", False: "the certificate does not hold"}[held]
        output.result(f"{told}: {document.get('verdict')}\n  {how}")
    return code


def _run_pairs(options: argparse.Namespace) -> int:
    from formulate.cli.equivalent_pairs import run_pairs

    for name in ("a", "b", "replay", "certificate"):
        if getattr(options, name) is not None:
            raise UsageError("--pairs names its candidates and gives each pair a line of --out")
    if options.out is None:
        raise UsageError("--pairs needs --out FILE", remedy="name a file: what it holds already is not done again")
    totals = run_pairs(options.pairs, options.out, compare_options(options), options.data, options.workers)
    code = 2 if totals.get("error") else 3 if totals.get("undecided") else 0
    if options.json:
        output.emit_json({"schema": "formulate-equivalence-pairs/1", "out": options.out, "exit_code": code, **totals})
    else:
        output.result("\n".join(f"{name.replace('_', ' '):<24}{count}" for name, count in totals.items()))
    return code


def _tolerance(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number between 0 and 1 such as 1e-9")
    return value
