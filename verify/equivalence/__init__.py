"""Are two formulations or models the same? A verdict with a certificate that replays (after ORGEval, made exact)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verify.equivalence.candidates import equivalent
    from verify.equivalence.classes import equivalence_classes
    from verify.equivalence.outcome import Certificate, Equivalence, Options
    from verify.equivalence.replay import replays

__all__ = ["Certificate", "Equivalence", "Options", "equivalence_classes", "equivalent", "replays"]

_HOME = {
    "Certificate": "verify.equivalence.outcome", "Equivalence": "verify.equivalence.outcome",
    "Options": "verify.equivalence.outcome", "equivalent": "verify.equivalence.candidates",
    "equivalence_classes": "verify.equivalence.classes", "replays": "verify.equivalence.replay",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load the public names when they are first used: importing the package costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'verify.equivalence' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
