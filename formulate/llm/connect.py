"""From `--llm openai:gpt-4.1` to a client with all its layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formulate.llm.endpoints import ModelName, model_named
from formulate.llm.metering import Budget, Metered, Prices
from formulate.llm.protocol import Client
from formulate.llm.retrying import Policy, Retrying

if TYPE_CHECKING:
    from formulate.llm.batch import Batch


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is asked. `cache`, `record` and `replay` are paths; a replay needs neither endpoint nor key."""

    base_url: str | None = None
    timeout: float = 120.0
    concurrency: int = 8
    policy: Policy = field(default_factory=Policy)
    budget: Budget = field(default_factory=Budget)
    prices: Prices | None = None
    cache: Path | None = None
    record: Path | None = None
    replay: Path | None = None
    batch_in: tuple[Path, ...] = ()
    batch_out: Path | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """A client with its layers, and those whose counts are shown afterwards.

    `structured`: the endpoint follows JSON schemas. `recorded`: of a replay, its first request.
    """

    client: Client
    meter: Metered | None = None
    batch: Batch | None = None
    structured: bool = False
    recorded: Mapping[str, Any] = field(default_factory=dict)


def connect(model: str, settings: Settings | None = None) -> Connection:
    """The client of a model. From the outside in: record, cache, samples, meter, retries, the endpoint itself.

    Raises WrongNameError for a name that is none, CredentialsError without a key, ComponentError without the
    library, RecordError for a replay or batch that cannot be read.
    """
    settings = settings or Settings()
    if settings.replay is not None:
        from formulate.llm.recording import Replaying

        replay = Replaying(settings.replay, model)
        return Connection(replay, structured=replay.first.get("schema") is not None, recorded=replay.first)
    named = model_named(model, settings.base_url)
    if settings.batch_out is not None or settings.batch_in:
        return _batch(named, settings)
    raw, native = _raw(named, settings)
    from formulate.llm.sampling import Sampling

    meter = Metered(
        Retrying(raw, settings.policy), settings.budget, prices=settings.prices, concurrency=settings.concurrency
    )
    client: Client = Sampling(meter, native=native)
    if settings.cache is not None:
        from formulate.llm.cache import Cached

        client = Cached(client, settings.cache, address=named.endpoint.base_url if named.endpoint else "")
    return Connection(_recorded(client, settings), meter, structured=_structured(named))


def _structured(named: ModelName) -> bool:
    if named.endpoint is None:
        return named.provider == "vllm-offline"
    return named.endpoint.structured == "schema"


def _raw(named: ModelName, settings: Settings) -> tuple[Client, bool]:
    """The innermost client, and whether it takes `n` itself."""
    if named.endpoint is None:
        from formulate.llm.local import TransformersClient, VllmClient

        return (TransformersClient if named.provider == "hf" else VllmClient)(named.model), True
    from formulate.llm.http import HttpClient

    return HttpClient(named, timeout=settings.timeout), named.endpoint.samples


def _batch(named: ModelName, settings: Settings) -> Connection:
    from formulate.errors import ComponentError
    from formulate.llm.batch import Batch
    from formulate.llm.http import request_body

    if named.endpoint is None:
        raise ComponentError(f"{named.provider} runs in this process and takes no batch files", place=str(named),
                             remedy="name the endpoint that will answer the batch")  # fmt: skip
    endpoint = named.endpoint
    batch = Batch(str(named), lambda request: request_body(request, endpoint), settings.batch_in)
    return Connection(_recorded(batch, settings), batch=batch, structured=_structured(named))


def _recorded(client: Client, settings: Settings) -> Client:
    if settings.record is None:
        return client
    from formulate.llm.recording import Recording

    return Recording(client, settings.record)
