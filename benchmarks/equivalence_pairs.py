"""Pairs of models whose equivalence is known, built from every model of Bench4Opt: right, wrong, undecided by kind.

    python benchmarks/equivalence_pairs.py                       # all models, all cores, resumable
    python benchmarks/equivalence_pairs.py --step 10 --out some.jsonl --workers 2 --no-published

Equal by construction: permuted and renamed; each rewriting that normalisation undoes, permuted too; written to MPS and
LP and read again; emitted as programs for four libraries, run in the sandbox and captured; several rewritings at once.
Different: each single change, permuted and renamed (one that the rest of the model makes meaningless is not made); all
pairs of models of one skeleton; a base and its variants. Right is the structural verdict after normalisation, and for
equal pairs also that the certificate replays. `diff` counts changed models for which the reader's diff has one line
that names the change, or what a symmetry of the model makes of it. `published` is the method of the paper as its code
runs (published_equivalence.py), on the same pairs.

Models are read from `$FORMULATE_SHARED/benchmarks/bench4opt.jsonl` (default: `../shared` beside the repository).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import combinations
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from formulate.records_file import RecordsFile  # noqa: E402
from solvers.model import Model  # noqa: E402
from tests.property.equivalence_drafts import (  # noqa: E402
    MUTATIONS,
    REWRITES,
    Change,
    Draft,
    draft,
    marked,
    model,
    mutated,
    permuted,
    with_coefficient,
)


def records() -> list[dict[str, Any]]:
    """All records. Exits with a message when the file is missing."""
    path = Path(os.environ.get("FORMULATE_SHARED", ROOT.parent / "shared")) / "benchmarks" / "bench4opt.jsonl"
    if not path.exists():
        sys.exit(f"{path} is missing: set FORMULATE_SHARED to the folder that holds benchmarks/")
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read(record: dict[str, Any]) -> Model:
    from solvers.io.lp_read import read_lp
    from solvers.io.source import as_text

    return read_lp(as_text(record["id"], record["reference_formulation"].encode()))


Held = tuple[Draft, Change, dict[str, str]] | None


def pairs_of(base: Draft, name: str, programs: bool) -> Iterator[tuple[str, bool, Model, Model, Held]]:
    """(kind, equal?, A, B, what a diff is held to) of one model."""
    r = random.Random(name)
    a = model(base)
    yield "permuted and renamed", True, a, model(permuted(base, r)[0]), None
    several = base
    for kind, rewrite in REWRITES.items():
        said = rewrite(base, r)
        if said is not None:
            yield f"rewritten: {kind}", True, a, model(permuted(said, r)[0]), None
        again = rewrite(several, r) if kind != "max of the negated" or r.random() < 0.5 else None
        several = several if again is None else again
    yield "rewritten: many at once", True, a, model(permuted(several, r)[0]), None
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("mps", "lp"):
            path = Path(folder) / f"model.{suffix}"
            model(permuted(base, r)[0]).write(path)
            yield f"written and read: {suffix.upper()}", True, a, Model.read(path), None
    if programs:
        from equivalence_programs import programs_of

        for target, meant, captured in programs_of(base, r):
            if isinstance(captured, str):
                raise RuntimeError(f"{name}: no model came from the {target} program: {captured}")
            yield f"emitted and run: {target}", True, model(meant), captured, None
    for kind in MUTATIONS:
        got = mutated(kind, base, r)
        if got is None:
            continue
        changed, change = got
        moved, columns, rows = permuted(changed, r)
        names = {changed.columns[j].name: moved.columns[w].name for j, w in enumerate(columns)}
        names |= {changed.rows[i].name: moved.rows[w].name for i, w in enumerate(rows)}
        yield f"changed: {kind}", False, a, model(moved), (base, change, names)


def judged(kind: str, equal: bool, a: Model, b: Model, held: Any, published: bool) -> dict[str, Any]:
    """One pair's record."""
    from verify.equivalence.decide import structure
    from verify.equivalence.replay import replays

    began = time.perf_counter()
    found = structure(a, b)
    seconds = time.perf_counter() - began
    right = found.verdict == ("equivalent" if equal else "structurally_different")
    if equal and right:
        assert found.certificate is not None
        right = replays(a, b, json.loads(json.dumps(found.certificate.to_json())))
    record = {"kind": kind, "right": right, "undecided": found.verdict == "undecided", "seconds": seconds,
              "why": "" if right else f"{found.verdict} {found.budget} {found.invariant}"}
    if held is not None:
        record["diff"] = named(a, b, *held)
    if published:
        from published_equivalence import published_verdict

        began = time.perf_counter()
        record["published"] = (published_verdict(a, b) == "equivalent") == equal
        record["published_seconds"] = time.perf_counter() - began
    return record


def named(a: Model, b: Model, base: Draft, change: Change, names: dict[str, str]) -> bool:
    """Whether the diff has one line, and it is the change, or its image under a symmetry of the model."""
    from verify.equivalence.decide import structure
    from verify.equivalence.diff import compare_models

    differences = compare_models(a, b).differences
    if len(differences) != 1 or differences[0].what != change.what:
        return False
    found = differences[0]
    if found.row in (change.row, names.get(change.row)) and found.column in (change.column, names.get(change.column)):
        return True
    if found.what == "coefficient" and found.b is not None:
        return bool(structure(model(with_coefficient(base, found.row, found.column, float(found.b))), b))
    return bool(structure(model(marked(base, change.row, change.column)), model(marked(base, found.row, found.column))))


