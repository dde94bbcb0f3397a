"""Formulations and solutions for people: plain text, five-element text, LaTeX, terminal tables."""

from solvers.render.safe import printable

__all__ = ["printable"]
