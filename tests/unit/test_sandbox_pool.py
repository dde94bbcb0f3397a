"""The pool: many programs at once, lost servers, nothing that grows, nothing that stays after the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from solvers.errors import DataError, FormulateError
from solvers.sandbox import flavours, worker
from solvers.sandbox.jail import cgroup
from solvers.sandbox.outcome import Limits
from solvers.sandbox.pool import Pool
from solvers.sandbox.programs import MOST_SOURCE, Request, run, run_many
from solvers.sandbox.worker import Flavour, SandboxError, Worker
from tests.unit.sandbox_places import below_us

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(2) as made:
        yield made


def gone(processes: set[int], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(map(_runs, processes)):
            return True
        time.sleep(0.02)
    return False


def _runs(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_every_request_comes_back_once_under_its_id(pool: Pool) -> None:
    programs = [
        Request(f"p{k}", f"print({k})" if k % 5 else "import os\nos._exit(1)", limits=Limits(wall=20))
        for k in range(40)
    ]
    found = {item.id: item for item in run_many(iter(programs), pool=pool)}
    assert sorted(found) == sorted(item.id for item in programs)
    for k in range(40):
        item = found[f"p{k}"]
        if k % 5:
            assert item.output == f"{k}\n" and item.error is None
        else:
            assert item.error is not None and item.error.kind == "exit"


def test_programs_run_side_by_side(pool: Pool) -> None:
    """Two that wait for a second each share it; three would not."""
    for _ in run_many([Request(str(k), "") for k in range(2)], pool=pool):
        pass
    waits = [Request(str(k), "import time\nprint(time.time())\ntime.sleep(1)\nprint(time.time())") for k in range(2)]
    times = [[float(x) for x in item.output.split()] for item in run_many(waits, pool=pool)]
    assert max(start for start, _ in times) < min(end for _, end in times)


def test_a_slow_program_holds_up_no_other(pool: Pool) -> None:
    programs = [Request("slow", "import time\ntime.sleep(2)"), *(Request(str(k), "print(1)") for k in range(6))]
    order = [item.id for item in run_many(programs, pool=pool)]
    assert order[-1] == "slow"


def test_requests_are_taken_as_workers_become_free() -> None:
    taken = 0

    def endless() -> Iterator[Request]:
        nonlocal taken
        while True:
            taken += 1
            yield Request(str(taken), "print(1)")

    before = below_us()
    runs = run_many(endless(), workers=1)
    assert next(runs).id == "1"
    runs.close()
    assert taken < 10
    assert gone(below_us() - before)


def test_a_batch_that_is_left_ends_its_programs() -> None:
    before = below_us()
    runs = run_many(
        [Request("quick", "print(1)"), Request("long", "import time\ntime.sleep(100)"), Request("next", "")], workers=1
    )
    started = time.monotonic()
    assert next(runs).id == "quick"
    runs.close()
    assert time.monotonic() - started < 30
    assert gone(below_us() - before)


def test_an_error_of_the_requests_reaches_the_caller() -> None:
    def broken() -> Iterator[Request]:
        yield Request("1", "print(1)")
        raise ValueError("no more lines")

    with pytest.raises(ValueError, match="no more lines"):
        list(run_many(broken(), workers=1))


def test_data_arrive_as_they_are(pool: Pool) -> None:
    import numpy as np

    data = {("a", 1): 2.5, "list": [1, None, {"x": True}], 3: np.arange(4.0), "text": "prix \u20ac\udc80"}
    found = run(
        "assert data['text'] == 'prix \\u20ac\\udc80'\nprint(data['a', 1] + data[3].sum() + len(data['list']))",
        data, pool=pool,
    )  # fmt: skip
    assert found.error is None, found.error
    assert found.output == "11.5\n"
    with pytest.raises(DataError, match="handed over"):
        run("", {"f": lambda: 0}, pool=pool)


@pytest.mark.parametrize(
    ("source", "said"),
    [("x = (", "SyntaxError"), ("x = '\0'", "null"), ("(" * 5000 + ")" * 5000, ""), ("x = \udc80", "")],
)
def test_sources_that_are_no_python_are_their_own_fault(source: str, said: str, pool: Pool) -> None:
    found = run(source, pool=pool)
    assert found.error is not None and said in found.error.message
    assert run("print(1)", pool=pool).error is None


def test_a_program_may_not_be_endless(pool: Pool) -> None:
    with pytest.raises(DataError, match="characters"):
        run("#" * (5 << 20), pool=pool)


def test_runs_are_the_same_every_time(pool: Pool) -> None:
    source = "import random\nprint(hash('word'), random.random(), list({'a', 'b', 'c', 'd'}))"
    assert len({run(source, pool=pool).output for _ in range(4)}) == 1
    with Pool(1) as other:
        assert run(source, pool=other).output == run(source, pool=pool).output


def test_a_lost_server_is_replaced_and_its_program_reported() -> None:
    with Pool(1) as pool:
        run("print(1)", pool=pool)
        (server,) = pool.processes()
        os.kill(server, signal.SIGKILL)
        found = run("print(2)", pool=pool)
        assert found.error is not None and "fork server was lost" in found.error.message
        assert found.reported is None
        again = run("print(3)", pool=pool)
        assert again.error is None and pool.processes() != [server]
        assert gone({server})


def test_a_server_that_dies_in_the_middle_takes_its_program_along() -> None:
    before = below_us()
    with Pool(1) as pool:
        run("print(1)", pool=pool)
        victim = psutil.Process(pool.processes()[0])
        killer = subprocess.Popen([sys.executable, "-c", f"import time, os\ntime.sleep(0.7)\nos.kill({victim.pid}, 9)"])
        found = run("import time\ntime.sleep(60)", pool=pool)
        killer.wait()
        assert found.error is not None and found.error.kind == "killed"
        assert gone(below_us() - before)


def test_a_caller_that_is_interrupted_leaves_no_program_behind() -> None:
    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = below_us()
    with Pool(1) as pool:
        run("print(1)", pool=pool)
        served = below_us() - before
        former = signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        try:
            with pytest.raises(KeyboardInterrupt):
                run("import time\ntime.sleep(60)", pool=pool)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, former)
        assert gone(served)
        assert run("print(2)", pool=pool).output == "2\n"
    assert gone(below_us() - before)


def test_nothing_is_left_when_the_host_ends() -> None:
    """However it ends: by itself, by an error, killed while a program runs."""
    for last in ("", "raise SystemExit(3)", "import os; os.kill(os.getpid(), 9)"):
        program = f"""
