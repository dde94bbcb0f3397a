"""Data of an instance: what the formulation carries, what files and tables bind, aligned to axes."""

from solvers.data.align import align
from solvers.data.bind import bind
from solvers.data.data import Data, DenseArray, Element, Origin, Patched, Raw, Scalar
from solvers.data.dump import dump
from solvers.data.sketch import sketch

__all__ = ["Data", "DenseArray", "Element", "Origin", "Patched", "Raw", "Scalar", "align", "bind", "dump", "sketch"]
