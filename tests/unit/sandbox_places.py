"""Files, sockets and processes that hostile programs are pointed at, and whether any of them was touched."""

from __future__ import annotations

import glob
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from solvers.sandbox.jail.syscalls import NUMBERS
from solvers.sandbox.outcome import Limits, ProgramRun
from solvers.sandbox.pool import Pool
from solvers.sandbox.programs import run

SECRET = "a word that no program may learn"
KEY = "FORMULATE_TEST_KEY"
"""The environment variable that holds it."""
QUICK = Limits(wall=10.0, processor=5.0, memory=1 << 30, file_size=8 << 20)


@contextmanager
def pointed_at(base: str) -> Iterator[dict[str, Any]]:
    """What the programs' texts are filled in with; afterwards none of it has been touched."""
    tmp_path = Path(tempfile.mkdtemp(prefix="formulate-test-", dir=base))
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    before = secret.stat()
    servers = {name: socket.socket(*kind) for name, kind in {
        "tcp": (socket.AF_INET, socket.SOCK_STREAM), "udp": (socket.AF_INET, socket.SOCK_DGRAM),
        "unix": (socket.AF_UNIX, socket.SOCK_STREAM), "abstract": (socket.AF_UNIX, socket.SOCK_STREAM),
    }.items()}
    abstract = f"formulate-test-{os.getpid()}"
    unix = tempfile.mktemp(dir="/tmp")
    servers["tcp"].bind(("127.0.0.1", 0))
    servers["udp"].bind(("127.0.0.1", 0))
    servers["unix"].bind(unix)
    servers["abstract"].bind("\0" + abstract)
    for name in ("tcp", "unix", "abstract"):
        servers[name].listen()
    yield {
        "secret": str(secret), "folder": str(tmp_path), "home": str(Path.home()), "host": os.getpid(), "unix": unix,
        "port": servers["tcp"].getsockname()[1], "port_udp": servers["udp"].getsockname()[1], "abstract": abstract,
        "fork": NUMBERS["clone"], "bpf": NUMBERS["bpf"],
    }
    for server in servers.values():
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.recv(1) if server.type == socket.SOCK_DGRAM else server.accept()
        server.close()
    os.unlink(unix)
    after = secret.stat()
    assert secret.read_text() == SECRET
    assert [p.name for p in tmp_path.iterdir()] == ["secret.txt"]
    assert (after.st_mode, after.st_mtime, after.st_nlink) == (before.st_mode, before.st_mtime, before.st_nlink)
    shutil.rmtree(tmp_path)


@contextmanager
def nothing_left(pool: Pool) -> Iterator[None]:
    """The same fork server serves the next program, and no process or file of the last one is left."""
    assert run("print(1)", pool=pool).output == "1\n"
    servers, processes = pool.processes(), below_us()
    yield
    after = run("print(2)", pool=pool)
    assert after.error is None and after.output == "2\n"
    assert not after.refused
    assert pool.processes() == servers
    assert below_us() == processes
    assert glob.glob(tempfile.gettempdir() + "/formulate-sandbox-*") == []


def below_us() -> set[int]:
    """The processes that descend from ours."""
    return {process.pid for process in psutil.Process().children(recursive=True)}


def hurt(source: str, pool: Pool, limits: Limits = QUICK) -> ProgramRun:
    """Run a hostile program; it must not have got hold of anything."""
    found = run(source, pool=pool, limits=limits)
    assert SECRET not in found.output and "root:" not in found.output
    assert "got" not in found.output.split()
    return found


def refused(found: ProgramRun) -> set[str]:
    """The classes of what was refused."""
    return {item.what for item in found.refused}
