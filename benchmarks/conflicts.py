"""Conflicts of models that one injected change made infeasible: is the change in the conflict, is it irreducible?

    python benchmarks/conflicts.py                  # three tables, then models of RetailOpt size
    python benchmarks/conflicts.py --bases ours --models 10 --time-limit 20 --no-retail

Bases: `references`, the reference models of Bench4Opt (LP files, read by HiGHS with their brackets replaced), once
the feasible ones with a change, once all that are infeasible as they stand (`as is`, where no change is asked for);
`ours`, the golden formulations of tests/ with the data of their records, the examples, and what the offline
formulator makes of optengine problems of varied classes. Data are read from `$FORMULATE_SHARED/benchmarks` (default:
`../shared` beside the repository). A change is a new row, a moved right-hand side or a moved bound that asks for more
than the feasible set of the base can give: by 5 per cent or 1, or half-way to what the linear relaxation can give where
that is more.
So the base is feasible, the changed model is not, and every conflict must hold the change. Every conflict is judged
again by SCIP: infeasible as a whole, feasible without any one member. Where there are too few linear programs, bases
without their whole-number conditions fill up.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("row", "right side", "bound")


def shared() -> Path:
    """The folder of shared benchmarks. Exits with a message when it is missing."""
    path = Path(os.environ.get("FORMULATE_SHARED", ROOT.parent / "shared"))
    if not (path / "benchmarks").is_dir():
        sys.exit(f"no benchmarks under {path}: set FORMULATE_SHARED to the folder that holds benchmarks/")
    return path / "benchmarks"


@dataclass(frozen=True)
class Base:
    """A feasible model: where it is from, and the subject of its diagnosis."""

    name: str
    subject: Any


def records(name: str) -> Iterator[dict[str, Any]]:
    with (shared() / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def references(seed: int) -> Iterator[Base]:
    """The reference models of Bench4Opt that are feasible, one family of problems after the other."""
    from solvers.adapters import SolveOptions, adapter
    from solvers.diagnose.subject import Subject

    found = list(records("bench4opt"))
    random.Random(seed).shuffle(found)
    # As many linear as mixed-integer ones, taken in turns.
    sorts: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for record in found:
        sorts[record["category"].startswith("LP")].append(record)
    for pair in zip(sorts[True], sorts[False]):
        for record in pair:
            model = read_lp(record["reference_formulation"])
            if model is None:
                print(f"skipped {record['id']}: HiGHS does not read it", file=sys.stderr)
            elif adapter("highs").solve(model, SolveOptions(time_limit=20.0)).x is None:
                print(f"skipped {record['id']}: no solution within 20 s", file=sys.stderr)
            else:
                yield Base(record["id"].replace("bench4opt-", ""), Subject(model, "highs"))


def infeasible_references() -> Iterator[Base]:
    """The reference models of Bench4Opt whose label says that they are infeasible."""
    from solvers.diagnose.subject import Subject

    for record in records("bench4opt"):
        model = read_lp(record["reference_formulation"]) if record["answer"] == "infeasible" else None
        if model is not None:
            yield Base(record["id"].replace("bench4opt-", ""), Subject(model, "highs"))


def read_lp(text: str) -> Any:
    """A linear model from the text of an LP file; None where HiGHS does not read it."""
    import highspy

    from solvers.model import Block, Csr, Model, ObjectiveLevel

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.lp"
        plain = re.sub(r"(\w)\[([^\]]*)\]", lambda m: f"{m[1]}({m[2].replace(',', '_')})", text)
        path.write_text(plain, encoding="utf-8")
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        if highs.readModel(str(path)) != highspy.HighsStatus.kOk:
            return None
    highs.ensureRowwise()
    lp = highs.getLp()
    matrix = lp.a_matrix_
    n, m = lp.num_col_, lp.num_row_
    kinds = np.array([int(kind) == 1 for kind in lp.integrality_], dtype=np.uint8)
    start, index, value = (np.asarray(part) for part in (matrix.start_, matrix.index_, matrix.value_))
    return Model(
        "reference",
        "max" if lp.sense_ == highspy.ObjSense.kMaximize else "min",
        (ObjectiveLevel(np.asarray(lp.col_cost_), lp.offset_),),
        Csr(start[: m + 1].astype(np.int64), index.astype(np.int32), value.astype(float), n),
        np.asarray(lp.row_lower_),
        np.asarray(lp.row_upper_),
        np.asarray(lp.col_lower_),
        np.asarray(lp.col_upper_),
        kinds if len(kinds) else np.zeros(n, dtype=np.uint8),
        tuple(Block(name, j, 1) for j, name in enumerate(unique(lp.col_names_))),
        tuple(Block(name, i, 1) for i, name in enumerate(unique(lp.row_names_))),
    )


def unique(names: list[str]) -> list[str]:
    """The names, with their position where a name is used twice."""
    return [name if names.count(name) == 1 else f"{name}@{k}" for k, name in enumerate(names)]


def ours(seed: int) -> Iterator[Base]:
    """Golden formulations, examples, then offline formulations, one problem class after the other."""
    import yaml

    from solvers import Formulation
    from solvers.data import bind
    from solvers.diagnose.subject import subject
    from solvers.errors import FormulateError

    for folder in sorted((ROOT / "tests" / "golden").iterdir()):
        if folder.name == "retailopt190" or not (folder / "formulation.yaml").exists():
            continue
        expected = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
        formulation = Formulation.read(str(folder / "formulation.yaml"))
        data = None
        if "instances" in expected:
            wanted = expected["instances"][0]["problem"]
            data = bind(formulation, next(r["data"] for r in records(expected["benchmark"]) if r["id"] == wanted))
        yield Base(f"golden {folder.name}", subject(formulation, data))
    for file in sorted((ROOT / "examples").glob("*/formulation.yaml")):
        yield Base(f"example {file.parent.name}", subject(Formulation.read(str(file))))
    yield from _offline(seed, subject, FormulateError)


def _offline(seed: int, subject: Any, error_type: type[Exception]) -> Iterator[Base]:
    from formulate.offline import Abstention, formulate_offline

    found = list(records("optengine"))
    random.Random(seed).shuffle(found)
    by_class: dict[str, list[dict[str, Any]]] = {}
    for record in found:
        by_class.setdefault(str(record.get("problem_class") or record.get("category")), []).append(record)
    while any(by_class.values()):
        for name in sorted(by_class):
            if by_class[name]:
                record = by_class[name].pop()
                try:
                    draft = formulate_offline(record["question"])
                    if not isinstance(draft, Abstention):
                        yield Base(f"offline {name} {record['id'].rpartition('-')[2]}", subject(draft.formulation))
                except error_type as error:
                    print(f"skipped {record['id']}: {str(error).splitlines()[0]}", file=sys.stderr)


def injected(base: Base, kind: str, rng: random.Random, seconds: float) -> tuple[Any, tuple[str, str, Any]] | str:
    """The subject with one change, and which member that is (kind, name, key); or why there is none."""
    from solvers.diagnose.members import members_of

    subject = base.subject
    model = subject.model
    if model.num_columns == 0:
        return "no variables"
    if kind == "row":
        count = rng.randint(1, min(6, model.num_columns))
        columns = np.array(sorted(rng.sample(range(model.num_columns), count)))
        values = np.array([float(rng.choice([1, 1, 2, 3])) for _ in columns])
        least = beyond(model, columns, values, subject.solver, seconds)
        if least is None:
            return "no greatest value"
        changed = with_row(model, columns, values, least)
        return replace(subject, model=changed), ("row", "injected", ())
    members = members_of(subject)
    wanted = [
        k for k in range(len(members)) if members.kind(k) in (("row",) if kind == "right side" else ("lower", "upper"))
    ]
    rng.shuffle(wanted)
    for k in wanted[:8]:
        if len(members.atoms_of(k)) > 1:
            continue
        changed = moved(model, int(members.first[k]), subject.solver, seconds)
        if changed is not None:
            family = members.families[int(members.family[k])]
            # A moved bound is a lower bound that is too high.
            return replace(subject, model=changed), (
                "lower" if kind == "bound" else "row",
                family.name,
                members.keys[k],
            )
    return "nothing could be moved"


def moved(model: Any, atom: int, solver: str, seconds: float) -> Any:
    """The model with a row's or column's lower side above what it can reach; None where it has no end."""
    m, n = model.num_rows, model.num_columns
    if atom < m:
        columns, values = model.matrix.row(atom)
        if not len(columns) or model.is_nonlinear or model.quadratic_rows is not None:
            return None
        lower, upper = model.row_lower.copy(), model.row_upper.copy()
        closed, upper[atom] = bool(np.isfinite(upper[atom])), np.inf
        least = beyond(replace(model, row_upper=upper), columns, values, solver, seconds)
        if least is None:
            return None
        lower[atom], upper[atom] = least, least if closed else np.inf
        return replace(model, row_lower=lower, row_upper=upper)
    j = (atom - m) % n
    lower, upper = model.col_lower.copy(), model.col_upper.copy()
    closed, upper[j] = bool(np.isfinite(upper[j])), np.inf
    least = beyond(replace(model, col_upper=upper), np.array([j]), np.ones(1), solver, seconds)
    if least is None:
        return None
    lower[j], upper[j] = least, least if closed else np.inf
    return replace(model, col_lower=lower, col_upper=upper)


def beyond(model: Any, columns: np.ndarray, values: np.ndarray, solver: str, seconds: float) -> float | None:
    """More than a linear form can be over the feasible set, by 5 per cent or 1; None where it has no proven end.

    Where the linear relaxation reaches further, half-way to it: then only whole numbers forbid it.
    """
    most = greatest(model, columns, values, solver, seconds)
    if most is None:
        return None
    relaxed = greatest(replace(model, kinds=np.zeros_like(model.kinds)), columns, values, solver, seconds)
    if relaxed is not None and relaxed > most + 1e-3 * max(1.0, abs(most)):
        return (most + relaxed) / 2
    return float(np.ceil(most + max(1.0, 0.05 * abs(most))))


def greatest(model: Any, columns: np.ndarray, values: np.ndarray, solver: str, seconds: float) -> float | None:
    """The proven greatest value of a linear form over the feasible set; None without one."""
    from solvers.adapters import SolveOptions, adapter
    from solvers.model import ObjectiveLevel

    costs = np.zeros(model.num_columns)
    np.add.at(costs, columns, values)
    asked = replace(model, sense="max", levels=(ObjectiveLevel(costs),))
    raw = adapter(solver).solve(asked, SolveOptions(time_limit=seconds))
    return None if raw.termination != "optimal" or raw.objective is None else float(raw.objective)


def with_row(model: Any, columns: np.ndarray, values: np.ndarray, least: float) -> Any:
    """The model with one more row, `injected`."""
    from solvers.model import Block, Csr

    matrix = model.matrix
    start = np.append(matrix.start, matrix.nonzeros + len(columns)).astype(matrix.start.dtype)
    index, value = np.append(matrix.index, columns).astype(np.int32), np.append(matrix.value, values)
    return replace(
        model,
        matrix=Csr(start, index, value, matrix.columns),
        row_lower=np.append(model.row_lower, least),
        row_upper=np.append(model.row_upper, np.inf),
        rows=(*model.rows, Block("injected", model.num_rows, 1)),
        slots=None,
    )


def judge(subject: Any, conflict: Any, seconds: float) -> str:
    """SCIP's verdict on a conflict: `yes`, `no: ...`, or what it could not decide."""
    from solvers.diagnose.members import members_of
    from solvers.diagnose.oracle import AdapterOracle, Budget

    members = members_of(subject)
    scip = AdapterOracle(members, Budget(seconds, 10.0), "scip")
    found = {(m.kind, m.name, m.key) for m in conflict.members}
    names = [
        (members.families[int(f)].kind, members.families[int(f)].name, key)
        for f, key in zip(members.family, members.keys)
    ]
    mask = np.array([name in found for name in names], dtype=bool)
    open_ = 0
    verdict = scip.test(mask)
    if verdict == "feasible":
        return "no: SCIP has a point"
    open_ += verdict == "unknown"
    for k in np.flatnonzero(mask):
        rest = mask.copy()
        rest[k] = False
        verdict = scip.test(rest)
        if verdict == "infeasible":
            return f"no: not needed: {names[k]}"
        open_ += verdict == "unknown"
    return "yes" if not open_ else f"{open_} of {int(mask.sum()) + 1} open"


