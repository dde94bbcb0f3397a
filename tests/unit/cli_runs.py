"""Running the command line as a user does: a process of its own, its real exit code and streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = [sys.executable, "-m", "formulate.cli.main"]


@dataclass(frozen=True)
class Run:
    """What a command line left: exit code, both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Stdout as the one JSON document that it must be."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


def formulate(
    *words: str | Path, cwd: Path, stdin: bytes | None = None, env: dict[str, str] | None = None
) -> Run:
    """Run `formulate` with these words in a folder."""
    environment = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")}
    environment |= {"PYTHONIOENCODING": "utf-8", **(env or {})}
    done = subprocess.run(
        [*PROGRAM, *map(str, words)], cwd=cwd, input=b"" if stdin is None else stdin, capture_output=True,
        timeout=300, check=False, env=environment,
    )  # fmt: skip
    return Run(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def write_formulation(folder: Path, name: str = "model.json", **fields: Any) -> Path:
    """A formulation file with one continuous variable x unless told otherwise."""
    document = {
        "schema": "formulate/1", "name": "small", "variables": [{"name": "x", "lower": "0"}],
        "objective": {"sense": "min", "terms": [{"name": "goal", "expr": "x"}]}, **fields,
    }  # fmt: skip
    path = folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
