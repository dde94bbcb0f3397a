"""The things decided about (products, processes, vehicles, ...), found by parallel structure.

A candidate is a list of two to six names that the text enumerates ("small and large bouquets",
"process A and process B") or speaks about in parallel ("A truck can ...", "A van can ..."). Which
candidate is right is settled by what can be read with it; this module proposes and matches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from verify.reading.document import Document
from verify.reading.words import STOPWORDS, Token, word_set

_DETERMINERS = word_set("a an the each every one per some any their its his her our both either using via these")
_BREAKS = (STOPWORDS - word_set("of")) | word_set(
    "using use sell sells buy buys make makes made produce produces take takes contain contains require requires cost "
    "costs grow eat eats drink drinks transport transports plant plants need needs want wants must used called "
    "named including like through between among while whereas where when how what during because since also "
    "offer offers purchase purchases hire hires employ employs build builds run runs choose namely respectively "
    "mix mixes mixing combine operate operates get gets give gives send sends deliver delivers schedule pick "
    "feed feeds "
    "serve serves run install installs maximize minimize limited via by renting own either instead versus than "
    "dozen dozens hundred thousand couple pair pairs provide provides manufacture manufactures design designs "
    "conduct conducts consume consumes"
)
_LABEL_HEADS = word_set(
    "process experiment machine product type model lab factory plant generator fertilizer feed food supplement brand "
    "option project reaction method crop grade alloy ore mine farm vitamin pill ingredient vehicle service "
    "drug item component chemical company store shop team medication device solution compound activity "
    "crane initiative program department phase bond fund stock car truck vaccine procedure mode recipe diet"
)
_VERBS = word_set(
    "can may will must should is are was takes take took requires require needs need contains contain costs "
    "cost uses use "
    "produces produce makes make yields yield earns earn holds hold has have consumes consume generates generate "
    "brings bring gives give provides provide sells sell carries carry delivers deliver serves serve transports "
    "transport "
    "emits emit occupies occupy processes process cleans clean extracts extract pays pay charges charge covers cover "
    "weighs weigh spends spend adds add includes include works work outputs output creates create gets get moves move "
    "handles handle washes wash prints print reaches reach incurs incur consists demands demand generates cuts cut "
    "receives receive supplies supply attracts attract absorbs absorb removes remove fits fit returns return only also"
)
_GREEK = word_set("alpha beta gamma delta epsilon omega sigma")
_AGENTS = word_set(
    "company store shop farmer owner man woman bakery factory firm manufacturer restaurant clinic hospital "
    "school student "
    "teacher doctor patient person team department manager businessman business city government office customer he she "
    "they it student worker employee farm salesman dietician researcher scientist"
)
_MEASURED = word_set(
    "weight mass volume length height width size area price cost value profit revenue amount number quantity total sum"
)
_GENERIC = word_set("one ones type types kind kinds version versions model models size sizes sized option options")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an entity is named: its index, offsets, and whether only part of its name was used."""

    entity: int
    start: int
    end: int
    full: bool
    head_only: bool = False


@dataclass(frozen=True)
class Entities:
    """Names of what is decided, in order, with the stems that tell them apart.

    `shared` holds the stems common to all names (the class noun of "small bouquet" and "large
    bouquet"); `aliases[i]` the stem sequences that may stand for entity i, longest first.
    """

    names: tuple[str, ...]
    stems: tuple[tuple[str, ...], ...]
    shared: frozenset[str] = frozenset()
    aliases: tuple[tuple[tuple[str, ...], ...], ...] = field(default=())

    @property
    def vocabulary(self) -> frozenset[str]:
        """All stems of all names."""
        return frozenset(stem for stems in self.stems for stem in stems)


