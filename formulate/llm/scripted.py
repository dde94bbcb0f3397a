"""The double of a language model: answers from a script, for tests and for trying strategies without one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeAlias

from formulate.llm.errors import ModelError
from formulate.llm.protocol import Answer, Choice, OnText, Request, Usage

Line: TypeAlias = str | Choice | Answer | ModelError
Script: TypeAlias = Sequence[Line] | Callable[[Request], Line]


class Scripted:
    """A client that says its lines in order, or what a function of the request says; errors are raised.

    It keeps every request in `requests`. Tokens are counted as words. A script that is at its end raises an
    AssertionError: a test asked more often than it meant to. `delay` are seconds that every answer takes.
    """

    def __init__(self, script: Script, *, name: str = "scripted", delay: float = 0.0) -> None:
        self._script, self._name, self._delay = script, name, delay
        self._at = 0
        self.requests: list[Request] = []

    @property
    def name(self) -> str:
        """Its name in records."""
        return self._name

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        """The next line. A text answers all `n` completions alike. Raises the ModelError that the script holds."""
        self.requests.append(request)
        line = self._next(request)
        if self._delay:
            await asyncio.sleep(self._delay)
        if isinstance(line, ModelError):
            raise line
        if isinstance(line, Answer):
            answer = line
        else:
            choice = Choice(line) if isinstance(line, str) else line
            prompt = sum(len(m.content.split()) for m in request.messages)
            answer = Answer((choice,) * request.n, Usage(prompt, request.n * len(choice.text.split())), request.model)
        if on_text is not None:
            on_text(answer.text)
        return answer

    def _next(self, request: Request) -> Line:
        if callable(self._script):
            return self._script(request)
        if self._at >= len(self._script):
            raise AssertionError(f"the script has {len(self._script)} lines, request {self._at + 1} has none")
        self._at += 1
        return self._script[self._at - 1]

    async def close(self) -> None:
        """Nothing to close."""
