"""Show what the reader found in a problem text."""

from __future__ import annotations

import argparse

SUMMARY = "what the reader finds in a text: quantities, units, entities, relations, goal, leftovers"
EXAMPLE = "formulate read examples/bakery.txt"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `formulate read`."""
    parser.add_argument("problem", metavar="PROBLEM", help="a text file, or - for standard input")


def run(options: argparse.Namespace) -> int:
    raise NotImplementedError
