"""Strategies that end in programs, with a scripted model and the real sandbox."""

from __future__ import annotations

import pytest

from formulate.attempt import Attempt
from formulate.llm.scripted import Line, Scripted
from formulate.pipeline import formulate as formulate_problem
from formulate.strategies import Asking, strategy_named
from formulate.strategies.stepwise import LIBRARIES, SCRIPTS
from formulate.with_model import Formulator
from solvers.errors import FormulateError
from tests.unit.test_dialogue import BEST, TEXT

GUROBI = """
import gurobipy as gp
from gurobipy import GRB
m = gp.Model("mill")
beam = m.addVar(vtype=GRB.INTEGER, name="beam")
board = m.addVar(vtype=GRB.INTEGER, name="board")
m.setObjective(40 * beam + 30 * board, GRB.MAXIMIZE)
m.addConstr(2 * beam + board <= 100, "sawing")
m.addConstr(board <= 70, "market")
m.optimize()
print(f"OBJECTIVE: {m.ObjVal}")
"""
PYOMO = """
import pyomo.environ as pyo
m = pyo.ConcreteModel()
m.beam = pyo.Var(domain=pyo.NonNegativeIntegers)
m.board = pyo.Var(domain=pyo.NonNegativeIntegers, bounds=(0, 70))
m.earn = pyo.Objective(expr=40 * m.beam + 30 * m.board, sense=pyo.maximize)
m.saw = pyo.Constraint(expr=2 * m.beam + m.board <= 100)
pyo.SolverFactory("appsi_highs").solve(m)
print("OBJECTIVE:", pyo.value(m.earn))
"""
UNBOUNDED = GUROBI.replace('m.addConstr(2 * beam + board <= 100, "sawing")\n', "").replace("{m.ObjVal}", "{m.Status}")
INFEASIBLE = GUROBI.replace("board <= 70", "board >= 170").replace("{m.ObjVal}", "{m.Status}")
CRASHES = GUROBI.replace("m.addVar(vtype=GRB.INTEGER, name=\"board\")", "m.addVariable()")
LOOSE = GUROBI.replace("board <= 70", "board <= 7")


def said(program: str) -> str:
    return f"The program:\n```python\n{program}\n```\nIt prints the objective."


def run(strategy: str, script: list[Line], **more: object) -> tuple[Attempt, Scripted]:
    client = Scripted(script)
    formulator = Formulator(client, strategy, asking=Asking("m"), **more)  # type: ignore[arg-type]
    return formulate_problem(TEXT, formulator), client


@pytest.mark.parametrize(
    ("strategy", "script"),
    [
        ("direct", [said(GUROBI)]),
        ("direct:pyomo", [said(PYOMO)]),
        ("llmopt", ["## Sets ...", said(GUROBI), "CONFIRMED"]),
        ("staged", ["1. a product mix", "max ...", said(GUROBI)]),
        ("expert:pyomo", ["whole numbers", said(PYOMO)]),
    ],
)
def test_each_strategy_asks_its_questions_and_its_program_is_run(strategy: str, script: list[Line]) -> None:
    attempt, client = run(strategy, script)
    assert attempt.outcome == "answered" and attempt.result is not None and attempt.result.objective == BEST
    assert attempt.formulation is None and attempt.code and attempt.model is not None and attempt.model_class == "MILP"
    assert len(client.requests) == len(script) == attempt.tokens["calls"]
    assert [f.verdict for f in attempt.report.findings if f.check == "solution"] == ["consistent"]
    record = Attempt.from_json(attempt.to_json())
    assert record.code == attempt.code and record.result is not None and record.result.objective == BEST
    assert attempt.formulator.startswith(f"scripted {strategy.partition(':')[0]}:")


def test_a_conversation_holds_what_was_said_before() -> None:
    _, client = run("staged", ["understood so", "formalised so", said(GUROBI)])
    assert [m.role for m in client.requests[-1].messages] == ["system", "user", "assistant", "user", "assistant", "user"]
    assert "understood so" in client.requests[-1].messages[2].content and TEXT in client.requests[-1].messages[1].content


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (CRASHES, "addVariable"),
        (UNBOUNDED, "without limit"),
        (INFEASIBLE, "cannot hold together"),
        ("import os\nprint(os.listdir('/root'))", "hands a model to a solver"),
        ("x = 1 +", "program"),
    ],
)
def test_what_went_wrong_is_shown_and_mended(bad: str, told: str) -> None:
    attempt, client = run("direct", [said(bad), said(GUROBI)])
    assert attempt.result is not None and attempt.result.objective == BEST, str(attempt)
    assert told in client.requests[1].messages[-1].content


def test_a_conflict_is_told_in_the_program_s_own_names() -> None:
    _, client = run("direct", [said(INFEASIBLE), said(GUROBI)])
    assert "sawing" in client.requests[1].messages[-1].content and "market" in client.requests[1].messages[-1].content


def test_a_program_that_never_runs_is_an_honest_failure() -> None:
    attempt, _ = run("direct", [said(CRASHES), said(CRASHES)])
    assert attempt.outcome == "failed" and attempt.error is not None and attempt.error.stage == "run"
    assert "addVariable" in attempt.error.message


def test_second_thoughts_are_asked_for_once_and_taken_where_they_stand_as_well() -> None:
    attempt, client = run("llmopt", ["elements", said(LOOSE), said(GUROBI)])
    assert attempt.result is not None and attempt.result.objective == BEST and len(client.requests) == 3
    assert "objective: " in client.requests[2].messages[-1].content
    attempt, client = run("llmopt", ["elements", said(GUROBI), said(CRASHES)])
    assert attempt.result is not None and attempt.result.objective == BEST and len(client.requests) == 3


def test_hostile_programs_harm_nothing_and_are_reported() -> None:
    hostile = GUROBI + "\nimport socket\ntry:\n    socket.socket()\nexcept OSError:\n    pass\n"
    attempt, _ = run("direct", [said(hostile)])
    assert attempt.result is not None and attempt.result.objective == BEST
    assert any(f.check == "sandbox" and f.verdict == "suspect" for f in attempt.report.findings)


def test_a_faked_answer_is_not_believed() -> None:
    faked = GUROBI + "\nprint('OBJECTIVE: 999999')\n"
    attempt, _ = run("direct", [said(faked)])
    assert attempt.result is not None and attempt.result.objective == BEST


@pytest.mark.parametrize("name", ["voting", "direct:excel", "elements:pyomo", ""])
def test_strategies_that_there_are_none(name: str) -> None:
    with pytest.raises(FormulateError, match=r"no strategy|not asked for"):
        strategy_named(name)


def test_every_script_and_library_has_its_prompts() -> None:
    for script in SCRIPTS:
        for library in LIBRARIES:
            strategy = strategy_named(f"{script}:{library}")
            assert strategy.name == f"{script}:{library}"
    attempt, client = run("direct:coptpy", ["no", "no"])
    assert attempt.outcome == "failed" and "coptpy" in client.requests[0].messages[0].content
