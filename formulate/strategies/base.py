"""What strategies share: a session that asks and keeps the transcript, and what a strategy may come back with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias, TypeVar

from formulate.llm.asking import Asked, ask
from formulate.llm.protocol import Answer, Client, JsonSchema, Message, OnText, Request, Usage
from formulate.prompts import Prompt
from solvers.formulation import Formulation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Formulated:
    """A formulation, and the words of the model's answer it came in."""

    formulation: Formulation
    text: str


@dataclass(frozen=True, slots=True)
class Programmed:
    """A program of solver code, to be run in the sandbox; `library` is what it was asked for in."""

    source: str
    library: str


@dataclass(frozen=True, slots=True)
class Question:
    """The text lacks something: what to ask, and what would be assumed without an answer."""

    question: str
    assumption: str


@dataclass(frozen=True, slots=True)
class GaveUp:
    """No formulation came of it: why, and the last error."""

    reason: str


Outcome: TypeAlias = Formulated | Programmed | Question | GaveUp


@dataclass(frozen=True, slots=True)
class Asking:
    """How a strategy asks: the model's name at its endpoint, sampling, the limit on tokens, rounds per step."""

    model: str
    temperature: float | None = None
    max_tokens: int | None = 8192
    seed: int | None = 0
    rounds: int = 3


@dataclass(eq=False)
class Session:
    """One problem's conversation: asks through a client, and keeps prompts, completions and tokens in order.

    `structured`: the endpoint follows a JSON schema. `may_ask`: questions of the model's own are taken.
    """

    client: Client
    asking: Asking
    on_text: OnText | None = None
    may_ask: bool = False
    structured: bool = False
    prompts: list[str] = field(default_factory=list)
    completions: list[str] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    calls: int = 0

    async def ask(
        self, purpose: str, messages: tuple[Message, ...], read: Callable[[str], T], schema: JsonSchema | None = None,
        used: tuple[Prompt, ...] = (),
    ) -> Asked[T]:  # fmt: skip
        """Ask until `read` takes the answer. Raises ModelError; what came before stays in the transcript."""
        for prompt in used:
            if f"{prompt.name}:{prompt.hash}" not in self.prompts:
                self.prompts.append(f"{prompt.name}:{prompt.hash}")
        how = self.asking
        request = Request(
            how.model, messages, temperature=how.temperature, max_tokens=how.max_tokens, seed=how.seed,
            schema=schema, purpose=purpose,
        )  # fmt: skip
        return await ask(_Noting(self), request, read, rounds=how.rounds, on_text=self.on_text)

    def note(self, answer: Answer) -> None:
        """Put an answer into the transcript."""
        self.calls += 1
        self.completions += [choice.text for choice in answer.choices]
        self.usage = self.usage + answer.usage

    def with_seed(self, seed: int) -> Session:
        """The same settings with another seed and an empty transcript."""
        return Session(self.client, replace(self.asking, seed=seed), self.on_text, self.may_ask, self.structured)


class _Noting:
    """The session's client, with every answer noted before anybody judges it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def name(self) -> str:
        return self._session.client.name

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        answer = await self._session.client.complete(request, on_text)
        self._session.note(answer)
        return answer

    async def close(self) -> None:
        await self._session.client.close()


class Strategy(Protocol):
    """A way of asking. The conversation so far is the strategy's own affair between `first` and `again`."""

    @property
    def name(self) -> str:
        """How records name it."""

    async def first(self, text: str, data: str, session: Session) -> Outcome:
        """The first outcome for a problem's text and the sketch of its data (or empty). Raises ModelError."""

    async def again(self, complaint: str, session: Session) -> Outcome:
        """Another outcome, after being told what is wrong with the last. Raises ModelError."""

    async def told(self, answer: str, session: Session) -> Outcome:
        """The outcome after its question was answered. Raises ModelError."""

    async def reflect(self, result: str, session: Session) -> Outcome | None:
        """What the model makes of a result that nothing speaks against: None to keep it. Raises ModelError."""
