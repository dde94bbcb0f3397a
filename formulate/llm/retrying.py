"""Asking again when asking again may help: exponential backoff with jitter, and the endpoint's own wish first."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from formulate.llm.errors import ModelError, RateLimitedError
from formulate.llm.protocol import Answer, Client, OnText, Request

AGAIN = "\n... asked again ...\n"
"""What a listener hears where an answer broke off and begins anew."""


@dataclass(frozen=True, slots=True)
class Policy:
    """At most `tries` calls within `total` seconds; waits of `first` seconds, doubled each time, up to `most`."""

    tries: int = 5
    first: float = 1.0
    most: float = 60.0
    total: float = 600.0

    def wait(self, failed: int, error: ModelError, chance: random.Random) -> float:
        """Seconds to wait after the failed-th failure: half of the step for certain, the other half by chance."""
        if isinstance(error, RateLimitedError) and error.retry_after is not None:
            return error.retry_after + chance.uniform(0, self.first)
        step = min(self.most, self.first * 2 ** (failed - 1))
        return step / 2 + chance.uniform(0, step / 2)


class Retrying:
    """A client that asks another one again after failures that may pass. The jitter is drawn from `seed`."""

    def __init__(
        self, client: Client, policy: Policy | None = None, *, seed: int = 0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self.client, self.policy = client, policy or Policy()
        self._chance, self._sleep = random.Random(seed), sleep

    @property
    def name(self) -> str:
        """The name of the client behind."""
        return self.client.name

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        """Answer one request. Raises the last ModelError, its message telling how often it was tried."""
        started = time.perf_counter()
        failed = 0
        while True:
            try:
                answer = await self.client.complete(request, on_text)
            except ModelError as error:
                failed += 1
                wait = self.policy.wait(failed, error, self._chance)
                late = time.perf_counter() - started + wait > self.policy.total
                if not error.retryable or failed >= self.policy.tries or late:
                    if failed > 1:
                        error.message = f"{error.message} (asked {failed} times)"
                    raise
                if on_text is not None:
                    on_text(AGAIN)
                await self._sleep(wait)
            else:
                return replace(answer, tries=failed + answer.tries, seconds=time.perf_counter() - started)

    async def close(self) -> None:
        """Close the client behind."""
        await self.client.close()
