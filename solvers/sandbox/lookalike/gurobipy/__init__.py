"""A recording look-alike of gurobipy: the same names, solved by our own solvers, each solve recorded.

What it does not do raises `GurobiError` with the code NOT_SUPPORTED and the name of what was asked.
"""

from __future__ import annotations

from typing import Any, ClassVar

from solvers.sandbox.lookalike.gurobipy import nlfunc
from solvers.sandbox.lookalike.gurobipy.constants import GRB
from solvers.sandbox.lookalike.gurobipy.constraints import SOS, Column, Constr, GenConstr, QConstr
from solvers.sandbox.lookalike.gurobipy.containers import multidict, tupledict, tuplelist
from solvers.sandbox.lookalike.gurobipy.environment import (
    Env,
    default_environment,
    dispose_default,
    set_parameter,
)
from solvers.sandbox.lookalike.gurobipy.errors import GurobiError, unsupported
from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr, NLExpr, QuadExpr, TempConstr, Var, quicksum
from solvers.sandbox.lookalike.gurobipy.general import GenExpr, abs_, all_, and_, any_, max_, min_, norm, or_
from solvers.sandbox.lookalike.gurobipy.matrix import (
    MConstr,
    MGenConstr,
    MLinExpr,
    MNLExpr,
    MQConstr,
    MQuadExpr,
    MVar,
    concatenate,
    hstack,
    vstack,
)
from solvers.sandbox.lookalike.gurobipy.model import Model, read
from solvers.sandbox.lookalike.gurobipy.querying import parameter_info

__version__ = "13.0.3"

__all__ = [
    "GRB", "SOS", "Batch", "Column", "Constr", "Env", "GenConstr", "GenExpr", "GurobiError", "LinExpr", "MConstr",
    "MGenConstr", "MLinExpr", "MNLExpr", "MQConstr", "MQuadExpr", "MVar", "Model", "NLExpr", "QConstr", "QuadExpr",
    "TempConstr", "Var", "abs_", "all_", "and_", "any_", "concatenate", "disposeDefaultEnv", "getParamInfo", "gurobi",
    "hstack", "loadModel", "max_", "min_", "multidict", "nlfunc", "norm", "or_", "paramHelp", "quicksum", "read",
    "readParams", "resetParams", "setParam", "tupledict", "tuplelist", "vstack", "writeParams",
]  # fmt: skip


class gurobi:
    """What version the look-alike follows."""

    number: ClassVar[tuple[int, int, int]] = (13, 0, 3)

    @classmethod
    def version(cls) -> tuple[int, int, int]:
        """Major, minor and technical number."""
        return cls.number

    @classmethod
    def platform(cls) -> str:
        """Not known here."""
        return unsupported("gurobi.platform")


def setParam(paramname: str, newvalue: Any) -> None:
    """Set a parameter of the default environment."""
    set_parameter(default_environment()._values, paramname, newvalue)


def getParamInfo(paramname: str) -> Any:
    """Name, type, value, least, greatest and default of a parameter."""
    return parameter_info(default_environment()._values, paramname)


def resetParams() -> None:
    """All parameters of the default environment to their defaults."""
    default_environment().resetParams()


def readParams(filename: str) -> None:
    """Read parameters into the default environment."""
    default_environment().readParams(filename)


def writeParams(filename: str) -> None:
    """Write the parameters of the default environment."""
    default_environment().writeParams(filename)


def paramHelp(paramname: str = "") -> None:
    unsupported("paramHelp")


def loadModel(*args: Any, **named: Any) -> Any:
    unsupported("loadModel")


def disposeDefaultEnv() -> None:
    """Forget the default environment and its parameters."""
    dispose_default()


class Batch:
    """There is no server for batches."""

    def __init__(self, *args: Any, **named: Any) -> None:
        unsupported("Batch", "there is no server")
