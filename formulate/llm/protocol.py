"""What is asked of a language model and what comes back: the one protocol that every client speaks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length", "refusal", "filtered", "other"]
"""Why a completion ended: on its own, cut at the token limit, declined, withheld by a filter."""

FINISHES: tuple[Finish, ...] = ("stop", "length", "refusal", "filtered", "other")
OnText = Callable[[str], None]
"""Receives the text of a completion piece by piece as it arrives."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class JsonSchema:
    """The JSON schema that an answer has to follow, under a name that endpoints ask for."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model: `n` completions of the same messages. Temperature and seed as the endpoint takes them.

    `purpose` says which step of which strategy asks (for records; no part of the key).
    """

    model: str
    messages: tuple[Message, ...]
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    n: int = 1
    stop: tuple[str, ...] = ()
    schema: JsonSchema | None = None
    purpose: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, everything but the purpose: what makes two requests the same."""
        return {
            "model": self.model,
            "messages": [{"role": m.role, "content": m.content} for m in self.messages],
            "temperature": self.temperature,
            "top_p": self.top_p,
            "max_tokens": self.max_tokens,
            "seed": self.seed,
            "n": self.n,
            "stop": list(self.stop),
            "schema": None if self.schema is None else {"name": self.schema.name, "schema": dict(self.schema.schema)},
        }

    @property
    def key(self) -> str:
        """A hash (64 hexadecimal digits) of everything that could change the answer."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def with_messages(self, *messages: Message) -> Request:
        """The same request with further messages at its end."""
        return replace(self, messages=(*self.messages, *messages))


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the endpoint counted them; `reasoning` is part of `completion`, `cached` part of `prompt`.

    `estimated` says that the endpoint did not count, and that these are our estimates from characters.
    """

    prompt: int = 0
    completion: int = 0
    reasoning: int = 0
    cached: int = 0
    estimated: bool = False

    @property
    def total(self) -> int:
        """Prompt and completion tokens."""
        return self.prompt + self.completion

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt + other.prompt, self.completion + other.completion, self.reasoning + other.reasoning,
            self.cached + other.cached, self.estimated or other.estimated,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Plain values for records."""
        return {
            "prompt": self.prompt, "completion": self.completion, "reasoning": self.reasoning,
            "cached": self.cached, "estimated": self.estimated,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One completion. `reasoning` holds thoughts that the endpoint gave apart from the text."""

    text: str
    finish: Finish = "stop"
    reasoning: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a request: its completions, what they cost, and where they came from.

    `source` is `model`, or `cache`, `replay`, `batch` where nothing was asked now; `tries` counts calls of the
    endpoint, failed ones included; seconds are wall-clock, waiting between tries included.
    """

    choices: tuple[Choice, ...]
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    seconds: float = 0.0
    tries: int = 1
    source: Literal["model", "cache", "replay", "batch"] = "model"

    @property
    def text(self) -> str:
        """The first completion."""
        return self.choices[0].text if self.choices else ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for records: all but where it came from."""
        return {
            "choices": [{"text": c.text, "finish": c.finish, "reasoning": c.reasoning} for c in self.choices],
            "usage": self.usage.to_dict(),
            "model": self.model,
            "seconds": self.seconds,
            "tries": self.tries,
        }

    @classmethod
    def from_dict(cls, document: Any) -> Answer:
        """The inverse of `to_dict`. Raises ValueError for what is no record of an answer."""
        try:
            choices = tuple(
                Choice(_text(c["text"]), _finish(c["finish"]), _text(c.get("reasoning", "")))
                for c in document["choices"]
            )
            usage = Usage(**{k: type(getattr(Usage(), k))(v) for k, v in document["usage"].items()})
            return cls(
                choices, usage, _text(document["model"]), float(document["seconds"]), int(document["tries"])
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no record of an answer: {type(error).__name__}: {error}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"no record of an answer: {type(value).__name__} where a text was expected")
    return value


def _finish(value: Any) -> Finish:
    for known in FINISHES:
        if value == known:
            return known
    raise ValueError(f"no record of an answer: a completion cannot end by {value!r}")


class Client(Protocol):
    """Something that answers requests. `name` identifies it in records, such as `openai:gpt-4.1`."""

    @property
    def name(self) -> str:
        """How records name it."""

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        """Answer one request. Raises ModelError. With `on_text` the first completion is also given as it arrives."""

    async def close(self) -> None:
        """Let go of connections and memory."""
