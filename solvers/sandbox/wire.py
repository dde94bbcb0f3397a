"""Captured models and results as bytes, and back: a closed grammar, since the bytes come from hostile programs.

A message is `magic, length of header, header, arrays`: the header is JSON whose objects are the dataclasses listed in
`_FIELDS`, arrays are referred to by number. What is read back is checked by `solvers.well_formed`. Never pickle.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import numpy as np

from solvers.model import (
    AllDifferent,
    Block,
    Circuit,
    Csr,
    Indicators,
    Model,
    NonlinearRows,
    NoOverlap,
    ObjectiveLevel,
    Quadratic,
    Sos,
)
from solvers.result import DualStatus, PrimalStatus, SolveResult, Termination
from solvers.sandbox.outcome import CapturedSolve
from solvers.template import BinaryFunction, TAffine, TBinary, TChoice, TConst, TGather, TReduce, TUnary, UnaryFunction
from solvers.well_formed import MOST_HEIGHT, IllFormedError, evaluated, well_formed

MAGIC = b"FSW1"
MOST_TEXT = 65_536
"""Characters of one text field."""
MOST_NAME, MOST_REASON = 200, 2000
"""Characters of the names of a solve's library and solvers, and of why it has no model: every record repeats them."""
MOST_HEADER, MOST_BRACKETS = 48 << 20, 4_000_000
"""Bytes of a header, and brackets in it, those in names included: names and structure, which JSON takes many times
their length in memory to read."""
MOST_NOTES = 1000
EVALUATED, EVALUATED_PER_BYTE = 100_000, 4
"""Rows of all nodes of a model's formulas together, and how many more for each byte of the message: one look at a
solution evaluates all of them, and layers upon layers of functions take no bytes."""
_DTYPES = ("<f8", "<i4", "<i8", "|i1", "|u1")
_TEMPLATES = (TConst, TAffine, TUnary, TBinary, TReduce, TGather, TChoice)
_GLOBALS = (NoOverlap, AllDifferent, Circuit)


class WireError(ValueError):
    """Bytes that are no message of this grammar."""


# -- the grammar: what each field of each class may hold ---------------------------------------------

_Reader = Callable[[Any, "_Decoder"], Any]


def _text_of(most: int) -> _Reader:
    def read(value: Any, _: _Decoder) -> str:
        if not isinstance(value, str) or len(value) > most:
            raise WireError("a text is no text, or too long")
        return value

    return read


def _one_of(*allowed: Any) -> _Reader:
    def read(value: Any, _: _Decoder) -> Any:
        if isinstance(value, bool) or value not in allowed:
            raise WireError(f"{str(value)[:40]!r} is none of {', '.join(map(str, allowed))}")
        return value

    return read


def _number(value: Any, _: _Decoder) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        if value in ("inf", "-inf", "nan"):
            return float(value)
        raise WireError("a number is none")
    try:
        return float(value)
    except OverflowError:
        raise WireError("a number is too large") from None


def _whole(value: Any, _: _Decoder) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 1 << 53:
        raise WireError("a whole number is none")
    return value


def _flag(value: Any, _: _Decoder) -> bool:
    if not isinstance(value, bool):
        raise WireError("true or false is neither")
    return value


def _array(kind: str) -> _Reader:
    return lambda value, decoder: decoder.array(value, "f" if kind == "f" else "iu")


def _maybe(inner: _Reader) -> _Reader:
    return lambda value, decoder: None if value is None else inner(value, decoder)


def _many(inner: _Reader, most: int = MOST_BRACKETS) -> _Reader:
    def read(value: Any, decoder: _Decoder) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise WireError("a list is none")
        if len(value) > most:
            raise WireError(f"a list of {len(value)}, at most {most}")
        return tuple(inner(item, decoder) for item in value)

    return read


def _record(*classes: type) -> _Reader:
    return lambda value, decoder: decoder.record(value, classes)


