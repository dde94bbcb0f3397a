"""Which endpoints there are: `--llm openai:gpt-4.1`, `ollama:llama3.2`, or any address that speaks the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from formulate.llm.errors import WrongNameError

Structured = Literal["schema", "object", "none"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible address and what it is known to take.

    `structured`: whether it follows a JSON schema, only promises JSON, or neither; `seeds` and `samples`: whether it
    takes a seed and `n` (where not, several requests are sent); `token_field`: its name for the token limit.
    """

    provider: str
    base_url: str
    key_variable: str = ""
    key_required: bool = False
    structured: Structured = "none"
    seeds: bool = True
    samples: bool = False
    token_field: str = "max_tokens"


ENDPOINTS: dict[str, Endpoint] = {
    e.provider: e
    for e in (
        Endpoint("openai", "https://api.openai.com/v1", "OPENAI_API_KEY", True, "schema", True, True,
                 "max_completion_tokens"),
        Endpoint("anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY", True, "none", False, False),
        Endpoint("gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY", True, "schema",
                 True, False),
        Endpoint("deepseek", "https://api.deepseek.com", "DEEPSEEK_API_KEY", True, "object", False, False),
        Endpoint("qwen", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY", True, "object"),
        Endpoint("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", True, "schema"),
        Endpoint("vllm", "http://localhost:8000/v1", "VLLM_API_KEY", False, "schema", True, True),
        Endpoint("ollama", "http://localhost:11434/v1", structured="schema"),
        Endpoint("llamacpp", "http://localhost:8080/v1", structured="schema"),
        Endpoint("lmstudio", "http://localhost:1234/v1", structured="schema"),
        # It answers with one completion whatever n says.
        Endpoint("transformers", "http://localhost:8000/v1"),
    )
}  # fmt: skip
LOCAL = ("hf", "vllm-offline")
"""Providers whose weights are loaded into a process of ours instead of being asked over HTTP."""
GENERIC = "openai-compatible"


@dataclass(frozen=True, slots=True)
class ModelName:
    """`provider:model`, resolved: the endpoint (None for local weights) and the name that it knows the model by."""

    provider: str
    model: str
    endpoint: Endpoint | None

    def __str__(self) -> str:
        return f"{self.provider}:{self.model}"


def model_named(text: str, base_url: str | None = None) -> ModelName:
    """Read `provider:model`; with `base_url` a bare model name does too. Raises WrongNameError.

    With an address of one's own under a known provider's name, what is known of the provider still holds. Plain
    http to another machine is refused for providers that need a key.
    """
    provider, colon, model = text.partition(":")
    known = provider in ENDPOINTS or provider in LOCAL or provider == GENERIC
    if not (colon and known):
        if base_url is None:
            raise WrongNameError(
                f"{text!r} names no model", place="--llm",
                remedy=f"write PROVIDER:MODEL with one of {', '.join((*ENDPOINTS, *LOCAL))}, or give --base-url",
            )
        provider, model = GENERIC, text
    if not model.strip():
        raise WrongNameError(f"{text!r} names no model of {provider}", place="--llm",
                                  remedy=f"write {provider}:MODEL")  # fmt: skip
    if provider in LOCAL:
        if base_url is not None:
            raise WrongNameError(f"{provider} loads weights itself and has no address", place="--base-url",
                                      remedy="leave --base-url out, or name the provider that serves it")  # fmt: skip
        return ModelName(provider, model, None)
    endpoint = ENDPOINTS.get(provider) or Endpoint(GENERIC, base_url or "", "FORMULATE_API_KEY")
    if base_url is not None:
        endpoint = replace(endpoint, base_url=base_url.rstrip("/"))
    _check_address(endpoint)
    return ModelName(provider, model, endpoint)


def _check_address(endpoint: Endpoint) -> None:
    parts = urlsplit(endpoint.base_url)
    try:
        parts.port  # noqa: B018 - reading it is what raises for `http://host:port`
        valid = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        valid = False
    if not valid:
        raise WrongNameError(f"{endpoint.base_url!r} is no address", place="--base-url",
                                  remedy="write it as http://localhost:8000/v1")  # fmt: skip
    if parts.username or parts.password:
        raise WrongNameError("an address with a password in it would end up in records", place="--base-url",
                                  remedy=f"set {endpoint.key_variable or 'the key variable'} instead")  # fmt: skip
    if parts.query or parts.fragment:
        raise WrongNameError("an address with a query in it would show its key in messages", place="--base-url",
                                  remedy=f"set {endpoint.key_variable or 'the key variable'} instead")  # fmt: skip
    if endpoint.key_required and parts.scheme == "http" and not is_local(endpoint.base_url):
        raise WrongNameError(
            f"the key of {endpoint.provider} would travel unencrypted to {parts.hostname}", place="--base-url",
            remedy="use https",
        )


def is_local(base_url: str) -> bool:
    """Whether an address is this machine's own."""
    host = urlsplit(base_url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def answers(base_url: str, seconds: float = 0.3) -> bool:
    """Whether something listens at an address of this machine. Nothing is sent."""
    import socket

    parts = urlsplit(base_url)
    try:
        with socket.create_connection((parts.hostname, parts.port or 80), seconds):
            return True
    except OSError:
        return False