def run(subject: Any, change: tuple[str, str, Any] | None, limit: float) -> dict[str, Any]:
    """One search for a conflict, judged."""
    from solvers.diagnose.conflict import conflict_of

    started = time.perf_counter()
    found = conflict_of(subject, time_limit=limit)
    seconds = time.perf_counter() - started
    holds = change is None or any((m.kind, m.name, m.key) == change for m in found.members)
    row = {
        "outcome": found.outcome,
        "size": len(found.members),
        "contains": holds,
        "irreducible": found.irreducible,
        "seconds": seconds,
        "solves": found.solves,
        "proven": "+".join(found.proven_by) or "-",
        "linear": found.linear,
    }
    row["scip"] = judge(subject, found, 60.0) if found.outcome == "conflict" else "-"
    return row


def retail(limit: float) -> None:
    """One model of RetailOpt size, made infeasible in each of the three ways."""
    from solvers import Formulation
    from solvers.data import bind
    from solvers.diagnose.subject import subject

    formulation = Formulation.read(str(ROOT / "tests" / "golden" / "retailopt190" / "formulation.yaml"))
    record = next(r for r in records("retailopt190") if r["id"] == "retailopt190-retail_f1_base_v0")
    base = Base("retailopt190", subject(formulation, bind(formulation, record["data"])))
    for whole in (False, True):
        found = base.subject
        if whole:
            found = replace(found, model=integral(found.model, "produce"))
        for kind in KINDS:
            changed = injected(Base("retailopt190", found), kind, random.Random(7), 30.0)
            if isinstance(changed, str):
                print(f"retailopt190 {kind}: {changed}")
                continue
            row = run(*changed, limit)
            show(f"retailopt190{' whole' if whole else ''}", found.model, kind, row)


