"""Placeholder of the package that runs a program's source."""

from __future__ import annotations

from typing import Any


def execute(source: str, request: dict[str, Any]) -> dict[str, Any]:
    """Run the source as __main__."""
    import runpy
    import traceback

    with open("program.py", "w") as file:
        file.write(source)
    error: dict[str, Any] | None = None
    try:
        names = runpy.run_path("program.py", {"data": request["data"]}, "__main__")
    except SystemExit as leave:
        names = {}
        error = {"kind": "exit", "message": str(leave.code), "line": None, "traceback": ""}
    except MemoryError as full:
        names, error = {}, {"kind": "memory", "message": str(full), "line": None, "traceback": ""}
    except BaseException as failed:  # noqa: BLE001
        names = {}
        error = {
            "kind": "exception", "message": f"{type(failed).__name__}: {failed}"[:9000], "line": None,
            "traceback": traceback.format_exc()[:90000],
        }
    value = names.get("answer")
    reported = None if value is None else {"value": float(value), "how": "variable", "text": "answer"}
    return {"reported": reported, "error": error, "entry": "module"}
