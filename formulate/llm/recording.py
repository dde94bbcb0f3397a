"""A run written down, and a run played back from what was written: without a network, byte for byte."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any

from formulate.errors import RecordError
from formulate.llm import errors
from formulate.llm.errors import ModelError, RateLimitedError, UnansweredError
from formulate.llm.files import lines_of
from formulate.llm.protocol import Answer, Client, OnText, Request
from formulate.records_file import RecordsFile

SCHEMA = "formulate-llm-record/1"
_KINDS: dict[str, type[ModelError]] = {
    kind.__name__: kind
    for kind in (
        errors.UnreachableError, errors.RateLimitedError, errors.CutOffError, errors.CredentialsError,
        errors.RefusedRequestError, errors.MalformedAnswerError, errors.BudgetError, errors.UnansweredError,
    )
}  # fmt: skip


class Recording:
    """A client that writes every request and its answer, or its failure, as one line of a JSONL file.

    Raises RecordError while another run writes into it.
    """

    def __init__(self, client: Client, path: str | Path) -> None:
        self.client = client
        self._file = RecordsFile(str(path))

    @property
    def name(self) -> str:
        """The name of the client behind."""
        return self.client.name

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        """Answer one request and record it. Raises ModelError, recorded too."""
        head = {
            "schema": SCHEMA, "client": self.name, "purpose": request.purpose, "key": request.key,
            "request": request.to_dict(),
        }  # fmt: skip
        try:
            answer = await self.client.complete(request, on_text)
        except ModelError as error:
            told = {
                "kind": type(error).__name__, "message": error.message, "place": str(error.place),
                "remedy": error.remedy,
            }  # fmt: skip
            self._file.append({**head, "error": told})
            raise
        self._file.append({**head, "answer": answer.to_dict()})
        return answer

    async def close(self) -> None:
        """Close the record and the client behind."""
        self._file.close()
        await self.client.close()


class Replaying:
    """A client that answers from a record alone. The same request asked again gets its next recorded answer, and its
    last one from then on. `first` is the first recorded request: how that run asked. Raises RecordError for a file
    that is no record."""

    def __init__(self, path: str | Path, name: str = "") -> None:
        self.file = Path(path)
        self._answers: dict[str, deque[Answer | ModelError]] = {}
        self._purposes: dict[str, int] = {}
        self.first: dict[str, Any] = {}
        names = set()
        for number, line in lines_of(self.file, "the record"):
            place = f"{self.file}, line {number}"
            if line.get("schema") != SCHEMA:
                raise RecordError(f"not a record of {SCHEMA}: schema is {line.get('schema')!r}"[:200], place=place)
            try:
                names.add(str(line["client"]))
                self._answers.setdefault(str(line["key"]), deque()).append(_outcome(line))
                purpose = str(line["purpose"])
                self.first = self.first or dict(line["request"])
            except (KeyError, TypeError, ValueError) as error:
                raise RecordError(f"a damaged record: {error}", place=place) from error
            self._purposes[purpose] = self._purposes.get(purpose, 0) + 1
        self._name = name or (names.pop() if len(names) == 1 else "replay")

    @property
    def name(self) -> str:
        """The name of the recorded client."""
        return self._name

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        """The recorded answer (source `replay`). Raises UnansweredError for a request that was never recorded."""
        kept = self._answers.get(request.key)
        if not kept:
            same = self._purposes.get(request.purpose, 0)
            raise UnansweredError(
                f"the record holds no answer to this request ({request.purpose or 'no purpose'}; {same} others of that "
                "purpose are recorded)", place=str(self.file),
                remedy="replay with the text, data, --strategy, --samples and --repairs of then, or record it again: "
                "the prompts, the model or the settings have changed since",
            )
        outcome = kept.popleft() if len(kept) > 1 else kept[0]
        if isinstance(outcome, ModelError):
            raise outcome
        if on_text is not None:
            on_text(outcome.text)
        return replace(outcome, source="replay")

    async def close(self) -> None:
        """Nothing to close."""


def _outcome(line: dict[str, Any]) -> Answer | ModelError:
    if "answer" in line:
        return Answer.from_dict(line["answer"])
    told = line["error"]
    kind = _KINDS.get(told["kind"], ModelError)
    if kind is RateLimitedError:
        return RateLimitedError(str(told["message"]), place=str(told["place"]), remedy=str(told["remedy"]))
    return kind(str(told["message"]), place=str(told["place"]), remedy=str(told["remedy"]))
