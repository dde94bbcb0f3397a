"""What a run has cost, what it may cost, and how much is asked at the same time."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace

from formulate.llm.errors import BudgetError, CutOffError
from formulate.llm.protocol import Answer, Client, OnText, Request, Usage

CHARACTERS_PER_TOKEN = 3.0
"""For reservations before the endpoint has counted: on the careful side of the usual four."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Money per million tokens, in the user's currency; prices change, so the project carries none."""

    prompt: float
    completion: float
    cached: float | None = None

    def of(self, usage: Usage) -> float:
        """What these tokens cost."""
        cached = usage.cached if self.cached is not None else 0
        fresh = usage.prompt - cached
        return (fresh * self.prompt + cached * (self.cached or 0.0) + usage.completion * self.completion) / 1e6


@dataclass(frozen=True, slots=True)
class Budget:
    """Upper bounds, each None for no bound: tokens (prompt and completion), money, requests, seconds of wall-clock."""

    tokens: int | None = None
    money: float | None = None
    requests: int | None = None
    seconds: float | None = None


@dataclass(slots=True)
class Spent:
    """What was used so far. `failed` counts requests that ended without an answer."""

    usage: Usage = field(default_factory=Usage)
    requests: int = 0
    failed: int = 0
    money: float = 0.0


class Metered:
    """A client that counts, keeps to a budget and asks at most `concurrency` requests at once.

    Before a request is sent, its prompt (estimated) and its completions at their limit are set aside, so that
    requests under way cannot overrun a budget of tokens together; a request without a limit gets what is left.
    Raises BudgetError, before anything is sent. Caches and replays belong outside: what they answer costs nothing.
    """

    def __init__(
        self, client: Client, budget: Budget | None = None, *, prices: Prices | None = None, concurrency: int = 8
    ) -> None:
        if concurrency < 1:
            raise ValueError("at least one request at a time")
        self.client, self.budget, self.prices = client, budget or Budget(), prices
        self.spent = Spent()
        self._reserved = 0
        self._gate = asyncio.Semaphore(concurrency)
        self._started = time.monotonic()

    @property
    def name(self) -> str:
        """The name of the client behind."""
        return self.client.name

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        """Answer one request within the budget. Raises BudgetError and ModelError."""
        async with self._gate:
            limited, reserved = self._admitted(request)
            self._reserved += reserved
            try:
                answer = await self._within_time(limited, on_text)
            except BaseException as error:
                self.spent.failed += 1
                if isinstance(error, CutOffError):
                    self._count_lost(request, error.partial)
                raise
            finally:
                self._reserved -= reserved
        self.spent.usage = self.spent.usage + answer.usage
        self.spent.money += self.prices.of(answer.usage) if self.prices else 0.0
        if limited.max_tokens != request.max_tokens and any(c.finish == "length" for c in answer.choices):
            # Cut by what was left, not by the request's own limit: no answer to it, and no cache may keep it as one.
            raise self._over(f"{self.budget.tokens} tokens")
        return answer

    def _admitted(self, request: Request) -> tuple[Request, int]:
        """The request with a limit that the budget holds, and the tokens set aside for it."""
        bounds, spent = self.budget, self.spent
        if bounds.requests is not None and spent.requests >= bounds.requests:
            raise self._over(f"{bounds.requests} requests")
        if bounds.money is not None:
            if self.prices is None:
                raise BudgetError("a budget of money needs prices", place=self.name, remedy="give prices per token")
            if spent.money >= bounds.money:
                raise self._over(f"{bounds.money:g} of money")
        reserved = 0
        if bounds.tokens is not None:
            prompt = round(sum(len(m.content) for m in request.messages) / CHARACTERS_PER_TOKEN)
            left = bounds.tokens - spent.usage.total - self._reserved - prompt
            each = left // request.n if request.max_tokens is None else min(request.max_tokens, left // request.n)
            if each < 1:
                raise self._over(f"{bounds.tokens} tokens")
            request = replace(request, max_tokens=each)
            reserved = prompt + each * request.n
        spent.requests += 1
        return request, reserved

    async def _within_time(self, request: Request, on_text: OnText | None) -> Answer:
        bound = self.budget.seconds
        if bound is None:
            return await self.client.complete(request, on_text)
        left = bound - (time.monotonic() - self._started)
        if left <= 0:
            raise self._over(f"{bound:g} seconds")
        try:
            return await asyncio.wait_for(self.client.complete(request, on_text), left)
        except TimeoutError:
            raise self._over(f"{bound:g} seconds") from None

    def _count_lost(self, request: Request, partial: str) -> None:
        """An answer that broke off was paid for as well; the endpoint did not count it."""
        asked = sum(len(m.content) for m in request.messages)
        lost = Usage(round(asked / CHARACTERS_PER_TOKEN), round(len(partial) / CHARACTERS_PER_TOKEN), estimated=True)
        self.spent.usage = self.spent.usage + lost
        self.spent.money += self.prices.of(lost) if self.prices else 0.0

    def _over(self, what: str) -> BudgetError:
        return BudgetError(f"the budget of {what} is spent", place=self.name,
                           remedy="raise the budget; what was answered so far is kept")  # fmt: skip

    async def close(self) -> None:
        """Close the client behind."""
        await self.client.close()
