"""Ask for a value rather than a text: what came back is read, checked, and handed back with its errors if need be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from formulate.llm.json_text import find_json
from formulate.llm.protocol import Answer, Client, Message, OnText, Request
from solvers.errors import FormulateError

T = TypeVar("T")
MOST_SHOWN = 12_000
"""Characters of an answer that is shown to its model again; the middle of a longer one is left out."""


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """The value, and every answer on the way to it; `errors` holds what was wrong with each but the last.

    `value` is None where no round brought one.
    """

    value: T | None
    answers: tuple[Answer, ...]
    errors: tuple[str, ...]


async def ask(
    client: Client, request: Request, read: Callable[[str], T], *, rounds: int = 3, on_text: OnText | None = None
) -> Asked[T]:
    """Ask until `read` takes the answer, at most `rounds` times; each time the errors are shown to the model.

    `read` raises FormulateError for what it does not take. An answer that was cut at its token limit is asked again
    with twice the limit. Raises ModelError. A model that repeats a rejected answer word for word is not asked again.
    """
    answers: list[Answer] = []
    errors: list[str] = []
    while True:
        answer = await client.complete(request, on_text)
        answers.append(answer)
        text = answer.text
        try:
            return Asked(read(text), tuple(answers), tuple(errors))
        except FormulateError as error:
            errors.append(str(error))
        repeated = len(answers) > 1 and answers[-2].text == text
        if len(answers) >= rounds or repeated:
            return Asked(None, tuple(answers), tuple(errors))
        if answer.choices and answer.choices[0].finish == "length" and request.max_tokens is not None:
            request = replace(request, max_tokens=2 * request.max_tokens)
            continue
        request = request.with_messages(Message("assistant", _shown(text)), Message("user", _complaint(errors[-1])))


def read_json(text: str, build: Callable[[object], T]) -> T:
    """The value that `build` makes of an answer's JSON. Raises JsonTextError and what `build` raises."""
    return build(find_json(text).value)


def _complaint(error: str) -> str:
    return (
        f"That answer cannot be used:\n\n{error}\n\nMend exactly this, keep what was right, and answer again in full."
    )


def _shown(text: str) -> str:
    if len(text) <= MOST_SHOWN:
        return text
    half = MOST_SHOWN // 2
    return f"{text[:half]}\n[... {len(text) - MOST_SHOWN} characters left out ...]\n{text[-half:]}"
