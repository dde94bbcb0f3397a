"""Recorded programs on a genuine library and on its look-alike: do they reach the same status and objective?

    python benchmarks/lookalikes.py gurobipy|coptpy [--limit 50] [--seconds 20] [--show] [--only FILE:LINE]

Programs are read from `$FORMULATE_SHARED/recorded` (default: `../shared`). One process per library imports it once and
forks a child per program; every call of `optimize` (or `solve`) is noted with its status and objective. A program
counts where it solves on the genuine library; it agrees where the last solve has the same status and, at 1e-4, the
same objective. `--show` prints each disagreement. Where records hold the value that their authors saw, it is
compared too.
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
    """Where its programs are, and how its solves are watched: method, status and objective of a model."""

    files: tuple[str, ...]
    method: str
    status: str
    objective: str
    infeasible_or_unbounded: frozenset[int]
    no_value: float | None = None
    """What the objective reads where there is no solution."""


LIBRARIES = {
    "gurobipy": Library(
        ("reloop_gurobipy", "optengine_deepseek_gurobipy", "myoptimus_json_formulations"), "optimize", "Status",
        "ObjVal", frozenset({3, 4, 5}),
    ),
    "coptpy": Library(("orlm_coptpy",), "solve", "status", "objval", frozenset({2, 3, 4}), 1e30),
}  # fmt: skip
"""`infeasible_or_unbounded`: statuses that say the same where a library leaves it open."""


# -- programs ----------------------------------------------------------------------------------------


def programs(name: str) -> Iterator[tuple[str, str, Any]]:
    """(place, source, data) of every recorded program; crude: the longest fenced block that imports the library."""
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
                yield f"{file}:{number}", source, extracted.get(key, [])


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


def worker(name: str, genuine: bool, seconds: float) -> None:
    """Read programs from stdin, one JSON a line; answer each on stdout."""
    if not genuine:
        from solvers.sandbox.lookalike import install

        install((name,))
    module: Any = __import__(name)
    if not genuine:  # what a child would else import anew
        import solvers.solving
        from solvers.adapters import adapter

        adapter("highs").version()
        adapter("scip").version()
        del solvers
    out = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        place, source, data = json.loads(line)
        out.write(json.dumps([place, _forked(module, name, source, data, seconds)]) + "\n")
        out.flush()


def _forked(module: Any, name: str, source: str, data: list[Any], seconds: float) -> dict[str, Any]:
    """What a child that runs the program says, or that it took too long."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 5, int(seconds) + 5))
        quiet = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(quiet, number)
        said = _run(module, name, source, data)
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


def _run(module: Any, name: str, source: str, data: list[Any]) -> dict[str, Any]:
    """Run a program with every solve noted."""
    solves: list[Any] = []
    _watch(module, LIBRARIES[name], solves)
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


def _watch(module: Any, library: Library, solves: list[Any]) -> None:
    """Let every model of the module note its solves."""
    base = module.Model

    def noting(self: Any, *args: Any, **named: Any) -> Any:
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


def answers(name: str, genuine: bool, asked: list[tuple[str, str, Any]], seconds: float) -> dict[str, Any]:
    """What each program says on one library."""
    command = [sys.executable, __file__, name, "--worker", "genuine" if genuine else "lookalike", "--seconds", str(seconds)]
    text = "".join(json.dumps(item) + "\n" for item in asked)
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


def recorded(name: str) -> dict[str, float]:
    """The value that the authors of a record saw, by place."""
    found = {}
    for file in LIBRARIES[name].files:
        lines = (SHARED / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
        values = [json.loads(line).get("authors_value") for line in lines]
        found.update({f"{file}:{k}": float(v) for k, v in enumerate(values) if isinstance(v, int | float)})
    return found


def _tell_recorded(name: str, ours: dict[str, Any], show: bool) -> None:
    """How many values are those that the authors recorded."""
    from solvers.compare import ANSWER, compare

    known = {place: value for place, value in recorded(name).items() if place in ours}
    reached = {place: ours[place]["solves"][-1][1] if ours[place]["solves"] else None for place in known}
    apart = [p for p, v in known.items() if reached[p] is None or not compare(reached[p], v, ANSWER).equal]
    for place in apart if show else []:
        print(place, "recorded", known[place], "ours", ours[place])
    print(f"{len(known) - len(apart)} of {len(known)} recorded values are reached on the look-alike at 1e-4")


def main() -> None:
    """Run, compare, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=sorted(LIBRARIES))
    parser.add_argument("--limit", type=int)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--worker", choices=("genuine", "lookalike"))
    given = parser.parse_args()
    if given.worker:
        worker(given.name, given.worker == "genuine", given.seconds)
        return
    asked = [item for item in programs(given.name) if given.only in (None, item[0])][: given.limit]
    started = time.perf_counter()
    genuine = answers(given.name, True, asked, given.seconds)
    halfway = time.perf_counter()
    ours = answers(given.name, False, asked, given.seconds)
    library = LIBRARIES[given.name]
    counted = [place for place, _, _ in asked if genuine[place]["solves"]]
    apart = [place for place in counted if not agrees(library, genuine[place], ours[place])]
    for place in apart if given.show else []:
        print(place, "genuine", genuine[place], "ours", ours[place])
    errors = Counter(genuine[place]["error"] for place, _, _ in asked if not genuine[place]["solves"])
    other = [p for p, _, _ in asked if not genuine[p]["solves"] and genuine[p]["error"] != ours[p]["error"]]
    if given.show:
        for place in other:
            print(place, "unsolved on genuine:", genuine[place], "ours", ours[place])
    print(f"{len(asked)} programs, {len(counted)} solve on the genuine {given.name} (others: {dict(errors)})")
    print(f"{len(counted) - len(apart)} agree at 1e-4: {100 * (1 - len(apart) / max(1, len(counted))):.2f}%")
    print(f"{len(other)} of those that do not solve on the genuine one end otherwise on the look-alike")
    _tell_recorded(given.name, ours, given.show)
    print(f"seconds: genuine {halfway - started:.1f}, look-alike {time.perf_counter() - halfway:.1f}")


if __name__ == "__main__":
    main()
