"""An independent check of a certificate, from the two original models alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from solvers.model import Model
    from verify.equivalence.outcome import Certificate


def replay(a: Model, b: Model, certificate: Certificate) -> bool:
    """Whether the certificate proves the two models equivalent."""
    raise NotImplementedError
