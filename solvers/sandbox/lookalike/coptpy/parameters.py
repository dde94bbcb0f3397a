"""The parameters of coptpy 8.0: defaults and ranges. A value out of its range is put at the range's end, as there."""

from __future__ import annotations

from math import inf
from typing import Any

from solvers.sandbox.lookalike.coptpy.errors import SWIG_STRING

_LARGE = 2147483647

TABLE: dict[str, tuple[float, float, float]] = {
    "TimeLimit": (1e+20, 0.0, 1e+20),
    "SolTimeLimit": (1e+20, 0.0, 1e+20),
    "MemLimit": (1e+20, 0.0, 1e+20),
    "MatrixTol": (1e-10, 0.0, 1e-07),
    "QMatrixTol": (5e-14, 0.0, 1e-07),
    "FeasTol": (1e-06, 1e-09, 0.0001),
    "DualTol": (1e-06, 1e-09, 0.0001),
    "IntTol": (1e-06, 1e-09, 0.1),
    "PDLPTol": (1e-06, 1e-12, 0.0001),
    "NLPTol": (1e-08, 1e-13, 0.001),
    "RelGap": (0.0001, 0.0, inf),
    "AbsGap": (1e-06, 0.0, inf),
    "TuneTimeLimit": (0.0, 0.0, 1e+20),
    "TuneTargetTime": (0.01, 0.0, inf),
    "TuneTargetRelGap": (0.0001, 0.0, inf),
    "MultiObjTimeLimit": (1e+20, 0.0, 1e+20),
    "Logging": (1, 0, 1),
    "LogLevel": (2, 2, 3),
    "LogToConsole": (1, 0, 1),
    "Presolve": (-1, -1, 4),
    "Scaling": (-1, -1, 1),
    "Dualize": (-1, -1, 1),
    "LpMethod": (-1, -1, 6),
    "ConcurrentLpMode": (-1, -1, 3),
    "GPUMode": (-1, -1, 2),
    "GPUDevice": (-1, -1, _LARGE),
    "ReqFarkasRay": (0, 0, 1),
    "ReqSensitivity": (0, 0, 1),
    "DualPrice": (-1, -1, 1),
    "DualPerturb": (-1, -1, 1),
    "CutLevel": (-1, -1, 3),
    "RootCutLevel": (-1, -1, 3),
    "TreeCutLevel": (-1, -1, 3),
    "RootCutRounds": (-1, -1, _LARGE),
    "NodeCutRounds": (-1, -1, _LARGE),
    "HeurLevel": (-1, -1, 3),
    "PreRootHeurLevel": (-1, -1, 3),
    "RoundingHeurLevel": (-1, -1, 3),
    "DivingHeurLevel": (-1, -1, 3),
    "FAPHeurLevel": (-1, -1, 4),
    "SubMipHeurLevel": (-1, -1, 3),
    "StrongBranching": (-1, -1, 3),
    "ConflictAnalysis": (-1, -1, 1),
    "NodeLimit": (-1, -1, _LARGE),
    "MipTasks": (-1, -1, 256),
    "BarHomogeneous": (-1, -1, 1),
    "BarOrder": (-1, -1, 2),
    "BarStart": (-1, -1, 2),
    "BarIterLimit": (500, 0, _LARGE),
    "NonConvex": (-1, -1, 2),
    "NLPMuUpdate": (-1, -1, 1),
    "NLPLinScale": (-1, -1, 1),
    "NLPIterLimit": (10000, 0, _LARGE),
    "Threads": (-1, -1, 128),
    "BarThreads": (-1, -1, 128),
    "SimplexThreads": (-1, -1, 128),
    "CrossoverThreads": (-1, -1, 128),
    "Crossover": (1, -1, 1),
    "SDPMethod": (-1, -1, 2),
    "IISMethod": (-1, -1, 1),
    "FeasRelaxMode": (0, 0, 5),
    "MipStartMode": (-1, -1, 3),
    "MipStartNodeLimit": (-1, -1, _LARGE),
    "TuneMethod": (-1, -1, 1),
    "TuneMode": (-1, -1, 3),
    "TuneMeasure": (-1, -1, 1),
    "TunePermutes": (0, 0, _LARGE),
    "TuneOutputLevel": (2, 0, 3),
    "MultiObjParamMode": (0, 0, 1),
    "LazyConstraints": (-1, -1, 1),
    "LinearizeIndicators": (0, 0, 1),
    "LinearizeSos": (0, 0, 1),
    "MipRepair": (-1, -1, 3),
    "MipNLPIterLimit": (100, -1, _LARGE),
    "WriteDualProb": (0, 0, 1),
}
"""Name: default, least, greatest. An int as default makes an integer parameter."""

HONOURED = frozenset({"TimeLimit", "RelGap", "Threads", "Logging", "LogToConsole"})
"""Those that change how a model is solved here; the others only steer how genuine COPT searches."""

CHANGING = {
    "NodeLimit": "a limit on nodes", "BarIterLimit": "a limit on iterations", "NLPIterLimit": "a limit on iterations",
    "SolTimeLimit": "a time limit once a solution is known", "FeasRelaxMode": "how a relaxation is measured",
    "LazyConstraints": "lazy constraints",
}  # fmt: skip
"""Those that may change an answer and are not followed: the recorder notes their use."""

_BY_LOWER = {name.lower(): name for name in TABLE}


class Parameters:
    """The values that one model holds."""

    def __init__(self) -> None:
        self.values: dict[str, float] = {name: default for name, (default, _, _) in TABLE.items()}

    def get(self, name: Any) -> float:
        """The value of a parameter, in any case of letters."""
        return self.values[known(name)]

    def set(self, name: Any, value: Any) -> tuple[str, float]:
        """Store a value, put within its range; the parameter's own name and what was stored."""
        found = known(name)
        default, least, greatest = TABLE[found]
        number: float = int(value) if isinstance(default, int) else float(value)
        number = max(least, min(greatest, number))
        self.values[found] = number
        return found, number

    def info(self, name: Any) -> tuple[str, float, float, float, float]:
        """Name, value, default, least and greatest."""
        found = known(name)
        default, least, greatest = TABLE[found]
        return found, self.values[found], default, least, min(greatest, 1.7976931348623157e308)

    def changed(self) -> dict[str, float]:
        """What differs from the defaults, in the order of the table."""
        return {name: value for name, value in self.values.items() if value != TABLE[name][0]}


def known(name: Any) -> str:
    """The parameter's own name. Raises AttributeError for what is none."""
    if not isinstance(name, str):
        raise TypeError(SWIG_STRING.format("IModel_GetParamAttrType"))
    found = _BY_LOWER.get(name.lower())
    if found is None:
        raise AttributeError(f"Invalid parameter name '{name}'")
    return found
