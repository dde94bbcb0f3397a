"""Recording look-alikes of commercial modelling libraries: programs import them under the genuine names.

`install()` puts a finder before all others, so that `import gurobipy` loads the look-alike, whether or not the
genuine library is there; nothing is imported before a program asks for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

NAMES = ("gurobipy", "coptpy")
_HOME = "solvers.sandbox.lookalike"


class _Alias(Loader):
    """Loads a module of ours under another name."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Ours itself, which keeps its own spec."""
        module = import_module(f"{_HOME}.{spec.name}")
        self.own = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """It ran under its own name; what the import system wrote over is put back."""
        module.__spec__ = self.own


class LookalikeFinder(MetaPathFinder):
    """Finds the look-alikes under the genuine names."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        """The look-alike's spec, also of modules within it; None for everything else."""
        if fullname.partition(".")[0] not in self.names:
            return None
        from importlib.util import find_spec

        try:
            own = find_spec(f"{_HOME}.{fullname}")
        except ModuleNotFoundError:
            own = None
        if own is None:
            raise ModuleNotFoundError(f"No module named {fullname!r} in the recording look-alike", name=fullname)
        return ModuleSpec(fullname, _Alias(), is_package=own.submodule_search_locations is not None)


def install(names: Iterable[str] = NAMES) -> None:
    """Let `import gurobipy` and `import coptpy` load the look-alikes; a genuine one that is loaded is taken out."""
    finder = next((item for item in sys.meta_path if isinstance(item, LookalikeFinder)), None)
    if finder is None:
        finder = LookalikeFinder()
        sys.meta_path.insert(0, finder)
    for name in names:
        if name not in NAMES:
            raise ValueError(f"there is no look-alike of {name}; there are {', '.join(NAMES)}")
        finder.names.add(name)
        for loaded in [item for item in sys.modules if item == name or item.startswith(f"{name}.")]:
            if not getattr(sys.modules[loaded], "__name__", "").startswith(_HOME):
                del sys.modules[loaded]


def uninstall() -> None:
    """Let the genuine libraries be found again."""
    for finder in [item for item in sys.meta_path if isinstance(item, LookalikeFinder)]:
        sys.meta_path.remove(finder)
        for name in finder.names:
            for loaded in [item for item in sys.modules if item == name or item.startswith(f"{name}.")]:
                del sys.modules[loaded]
