"""Doing something after a module has been imported, whoever imports it, without importing it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_waiting: dict[str, str] = {}
"""Hook modules by the module they wait for."""
_done: set[str] = set()


def after_import(trigger: str, hooks: str) -> None:
    """Call `hook(module)` of the module `hooks` once `trigger` is imported; at once where it is already. Once only."""
    if hooks in _done or trigger in _waiting:
        return
    module = sys.modules.get(trigger)
    if module is not None and not getattr(getattr(module, "__spec__", None), "_initializing", False):
        _hook(module, hooks)
        return
    _waiting[trigger] = hooks
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def _hook(module: ModuleType, hooks: str) -> None:
    _done.add(hooks)
    import_module(hooks).hook(module)


class _Finder(MetaPathFinder):
    """Finds what others find, with a loader that sets the hooks after the module has run."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        hooks = _waiting.pop(fullname, None)
        if hooks is None:
            return None
        try:
            spec = find_spec(fullname)
        finally:
            _waiting[fullname] = hooks
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, hooks)
        return spec


class _Loader(Loader):
    def __init__(self, inner: Any, hooks: str) -> None:
        self.inner, self.hooks = inner, hooks

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As the library's own loader does."""
        made: ModuleType | None = self.inner.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, then the hooks."""
        self.inner.exec_module(module)
        _waiting.pop(module.__name__, None)
        _hook(module, self.hooks)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)
