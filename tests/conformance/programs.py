"""Emitted programs, run as plain scripts in processes that cannot import anything of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from solvers.emit import Program

NEEDS = {
    "pyomo": "pyomo", "highspy": "highspy", "mathopt": "ortools", "cpsat": "ortools", "scip": "pyscipopt",
    "gurobipy": "gurobipy",
}
_BATCH = """
import contextlib, io, json, runpy, sys, traceback
found = {}
for path in json.load(open(sys.argv[1])):
    sys.argv = [path]
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            runpy.run_path(path, run_name="__main__")
        found[path] = out.getvalue()
    except BaseException:
        found[path] = out.getvalue() + "\\nFAILED " + traceback.format_exc()
json.dump(found, open("found.json", "w"))
"""


@dataclass(frozen=True)
class Printed:
    """The status line and the objective on the last line of a program, and all of its output."""

    status: str
    objective: float | None
    text: str

    @classmethod
    def of(cls, text: str) -> Printed:
        """What a program said."""
        lines = text.strip().splitlines()
        status = next(line.removeprefix("status: ") for line in lines if line.startswith("status: "))
        last = lines[-1]
        found = float(last.removeprefix("objective: ")) if last.startswith("objective: ") else None
        return cls(status, found, text)


def need(target: str) -> None:
    """Skip, naming the library that is missing."""
    if find_spec(NEEDS[target]) is None:
        pytest.skip(f"{NEEDS[target]} is not installed: {target} programs were not run")


def run(program: Program, folder: Path, *arguments: str, seconds: int = 120) -> Printed:
    """Write the program with the files beside it, run it in a process of its own, read what it says."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{program.target}_model.py"
    path.write_text(program.text, encoding="utf-8")
    for name, text in program.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(path), *arguments], capture_output=True, text=True, timeout=seconds, cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    return Printed.of(done.stdout)


def run_all(programs: Mapping[str, Program], folder: Path, seconds: int = 600) -> dict[str, str]:
    """The output of many programs of one target, each a plain script, run one after another in a new process.

    One process spares the imports of the library; nothing else is shared.
    """
    paths = {}
    for name, program in programs.items():
        path = folder / f"{name}.py"
        path.write_text(program.text, encoding="utf-8")
        paths[str(path)] = name
    (folder / "paths.json").write_text(json.dumps(list(paths)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _BATCH, "paths.json"],
        capture_output=True, text=True, timeout=seconds, cwd=folder, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    return {paths[path]: text for path, text in found.items()}