def integral(model: Any, name: str) -> Any:
    """The model with one family of variables whole."""
    kinds = model.kinds.copy()
    block = next(b for b in model.columns if b.name == name)
    kinds[block.start : block.start + block.size] = 1
    return replace(model, kinds=kinds)


def show(name: str, model: Any, kind: str, row: dict[str, Any]) -> None:
    size = f"{model.class_name:6} {model.num_rows:6} x {model.num_columns:<6}"
    holds = "yes" if row["contains"] else "NO"
    found = f"{row['outcome']:9} {row['size']:5} {holds:4} {row['irreducible']!s:5} {row['seconds']:7.2f}"
    print(f"{name[:44]:44} {size} {kind:10} {found} {row['solves']:6} {row['proven']:18} {row['scip']}", flush=True)


HEAD = (
    f"{'model':44} {'class':6} {'rows':>6} x {'columns':<6} {'change':10} {'outcome':9} {'size':>5} {'has':4} "
    f"{'irred':5} {'seconds':>7} {'solves':>6} {'proven by':18} SCIP agrees"
)


def summary(rows: list[dict[str, Any]], linear: int) -> str:
    """The line that the table is printed for."""
    seconds = [row["seconds"] for row in rows]
    found, holds = sum(row["outcome"] == "conflict" for row in rows), sum(row["contains"] for row in rows)
    minimal, agreed = sum(bool(row["irreducible"]) for row in rows), sum(row["scip"] == "yes" for row in rows)
    against = sum(row["scip"].startswith("no") for row in rows)
    return (
        f"{len(rows)} models ({linear} LP, {len(rows) - linear} MILP): conflict found in {found}, contains the change "
        f"in {holds}, irreducible in {minimal}, SCIP agrees in {agreed}, contradicts in {against}; seconds: median "
        f"{np.median(seconds):.2f}, worst {max(seconds):.2f}"
    )


