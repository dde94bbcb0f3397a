"""The client for everything that speaks OpenAI's chat completions over HTTP, through the `openai` SDK."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import Any

from formulate.errors import ComponentError
from formulate.llm.credentials import Secret, key_for, redacted, without_key
from formulate.llm.endpoints import Endpoint, ModelName
from formulate.llm.errors import (
    CredentialsError,
    CutOffError,
    MalformedAnswerError,
    ModelError,
    RateLimitedError,
    RefusedRequestError,
    UnreachableError,
)
from formulate.llm.protocol import Answer, Choice, Finish, OnText, Request, Usage
from formulate.llm.wire import count, http_client, transport, whole_text

CHARACTERS_PER_TOKEN = 4.0
"""For estimates where the endpoint does not count."""
MOST_CHARACTERS = 4_000_000
"""Of one completion: an endpoint that never ends is cut off there."""
MOST_SECONDS = 3600.0
"""Of one call, however little silence there is in it."""
_FINISH: dict[str, Finish] = {
    "stop": "stop", "eos": "stop", "end_turn": "stop", "stop_sequence": "stop", "length": "length",
    "max_tokens": "length", "content_filter": "filtered", "refusal": "refusal",
}  # fmt: skip


class HttpClient:
    """One model behind one address. Each call is tried once: `formulate.llm.retrying` asks again.

    `timeout` are the seconds of silence after which a call is given up (connecting, and between two pieces).
    """

    def __init__(self, model: ModelName, *, timeout: float = 120.0) -> None:
        if model.endpoint is None:
            raise ValueError(f"{model} has no endpoint")
        if find_spec("openai") is None:
            raise ComponentError(
                "asking a language model needs the openai package", place=str(model),
                remedy="pip install 'formulate-opt[llm]'",
            )
        self.model, self.endpoint, self.timeout = model, model.endpoint, timeout
        self._key: Secret = key_for(self.endpoint.provider, self.endpoint.key_variable, self.endpoint.key_required)
        self._sdk: Any = None

    @property
    def name(self) -> str:
        """`provider:model`."""
        return str(self.model)

    def __repr__(self) -> str:
        return f"HttpClient({self.name}, {self.endpoint.base_url})"

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        """Answer one request: streamed where `on_text` listens and one completion is asked. Raises ModelError."""
        import openai

        started = time.perf_counter()
        body = request_body(request, self.endpoint)
        try:
            async with asyncio.timeout(MOST_SECONDS):
                if on_text is not None and body.get("n", 1) == 1:
                    choices, usage, model = await self._streamed(body, on_text)
                else:
                    choices, usage, model = await self._whole(body)
        except TimeoutError:
            raise MalformedAnswerError(f"the answer did not end within {MOST_SECONDS:g} s", place=self.name,
                                       remedy="set a limit on tokens") from None  # fmt: skip
        except openai.OpenAIError as error:
            raise self._told(error) from None
        except ModelError:
            raise
        except UnicodeEncodeError:
            raise RefusedRequestError("the request holds half a surrogate pair, which cannot be sent", place=self.name,
                                      remedy="mend the text of the problem") from None  # fmt: skip
        except (ValueError, RecursionError) as error:  # JSON that is none, bytes that are no text, numbers too long
            raise MalformedAnswerError(
                f"the endpoint does not speak the protocol: its answer is no JSON ({type(error).__name__})",
                place=self.name, remedy="check the address: it usually ends in /v1",
            ) from None
        except _transport_errors() as error:
            raise UnreachableError(f"the connection broke off: {type(error).__name__}", place=self.name) from None
        choices = tuple(self._cleaned(choice) for choice in choices)
        if usage is None or not usage.total:
            usage = _estimated(request, choices)
        return Answer(choices, usage, model or request.model, time.perf_counter() - started)

    async def _whole(self, body: dict[str, Any]) -> tuple[tuple[Choice, ...], Usage | None, str]:
        answer = await self._connected().chat.completions.create(**body)
        found = getattr(answer, "choices", None)
        if not isinstance(found, list) or not found:
            raise MalformedAnswerError("the endpoint answered without a completion", place=self.name)
        choices = tuple(choice_of(choice, self.name) for choice in found)
        return choices, usage_of(answer), str(getattr(answer, "model", "") or "")

    async def _streamed(self, body: dict[str, Any], on_text: OnText) -> tuple[tuple[Choice, ...], Usage | None, str]:
        stream = await self._connected().chat.completions.create(
            **body, stream=True, stream_options={"include_usage": True}
        )
        heard = _Heard(on_text)
        try:
            async for piece in _pieces(stream):
                heard.piece(piece)
                if heard.length > MOST_CHARACTERS:
                    raise MalformedAnswerError(
                        f"a completion of more than {MOST_CHARACTERS} characters was cut off", place=self.name,
                        remedy="set a limit on tokens",
                    )
        except CutOffError as error:
            raise CutOffError(error.message, partial="".join(heard.texts), place=self.name) from None
        finally:
            await stream.close()
        whole = "".join(heard.texts)
        if heard.finish is None:
            raise CutOffError("the answer broke off before its end", partial=whole, place=self.name)
        return (Choice(whole, _finish(heard.finish), "".join(heard.thoughts)),), heard.usage, heard.model

    def _connected(self) -> Any:
        if self._sdk is None:
            from openai import AsyncOpenAI

            self._sdk = AsyncOpenAI(
                api_key=self._key.reveal(), base_url=self.endpoint.base_url, timeout=self.timeout, max_retries=0,
                http_client=http_client(self.name, self.endpoint.provider),
            )  # fmt: skip
        return self._sdk

    def _cleaned(self, choice: Choice) -> Choice:
        """A completion that can be written and sent: without broken characters, and without our key."""
        text, thought = (without_key(whole_text(part), self._key) for part in (choice.text, choice.reasoning))
        return Choice(text, choice.finish, thought)

    def _told(self, error: Exception) -> ModelError:
        """The SDK's error as one of ours, without keys in it."""
        import openai

        if isinstance(error.__cause__, ModelError):  # of formulate.llm.wire
            return error.__cause__
        if isinstance(error.__cause__, RecursionError):
            return MalformedAnswerError("the endpoint's answer is nested too deeply", place=self.name)
        said = redacted(str(error), self._key)[:600]
        match error:
            case openai.APITimeoutError():
                return UnreachableError(f"no answer within {self.timeout:g} s", place=self.name,
                                        remedy="raise --model-timeout, or ask a faster model")  # fmt: skip
            case openai.APIConnectionError():
                cause = redacted(str(error.__cause__ or error), self._key)[:300]
                return UnreachableError(f"no connection to {self.endpoint.base_url}: {cause}", place=self.name,
                                        remedy="start the server, or name its address with --base-url")  # fmt: skip
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return CredentialsError(f"the endpoint does not accept the key: {said}", place=self.name,
                                        remedy=f"check {self.endpoint.key_variable or 'the key'}")  # fmt: skip
            case openai.RateLimitError():
                if "insufficient_quota" in said:
                    return CredentialsError(f"the account has no quota left: {said}", place=self.name)
                return RateLimitedError(f"too many requests: {said}", retry_after=_retry_after(error), place=self.name)
            case openai.NotFoundError():
                return RefusedRequestError(f"the endpoint does not know this model or address: {said}",
                                           place=self.name, remedy="check the model's name and --base-url")  # fmt: skip
            case openai.APIStatusError() if error.status_code >= 500 or error.status_code in (408, 409, 425):
                return UnreachableError(f"the endpoint failed ({error.status_code}): {said}", place=self.name)
            case openai.APIStatusError():
                return RefusedRequestError(f"the endpoint refused the request ({error.status_code}): {said}",
                                           place=self.name)  # fmt: skip
            case openai.APIResponseValidationError():
                return MalformedAnswerError(f"the endpoint does not speak the protocol: {said}", place=self.name)
            case _:
                return UnreachableError(f"the endpoint failed: {said}", place=self.name)

    async def close(self) -> None:
        """Close the connections."""
        if self._sdk is not None:
            sdk, self._sdk = self._sdk, None
            await sdk.close()


