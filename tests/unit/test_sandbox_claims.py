"""Programs that fake an answer: by the result channel, by the recorder, by frames of their own making."""

from __future__ import annotations

import json
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solvers.model import Block, Csr, Model, ObjectiveLevel
from solvers.result import SolveResult
from solvers.sandbox.channel import FINAL, NOTE, SOLVE, Reader
from solvers.sandbox.claims import checked
from solvers.sandbox.outcome import CapturedSolve, Limits, ProgramRun
from solvers.sandbox.pool import Pool
from solvers.sandbox.programs import run
from solvers.sandbox.wire import pack_solve
from solvers.solving import solve
from solvers.template import TAffine, TUnary

TOKEN = bytes(range(16))
LIMITS = Limits()
DONE = {"reported": None, "error": None, "entry": "module"}


MODEL = """Maximize
 obj: 3 x + 2 y
Subject To
 room: x + y <= 4
Bounds
 x <= 3
End
"""


def a_model() -> Model:
    """maximise 3x + 2y, x + y <= 4, x <= 3: 11 at (3, 1)."""
    with tempfile.NamedTemporaryFile("w", suffix=".lp") as file:
        file.write(MODEL)
        file.flush()
        return Model.read(file.name)


def a_solve(**changes: Any) -> CapturedSolve:
    model = a_model()
    result = replace(solve(model), values={}, **changes)
    return CapturedSolve(0, "pulp", "cbc", "highs", model, result)


def frame(kind: int, number: int, payload: bytes, token: bytes = TOKEN) -> bytes:
    return struct.pack("<4s16sBIQ", b"FSC1", token, kind, number, len(payload)) + payload


def final(number: int, **fields: Any) -> bytes:
    return frame(FINAL, number, json.dumps({**DONE, **fields}).encode())


def heard(*parts: bytes, limits: Limits = LIMITS, size: int = 1 << 20) -> Reader:
    reader = Reader(TOKEN, limits)
    data = b"".join(parts)
    for at in range(0, len(data), size):
        reader.feed(data[at : at + size])
    reader.close()
    return reader


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_frames_in_their_order_are_read_however_they_are_cut(size: int) -> None:
    note = json.dumps(["solver", "cbc is not installed"]).encode()
    value = {"value": 11.0, "how": "printed", "text": "11"}
    reader = heard(frame(SOLVE, 0, pack_solve(a_solve())), frame(NOTE, 1, note), final(2, reported=value), size=size)
    assert reader.broken == "" and reader.finished
    assert len(reader.solves) == 1 and reader.solves[0].result.objective == pytest.approx(11)
    assert reader.notes[0].detail == "cbc is not installed"
    assert reader.reported is not None and reader.reported.value == 11


