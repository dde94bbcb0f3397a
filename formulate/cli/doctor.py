"""What is installed, working, hidden or in conflict; what to do about the rest."""

from __future__ import annotations

import argparse

SUMMARY = "what is installed, working and hidden, and what to do about the rest"
EXAMPLE = "formulate doctor"


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(options: argparse.Namespace) -> int:
    raise NotImplementedError
