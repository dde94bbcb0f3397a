"""Limits on what one process may use, by `setrlimit`."""

from __future__ import annotations

import math
import resource
from functools import cache

from solvers.sandbox.outcome import Limits

DESCRIPTORS = 256


def limit_resources(limits: Limits, *, base: int, tasks: int = 0) -> None:
    """Processor seconds, address space (beyond the `base` bytes of the parent), processes (beyond `tasks`), files.

    Soft and hard limits are the same: a process that is the first of its namespace ignores SIGXCPU.
    """
    seconds = max(1, math.ceil(limits.processor))
    wanted = {
        resource.RLIMIT_CPU: seconds, resource.RLIMIT_AS: base + limits.memory, resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: limits.file_size, resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_NPROC: tasks + limits.processes, resource.RLIMIT_MEMLOCK: 0, resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_STACK: 8 << 20,
    }  # fmt: skip
    for kind, value in wanted.items():
        hard = _hard(kind)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


@cache
def _hard(kind: int) -> int:
    return resource.getrlimit(kind)[1]
