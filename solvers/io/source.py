"""The bytes of a model file with errors that point into them, and writing of files whole or not at all."""

from __future__ import annotations

import gzip
import os
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from solvers.errors import FormatError

MAX_BYTES = 2**31 - 1
"""Of an unpacked file."""
EXCERPT = 40
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r"))


@dataclass(frozen=True, eq=False)
class Source:
    """The contents of a file and its name; offsets count bytes."""

    name: str
    data: bytes

    def error(self, message: str, at: int | None = None, remedy: str = "") -> FormatError:
        """An error at a byte offset."""
        if at is None:
            return FormatError(message, file=self.name, remedy=remedy)
        at = min(max(at, 0), len(self.data))
        line = self.data.count(b"\n", 0, at) + 1
        begin = self.data.rfind(b"\n", 0, at) + 1
        column = len(self.data[begin:at].decode("utf-8", "replace")) + 1
        return FormatError(message, file=self.name, line=line, column=column, remedy=remedy)


def text(token: bytes) -> str:
    """A name as text: UTF-8, or Latin-1 where it is not."""
    try:
        return token.decode()
    except UnicodeDecodeError:
        return token.decode("latin-1")


def texts(tokens: list[bytes]) -> list[str]:
    """Many names as text."""
    joined = b"\n".join(tokens)
    try:
        found = joined.decode().split("\n")
    except UnicodeDecodeError:
        return [text(token) for token in tokens]
    return found if tokens else []


def clip(token: bytes | str) -> str:
    """A token for a message: quoted, and short."""
    shown = text(token) if isinstance(token, bytes) else token
    return repr(shown if len(shown) <= EXCERPT else shown[:EXCERPT] + "...")


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The contents, unpacked where they are gzipped. Raises FormatError, and OSError where nothing can be read."""
    name = os.path.basename(os.fspath(path))
    with open(path, "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        try:
            data = gzip.GzipFile(fileobj=file).read(MAX_BYTES + 1) if packed else file.read(MAX_BYTES + 1)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise FormatError(f"the gzip stream is damaged: {error}", file=name, remedy="pack it again") from error
    if len(data) > MAX_BYTES:
        raise FormatError("the file is longer than 2 GiB", file=name, remedy="use a smaller instance")
    return data


def read_text(path: str | os.PathLike[str]) -> Source:
    """A text file with `\\n` line ends and no byte order mark. Raises FormatError where it is binary."""
    return as_text(os.path.basename(os.fspath(path)), read_bytes(path))


def as_text(name: str, data: bytes) -> Source:
    """The same from bytes."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if len(data.translate(None, _CONTROL)) != len(data):
        at = int(np.flatnonzero(np.isin(np.frombuffer(data, np.uint8), list(_CONTROL)))[0])
        raise Source(name, data).error(
            f"byte {data[at]:#04x} does not belong in a text file", at, "give a plain text file (UTF-8), unpacked"
        )
    return Source(name, data)


def write_text(path: str | os.PathLike[str], parts: list[str]) -> None:
    """Write pieces of text to a file (gzipped by its name) that appears whole or not at all."""
    target = Path(path)
    pending = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.suffix == ".gz":
            with open(pending, "wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
                for part in parts:
                    packed.write(part.encode("utf-8", "surrogatepass"))
        else:
            with open(pending, "w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
                file.writelines(parts)
        os.replace(pending, target)
    finally:
        pending.unlink(missing_ok=True)
