"""The hostile suite where namespaces, landlock or seccomp are missing: what the others still hold, and what is said."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from solvers.errors import UnsupportedError
from solvers.sandbox.jail.confine import PARTS
from solvers.sandbox.jail.protections import NEEDED
from solvers.sandbox.outcome import Limits
from solvers.sandbox.pool import Pool
from solvers.sandbox.programs import run
from solvers.sandbox.worker import SandboxError
from tests.unit import sandbox_hostile as hostile
from tests.unit.sandbox_places import KEY, QUICK, SECRET, below_us, hurt, nothing_left, pointed_at, refused

LET_GO_ON = {
    "namespaces": set(), "landlock": set(),
    # Processes and sockets may be made, but reach nobody; the rest fails for want of a name to reach.
    "seccomp": {
        "send: netlink", "send: tcp by libc", "send: listening", "kill: parent", "kill: everyone", "write: modes",
        *(f"launch: {name}" for name in hostile.LAUNCHES),
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=["namespaces", "landlock", "seccomp"])
def part(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def pool(part: str) -> Iterator[Pool]:
    os.environ[KEY] = SECRET
    with Pool(1, without=[part]) as made:
        yield made
    del os.environ[KEY]


@pytest.fixture
def place() -> Iterator[dict[str, Any]]:
    with pointed_at("/var/tmp") as made:
        yield made


@pytest.fixture(autouse=True)
def clean(pool: Pool) -> Iterator[None]:
    with nothing_left(pool):
        yield


CASES = {
    f"{group}: {name}": source for group, cases in {
        "read": hostile.READS, "send": hostile.SENDS, "write": hostile.WRITES, "kill": hostile.KILLS,
        "launch": hostile.LAUNCHES,
    }.items() for name, (_, source) in cases.items()
}


@pytest.mark.parametrize("name", CASES)
def test_the_others_still_hold(name: str, part: str, pool: Pool, place: dict[str, Any]) -> None:
    found = hurt(CASES[name].format(**place), pool)
    if name not in LET_GO_ON[part]:
        assert found.error is not None, "it came to its end"
        assert "made one" not in found.output


def test_what_is_missing_is_said_and_can_be_refused(part: str, pool: Pool) -> None:
    found = run("print(4)", pool=pool)
    assert set(PARTS[part]) <= set(found.missing) <= {*PARTS[part], "cgroup"}
    with pytest.raises(SandboxError) as caught:
        run("print(4)", pool=pool, require_sandbox=True)
    assert caught.value.exit_code == 5
    for name in set(PARTS[part]) & set(NEEDED):
        assert name in str(caught.value)


def test_the_environment_is_empty_all_the_same(pool: Pool) -> None:
    found = run("import os\nprint(sorted(os.environ.items()))", pool=pool)
    assert found.error is None and SECRET not in found.output


def test_daemons_end_with_their_program(part: str, pool: Pool) -> None:
    found = hurt(hostile.DAEMON, pool)
    assert "process" in refused(found)
    assert (found.error is None) == (part == "seccomp")


def test_a_fork_bomb_ends_with_its_program(pool: Pool) -> None:
    found = hurt(hostile.FORK_BOMB.replace("sleep(30)", "sleep(3)"), pool, Limits(wall=2.0))
    assert "process" in refused(found)


@pytest.mark.parametrize("source", [hostile.HUGE[0], hostile.HUGE[2]])
def test_memory_has_an_end(source: str, pool: Pool) -> None:
    found = hurt(source, pool)
    assert found.error is not None and found.error.kind == "memory"


def test_time_has_an_end(pool: Pool) -> None:
    found = hurt(hostile.STUBBORN, pool, Limits(wall=1.0))
    assert found.error is not None and found.error.kind == "time"
    found = hurt(hostile.STUBBORN, pool, Limits(processor=1.0, wall=20.0))
    assert found.error is not None and found.error.kind == "time" and "processor" in found.error.message


def test_the_disk_is_not_filled(pool: Pool) -> None:
    found = hurt(hostile.FILL, pool, QUICK)
    assert found.error is not None
    assert found.error.kind == "killed" or "No space" in found.error.message or "too large" in found.error.message


def test_a_mess_of_files_is_cleared_away(pool: Pool) -> None:
    found = run("""
import os
os.makedirs('a/b/c')
os.symlink('/etc', 'a/etc')
os.mkfifo('a/fifo')
open('a/b/file', 'w').write('x')
os.mkdir('closed', 0)
""", pool=pool)  # fmt: skip
    assert found.error is None


@pytest.mark.parametrize(("name", "depth"), [("d", 1500), ("x" * 250, 50)])
def test_folders_too_deep_for_a_path_are_cleared_away(name: str, depth: int, pool: Pool) -> None:
    """The fixture `clean` looks for what is left of them."""
    found = run(f"""
import os
for _ in range({depth}):
    os.mkdir({name!r})
    os.chdir({name!r})
    open('file', 'w').close()
""", pool=pool)  # fmt: skip
    assert found.error is None or "too deep" in found.error.message, found.error
    assert run("print(2)", pool=pool).output == "2\n"


def test_what_is_hidden_deep_in_folders_counts_too(part: str, pool: Pool) -> None:
    found = run(f"""
import os, time
for _ in range(40):
    os.mkdir({"x" * 250!r})
    os.chdir({"x" * 250!r})
n = 0
while True:
    with open(str(n), 'wb') as file: file.write(bytes(1 << 20))
    n += 1
""", pool=pool, limits=QUICK)  # fmt: skip
    assert found.error is not None and (found.error.kind == "killed" or "No space" in found.error.message)


def test_leaving_early_is_told_from_an_answer(pool: Pool) -> None:
    for kind, source in hostile.LEAVES.values():
        found = hurt(source, pool)
        assert found.error is not None and found.error.kind in kind.split("|"), (source, found.error)


def test_all_of_them_missing_still_bounds_time_and_cleans_up() -> None:
    with Pool(1, without=["namespaces", "landlock", "seccomp", "cgroup"]) as bare:
        before = below_us()
        run("print(1)", pool=bare)
        served = below_us() - before
        hurt(hostile.DAEMON, bare)
        found = hurt(hostile.STUBBORN, bare, Limits(wall=1.0))
        assert found.error is not None and found.error.kind == "time"
        assert below_us() - before == served
    deadline = time.monotonic() + 5
    while below_us() - before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not below_us() - before


def test_an_unknown_part_is_an_error() -> None:
    with pytest.raises(UnsupportedError, match="luck"):
        Pool(1, without=["luck"])