def table(found: Iterator[Base], options: argparse.Namespace) -> None:
    """One line per model until there are enough, then the summary."""
    print(HEAD)
    rng = random.Random(options.seed)
    rows: list[dict[str, Any]] = []
    linear = 0
    for base in found:
        if len(rows) >= options.models:
            break
        model = base.subject.model
        if model.class_name not in ("LP", "MILP"):
            continue
        if linear < len(rows) // 2 and model.class_name == "MILP":
            relaxed = replace(model, kinds=np.zeros_like(model.kinds))
            base = Base(f"{base.name} (relaxed)", replace(base.subject, model=relaxed))
        kind = KINDS[len(rows) % len(KINDS)]
        changed = injected(base, kind, rng, 10.0)
        if isinstance(changed, str):
            print(f"{base.name[:44]:44} left out: {kind}: {changed}", flush=True)
            continue
        linear += base.subject.model.class_name == "LP"
        row = run(*changed, options.time_limit)
        rows.append(row)
        show(base.name, base.subject.model, kind, row)
    print(f"\n{summary(rows, linear)}\n", flush=True)


def as_is(options: argparse.Namespace) -> None:
    """The models that are infeasible as they stand."""
    print(HEAD)
    rows: list[dict[str, Any]] = []
    linear = 0
    for base in infeasible_references():
        if len(rows) >= 2 * options.models:
            break
        row = run(base.subject, None, options.time_limit)
        linear += base.subject.model.class_name == "LP"
        rows.append(row)
        show(base.name, base.subject.model, "as is", row)
    print(f"\n{summary(rows, linear)}\n", flush=True)


def main() -> None:
    """Run and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, default=50, help="of each sort of bases")
    parser.add_argument("--bases", choices=("references", "ours", "both"), default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--no-retail", action="store_true")
    options = parser.parse_args()
    if options.bases != "ours":
        table(references(options.seed), options)
        as_is(options)
    if options.bases != "references":
        table(ours(options.seed), options)
    if not options.no_retail:
        retail(options.time_limit)


if __name__ == "__main__":
    main()