def make_entities(phrases: list[tuple[Token, ...]]) -> Entities | None:
    """Entities from the tokens of their names; None when the names do not differ."""
    stems = tuple(
        tuple(t.stem for t in phrase if (t.stem not in _GENERIC and t.stem != "of") or len(phrase) == 1)
        for phrase in phrases
    )
    if len(set(stems)) != len(stems) or not all(stems):
        return None
    shared = frozenset.intersection(*(frozenset(s) for s in stems))
    names = tuple(" ".join(t.text for t in phrase if t.lower not in _GENERIC or len(phrase) == 1) for phrase in phrases)
    aliases = []
    for k, own in enumerate(stems):
        others = {s for j, other in enumerate(stems) if j != k for s in other}
        found = {own}
        distinct = tuple(s for s in own if s not in shared)
        if distinct:
            found.add(distinct)
        # "car" for "personal car", "dog" for "sled dog", when no other name holds the word.
        if len(own) > 1 and own[-1] not in others and not own[-1].isdigit():
            found.add(own[-1:])
        for shorter in (own[1:], own[:-1] if shared else ()):
            if len(shorter) >= 1 and not set(shorter) <= others and len(shorter[0]) > 1:
                found.add(shorter)
        aliases.append(tuple(sorted((a for a in found if a), key=len, reverse=True)))
    common = set.intersection(*(set(a) for a in aliases))
    kept = tuple(tuple(a for a in group if a not in common and sum(a in g for g in aliases) == 1) for group in aliases)
    return Entities(names, stems, shared, kept) if all(kept) else None


def _is_letter_name(token: Token) -> bool:
    return len(token.text) == 1 and token.text.isupper()


def _accepts(tokens: tuple[Token, ...], i: int, alias: tuple[str, ...], own: tuple[str, ...]) -> bool:
    """Whether the alias stands at tokens[i:] as a name and not as part of another noun or an article."""
    words = tokens[i : i + len(alias)]
    if len(words) < len(alias) or any(t.stem != a for t, a in zip(words, alias)):
        return False
    if len(alias) == 1 and len(alias[0]) == 1:
        if not words[0].text.isupper() and not words[0].text.isdigit():
            return False
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        sentence_start = i == 0 or (tokens[i - 1].kind == "mark" and tokens[i - 1].text in ".!?")
        if (
            words[0].text in ("A", "I")
            and following is not None
            and following.kind == "word"
            and (sentence_start and following.lower not in _VERBS)
        ):
            return False
        if words[0].text.isdigit() and not (i and tokens[i - 1].stem in own):
            return False
        if (
            i
            and tokens[i - 1].stem in ("vitamin", "substance", "team", "resource", "ingredient", "nutrient")
            and (tokens[i - 1].stem not in own)
        ):
            return False
    if alias != own and alias[0].isdigit() and not (i and tokens[i - 1].stem in own):
        return False
    if len(alias) < len(own) and alias == own[: len(alias)]:
        # The front of a name alone ("chocolate" of "chocolate crepe") must not modify another noun.
        following = tokens[i + len(alias)] if i + len(alias) < len(tokens) else None
        if (
            following is not None
            and following.kind == "word"
            and not (
                following.lower in STOPWORDS
                or following.stem in _GENERIC
                or following.lower in _VERBS
                or following.stem in own
                or following.lower.endswith("ly")
            )
        ):
            return False
    return True


def mentions_in(entities: Entities, tokens: tuple[Token, ...]) -> tuple[Mention, ...]:
    """Mentions of entities among tokens, longest alias first, no overlaps."""
    first: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for k, group in enumerate(entities.aliases):
        for alias in group:
            first.setdefault(alias[0], []).append((alias, k))
    for options in first.values():
        options.sort(key=lambda option: -len(option[0]))
    found: list[Mention] = []
    i = 0
    while i < len(tokens):
        for alias, k in first.get(tokens[i].stem, ()):
            if _accepts(tokens, i, alias, entities.stems[k]):
                last = i + len(alias)
                while (
                    last < len(tokens)
                    and tokens[last].kind == "word"
                    and (tokens[last].stem in entities.shared or tokens[last].stem in _GENERIC)
                ):
                    last += 1
                own = entities.stems[k]
                bare = len(own) > 1 and alias == own[-1:] and own[-1] not in entities.shared and len(own[-1]) > 1
                found.append(Mention(k, tokens[i].start, tokens[last - 1].end, alias == own, bare))
                i = last
                break
        else:
            i += 1
    return tuple(found)


def _noun_like(token: Token) -> bool:
    return token.kind == "word" and token.lower not in _BREAKS


def _left_phrases(tokens: tuple[Token, ...], end: int) -> list[tuple[Token, ...]]:
    """Phrases of one to four words that end before tokens[end]."""
    begin = end
    while (
        begin > 0
        and end - begin < 5
        and (
            _noun_like(tokens[begin - 1])
            or (tokens[begin - 1].kind == "number" and begin >= 2 and tokens[begin - 2].stem in _LABEL_HEADS)
            or _is_letter_name(tokens[begin - 1])
        )
    ):
        begin -= 1
    return [tokens[b:end] for b in range(begin, end) if tokens[b].stem != "of"]


