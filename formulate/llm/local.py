"""Language models whose weights this process loads: `transformers` on CPU or GPU, and vLLM for many requests at once.

Both are asked in a thread of their own, one batch at a time, so that the event loop goes on. Nothing is fetched from
a hub unless the user's own settings of these libraries say so.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any

from formulate.errors import ComponentError
from formulate.llm.errors import RefusedRequestError
from formulate.llm.protocol import Answer, Choice, Finish, OnText, Request, Usage

DEFAULT_TOKENS = 2048
"""Of a completion, where the request sets no limit."""


class _Threaded:
    """What both share: the weights, loaded at the first request, and one thread that asks them."""

    library = ""
    extra = ""

    def __init__(self, model: str) -> None:
        if find_spec(self.library) is None:
            raise ComponentError(
                f"{self.library} is not installed", place=model, remedy=f"pip install 'formulate-opt[{self.extra}]'"
            )
        self.model = model
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=self.library)
        self._loaded: Any = None

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        """Answer one request with `n` completions. Raises RefusedRequestError for a prompt that does not fit."""
        loop = asyncio.get_running_loop()
        started = time.perf_counter()
        heard = None if on_text is None else (lambda text: loop.call_soon_threadsafe(on_text, text))
        choices, usage = await loop.run_in_executor(self._thread, self._answer, request, heard)
        return Answer(choices, usage, self.model, time.perf_counter() - started)

    def _answer(self, request: Request, on_text: Any) -> tuple[tuple[Choice, ...], Usage]:
        if self._loaded is None:
            self._loaded = self._load()
        return self._generate(request, on_text)

    def _load(self) -> Any:
        raise NotImplementedError

    def _generate(self, request: Request, on_text: Any) -> tuple[tuple[Choice, ...], Usage]:
        raise NotImplementedError

    async def close(self) -> None:
        """Let the weights go."""
        self._loaded = None
        self._thread.shutdown(wait=False, cancel_futures=True)


class TransformersClient(_Threaded):
    """A causal language model of `transformers`: a folder, or a name in its cache."""

    library, extra = "transformers", "transformers"

    @property
    def name(self) -> str:
        """`hf:model`."""
        return f"hf:{self.model}"

    def _load(self) -> Any:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(self.model)
            weights = AutoModelForCausalLM.from_pretrained(self.model, dtype="auto", device_map=_device_map())
        except (OSError, ValueError) as error:
            raise RefusedRequestError(f"the model cannot be loaded: {error}"[:600], place=self.name,
                                      remedy="give a folder with weights and a tokenizer") from None  # fmt: skip
        if tokenizer.chat_template is None:
            raise RefusedRequestError("the tokenizer has no chat template", place=self.name,
                                      remedy="use a model tuned for chat, or add a template")  # fmt: skip
        weights.eval()
        return tokenizer, weights

    def _generate(self, request: Request, on_text: Any) -> tuple[tuple[Choice, ...], Usage]:
        import torch
        from transformers import TextStreamer, set_seed

        tokenizer, weights = self._loaded
        chat = [{"role": m.role, "content": m.content} for m in request.messages]
        inputs = tokenizer.apply_chat_template(
            chat, add_generation_prompt=True, return_tensors="pt", return_dict=True
        ).to(weights.device)
        prompt = int(inputs["input_ids"].shape[1])
        most = request.max_tokens or DEFAULT_TOKENS
        room = getattr(weights.config, "max_position_embeddings", None)
        if room is not None and prompt >= room:
            raise RefusedRequestError(f"a prompt of {prompt} tokens does not fit into {room}", place=self.name,
                                      remedy="shorten the problem, or use a model with a longer context")  # fmt: skip
        set_seed(request.seed if request.seed is not None else 0)
        sampled = bool(request.temperature)
        streamer = None
        if on_text is not None and request.n == 1:
            streamer = _Streamer(TextStreamer, tokenizer, on_text)
        with torch.no_grad():
            out = weights.generate(
                **inputs, max_new_tokens=most if room is None else min(most, room - prompt),
                do_sample=sampled or request.n > 1, temperature=request.temperature if sampled else None,
                top_p=request.top_p if sampled else None, num_return_sequences=request.n,
                stop_strings=list(request.stop) or None, tokenizer=tokenizer if request.stop else None,
                streamer=streamer, pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id,
            )
        return self._read(out[:, prompt:], prompt, request)

    def _read(self, rows: Any, prompt: int, request: Request) -> tuple[tuple[Choice, ...], Usage]:
        tokenizer, weights = self._loaded
        ends = weights.generation_config.eos_token_id
        ends = set(ends if isinstance(ends, list) else [ends])
        choices, completion = [], 0
        for row in rows.tolist():
            at = next((k for k, token in enumerate(row) if token in ends), None)
            text = tokenizer.decode(row if at is None else row[:at], skip_special_tokens=True)
            stopped = at is not None or any(text.endswith(stop) for stop in request.stop)
            completion += len(row) if at is None else at + 1
            finish: Finish = "stop" if stopped else "length"
            choices.append(Choice(text, finish))
        return tuple(choices), Usage(prompt, completion)


def _Streamer(base: Any, tokenizer: Any, on_text: OnText) -> Any:
    class Heard(base):  # type: ignore[misc]
        def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
            if text:
                on_text(text)

    return Heard(tokenizer, skip_prompt=True, skip_special_tokens=True)


def _device_map() -> str | None:
    import torch

    return "auto" if torch.cuda.is_available() and find_spec("accelerate") is not None else None


_VLLM_FINISH: dict[str | None, Finish] = {"stop": "stop", "length": "length"}


class VllmClient(_Threaded):
    """vLLM within this process: JSON schemas are followed, `n` completions share their prompt."""

    library, extra = "vllm", "vllm"

    @property
    def name(self) -> str:
        """`vllm-offline:model`."""
        return f"vllm-offline:{self.model}"

    def _load(self) -> Any:
        from vllm import LLM

        return LLM(model=self.model)

    def _generate(self, request: Request, on_text: Any) -> tuple[tuple[Choice, ...], Usage]:
        from vllm import SamplingParams

        settings: dict[str, Any] = {
            "n": request.n, "max_tokens": request.max_tokens or DEFAULT_TOKENS, "seed": request.seed,
            "temperature": 0.0 if request.temperature is None else request.temperature,
            "top_p": 1.0 if request.top_p is None else request.top_p, "stop": list(request.stop) or None,
        }  # fmt: skip
        if request.schema is not None:
            from vllm.sampling_params import StructuredOutputsParams

            settings["structured_outputs"] = StructuredOutputsParams(json=dict(request.schema.schema))
        chat = [{"role": m.role, "content": m.content} for m in request.messages]
        (out,) = self._loaded.chat([chat], SamplingParams(**settings), use_tqdm=False)
        choices = tuple(Choice(o.text, _VLLM_FINISH.get(o.finish_reason, "other")) for o in out.outputs)
        if on_text is not None:
            on_text(choices[0].text)
        tokens = sum(len(o.token_ids) for o in out.outputs)
        return choices, Usage(len(out.prompt_token_ids or ()), tokens)
