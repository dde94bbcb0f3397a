"""Language models behind one small protocol: over HTTP, in this process, from a script, a record or a batch."""

from __future__ import annotations

from formulate.llm.connect import Connection, Settings, connect
from formulate.llm.errors import ModelError
from formulate.llm.protocol import Answer, Choice, Client, JsonSchema, Message, Request, Usage

__all__ = [
    "Answer", "Choice", "Client", "Connection", "JsonSchema", "Message", "ModelError", "Request", "Settings", "Usage",
    "connect",
]  # fmt: skip
