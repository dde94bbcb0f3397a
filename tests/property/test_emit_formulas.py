"""Emitted formulas mean what the interpreter says: random formulations, written for a library of plain numbers.

The library stands in for a solver's: its variables are numbers, and comparing them records the difference. So every
row, bound and objective of a program is a number that the interpreter must agree with.
"""

from __future__ import annotations

import math
import runpy
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.data import Data
from solvers.emit.dialect import Bounds, Dialect
from solvers.emit.prepare import prepare
from solvers.emit.printer import Printer
from solvers.emit.script import Script
from solvers.errors import FormulateError
from solvers.expression import parse
from solvers.expression.nodes import Aggregate, Expr
from solvers.formulation import Formulation, Variable
from solvers.interpret import Instance
from solvers.reformulate import capabilities as cap
from tests.property.making import Maker
from tests.property.test_ground_oracle import difference, interpreter_refuses


class Amount(float):
    """A number that counts as an expression of the library."""

    def __add__(self, other: Any) -> Amount:
        return Amount(float(self) + float(other))

    def __mul__(self, other: Any) -> Amount:
        return Amount(float(self) * float(other))

    def __sub__(self, other: Any) -> Amount:
        return Amount(float(self) - float(other))

    def __rsub__(self, other: Any) -> Amount:
        return Amount(float(other) - float(self))

    def __truediv__(self, other: Any) -> Amount:
        return Amount(float(self) / float(other))

    def __rtruediv__(self, other: Any) -> Amount:
        return Amount(float(other) / float(self))

    def __pow__(self, other: Any) -> Amount:  # type: ignore[override]
        return Amount(float(self) ** float(other))

    def __neg__(self) -> Amount:
        return Amount(-float(self))

    def __abs__(self) -> Amount:
        return Amount(abs(float(self)))

    def __le__(self, other: Any) -> Any:
        return Row(float(self) - float(other))

    def __ge__(self, other: Any) -> Any:
        # `number <= expression` arrives here with its sides exchanged.
        return Row(float(other) - float(self))

    __radd__, __rmul__ = __add__, __mul__
    __hash__ = float.__hash__


@dataclass
class Row:
    """Left side minus right side."""

    gap: float


def value_at(name: str) -> float:
    """The value that a variable has in the test, from its name alone."""
    return (sum((k + 1) * ord(c) for k, c in enumerate(name)) % 23 - 11) / 4


def library() -> ModuleType:
    module = ModuleType("numbers_only")
    module.rows, module.objective = {}, None  # type: ignore[attr-defined]
    module.total = lambda items: Amount(math.fsum([float(i) for i in items]))  # type: ignore[attr-defined]
    module.least = lambda items: Amount(min(float(i) for i in items))  # type: ignore[attr-defined]
    module.greatest = lambda items: Amount(max(float(i) for i in items))  # type: ignore[attr-defined]
    module.least_of = lambda *items: Amount(min(map(float, items)))  # type: ignore[attr-defined]
    module.greatest_of = lambda *items: Amount(max(map(float, items)))  # type: ignore[attr-defined]
    for function in (math.exp, math.log, math.sqrt, math.sin, math.cos):
        setattr(module, function.__name__, lambda x, f=function: Amount(f(x)))

    def row(relation: Row, name: str) -> None:
        assert isinstance(relation, Row), f"{name} is no row: {relation!r}"
        module.rows[name] = relation.gap

    module.row, module.var, module.amount = row, (lambda name: Amount(value_at(name))), Amount  # type: ignore[attr-defined]
    return module


class Numbers(Dialect):
    """The dialect of that library: everything is native."""

    def imports(self, script: Script) -> list[str]:
        return ["import numbers_only as lib"]

    def create(self, script: Script) -> list[str]:
        return ["model = lib"]

    def variable(self, script: Script, item: Variable, bounds: Bounds, name: str) -> str:
        return f"lib.var({name})"

    def special(self, printer: Printer, node: Expr, scope: Any) -> tuple[str, int] | None:
        match node:
            case Aggregate("min" | "max" as func, args, generators):
                loops, inner = printer.loops(generators, scope)
                return f"lib.{'least' if func == 'min' else 'greatest'}({printer.code(args[0], inner)} {loops})", 9
        return None

    def row(self, script: Script, row: str, name: str) -> str:
        return f"lib.row({row}, {name})"

    def expression(self, code: str) -> str:
        return f"lib.amount({code})"

    def objective(self, script: Script, sense: str, code: str) -> list[str]:
        return [f"lib.objective = {code}"]

    def solve(self, script: Script) -> list[str]:
        return ['status = "infeasible"']

    def solved(self, script: Script) -> str:
        return 'status == "optimal"'

    def reader(self, script: Script) -> str:
        return "float"

    def objective_value(self, script: Script) -> str:
        return "0"


NUMBERS = Numbers(
    name="numbers", title="numbers", install="-", capabilities=cap.ALL, sum_name="lib.total", alternatives="none", most_rank=3,
    functions={"abs": "abs", "min": "lib.least_of", "max": "lib.greatest_of", **{n: f"lib.{n}" for n in ("exp", "log", "sqrt", "sin", "cos")}},
    reserved=frozenset({"lib"}),
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def module() -> Iterator[ModuleType]:
    made = library()
    sys.modules["numbers_only"] = made
    yield made
    del sys.modules["numbers_only"]


def run(formulation: Formulation) -> ModuleType:
    text = Script(prepare(formulation, NUMBERS, None), NUMBERS, None).program().text
    lib = sys.modules["numbers_only"]
    lib.rows.clear()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        path.write_text(text, encoding="utf-8")
        try:
            runpy.run_path(str(path), run_name="__main__")
        except Exception as error:
            raise AssertionError(f"{error!r} in\n{text}") from error
    return lib


def name_of(name: str, key: Any) -> str:
    return f"{name}[{','.join(map(str, key))}]" if key else name


@settings(max_examples=250, deadline=None)
@given(st.integers(0, 10**9))
def test_programs_agree_with_the_interpreter(seed: int) -> None:
    formulation = Maker(seed).formulation()
    if interpreter_refuses(formulation):
        return
    instance = Instance(formulation, Data.inline(formulation))
    point = {}
    for v in formulation.variables:
        keys = [tuple(e.values()) for e in instance.indices(v.over)] if v.over else [()]
        point[v.name] = {key: value_at(name_of(v.name, key)) for key in keys}
    try:
        wanted = {
            name_of(c.name, tuple(env.values())): instance.evaluate(difference(c.expr), point, env)
            for c in formulation.constraints for env in instance.indices(c.over)
        }
        objective = instance.objective(point)
    except FormulateError:
        return  # undefined at this very point: log of a negative number, say
    on_data = {c.name for c in formulation.constraints if not instance.variables_of(parse(c.expr))}
    if any(gap > 0 for name, gap in wanted.items() if name.split("[")[0] in on_data):
        return  # the program stops there: nothing can mend the data
    wanted = {name: gap for name, gap in wanted.items() if name.split("[")[0] not in on_data}
    lib = run(formulation)
    assert lib.rows == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    assert float(lib.objective) == pytest.approx(objective, rel=1e-9, abs=1e-9)


def test_most_of_the_random_formulations_are_compared() -> None:
    compared = sum(not interpreter_refuses(Maker(seed).formulation()) for seed in range(100))
    assert compared > 20
