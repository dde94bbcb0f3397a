"""Run programs in the sandbox: `run` for one, `run_many` for any number on all processors."""

from __future__ import annotations

import json
import pickle
import secrets
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from solvers.errors import DataError
from solvers.sandbox.channel import TOKEN_BYTES
from solvers.sandbox.claims import checked, confirmed
from solvers.sandbox.flavours import flavour_of
from solvers.sandbox.jail.protections import NEEDED, Protection
from solvers.sandbox.outcome import Limits, ProgramError, ProgramRun
from solvers.sandbox.pool import Pool, default_pool
from solvers.sandbox.reading import read_run
from solvers.sandbox.worker import Flavour, Heard, SandboxError, environment, import_paths, python

MOST_SOURCE = 4 << 20
"""Characters of one program."""
_EXAMINE = """
import sys
sys.path[:0] = {paths!r}
import json
from dataclasses import asdict
from solvers.sandbox.jail.protections import examine
sys.stdout.write(json.dumps([asdict(item) for item in examine()]))
"""
_AHEAD = 3
"""Requests per worker that are taken before they can run."""


@dataclass(frozen=True)
class Request:
    """A program to run: its source, the `data` that it may expect, the `function` to call, limits, an id of yours."""

    id: str
    source: str
    data: Any = None
    function: str | None = None
    limits: Limits = field(default_factory=Limits)


def run(
    source: str, data: Any = None, *, limits: Limits | None = None, function: str | None = None, genuine: bool = False,
    require_sandbox: bool = False, confirm: bool = False, pool: Pool | None = None,
) -> ProgramRun:  # fmt: skip
    """Run one program of solver code in the sandbox: the models it solved, its answer, its error, what was refused.

    `data` is injected as the program expects it (plain Python values, arrays, DataFrames); `function` names the
    function to call. `genuine` lets gurobipy and coptpy be the installed libraries instead of our look-alikes.
    `require_sandbox` raises SandboxError where a protection is missing; `confirm` solves each captured model again.
    What the program says is a claim: every solution is checked against the model it is claimed for.
    """
    request = Request("", source, data, function, limits or Limits())
    return _run(request, pool or default_pool(), genuine, require_sandbox, confirm)


def run_many(
    requests: Iterable[Request], *, workers: int | None = None, genuine: bool = False, require_sandbox: bool = False,
    confirm: bool = False, pool: Pool | None = None,
) -> Iterator[ProgramRun]:  # fmt: skip
    """Run programs on all processors (or `workers`); runs come in the order in which they end, with their ids.

    Few requests are taken ahead, so that they may be made while others run. A caller that stops early ends the rest.
    A request that cannot be handed over (too long a program, data that are no plain values) is a run with that error.
    """
    own = pool is None
    shared = pool if pool is not None else Pool(workers)
    waiting = iter(requests)
    running: set[Future[ProgramRun]] = set()
    ended = False
    threads = ThreadPoolExecutor(shared.workers, thread_name_prefix="formulate-sandbox")
    try:
        while True:
            for request in islice(waiting, _AHEAD * shared.workers - len(running)):
                running.add(threads.submit(_one_of_many, request, shared, genuine, require_sandbox, confirm))
            if not running:
                ended = True
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        if not ended and own:
            shared.interrupt()
        threads.shutdown(wait=True, cancel_futures=True)
        if own:
            shared.close()


def _one_of_many(
    request: Request, pool: Pool, genuine: bool, require_sandbox: bool, confirm: bool
) -> ProgramRun:
    """As `_run`; what is wrong with the one request does not end the others."""
    try:
        return _run(request, pool, genuine, require_sandbox, confirm)
    except RequestError as error:
        return ProgramRun(error=ProgramError("entry", error.message), id=request.id)


class RequestError(DataError):
    """A request that cannot be handed over."""


def _run(request: Request, pool: Pool, genuine: bool, require_sandbox: bool, confirm: bool) -> ProgramRun:
    from solvers.sandbox.program import pack_request

    if len(request.source) > MOST_SOURCE:
        raise RequestError(
            f"a program of {len(request.source)} characters", remedy=f"programs may have up to {MOST_SOURCE}"
        )
    token = secrets.token_bytes(TOKEN_BYTES)
    options = {"function": request.function, "genuine": genuine}
    try:
        packed = pack_request(request.source, request.data, options, token)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        raise RequestError(f"the data cannot be handed over: {error}", remedy="pass plain values and arrays") from None
    flavour = flavour_of(request.source, genuine=genuine)
    heard, missing = _heard(pool, flavour, packed, request.limits, token, require_sandbox)
    found = checked(read_run(heard, request.limits, missing))
    if confirm:
        found = confirmed(found, pool, request.limits)
    return replace(found, id=request.id)


def _heard(
    pool: Pool, flavour: Flavour, packed: bytes, limits: Limits, token: bytes, require_sandbox: bool
) -> tuple[Heard, tuple[str, ...]]:
    """Run in a fork server of the flavour, and what that server had to do without."""
    with pool.worker(flavour) as worker:
        if require_sandbox:
            refuse_without(worker.missing)
        return worker.run(packed, limits, token), worker.missing


def protections() -> tuple[Protection, ...]:
    """What holds programs in on this machine, each really tried, in a process of its own. Raises SandboxError."""
    program = _EXAMINE.format(paths=import_paths())
    done = subprocess.run(
        python(program), env=environment(), cwd="/", capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode:
        said = done.stderr.strip()[-500:]
        raise SandboxError(f"the protections could not be examined: {said}", remedy="formulate doctor")
    return tuple(Protection(**item) for item in json.loads(done.stdout))


def refuse_without(missing: Sequence[str]) -> None:
    """Raise SandboxError where a needed protection is among the missing ones."""
    lacking = [name for name in NEEDED if name in missing]
    if lacking:
        raise SandboxError(
            f"the sandbox was required, and this machine does not give it: {', '.join(lacking)}",
            remedy="formulate doctor says why; run without --require-sandbox to accept what remains",
        )