def request_body(request: Request, endpoint: Endpoint) -> dict[str, Any]:
    """The request as an endpoint takes it: the body of a chat completion."""
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
        "temperature": request.temperature,
        "top_p": request.top_p,
        endpoint.token_field: request.max_tokens,
        "seed": request.seed if endpoint.seeds else None,
        "stop": list(request.stop) or None,
        "n": request.n if request.n > 1 and endpoint.samples else None,
    }
    if request.schema is not None and endpoint.structured == "schema":
        body["response_format"] = {"type": "json_schema", "json_schema": {
            "name": request.schema.name, "schema": dict(request.schema.schema), "strict": True,
        }}  # fmt: skip
    elif request.schema is not None and endpoint.structured == "object":
        body["response_format"] = {"type": "json_object"}
    return {name: value for name, value in body.items() if value is not None}


class _Heard:
    """What has come of a stream so far."""

    def __init__(self, on_text: OnText) -> None:
        self.on_text = on_text
        self.texts: list[str] = []
        self.thoughts: list[str] = []
        self.length = 0
        self.finish: str | None = None
        self.usage: Usage | None = None
        self.model = ""

    def piece(self, piece: Any) -> None:
        self.usage = usage_of(piece) or self.usage
        self.model = self.model or str(getattr(piece, "model", "") or "")
        choices = getattr(piece, "choices", None)
        for choice in choices if isinstance(choices, list) else ():
            delta = getattr(choice, "delta", None)
            text, thought = getattr(delta, "content", None), getattr(delta, "reasoning_content", None)
            self.finish = getattr(choice, "finish_reason", None) or self.finish
            if isinstance(thought, str):
                self.thoughts.append(thought)
                self.length += len(thought)
            if isinstance(text, str) and text:
                self.texts.append(text)
                self.length += len(text)
                self.on_text(text)


