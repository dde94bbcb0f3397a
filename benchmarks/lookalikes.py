"""Recorded programs on a genuine library and on its look-alike: do they reach the same status and objective?

    python benchmarks/lookalikes.py gurobipy|coptpy [--limit 50] [--seconds 20] [--show] [--only PLACE] [--reference]

Programs are read from `$FORMULATE_SHARED/recorded` (default: `../shared`). One process per library imports it once and
forks a child per program; every call of `optimize` (or `solve`) is noted with its status and objective. A program
counts where it solves on the genuine library; it agrees where the last solve has the same status and, at 1e-4, the
same objective. Programs that disagree run on the genuine library again with its integrality tolerance at the least it
allows: an answer that then changes to ours was worth a leak through a big-M. Where the authors recorded a value, the
look-alike is compared with that too, which also counts programs beyond the size that a licence allows.
`--show` prints each disagreement. `--reference` takes the reference programs of `$FORMULATE_SHARED/benchmarks` instead.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import contextlib
import io
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("FORMULATE_SHARED", ROOT.parent / "shared")) / "recorded"


@dataclass(frozen=True)
class Library:
    """Where its programs are, and how its solves are watched: method, status and objective of a model.

    `strict` are parameters that make integers exact; `infeasible_or_unbounded` are statuses that say the same where a
    library leaves it open which it is; `no_value` is what the objective reads where there is no solution.
    """

    files: tuple[str, ...]
    method: str
    status: str
    objective: str
    strict: tuple[tuple[str, float], ...]
    infeasible_or_unbounded: frozenset[int]
    no_value: float | None = None


LIBRARIES = {
    "gurobipy": Library(
        ("reloop_gurobipy", "optengine_deepseek_gurobipy", "myoptimus_json_formulations"), "optimize", "Status",
        "ObjVal", (("IntFeasTol", 1e-9), ("IntegralityFocus", 1)), frozenset({3, 4, 5}),
    ),
    "coptpy": Library(
        ("orlm_coptpy",), "solve", "status", "objval", (("IntTol", 1e-9),), frozenset({2, 3, 4}), 1e30
    ),
}  # fmt: skip
"""By name of the library."""


# -- programs ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recorded:
    """A program, the data it expects, and what its authors say it reached."""

    place: str
    source: str
    data: list[Any]
    value: float | None


def programs(name: str) -> Iterator[Recorded]:
    """Every recorded program; crude: the longest fenced block that names the library."""
    extracted = _extracted()
    for file in LIBRARIES[name].files:
        path = SHARED / f"{file}.jsonl"
        if not path.exists():
            sys.exit(f"{path} is missing: set FORMULATE_SHARED to the folder that holds recorded/")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            record = json.loads(line)
            source = _source(record, name)
            if source is not None:
                key = (str(record["benchmark"]), str(record["model"]), str(record["problem_id"]))
                value = record.get("authors_value")
                number_of = float(value) if isinstance(value, (int, float)) else None
                yield Recorded(f"{file}:{number}", source, extracted.get(key, []), number_of)


def references(name: str) -> Iterator[Recorded]:
    """The benchmarks' reference programs, each in a folder with its data; those that only build are solved."""
    for path in sorted((SHARED.parent / "benchmarks").glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            record = json.loads(line)
            source = record.get("reference_code") or ""
            if name not in source:
                continue
            data = json.dumps(json.dumps(record.get("data")))
            before = (
                "import json, os, tempfile\nos.chdir(tempfile.mkdtemp())\n"
                f"json.dump(json.loads({data}), open('data.json', 'w'))\n"
            )
            after = "" if "optimize(" in source or "solve(" in source else "\nmodel.optimize()\n"
            yield Recorded(f"{path.stem}:{number}", before + source + after, [], None)


def _extracted() -> dict[tuple[str, str, str], list[Any]]:
    """The data that programs expect to find in `data`."""
    path = SHARED / "reloop_param_extraction_json.jsonl"
    found: dict[tuple[str, str, str], list[Any]] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            text = re.sub(r"^```\w*|```$", "", record["completion"].strip(), flags=re.MULTILINE)
            with contextlib.suppress(json.JSONDecodeError):
                key = (str(record["benchmark"]), str(record["model"]), str(record["problem_id"]))
                found.setdefault(key, []).append(json.loads(text))
    return found


def _source(record: dict[str, Any], name: str) -> str | None:
    meta = record.get("meta") or {}
    if "code" in meta:
        return str(meta["code"])
    text = record["completion"].split("</think>")[-1]
    blocks = re.findall(r"```[ \t]*\w*\n(.*?)(?:```|\Z)", text, flags=re.DOTALL) or [text]
    fitting = [block for block in blocks if name in block]
    return max(fitting, key=len) if fitting else None


# -- one process per library -------------------------------------------------------------------------


def worker(name: str, kind: str, seconds: float) -> None:
    """Read programs from stdin, one JSON a line; answer each on stdout."""
    if kind == "lookalike":
        from solvers.sandbox.lookalike import install

        install((name,))
    module: Any = __import__(name)
    if kind == "lookalike":  # what a child would else import anew
        import solvers.solving
        from solvers.adapters import adapter

        adapter("highs").version()
        adapter("scip").version()
        del solvers
    strict = LIBRARIES[name].strict if kind == "strict" else ()
    out = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        place, source, data = json.loads(line)
        out.write(json.dumps([place, _forked(module, name, source, data, strict, seconds)]) + "\n")
        out.flush()


def _forked(module: Any, name: str, source: str, data: list[Any], strict: Any, seconds: float) -> dict[str, Any]:
    """What a child that runs the program says, or that it took too long."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 5, int(seconds) + 5))
        quiet = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(quiet, number)
        said = _run(module, name, source, data, strict)
        os.write(writing, json.dumps(said).encode()[:60_000])
        os._exit(0)
    os.close(writing)
    deadline = time.monotonic() + seconds
    os.set_blocking(reading, False)
    text = b""
    while time.monotonic() < deadline:
        with contextlib.suppress(BlockingIOError):
            part = os.read(reading, 65_536)
            if not part:
                break
            text += part
        time.sleep(0.005)
    else:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    try:
        return dict(json.loads(text))
    except json.JSONDecodeError:
        return {"solves": [], "error": "time", "message": f"more than {seconds:g} s"}


def _run(module: Any, name: str, source: str, data: list[Any], strict: Any) -> dict[str, Any]:
    """Run a program with every solve noted."""
    solves: list[Any] = []
    _watch(module, LIBRARIES[name], strict, solves)
    space: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
    if data:
        space["data"] = data[-1]
    error = message = ""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(source, "program", "exec"), space)  # noqa: S102
            if not solves:
                _call(source, space)
    except SystemExit:
        error = ""
    except BaseException as failed:  # noqa: BLE001
        error, message = type(failed).__name__, str(failed)[:300]
    return {"solves": solves, "error": error, "message": message}


def _call(source: str, space: dict[str, Any]) -> None:
    """Call the last function that needs no arguments, where a program only defines."""
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.FunctionDef) and len(node.args.args) == len(node.args.defaults):
            space[node.name]()
            return


def _watch(module: Any, library: Library, strict: Any, solves: list[Any]) -> None:
    """Let every model of the module note its solves."""
    base = module.Model

    def noting(self: Any, *args: Any, **named: Any) -> Any:
        for parameter, value in strict:
            self.setParam(parameter, value)
        answer = getattr(base, library.method)(self, *args, **named)
        status = getattr(self, library.status)
        try:
            objective = float(getattr(self, library.objective))
        except Exception:  # noqa: BLE001
            objective = None
        solves.append([int(status), None if objective == library.no_value else objective])
        return answer

    if hasattr(module, "Envr"):  # environments make the models
        plain = getattr(base, library.method)
        base = type("Plain", (), {library.method: staticmethod(plain)})
        setattr(module.Model, library.method, noting)
    else:
        module.Model = type("Model", (base,), {library.method: noting})


# -- comparing ---------------------------------------------------------------------------------------


def answers(name: str, kind: str, asked: list[Recorded], seconds: float) -> dict[str, Any]:
    """What each program says on one library."""
    command = [sys.executable, __file__, name, "--worker", kind, "--seconds", str(seconds)]
    text = "".join(json.dumps([item.place, item.source, item.data]) + "\n" for item in asked)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"the worker of {name} broke: {done.stderr[-2000:]}")
    return dict(json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))


def agrees(library: Library, left: dict[str, Any], right: dict[str, Any]) -> bool:
    """Whether the last solves say the same."""
    from solvers.compare import ANSWER, compare

    if not right["solves"]:
        return False
    (status, value), (other, found) = left["solves"][-1], right["solves"][-1]
    if value is None or found is None:
        both_open = {status, other} <= library.infeasible_or_unbounded
        return (value is None) == (found is None) and (status == other or both_open)
    return status == other and compare(value, found, ANSWER).equal


def main() -> None:
    """Run, compare, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=sorted(LIBRARIES))
    parser.add_argument("--limit", type=int)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("--worker", choices=("genuine", "lookalike", "strict"))
    given = parser.parse_args()
    if given.worker:
        worker(given.name, given.worker, given.seconds)
        return
    found = references(given.name) if given.reference else programs(given.name)
    asked = [item for item in found if given.only in (None, item.place)][: given.limit]
    started = time.perf_counter()
    genuine = answers(given.name, "genuine", asked, given.seconds)
    halfway = time.perf_counter()
    ours = answers(given.name, "lookalike", asked, given.seconds)
    ended = time.perf_counter()
    tell(given.name, asked, genuine, ours, given.seconds, given.show)
    print(f"seconds: genuine {halfway - started:.1f}, look-alike {ended - halfway:.1f}")


