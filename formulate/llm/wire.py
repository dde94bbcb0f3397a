"""What an endpoint may do to us over HTTP: how much it may send, where it may send us, and what we tell it of others.

The SDK follows redirects, unpacks what comes compressed, and reads bodies whole: an endpoint that is hostile, or a
proxy that is broken, could send a problem's text to another host or fill the memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from formulate.llm.errors import MalformedAnswerError, RefusedRequestError

MOST_BYTES = 64_000_000
"""Of one answer as it travels; a stream spends some 300 bytes on each token."""
OWN_HEADERS = ("openai-organization", "openai-project")
"""What the SDK takes from the environment and would tell every endpoint."""


def transport() -> ModuleType | None:
    """The library under the SDK (its name changed between versions), None where there is none."""
    for name in ("httpx2", "httpx"):
        if find_spec(name) is not None:
            return import_module(name)
    return None


def http_client(name: str, provider: str) -> Any:
    """The SDK's own HTTP client, which follows no redirects and reads at most MOST_BYTES, sent as they are.

    What goes wrong is raised as ModelError, which the SDK wraps as the cause of an APIConnectionError.
    """
    from openai import DefaultAsyncHttpxClient

    base: Any = getattr(transport(), "AsyncByteStream", object)

    class Limited(base):  # type: ignore[misc]
        def __init__(self, stream: Any) -> None:
            self.stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            room = MOST_BYTES
            async for part in self.stream:
                room -= len(part)
                if room < 0:
                    raise MalformedAnswerError(f"an answer of more than {MOST_BYTES} bytes was cut off", place=name,
                                               remedy="set a limit on tokens")  # fmt: skip
                yield part

        async def aclose(self) -> None:
            await self.stream.aclose()

    async def before(request: Any) -> None:
        request.headers["accept-encoding"] = "identity"
        if provider != "openai":
            for header in OWN_HEADERS:
                request.headers.pop(header, None)

    async def after(response: Any) -> None:
        packed = response.headers.get("content-encoding", "identity").strip().lower()
        if packed not in ("", "identity"):
            raise RefusedRequestError(f"the endpoint answered compressed ({packed[:40]}), which was not asked for",
                                      place=name, remedy="switch compression off there")  # fmt: skip
        if response.has_redirect_location:
            raise RefusedRequestError(
                f"the endpoint redirects to another address ({response.headers['location'][:200]}); redirects are not "
                "followed", place=name, remedy="give the address itself with --base-url",
            )  # fmt: skip
        response.stream = Limited(response.stream)

    return DefaultAsyncHttpxClient(follow_redirects=False, event_hooks={"request": [before], "response": [after]})


def whole_text(value: str) -> str:
    """A text without the halves of surrogate pairs that JSON can hold and no file and no request can."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def count(value: Any) -> int:
    """A number of tokens as an endpoint tells it; 0 for what is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e12:
        return 0
    return int(value)
