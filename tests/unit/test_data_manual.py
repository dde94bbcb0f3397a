"""The examples of docs/DATA.md bind, each file format to the same numbers."""

import re
from pathlib import Path

from solvers.data import align, bind
from solvers.schema import loads

MANUAL = (Path(__file__).parents[2] / "docs" / "DATA.md").read_text(encoding="utf-8")


def test_the_examples_of_the_manual_bind_to_the_same_numbers(tmp_path):
    formulation = loads(re.search(r"```yaml\n(.*?)```", MANUAL, re.S).group(1))
    for kind in ("json", "csv"):
        files = re.findall(rf"```{kind} (\S+)\n(.*?)```", MANUAL, re.S)
        assert files
        folder = tmp_path / kind
        folder.mkdir()
        for name, text in files:
            (folder / name).write_text(text, encoding="utf-8")
        data = bind(formulation, folder)
        axes = {"plants": data.sets["plants"], "weeks": range(1, 4)}
        found = {
            p.name: align(p, [axes[a] for a in p.axes], data.parameters[p.name]).tolist() for p in formulation.parameters
        }
        assert found == {"horizon": 3, "supply": [350, 600], "need": [[1, 2, 3], [4, 5, 6]]}