def _right_phrases(tokens: tuple[Token, ...], start: int) -> list[tuple[Token, ...]]:
    """Phrases of one to four words that begin at tokens[start], determiners skipped."""
    while (
        start < len(tokens)
        and tokens[start].lower in _DETERMINERS
        and not (_is_letter_name(tokens[start]) and (start + 1 == len(tokens) or not _noun_like(tokens[start + 1])))
    ):
        start += 1
    end = start
    while (
        end < len(tokens)
        and end - start < 5
        and (
            _noun_like(tokens[end])
            or _is_letter_name(tokens[end])
            or (tokens[end].kind == "number" and end > start and tokens[end - 1].stem in _LABEL_HEADS)
        )
    ):
        end += 1
    return [tokens[start:e] for e in range(start + 1, end + 1) if tokens[e - 1].stem != "of"]


def _count(phrase: tuple[str, ...], stream: list[str], index: dict[str, list[int]]) -> int:
    return sum(1 for i in index.get(phrase[0], ()) if tuple(stream[i : i + len(phrase)]) == phrase)


def _strip(phrase: tuple[Token, ...]) -> tuple[Token, ...]:
    kept = tuple(t for t in phrase if t.stem not in _GENERIC)
    return kept or phrase


def _join_heads(parts: list[tuple[Token, ...]]) -> list[list[tuple[Token, ...]]]:
    """The parts as they are, and with a head shared: "small and large bouquets", "fertilizers A and B"."""
    options = [parts]
    last, first = parts[-1], parts[0]
    if len(last) > 1:
        for k in range(1, len(last)):
            head = last[k:]
            options.append([*(p + head for p in parts[:-1]), last])
    if len(first) > 1 and all(len(p) <= 2 for p in parts[1:]):
        head = first[:-1]
        options.append([first, *(head + p for p in parts[1:])])
    return options


def candidate_entities(document: Document, limit: int = 12) -> tuple[Entities, ...]:
    """Proposed entity lists, most supported first. Support is how often every name recurs, and how long it is."""
    stream = [t.stem for s in document.sentences[:400] for t in s.tokens[:400]][:20_000]
    index: dict[str, list[int]] = {}
    for i, stem in enumerate(stream):
        index.setdefault(stem, []).append(i)
    scored: dict[tuple[tuple[str, ...], ...], tuple[float, Entities]] = {}

    def propose(parts: list[tuple[Token, ...]], bonus: float = 0.0, least: int = 2) -> None:
        if len(scored) >= 400:
            return
        parts = [_strip(p) for p in parts]
        if any(len(p) > 2 and p[0].stem in _MEASURED and p[1].lower == "of" for p in parts):
            return  # "the weight of gates" is no name
        entities = make_entities(parts)
        if entities is None or any(len(s) > 5 for s in entities.stems):
            return
        if any(set(s) <= STOPWORDS or (s[-1] in _BREAKS and len(s[-1]) > 1) for s in entities.stems):
            return
        if any(
            set(other) <= set(s) and other != s and len(other) < len(s) - 1
            for s in entities.stems
            for other in entities.stems
        ):
            return
        if any(
            own != other and set(own) < set(other) and own != other[: len(own)]
            for own in entities.stems
            for other in entities.stems
        ):
            return
        if any(
            own == other[: len(own)] and len(other) == len(own) + 1 and len(other[-1]) == 1
            for own in entities.stems
            for other in entities.stems
            if own != other
        ):
            return
        if any(s[-1] in _AGENTS for s in entities.stems) and not all(s[-1] in _AGENTS for s in entities.stems):
            return
        counts = [_count(s, stream, index) for s in entities.stems]
        weak = [max(_count(a, stream, index) for a in group) for group in entities.aliases]
        if min(weak) < least:
            return
        length = sum(len(s) for s in entities.stems) / len(entities.stems)
        score = min(min(counts), 4) * 3 + min(min(weak), 5) + 0.8 * min(length, 3) + bonus
        key = tuple(sorted(entities.stems))
        if key not in scored or scored[key][0] < score:
            scored[key] = (score, entities)

    for sentence in document.sentences[:400]:
        tokens = sentence.tokens[:400]
        for i, token in enumerate(tokens):
            if token.lower in ("and", "or", "&", "/", "to", "than", "as") and 0 < i < len(tokens) - 1:
                _propose_conjunction(tokens, i, propose, token.lower in ("and", "or", "&", "/"))
    _propose_subjects(document, propose)
    _propose_labelled(document, propose)
    ranked = sorted(scored.values(), key=lambda pair: -pair[0])
    return tuple(entities for _, entities in ranked[:limit])


