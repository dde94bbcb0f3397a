"""The console command `formulate`: finds the command, runs it, turns whatever happens into an exit code.

Exit codes: 0 done; 1 a check failed; 2 wrong use or unreadable input; 3 no answer; 4 infeasible or
unbounded; 5 a component is missing or broke; 130 interrupted. Nothing heavy is imported here.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from importlib import import_module
from importlib.metadata import EntryPoint
from types import ModuleType

from formulate.cli import output
from formulate.cli.shadow import shadowed

EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141
EXIT_BROKE = 5
_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.EBADF)
GROUP = "formulate.commands"
DISTRIBUTION = "formulate-opt"
OURS = frozenset({"formulate", "solvers", "verify"})
PROBLEM_COMMAND = "formulate.cli.solve_problem"
PLANNED = {
    "verify": "the evidence for and against a formulation",
    "eval": "measuring a formulator on a benchmark",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code. Nothing but results goes to stdout."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    output.prepare_streams()
    try:
        with output.only_ours_on_stdout() if "--json" in words else nullcontext():
            return _run(words)
    except BrokenPipeError:
        # The reader went away (`| head`): say nothing, and let the interpreter's own flush at exit find no pipe.
        _drop_stdout()
        return EXIT_BROKEN_PIPE
    except OSError as error:
        # The result itself cannot be written: a full disk, a closed descriptor.
        with suppress(OSError):  # stderr may be closed too
            output.message(f"formulate: the result cannot be written: {error.strerror}")
        _drop_stdout()
        return EXIT_BROKE


def _drop_stdout() -> None:
    with suppress(io.UnsupportedOperation):  # closed from the start
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: list[str]) -> int:
    as_json, debug = "--json" in words, "--debug" in words
    try:
        code = _dispatch(words)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        output.failure("interrupted", kind="Interrupted", code=EXIT_INTERRUPTED, as_json=as_json)
        return EXIT_INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the outermost boundary: everything is reported, nothing swallowed
        if debug:
            import traceback

            traceback.print_exc()
        return _report(error, as_json=as_json, debug=debug)


def _report(error: Exception, *, as_json: bool, debug: bool) -> int:
    """One message for an error, in words or as an error object; the exit code that goes with it."""
    kind = type(error).__name__
    if hasattr(error, "exit_code") and hasattr(error, "remedy"):  # a FormulateError, without importing floor 1
        code = int(error.exit_code)
        output.failure(
            str(error), kind=kind, code=code, as_json=as_json, message=getattr(error, "message", str(error)),
            place=str(getattr(error, "place", "")), remedy=str(error.remedy),
        )
        return code
    if isinstance(error, OSError) and error.filename:
        output.failure(f"{error.filename}: {error.strerror}", kind=kind, code=2, as_json=as_json)
        return 2
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:
        raise error
    if isinstance(error, ImportError) and (error.name or "").split(".")[0] not in OURS:
        output.failure(f"a component cannot be loaded: {error}", kind=kind, code=EXIT_BROKE, as_json=as_json,
                       remedy="install formulate-opt again; `formulate doctor` shows what is missing")
        return EXIT_BROKE
    if isinstance(error, MemoryError):
        output.failure("out of memory", kind=kind, code=EXIT_BROKE, as_json=as_json,
                       remedy="use a smaller instance, or a machine with more memory")
        return EXIT_BROKE
    remedy = (
        "this is a fault of formulate, not of your input. Please report it with the input and the output of "
        "`formulate doctor`" + ("" if debug else "; --debug shows the traceback")
    )
    output.failure(f"internal error: {kind}: {error}", kind=kind, code=EXIT_BROKE, as_json=as_json, remedy=remedy)
    return EXIT_BROKE


def _dispatch(words: list[str]) -> int:
    if not words:
        output.message(_help())
        return 2
    if words[0] in ("-h", "--help"):
        output.result(_help())
        return 0
    if words[0] == "--version":
        output.result(f"formulate {version()}")
        return 0
    commands = find_commands()
    name, rest = (words[0], words[1:]) if words[0] in commands else ("", words)
    if name != "doctor":
        _refuse_shadowed()
    if not name:
        _refuse_misnamed(words, commands)
    module = load(commands[name]) if name else import_module(PROBLEM_COMMAND)
    from formulate.cli.arguments import parse

    return int(module.run(parse(module, name, rest)))


def find_commands() -> dict[str, EntryPoint]:
    """Sub-commands by name, declared as entry points; where two distributions claim a name, ours has it."""
    from importlib.metadata import entry_points

    def ours(point: EntryPoint) -> bool:
        return point.dist is not None and point.dist.name == DISTRIBUTION

    return {point.name: point for point in sorted(entry_points(group=GROUP), key=ours)}


def load(point: EntryPoint) -> ModuleType:
    """The module of a command. Raises ComponentError when it cannot be imported."""
    try:
        return import_module(point.value)
    except ImportError as error:
        from formulate.cli.errors import ComponentError

        raise ComponentError(
            f"the command {point.name!r} cannot be loaded: {error}",
            remedy=f"reinstall the distribution that provides {point.value}",
        ) from error


def version() -> str:
    """The installed version, or `unknown` when run from a bare source tree."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed(DISTRIBUTION)
    except PackageNotFoundError:
        return "unknown (not installed)"


