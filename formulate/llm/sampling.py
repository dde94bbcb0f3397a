"""Several completions of one request, from endpoints that give only one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from formulate.llm.protocol import Answer, Client, OnText, Request, Usage

T = TypeVar("T")


async def together(jobs: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All results in order; the first failure ends the others and is raised as it is (no group of exceptions)."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


class Sampling:
    """A client that gives exactly `n` completions, whatever the endpoint does with `n`.

    Where it does not take `n` (`native` False), or gave fewer, each missing one is asked for with a seed of its own
    (the request's seed plus its number), so that seeded endpoints do not repeat one completion.
    """

    def __init__(self, client: Client, *, native: bool) -> None:
        self.client, self.native = client, native

    @property
    def name(self) -> str:
        """The name of the client behind."""
        return self.client.name

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        """Answer one request with `n` completions. Raises ModelError when any of them fails."""
        if request.n == 1:
            answer = await self.client.complete(request, on_text)
            return replace(answer, choices=answer.choices[:1])
        answers = [await self.client.complete(request)] if self.native else []
        have = sum(len(answer.choices) for answer in answers)
        if have < request.n:
            single = [_numbered(request, k) for k in range(have, request.n)]
            answers += await together(self.client.complete(one) for one in single)
        return _joined(answers, request.n)

    async def close(self) -> None:
        """Close the client behind."""
        await self.client.close()


def _numbered(request: Request, k: int) -> Request:
    return replace(request, n=1, seed=None if request.seed is None else request.seed + k)


def _joined(answers: list[Answer], n: int) -> Answer:
    choices = tuple(choice for answer in answers for choice in answer.choices)[:n]
    return Answer(
        choices, sum((answer.usage for answer in answers), Usage()), answers[0].model,
        max(answer.seconds for answer in answers), sum(answer.tries for answer in answers), answers[0].source,
    )  # fmt: skip
