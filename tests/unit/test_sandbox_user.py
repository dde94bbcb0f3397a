"""The hostile suite for a user without rights, who enters the same namespaces by way of a user namespace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from solvers.sandbox.jail import kernel
from solvers.sandbox.jail.confine import PARTS
from tests.unit.sandbox_as_nobody import NOBODY

ROOT = Path(__file__).resolve().parents[2]
ALLOWED_WITHOUT_SECCOMP = {
    "send: netlink", "send: tcp by libc", "send: listening", "kill: parent", "launch: fork", "launch: fork by number",
    "launch: memory as a program", "launch: namespaces", "launch: shell", "launch: subprocess", "launch: spawn",
    "launch: multiprocessing", "launch: rings",
}  # fmt: skip


@pytest.mark.skipif(os.getuid() != 0, reason="not root: the suites of the jail have been run without rights anyway")
@pytest.mark.skipif(not kernel.LINUX or not kernel.capability(kernel.CAP_SYS_ADMIN), reason="root may not mount here")
@pytest.mark.parametrize("without", [None, "namespaces", "landlock", "seccomp"])
def test_a_user_without_rights_is_protected_alike(without: str | None) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.sandbox_as_nobody", *([without] if without else [])],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["user"] == NOBODY
    assert set(found["missing"]) - {"cgroup"} == set(PARTS[without] if without else ())
    assert found["wrong"] == {}
    assert set(found["went on"]) <= (ALLOWED_WITHOUT_SECCOMP if without == "seccomp" else set())
    assert found["threads"]
