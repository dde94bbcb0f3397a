"""Answers kept on disk, by everything that could change them."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import replace
from pathlib import Path

from formulate.llm.files import write_whole
from formulate.llm.protocol import Answer, Client, OnText, Request

SCHEMA = "formulate-llm-cache/1"


class Cached:
    """A client that asks another one only what is not in `folder` yet. `address` tells endpoints apart.

    The same request asked twice at once is sent once. Entries are files of JSON, readable by their owner only; a
    damaged one is asked again and replaced, and counted in `damaged`.
    """

    def __init__(self, client: Client, folder: str | Path, *, address: str = "") -> None:
        self.client, self.folder, self.address = client, Path(folder), address
        self.hits = self.misses = self.damaged = 0
        self._running: dict[str, asyncio.Future[None]] = {}

    @property
    def name(self) -> str:
        """The name of the client behind."""
        return self.client.name

    def path(self, request: Request) -> Path:
        """Where the answer to a request is kept."""
        key = hashlib.sha256(f"{self.name}\n{self.address}\n{request.key}".encode()).hexdigest()
        return self.folder / key[:2] / f"{key}.json"

    async def complete(self, request: Request, on_text: OnText | None = None) -> Answer:
        """The kept answer (source `cache`), else the client's, then kept. Raises ModelError."""
        path = self.path(request)
        while True:
            found = self._read(path)
            if found is not None:
                self.hits += 1
                if on_text is not None:
                    on_text(found.text)
                return found
            running = self._running.get(path.name)
            if running is None:
                return await self._ask(path, request, on_text)
            await asyncio.wait([running])  # then its answer is on disk, or it failed and is asked again

    async def _ask(self, path: Path, request: Request, on_text: OnText | None) -> Answer:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._running[path.name] = future
        try:
            answer = await self.client.complete(request, on_text)
            self.misses += 1
            kept = {"schema": SCHEMA, "client": self.name, "request": request.to_dict(), "answer": answer.to_dict()}
            write_whole(path, json.dumps(kept, indent=1, allow_nan=False) + "\n")
            return answer
        finally:
            del self._running[path.name]
            future.set_result(None)

    def _read(self, path: Path) -> Answer | None:
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            if document["schema"] != SCHEMA:
                raise ValueError(document["schema"])
            return replace(Answer.from_dict(document["answer"]), source="cache")
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, RecursionError):
            self.damaged += 1
            return None

    async def close(self) -> None:
        """Close the client behind."""
        await self.client.close()
