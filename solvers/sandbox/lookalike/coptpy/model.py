"""The model of coptpy: what its parts give together, attributes, and what is not offered here, refused by name."""

from __future__ import annotations

from typing import Any, ClassVar

from solvers.sandbox.lookalike.coptpy.answers import Answer, attribute
from solvers.sandbox.lookalike.coptpy.asking import Asking
from solvers.sandbox.lookalike.coptpy.constants import ATTRIBUTE_NAMES
from solvers.sandbox.lookalike.coptpy.errors import refused, tidy
from solvers.sandbox.lookalike.coptpy.files import Files
from solvers.sandbox.lookalike.coptpy.generals import Generals
from solvers.sandbox.lookalike.coptpy.objective import Objectives
from solvers.sandbox.lookalike.coptpy.parameters import CHANGING, Parameters
from solvers.sandbox.lookalike.coptpy.solving import Solving
from solvers.sandbox.lookalike.core.program import Program

_KNOWN = {value.lower(): value for value in ATTRIBUTE_NAMES.values()} | {"name": "Name"}
_COUNTS = {
    "cols": lambda m: len(m._program.columns),
    "rows": lambda m: len(m._program.rows),
    "elems": lambda m: sum(1 for row in m._program.rows for c in row._coefs.values() if c != 0.0),
    "qelems": lambda m: len(m._program.quadratic),
    "bins": lambda m: sum(v._column.kind == "B" for v in m._program.columns),
    "ints": lambda m: sum(v._column.kind == "I" for v in m._program.columns),
    "soss": lambda m: len(m._program.sets),
    "qconstrs": lambda m: len(m._program.quadratic_rows),
    "nlconstrs": lambda m: len(m._nonlinear_rows),
    "indicators": lambda m: len(m._indicators),
    "cones": lambda m: len(m._cones),
    "multiobjs": lambda m: len(m._objectives),
    "objsense": lambda m: m._program.sense,
    "objconst": lambda m: m._program.offset,
    "ismip": lambda m: int(m._is_mixed()),
    "hasqobj": lambda m: int(bool(m._program.quadratic)),
    "hasnlobj": lambda m: int(m._nonlinear_objective is not None),
    "hasiis": lambda m: int(m._conflict is not None),
    "isminiis": lambda m: int(m._conflict is not None and m._conflict.irreducible),
    "iiscols": lambda m: m._conflict_count("column"),
    "iisrows": lambda m: m._conflict_count("row"),
    "iissoss": lambda m: m._conflict_count("SOS constraint"),
    "iisindicators": lambda m: m._conflict_count("general constraint"),
    "name": lambda m: m._program.name,
}
_NONE_HERE = frozenset({
    "psdcols", "psdelems", "symmats", "expcones", "affinecones", "psdconstrs", "lmiconstrs", "haspsdobj",
    "tuneresults", "hasdualfarkas", "hasprimalray", "hasfeasrelaxsol", "hassensitivity", "hasbranchfactor",
})  # fmt: skip
"""Counts of what is never there, since it is refused: 0."""
_REFUSED = {
    "PSD": "addPsdVar addPsdVars addSparseMat addDenseMat addDiagMat addOnesMat addEyeMat addSymMat getSymMat "
    "delPsdObj getPsdRow getLmiRow getPsdVar getPsdVarByName getPsdVars getPsdConstr getPsdConstrByName "
    "getPsdConstrs getPsdConstrBuilders getLmiConstr getLmiConstrByName getLmiConstrs getLmiRhs setLmiRhs "
    "getPsdSolution getLmiSolution getPsdValues getPsdRedcosts getPsdSlacks getPsdDuals getLmiSlacks getLmiDuals "
    "readSdpa readCbf writeCbf",
    "exponential and affine cones": "addExpConeByDim addExpCone addExpCones addAffineCone addAffineCones getExpCone "
    "getExpCones getExpConeBuilders getAffineCone getAffineConeByName getAffineCones getAffineConeBuilders "
    "loadExpCone loadConeMatrix",
    "callbacks": "addUserCut addUserCuts addLazyConstr addLazyConstrs",
    "the simplex basis": "setBasis setSlackBasis getBasisHead fsolve bsolve computeShadowPriceRange readBasis "
    "writeBasis",
    "tuning": "tune loadTuneParam readTune writeTuneParam",
    "relaxing for feasibility": "feasRelax feasRelaxN feasRelaxS writeRelax",
    "models in arrays": "loadNlData loadCone loadQ",
    "files of its own formats": "readBin writeBin readOrd writeOrd writeNL readJsonSol writeJsonSol writePoolSol",
    "parameters of single objectives": "setParamN getParamN resetObjParamN resetParamN getPoolObjValN",
    "solutions to start a linear program": "setLpSolution",
}
"""Method names by what they are about."""


