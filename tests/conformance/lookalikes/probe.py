"""Run small programs on a library, genuine or look-alike, and tell what came of each as JSON.

    python probe.py gurobipy genuine|lookalike < snippets.json

A snippet is `statement;; statement;; expression`. Numbers, texts, lists and arrays are told as they are, objects by
type and text, errors by type and number.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
from typing import Any

SETUP = {
    "gurobipy": """
import copy, math, pickle
import numpy as np
import scipy.sparse as sp
import gurobipy as gp
from gurobipy import GRB, nlfunc as nl
env = gp.Env(empty=True)
env.setParam("OutputFlag", 0)
env.start()
m = gp.Model(env=env)
x = m.addVar(name="x")
y = m.addVar(name="y", lb=-1, ub=4, vtype="I")
z = m.addVar(name="z")
b = m.addVar(vtype="B", name="b")
m.update()
""",
}


def told(value: Any) -> Any:
    """A value for JSON."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):
        return repr(value) if isinstance(value, float) and value != value else value
    kind = type(value).__name__
    if kind in ("ndarray", "float64", "int64", "int32", "bool_"):
        return {"array": told(value.tolist()), "shape": list(getattr(value, "shape", ()))}
    if isinstance(value, dict):
        return {"kind": kind, "items": [[told(k), told(v)] for k, v in value.items()]}
    if isinstance(value, (list, tuple, set)):
        return {"kind": kind, "items": [told(item) for item in value]}
    if hasattr(value, "toarray"):
        return told(value.toarray())
    text = kind if " object at " in repr(value) or isinstance(value, type) else repr(value)
    for noise in (" *awaiting model update*",):  # gurobipy says so of some matrices only
        text = text.replace(noise, "")
    return {"kind": kind, "text": " ".join(text.split()).replace(" >", ">")}


def outcome(snippet: str, setup: str) -> Any:
    """What a snippet gives, or how it fails."""
    space: dict[str, Any] = {}
    exec(setup, space)  # noqa: S102
    *statements, last = (part.strip() for part in snippet.split(";;"))
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            for statement in statements:
                exec(statement, space)  # noqa: S102
            return told(eval(last, space))  # noqa: S307
    except BaseException as failed:  # noqa: BLE001
        number = getattr(failed, "errno", None) if type(failed).__name__ not in ("FileNotFoundError",) else None
        return {"error": type(failed).__name__, "number": number, "message": str(failed)[:300]}


def main() -> None:
    """All snippets of stdin, in order."""
    library, kind = sys.argv[1:3]
    snippets = json.load(sys.stdin)
    if kind == "lookalike":
        from solvers.sandbox.lookalike import install

        install((library,))
    __import__(library)
    real = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.chdir(tempfile.mkdtemp())
    found = [outcome(snippet, SETUP[library]) for snippet in snippets]
    with os.fdopen(real, "w") as out:
        json.dump(found, out)


if __name__ == "__main__":
    main()
