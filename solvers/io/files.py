"""A model from a file and into a file, by its extension."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from solvers.errors import FormatError
from solvers.io.source import read_bytes, read_text

if TYPE_CHECKING:
    from solvers.io.names import Names
    from solvers.model import Model

EXTENSIONS = (".mps", ".lp", ".nl")


def extension(path: str | os.PathLike[str]) -> str:
    """`.mps`, `.lp` or `.nl`, also before `.gz`. Raises FormatError."""
    name = os.path.basename(os.fspath(path))
    stem, suffix = os.path.splitext(name.lower())
    if suffix == ".gz":
        suffix = os.path.splitext(stem)[1]
    if suffix not in EXTENSIONS:
        raise FormatError(
            f"the extension {suffix or 'that is missing'} names no format",
            file=name,
            remedy="use .mps, .lp or .nl, each also with .gz",
        )
    return suffix


def read_model(path: str | os.PathLike[str]) -> Model:
    """The model in a file. Raises FormatError with line and column, and UnsupportedError for what is not read.

    Names beside an NL file (`x.col`, `x.row` beside `x.nl`) are read too.
    """
    kind = extension(path)
    if kind == ".mps":
        from solvers.io.mps_read import read_mps

        return read_mps(read_text(path))
    if kind == ".lp":
        from solvers.io.lp_read import read_lp

        return read_lp(read_text(path))
    from solvers.io.nl_names import side_names
    from solvers.io.nl_read import read_nl

    return read_nl(os.path.basename(os.fspath(path)), read_bytes(path), *side_names(path))


def write_model(model: Model, path: str | os.PathLike[str]) -> Names:
    """Write a model; the names that its rows and columns have in the file.

    Raises UnsupportedError, before anything is written, for what the format cannot hold.
    """
    kind = extension(path)
    if kind == ".mps":
        from solvers.io.mps_write import write_mps

        return write_mps(model, path)
    if kind == ".lp":
        from solvers.io.lp_write import write_lp

        return write_lp(model, path)
    from solvers.io.nl_write import write_nl

    return write_nl(model, path)
