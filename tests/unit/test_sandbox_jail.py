"""Hostile programs in the whole jail: contained, reported, the next program unaffected, nothing left behind."""

from __future__ import annotations

import glob
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from solvers.sandbox.jail.syscalls import NUMBERS
from solvers.sandbox.outcome import Limits, ProgramRun
from solvers.sandbox.pool import Pool
from solvers.sandbox.programs import run
from tests.unit import sandbox_hostile as hostile

SECRET = "a word that no program may learn"
QUICK = Limits(wall=10.0, processor=5.0, memory=1 << 30, file_size=8 << 20)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    os.environ["FORMULATE_TEST_KEY"] = SECRET
    with Pool(1) as made:
        yield made
    del os.environ["FORMULATE_TEST_KEY"]


@pytest.fixture(params=["/var/tmp", "/tmp"])
def place(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """What hostile programs are pointed at; afterwards none of it has been touched.

    Once in a folder that no program sees, once in one that their private directory covers.
    """
    tmp_path = Path(tempfile.mkdtemp(prefix="formulate-test-", dir=request.param))
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


@pytest.fixture(autouse=True)
def nothing_left(pool: Pool) -> Iterator[None]:
    """The same fork server serves the next program, and no process or file of the last one is left."""
    before = run("answer = 1", pool=pool)
    assert before.reported is not None
    servers, processes = pool.processes(), _below_us()
    yield
    after = run("answer = 2", pool=pool)
    assert after.error is None and after.reported is not None and after.reported.value == 2
    assert not after.refused
    assert pool.processes() == servers
    assert _below_us() == processes
    assert glob.glob(tempfile.gettempdir() + "/formulate-sandbox-*") == []


def _below_us() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


def hurt(source: str, pool: Pool, limits: Limits = QUICK) -> ProgramRun:
    found = run(source, pool=pool, limits=limits)
    assert SECRET not in found.output and "root:" not in found.output
    assert "got" not in found.output.split()
    return found


def refused(found: ProgramRun) -> set[str]:
    return {item.what for item in found.refused}


CONTAINED = {
    f"{group}: {name}": case for group, cases in {
        "read": hostile.READS, "send": hostile.SENDS, "write": hostile.WRITES, "kill": hostile.KILLS,
        "launch": hostile.LAUNCHES,
    }.items() for name, case in cases.items()
}


@pytest.mark.parametrize("name", CONTAINED)
def test_what_is_not_allowed_fails_and_is_reported(name: str, pool: Pool, place: dict[str, Any]) -> None:
    what, source = CONTAINED[name]
    found = hurt(source.format(**place), pool)
    assert found.missing == () or set(found.missing) <= {"cgroup"}
    assert found.error is not None, "it came to its end"
    assert found.error.kind in ("exception", "exit", "killed")
    # What lies in the place of the private directory is not asked for outside of it.
    covered = what == "file" and place["folder"].startswith("/tmp") and place["folder"] in source.format(**place)
    assert what == "" or covered or what in refused(found)


def test_the_environment_holds_nothing_of_ours(pool: Pool) -> None:
    found = run("import os\nprint(sorted(os.environ.items()))", pool=pool)
    assert found.error is None
    assert SECRET not in found.output and "FORMULATE" not in found.output
    assert not {"USERNAME", "SHELL", "VIRTUAL_ENV", "PYTHONPATH", "SSH_AUTH_SOCK"} & set(found.output.split("'"))


def test_other_processes_are_not_seen(pool: Pool) -> None:
    found = run("import os\nprint(os.getpid(), os.getppid(), os.path.exists('/proc/self'))", pool=pool)
    assert found.output.split() == ["1", "0", "False"]


def test_the_memory_holds_no_other_program(pool: Pool) -> None:
    """The request of the program before is nowhere among the objects that the next one inherits."""
    search = """
import gc
wanted = ''.join(['former', '-', 'program'])
found = 0
for item in gc.get_objects():
    for text in item.values() if isinstance(item, dict) else item if isinstance(item, (list, tuple)) else ():
        found += isinstance(text, str) and wanted in text
print('seen', found)
"""
    own = run("kept = {'key': 'former-program'}" + search, pool=pool)
    assert own.error is None and own.output.split() != ["seen", "0"]
    assert run(search, pool=pool).output.split() == ["seen", "0"]


@pytest.mark.parametrize("source", hostile.HUGE)
def test_memory_has_an_end(source: str, pool: Pool) -> None:
    found = hurt(source, pool)
    assert found.error is not None and found.error.kind == "memory"
    assert "memory" in refused(found)


def test_a_fork_bomb_is_a_refused_fork(pool: Pool) -> None:
    found = hurt(hostile.FORK_BOMB.replace("time.sleep(30)", ""), pool)
    assert found.error is None
    assert "process" in refused(found)


@pytest.mark.parametrize("source", [hostile.ENDLESS_NATIVE, hostile.STUBBORN, "while True: pass"])
def test_processor_time_has_an_end(source: str, pool: Pool) -> None:
    found = hurt(source, pool, Limits(wall=30.0, processor=1.0))
    assert found.error is not None and found.error.kind == "time" and "processor" in found.error.message
    assert "time" in refused(found)


@pytest.mark.parametrize("source", [hostile.ENDLESS_NATIVE, hostile.STUBBORN, "import time\ntime.sleep(100)"])
def test_wall_time_has_an_end(source: str, pool: Pool) -> None:
    found = hurt(source, pool, Limits(wall=1.0, processor=30.0))
    assert found.error is not None and found.error.kind == "time" and "wall" in found.error.message
    assert "time" in refused(found) and found.seconds < 20


def test_output_is_cut_and_a_flood_ends_the_program(pool: Pool) -> None:
    limits = Limits(output=50_000, wall=30)
    cut = run("print('x' * 60_000)\nanswer = 3", pool=pool, limits=limits)
    assert cut.truncated and len(cut.output) == 50_000 and cut.error is None
    assert cut.reported is not None and cut.reported.value == 3
    flood = hurt(hostile.FLOOD, pool, limits)
    assert flood.error is not None and flood.error.kind == "output" and "output" in refused(flood)
    assert flood.truncated and len(flood.output) == 50_000


def test_the_private_directory_is_private_and_has_an_end(pool: Pool) -> None:
    first = run("open('note', 'w').write('x')\nimport os\nprint(os.listdir('.'), os.getcwd())", pool=pool)
    assert first.error is None and "'note'" in first.output
    second = run("import os\nprint('note' in os.listdir('.'))", pool=pool)
    assert second.output.strip() == "False"
    full = hurt(hostile.FILL, pool, QUICK)
    assert full.error is not None and full.error.kind == "exception"
    assert "No space" in full.error.message or "too large" in full.error.message


@pytest.mark.parametrize("name", hostile.LEAVES)
def test_leaving_early_is_told_from_an_answer(name: str, pool: Pool) -> None:
    kind, source = hostile.LEAVES[name]
    found = hurt(source, pool)
    assert found.error is not None and found.error.kind in kind.split("|"), found.error
    assert found.reported is None and found.result is None


def test_threads_are_allowed(pool: Pool) -> None:
    source = """
import threading
parts = []
threads = [threading.Thread(target=parts.append, args=(k,)) for k in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
answer = sum(parts)
"""
    found = run(source, pool=pool)
    assert found.error is None and not found.refused
    assert found.reported is not None and found.reported.value == 28


def test_a_daemon_cannot_be_left_behind(pool: Pool) -> None:
    found = hurt(hostile.DAEMON, pool)
    assert found.error is not None and "process" in refused(found)
