"""`Model`."""

from __future__ import annotations

from math import isfinite
from typing import Any

from solvers.sandbox.lookalike.core.expressions import Linear, Quadratic, Variable, is_number
from solvers.sandbox.lookalike.core.program import Level
from solvers.sandbox.lookalike.gurobipy import objectives
from solvers.sandbox.lookalike.gurobipy.adding import Adding, finite_terms, text
from solvers.sandbox.lookalike.gurobipy.environment import Env, ParamClass, changed, default_environment
from solvers.sandbox.lookalike.gurobipy.errors import INVALID_ARGUMENT, GurobiError
from solvers.sandbox.lookalike.gurobipy.expressions import LinExpr, NLExpr
from solvers.sandbox.lookalike.gurobipy.files import Files
from solvers.sandbox.lookalike.gurobipy.general import GenExpr
from solvers.sandbox.lookalike.gurobipy.general_adding import points
from solvers.sandbox.lookalike.gurobipy.matrix_adding import MatrixAdding
from solvers.sandbox.lookalike.gurobipy.model_attributes import read_model, write_model
from solvers.sandbox.lookalike.gurobipy.querying import Querying, members
from solvers.sandbox.lookalike.gurobipy.solving import Solving
from solvers.sandbox.lookalike.gurobipy.store import Store


class Model(Adding, MatrixAdding, Querying, Solving, Files):
    """A model of gurobipy, solved by our solvers."""

    def __init__(self, name: Any = "", env: Any = None) -> None:
        environment = default_environment() if env is None else env
        if not isinstance(environment, Env):
            raise AttributeError(f"'{type(environment).__name__}' object has no attribute '_cenv'")
        if not environment._started:
            raise GurobiError(10009, "No Gurobi license, or license not started or set")
        store = Store(name=text(name))
        store.parameters.update(environment._values)
        object.__setattr__(self, "_lookalike", store)

    @property
    def Params(self) -> ParamClass:
        """The parameters as attributes."""
        return ParamClass(self._lookalike.parameters)

    params = Params

    def __getattr__(self, name: str) -> Any:
        if name == "_lookalike":
            raise GurobiError(0, "Model has already been freed")
        if name[:1] == "_":
            raise AttributeError(f"'gurobipy.Model' object has no attribute '{name}'")
        return read_model(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name[:1] == "_":
            object.__setattr__(self, name, value)
        else:
            write_model(self, name, value)

    def dispose(self) -> None:
        """Give it back; it cannot be used any more."""
        self.__dict__.pop("_lookalike", None)

    close = dispose

    def __enter__(self) -> Model:
        return self

    def __exit__(self, *_: object) -> None:
        self.dispose()

    def __copy__(self) -> Any:
        return self.copy()

    def __deepcopy__(self, memo: Any) -> Any:
        raise TypeError("cannot pickle 'Model' object")

    def __reduce__(self) -> Any:
        raise TypeError("cannot pickle 'Model' object")

    def __repr__(self) -> str:
        store = self._lookalike
        sort = "MIP" if store.is_mixed else "Continuous"
        name = store.name or "Unnamed"
        return (
            f"<gurobi.Model {sort} instance {name}: {len(store.rows)} constrs, {len(store.columns)} vars, "
            f"{changed(store.parameters)}>"
        )

    # -- objectives --------------------------------------------------------------------------------

    def setObjective(self, expr: Any, sense: Any = None) -> None:
        """The objective; without a sense the model's own stays."""
        form = _objective(expr)
        store = self._lookalike
        _checked(store, form)
        store.change_objective(form)
        if sense is not None:
            code = int(sense)
            if code not in (1, -1, 0):
                raise GurobiError(INVALID_ARGUMENT, "Invalid objective sense")
            if code:
                store.change(store, "sense", code)

    def setObjectiveN(
        self, expr: Any, index: int, priority: int = 0, weight: float = 1.0, abstol: float = 1e-6,
        reltol: float = 0.0, name: Any = "",
    ) -> None:  # fmt: skip
        """One of several objectives: the greater its priority, the earlier it is optimised."""
        objectives.tolerance("abstol", abstol)
        objectives.tolerance("reltol", reltol)
        form = objectives.refuse_curved(expr)
        store = self._lookalike
        _checked(store, form)
        level = Level(form, int(priority), float(weight), text(name))
        store.do(lambda: objectives.set_level(store, int(index), level))

    def setPWLObj(self, var: Any, x: Any, y: Any) -> None:
        """A piecewise-linear cost of a variable."""
        xs, ys = points(x, y)
        store = self._lookalike
        variable = var.item() if hasattr(var, "_reflected") else var
        store.do(lambda: _set_pieces(store, variable, (xs, ys)))

    # -- taking out ----------------------------------------------------------------------------------

    def remove(self, items: Any) -> None:
        """Take variables or constraints out at the next update."""
        store = self._lookalike
        for item in members(items):
            home = item._column.program if isinstance(item, Variable) else item._program
            if home is not store:
                raise GurobiError(-1, "Item to be removed is not in model")
            store.remove(item)


def _checked(store: Store, form: Linear | Quadratic) -> None:
    """Raise GurobiError for variables of another model and for numbers that are not finite."""
    part = form._part if isinstance(form, Quadratic) else form
    finite_terms(form)
    if not isfinite(part._constant):
        raise GurobiError(INVALID_ARGUMENT, "Double value is Nan or Inf.")
    store.owned(part._variables())
    if isinstance(form, Quadratic):
        store.owned((*form._left, *form._right))


def _set_pieces(store: Store, variable: Variable, points: tuple[tuple[float, ...], tuple[float, ...]]) -> None:
    store.pieces[variable] = points
    variable._column.cost = 0.0


def _objective(expr: Any) -> Linear | Quadratic:
    """A linear or quadratic objective. Raises GurobiError."""
    if hasattr(expr, "_reflected"):
        if expr.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        expr = expr.item()
    if is_number(expr):
        return LinExpr(float(expr))
    if isinstance(expr, Variable):
        return expr._as_linear()
    if isinstance(expr, (Linear, Quadratic)):
        return expr
    if isinstance(expr, (NLExpr, GenExpr)):
        raise GurobiError(-1, "Objective must be linear or quadratic")
    raise GurobiError(-1, "Unable to convert argument to an expression")


def read(filename: str, env: Any = None) -> Model:
    """A model from a file (.lp, .mps, also .gz)."""
    from solvers.sandbox.lookalike.gurobipy.files import read_model_file

    return read_model_file(filename, env)

