"""Prompts as files: `prompt("elements", problem=...)` fills the places `{{problem}}` of elements.md."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PLACE = re.compile(r"\{\{([a-z_]+)\}\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A filled prompt. `hash` is that of the file before it was filled: which wording was used."""

    name: str
    text: str
    hash: str


@cache
def template(name: str) -> str:
    """The text of a prompt file. Raises FileNotFoundError."""
    return (files("formulate.prompts") / f"{name}.md").read_text(encoding="utf-8")


def prompt(name: str, **values: str) -> Prompt:
    """Fill a prompt. What is filled in is never searched for places: a problem text cannot name one.

    Raises KeyError for a place without a value, ValueError for a value without a place.
    """
    text = template(name)
    wanted = set(_PLACE.findall(text))
    if extra := set(values) - wanted:
        raise ValueError(f"{name}.md has no place for {', '.join(sorted(extra))}")
    filled = _PLACE.sub(lambda match: values[match.group(1)], text)
    return Prompt(name, filled.strip(), hashlib.sha256(text.encode()).hexdigest()[:16])
