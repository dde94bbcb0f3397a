"""Messages of the sandbox: models come back whole, and nothing that is no model gets through."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from solvers.choice import prepare
from solvers.errors import FormulateError
from solvers.model import AllDifferent, Block, Csr, Model, ObjectiveLevel, Sos
from solvers.result import SolveResult
from solvers.sandbox.outcome import CapturedSolve
from solvers.sandbox.wire import (
    MAGIC,
    MOST_NOTES,
    MOST_TEXT,
    WireError,
    pack_model,
    pack_solve,
    unpack_model,
    unpack_solve,
)
from solvers.template import TAffine, TChoice, TConst, Template, TGather, TReduce, TUnary, evaluate
from tests.conformance import cases, structure_cases

CASES = [*cases.CASES, *structure_cases.CASES]
NOWHERE = ("slots", "domain", "universe", "index")
"""What stays behind: names of rows and columns travel as labels."""


def models() -> list[Model]:
    found = []
    for case in CASES:
        for solver in (None, "cpsat"):
            try:
                found.append(prepare(case.formulation, None, solver).model)
            except FormulateError:
                continue  # the conformance suite asserts who refuses what
    assert len(found) > 80 and any(m.globals for m in found) and any(m.is_nonlinear for m in found)
    return found


def same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    if isinstance(a, Block):
        return a.size == b.size and [a.label(k) for k in range(a.size)] == [b.label(k) for k in range(b.size)]
    if is_dataclass(a):
        names = [f.name for f in fields(a) if f.name not in NOWHERE]
        return type(a) is type(b) and all(same(getattr(a, n), getattr(b, n)) for n in names)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def parts_of(message: bytes) -> tuple[dict[str, Any], bytes]:
    (length,) = struct.unpack("<I", message[4:8])
    return json.loads(message[8 : 8 + length]), message[8 + length :]


def joined(header: Any, body: bytes) -> bytes:
    text = json.dumps(header).encode()
    return MAGIC + struct.pack("<I", len(text)) + text + body


def test_every_conformance_model_comes_back_whole() -> None:
    for model in models():
        assert same(model, unpack_model(pack_model(model))), model.name


def test_a_solve_comes_back_with_values_by_name() -> None:
    model = models()[0]
    result = SolveResult("optimal", "feasible", objective=11.0, bound=float("inf"), x=np.array([3.0, 1.0]))
    back = unpack_solve(pack_solve(CapturedSolve(4, "pulp", "cbc", "highs", model, result)))
    assert back.index == 4 and back.substituted and back.result.bound == float("inf")
    assert sorted(dict(values) for values in back.result.values.values()) == [{("x[a]",): 3.0, ("x[b]",): 1.0}]


def test_texts_are_cut_and_made_printable_bytes() -> None:
    result = SolveResult("error", "none", message="x" * 10**6 + "\ud800")
    back = unpack_solve(pack_solve(CapturedSolve(0, "\ud800", "a", "b", None, result, uncaptured="why")))
    assert back.library == "?" and len(back.result.message) == MOST_TEXT
    long = CapturedSolve(0, "a" * 10**5, "b" * 10**5, "c" * 10**5, None, result, uncaptured="d" * 10**5)
    back = unpack_solve(pack_solve(long))
    assert len(back.library + back.asked + back.solved_by + back.uncaptured) < 5000
    header, body = parts_of(pack_solve(long))
    header["tree"]["library"] = "a" * 10**4
    with pytest.raises(WireError, match="too long"):
        unpack_solve(joined(header, body))


def _set(path: list[Any], value: Any) -> Callable[[dict[str, Any]], None]:
    def change(header: dict[str, Any]) -> None:
        at = header
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_set(["tree", "is"], "SolveResult"), "no Model"),
        (_set(["tree", "is"], "__class__"), "no Model"),
        (_set(["tree", "extra"], 1), "fields of a Model"),
        (_set(["tree", "matrix", "start"], 10**9), "array is missing"),
        (_set(["tree", "matrix", "columns"], 3), "columns for 2"),
        (_set(["tree", "sense"], "maximise"), "none of min, max"),
        (_set(["tree", "name"], 7), "text"),
        (_set(["tree", "name"], "x" * (MOST_TEXT + 1)), "too long"),
        (_set(["tree", "levels"], []), "no objective level"),
        (_set(["tree", "kinds"], 0), "wrong kind"),
        (_set(["arrays", 0, 0], "|O"), "array's shape"),
        (_set(["arrays", 0, 1], -1), "ends early"),
        (_set(["arrays", 0, 1], 10**15), "ends early"),
        (_set(["tree", "levels", 0, "offset"], 10**400), "too large"),
        (_set(["tree", "levels", 0, "offset"], "nan"), "constant is no finite"),
        (_set(["tree", "levels", 0, "offset"], True), "a number is none"),
    ],
)
def test_what_is_no_model_is_refused(change: Callable[[dict[str, Any]], None], says: str) -> None:
    header, body = parts_of(pack_model(models()[0]))
    change(header)
    with pytest.raises(WireError, match=says):
        unpack_model(joined(header, body))


def test_arrays_that_do_not_fit_together_are_refused() -> None:
    good = next(m for m in models() if m.num_rows and m.matrix.nonzeros)
    matrix = good.matrix
    bad = [
        replace(good, matrix=replace(matrix, index=matrix.index + 10**6)),
        replace(good, matrix=replace(matrix, index=matrix.index - 1)),
        replace(good, matrix=replace(matrix, value=matrix.value * np.nan)),
        replace(good, matrix=replace(matrix, start=matrix.start[::-1].copy())),
        replace(good, row_lower=good.row_lower[:-1]),
        replace(good, col_lower=good.col_lower * np.nan),
        replace(good, kinds=good.kinds + 9),
        replace(good, rows=()),
        replace(good, columns=(*good.columns, good.columns[0])),
    ]
    for model in bad:
        with pytest.raises(WireError):
            unpack_model(pack_model(model))


def bare(**changes: Any) -> Model:
    """A model of 3 columns and no rows."""
    none, zeros = np.zeros(0), np.zeros(3)
    model = Model(
        "m", "min", (ObjectiveLevel(zeros),), Csr(np.zeros(1, np.int64), none.astype(np.int64), none, 3), none, none,
        zeros, np.ones(3), np.zeros(3, np.int8), (Block("x", 0, 3),),
    )  # fmt: skip
    return replace(model, **changes)


@pytest.mark.parametrize(
    ("kind", "starts"),
    [("|u1", [0, 5, 2]), ("|i1", [0, 127, -128, 2]), ("<i8", [0, 2**63 - 1, -2, 2]), ("<i4", [0, 2**31 - 1, -2, 2])],
)
def test_row_starts_whose_differences_wrap_around_are_refused(kind: str, starts: list[int]) -> None:
    start = np.array(starts, dtype=np.dtype(kind))
    m = len(start) - 1
    matrix = Csr(start, np.array([0, 1]), np.ones(2), 3)
    rows = {"row_lower": np.zeros(m), "row_upper": np.ones(m), "rows": (Block("r", 0, m),)}
    with pytest.raises(WireError, match="row starts"):
        unpack_model(pack_model(bare(matrix=matrix, **rows)))
    affine = TAffine(np.zeros(m), start, np.array([0, 1]), np.ones(2))
    with pytest.raises(WireError, match="row starts"):
        unpack_model(pack_model(bare(globals=(AllDifferent(affine),))))


def test_an_array_has_one_place() -> None:
    header, body = parts_of(pack_model(bare(sos=(Sos(1, np.arange(3), np.arange(3.0)),))))
    # A thousand sets cost a thousand bytes each of header, and would be a thousand times the work of the arrays.
    header["tree"]["sos"] *= 1000
    with pytest.raises(WireError, match="named twice"):
        unpack_model(joined(header, body))


def test_layers_of_functions_are_refused_and_formulas_are_not() -> None:
    def layered(rows: int, layers: int) -> Model:
        template: Template = TGather(TConst(np.ones(1)), np.zeros(rows, np.int8))
        for _ in range(layers):
            template = TUnary("sin", template)
        template = TReduce("sum", template, np.zeros(rows, np.int8), np.array([0, rows]))
        return bare(levels=(ObjectiveLevel(np.zeros(3), nonlinear=template),))

    with pytest.raises(WireError, match="layers"):
        unpack_model(pack_model(layered(200_000, 80)))
    for model in (layered(1000, 80), layered(200_000, 3)):
        assert same(model, unpack_model(pack_model(model)))


def test_a_choice_of_many_parts_takes_one_pass() -> None:
    """20,000 parts with 400,000 rows: a pass for each part would take minutes."""
    rng = np.random.default_rng(3)
    values, which = rng.random((20_000, 2)), rng.integers(0, 20_000, 400_000)
    where = rng.integers(0, 2, len(which))
    choice = TChoice(tuple(TConst(part) for part in values), which, where)
    assert np.array_equal(evaluate(choice, np.zeros(0)), values[which, where])
    none = np.zeros(0, np.int64)
    assert len(evaluate(TChoice((), none, none), np.zeros(0))) == 0


def test_headers_that_fill_the_memory_are_refused_unread() -> None:
    text = b'{"tree":[' + b"[]," * 4_000_001 + b'0],"arrays":[]}'
    with pytest.raises(WireError, match="brackets"):
        unpack_model(MAGIC + struct.pack("<I", len(text)) + text)
    header, body = parts_of(pack_model(bare()))
    header["tree"]["notes"] = ["x"] * (MOST_NOTES + 1)
    with pytest.raises(WireError, match="at most"):
        unpack_model(joined(header, body))
    assert unpack_model(pack_model(bare(notes=("x",) * 5000))).notes == ("x",) * MOST_NOTES


def test_a_circuit_of_more_nodes_than_arcs_does_not_reserve_memory_for_them() -> None:
    model = next(m for m in models() if any(hasattr(g, "nodes") for g in m.globals))
    vast = replace(model, globals=tuple(replace(g, nodes=1 << 50) if hasattr(g, "nodes") else g for g in model.globals))
    with pytest.raises(WireError, match="circuit"):
        unpack_model(pack_model(vast))


@pytest.mark.parametrize("height", [150, 500, 100_000])
def test_deep_nesting_is_refused_without_a_crash(height: int) -> None:
    header, body = parts_of(pack_model(models()[0]))
    header["tree"]["levels"][0]["nonlinear"] = "HERE"
    deep = '{"is":"TUnary","func":"neg","arg":' * height + '{"is":"TConst","values":0}' + "}" * height
    text = json.dumps(header).replace('"HERE"', deep).encode()
    with pytest.raises(WireError):
        unpack_model(MAGIC + struct.pack("<I", len(text)) + text + body)


def test_random_damage_never_does_worse_than_an_error() -> None:
    rng = random.Random(7)
    messages = [pack_model(m) for m in models()[::6]]
    refused = 0
    for _ in range(3000):
        message = bytearray(rng.choice(messages))
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(message))
            match rng.randrange(3):
                case 0:
                    message[at] = rng.randrange(256)
                case 1:
                    del message[at : at + rng.randint(1, 30)]
                case _:
                    message[at:at] = bytes(rng.randrange(256) for _ in range(rng.randint(1, 8)))
        try:
            unpack_model(bytes(message))
        except WireError:
            refused += 1
    assert refused > 2000
