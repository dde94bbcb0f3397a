"""Programs that language models write: finding them in a completion. Nothing here executes one."""

from __future__ import annotations

from formulate.programs.extract import extract_program, extract_programs
from formulate.programs.found import ExtractionError, Program

__all__ = ["ExtractionError", "Program", "extract_program", "extract_programs"]
