"""A checkout that lies where programs have their private directory still serves them, and stays closed to them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import solvers

SCRIPT = """
from solvers.sandbox import run
import solvers
done = run('''
import os
import highspy
h = highspy.Highs()
h.setOptionValue("output_flag", False)
x = h.addVariable(ub=3)
h.maximize(x)
try:
    open(%r + "/solvers/model.py", "a")
    print("written")
except OSError:
    print("refused")
open("own", "w").close()
print(sorted(os.listdir(%r)))
''')
assert done.error is None, done.error
print(solvers.__file__.startswith(%r), done.result.objective, done.output.split())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the jail is Linux's")
def test_a_checkout_below_tmp() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        shutil.copytree(Path(solvers.__file__).parent, Path(folder, "solvers"), ignore=shutil.ignore_patterns("__pycache__"))
        Path(folder, "secret").write_text("not for programs")
        environment = {**os.environ, "PYTHONPATH": folder}
        script = SCRIPT % (folder, folder, folder)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=120,
                              check=False, cwd="/")  # fmt: skip
    assert done.stdout.split()[:3] == ["True", "3.0", "['refused',"], done.stdout + done.stderr
    assert "secret" not in done.stdout and "solvers" in done.stdout
