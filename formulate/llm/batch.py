"""Requests and answers as files of the OpenAI Batch format: written out here, answered elsewhere, taken in again.

One line asks for one completion: a request for `n` becomes `n` lines, named `KEY-0`, `KEY-1`, ..., where KEY is made of
the request alone. So a run that is started again finds its answers, whatever the order they came back in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from formulate.errors import RecordError
from formulate.llm.errors import MalformedAnswerError, UnansweredError
from formulate.llm.files import lines_of, write_whole
from formulate.llm.http import choice_of, usage_of
from formulate.llm.protocol import Answer, Choice, OnText, Request, Usage

URL = "/v1/chat/completions"
KEY_LENGTH = 32


class Batch:
    """A client that answers from files of answers and collects what they lack; `write` puts that into a file.

    `body` makes the body of a request as the endpoint takes it. Answers that failed there (a status other than 200)
    count as missing and are asked again; `failed` holds their messages.
    """

    def __init__(
        self, name: str, body: Callable[[Request], dict[str, Any]], answers: Iterable[str | Path] = ()
    ) -> None:
        self._name, self._body = name, body
        self._answers: dict[str, dict[str, Any]] = {}
        self._missing: dict[str, dict[str, Any]] = {}
        self.failed: dict[str, str] = {}
        for path in answers:
            self._take(Path(path))

    @property
    def name(self) -> str:
        """The model's name."""
        return self._name

    @property
    def missing(self) -> int:
        """How many completions are still to be asked for."""
        return len(self._missing)

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        """The answer from the files (source `batch`). Raises UnansweredError after noting what is missing."""
        names = [f"{request.key[:KEY_LENGTH]}-{k}" for k in range(request.n)]
        lacking = [name for name in names if name not in self._answers]
        for name in lacking:
            k = int(name.rpartition("-")[2])
            seed = None if request.seed is None else request.seed + k
            body = self._body(replace(request, n=1, seed=seed))
            self._missing[name] = {"custom_id": name, "method": "POST", "url": URL, "body": body}
        if lacking:
            why = self.failed.get(lacking[0])
            raise UnansweredError(
                f"{len(lacking)} of {request.n} completions are not answered yet" + (f": {why}" if why else ""),
                place=self.name, remedy="send the written requests to the endpoint, then run again with its answers",
            )
        got = [_read(self._answers[name], self.name) for name in names]
        if on_text is not None:
            on_text(got[0][0].text)
        usage = sum((usage for _, usage, _ in got), Usage())
        return Answer(tuple(choice for choice, _, _ in got), usage, got[0][2], source="batch")

    def write(self, path: str | Path) -> int:
        """Write the missing requests, sorted by name, as one whole file; how many there are."""
        lines = [json.dumps(self._missing[name], ensure_ascii=True) for name in sorted(self._missing)]
        write_whole(Path(path), "".join(line + "\n" for line in lines))
        return len(lines)

    def _take(self, path: Path) -> None:
        for number, line in lines_of(path, "the batch of answers"):
            place = f"{path}, line {number}"
            name = line.get("custom_id")
            if not isinstance(name, str) or ("response" not in line and "error" not in line):
                raise RecordError("no line of a batch of answers: custom_id and response are missing", place=place,
                                  remedy="give the output file of the batch, not its input")  # fmt: skip
            response = line.get("response")
            status = response.get("status_code", 200) if isinstance(response, dict) else None
            if status == 200 and isinstance(response.get("body"), dict):  # type: ignore[union-attr]
                self._answers[name] = response["body"]  # type: ignore[index]
                self.failed.pop(name, None)
            elif name not in self._answers:
                self.failed[name] = f"the endpoint answered {json.dumps(line.get('error') or response)[:300]}"

    async def close(self) -> None:
        """Nothing to close; what is missing is kept until `write`."""


def _read(body: dict[str, Any], name: str) -> tuple[Choice, Usage, str]:
    answer = _spaces(body)
    found = getattr(answer, "choices", None)
    if not isinstance(found, list) or not found:
        raise MalformedAnswerError("an answer of the batch holds no completion", place=name)
    return choice_of(found[0], name), usage_of(answer) or Usage(), str(getattr(answer, "model", "") or "")


def _spaces(value: Any) -> Any:
    """JSON with its objects as attributes, as the SDK has them."""
    if isinstance(value, dict):
        return SimpleNamespace(**{str(k): _spaces(v) for k, v in value.items()})
    return [_spaces(item) for item in value] if isinstance(value, list) else value
