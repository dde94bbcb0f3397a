"""Inside a program's process: how its source is run, and what value it reports. Nothing here runs in ours."""

from __future__ import annotations

from solvers.sandbox.entry.execute import execute

__all__ = ["execute"]
