"""Kernels that really lack a protection: the doctor says so, programs run on what remains, `require_sandbox` refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from solvers.sandbox.jail import kernel, protections
from solvers.sandbox.jail.confine import PARTS
from solvers.sandbox.jail.protections import NEEDED

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not kernel.LINUX, reason="not Linux: there is nothing to take away")
TRY = """
import json
from solvers.sandbox.programs import protections, run
from solvers.sandbox.worker import SandboxError
found = run("print(open('/etc/passwd').read())")
try:
    run("print(1)", require_sandbox=True)
    said = ""
except SandboxError as error:
    said = str(error)
absent = [item.name for item in protections() if not item.present]
print(json.dumps({"missing": found.missing, "absent": absent, "read": "root:" in found.output, "said": said}))
"""


def on_a_kernel_without(parts: str, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.sandbox_without", parts, sys.executable, *command],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("parts", ["namespaces", "landlock", "seccomp", "namespaces,landlock"])
def test_what_is_missing_is_found_said_and_refused(parts: str) -> None:
    lost = {name for part in parts.split(",") for name in PARTS[part]}
    found = json.loads(on_a_kernel_without(parts, "-c", TRY))
    assert set(found["missing"]) - {"cgroup"} == lost
    assert set(found["absent"]) - {"cgroup"} == lost
    assert found["read"] == (parts == "namespaces,landlock")
    assert all(name in found["said"] for name in lost & set(NEEDED))


def test_the_doctor_names_each_protection_and_what_its_absence_means() -> None:
    report = json.loads(on_a_kernel_without("namespaces,landlock", "-m", "formulate.cli.main", "doctor", "--json"))
    lines = {line["about"]: line for line in report["lines"]}
    lost = {*PARTS["namespaces"], *PARTS["landlock"]}
    for name in lost:
        line = lines[f"sandbox: {name}"]
        assert line["state"] == "absent" and "missing" in line["found"] and line["remedy"]
    assert lines["sandbox: seccomp"]["state"] == "ok"
    assert lines["sandbox"]["state"] == "absent" and "--require-sandbox refuses" in lines["sandbox"]["found"]
    assert all(name in lines["sandbox"]["found"] for name in lost & set(NEEDED))


def test_a_trial_that_dies_is_a_protection_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setattr(protections, "_landlock", lambda version=1: os.kill(os.getpid(), 9))
    found = {item.name: item for item in protections.examine()}
    assert not found["landlock"].present and "signal" in found["landlock"].found
