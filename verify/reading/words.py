"""Words: tokens with offsets, singular forms, stems, and the closed word lists of the readers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# One pass, no nested repetition: every alternative begins with a different character class.
TOKEN = re.compile(
    r"(?P<number>(?:\d{1,3}(?:,\d{3}){1,90}(?!\d)|\d+)(?:\.\d+)?|\.\d+)"
    r"|(?P<word>[^\W\d_][\w]*(?:['’\-][^\W\d_]\w*)*(?:'|’(?=\s))?)"
    r"|(?P<mark>[^\w\s]|_)"
)

_IRREGULAR = {
    "people": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "mice": "mouse",
    "geese": "goose",
    "feet": "foot",
    "teeth": "tooth",
    "loaves": "loaf",
    "knives": "knife",
    "leaves": "leaf",
    "shelves": "shelf",
    "wolves": "wolf",
    "halves": "half",
    "lives": "life",
    "potatoes": "potato",
    "tomatoes": "tomato",
    "mangoes": "mango",
    "axes": "axe",
    "buses": "bus",
    "gases": "gas",
    "lenses": "lens",
    "movies": "movie",
    "cookies": "cookie",
    "brownies": "brownie",
    "pies": "pie",
    "calories": "calorie",
    "smoothies": "smoothie",
    "ties": "tie",
    "batteries": "battery",
    "hoodies": "hoodie",
    "veggies": "veggie",
    "dice": "die",
    "is": "is",
    "was": "was",
    "has": "has",
    "his": "his",
    "its": "its",
    "this": "this",
    "less": "less",
    "us": "us",
    "as": "as",
    "yes": "yes",
    "gas": "gas",
    "bus": "bus",
    "lens": "lens",
    "always": "always",
    "series": "series",
    "species": "species",
    "plus": "plus",
    "minus": "minus",
    "thus": "thus",
    "does": "does",
    "analyses": "analysis",
    "canoes": "canoe",
    "shoes": "shoe",
    "toes": "toe",
    "hoes": "hoe",
    "oboes": "oboe",
    "quizzes": "quiz",
    "chefs": "chef",
    "selfies": "selfie",
    "pairs": "pair",
    "goods": "good",
    "crepes": "crepe",
}


def word_list(text: str) -> list[str]:
    """The words of a text, in order: how word lists are written in this package."""
    return text.split()


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


def parse_number(digits: str) -> int | float:
    """The value of a plain numeral such as `1,250` or `0.5`; an int where no fraction is written."""
    plain = digits.replace(",", "")
    return float(plain) if "." in plain else int(plain)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark with its offsets into the text; `kind` is word, number or mark."""

    text: str
    start: int
    end: int
    kind: str
    lower: str
    stem: str

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """The singular of a lower-case noun, by rule; verbs in -s lose it too, which matching wants."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith(("'s", "’s")):
        return word[:-2]
    if word.endswith(("'", "’")):
        word = word[:-1]
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("buses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


def tokenize(text: str, offset: int = 0) -> tuple[Token, ...]:
    """Words, numbers and marks of a text, with offsets shifted by `offset`. Linear time."""
    tokens = []
    for match in TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        word = match.group()
        lower = word.lower().replace("’", "'")
        stem = singular(lower) if kind == "word" else lower
        tokens.append(Token(word, match.start() + offset, match.end() + offset, kind, lower, stem))
    return tuple(tokens)


STOPWORDS = word_set(
    "a an the each every of to in on at by for from with as and or but if then than that which who whom whose "
    "this these those there their its it his her he she they them we our your you i be is are was were been being "
    "can could may might must should shall will would do does did has have had not no nor so such very more most "
    "less least many much any some all both either neither also only just per total number amount worth "
    "available into onto over under up down out about while whereas"
)
