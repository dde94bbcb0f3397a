"""The options of a language model: which one, how it is asked, what is kept of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formulate.cli import output
from formulate.cli.arguments import positive_seconds, whole_number
from formulate.cli.errors import UsageError

if TYPE_CHECKING:
    from formulate.llm.errors import UnansweredError
    from formulate.strategies import Question
    from formulate.with_model import Formulator

EXIT_UNANSWERED = 3


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """--llm and everything that goes with it."""
    group = parser.add_argument_group("with a language model")
    add = group.add_argument
    add("--llm", metavar="MODEL", help="PROVIDER:MODEL, as openai:gpt-4.1, ollama:llama3.2, vllm:NAME, hf:FOLDER; "
        "keys come from the environment or the keyring (default: none, the offline formulator)")
    add("--strategy", metavar="NAME", help="how the model is asked: elements (default), or programs in the "
        "sandbox: direct, llmopt, staged, expert, each also with a library (direct:pyomo); vote:STRATEGY asks 5 times")
    add("--samples", metavar="N", type=whole_number(1),
        help="ask N times and let the models vote, by proven equivalence")
    add("--base-url", metavar="URL", help="the address of an OpenAI-compatible endpoint of your own")
    add("--temperature", metavar="T", type=_number("a temperature from 0 to 2", 0.0, 2.0),
        help="of the model's sampling")
    add("--max-tokens", metavar="N", type=whole_number(1), help="of one answer (default 8192)")
    add("--model-seed", metavar="N", type=whole_number(0), help="seed of the model's sampling (default 0)")
    add("--repairs", metavar="N", type=whole_number(0), help="how often the model is shown what went wrong (default 2)")
    add("--model-timeout", metavar="SECONDS", type=positive_seconds(), help="silence after which a request is given up "
        "(default 120); where nobody watches, an answer comes all at once, and a slow model is silent until then")
    add("--at-once", metavar="N", type=whole_number(1), help="requests under way at the same time (default 8)")
    add("--token-budget", metavar="N", type=whole_number(1), help="tokens that this run may use in all")
    add("--time-budget", metavar="SECONDS", type=positive_seconds(),
        help="seconds that the model may be asked for in all; what is answered by then is kept")
    add("--prices", metavar="IN,OUT", type=_prices,
        help="money per million prompt and completion tokens, to be told the cost")
    add("--cache", metavar="DIR", help="keep answers here, and do not ask again for what is kept")
    add("--record", metavar="FILE", help="write every request and answer into this .jsonl")
    add("--replay", metavar="FILE", help="answer from such a record alone: no network, no key")
    add("--batch-out", metavar="FILE", help="write what is unanswered as an OpenAI batch instead of asking, "
        "and exit with 3")
    add("--batch-in", metavar="FILE", action="append", help="answers of such batches; may be given several times")


@contextmanager
def asked_model(options: argparse.Namespace) -> Iterator[Formulator | None]:
    """The formulator that the options describe, connected; None where none is asked for. Raises UsageError."""
    if options.llm is None and options.replay is None:
        _refuse_without_model(options)
        yield None
        return
    from dataclasses import replace

    from formulate.llm.connect import Settings
    from formulate.llm.metering import Budget
    from formulate.strategies import Asking
    from formulate.with_model import Formulator

    settings = Settings(
        base_url=options.base_url, timeout=options.model_timeout or 120.0,
        concurrency=options.at_once or 8, budget=Budget(tokens=options.token_budget, seconds=options.time_budget),
        prices=options.prices, cache=_path(options.cache), record=_path(options.record), replay=_path(options.replay),
        batch_in=tuple(map(Path, options.batch_in or ())), batch_out=_path(options.batch_out),
    )  # fmt: skip
    listener = _listener(options)
    formulator = Formulator(
        options.llm or "", options.strategy or "elements", settings,
        repairs=2 if options.repairs is None else options.repairs, samples=options.samples or 1,
        answer=_asker(options), on_text=listener,
    )  # fmt: skip
    connection = formulator.connected()
    known = connection.recorded
    name = (options.llm or connection.client.name).partition(":")
    asking = Asking(
        str(known.get("model") or name[2] or name[0]),
        known.get("temperature") if options.temperature is None else options.temperature,
        options.max_tokens or known.get("max_tokens") or 8192,
        options.model_seed if options.model_seed is not None else known.get("seed", 0),
    )
    try:
        yield replace(formulator, model=connection, asking=asking)
    finally:
        if listener is not None:
            listener.end()


def _refuse_without_model(options: argparse.Namespace) -> None:
    names = (
        "strategy", "samples", "base_url", "temperature", "max_tokens", "model_seed", "repairs", "model_timeout",
        "at_once", "token_budget", "time_budget", "prices", "cache", "record", "batch_out", "batch_in",
    )  # fmt: skip
    given = [f"--{name.replace('_', '-')}" for name in names if getattr(options, name) is not None]
    if given:
        raise UsageError(f"{given[0]} needs a language model", remedy="name one with --llm PROVIDER:MODEL")


def batch_written(formulator: Formulator | None, options: argparse.Namespace, lacking: UnansweredError) -> int:
    """Write the requests that are still unanswered; the exit code. Without a batch, `lacking` is raised."""
    from formulate.llm.connect import Connection

    assert formulator is not None and isinstance(formulator.model, Connection)
    batch = formulator.model.batch
    if batch is None:
        raise lacking
    if options.batch_out is None:
        raise UsageError("the given answers do not answer everything", place="--batch-in",
                         remedy="write the rest with --batch-out FILE")  # fmt: skip
    count = batch.write(options.batch_out)
    for why in sorted(set(batch.failed.values()))[:3]:
        output.message(f"answered with an error there: {why}")
    output.message(
        f"{count} requests written to {options.batch_out}; run again with --batch-in and their answers to go on"
    )
    return EXIT_UNANSWERED


def say_spent(formulator: Formulator | None) -> None:
    """What the model cost, on stderr."""
    from formulate.llm.connect import Connection

    if formulator is None or not isinstance(formulator.model, Connection) or formulator.model.meter is None:
        return
    spent = formulator.model.meter.spent
    if spent.requests:
        about = "about " if spent.usage.estimated else ""
        cost = f", {spent.money:.4g} of money" if formulator.model.meter.prices else ""
        output.message(f"{spent.requests} requests, {about}{spent.usage.prompt} prompt and "
                       f"{spent.usage.completion} completion tokens{cost}")  # fmt: skip


def _asker(options: argparse.Namespace) -> Callable[[Question], str] | None:
    """Puts a model's question to the person at the terminal; None where there is none."""
    if options.json or options.out or sys.stdin is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    from solvers.render.safe import one_line

    def ask(question: Question) -> str:
        # On one line each: a question of several lines could pass for messages of ours.
        asked, assumed = one_line(question.question), one_line(question.assumption)
        output.message(f"\nthe model asks: {asked}\n(empty for: {assumed})")
        print("> ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip()

    return ask


class _Listener:
    """Shows that an answer is coming in: its length, over and over on one line, which `end` ends."""

    def __init__(self) -> None:
        self.heard = 0

    def __call__(self, text: str) -> None:
        self.heard += len(text)
        print(f"\rthe model writes ... {self.heard} characters", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self.heard:
            print(file=sys.stderr)


def _listener(options: argparse.Namespace) -> _Listener | None:
    """On a terminal only."""
    return None if options.json or options.out or not sys.stderr.isatty() else _Listener()


def _prices(text: str) -> Any:
    from formulate.llm.metering import Prices

    try:
        prompt, completion = map(float, text.split(","))
    except ValueError:
        prompt = completion = -1.0
    if not (0 <= prompt < 1e6 and 0 <= completion < 1e6):
        raise argparse.ArgumentTypeError(f"{text!r} are not two prices such as 0.4,1.6")
    return Prices(prompt, completion)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


def _number(what: str, least: float, most: float) -> Callable[[str], Any]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
        return value

    return read