async def _pieces(stream: Any) -> AsyncIterator[Any]:
    """The pieces of a stream. What the transport or a broken piece raises in the middle becomes CutOffError."""
    import openai

    broken: tuple[type[Exception], ...] = (*_transport_errors(), ValueError, RecursionError, OSError)
    iterator = stream.__aiter__()
    while True:
        try:
            piece = await iterator.__anext__()
        except StopAsyncIteration:
            return
        except (openai.OpenAIError, ModelError, TimeoutError):
            raise
        except broken as error:
            raise CutOffError(f"the answer broke off: {type(error).__name__}: {error}"[:300]) from None
        yield piece


def _transport_errors() -> tuple[type[Exception], ...]:
    """The errors of the transport under the SDK, which does not translate them in the middle of a stream."""
    module = transport()
    return () if module is None else (module.HTTPError, module.StreamError)


def choice_of(choice: Any, name: str) -> Choice:
    """One completion of an answer. Raises MalformedAnswerError."""
    message = getattr(choice, "message", None)
    refusal, text = getattr(message, "refusal", None), getattr(message, "content", None)
    thought = getattr(message, "reasoning_content", None)
    if message is None or not all(part is None or isinstance(part, str) for part in (refusal, text, thought)):
        raise MalformedAnswerError("the endpoint's completion holds no text", place=name)
    finish: Finish = "refusal" if refusal else _finish(getattr(choice, "finish_reason", None))
    return Choice((text or refusal or "")[:MOST_CHARACTERS], finish, (thought or "")[:MOST_CHARACTERS])


def _finish(reason: Any) -> Finish:
    return _FINISH.get(reason, "other") if isinstance(reason, str) else "other"


def usage_of(answer: Any) -> Usage | None:
    """The tokens that an answer counts, or None."""
    counted = getattr(answer, "usage", None)
    if counted is None:
        return None
    inside = getattr(counted, "completion_tokens_details", None)
    before = getattr(counted, "prompt_tokens_details", None)
    return Usage(
        count(getattr(counted, "prompt_tokens", 0)), count(getattr(counted, "completion_tokens", 0)),
        count(getattr(inside, "reasoning_tokens", 0)), count(getattr(before, "cached_tokens", 0)),
    )  # fmt: skip


def _estimated(request: Request, choices: tuple[Choice, ...]) -> Usage:
    asked = sum(len(m.content) for m in request.messages)
    given = sum(len(c.text) + len(c.reasoning) for c in choices)
    return Usage(round(asked / CHARACTERS_PER_TOKEN), round(given / CHARACTERS_PER_TOKEN), estimated=True)


def _retry_after(error: Any) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", {})
    found = [_seconds(headers.get("retry-after-ms"), 1e-3), _seconds(headers.get("retry-after"), 1.0)]
    return next((seconds for seconds in found if seconds is not None), None)


def _seconds(text: str | None, unit: float) -> float | None:
    """A header's number in seconds; None for a date, nonsense, or an hour and more."""
    if text is None or not (text.isascii() and text.strip().replace(".", "", 1).isdigit()):
        return None
    seconds = float(text) * unit
    return seconds if seconds < 3600 else None
