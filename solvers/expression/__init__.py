"""The closed expression language: `parse` and `unparse` are inverse; nothing is ever executed."""

from solvers.expression.parser import parse, parse_generator
from solvers.expression.printer import unparse, unparse_generator
from solvers.expression.walk import children, free_names, map_children, substitute, walk

__all__ = [
    "children", "free_names", "map_children", "parse", "parse_generator", "substitute", "unparse",
    "unparse_generator", "walk",
]
