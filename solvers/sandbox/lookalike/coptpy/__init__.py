"""A look-alike of coptpy 8.0: programs run on it without a licence, and every model that they solve is recorded.

It follows the genuine module in names, values, statuses and errors. Models are solved by the project's own solvers.
What genuine coptpy offers and this does not (semidefinite and exponential cones, callbacks, work on bases, tuning,
relaxing for feasibility, duals of what is not linear) raises `NotOfferedError`, a `CoptError` that names it, and is
noted by the recorder; so does the basis of a degenerate vertex, which a solution does not tell. Continuous models
that are not convex are solved to global optimality where genuine coptpy stops at a local optimum; the status is
LOCAL_OPTIMAL here as there.
"""

from __future__ import annotations

import array as array
import dis as dis
import inspect as inspect
import itertools as itertools
import re as re
import sys as sys
import warnings as warnings
from collections.abc import Iterable as Iterable
from io import StringIO as StringIO
from itertools import chain as chain
from numbers import Number as Number
from typing import Any

from solvers.sandbox.lookalike.coptpy.arrays import (
    ConeArray,
    ConeBuilderArray,
    ConstrArray,
    ConstrBuilderArray,
    GenConstrArray,
    GenConstrBuilderArray,
    NlConstrArray,
    NlConstrBuilderArray,
    QConstrArray,
    QConstrBuilderArray,
    SOSArray,
    SOSBuilderArray,
    VarArray,
)
from solvers.sandbox.lookalike.coptpy.builders import ConstrBuilder, NlConstrBuilder, QConstrBuilder
from solvers.sandbox.lookalike.coptpy.columns import Column, ColumnArray
from solvers.sandbox.lookalike.coptpy.constants import COPT, AttrEnum, CBInfoEnum, InfoEnum, ParamEnum
from solvers.sandbox.lookalike.coptpy.constraints import (
    SOS,
    Cone,
    ConeBuilder,
    Constraint,
    GenConstr,
    GenConstrBuilder,
    GenConstrX,
    NlConstraint,
    QConstraint,
    SOSBuilder,
)
from solvers.sandbox.lookalike.coptpy.containers import multidict, quicksum, tupledict, tuplelist
from solvers.sandbox.lookalike.coptpy.environment import Envr, EnvrConfig
from solvers.sandbox.lookalike.coptpy.errors import CoptError, NotOfferedError, refused
from solvers.sandbox.lookalike.coptpy.expressions import ExprBuilder, LinExpr
from solvers.sandbox.lookalike.coptpy.matrices import (
    MConstr,
    MConstrBuilder,
    MLinExpr,
    MQConstr,
    MQConstrBuilder,
    MQuadExpr,
    MVar,
    NdArray,
)
from solvers.sandbox.lookalike.coptpy.model import Model, ParamSetting
from solvers.sandbox.lookalike.coptpy.nonlinear import NlExpr, nl
from solvers.sandbox.lookalike.coptpy.quadratic import QuadExpr
from solvers.sandbox.lookalike.coptpy.variables import Var


def _absent(name: str) -> Any:
    """A type or function of coptpy that is refused when it is used."""

    def __init__(self: Any, *args: Any, **more: Any) -> None:
        refused(name)

    return type(name, (), {"__init__": __init__, "__doc__": f"coptpy's {name}, which is not offered here."})


class CallbackBase:
    """Callbacks may be defined, but no model takes them."""


class NlpCallbackBase:
    """Callbacks may be defined, but no model takes them."""


class LogCallback:
    """Callbacks may be defined, but no model takes them."""


_ABSENT = (
    "AffineCone AffineConeArray AffineConeBuilder AffineConeBuilderArray ExpCone ExpConeArray ExpConeBuilder "
    "ExpConeBuilderArray LmiConstraint LmiConstrArray LmiExpr MExpression MPsdConstr MPsdConstrBuilder MPsdExpr "
    "MQExpression ProbBuffer PsdConstraint PsdConstrArray PsdConstrBuilder PsdConstrBuilderArray PsdExpr PsdVar "
    "PsdVarArray Shape SymMatExpr SymMatrix SymMatrixArray View hstack psdquicksum repeat stack vstack"
)
globals().update({name: _absent(name) for name in _ABSENT.split()})

__all__ = [
    *_ABSENT.split(), "AttrEnum", "CBInfoEnum", "COPT", "CallbackBase", "Column", "ColumnArray", "Cone", "ConeArray",
    "ConeBuilder", "ConeBuilderArray", "ConstrArray", "ConstrBuilder", "ConstrBuilderArray", "Constraint", "CoptError",
    "Envr", "EnvrConfig", "ExprBuilder", "GenConstr", "GenConstrArray", "GenConstrBuilder", "GenConstrBuilderArray",
    "GenConstrX", "InfoEnum", "Iterable", "LinExpr", "LogCallback", "MConstr", "MConstrBuilder", "MLinExpr", "MQConstr",
    "MQConstrBuilder", "MQuadExpr", "MVar", "Model", "NdArray", "NlConstrArray", "NlConstrBuilder",
    "NlConstrBuilderArray", "NlConstraint", "NlExpr", "NlpCallbackBase", "NotOfferedError", "Number", "ParamEnum",
    "ParamSetting", "QConstrArray", "QConstrBuilder", "QConstrBuilderArray", "QConstraint", "QuadExpr", "SOS",
    "SOSArray", "SOSBuilder", "SOSBuilderArray", "StringIO", "Var", "VarArray", "array", "chain", "dis", "inspect",
    "itertools", "multidict", "nl", "quicksum", "re", "sys", "tupledict", "tuplelist", "warnings",
]  # fmt: skip