_F, _I = _array("f"), _array("i")
_text, _name, _reason = _text_of(MOST_TEXT), _text_of(MOST_NAME), _text_of(MOST_REASON)
_TEMPLATE, _AFFINE = _record(*_TEMPLATES), _record(TAffine)
_FIELDS: dict[type, dict[str, _Reader]] = {
    Csr: {"start": _I, "index": _I, "value": _F, "columns": _whole},
    Quadratic: {"i": _I, "j": _I, "coef": _F, "row": _maybe(_I)},
    TConst: {"values": _F},
    TAffine: {"constant": _F, "start": _I, "cols": _I, "coefs": _F},
    TUnary: {"func": _one_of(*get_args(UnaryFunction)), "arg": _TEMPLATE},
    TBinary: {"func": _one_of(*get_args(BinaryFunction)), "left": _TEMPLATE, "right": _TEMPLATE},
    TReduce: {"func": _one_of("sum", "min", "max"), "arg": _TEMPLATE, "parent": _I, "start": _I},
    TGather: {"arg": _TEMPLATE, "index": _I},
    TChoice: {"parts": _many(_TEMPLATE), "which": _I, "where": _I},
    NonlinearRows: {"rows": _I, "template": _TEMPLATE},
    Indicators: {"row": _I, "column": _I, "active": _I},
    Sos: {"kind": _one_of(1, 2), "columns": _I, "weights": _F, "label": _text},
    NoOverlap: {"start": _AFFINE, "duration": _AFFINE, "label": _text},
    AllDifferent: {"values": _AFFINE, "label": _text},
    Circuit: {"nodes": _whole, "tail": _I, "head": _I, "columns": _I, "label": _text},
    ObjectiveLevel: {
        "costs": _F, "offset": _number, "quadratic": _maybe(_record(Quadratic)), "nonlinear": _maybe(_TEMPLATE),
        "priority": _whole,
    },
    Block: {"name": _text, "start": _whole, "size": _whole, "labels": _maybe(_many(_text, 1 << 53))},
    Model: {
        "name": _text, "sense": _one_of("min", "max"), "levels": _many(_record(ObjectiveLevel)),
        "matrix": _record(Csr), "row_lower": _F, "row_upper": _F, "col_lower": _F, "col_upper": _F, "kinds": _I,
        "columns": _many(_record(Block)), "rows": _many(_record(Block)), "quadratic_rows": _maybe(_record(Quadratic)),
        "nonlinear_rows": _many(_record(NonlinearRows)), "indicators": _maybe(_record(Indicators)),
        "sos": _many(_record(Sos)), "globals": _many(_record(*_GLOBALS)), "notes": _many(_text, MOST_NOTES),
    },
    SolveResult: {
        "termination": _one_of(*get_args(Termination)), "primal_status": _one_of(*get_args(PrimalStatus)),
        "dual_status": _one_of(*get_args(DualStatus)), "objective": _maybe(_number), "bound": _maybe(_number),
        "unique": _maybe(_flag), "solver": _text, "version": _text, "seconds": _number, "build_seconds": _number,
        "message": _text, "x": _maybe(_F), "row_duals": _maybe(_F), "levels": _many(_number),
    },
    CapturedSolve: {
        "index": _whole, "library": _name, "asked": _name, "solved_by": _name, "model": _maybe(_record(Model)),
        "result": _record(SolveResult), "uncaptured": _reason,
    },
}  # fmt: skip
_BY_NAME = {cls.__name__: cls for cls in _FIELDS}


# -- writing -----------------------------------------------------------------------------------------


def pack_solve(solve: CapturedSolve) -> bytes:
    """One captured solve as a message. Texts beyond `MOST_TEXT` characters and notes beyond `MOST_NOTES` are cut."""
    return _pack(replace(
        solve, library=solve.library[:MOST_NAME], asked=solve.asked[:MOST_NAME], solved_by=solve.solved_by[:MOST_NAME],
        uncaptured=solve.uncaptured[:MOST_REASON],
    ))  # fmt: skip


def pack_model(model: Model) -> bytes:
    """A model as a message."""
    return _pack(model)


def readable(message: bytes) -> bool:
    """Whether a message's names and structure are within what is read."""
    end = 8 + struct.unpack_from("<I", message, 4)[0]
    return end <= MOST_HEADER and message.count(b"[", 8, end) + message.count(b"{", 8, end) <= MOST_BRACKETS


def _pack(item: Any) -> bytes:
    encoder = _Encoder()
    tree = encoder.node(item)
    header = json.dumps({"tree": tree, "arrays": encoder.shapes}, separators=(",", ":")).encode()
    return b"".join((MAGIC, struct.pack("<I", len(header)), header, *encoder.chunks))


class _Encoder:
    def __init__(self) -> None:
        self.shapes: list[list[Any]] = []
        self.chunks: list[bytes] = []

    def node(self, item: Any) -> Any:
        if item is None or isinstance(item, bool):
            return item
        if isinstance(item, str):
            return item[:MOST_TEXT].encode("utf-8", "replace").decode()
        if isinstance(item, int | np.integer):
            return int(item)
        if isinstance(item, float | np.floating):
            return float(item) if math.isfinite(item) else repr(float(item))
        if isinstance(item, np.ndarray):
            return self.array(item)
        if isinstance(item, Block) and item.labels is None and item.index:
            item = replace(item, labels=[item.label(k) for k in range(item.size)])
        if isinstance(item, Model) and len(item.notes) > MOST_NOTES:
            item = replace(item, notes=item.notes[:MOST_NOTES])
        if isinstance(item, list | tuple):
            return [self.node(entry) for entry in item]
        fields = _FIELDS.get(type(item))
        if fields is None:
            raise TypeError(f"{type(item).__name__} has no place in a message")
        return {"is": type(item).__name__, **{name: self.node(getattr(item, name)) for name in fields}}

    def array(self, item: np.ndarray) -> int:
        kind = "<f8" if item.dtype.kind == "f" else item.dtype.newbyteorder("<").str
        if kind not in _DTYPES:
            kind = "<i8"
        flat = np.ascontiguousarray(item, dtype=kind)
        self.shapes.append([kind, int(flat.size)])
        self.chunks.append(flat.tobytes())
        return len(self.shapes) - 1