def tell(
    name: str, asked: list[Recorded], genuine: dict[str, Any], ours: dict[str, Any], seconds: float, show: bool
) -> None:
    """Print what agrees, and with `show` what does not."""
    library = LIBRARIES[name]
    counted = [item for item in asked if genuine[item.place]["solves"]]
    apart = [item for item in counted if not agrees(library, genuine[item.place], ours[item.place])]
    strict = answers(name, "strict", apart, seconds) if apart else {}
    exact = [item for item in apart if strict[item.place]["solves"]]
    leaks = [item for item in exact if agrees(library, strict[item.place], ours[item.place])]
    others = [item for item in asked if not genuine[item.place]["solves"]]
    for item in apart if show else []:
        print(item.place, "genuine", genuine[item.place], "ours", ours[item.place], "strict", strict[item.place])
    for item in others if show else []:
        if genuine[item.place]["error"] != ours[item.place]["error"]:
            print(item.place, "unsolved on genuine:", genuine[item.place], "ours", ours[item.place])
    errors = Counter(genuine[item.place]["error"] for item in others)
    same = len(counted) - len(apart)
    print(f"{len(asked)} programs, {len(counted)} solve on the genuine {name} (the others end with {dict(errors)})")
    print(f"{same} agree at 1e-4: {100 * same / max(1, len(counted)):.2f}%")
    print(f"{len(leaks)} of the {len(apart)} others agree with the genuine one once its integers are exact: "
          f"{100 * (same + len(leaks)) / max(1, len(counted)):.2f}%")  # fmt: skip
    recorded_values(asked, ours, show)


def recorded_values(asked: list[Recorded], ours: dict[str, Any], show: bool) -> None:
    """Print how many of the authors' values the look-alike reaches."""
    from solvers.compare import ANSWER, compare

    known = [item for item in asked if item.value is not None and ours[item.place]["solves"]]
    wrong = []
    for item in known:
        value = ours[item.place]["solves"][-1][1]
        if value is None or not compare(value, item.value or 0.0, ANSWER).equal:
            wrong.append(item)
            if show:
                print(item.place, "recorded", item.value, "ours", ours[item.place])
    print(f"{len(known)} have a recorded value and solve on the look-alike: {len(known) - len(wrong)} agree, "
          f"{100 * (1 - len(wrong) / max(1, len(known))):.2f}%")  # fmt: skip


if __name__ == "__main__":
    main()
