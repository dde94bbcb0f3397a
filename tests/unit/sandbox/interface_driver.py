"""Runs snippets on the coptpy that this process imports, and writes what every statement gave, as JSON.

Called as `python interface_driver.py SNIPPETS.json RESULTS.json`; the test also calls `outcomes` in its own process.
A section is run from its start in a namespace of its own; each statement is either an expression, whose value is
written down, or is only executed. Errors are outcomes as well.
"""

import ast
import json
import re
import sys

PRELUDE = """
import coptpy as cp
from coptpy import *
import numpy as np
env = cp.Envr()
def new(name="m"):
    model = env.createModel(name)
    model.setParam("Logging", 0)
    return model
def attempt(work):
    try:
        return work()
    except Exception as error:
        return type(error).__name__
"""


def shown(value):
    """A value in words that do not depend on where it lies in memory."""
    kind = type(value).__name__
    if kind in ("dict_keys", "dict_values", "dict_items"):
        return f"{kind}: {list(value)!r}"
    if isinstance(value, np_scalars()):
        return f"{kind}: {value.item()!r}"
    text = re.sub(r"<[\w.]+[.](\w+) object at 0x[0-9a-f]+>", r"<\1>", repr(value))
    return f"{kind}: {text}"


def np_scalars():
    import numpy as np

    return (np.generic,)


def failed(error):
    """An error: its type, and its message where coptpy words it."""
    kind = "CoptError" if "CoptError" in [c.__name__ for c in type(error).__mro__] else type(error).__name__
    if kind == "TypeError":
        return f"!! {kind}"
    return f"!! {kind}: {error}"


def outcomes(source, namespace):
    """(statement, outcome) of every statement of a section."""
    exec(PRELUDE, namespace)  # noqa: S102
    out = []
    for node in ast.parse(source).body:
        text = ast.unparse(node)
        try:
            if isinstance(node, ast.Expr):
                value = eval(compile(ast.Expression(node.value), "<snippet>", "eval"), namespace)  # noqa: S307
                out.append((text, shown(value)))
            else:
                exec(compile(ast.Module([node], []), "<snippet>", "exec"), namespace)  # noqa: S102
                out.append((text, ""))
        except Exception as error:  # noqa: BLE001
            out.append((text, failed(error)))
    return out


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as given:
        sections = json.load(given)
    results = {name: outcomes(source, {}) for name, source in sections.items()}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(results, file)
