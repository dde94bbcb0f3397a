"""The offline formulator on the shared benchmarks: how many problems it answers, and how many answers are right.

    python benchmarks/offline_formulator.py                       # optengine, nl4opt, optibench
    python benchmarks/offline_formulator.py nlp4lp --wrong        # others; list the wrong answers
    python benchmarks/offline_formulator.py --sample 200 --seed 1

Problems are read from `$FORMULATE_SHARED/benchmarks/*.jsonl` (default: `../shared` beside the repository).
An answer counts when the solver proved it optimal (or the model infeasible or unbounded) within the time limit;
everything else is an abstention, with its reason counted. Judged at relative 1e-4; optengine at its authors'
2e-3, because its labels come from unrounded data. Nothing is rounded or retried.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

DEFAULT = ("optengine", "nl4opt", "optibench")
PACKAGE_ROOT = Path(__file__).resolve().parents[1]


def shared() -> Path:
    """The folder of shared data. Exits with a message when it is missing."""
    path = Path(os.environ.get("FORMULATE_SHARED", PACKAGE_ROOT.parent / "shared"))
    if not (path / "benchmarks").is_dir():
        sys.exit(f"no benchmarks under {path}: set FORMULATE_SHARED to the folder that holds benchmarks/")
    return path / "benchmarks"


def judge(record: dict[str, Any], time_limit: float) -> dict[str, Any]:
    """Formulate, solve and judge one record."""
    from formulate.offline import formulate_offline
    from formulate.offline.base import Abstention
    from solvers import solve
    from solvers.compare import ANSWER, TWO_PER_MILLE, compare
    from solvers.errors import FormulateError

    started = time.perf_counter()
    row: dict[str, Any] = {"id": record["id"], "label": record["answer"], "category": record.get("category")}
    row["category"] = record.get("problem_class") or row["category"]
    try:
        draft = formulate_offline(record["question"])
        if isinstance(draft, Abstention):
            return {**row, "outcome": "abstained", "seconds": time.perf_counter() - started}
        result = solve(draft.formulation, time_limit=time_limit, threads=1)
    except FormulateError as error:
        return {**row, "outcome": "failed", "reason": str(error).splitlines()[0]}
    row["seconds"] = time.perf_counter() - started
    if result.termination in ("infeasible", "unbounded"):
        answer: Any = result.termination
    elif result.termination == "optimal" and result.check is not None and result.check.feasible:
        answer = result.objective
    else:
        return {**row, "outcome": "unsolved", "reason": result.termination}
    row["answer"] = answer
    tolerance = TWO_PER_MILLE if record["benchmark"] == "optengine" else ANSWER
    label = record["answer"]
    if label is None:
        return {**row, "outcome": "unlabelled"}
    if isinstance(answer, str) or isinstance(label, str):
        return {**row, "outcome": "right" if answer == label else "wrong"}
    return {**row, "outcome": "right" if compare(float(answer), float(label), tolerance) else "wrong"}


def run(name: str, args: argparse.Namespace) -> None:
    """One benchmark: a line per category, then the total."""
    with open(shared() / f"{name}.jsonl", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    if args.sample and args.sample < len(records):
        records = random.Random(args.seed).sample(records, args.sample)
    with ProcessPoolExecutor(args.jobs, mp_context=get_context("spawn")) as pool:
        rows = []
        for row in pool.map(judge, records, [args.time_limit] * len(records), chunksize=4):
            rows.append(row)
            if sys.stderr.isatty():
                print(f"\r{name}: {len(rows)}/{len(records)}", end="", file=sys.stderr)
    report(name, rows, args)


def report(name: str, rows: list[dict[str, Any]], args: argparse.Namespace) -> None:
    """Print the counts of one benchmark."""
    by_category: dict[str, Counter[str]] = {}
    for row in rows:
        by_category.setdefault(str(row["category"]), Counter())[row["outcome"]] += 1
    total: Counter[str] = sum(by_category.values(), Counter())
    print(f"\n{name}: {len(rows)} problems")
    shown = sorted(by_category.items()) if len(by_category) <= 15 else []
    for category, counts in [*shown, ("all", total)]:
        answered, labelled = counts["right"] + counts["wrong"], sum(counts.values())
        precision = f"{counts['right'] / answered:6.1%}" if answered else "     -"
        print(
            f"  {category[:28]:28} answered {answered:5} of {labelled:5}   right {counts['right']:5} "
            f"({counts['right'] / labelled:6.1%} of all, {precision} of answered)   "
            f"unsolved {counts['unsolved']}, failed {counts['failed']}, unlabelled {counts['unlabelled']}"
        )
    seconds = sorted(r["seconds"] for r in rows if "seconds" in r)
    if seconds:
        print(f"  seconds per problem: median {seconds[len(seconds) // 2]:.3f}, max {seconds[-1]:.2f}")
    if args.wrong:
        for row in rows:
            if row["outcome"] in ("wrong", "failed", "unsolved"):
                print("   ", json.dumps(row))
    if args.out:
        with open(args.out, "a", encoding="utf-8") as out:
            out.writelines(json.dumps({"benchmark": name, **row}) + "\n" for row in rows)


def main() -> None:
    """Parse the arguments and run each benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("benchmarks", nargs="*", default=list(DEFAULT))
    parser.add_argument("--sample", type=int, help="a random sample of this many problems")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--time-limit", type=float, default=10.0)
    parser.add_argument("--wrong", action="store_true", help="list wrong answers, failures and unsolved problems")
    parser.add_argument("--out", help="append one JSON line per problem to this file")
    args = parser.parse_args()
    for name in args.benchmarks:
        run(name, args)


if __name__ == "__main__":
    main()
