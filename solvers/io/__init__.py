"""Model files: MPS, LP and NL, read and written."""

from solvers.io.files import EXTENSIONS, read_model, write_model

__all__ = ["EXTENSIONS", "read_model", "write_model"]