BAD = {
    "noise": [b"hello world, this is no frame at all, is it?"],
    "a wrong token": [frame(FINAL, 0, json.dumps(DONE).encode(), bytes(16))],
    "two ends": [final(0), final(1)],
    "noise after the end": [final(0), b"x" * 64],
    "a little after the end": [final(0), b"x"],
    "a number left out": [final(1)],
    "an unknown kind": [frame(9, 0, b"")],
    "an endless frame": [frame(SOLVE, 0, b"")[:-8] + struct.pack("<Q", 1 << 62)],
    "a long note": [frame(NOTE, 0, b'["a", "' + b"x" * 5000 + b'"]')],
    "half a frame": [final(0)[:-3]],
    "no JSON": [frame(FINAL, 0, b"{")],
    "deep JSON": [frame(FINAL, 0, b"[" * 100_000)],
    "fields too many": [final(0, more=1)],
    "fields too few": [frame(FINAL, 0, b'{"error": null}')],
    "a value that is none": [final(0, reported={"value": "11", "how": "printed", "text": ""})],
    "true as a value": [final(0, reported={"value": True, "how": "printed", "text": ""})],
    "not a number": [frame(FINAL, 0, json.dumps({**DONE, "reported": {"value": float("nan"), "how": "printed", "text": ""}}).encode())],
    "an unknown way": [final(0, reported={"value": 1.0, "how": "oracle", "text": ""})],
    "an unknown error": [final(0, error={"kind": "fine", "message": "", "line": None, "traceback": ""})],
    "a solve that is none": [frame(SOLVE, 0, b"FSW1\x02\x00\x00\x00{}")],
    "a solve with a wrong number": [frame(SOLVE, 0, pack_solve(replace(a_solve(), index=1)))],
    "a note that is none": [frame(NOTE, 0, b'["a"]')],
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_anything_else_breaks_the_channel(name: str) -> None:
    reader = heard(*BAD[name])
    assert reader.broken
    assert not reader.finished and reader.reported is None and reader.error is None


def test_limits_on_frames_hold() -> None:
    packed = [pack_solve(replace(a_solve(), index=k)) for k in range(3)]
    frames = [frame(SOLVE, k, item) for k, item in enumerate(packed)]
    assert "limit" in heard(*frames, limits=Limits(solves=2)).broken
    assert "limit" in heard(*frames, limits=Limits(model=2 * len(packed[0]) + 10)).broken
    assert not heard(*frames, final(3), limits=Limits(solves=3)).broken


def test_more_solves_than_the_limit_are_no_fake(pool: Pool) -> None:
    """A loop of many solves is stopped; what it solved till then stays an answer."""
    source = """
import highspy
for k in range(9):
    model = highspy.Highs()
    model.setOptionValue('output_flag', False)
    model.maximize(model.addVariable(lb=0, ub=k + 1))
"""
    found = run(source, pool=pool, limits=Limits(solves=4))
    assert found.error is not None and found.error.kind == "output" and "4 solves" in found.error.message
    assert [item.what for item in found.refused] == ["solves"]
    assert len(found.solves) == 4 and found.result is not None and found.result.objective == 4


def test_a_model_with_more_names_than_a_message_holds_is_not_captured(pool: Pool) -> None:
    found = run("""
import numpy as np
from solvers.model import Block, Csr, Model, ObjectiveLevel
from solvers.result import SolveResult
from solvers.sandbox import wire
from solvers.sandbox.recorder import recorder
wire.MOST_BRACKETS = 1000
n, none = 2000, np.zeros(0)
model = Model("m", "min", (ObjectiveLevel(np.zeros(n)),), Csr(np.zeros(1, int), none.astype(int), none, n), none, none,
              np.zeros(n), np.ones(n), np.zeros(n, np.int8), (Block("x", 0, n, labels=["x[1]"] * n),))
recorder().solved(library="highspy", asked="highs", solved_by="highs", model=model,
                  result=SolveResult("optimal", "feasible", objective=0.0, x=np.zeros(n)))
""", pool=pool)
    assert found.error is None and found.last is not None and found.model is None
    assert "names and structure" in found.last.uncaptured


def test_notes_of_libraries_are_no_refusals(pool: Pool) -> None:
    found = run("""
import gurobipy as gp
m = gp.Model()
x = m.addVar(ub=3)
x.BranchPriority = 3
m.setObjective(x, gp.GRB.MAXIMIZE)
m.optimize()
open('/etc/passwd')
""", pool=pool)
    assert [item.what for item in found.refused] == ["file"]
    assert [(item.what, item.detail) for item in found.notes] == [("no effect", "attribute BranchPriority")]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1) as made:
        yield made


FAKE = """
import numpy as np
from dataclasses import replace
from solvers.model import Model
from solvers.sandbox.recorder import recorder
from solvers.solving import solve
with open('model.lp', 'w') as file: file.write('''{model}''')
model = Model.read('model.lp')
result = solve(model)
{change}
recorder().solved(library='highspy', asked='highs', solved_by='highs', model=model, result=result)
"""


def faked(change: str, pool: Pool, **options: Any) -> ProgramRun:
    found = run(FAKE.format(change=change, model=MODEL), pool=pool, **options)
    assert found.error is None, found.error
    assert len(found.solves) == 1
    return found


def test_an_honest_solve_is_believed(pool: Pool) -> None:
    found = faked("", pool, confirm=True)
    assert found.result is not None and found.result.objective == pytest.approx(11)
    assert found.solves[0].believed and found.solves[0].confirmed is True
    assert not found.refused


@pytest.mark.parametrize(
    "change",
    [
        "result = replace(result, objective=99.0)",
        "result = replace(result, x=np.array([3.0, 2.0]), objective=13.0)",
        "result = replace(result, x=np.array([4.0, 0.0]), objective=12.0)",
        "result = replace(result, x=np.array([float('nan'), 0.0]), objective=11.0)",
        "result = replace(result, x=np.array([1e300, 1e300]), objective=11.0)",
    ],
)
def test_an_answer_that_does_not_follow_from_its_model_is_none(change: str, pool: Pool) -> None:
    found = faked(change, pool, confirm=True)
    assert found.result is not None and not found.result.has_solution and found.result.objective is None
    assert not found.solves[0].believed and found.solves[0].confirmed is None
    assert [item.what for item in found.refused] == ["answer"]


@pytest.mark.parametrize(
    "change",
    [
        "result = replace(result, x=np.array([1.0, 1.0]), objective=5.0)",
        "result = replace(result, termination='infeasible', primal_status='none', x=None, objective=None)",
    ],
)
def test_an_optimum_that_is_none_is_not_confirmed(change: str, pool: Pool) -> None:
    assert faked(change, pool, confirm=True).solves[0].confirmed is False
    assert faked(change, pool).solves[0].confirmed is None


