"""Whether another distribution or a local folder hides one of our packages. Costs no import of them."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("formulate", "solvers", "verify", "data_synth", "evalsuite", "finetune")


class ShadowedError(Exception):
    """One of our packages is hidden; floor 1 may be the hidden one, so this error does not come from there."""

    exit_code = 5

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message, self.remedy, self.place = message, remedy, ""
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.message}\n  remedy: {self.remedy}" if self.remedy else self.message


def home() -> Path:
    """The folder that holds all our packages: the one this file was loaded from."""
    return Path(__file__).resolve().parent.parent.parent


def shadowed(names: Iterable[str] = PACKAGES) -> list[tuple[str, str]]:
    """(package, where the other one lies) for every package that would be imported from outside our folder.

    All our packages lie side by side, installed or editable, so one that resolves elsewhere is another's.
    """
    found = []
    for name in names:
        origin = _origin(name)
        if origin is None:
            found.append((name, "not found at all"))
        elif Path(origin).resolve() != home() / name:
            found.append((name, origin))
    return found


def _origin(name: str) -> str | None:
    """The folder (or file) a top-level package would be imported from."""
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    places = list(spec.submodule_search_locations or ())
    # A namespace package has no file of its own: a mere folder of that name on the path.
    return places[0] if places else spec.origin
