"""Show what the reader finds in a problem text, before anything is formulated, and what would be left over."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from formulate.cli import output
from formulate.cli.files import read_problem

if TYPE_CHECKING:
    from rich.console import Group, RenderableType

    from verify.reading.reader import Reading

SUMMARY = "what the reader finds in a text: quantities, units, entities, relations, goal, leftovers"
EXAMPLE = "formulate read examples/bakery.txt"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `formulate read`."""
    parser.add_argument("problem", metavar="PROBLEM", help="a text file, or - for standard input")


def run(options: argparse.Namespace) -> int:
    """Read and show; 0 also where a formulator would abstain."""
    from formulate.offline import Abstention, formulate_offline
    from verify.reading.reader import read

    text = read_problem(options.problem)
    reading = read(text)
    found = _found(reading)
    outcome = formulate_offline(text)
    abstained = isinstance(outcome, Abstention)
    leftovers = outcome.reasons if isinstance(outcome, Abstention) else outcome.leftovers
    found["formulated"] = not abstained
    found["leftovers"] = [
        {"why": item.why, "sentence": item.sentence, "start": item.start, "end": item.end} for item in leftovers
    ]
    if options.json:
        output.emit_json({"schema": "formulate-reading/1", **found})
    else:
        output.show(_view(found))
    return 0


def _found(reading: Reading) -> dict[str, Any]:
    """What each reader says, with the spans of the text that it says it of."""
    from verify.reading.comparisons import find_comparisons
    from verify.reading.entities import candidate_entities
    from verify.reading.goal import find_goals
    from verify.reading.records import read_records
    from verify.reading.tables import find_tables

    document = reading.document
    tables = find_tables(reading.text)
    groups = read_records(reading.text, [(table.start, table.end) for table in tables])
    lists = candidate_entities(document)
    return {
        "quantities": [
            {"value": q.value, "text": q.text, "unit": q.unit, "kind": q.kind, "counts": q.counts,
             "start": q.start, "end": q.end, "sentence": _sentence(reading, q.start)}
            for q in reading.quantities
        ],
        "goals": [
            {"sense": g.sense, "target": g.target, "start": g.start, "end": g.end} for g in find_goals(document)
        ],
        "relations": [
            {"direction": c.direction, "text": c.text, "start": c.start, "end": c.end,
             "sentence": _sentence(reading, c.start)}
            for c in find_comparisons(document)
        ],
        "entities": [list(candidate.names) for candidate in lists],
        "tables": [
            {"header": [cell.text for cell in table.header], "rows": [[cell.text for cell in r] for r in table.rows],
             "start": table.start, "end": table.end}
            for table in tables
        ],
        "records": [
            {"kind": group.kind, "heading": group.heading, "entities": list(group.entities), "start": group.start,
             "end": group.end}
            for group in groups
        ],
    }


def _sentence(reading: Reading, offset: int) -> str:
    found = reading.document.sentence_at(offset)
    return "" if found is None else found.text


def _view(found: dict[str, Any]) -> Group:
    from rich.console import Group
    from rich.text import Text

    from solvers.render.layout import bullet_list, grid, row, section
    from solvers.render.safe import number, one_line

    parts: list[RenderableType] = []
    table = grid(4)
    previous = ""
    for item in found["quantities"]:
        style = "bold" if item["counts"] else "dim"
        kind = item["kind"] if item["counts"] else f"{item['kind']}, needs no account"
        sentence = "" if item["sentence"] == previous else one_line(item["sentence"], 160)
        previous = item["sentence"]
        value = Text(number(item["value"]), style)
        row(table, value, one_line(item["unit"]), Text(kind, "dim"), Text(sentence, "green"))
    parts.append(section(f"Quantities ({len(found['quantities'])})", table))
    goals = [f"{'minimize' if g['sense'] == 'min' else 'maximize'} {one_line(g['target'])}" for g in found["goals"]]
    relations = [
        f"{r['direction']}  \"{one_line(r['text'])}\" in: {one_line(r['sentence'], 120)}" for r in found["relations"]
    ]
    lists = [", ".join(map(one_line, names)) for names in found["entities"][:3]]
    tables = [f"{len(t['rows'])} rows: {one_line(' | '.join(t['header']), 120)}" for t in found["tables"]]
    records = [f"{r['kind']}: {one_line(', '.join(r['entities']), 120)}" for r in found["records"]]
    for title, lines in (
        ("Goal", goals or ["none found"]), ("Relations", relations), ("What could be decided about", lists),
        ("Tables", tables), ("Records", records),
    ):  # fmt: skip
        if lines:
            parts.append(section(title, bullet_list(lines)))
    left = [
        f"{one_line(x['why'])}{': ' + one_line(x['sentence'], 200) if x['sentence'] else ''}"
        for x in found["leftovers"]
    ]
    if left:
        parts.append(section("Left over: `formulate` abstains", bullet_list(left, "yellow")))
    else:
        parts.append(Text("everything is accounted for", "bold green"))
    return Group(*parts)
