"""One problem, or many, formulated by a language model: the strategies, the dialogue and the pipeline put together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from formulate.attempt import Attempt
from formulate.dialogue import Dialogue
from formulate.llm.connect import Connection, Settings, connect
from formulate.llm.protocol import Client, OnText
from formulate.strategies import Asking, Question, Session, strategy_named
from solvers.errors import FormulateError
from verify.problem import Problem

T = TypeVar("T")
VOTERS = 5
"""Samples of the strategy `vote`, unless another number is asked for."""


@dataclass(frozen=True)
class Formulator:
    """A language model with a strategy: everything that does not depend on the problem.

    `model` is `provider:model`, a connection, or a client of one's own (such as `Scripted`). `repairs` bounds how
    often the model is shown what went wrong. With several `samples` each is talked through with a seed of its own,
    and they vote (formulate.voting); the strategy `vote`, or `vote:STRATEGY`, is five of them. `answer` puts a
    model's question to a person; without it, the assumption that the model named is taken and kept in the
    formulation.
    """

    model: str | Connection | Client
    strategy: str = "elements"
    settings: Settings = field(default_factory=Settings)
    asking: Asking | None = None
    repairs: int = 2
    samples: int = 1
    answer: Callable[[Question], str] | None = None
    on_text: OnText | None = None

    def __post_init__(self) -> None:
        head, _, base = self.strategy.partition(":")
        if head == "vote":
            object.__setattr__(self, "strategy", base or "elements")
            object.__setattr__(self, "samples", VOTERS if self.samples == 1 else self.samples)

    def connected(self) -> Connection:
        """The connection to the model. Raises ModelError and ComponentError before anything is asked."""
        strategy_named(self.strategy)
        if isinstance(self.model, str):
            return connect(self.model, self.settings)
        return self.model if isinstance(self.model, Connection) else Connection(self.model)

    def session(self, connection: Connection) -> Session:
        """A new conversation."""
        asking = self.asking or Asking(_model_name(self.model, connection))
        return Session(
            connection.client, asking, self.on_text, may_ask=True, structured=connection.structured,
        )  # fmt: skip


def _model_name(model: Any, connection: Connection) -> str:
    if isinstance(model, str):
        return model.partition(":")[2] or model
    return connection.client.name.partition(":")[2] or connection.client.name


async def attempt(
    problem: Problem, formulator: Formulator, connection: Connection, evaluate: Callable[[Attempt], Attempt],
    data: Any = None,
) -> Attempt:  # fmt: skip
    """One problem. `data` (what `solvers.solve` binds) is shown to the model as a sketch, never whole.

    Raises UnansweredError under a batch that lacks an answer, DataError for data that cannot be read.
    """
    shown = ""
    if data is not None:
        from solvers.data import sketch

        shown = sketch(data)
    started = time.perf_counter()
    if formulator.samples == 1:
        done = await _talk(problem, formulator, formulator.session(connection), evaluate, data, shown)
    else:
        from formulate.voting import elect

        first = formulator.session(connection)
        seed = first.asking.seed or 0
        talks = (
            _talk(problem, formulator, first.with_seed(seed + k), evaluate, data, shown)
            for k in range(formulator.samples)
        )
        # All of them are talked through before anything is raised: a batch then holds every sample's next request.
        came = await asyncio.gather(*talks, return_exceptions=True)
        failed = next((item for item in came if isinstance(item, BaseException)), None)
        if failed is not None:
            raise failed
        done = elect([item for item in came if isinstance(item, Attempt)], data)
    return replace(done, seconds=time.perf_counter() - started)


async def _talk(
    problem: Problem, formulator: Formulator, session: Session, evaluate: Callable[[Attempt], Attempt], data: Any,
    shown: str,
) -> Attempt:  # fmt: skip
    dialogue = Dialogue(
        strategy_named(formulator.strategy), session, evaluate, formulator.repairs, formulator.answer, data, shown
    )
    return await dialogue.run(problem)


async def attempts(
    problems: Iterable[Problem], one: Callable[[Problem], Coroutine[Any, Any, Attempt]], at_once: int = 8
) -> AsyncGenerator[tuple[Problem, Attempt | FormulateError], None]:
    """Many problems, `at_once` under way, in the order in which they end. `one` gives the coroutine of a problem.

    The FormulateError of a problem is given back in its place: one problem never ends the others.
    """
    gate = asyncio.Semaphore(at_once)

    async def guarded(problem: Problem) -> tuple[Problem, Attempt | FormulateError]:
        async with gate:
            try:
                return problem, await one(problem)
            except FormulateError as error:
                return problem, error

    tasks = {asyncio.ensure_future(guarded(problem)) for problem in problems}
    try:
        while tasks:
            done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            while done:  # what was given away is not kept: many attempts with their models are large
                yield done.pop().result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def each(items: AsyncGenerator[T, None]) -> Iterator[T]:
    """An asynchronous generator walked from ordinary code; what it holds is let go when the walk ends early.

    An interrupt ends what is under way, and is raised when the generator has cleaned up.
    """

    async def following() -> T:
        return await anext(items)

    with asyncio.Runner() as runner:
        try:
            while True:
                try:
                    item = runner.run(following())
                except StopAsyncIteration:
                    return
                yield item
        finally:
            runner.run(items.aclose())


def run(job: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, also from within a running event loop (a notebook's): then in a thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(job)
    under_way: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any] | None]] = []

    async def known() -> T:
        under_way.append((asyncio.get_running_loop(), asyncio.current_task()))
        return await job

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(asyncio.run, known())
        try:
            return done.result()
        except KeyboardInterrupt:  # a notebook's stop button: it ends what is under way, rather than wait for it
            for loop, task in under_way:
                if task is not None and not done.done():
                    loop.call_soon_threadsafe(task.cancel)
            raise