class ParamSetting:
    """The parameters as attributes."""

    def __init__(self, model: Any) -> None:
        object.__setattr__(self, "_model", model)

    def __getattr__(self, paramname: str) -> Any:
        return self._model.getParam(paramname)

    def __setattr__(self, paramname: str, newval: Any) -> None:
        self._model.setParam(paramname, newval)


class Model(Generals, Objectives, Asking, Solving, Files):
    """A model of coptpy; `Envr.createModel` makes it."""

    _refusals: ClassVar[dict[str, str]] = {
        name: topic for topic, names in _REFUSED.items() for name in names.split()
    }  # fmt: skip

    def __init__(self, model: Any) -> None:
        # Only an environment makes models; it names itself by handing over a program.
        assert isinstance(model, Program)
        fields: dict[str, Any] = {
            "_program": model, "_parameters": Parameters(), "_answer": Answer(), "_indicators": [], "_cones": [],
            "_nonlinear_rows": [], "_nonlinear_objective": None, "_objectives": {}, "_conflict": None,
            "_starts": {}, "_column_names": {}, "_relaxed": 0.0,
        }  # fmt: skip
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"<coptpy.Model: {self._program.name}>"

    def __reduce__(self) -> Any:
        raise TypeError("cannot pickle 'Model' object")

    def __deepcopy__(self, memo: Any) -> Any:
        raise KeyError("__deepcopy__")

    def __copy__(self) -> Any:
        raise KeyError("__setstate__")

    def __enter__(self) -> Model:
        return self

    def __exit__(self, *_: Any) -> None:
        self.dispose()

    def dispose(self) -> None:
        """Let go of it."""

    # -- attributes ------------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        topic = type(self)._refusals.get(name)
        if topic is not None:
            return lambda *args, **more: refused(f"Model.{name}", topic)
        found = name.lower()
        if found == "param":
            return ParamSetting(self)
        return self._attribute(name)

    def _attribute(self, name: str) -> Any:
        found = name.lower()
        if found not in _KNOWN:
            raise AttributeError(f"Invalid attribute name '{name}'")
        if found in _COUNTS:
            return _COUNTS[found](self)
        if found in _NONE_HERE:
            return 0
        answered = attribute(self, found)
        return refused(f"attribute {_KNOWN[found]}") if answered is None else answered

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        match name.lower():
            case "objsense":
                self.setObjSense(value)
            case "objconst":
                self.setObjConst(value)
            case _:
                raise AttributeError("Invalid attribute name 'setAttr'")

    def getAttr(self, attrname: str) -> Any:
        """An attribute by its name in any case."""
        if not isinstance(attrname, str):
            raise TypeError("in method 'IModel_GetParamAttrType', argument 2 of type 'char const *'")
        return self._attribute(attrname)

    # -- parameters ------------------------------------------------------------------------------

    def setParam(self, paramname: str, newval: Any) -> None:
        """Set a parameter, put within its range."""
        from solvers.sandbox.recorder import recorder

        name, value = self._parameters.set(paramname, newval)
        if name in CHANGING:
            recorder().noted("unsupported", f"coptpy's parameter {name} ({CHANGING[name]}) is not followed here")
        elif self._parameters.values["Logging"] and self._parameters.values["LogToConsole"]:
            self._say(f"Setting parameter '{name}' to {value:g}")

    def getParam(self, paramname: str) -> Any:
        """The value of a parameter."""
        return self._parameters.get(paramname)

    def getParamInfo(self, paramname: str) -> tuple[Any, ...]:
        """Name, value, default, least and greatest value of a parameter."""
        return self._parameters.info(paramname)

    def resetParam(self) -> None:
        """All parameters at their defaults."""
        self._parameters = Parameters()

    def _say(self, text: str) -> None:
        import sys

        sys.stdout.write(text + "\n")

    # -- the rest --------------------------------------------------------------------------------

    def setCallback(self, cb: Any, cbctx: int) -> None:
        """No callback is called here: setting one is refused, taking it away is not."""
        if cb is not None:
            refused("Model.setCallback", "callbacks")

    def setLogFile(self, logfile: str) -> None:
        """There is no log to keep."""
        if not isinstance(logfile, str):
            raise TypeError("in method 'IModel_SetSolverLogFile', argument 2 of type 'char const *'")

    def setLogCallback(self, logcb: Any) -> None:
        """There is no log to hand on."""
        refused("Model.setLogCallback", "callbacks")

    def interrupt(self) -> None:
        """Nothing runs that could be interrupted."""

    def update(self) -> None:
        """Changes apply at once."""

    def reset(self) -> None:
        """Forget the solution."""
        self._answer.forget()
        self._conflict = None

    def resetAll(self) -> None:
        """Forget the solution and what helped to find it."""
        self.reset()
        self._starts.clear()

    def _rename(self, holder: Any, name: Any) -> None:
        """Set the name of a column or a constraint."""
        if hasattr(holder, "_name"):
            holder._name = tidy(name, "SetName")
        else:
            holder.name = tidy(name, "SetName")
            self._column_names.clear()

