"""A small server of our own that speaks chat completions over real sockets, and can be told to misbehave."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """What the server does with one request. `cut` ends a stream after so many pieces, without its end."""

    text: str = "hello there"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    cut: int | None = None
    reset: bool = False
    usage: bool = True
    finish: str = "stop"
    extra: dict[str, Any] = field(default_factory=dict)
    wait: threading.Event | None = None


class Server:
    """The address, every request seen (headers and body), and how many were open at the same time at most."""

    def __init__(self, script: Callable[[int, dict[str, Any]], Reply]) -> None:
        self.script = script
        self.seen: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.open = self.most_open = 0
        self.lock = threading.Lock()
        self.url = ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_POST(self) -> None:
        state: Server = self.server.state  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with state.lock:
            number = len(state.seen)
            state.seen.append(({k.lower(): v for k, v in self.headers.items()}, body))
            state.open += 1
            state.most_open = max(state.most_open, state.open)
        try:
            reply = state.script(number, body)
            if reply.wait is not None:
                reply.wait.wait(10)
            self._answer(reply, body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client went away, which some tests ask for
        finally:
            with state.lock:
                state.open -= 1

    def _answer(self, reply: Reply, body: dict[str, Any]) -> None:
        if reply.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        if body.get("stream") and reply.status == 200 and reply.raw is None:
            self._stream(reply)
            return
        self._send(reply.status, reply.raw if reply.raw is not None else self._whole(reply, body), reply.headers)

    def _whole(self, reply: Reply, body: dict[str, Any]) -> bytes:
        if reply.status != 200:
            return json.dumps({"error": {"message": reply.text, "type": "error"}}).encode()
        message = {"role": "assistant", "content": reply.text, **reply.extra}
        choice = {"message": message, "finish_reason": reply.finish}
        answer = {
            "id": "a", "object": "chat.completion", "created": 0, "model": body["model"],
            "choices": [{"index": k, **choice} for k in range(body.get("n") or 1)],
        }
        if reply.usage:
            answer["usage"] = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
        return json.dumps(answer).encode()

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        pieces = [reply.text[k : k + 4] for k in range(0, len(reply.text), 4)]
        for number, piece in enumerate(pieces):
            if reply.cut is not None and number >= reply.cut:
                return
            self._event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}], "model": "m"})
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": reply.finish}], "model": "m"})
        if reply.usage:
            self._event({"choices": [], "model": "m",
                         "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, document: dict[str, Any]) -> None:
        document = {"id": "a", "object": "chat.completion.chunk", "created": 0, **document}
        self.wfile.write(b"data: " + json.dumps(document).encode() + b"\n\n")
        self.wfile.flush()


@contextmanager
def serving(script: Callable[[int, dict[str, Any]], Reply]) -> Iterator[Server]:
    """A server on this machine for as long as the block lasts."""
    state = Server(script)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.state = state  # type: ignore[attr-defined]
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
