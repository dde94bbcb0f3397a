"""Strategies that end in a program: a few questions in one conversation, the last of which asks for code.

Which questions, is data: `direct` (code at once), `llmopt` (LLMOPT, section 3: five elements as text, code, and the
model's own judgement of the result), `staged` (ReLoop: understand, formalise, synthesise), `expert` (ORThought:
modelling knowledge first). What comes of the program, and what the model is shown of it, is the dialogue's affair.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from formulate.llm.asking import Asked
from formulate.llm.protocol import Message
from formulate.prompts import Prompt, prompt, template
from formulate.strategies.base import GaveUp, Outcome, Programmed, Session
from solvers.errors import FormulateError

LIBRARIES = ("gurobipy", "pyomo", "ortools", "coptpy", "pyscipopt", "pulp", "highspy")
"""What programs may be asked for in; the first is the default, as most models know it best."""
CONFIRMED = "CONFIRMED"


@dataclass(frozen=True, slots=True)
class Script:
    """The questions of a strategy: the first is the system prompt, the last asks for the program.

    `reflect`: the prompt that shows the result once and asks whether it holds (or none).
    """

    name: str
    questions: tuple[str, ...]
    reflect: str = ""


SCRIPTS = {
    script.name: script
    for script in (
        Script("direct", ("direct",)),
        Script("llmopt", ("llmopt_elements", "llmopt_program"), "llmopt_reflect"),
        Script("staged", ("staged_understand", "staged_formalise", "staged_program")),
        Script("expert", ("expert_understand", "expert_program")),
    )
}


@dataclass
class Stepwise:
    """One conversation that follows a script."""

    script: Script
    library: str = LIBRARIES[0]
    _messages: tuple[Message, ...] = field(default=(), init=False)
    _reflected: bool = field(default=False, init=False)

    @property
    def name(self) -> str:
        """The script's name and the library."""
        return f"{self.script.name}:{self.library}"

    async def first(self, text: str, data: str, session: Session) -> Outcome:
        """Ask the script's questions; the program of the last answer."""
        rules = self._rules(bool(data))
        told = f"{text}\n\nThe data, by name, with a sample:\n\n{data}" if data else text
        used: list[Prompt] = []
        asked: Asked[str] | None = None
        for number, name in enumerate(self.script.questions):
            last = number == len(self.script.questions) - 1
            filled = prompt(name, rules=rules) if "{{rules}}" in template(name) else prompt(name)
            used.append(filled)
            if number == 0:
                self._messages = (Message("system", filled.text), Message("user", told))
            else:
                self._messages = (*self._messages, Message("user", filled.text))
            asked = await session.ask(name, self._messages, _program if last else _words, None, tuple(used))
            self._messages = (*self._messages, Message("assistant", asked.answers[-1].text))
            if asked.value is None:
                break
        assert asked is not None
        return self._outcome(asked)

    async def again(self, complaint: str, session: Session) -> Outcome:
        """Ask for a mended program."""
        repair = prompt("program_repair", complaint=complaint)
        return await self._ask(repair, session)

    async def told(self, answer: str, session: Session) -> Outcome:
        """Programs come without questions. Raises nothing: says so."""
        return GaveUp("a program was asked for, and a question came")

    async def reflect(self, result: str, session: Session) -> Outcome | None:
        """Show the result once and ask whether it holds; None where it is confirmed, or nothing is to be asked."""
        if not self.script.reflect or self._reflected:
            return None
        self._reflected = True
        shown = prompt(self.script.reflect, result=result)
        messages = (*self._messages, Message("user", shown.text))
        asked = await session.ask("reflect", messages, _confirmed_or_program, None, (shown,))
        self._messages = (*messages, Message("assistant", asked.answers[-1].text))
        return None if asked.value in (None, CONFIRMED) else self._outcome(asked)

    async def _ask(self, filled: Prompt, session: Session) -> Outcome:
        self._messages = (*self._messages, Message("user", filled.text))
        asked = await session.ask("repair", self._messages, _program, None, (filled,))
        self._messages = (*self._messages, Message("assistant", asked.answers[-1].text))
        return self._outcome(asked)

    def _outcome(self, asked: Asked[str]) -> Outcome:
        if asked.value is None:
            return GaveUp(f"after {len(asked.answers)} answers: {asked.errors[-1]}")
        return Programmed(asked.value, self.library)

    def _rules(self, with_data: bool) -> str:
        data = template("program_data").strip() if with_data else ""
        return prompt("program_rules", library=template(f"lib_{self.library}").strip(), data=data).text


def _program(text: str) -> str:
    from formulate.programs import extract_program

    return extract_program(text, solves=True)


def _words(text: str) -> str:
    if not text.strip():
        raise FormulateError("the answer is empty", remedy="answer the question")
    return text


def _confirmed_or_program(text: str) -> str:
    """The word, where it is all that the answer says; else the program in it. Raises FormulateError."""
    if text.strip().strip("*.`\"' ").upper() == CONFIRMED:
        return CONFIRMED
    return _program(text)
