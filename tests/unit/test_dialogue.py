"""Problems formulated by a scripted model that behaves well and badly: right answers, or honest failures."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import formulate
from formulate.attempt import Attempt
from formulate.llm import Answer, Choice, Request, Settings
from formulate.llm.errors import CredentialsError, ModelError, RateLimitedError, UnansweredError
from formulate.llm.protocol import OnText
from formulate.llm.scripted import Line, Scripted
from formulate.pipeline import formulate as formulate_problem
from formulate.strategies import Asking, Question
from formulate.with_model import Formulator
from solvers.errors import FormulateError
from solvers.schema import from_dict, to_wire

TEXT = (
    "A mill saws beams and boards. A beam earns 40 euros and takes 2 hours of sawing, a board earns 30 euros and takes "
    "1 hour. There are 100 hours of sawing, and at most 70 boards can be sold. Which numbers earn most?"
)
BEST = 70 * 30 + 15 * 40


def mill(**changes: Any) -> dict[str, Any]:
    """A right formulation of TEXT; `changes` replace top-level elements."""
    document: dict[str, Any] = {
        "name": "mill",
        "sets": [{"name": "goods", "elements": ["beam", "board"]}],
        "parameters": [
            {"name": "earn", "role": "reward", "unit": "euro", "axes": ["goods"], "cells": [
                {"key": ["beam"], "value": 40, "quote": "A beam earns 40 euros"},
                {"key": ["board"], "value": 30, "quote": "a board earns 30 euros"}]},
            {"name": "hours", "role": "rate", "unit": "hour", "axes": ["goods"], "cells": [
                {"key": ["beam"], "value": 2, "quote": "takes 2 hours of sawing"},
                {"key": ["board"], "value": 1, "quote": "takes 1 hour"}]},
            {"name": "sawing", "role": "capacity", "unit": "hour", "axes": [], "cells": [
                {"key": [], "value": 100, "quote": "100 hours of sawing"}]},
            {"name": "market", "role": "capacity", "axes": [], "cells": [
                {"key": [], "value": 70, "quote": "at most 70 boards can be sold"}]},
        ],
        "variables": [{"name": "x", "over": ["g in goods"], "domain": "integer", "lower": "0"}],
        "objective": {"sense": "max", "terms": [{"name": "earnings", "expr": "sum(earn[g] * x[g] for g in goods)"}]},
        "constraints": [
            {"name": "saw", "expr": "sum(hours[g] * x[g] for g in goods) <= sawing"},
            {"name": "sold", "expr": "x['board'] <= market"},
        ],
    }
    return {**document, **changes}


def said(document: Any) -> str:
    return f"Here is the model:\n```json\n{json.dumps(document)}\n```"


UNBOUNDED = mill(constraints=mill()["constraints"][1:])
INFEASIBLE = mill(constraints=[*mill()["constraints"], {"name": "more", "expr": "x['board'] >= market + 1"}])
UNDECLARED = mill(constraints=[{"name": "saw", "expr": "sum(hourz[g] * x[g] for g in goods) <= sawing"}])
OUTSIDE = mill(constraints=[*mill()["constraints"], {"name": "out", "expr": "x['plank'] <= market"}])
PYTHON = mill(constraints=[{"name": "saw", "expr": "__import__('os').system('true') <= 3"}])


def run(script: list[Line], **more: Any) -> tuple[Attempt, Scripted]:
    client = Scripted(script)
    return formulate_problem(TEXT, llm=Formulator(client, asking=Asking("m"), **more)), client


def test_a_right_answer_is_solved_questioned_and_kept_with_its_transcript() -> None:
    attempt, client = run([said(mill())])
    assert attempt.outcome == "answered" and attempt.result is not None and attempt.result.objective == BEST
    assert attempt.formulator == "scripted elements" and attempt.code is not None and attempt.report.suspect == ()
    assert attempt.completions == (said(mill()),) and attempt.tokens["calls"] == 1 == len(client.requests)
    assert all(":" in name for name in attempt.prompts) and len(attempt.prompts) == 2
    assert {f.check for f in attempt.report.findings} >= {"numbers", "types", "solution", "optimality"}
    assert Attempt.from_json(attempt.to_json()).to_dict() == attempt.to_dict()


def test_the_wire_form_is_taken_too() -> None:
    attempt, _ = run([json.dumps(to_wire(from_dict({"schema": "formulate/1", **mill()})))])
    assert attempt.result is not None and attempt.result.objective == BEST


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("I am sorry, I cannot help with that.", "no JSON object"),
        (said(mill()).replace("variables", "decisions"), "decisions"),
        ('{"name": "half', "cut off"),
        ("", "no JSON object"),
        (said(UNDECLARED), "hourz"),
        (said(OUTSIDE), "plank"),
        (said(PYTHON), "saw (expr), column"),
        (said(UNBOUNDED), "without limit"),
        (said(INFEASIBLE), "cannot hold together"),
        (said(mill(objective={"sense": "min", "terms": mill()["objective"]["terms"]})), "do nothing"),
        (said(mill(parameters=[{**p, "cells": [{**c, "value": 41, "quote": "earns 41 euros"} if c["value"] == 40 else c
                                               for c in p["cells"]]} for p in mill()["parameters"]])),
         "does not stand in the text"),
    ],
)
def test_bad_answers_are_handed_back_with_what_is_wrong_and_mended(bad: str, told: str) -> None:
    attempt, client = run([bad, said(mill())])
    assert told in client.requests[1].messages[-1].content
    assert attempt.outcome == "answered" and attempt.result is not None and attempt.result.objective == BEST
    assert attempt.report.suspect == () and len(attempt.completions) == 2


@pytest.mark.parametrize(
    ("script", "outcome", "termination"),
    [
        ([said(INFEASIBLE)] * 2, "answered", "infeasible"),
        ([said(UNBOUNDED)] * 2, "answered", "unbounded"),
        ([said(UNBOUNDED), said(INFEASIBLE)], "answered", "unbounded"),
        ([said(UNDECLARED), said(UNDECLARED)], "failed", None),
        (["no", "no"], "failed", None),
        (["no", "nay", "never"], "failed", None),
    ],
)
def test_an_author_who_stands_by_a_bad_answer_is_believed_to_mean_it_and_nothing_is_made_up(
    script: list[Line], outcome: str, termination: str | None
) -> None:
    attempt, client = run(script)
    assert attempt.outcome == outcome and len(client.requests) == len(script)
    assert (attempt.result.termination if attempt.result else None) == termination
    if outcome == "failed":
        assert attempt.error is not None and attempt.error.message


def test_a_worse_attempt_is_never_kept() -> None:
    doubtful = mill(parameters=[*mill()["parameters"], {"name": "spare", "axes": [], "cells": [
        {"key": [], "value": 5, "quote": "five spare hours"}]}])
    attempt, client = run([said(doubtful), said(UNBOUNDED)])
    assert attempt.result is not None and attempt.result.objective == BEST
    assert len(client.requests) == 2 and attempt.tokens["calls"] == 2


def test_repairs_have_a_bound() -> None:
    better_and_better = [said(UNDECLARED), said(UNBOUNDED), said(mill())]
    for repairs, termination in ((0, None), (1, "unbounded"), (2, "optimal"), (9, "optimal")):
        attempt, client = run(better_and_better, repairs=repairs)
        assert len(client.requests) == min(repairs, 2) + 1
        assert (attempt.result.termination if attempt.result else None) == termination


@pytest.mark.parametrize("error", [RateLimitedError("slow down"), CredentialsError("no key")])
def test_a_model_that_cannot_be_reached_is_an_honest_failure(error: ModelError) -> None:
    attempt, _ = run([error])
    assert attempt.outcome == "failed" and attempt.error is not None
    assert (attempt.error.stage, attempt.error.exit_code) == ("formulate", 5)


def test_a_model_lost_during_repair_leaves_what_there_was() -> None:
    attempt, _ = run([said(UNBOUNDED), RateLimitedError("slow down")])
    assert attempt.result is not None and attempt.result.termination == "unbounded" and attempt.error is None


def test_a_model_lost_after_a_repair_leaves_the_repaired_attempt() -> None:
    attempt, client = run([said(UNDECLARED), said(UNBOUNDED), RateLimitedError("slow down")])
    assert len(client.requests) == 3
    assert attempt.result is not None and attempt.result.termination == "unbounded" and attempt.error is None


def test_an_answer_cut_at_its_limit_is_asked_again_with_more_room() -> None:
    attempt, client = run([Choice(said(mill())[:300], "length"), said(mill())])
    assert attempt.result is not None and attempt.result.objective == BEST
    assert client.requests[1].max_tokens == 2 * (client.requests[0].max_tokens or 0)


# -- questions -----------------------------------------------------------------------------------------

ASKS = json.dumps({"question": "May beams be sawn in part?", "assumption": "beams are sawn whole"})


def test_a_question_is_put_to_a_person_who_is_there() -> None:
    heard: list[Question] = []

    def answer(question: Question) -> str:
        heard.append(question)
        return "no, whole ones only"

    attempt, client = run([ASKS, said(mill())], answer=answer)
    assert heard[0].question == "May beams be sawn in part?"
    assert "no, whole ones only" in client.requests[1].messages[-1].content
    assert attempt.formulation is not None
    assert any("no, whole ones only" in a.text for a in attempt.formulation.assumptions)


def test_where_nobody_is_there_the_assumption_is_taken_and_shown() -> None:
    attempt, client = run([ASKS, said(mill())])
    assert "nobody can be asked" in client.requests[1].messages[-1].content
    assert attempt.formulation is not None
    assert any("beams are sawn whole" in a.text for a in attempt.formulation.assumptions)
    assert attempt.result is not None and attempt.result.objective == BEST


def test_a_second_question_and_a_question_without_an_assumption_are_not_taken() -> None:
    attempt, client = run([ASKS, ASKS, said(mill())])
    assert attempt.result is not None and "second question" in client.requests[2].messages[-1].content
    attempt, client = run([json.dumps({"question": "why?"}), said(mill())])
    assert attempt.result is not None and "assumption" in client.requests[1].messages[-1].content


# -- data ----------------------------------------------------------------------------------------------


def test_large_data_never_pass_through_the_model(tmp_path: Path) -> None:
    places = [f"place {k}" for k in range(200)]
    secret = 123456.789
    data = tmp_path / "depots.json"
    data.write_text(json.dumps({
        "rent": {place: 10.0 + k for k, place in enumerate(places)} | {"place 199": secret},
        "room": dict.fromkeys(places, 50.0),
    }))
    bound = {
        "name": "depots",
        "sets": [{"name": "places"}],
        "parameters": [{"name": "rent", "role": "cost", "axes": ["places"], "bind": "rent"},
                       {"name": "room", "role": "capacity", "axes": ["places"], "bind": "room"},
                       {"name": "need", "axes": [], "cells": [{"key": [], "value": 120, "quote": "120 pallets"}]}],
        "variables": [{"name": "open", "over": ["p in places"], "domain": "binary"}],
        "objective": {"sense": "min", "terms": [{"name": "rent", "expr": "sum(rent[p] * open[p] for p in places)"}]},
        "constraints": [{"name": "all_stored", "expr": "sum(room[p] * open[p] for p in places) >= need"}],
    }
    client = Scripted([said(bound)])
    text = "Depots are rented, each for its rent, so that 120 pallets find room. Which ones are cheapest?"
    attempt = formulate_problem(text, llm=Formulator(client, asking=Asking("m")), data=data)
    assert attempt.result is not None and attempt.result.objective == pytest.approx(10 + 11 + 12)
    shown = " ".join(m.content for m in client.requests[0].messages)
    assert "200 labels" in shown and str(secret) not in shown and "place 150" not in shown
    assert len(client.requests[0].messages[-1].content) < 2000


def test_data_that_cannot_be_read_are_said_before_anything_is_asked(tmp_path: Path) -> None:
    client = Scripted([])
    with pytest.raises(FormulateError, match=r"none\.csv"):
        formulate_problem(TEXT, llm=Formulator(client, asking=Asking("m")), data=tmp_path / "none.csv")
    assert client.requests == []


# -- records and batches -------------------------------------------------------------------------------


def test_a_batch_goes_step_by_step_and_resumes_where_it_was(tmp_path: Path) -> None:
    """Each run answers what is there and asks for the next step only."""
    script = [said(UNBOUNDED), said(mill())]
    answers: list[Path] = []
    for step, line in enumerate(script):
        out = tmp_path / f"out{step}.jsonl"
        formulator = Formulator("openai:m", settings=Settings(batch_in=tuple(answers), batch_out=out))
        connection = formulator.connected()
        with pytest.raises(UnansweredError):
            formulate_problem(TEXT, llm=replace(formulator, model=connection))
        assert connection.batch is not None and connection.batch.write(out) == 1
        asked = json.loads(out.read_text())
        back = {"custom_id": asked["custom_id"], "response": {"status_code": 200, "body": {
            "choices": [{"message": {"content": line}, "finish_reason": "stop"}]}}}
        answers.append(tmp_path / f"in{step}.jsonl")
        answers[-1].write_text(json.dumps(back) + "\n")
    attempt = formulate_problem(TEXT, llm=Formulator("openai:m", settings=Settings(batch_in=tuple(answers))))
    assert attempt.result is not None and attempt.result.objective == BEST and len(attempt.completions) == 2


def test_what_is_wrong_before_anything_is_asked_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    client = Scripted([])
    with pytest.raises(FormulateError, match="no strategy 'clever'"):
        formulate_problem(TEXT, llm=Formulator(client, strategy="clever"))
    with pytest.raises(FormulateError, match="empty"):
        formulate_problem("  ", llm=Formulator(client))
    with pytest.raises(FormulateError, match="OPENAI_API_KEY"):
        formulate_problem(TEXT, llm="openai:m")
    with pytest.raises(FormulateError, match="PROVIDER:MODEL"):
        formulate_problem(TEXT, llm="some-model")
    assert client.requests == [] and formulate.formulate is formulate_problem


class Endless(Scripted):
    """Never answers, and tells what became of the waiting."""

    ended = ""

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        os.kill(os.getpid(), signal.SIGINT)  # the notebook's stop button, while the model is asked
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            self.ended = "cancelled"
            raise
        self.ended = "waited for"
        return await super().complete(request, on_text)


def test_within_a_running_loop_an_interrupt_ends_what_is_under_way() -> None:
    model = Endless([said(mill())])

    async def cell() -> None:  # as a notebook runs it
        formulate_problem(TEXT, llm=model)

    loop = asyncio.new_event_loop()
    try:
        with pytest.raises(KeyboardInterrupt):
            loop.run_until_complete(cell())
    finally:
        loop.close()
    assert model.ended == "cancelled"