def worked(record: dict[str, Any], published: bool, programs: bool) -> dict[str, Any]:
    """All pairs of one model."""
    base = draft(read(record))
    judgements = [judged(*pair, published) for pair in pairs_of(base, record["id"], programs)]
    return {"id": record["id"], "columns": len(base.columns), "pairs": judgements}


def worked_two(kind: str, one: dict[str, Any], two: dict[str, Any], published: bool) -> dict[str, Any]:
    """A pair of two different problems."""
    judgement = judged(kind, False, read(one), read(two), None, published)
    return {"id": f"{kind}: {one['id']} {two['id']}", "pairs": [judgement]}


def skeleton(record: dict[str, Any]) -> object:
    """What is left of a model without its numbers: colours of its graph after some rounds of refinement."""
    made = draft(read(record))
    columns: list[object] = ["c"] * len(made.columns)
    rows: list[object] = ["r"] * len(made.rows)
    for _ in range(4):
        near: list[list[object]] = [[] for _ in columns]
        for i, row in enumerate(made.rows):
            for j, _value in row.entries:
                near[j].append(rows[i])
        after = [
            hash((rows[i], tuple(sorted(hash(columns[j]) for j, _ in row.entries)))) for i, row in enumerate(made.rows)
        ]
        columns = [hash((c, tuple(sorted(map(hash, near[j]))))) for j, c in enumerate(columns)]
        rows = list(after)
    return tuple(sorted(map(hash, columns))), tuple(sorted(map(hash, rows)))


def two_problems(everything: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """All pairs in groups of one skeleton, and each base with its variants."""
    groups: dict[object, list[dict[str, Any]]] = defaultdict(list)
    bases: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in everything:
        groups[skeleton(record)].append(record)
        bases[record["id"].rsplit("_var", 1)[0]].append(record)
    for group in groups.values():
        yield from (("one skeleton", one, two) for one, two in combinations(group, 2))
    for group in bases.values():
        yield from (("base and variant", group[0], other) for other in group[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--step", type=int, default=1, help="take every n-th model")
    parser.add_argument("--out", type=Path, default=Path("equivalence_pairs.jsonl"))
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--no-published", action="store_true")
    parser.add_argument("--no-programs", action="store_true", help="leave out emitted programs (seconds a model)")
    options = parser.parse_args()
    everything = records()[:: options.step]
    published = not options.no_published
    with ProcessPoolExecutor(options.workers) as pool, RecordsFile(str(options.out)) as file:
        done = {record["id"] for record in file}
        programs = not options.no_programs
        waiting = [pool.submit(worked, r, published, programs) for r in everything if r["id"] not in done]
        for kind, one, two in two_problems(everything):
            if f"{kind}: {one['id']} {two['id']}" not in done:
                waiting.append(pool.submit(worked_two, kind, one, two, published))
        for count, future in enumerate(as_completed(waiting), start=1):
            file.append(future.result())
            print(f"\r{count} of {len(waiting)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    report(options.out)


def report(out: Path) -> None:
    """The table by kind."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    seconds: list[float] = []
    theirs: list[float] = []
    wrong: list[str] = []
    for line in out.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        for pair in record["pairs"]:
            count = kinds[pair["kind"]]
            outcome = "right" if pair["right"] else "undecided" if pair["undecided"] else "wrong"
            count[outcome] += 1
            count["diff"] += bool(pair.get("diff"))
            count["diffs"] += "diff" in pair
            count["published"] += bool(pair.get("published"))
            count["publisheds"] += "published" in pair
            seconds.append(pair["seconds"])
            theirs.append(pair.get("published_seconds", 0.0))
            if outcome != "right":
                wrong.append(f"{record['id']}: {pair['kind']}: {pair['why'][:200]}")
    print(f"{'kind':<34}{'right':>7}{'wrong':>7}{'undecided':>11}{'diff':>12}{'published right':>18}")
    whole: Counter[str] = Counter()
    for kind, count in [*sorted(kinds.items()), ("all", whole)]:
        diff = f"{count['diff']}/{count['diffs']}" if count["diffs"] else ""
        published = f"{count['published']}/{count['publisheds']}" if count["publisheds"] else ""
        print(f"{kind:<34}{count['right']:>7}{count['wrong']:>7}{count['undecided']:>11}{diff:>12}{published:>18}")
        whole.update(count)
    seconds.sort()
    theirs.sort()
    if seconds:
        print(f"seconds a pair: median {seconds[len(seconds) // 2]:.4f}, 95% {seconds[int(len(seconds) * 0.95)]:.4f}, "
              f"most {seconds[-1]:.3f}; published: median {theirs[len(theirs) // 2]:.4f}, most {theirs[-1]:.3f}")
    print("\n".join(wrong[:40]))


if __name__ == "__main__":
    main()