def _propose_conjunction(tokens: tuple[Token, ...], i: int, propose: object, true_list: bool) -> None:
    assert callable(propose)
    if not true_list:
        return
    end = i - 1 if tokens[i - 1].text == "," else i
    lefts = _left_phrases(tokens, end)[-4:]
    start = i + 1
    rights = _right_phrases(tokens, start)[:4]
    for right in rights:
        for left in lefts:
            for option in _join_heads([left, right]):
                propose(option)
        # A longer list: walk left over commas.
        chain: list[tuple[Token, ...]] = []
        position = end
        while position > 0 and len(chain) < 5:
            phrases = _left_phrases(tokens, position)
            if not phrases:
                break
            phrase = phrases[0] if len(phrases) <= 3 else phrases[-2]
            begin = position - len(phrase)
            chain.insert(0, phrase)
            if begin > 0 and tokens[begin - 1].lower in _DETERMINERS:
                begin -= 1
            if begin > 1 and tokens[begin - 1].text == ",":
                position = begin - 1
            else:
                break
        if len(chain) >= 2:
            for option in _join_heads([*chain, right]):
                propose(option, 4.0)
            for cut in range(1, len(chain[0])):
                for option in _join_heads([chain[0][cut:], *chain[1:], right]):
                    propose(option, 4.0)


def _propose_labelled(document: Document, propose: object) -> None:
    """Names made of a noun and a letter or number: "process J" and "process P", "beam 1" and "beam 2"."""
    assert callable(propose)
    found: dict[str, dict[str, tuple[Token, ...]]] = {}
    for sentence in document.sentences[:400]:
        tokens = sentence.tokens[:400]
        for noun, label in pairwise(tokens):
            if noun.kind != "word" or noun.lower in STOPWORDS or len(noun.text) < 2 or label.start != noun.end + 1:
                continue
            if _is_letter_name(label) or (label.kind == "number" and len(label.text) == 1) or label.lower in _GREEK:
                found.setdefault(noun.stem, {}).setdefault(label.text, (noun, label))
    _propose_letters(document, propose)
    for labels in found.values():
        if 2 <= len(labels) <= 6:
            propose(list(labels.values()), 2.0)
        if 3 <= len(labels) <= 7:
            # A stray number after the noun must not hide the named ones.
            letters = [phrase for label, phrase in labels.items() if not label.isdigit()]
            if 2 <= len(letters) < len(labels):
                propose(letters, 2.0)


def _propose_letters(document: Document, propose: object) -> None:
    """Bare symbols used as names throughout: X, Y and Z, or x1, x2 and x3."""
    assert callable(propose)
    for shape in (r"[B-HJ-Z]", r"[A-HJ-Z]", r"[a-zA-Z]\d{1,2}"):
        symbols: dict[str, Token] = {}
        for sentence in document.sentences[:400]:
            for token in sentence.tokens[:400]:
                if re.fullmatch(shape, token.text):
                    symbols.setdefault(token.stem, token)
        if 2 <= len(symbols) <= 6:
            propose([(token,) for token in symbols.values()], 3.0)


def _propose_subjects(document: Document, propose: object) -> None:
    """Names that stand as subjects of parallel statements: "A truck can carry 300 ..."."""
    assert callable(propose)
    subjects: dict[tuple[str, ...], tuple[Token, ...]] = {}
    for sentence in document.sentences[:400]:
        tokens = sentence.tokens[:400]
        for i, token in enumerate(tokens[:-2]):
            if token.lower not in ("a", "an", "each", "every", "per", "one", "the"):
                continue
            for phrase in _right_phrases(tokens, i + 1)[:4]:
                j = next((k for k in range(i, len(tokens)) if tokens[k] is phrase[-1]), i) + 1
                if j < len(tokens) and tokens[j].lower in _VERBS and any(t.kind == "number" for t in tokens[j : j + 9]):
                    phrase = _strip(phrase)
                    subjects.setdefault(tuple(t.stem for t in phrase), phrase)
    phrases = list(subjects.values())[:8]
    if 2 <= len(phrases) <= 6:
        propose(phrases, 0.0, 1)
    for left, right in pairwise(phrases):
        propose([left, right], 0.0, 1)
