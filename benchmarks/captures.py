"""How many recorded programs yield a captured model whose own solve gives the value that the program's solver gave.

    FORMULATE_SHARED=../shared python benchmarks/captures.py szymon_gpt4o_pulp [LIMIT]

Each program runs in a forked child of a process that has the libraries and the hooks, with limits but without the
sandbox: for the recorded programs only. Misses are listed with reasons, and so are the reasons why no model was built.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import runpy
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

LIBRARIES = {"szymon_gpt4o_pulp": "pulp", "REFERENCE_eopt_pyscipopt": "pyscipopt"}
SECONDS = 60


def main() -> None:
    name = sys.argv[1]
    limit = int(sys.argv[2]) if len(sys.argv) > 2 else None
    shared = Path(os.environ.get("FORMULATE_SHARED", "../shared"))
    lines = (shared / "recorded" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:limit]
    from solvers.sandbox.capture import install

    install()
    __import__(LIBRARIES[name])
    counts: Counter[str] = Counter()
    data = problem_data(shared)
    without: Counter[str] = Counter()
    for number, line in enumerate(lines):
        row = json.loads(line)
        found = in_child(program(row["completion"]), data.get(row["problem_id"], ""))
        verdict, detail = judged(found, row)
        if verdict == "builds no model":
            without[detail[:60]] += 1
        counts[verdict] += 1
        counts["agrees with the recorded value"] += found.get("recorded") is True
        counts["differs from the recorded value"] += found.get("recorded") is False
        if verdict not in ("same value", "builds no model") or found.get("recorded") is False:
            print(f"{number}: {verdict}: {detail[:200]}", flush=True)
    built = sum(n for k, n in counts.items() if k in ("same value", "other value", "not captured", "own solve failed"))
    print("no model:", dict(without.most_common(25)))
    print(dict(counts))
    print(f"{counts['same value']} of {built} that build a model: {counts['same value'] / max(built, 1):.1%}")


def problem_data(shared: Path) -> dict[str, str]:
    """The data of the problems, as text, by problem."""
    lines = (shared / "recorded" / "szymon_nlp4lp_problems.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["problem_id"]: row["data"] or "" for row in map(json.loads, lines)}


def program(completion: str) -> str:
    """The last fenced block, else the whole text: only for this measurement."""
    fenced = re.findall(r"```(?:python)?\s*\n(.*?)(?:```|\Z)", completion, re.DOTALL)
    return fenced[-1] if fenced else completion


def in_child(source: str, data: str) -> dict[str, Any]:
    """Run in a fork, with limits, in a directory of its own; what its last solve was."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as out:
            out.write(json.dumps(_run(source, data)))
        os._exit(0)
    os.close(writing)
    data, ends = b"", time.monotonic() + SECONDS
    while (left := ends - time.monotonic()) > 0 and select.select([reading], [], [], left)[0]:
        chunk = os.read(reading, 65536)
        if not chunk:
            break
        data += chunk
    os.close(reading)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return json.loads(data) if data else {"error": "no answer within the time", "solves": []}


def _run(source: str, data: str) -> dict[str, Any]:
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    error = ""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("program.py").write_text(source)
        Path("data.json").write_text(data)
        try:
            given = {"data": json.loads(data)} if data else {}
            with contextlib.redirect_stdout(open(os.devnull, "w")):
                runpy.run_path("program.py", given, run_name="__main__")
        except BaseException as exc:  # noqa: BLE001
            error = f"{type(exc).__name__}: {exc}"
        from solvers.sandbox.recorder import recorder

        return {"error": error, "solves": [_own(solve) for solve in recorder().solves]}


def _own(item: Any) -> dict[str, Any]:
    """One captured solve and what our own solve of its model gives."""
    from solvers import solve
    from solvers.errors import FormulateError
    from solvers.structure_check import check_model

    found: dict[str, Any] = {
        "uncaptured": item.uncaptured, "termination": item.result.termination, "value": item.result.objective,
        "solver": item.solved_by,
    }  # fmt: skip
    if item.model is None:
        return found
    check = check_model(item.model, item.result.x)
    found["feasible"] = None if check is None else check.feasible
    try:
        own = solve(item.model, solver="scip" if item.solved_by == "highs" else None, time_limit=20)
    except FormulateError as exc:
        return found | {"own": str(exc), "own_value": None}
    return found | {"own": own.termination, "own_value": own.objective}


def judged(found: dict[str, Any], row: dict[str, Any]) -> tuple[str, str]:
    """The verdict on a program's last solve with a value, else on its last."""
    from solvers.compare import ANSWER, compare

    solves = found["solves"]
    if not solves:
        return "builds no model", found["error"]
    last = next((s for s in reversed(solves) if s["value"] is not None), solves[-1])
    with contextlib.suppress(TypeError, ValueError):
        recorded = float(row["authors_value"])
        if last["value"] is not None:
            found["recorded"] = bool(compare(last["value"], recorded, ANSWER))
    if last["uncaptured"]:
        return "not captured", last["uncaptured"]
    detail = f"{last} recorded {row.get('authors_value')} {found['error']}"
    if last["value"] is None or last["own_value"] is None:
        undecided = "infeasible_or_unbounded" in (last["own"], last["termination"])
        agree = last["own"] == last["termination"] or (undecided and "bound" in last["own"] + last["termination"])
        return ("same value" if agree else "own solve failed"), detail
    return ("same value" if compare(last["value"], last["own_value"], ANSWER) else "other value"), detail


if __name__ == "__main__":
    main()