def _refuse_shadowed() -> None:
    found = shadowed(("solvers", "verify"))
    if not found:
        return
    from formulate.cli.shadow import ShadowedError

    name, origin = found[0]
    raise ShadowedError(
        f"the package `{name}` of formulate is hidden by another one: {origin}",
        remedy="remove it from PYTHONPATH, from the working folder or from this environment; "
        "`formulate doctor` shows what hides what. A virtual environment of its own avoids this",
    )


def _refuse_misnamed(words: list[str], commands: dict[str, EntryPoint]) -> None:
    """Wrong use that can be told before anything is parsed: a planned command, a misspelt one."""
    first = next((word for word in words if not word.startswith("-")), "")
    if not first or os.path.lexists(first):
        return
    from formulate.cli.errors import UsageError

    if first in PLANNED and words[0] == first:
        raise UsageError(
            f"`formulate {first}` ({PLANNED[first]}) is not in this version ({version()})",
            remedy=f"this version has: {', '.join(sorted(commands))} and `formulate PROBLEM`",
        )
    if first in commands:
        raise UsageError(f"options stand after the command: formulate {first} ... {words[0]}")
    if words[0] == first and "." not in first and os.sep not in first:
        from difflib import get_close_matches

        near = get_close_matches(first, [*commands, *PLANNED], n=1, cutoff=0.7)
        guess = f"did you mean `formulate {near[0]}`?" if near else "see `formulate --help`"
        if not commands:
            guess = "no commands are installed: install formulate-opt again (pip install -e . in a source tree)"
        raise UsageError(f"{first!r} is neither a command nor a file", remedy=guess)


def _help() -> str:
    lines = [
        "usage: formulate PROBLEM [options]        words to five elements, solved and questioned",
        "       formulate COMMAND ... [options]",
        "",
        "PROBLEM is a text file (.txt, .md), or - for standard input. Options (formulate PROBLEM --help):",
        "  --llm MODEL, --emit TARGET, --save DIR, --data FILE, --solver NAME, --time-limit SECONDS, --gap FRACTION,",
        "  --seed N, --threads N, --start FILE, --log; for many problems: --out FILE",
        "",
        "commands:",
    ]
    broken = bool(shadowed(("solvers", "verify")))
    for name, point in sorted(find_commands().items()):
        try:
            summary = "" if broken else str(load(point).SUMMARY)
        except (ImportError, AttributeError, RuntimeError) as error:
            summary = f"(cannot be loaded: {error})"
        lines.append(f"  {name:<12}{summary}")
    return "\n".join([
        *lines,
        "",
        "Every command takes --json, --debug and --help. A file that is named like a command: ./read",
        "",
        "exit codes: 0 done; 1 a check failed; 2 wrong use or unreadable input; 3 no answer;",
        "            4 infeasible or unbounded; 5 a component is missing or broke; 130 interrupted",
        "",
        "example:",
        "  formulate problem.txt --time-limit 60 --save answer/",
    ])


if __name__ == "__main__":
    sys.exit(main())
