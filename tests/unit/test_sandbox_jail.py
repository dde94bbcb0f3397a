"""Hostile programs in the whole jail: contained, reported, the next program unaffected, nothing left behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from solvers.sandbox.outcome import Limits
from solvers.sandbox.pool import Pool
from solvers.sandbox.programs import run
from tests.unit import sandbox_hostile as hostile
from tests.unit.sandbox_places import KEY, QUICK, SECRET, hurt, nothing_left, pointed_at, refused


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    os.environ[KEY] = SECRET
    with Pool(1) as made:
        yield made
    del os.environ[KEY]


@pytest.fixture(params=["/var/tmp", "/tmp"])
def place(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """Once in a folder that no program sees, once in one that their private directory covers."""
    with pointed_at(request.param) as made:
        yield made


@pytest.fixture(autouse=True)
def clean(pool: Pool) -> Iterator[None]:
    with nothing_left(pool):
        yield


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
    # The word that is looked for is itself seen once.
    own = run("kept = {'key': 'former-program'}" + search, pool=pool)
    assert own.error is None and int(own.output.split()[1]) > 1
    assert run(search, pool=pool).output.split() == ["seen", "1"]


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
    cut = run("print('x' * 60_000)\nprint(3)", pool=pool, limits=limits)
    assert cut.truncated and len(cut.output) == 50_000 and cut.error is None
    assert cut.entry
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
print(sum(parts))
"""
    found = run(source, pool=pool)
    assert found.error is None and not found.refused
    assert found.output == "28\n"


def test_a_daemon_cannot_be_left_behind(pool: Pool) -> None:
    found = hurt(hostile.DAEMON, pool)
    assert found.error is not None and "process" in refused(found)