import os, threading, time, psutil
from solvers.sandbox import run
run('print(1)')
threading.Thread(target=run, args=('import time\\ntime.sleep(30)',), daemon=True).start()
time.sleep(0.5)
print([os.getpid(), *(p.pid for p in psutil.Process().children(recursive=True))], flush=True)
{last}
"""
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
        host, *processes = (int(part) for part in done.stdout.strip("[]\n").split(","))
        assert len(processes) >= 2, done.stderr
        assert gone({host, *processes}), last
        assert not list(Path("/sys/fs/cgroup").glob(f"**/formulate-{host}-*")), last


def test_groups_of_hosts_that_are_gone_are_swept_and_no_others(tmp_path: Path) -> None:
    gone_host, ours = 2**22 + 1, os.getpid()
    for name in (f"formulate-{gone_host}-0", f"formulate-{ours}-0", f"other-{gone_host}-0", "formulate-x", "formulate-"):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (1, 1))
    (tmp_path / f"formulate-{gone_host}-1").mkdir()
    cgroup._sweep(str(tmp_path))
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"formulate-{ours}-0", f"other-{gone_host}-0", "formulate-x", "formulate-", f"formulate-{gone_host}-1"}


def test_a_forked_host_has_its_own_pool() -> None:
    program = """
import os
from solvers.sandbox import run
from solvers.sandbox.pool import default_pool
run('print(1)')
parent = default_pool().processes()
child = os.fork()
if child == 0:
    fine = run('print(2)').output == '2\\n' and default_pool().processes() != parent
    default_pool().close()
    os._exit(0 if fine else 1)
assert os.waitpid(child, 0)[1] == 0
assert run('print(3)').output == '3\\n' and default_pool().processes() == parent
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_server_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    before = below_us()
    monkeypatch.setattr(worker, "_BOOT", "raise OSError('no such luck')  # {paths}")
    with pytest.raises(SandboxError, match="no such luck"):
        Worker(Flavour("odd"))
    assert issubclass(SandboxError, FormulateError) and not below_us() - before


def test_a_library_that_is_missing_or_broken_is_the_programs_matter() -> None:
    with Pool(1) as pool, pool.worker(Flavour("odd", ("no_such_library",))) as server:
        assert server.alive


def test_nothing_grows(pool: Pool) -> None:
    """Descriptors of host and server, processes, and the server's memory, over a few hundred hostile programs."""
    hostile = ["print(1)", "import os\nos._exit(1)", "import os\nos.fork()", "import socket\nsocket.socket()"]

    def rounds(count: int) -> None:
        for k in range(count):
            run(hostile[k % len(hostile)], pool=pool)

    rounds(40)
    host = psutil.Process()
    servers = [process for pid in pool.processes() for process in psutil.Process(pid).children()]
    before = (host.num_fds(), [item.num_fds() for item in servers], below_us())
    memory = [item.memory_info().rss for item in servers]
    rounds(200)
    assert (host.num_fds(), [item.num_fds() for item in servers], below_us()) == before
    for item, earlier in zip(servers, memory):
        assert item.memory_info().rss - earlier < 2 << 20


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import gurobipy as gp", "gurobipy"), ("from pyomo.environ import *", "pyomo"), ("import cvxpy", "cvxpy"),
        ("def f():\n    from ortools.sat.python import cp_model", "ortools"), ("import numpy", "plain"), ("", "plain"),
        ("import os, pulp as p", "pulp"), ("import pandas as pd\nimport coptpy", "coptpy+pandas"), ("x = (", "plain"),
    ],
)  # fmt: skip
def test_the_server_fits_the_program(source: str, name: str) -> None:
    assert flavours.flavour_of(source).name == name
    assert flavours.flavour_of(source, genuine=True).genuine


def test_a_request_that_cannot_be_handed_over_does_not_end_the_others() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    requests = [
        Request("long", "#" * (MOST_SOURCE + 1)), Request("deep", "print(1)", data=deep), Request("good", "print(2)"),
        Request("function", "print(1)", data=lambda: 0),
    ]  # fmt: skip
    found = {item.id: item for item in run_many(requests, workers=1)}
    assert found["good"].output == "2\n" and found["good"].error is None
    for name in ("long", "deep", "function"):
        error = found[name].error
        assert error is not None and error.kind == "entry", name
    with pytest.raises(DataError, match="handed over"):
        run("print(1)", data=deep)
