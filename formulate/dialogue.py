"""The main path with a language model: ask, check, run, show what went wrong, keep the best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from formulate.attempt import Attempt, Failure
from formulate.complaints import complaint, shown, standing
from formulate.llm.errors import ModelError, UnansweredError
from formulate.strategies.base import Formulated, GaveUp, Outcome, Programmed, Question, Session, Strategy
from solvers.errors import FormulateError
from solvers.formulation import Assumption
from verify.basics import NOT_VERIFIED, number_findings
from verify.grounding import quote_claims
from verify.problem import Problem
from verify.report import Report

NOBODY = "nobody can be asked. Assume this, and write it into \"assumptions\": {assumption}"


@dataclass(frozen=True)
class Dialogue:
    """How one problem is talked through.

    `evaluate` checks and solves an attempt that has a formulation; `repairs` bounds how often the model is shown what
    went wrong; `answer` puts a question to a person (None where nobody can be asked); `sketch` is what the model
    sees of the data.
    """

    strategy: Strategy
    session: Session
    evaluate: Callable[[Attempt], Attempt]
    repairs: int = 2
    answer: Callable[[Question], str] | None = None
    data: Any = None
    sketch: str = ""
    questions: list[tuple[str, str]] = field(default_factory=list)

    async def run(self, problem: Problem) -> Attempt:
        """The best attempt. What the model or the endpoint does wrong is in it, never raised; UnansweredError is
        raised, because a batch that lacks an answer is no failure of this problem."""
        best = Attempt(problem, formulator=self._name)
        try:
            outcome = await self.strategy.first(problem.text, self.sketch, self.session)
            if isinstance(outcome, Question):
                outcome = await self._asked(outcome)
            best = self._judged(problem, outcome, best)
            best = await self._repaired(problem, best)
        except UnansweredError:
            raise
        except ModelError as error:
            best = replace(best, error=Failure.of("formulate", error))
        return self._told(best)

    async def _repaired(self, problem: Problem, best: Attempt) -> Attempt:
        """Show what went wrong, at most `repairs` times, as long as that leads to something better."""
        for _ in range(self.repairs):
            if best.formulation is None and best.code is None:
                return best
            said = complaint(best, self.data)
            try:
                if said:
                    outcome: Outcome | None = await self.strategy.again(said, self.session)
                else:
                    outcome = await self.strategy.reflect(shown(best), self.session)
            except UnansweredError:
                raise
            except ModelError:
                return best  # what was reached before the model was lost, earlier repairs included
            if outcome is None:
                return best
            newer = self._judged(problem, outcome, best)
            if newer is best or (newer.formulation, newer.code) == (best.formulation, best.code):
                return best  # the author stands by it, or has nothing better
            # After a reflection nothing speaks for either but the author's second thought.
            better = standing(newer) > standing(best) if said else standing(newer) >= standing(best)
            if not better:
                return best  # a worse attempt is neither kept nor built upon
            best = newer
        return best

    @property
    def _name(self) -> str:
        return f"{self.session.client.name} {self.strategy.name}"

    async def _asked(self, question: Question) -> Outcome:
        said = self.answer(question) if self.answer is not None else ""
        self.questions.append((question.question, said or question.assumption))
        told = said or NOBODY.format(assumption=question.assumption)
        return await self.strategy.told(told, self.session)

    def _judged(self, problem: Problem, outcome: Outcome, best: Attempt) -> Attempt:
        """The outcome as an attempt, checked and solved; the best so far where there is nothing to judge."""
        match outcome:
            case GaveUp(reason):
                if best.formulation is not None or best.code is not None:
                    return best
                return replace(best, error=Failure("formulate", "GaveUp", reason, exit_code=3))
            case Question():
                return best
            case Programmed(source, library):
                drafted = Attempt(problem, code=source, code_target=library, formulator=self._name,
                                  report=Report((), NOT_VERIFIED))  # fmt: skip
                return self.evaluate(drafted)
            case Formulated(formulation):
                pass
        formulation = self._with_questions(formulation)
        claims, doubts = quote_claims(formulation, problem.text)
        findings = [*doubts, *_numbers(problem, formulation, claims, bool(self.sketch))]
        attempt = Attempt(
            problem, formulation=formulation, claims=claims, formulator=self._name,
            report=Report(tuple(findings), NOT_VERIFIED),
        )  # fmt: skip
        return self.evaluate(attempt)

    def _with_questions(self, formulation: Any) -> Any:
        """What was asked and answered stands among the assumptions, whether or not the model wrote it there."""
        said = tuple(
            Assumption("", f"Asked: {question} Taken: {answer}") for question, answer in self.questions
        )
        known = {assumption.text for assumption in formulation.assumptions}
        new = tuple(assumption for assumption in said if assumption.text not in known)
        return replace(formulation, assumptions=(*formulation.assumptions, *new)) if new else formulation

    def _told(self, attempt: Attempt) -> Attempt:
        usage = self.session.usage
        tokens = {"prompt": usage.prompt, "completion": usage.completion, "calls": self.session.calls}
        return replace(
            attempt, prompts=tuple(self.session.prompts), completions=tuple(self.session.completions), tokens=tokens
        )


def _numbers(problem: Problem, formulation: Any, claims: Any, bound: bool) -> list[Any]:
    """Whether every number of the text is accounted for; nothing where the text cannot be read."""
    from verify.reading.reader import read
    from verify.reading.tables import find_tables

    try:
        reading = read(problem.text)
    except FormulateError:
        return []
    found = number_findings(
        reading.ledger().quantities, claims, formulation, find_tables(problem.text), len(reading.idle)
    )
    # With data in a file, numbers of the text may be examples of it.
    return [finding for finding in found if not bound or finding.verdict != "suspect"]
