"""`elements`: the model writes the five elements as our JSON, and is shown what does not fit (LLMOPT, section 3.1,
with a formulation that is checked instead of a text that is believed)."""

from __future__ import annotations

from typing import Any

from formulate.llm.json_text import find_json
from formulate.llm.protocol import JsonSchema, Message
from formulate.prompts import prompt, template
from formulate.strategies.base import Asked, Formulated, GaveUp, Outcome, Question, Session
from solvers.errors import SchemaError

WIRE = "formulation"
"""The name under which endpoints are given the schema."""


class Elements:
    """One conversation: system prompt, problem, answers and complaints."""

    @property
    def name(self) -> str:
        """`elements`."""
        return "elements"

    def __init__(self) -> None:
        self._messages: tuple[Message, ...] = ()
        self._schema: JsonSchema | None = None

    async def first(self, text: str, data: str, session: Session) -> Outcome:
        """Ask for the formulation of a text."""
        # The schema has no place for a question, so an endpoint that follows one is not offered to ask.
        self._schema = wire_schema() if session.structured else None
        asking = template("asking_allowed" if session.may_ask and not self._schema else "asking_refused").strip()
        form = template("form_wire" if self._schema else "form_canonical").strip()
        system = prompt("elements", language=template("language").strip(), form=form, asking=asking)
        user = prompt("problem_with_data", problem=text, data=data) if data else prompt("problem", problem=text)
        self._messages = (Message("system", system.text), Message("user", user.text))
        used = (system, user)
        return self._outcome(await session.ask("formulate", self._messages, read_elements, self._schema, used))

    async def again(self, complaint: str, session: Session) -> Outcome:
        """Ask for a mended formulation."""
        repair = prompt("repair", complaint=complaint)
        self._messages = (*self._messages, Message("user", repair.text))
        return self._outcome(await session.ask("repair", self._messages, read_elements, self._schema, (repair,)))

    async def told(self, answer: str, session: Session) -> Outcome:
        """Go on with the answer to a question; a second question is not taken."""
        said = prompt("answered", answer=answer)
        self._messages = (*self._messages, Message("user", said.text))
        return self._outcome(await session.ask("formulate", self._messages, _read_formulated, self._schema, (said,)))

    async def reflect(self, result: str, session: Session) -> Outcome | None:
        """Results are not shown: what can be checked is checked without the model."""
        return None

    def _outcome(self, asked: Asked[Formulated | Question]) -> Outcome:
        self._messages = (*self._messages, Message("assistant", asked.answers[-1].text))
        if asked.value is None:
            return GaveUp(f"after {len(asked.answers)} answers: {asked.errors[-1]}")
        return asked.value


def read_elements(text: str) -> Formulated | Question:
    """The formulation of an answer, in the canonical form or the wire form, or its question. Raises FormulateError."""
    document = find_json(text).value
    if isinstance(document, dict) and "question" in document and "objective" not in document:
        return _question(document)
    return Formulated(formulation_of(document), text)


def _read_formulated(text: str) -> Formulated | Question:
    read = read_elements(text)
    if isinstance(read, Question):
        raise SchemaError("a second question is not answered", remedy="give the formulation")
    return read


def formulation_of(document: Any) -> Any:
    """The formulation that a document holds in either form. Raises SchemaError, which names the field."""
    from solvers.schema import from_dict, from_wire

    if isinstance(document, dict):
        # Models leave out the version, which there is one of.
        document = {"schema": "formulate/1", **document}
        if "terms" in document and "objective" not in document:
            return from_wire(document)
    return from_dict(document)


def _question(document: dict[str, Any]) -> Question:
    question, assumption = document.get("question"), document.get("assumption")
    if not (isinstance(question, str) and question.strip() and isinstance(assumption, str) and assumption.strip()):
        raise SchemaError("a question needs `question` and `assumption`, both texts", place="question",
                          remedy="say what you would assume if nobody answers")  # fmt: skip
    return Question(question.strip()[:1000], assumption.strip()[:1000])


def wire_schema() -> JsonSchema:
    """The schema that endpoints with structured output are given."""
    from solvers.schema import wire_json_schema

    return JsonSchema(WIRE, wire_json_schema())