# -- reading -----------------------------------------------------------------------------------------


def unpack_solve(message: bytes) -> CapturedSolve:
    """A captured solve. Raises WireError for anything that is not one, its model included."""
    solve: CapturedSolve = _unpack(message, CapturedSolve)
    if solve.model is None:
        if not solve.uncaptured:
            raise WireError("a solve has neither a model nor a reason for its absence")
        return solve
    _check(solve.model, len(message))
    n, m = solve.model.num_columns, solve.model.num_rows
    x, duals = solve.result.x, solve.result.row_duals
    if (x is not None and len(x) != n) or (duals is not None and len(duals) != m):
        raise WireError("the values do not fit the model")
    if x is None:
        return solve
    from solvers.solving import by_block

    return replace(solve, result=replace(solve.result, values=by_block(solve.model.columns, x)))


def unpack_model(message: bytes) -> Model:
    """A model. Raises WireError."""
    model: Model = _unpack(message, Model)
    _check(model, len(message))
    return model


def _check(model: Model, size: int) -> None:
    try:
        well_formed(model)
    except IllFormedError as error:
        raise WireError(f"no model: {error}") from None
    if evaluated(model) > EVALUATED + EVALUATED_PER_BYTE * size:
        raise WireError("no model: its formulas are layers of functions that take too long to evaluate")


def _unpack(message: bytes, cls: type) -> Any:
    if len(message) < 8 or message[:4] != MAGIC:
        raise WireError("no message")
    (length,) = struct.unpack("<I", message[4:8])
    if length > len(message) - 8:
        raise WireError("a message ends early")
    if not readable(message):
        raise WireError(f"the header has more than {MOST_HEADER} bytes or {MOST_BRACKETS} brackets")
    try:
        header = json.loads(message[8 : 8 + length].decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"the header is no JSON: {type(error).__name__}") from None
    if not isinstance(header, dict) or header.keys() != {"tree", "arrays"}:
        raise WireError("the header's keys")
    return _Decoder(header["arrays"], memoryview(message)[8 + length :]).record(header["tree"], (cls,))


class _Decoder:
    def __init__(self, shapes: Any, body: memoryview) -> None:
        if not isinstance(shapes, list):
            raise WireError("arrays are no list")
        self.arrays: list[np.ndarray] = []
        self.taken: set[int] = set()
        self.height = 0
        at = 0
        for shape in shapes:
            if not (isinstance(shape, list) and len(shape) == 2 and shape[0] in _DTYPES):
                raise WireError("an array's shape")
            size = _whole(shape[1], self)
            dtype = np.dtype(shape[0])
            if size < 0 or at + size * dtype.itemsize > len(body):
                raise WireError("an array ends early")
            self.arrays.append(np.frombuffer(body, dtype, size, at).copy())
            at += size * dtype.itemsize
        if at != len(body):
            raise WireError("bytes after the last array")

    def array(self, value: Any, kinds: str) -> np.ndarray:
        at = _whole(value, self)
        if not 0 <= at < len(self.arrays):
            raise WireError("an array is missing")
        if self.arrays[at].dtype.kind not in kinds:
            raise WireError("an array is of the wrong kind")
        # Else a few bytes of header would each be as much work as the largest array.
        if at in self.taken:
            raise WireError("an array is named twice")
        self.taken.add(at)
        return self.arrays[at]

    def record(self, value: Any, classes: tuple[type, ...]) -> Any:
        if not isinstance(value, dict):
            raise WireError("a record is none")
        cls = _BY_NAME.get(value["is"]) if isinstance(value.get("is"), str) else None
        if cls is None or cls not in classes:
            raise WireError(f"a record is no {classes[0].__name__}")
        fields = _FIELDS[cls]
        if value.keys() != fields.keys() | {"is"}:
            raise WireError(f"the fields of a {cls.__name__}")
        self.height += 1
        if self.height > MOST_HEIGHT + 8:
            raise WireError("records are nested too deep")
        read = {name: reader(value[name], self) for name, reader in fields.items()}
        self.height -= 1
        return cls(**read)
