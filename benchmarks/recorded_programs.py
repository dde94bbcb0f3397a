"""Recorded completions of language models through the sandbox: program found, run, captured, confirmed, agreeing.

    python benchmarks/recorded_programs.py --out /tmp/recorded.jsonl [--files reloop_gurobipy ...] [--confirm]

Completions are read from `$FORMULATE_SHARED/recorded/*.jsonl` (default: `../shared` beside the repository). One record
per completion is appended to --out; a killed run continues. Every disagreement with a recorded value is listed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from formulate.programs import ExtractionError, extract_program
from formulate.records_file import RecordsFile
from solvers.compare import ANSWER, compare
from solvers.sandbox import Limits, ProgramRun, Request, run_many

ROOT = Path(__file__).resolve().parent.parent
FILES = (
    "reloop_gurobipy", "orlm_coptpy", "optengine_deepseek_gurobipy", "szymon_gpt4o_pulp", "REFERENCE_eopt_pyscipopt",
    "llmopt_five_element_examples", "myoptimus_json_formulations",
)  # fmt: skip
DATA, PROBLEMS = "reloop_param_extraction_json", "szymon_nlp4lp_problems"
_LACKING = re.compile(
    r"name 'data' is not defined|No such file or directory: '.*\.json'|needs data, and there are no data"
)
_HOLDS = re.compile(r"^\s*(?:import|from)\s+(?:gurobipy|coptpy|pulp|pyscipopt|pyomo|highspy|ortools|cvxpy)\b", re.M)


def folder() -> Path:
    """Where the recorded completions are."""
    path = Path(os.environ.get("FORMULATE_SHARED", ROOT.parent / "shared")) / "recorded"
    if not path.is_dir():
        sys.exit(f"no recorded completions under {path}: set FORMULATE_SHARED to the folder that holds recorded/")
    return path


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def injected(path: Path) -> dict[tuple[Any, ...], Any]:
    """The data that programs expect, by benchmark, model and problem: the last JSON object of each extraction."""
    found = {}
    for row in rows(path):
        text = row["completion"].split("</think>")[-1]
        start, end = text.find("{"), text.rfind("}")
        try:
            found[row["benchmark"], row["model"], row["problem_id"]] = json.loads(text[start : end + 1])
        except ValueError:
            continue
    return found


def assembled() -> Callable[[dict[str, Any]], tuple[str, Any] | None]:
    """For completions that are formulations: the program that their authors made of one, and data with its names."""
    path = folder() / f"{PROBLEMS}.jsonl"
    known = [json.loads(row["data"]) for row in rows(path)] if path.exists() else []

    def find(row: dict[str, Any]) -> tuple[str, Any] | None:
        code = (row.get("meta") or {}).get("code") or ""
        names = set(re.findall(r'data\["(\w+)"\]', code))
        data = next((item for item in known if names and names <= set(item)), None)
        return (code, data) if code.strip() else None

    return find


def requests(name: str, done: set[str], limits: Limits, file: RecordsFile, most: int | None) -> Iterator[Request]:
    """What is still to run of a file; a completion without a program gets its record here."""
    data = injected(folder() / f"{DATA}.jsonl") if name.startswith("reloop") else {}
    made = assembled() if name.startswith("myoptimus") else None
    for k, row in enumerate(rows(folder() / f"{name}.jsonl")):
        key = f"{name}:{row['line']}:{k}"
        if key in done or (most is not None and k >= most):
            continue
        program = made(row) if made is not None else None
        if program is not None:
            yield Request(key, program[0], program[1], limits=limits)
            continue
        try:
            source = extract_program(row["completion"])
        except ExtractionError as error:
            holds = bool(_HOLDS.search(row["completion"]))
            file.append({"id": key, "found": False, "holds": holds, "why": error.message})
            continue
        yield Request(key, source, data.get((row["benchmark"], row["model"], row["problem_id"])), limits=limits)


def record(run: ProgramRun, row: dict[str, Any]) -> dict[str, Any]:
    """What is counted of one run."""
    last, recorded = run.last, number(row.get("authors_value"))
    result = None if last is None else last.result
    reported = None if run.reported is None else run.reported.value
    objective = None if result is None or not result.has_solution else result.objective
    return {
        "id": run.id, "found": True, "holds": True, "entry": run.entry,
        "error": None if run.error is None else [run.error.kind, run.error.line, run.error.message[:200]],
        "solves": len(run.solves), "termination": None if result is None else result.termination,
        "captured": last is not None and last.model is not None,
        "uncaptured": "" if last is None else last.uncaptured,
        "class": None if run.model is None else run.model.class_name,
        "solver": "" if last is None else last.solved_by,
        "believed": last is not None and last.believed, "confirmed": None if last is None else last.confirmed,
        "check": None if last is None or last.check is None else [last.check.where, last.check.reason],
        "objective": objective, "reported": reported, "how": None if run.reported is None else run.reported.how,
        "text": "" if run.reported is None else run.reported.text, "recorded": recorded,
        "verdict": row.get("authors_verdict"), "refused": [item.what for item in run.refused], "seconds": run.seconds,
    }  # fmt: skip


def number(value: Any) -> float | None:
    """A recorded value as a number."""
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None


def share(part: int, whole: int) -> str:
    """`612 of 620 (98.7%)`."""
    return f"{part} of {whole}" + (f" ({part / whole:.1%})" if whole else "")


def agrees(item: dict[str, Any], name: str) -> bool | None:
    """Whether a value agrees with the recorded one at 1e-4; None without both."""
    if item.get("recorded") is None or item.get(name) is None:
        return None
    return compare(item[name], item["recorded"], ANSWER).equal


def summary(name: str, items: list[dict[str, Any]], listed: bool) -> None:
    """Print the counts of one file, and its disagreements."""
    found = [item for item in items if item["found"]]
    holding = [item for item in items if item["holds"]]
    ran = [item for item in found if item["error"] is None]
    solved = [item for item in found if item["objective"] is not None]
    captured = [item for item in solved if item["captured"]]
    confirmed = Counter(item["confirmed"] for item in captured)
    both = [item for item in found if agrees(item, "reported") is not None]
    print(f"\n{name}: {len(items)} completions")
    print(f"  program found            {share(len(found), len(holding))} of those that hold one")
    print(f"  ran to the end           {share(len(ran), len(found))}")
    lacking = sum(item["error"] is not None and bool(_LACKING.search(item["error"][2])) for item in found)
    print(f"  without their data       {share(lacking, len(found))} expect data that are not among the recorded ones")
    print(f"  with a solution          {share(len(solved), len(found))}")
    print(f"  model captured           {share(len(captured), len(solved))} of those")
    print(f"  follows from its model   {share(sum(item['believed'] for item in captured), len(captured))}")
    print(f"  confirmed by own solve   {share(confirmed[True], confirmed[True] + confirmed[False])}, "
          f"undecided {confirmed[None]}")
    print(f"  reported a value         {share(sum(item['reported'] is not None for item in solved), len(solved))}")
    print(f"  reported = recorded      {share(sum(agrees(item, 'reported') is True for item in both), len(both))}")
    objective = [item for item in found if agrees(item, "objective") is not None]
    print(f"  objective = recorded     "
          f"{share(sum(agrees(item, 'objective') is True for item in objective), len(objective))}")
    valued = [item for item in items if item.get("recorded") is not None]
    print(f"  recorded, none of ours   {share(sum(item['reported'] is None for item in valued), len(valued))}")
    if listed:
        details(items)


def details(items: list[dict[str, Any]]) -> None:
    """Print every disagreement, every missing value, and the classes of errors."""
    for item in items:
        if not item["found"]:
            if item["holds"]:
                print(f"    NOT FOUND  {item['id']}: {item['why']}")
        elif agrees(item, "reported") is False:
            print(f"    DISAGREES  {item['id']}: {item['reported']!r}, recorded {item['recorded']!r}; {item['text']}")
        elif item["recorded"] is not None and item["reported"] is None:
            why = item["error"] or item["uncaptured"] or item["termination"]
            print(f"    NO VALUE   {item['id']}: recorded {item['recorded']!r}; {why}")
        elif item["objective"] is not None and not (
            item["captured"] and item["believed"] and item["confirmed"] is not False
        ):
            print(f"    DOUBTFUL   {item['id']}: {item['uncaptured']} {item['check']} confirmed {item['confirmed']}")


def main() -> None:
    """Run what is left, then print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--files", nargs="*", default=list(FILES))
    parser.add_argument("--workers", type=int)
    parser.add_argument("--most", type=int, help="completions per file")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--confirm", action="store_true")
    parser.add_argument("--genuine", action="store_true")
    parser.add_argument("--quiet", action="store_true", help="tables alone")
    options = parser.parse_args()
    limits = Limits(wall=options.seconds, processor=options.seconds)
    with RecordsFile(options.out) as file:
        done = {item["id"] for item in file}
        for name in options.files:
            by_key = {f"{name}:{row['line']}:{k}": row for k, row in enumerate(rows(folder() / f"{name}.jsonl"))}
            runs = run_many(
                requests(name, done, limits, file, options.most), workers=options.workers, confirm=options.confirm,
                genuine=options.genuine,
            )
            for k, run in enumerate(runs, 1):
                file.append(record(run, by_key[run.id]))
                print(f"\r{name} {k}", end="", file=sys.stderr, flush=True)
        items = list(file)
    for name in options.files:
        summary(name, [item for item in items if item["id"].startswith(f"{name}:")], not options.quiet)


if __name__ == "__main__":
    main()
