"""CP-SAT's scheduling constraints: intervals, no_overlap, cumulative, reservoir."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.io.nl_poly import Sum
from solvers.model import NoOverlap
from solvers.sandbox.capture.cpsat_model import CpReader, When, added, minus, number, times
from solvers.sandbox.capture.guard import UncapturedError


@dataclass(frozen=True)
class _Task:
    """An interval: formulas, and the 0-1 formula of its absence (0 where it is always there)."""

    start: Sum
    size: Sum
    end: Sum
    absent: Sum
    present: When


def _task(reader: CpReader, index: int) -> _Task:
    rule = reader.proto.constraints[index]
    found = rule.interval
    when = reader.condition(list(rule.enforcement_literal), f"{rule.name or f'interval{index}'}#present")
    absent = minus(Sum(1.0), reader.truth(when)) if when is not None else Sum()
    expression = reader.expression
    return _Task(expression(found.start), expression(found.size), expression(found.end), absent, when)


def interval(reader: CpReader, rule: Any, name: str, _: When) -> None:
    """start + size = end and size >= 0, where the interval is present."""
    found = rule.interval
    when = reader.condition(list(rule.enforcement_literal), name)
    start, size, end = (reader.expression(e) for e in (found.start, found.size, found.end))
    difference = minus(added([start, size]), end)
    if difference.constant or any(difference.linear.values()):
        reader.row(name, 0.0, 0.0, difference, when)
    if reader.bounds(size)[0] < 0:
        reader.row(f"{name}#size", 0.0, None, size, when)


def no_overlap(reader: CpReader, found: Any, name: str, when: When) -> None:
    """A NoOverlap where all intervals are always present, else a choice for each pair."""
    tasks = [_task(reader, k) for k in found.intervals]
    if when is None and all(task.present is None for task in tasks):
        from solvers.sandbox.capture.cpsat_rules import affine

        starts, sizes = affine([t.start for t in tasks]), affine([t.size for t in tasks])
        reader.sheet.globals.append(NoOverlap(starts, sizes, name))
        return
    for i, j in _pairs(len(tasks)):
        a, b = tasks[i], tasks[j]
        reader.one_of(
            [([(minus(b.start, a.end), 0.0, np.inf)], f"{name}#{i}before{j}"),
             ([(minus(a.start, b.end), 0.0, np.inf)], f"{name}#{j}before{i}")],
            f"{name}#{i}#{j}", when, [a.absent, b.absent],
        )  # fmt: skip


def _pairs(count: int) -> list[tuple[int, int]]:
    return [(i, j) for j in range(count) for i in range(j)]


def no_overlap_2d(reader: CpReader, found: Any, name: str, when: When) -> None:
    """One of four sides for each pair of rectangles."""
    across = [_task(reader, k) for k in found.x_intervals]
    up = [_task(reader, k) for k in found.y_intervals]
    if any(reader.bounds(task.size)[0] <= 0 for task in (*across, *up)):
        raise UncapturedError(f"{name}: no_overlap_2d over rectangles that may have no area is not captured")
    for i, j in _pairs(len(across)):
        sides = [
            ([(minus(tasks[b].start, tasks[a].end), 0.0, np.inf)], f"{name}#{axis}{a}before{b}")
            for axis, tasks in (("x", across), ("y", up)) for a, b in ((i, j), (j, i))
        ]  # fmt: skip
        absent = [task.absent for task in (across[i], across[j], up[i], up[j])]
        reader.one_of(sides, f"{name}#{i}#{j}", when, absent)


def cumulative(reader: CpReader, found: Any, name: str, when: When) -> None:
    """At the start of each task those that run do not ask for more than the capacity: it is greatest at some start."""
    tasks = [_task(reader, k) for k in found.intervals]
    demands = [reader.expression(e) for e in found.demands]
    if any(d.linear or d.constant < 0 for d in demands):
        raise UncapturedError(f"{name}: a cumulative constraint with variable demands is not captured")
    capacity = reader.expression(found.capacity)
    for i, task in enumerate(tasks):
        load = []
        for j, other in enumerate(tasks):
            if not demands[j].constant:
                continue
            column = _running(reader, task, other, f"{name}#{j}at{i}")
            load.append(times(column, demands[j].constant))
        total = minus(added(load), capacity)
        if task.present is None:
            reader.row(f"{name}#{i}", -np.inf, 0.0, total, when)
        elif when is None:
            reader.row(f"{name}#{i}", -np.inf, 0.0, total, task.present)
        else:
            raise UncapturedError(f"{name}: a cumulative constraint under a condition is not captured")


def _running(reader: CpReader, task: _Task, other: _Task, name: str) -> Sum:
    """A 0-1 formula that is 1 where `other` runs at the start of `task`."""
    later = ([(minus(other.start, task.start), 1.0, np.inf)], f"{name}#later")
    over = ([(minus(task.start, other.end), 0.0, np.inf)], f"{name}#over")
    within = [(minus(task.start, other.start), 0.0, np.inf), (minus(other.end, task.start), 1.0, np.inf)]
    within.append((other.absent, 0.0, 0.0))
    *_, runs = reader.one_of([later, over, (within, f"{name}#runs")], name, None, [other.absent])
    return Sum(linear={runs: 1.0})


def reservoir(reader: CpReader, found: Any, name: str, when: When) -> None:
    """After all events of a time the level lies within its limits: seen at the time of each event."""
    times_ = [reader.expression(e) for e in found.time_exprs]
    changes = [reader.expression(e) for e in found.level_changes]
    literals = list(found.active_literals)
    if any(c.linear for c in changes):
        raise UncapturedError(f"{name}: a reservoir with variable changes is not captured")
    actives = [reader.literal(r) for r in literals] or [Sum(1.0)] * len(times_)
    for i, time in enumerate(times_):
        level: list[Sum] = []
        for j, other in enumerate(times_):
            label = f"{name}#{j}by{i}"
            past = [(minus(time, other), 0.0, np.inf), (actives[j], 1.0, 1.0)]
            not_yet = [(minus(other, time), 1.0, np.inf)]
            idle = [(actives[j], 0.0, 0.0)]
            choices = [(past, f"{label}#past"), (not_yet, f"{label}#notyet"), (idle, f"{label}#idle")]
            done, *_ = reader.one_of(choices, label, None)
            level.append(Sum(linear={done: changes[j].constant}))
        active: When = reader.condition([literals[i]], name) if literals else None
        if when is not None:
            raise UncapturedError(f"{name}: a reservoir under a condition is not captured")
        reader.row(f"{name}#{i}", number(found.min_level), number(found.max_level), added(level), active)
