"""Environments and parameters."""

from __future__ import annotations

from typing import Any

from solvers.sandbox.lookalike.core.expressions import is_number
from solvers.sandbox.lookalike.gurobipy.errors import GurobiError, unsupported
from solvers.sandbox.lookalike.gurobipy.parameters import EXACT_NAMES, PARAMETERS


def set_parameter(values: dict[str, Any], name: str, value: Any) -> None:
    """Set one parameter, in any case of letters. Raises GurobiError and TypeError as gurobipy does."""
    exact = exact_name(name)
    kind, default, least, most = PARAMETERS[exact]
    if isinstance(value, str) and value.lower() == "default":
        values[exact] = default
        return
    if kind is str:
        if not isinstance(value, str):
            raise AttributeError(f"'{type(value).__name__}' object has no attribute 'encode'")
        values[exact] = value
        return
    if not is_number(value):
        given = type(value).__name__
        raise TypeError("an integer is required" if kind is int else f"must be real number, not {given}")
    number = kind(value)
    if number < least or number > most:
        side = f"minimum is {least:g}" if number < least else f"maximum is {most:g}"
        raise GurobiError(10008, f"Unable to set parameter {exact} to value {number:g} ({side})")
    values[exact] = number


def exact_name(name: str) -> str:
    """The name as gurobipy spells it; `*` and `?` match where only one parameter fits. Raises GurobiError."""
    if not isinstance(name, str):
        raise TypeError(f"'{type(name).__name__}' object is not iterable")
    found = EXACT_NAMES.get(name.lower())
    if found is not None:
        return found
    if "*" in name or "?" in name:
        from fnmatch import fnmatch

        fitting = [exact for low, exact in EXACT_NAMES.items() if fnmatch(low, name.lower())]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise GurobiError(0, f"Multiple matching parameters: {fitting}")
    raise GurobiError(0, f"Unknown parameter '{name}'")


def parameter(values: dict[str, Any], name: str) -> Any:
    """The value of a parameter. Raises GurobiError."""
    exact = exact_name(name)
    return values.get(exact, PARAMETERS[exact][1])


def changed(values: dict[str, Any]) -> str:
    """What differs from the defaults, for a text."""
    shown = [f"{name}={value:g}" if is_number(value) else f"{name}={value}" for name, value in values.items()
             if value != PARAMETERS[name][1]]  # fmt: skip
    return f"Parameter changes: {', '.join(shown)}" if shown else "No parameter changes"


class ParamClass:
    """The parameters of a model as attributes."""

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, Any]) -> None:
        object.__setattr__(self, "_values", values)

    def __getattr__(self, name: str) -> Any:
        exact = EXACT_NAMES.get(name.lower())
        if exact is None:
            raise AttributeError(f"No parameter named '{name}'")
        return self._values.get(exact, PARAMETERS[exact][1])

    def __setattr__(self, name: str, value: Any) -> None:
        set_parameter(self._values, name, value)

    def __dir__(self) -> list[str]:
        return list(PARAMETERS)

    def __repr__(self) -> str:
        return f"<gurobipy.ParamClass: {changed(self._values)}>"


class Env:
    """An environment: parameters that models made with it begin with."""

    def __init__(self, logfilename: str = "", empty: bool = False, params: Any = None) -> None:
        self._values: dict[str, Any] = {}
        self._started = not empty
        if logfilename:
            set_parameter(self._values, "LogFile", logfilename)
        for name, value in (params or {}).items():
            set_parameter(self._values, name, value)

    def setParam(self, paramname: str, newval: Any) -> None:
        """Set a parameter for the models that are made later."""
        set_parameter(self._values, paramname, newval)

    def getParam(self, paramname: str) -> Any:
        """The value of a parameter."""
        return parameter(self._values, paramname)

    def resetParams(self) -> None:
        """All parameters to their defaults."""
        self._values.clear()

    def writeParams(self, filename: str) -> None:
        """Write the changed parameters to a file."""
        write_parameters(self._values, filename)

    def readParams(self, filename: str) -> None:
        """Read parameters from a file."""
        read_parameters(self._values, filename)

    def getTuneEnv(self, number: int) -> None:
        unsupported("Env.getTuneEnv")

    def discardTuneEnvs(self) -> None:
        """There are none."""

    def tuneModels(self, *args: Any) -> None:
        unsupported("Env.tuneModels")

    def getWLSTokenLifespan(self) -> None:
        unsupported("Env.getWLSTokenLifespan", "there is no licence")

    def isGPUSupported(self) -> None:
        unsupported("Env.isGPUSupported")

    def start(self) -> None:
        """Make an empty environment ready."""
        self._started = True

    def dispose(self) -> None:
        """Give it back."""

    def close(self) -> None:
        """Give it back."""

    def __enter__(self) -> Env:
        return self

    def __exit__(self, *_: object) -> None:
        self.dispose()

    def __repr__(self) -> str:
        return f"<gurobipy.Env, {changed(self._values)}>"


def write_parameters(values: dict[str, Any], filename: str) -> None:
    """The changed parameters, one a line."""
    with open(filename, "w", encoding="utf-8") as file:
        file.write("# Parameter settings\n")
        file.writelines(f"{name} {value}\n" for name, value in values.items() if value != PARAMETERS[name][1])


def read_parameters(values: dict[str, Any], filename: str) -> None:
    """Parameters, one a line. Raises GurobiError."""
    try:
        with open(filename, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        raise GurobiError(10012, f"Unable to read parameters from file '{filename}'") from None
    for line in lines:
        name, _, text = line.partition("#")[0].strip().partition(" ")
        if name:
            kind = PARAMETERS[exact_name(name)][0]
            set_parameter(values, name, kind(text.strip()))


_default: list[Env] = []


def default_environment() -> Env:
    """The environment of models that name none."""
    if not _default:
        _default.append(Env())
    return _default[0]


def dispose_default() -> None:
    """Forget the default environment and its parameters."""
    _default.clear()
