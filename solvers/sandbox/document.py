"""A captured model as a JSON document and back, with nothing lost: the wire format in readable form."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np

from solvers.errors import FormatError
from solvers.model import Model
from solvers.sandbox.wire import MAGIC, WireError, pack_model, unpack_model

SCHEMA = "formulate-model/1"


def model_document(model: Model) -> dict[str, Any]:
    """`{"schema", "tree", "arrays"}`: the model's fields, and the arrays that they refer to by number."""
    message = pack_model(model)
    (length,) = struct.unpack("<I", message[4:8])
    header = json.loads(message[8 : 8 + length])
    arrays, at = [], 8 + length
    for kind, size in header["arrays"]:
        array = np.frombuffer(message, np.dtype(kind), size, at)
        at += array.nbytes
        values = [value if np.isfinite(value) else str(value) for value in array.tolist()]
        arrays.append({"type": kind, "values": values})
    return {"schema": SCHEMA, "tree": header["tree"], "arrays": arrays}


def model_from_document(document: Any) -> Model:
    """The inverse of `model_document`. Raises FormatError for what is no such document."""
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise FormatError("the document is no model", remedy=f"its schema must be {SCHEMA!r}")
    try:
        listed = [(str(item["type"]), [float(v) if isinstance(v, str) else v for v in item["values"]])
                  for item in document["arrays"]]  # fmt: skip
        arrays = [(kind, np.array(values, dtype=np.dtype(kind))) for kind, values in listed]
        shapes = [[kind, len(array)] for kind, array in arrays]
        header = json.dumps({"tree": document["tree"], "arrays": shapes}).encode()
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise FormatError(f"the document is no model: {type(error).__name__}: {error}") from error
    message = b"".join((MAGIC, struct.pack("<I", len(header)), header, *(array.tobytes() for _, array in arrays)))
    try:
        return unpack_model(message)
    except WireError as error:
        raise FormatError(f"the document is no model: {error}") from error
