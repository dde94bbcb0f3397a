"""Environments: they need no licence here, and their settings mean nothing."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.coptpy.constants import CLIENT_SETTINGS
from solvers.sandbox.lookalike.coptpy.errors import invalid, refused
from solvers.sandbox.lookalike.coptpy.model import Model
from solvers.sandbox.lookalike.core.program import Program

_SETTINGS = frozenset(name.lower() for name in CLIENT_SETTINGS) | {"nobanner"}


class EnvrConfig:
    """Settings of an environment."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def set(self, name: str, value: str) -> None:
        """Set one of the settings that coptpy knows."""
        if not isinstance(name, str) or name.lower() not in _SETTINGS:
            invalid("Fail to set COPT environment config")
        self._values[name] = str(value)


class Envr:
    """An environment that makes models."""

    def __init__(self, arg: Any = None) -> None:
        if arg is not None and not isinstance(arg, str | EnvrConfig):
            raise TypeError("'str' or 'EnvrConfig' object is required for argument 'arg'")

    def createModel(self, name: str = "") -> Model:
        """A new model."""
        if not isinstance(name, str):
            raise TypeError("in method 'IEnvr_CreateModel', argument 2 of type 'char const *'")
        return Model(Program(name))

    def close(self) -> None:
        """Let go of it; its models live on."""

    dispose = close

    def __enter__(self) -> Envr:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def setCpuAffinity(self, hexMask: str) -> None:
        """Processors are not chosen here."""
        refused("Envr.setCpuAffinity")

    getCpuAffinity = bindNumaCpu = bindNumaMem = setCpuAffinity

    def getNumaNodeCount(self) -> int:
        """Processors are not chosen here."""
        refused("Envr.getNumaNodeCount")