def test_an_objective_that_is_no_number_is_none() -> None:
    """log(x) at 0 is not finite; a claim without an objective would otherwise get this one."""
    level = ObjectiveLevel(np.zeros(1), nonlinear=TUnary("log", TAffine(*map(np.array, ([0.0], [0, 1], [0], [1.0])))))
    none = np.zeros(0)
    model = Model("m", "min", (level,), Csr(np.zeros(1, int), none.astype(int), none, 1), none, none,
                  np.zeros(1), np.ones(1), np.zeros(1, np.int8), (Block("x", 0, 1),))  # fmt: skip
    for claimed in (None, float("-inf"), float("nan")):
        result = SolveResult("optimal", "feasible", objective=claimed, x=np.zeros(1))
        found = checked(ProgramRun(solves=(CapturedSolve(0, "a", "b", "b", model, result),)))
        assert found.result is not None and not found.result.has_solution and found.result.objective is None
        assert not found.solves[0].believed and [item.what for item in found.refused] == ["answer"]


def test_confirming_takes_no_longer_than_a_program_however_many_models_there_are(pool: Pool) -> None:
    """A market split instance (Cornuejols and Dawande 1998) takes far longer than the limit to prove infeasible."""
    found = run("""
import numpy as np
from solvers.model import Model, Block, Csr, ObjectiveLevel
from solvers.result import SolveResult
from solvers.sandbox.recorder import recorder
rng = np.random.default_rng(5)
n, m = 50, 6
a = rng.integers(0, 100, (m, n)).astype(float)
b = np.floor(a.sum(axis=1) / 2)
model = Model("split", "min", (ObjectiveLevel(np.zeros(n)),),
              Csr(np.arange(0, n * m + 1, n), np.tile(np.arange(n), m), a.ravel(), n), b, b, np.zeros(n), np.ones(n),
              np.ones(n, np.int8), (Block("x", 0, n),), (Block("r", 0, m),))
for _ in range(200):
    recorder().solved(library="highspy", asked="highs", solved_by="highs", model=model,
                      result=SolveResult("infeasible", "none"))
""", pool=pool, confirm=True, limits=Limits(wall=3.0))
    assert len(found.solves) == 200
    assert all(solve.confirmed is None for solve in found.solves)


def test_an_optimum_without_a_value_confirms_nothing(pool: Pool) -> None:
    found = faked("result = replace(result, x=None, objective=None)", pool, confirm=True)
    assert found.solves[0].confirmed is None


OVERWRITES = {
    "noise on every descriptor": "import os\nfor k in range(3, 64):\n    try: os.write(k, b'{\"objective\": 1e6}' * 9)\n    except OSError: pass",
    "an end of its own": """
import gc
from solvers.sandbox.channel import Writer
writer = next(item for item in gc.get_objects() if isinstance(item, Writer))
writer.final({'reported': {'value': 1e6, 'how': 'variable', 'text': 'profit'}, 'error': None, 'entry': 'module'})
""",
    "an end without fields": """
import gc
from solvers.sandbox.channel import Writer
next(item for item in gc.get_objects() if isinstance(item, Writer))._write(3, b'{}')
""",
    "a number skipped": """
import gc
from solvers.sandbox.channel import Writer
next(item for item in gc.get_objects() if isinstance(item, Writer))._number = 7
""",
    "a flood": """
import os
while True:
    for k in range(3, 64):
        try: os.write(k, bytes(100_000))
        except OSError: pass
""",
}  # fmt: skip


@pytest.mark.parametrize("name", OVERWRITES)
def test_what_is_written_to_the_channel_is_seen_and_not_believed(name: str, pool: Pool) -> None:
    found = run(OVERWRITES[name] + "\nprint(5)", pool=pool)
    assert "result channel" in [item.what for item in found.refused]
    assert found.error is not None and found.error.kind == "protocol"
    assert found.reported is None and found.result is None
    after = run("print(2)", pool=pool)
    assert after.error is None and after.output == "2\n"


def test_a_closed_channel_is_no_answer(pool: Pool) -> None:
    found = run("import os\nos.closerange(3, 64)\nprint(5)", pool=pool)
    assert found.error is not None and found.reported is None


def test_what_was_solved_before_a_crash_is_kept(pool: Pool) -> None:
    found = run(FAKE.format(change="", model=MODEL) + "\nimport ctypes\nctypes.string_at(0)", pool=pool)
    assert found.error is not None and found.error.kind == "killed"
    assert found.result is not None and found.result.objective == pytest.approx(11)


def test_values_arrive_exactly(pool: Pool) -> None:
    found = faked("", pool)
    assert found.model is not None and found.result is not None and found.result.x is not None
    assert np.array_equal(found.model.matrix.value, a_model().matrix.value)
    assert found.result.values["x"][()] if "x" in found.result.values else True
