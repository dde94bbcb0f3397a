"""Names of entities and their short forms: `Facility P`, `facility P`, `P`; `Technology 1`, `Tech1`."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ORDINALS = {
    word: str(place)
    for place, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), start=1
    )
}
_TOKEN = re.compile(r"[^\W\d_]+|\d+")


def tokens(text: str) -> tuple[str, ...]:
    """The words and numbers of a label in lower case; letters and digits are parted (`H1` is h, 1)."""
    words = [token.lower() for token in _TOKEN.findall(text)]
    return tuple(_ORDINALS.get(word, word) for word in words)


def merge_mentions(mentions: Iterable[str]) -> dict[str, str]:
    """Each mention's entity, when some are short forms of others (`Node Q` and `Q`): the longer form wins."""
    seen = list(dict.fromkeys(mentions))
    by_tokens: dict[tuple[str, ...], str] = {}
    for mention in seen:
        by_tokens.setdefault(tokens(mention), mention)
    table: dict[str, str] = {}
    for mention in seen:
        key = tokens(mention)
        longer = [
            other
            for form, other in by_tokens.items()
            if len(form) > len(key) and form[len(form) - len(key) :] == key and len(form) - len(key) <= 2
        ]
        table[mention] = longer[0] if len(longer) == 1 else by_tokens[key]
    return table


def _shared_head(forms: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The class words that most labels begin with; a label told without them (`Q` beside `Node P`) does not count."""
    long = [form for form in forms if len(form) > 1]
    if not long or len(long) * 2 < len(forms):
        return ()
    shared = 0
    while all(len(form) > shared + 1 for form in long) and len({form[shared] for form in long}) == 1:
        shared += 1
    return long[0][:shared]


def _capital(label: str) -> str:
    """A pattern for a label as written; a lower-case one also with the capital that begins a sentence."""
    first = label[:1]
    if first.isascii() and first.islower():
        return f"[{first}{first.upper()}]{re.escape(label[1:])}"
    return re.escape(label)


class Names:
    """The labels of one set of entities, and what they share: the class words before them (`Facility`)."""

    def __init__(self, labels: Iterable[str]) -> None:
        self.labels = tuple(labels)
        forms = [tokens(label) for label in self.labels]
        self.head = _shared_head(forms)
        shared = len(self.head)
        self._cores = {
            label: form[shared:] if form[:shared] == self.head else form for label, form in zip(self.labels, forms)
        }
        self._forms = dict(zip(self.labels, forms))

    def __len__(self) -> int:
        return len(self.labels)

    def core(self, label: str) -> str:
        """The label without the class words, as written."""
        spans = list(_TOKEN.finditer(label))
        if len(spans) > len(self.head) and tokens(label)[: len(self.head)] == self.head:
            return label[spans[len(self.head)].start() :]
        return label

    def match(self, mention: str) -> str | None:
        """The one label that a mention means, or None."""
        key = tokens(mention)
        if not key:
            return None
        turned = [label for label, form in self._forms.items() if sorted(form) == sorted(key)]
        if len(turned) == 1:
            return turned[0]
        for forms in (self._forms, self._cores):
            found = [label for label, form in forms.items() if form == key]
            if len(found) == 1:
                return found[0]
        longer = [
            label
            for label, core in self._cores.items()
            if len(key) > len(core)
            and key[len(key) - len(core) :] == core
            and all(
                any(word.startswith(part) or part.startswith(word) for word in self.head)
                for part in key[: len(key) - len(core)]
            )
        ]
        if len(longer) == 1:
            return longer[0]
        tails = [label for label, form in self._forms.items() if form[len(form) - len(key) :] == key]
        return tails[0] if len(tails) == 1 else None

    def find(self, text: str) -> list[tuple[str, int, int]]:
        """The labels that a text mentions by name, with their spans, in order."""
        found: list[tuple[str, int, int]] = []
        for label in sorted(self.labels, key=len, reverse=True):
            for pattern in self._patterns(label):
                for match in re.finditer(pattern, text):
                    if not any(a < match.end() and match.start() < b for _, a, b in found):
                        found.append((label, *match.span()))
        found = sorted(found, key=lambda item: item[1])
        return self._continued(text, found)

    def _patterns(self, label: str) -> list[str]:
        core = re.escape(self.core(label)).replace(r"\ ", r"[\s-]?")
        head = r"[\s-]*".join(map(re.escape, self.head))
        plain = self.core(label)
        patterns = [
            rf"(?<![\w-])(?i:{re.escape(label)})(?![\w-])"
            if self._distinctive(label)
            else rf"(?<![\w-]){_capital(label)}(?![\w-])"
        ]
        if self.head:
            patterns.append(rf"(?<![\w-])(?i:{head}s?)[\s-]*{core}(?![\w-])")
            if re.fullmatch(r"[A-Z][\w'-]{2,}(?: [\w'-]+)*|[A-Z]{1,3}\d+|[A-Z]{2,}", plain):
                patterns.append(rf"(?<![\w-]){re.escape(plain)}(?![\w-])")
        return patterns[1:] if label.isdigit() else patterns  # a bare number is no mention without its class word

    def _distinctive(self, label: str) -> bool:
        return len(label) > 3 and len(tokens(label)) > 1

    def _continued(self, text: str, found: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        """Labels after a list word: the 2 of `Facility 1 and 2`, the B of `A and B`."""
        cores = {self.core(label): label for label in self.labels}
        grown = list(found)
        queue = list(found)
        while queue:
            _, _, end = queue.pop(0)
            match = re.match(
                r"(?:\s*,\s*(?:and|or)?\s*|\s+(?:and|or|to|through)\s+(?:the\s+)?)([A-Za-z\d][\w'-]*)", text[end:]
            )
            if match and match[1] in cores and not any(a == end + match.start(1) for _, a, _ in grown):
                item = (cores[match[1]], end + match.start(1), end + match.end(1))
                grown.append(item)
                queue.append(item)
        return sorted(grown, key=lambda item: item[1])
