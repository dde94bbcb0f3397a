"""One closed tour through all places at least total length (the travelling salesman), with conditions on links.

Links that serve both ways are chosen without direction; one unit of a flow goes from the first place to
every other over the chosen links, which rules out subtours (single-commodity flow, Gavish and Graves 1978).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from formulate.offline.families.build import label_set, scalar, table_of
from formulate.offline.families.case import Amount, Case, Claims, Found, Refusal, Sentence
from formulate.offline.families.detours import shortened_by_detours
from formulate.offline.families.licences import TOUR
from formulate.offline.families.measures import common_unit, unit_key
from formulate.offline.families.names import Names, merge_mentions
from solvers.formulation import (
    Assumption,
    Constraint,
    Formulation,
    IndexSet,
    Key,
    Objective,
    Parameter,
    Term,
    Unused,
    Variable,
)
from verify.reading.records import RecordGroup
from verify.reading.tables import Table
from verify.reading.words import word_list

_CLOSED = (
    r"\breturn\w*|\bcircuit\w*|\btour\b|\bcycl\w+|\bclosed\b|\bround[- ]?trip\b|\bloop\b|\bconclud\w+"
    r"|\bback\s+(?:at|to)\b|\bhamiltonian\b"
    r"|\bends?\s+(?:at|back|where)\b|\bending\s+(?:at|back|where)\b|\bterminat\w+"
)
_STARTS_AT = r"\b(?:start|begin|depart|leav|commenc|originat|initiat)\w*\s+(?:\w+\s+)?(?:at|from|in)?\s*(?:the\s+)?$"
_ENDS_AT = r"\b(?:end|terminat|conclud|finish|return|complet)\w*\s+(?:back\s+)?(?:at|in|to)\s+(?:the\s+)?$"
_EACH_ONCE = r"\bonce\b|\b(?:one|single)\s+(?:\w+\s+)?(?:time|visit|stop|inspection)\b|\b(?:each|every|all)\b"
_OPEN = (
    r"\b(?:without|no\s+need\s+(?:to|of)|not\s+(?:need|have|required)\s+to)\s+return\w*|\bopen\s+(?:path|route"
    r"|tour)\b|\bhamiltonian\s+path\b"
)
_DASH = (
    r"\ba\s+(?:dash|hyphen|cross|minus)\s+(?:means|says|indicates|shows|marks)\s+(?:that\s+)?(?:there\s+is\s+)?no\s+(?:direct\s+)?"
    r"(?:way|road|link|connection|path|route|flight)\b(?=\s*[.;])"
)
_CHEAP = r"efficien|optim|short|minim|least|low|fast|quick|small|econom"
_ONCE = (
    r"\b(?:exactly|precisely|only|just)\s+(?:one|a\s+single)\s+(?:time|visit|stop|occasion|inspection|delivery)\b",
    r"\b(?:visits?|visited|inspect\w*|serv\w+|stop\w*|enter\w*)\b[^.,;]*\b(?:exactly|precisely|only)\s+one\b(?!\s+of)",
    r"\b(?:represent|reflect|includ|denot|cover|encompass)\w*\s+either\b",
    r"\b(?:in|from|for|traversed\s+in)\s+both\s+directions?\b",
    r"\bboth\s+(?:ways|fixed|directions)\b",
    r"\bsame\s+in\s+both\b",
    r"\b(?:both|is|are)\s+(?:both\s+)?(?:fixed|constant|symmetric\w*|deterministic)\b[^.;,]*",
    r"\beither\s+(?:direction|way)\b",
    (
        r"\bclosed(?=[\s-]+(?:\w+[\s-]+)?(?:loop|circuit|tour|route|cycle|path|inspection|delivery|itinerary"
        r"|flight))"
    ),
    r"\bmandatory\s+(?:visit\w*|coverage|inclusion|\w+\s+of\s+(?:all|each|every))\b",
    r"\bany\s+two\b",
)
_ALIKE = (
    r"(?<!not )\bsymmetric\w*"
    r"|\b(?:same|equal|identical)\s+(?:\w+\s+){0,2}(?:both|either|each)\s+(?:directions?|ways?)\b"
    r"|\bbidirectional\w*"
)
_START = (
    r"\b(?:return\w*|depart\w*|start\w*|begin\w*|commenc\w*|conclud\w*|initiat\w*|originat\w*|end(?:s"
    r"|ing)?|back|launch(?:es|ing|ed)?|leav\w+"
    r"|terminat\w+)\b[^.,;]*(?:,\s*[\w ]{1,30},)?"
)
_BARRED = (
    r"\bno\s+(?:\w+\s+){0,3}(?:direct|road|route|link|connection|path|corridor|travel|line|flight|passage"
    r"|access|way)\b|\bunavailable\b|\bnot\s+(?:be\s+)?\w*\s*(?:"
    r"available|exist|possible|permitted|allowed|used|usable|accessible|connected|traversable|feasible"
    r"|viable)|\bcannot\b|\bclosed\b|\bimpassable\b"
    r"|\bblocked\b|\bunusable\b|\bprohibited\b|\bforbidden\b|\bout\s+of\s+(?:service|order)\b|\bsevered\b"
    r"|\bimpossible\b|\binaccessible\b"
    r"|\blacks?\b|\babsen(?:t|ce)\b|\bnon-?existent\b|\bdoes\s+not\s+exist\b|\bmust\s+not\b|\bdisallowed\b"
    r"|\bobstructed\b|\bsuspended\b"
    r"|\bno\s+longer\b|\binoperable\b|\boff-?limits\b|\bbarred\b|\bruled\s+out\b|\bprevent\w*\b"
    r"|\bpreclud\w+\b|\bexclud\w+\b|\bnot\s+be\b|\brestricted\b(?!\s+to)"
)
_TURNED = r"\bnot\b(?!\s+both)|\bnever\b|\bno\b|\bavoid\w*|\bskip\w*|\bleave\b|\bleft\b|\bomit\w*|\bunless\b|\bif\b"
_EXACTLY = r"\b(?:exactly|precisely|only|just)\s+(?:one|1|a\s+single)\b|\bone\s+and\s+only\s+one\b|\ba\s+single\s+one\b"
_SOME = r"\bat\s+least\s+(?:one|1)\b"
_NOT_BOTH = (
    r"\bat\s+most\s+(?:one|1)\b|\bnot\s+both\b|\bcannot\s+both\b|\bno\s+more\s+than\s+one\b"
    r"|\bmutually\s+exclusive\b"
)
_MUST = (
    r"\bmust\s+(?:\w+\s+)?(?:be\s+(?:used|included|traversed|part|taken|incorporated|followed)|include|use"
    r"|traverse|incorporate|contain)\b|\bmandatory\b|\bcompulsory\b"
)
_EXTRA = (
    r"\b(?:fixed|additional\w*|irrespective|regardless|extra|overhead|constant|add(?:s|ed|ing)?|incur\w*"
    r"|surcharge|supplement\w*|flat|mandatory|uniform)\b"
)
_PER_STOP = (
    r"\b(?:per|at\s+each|at\s+every|for\s+each|for\s+every|upon\s+each|each\s+time"
    r"|every\s+time)\s+(?!circuit|tour|route|trip|journey|round|vehicle|drone|complete|run|cycle|mission"
    r"|day)\w+"
)
_OVERALL = (
    r"\b(?:total|cumulative|overall|entire|whole|single|circuit|journey|itinerary|tour|aggregate|irrespective"
    r"|regardless|once)\b"
)

_LINK = re.compile(
    "([\ue000-\uf8ff])\\1*\\s*(?:\\band\\b|\\bto\\b|\\bwith\\b|→|->|–|—|-|↔"
    "|,)\\s*(?:the\\s+)?(?:\\w+\\s+)?([\ue000-\uf8ff])\\2*"
)


@dataclass
class _Network:
    """The places and the length of each link told; `two_way` when a link serves both directions."""

    places: tuple[str, ...]
    lengths: dict[Key, tuple[int | float, str]]
    two_way: bool
    unit: str | None
    group: RecordGroup | None = None
    dashes: set[tuple[str, str]] = field(default_factory=set)
    """Links that a mark in the table says to be none."""
    once: bool = True
    """Whether the text says that a place is visited once, or only which places."""
    halved: bool = False
    """Whether each length is told in one direction only, and holds in both."""


@dataclass
class _Extras:
    parameters: list[Parameter] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    barred: set[frozenset[str]] = field(default_factory=set)


def _from_pairs(case: Case, group: RecordGroup) -> _Network | str:
    ends = [(r.parent, r.entity) if r.parent else (r.entity, r.other) for r in group.records]
    entity = merge_mentions(name for pair in ends for name in pair)
    lengths: dict[Key, tuple[int | float, str]] = {}
    for record, (source, target) in zip(group.records, ends):
        if len(record.fields) != 1:
            return "a link with more than one number"
        link = (entity[source], entity[target])
        if link[0] == link[1] or link in lengths:
            return "a link told twice, or from a place to itself"
        lengths[link] = (record.fields[0].value, case.cite(record.start, record.end))
    both = [link for link in lengths if (link[1], link[0]) in lengths]
    if both and len(both) != len(lengths):
        return "some links are told in both directions and some in one"
    two_way = not both or all(lengths[link][0] == lengths[link[1], link[0]][0] for link in both)
    places = tuple(dict.fromkeys(entity.values()))
    if both and two_way:
        order = {place: at for at, place in enumerate(places)}
        lengths = {link: cell for link, cell in lengths.items() if order[str(link[0])] < order[str(link[1])]}
    unit = common_unit(r.fields[0] for r in group.records)
    return _Network(places, lengths, two_way, unit, group, halved=not both)


def _from_matrix(case: Case, table: Table) -> _Network | None:
    """Lengths in a square table; different ones in the two directions are read from the row to the column."""
    if not (table.labelled and table.regular and table.header and len(table.row_labels) >= 3):
        return None
    rows = Names(table.row_labels)
    columns = [rows.match(label) for label in table.column_labels]
    if len(columns) != len(rows) or set(columns) != set(rows.labels):
        return _from_triangle(table)
    lengths: dict[Key, tuple[int | float, str]] = {}
    for source, line in zip(rows.labels, table.body):
        for target, cell in zip(columns, line):
            if target is not None and source != target and cell.value is not None:
                lengths[(source, target)] = (cell.value, f"{source} / {target}: {cell.text}")
    order = {place: at for at, place in enumerate(rows.labels)}
    mirrored = [link for link in lengths if (link[1], link[0]) in lengths]
    dashes = _dashes(table, rows.labels, columns)
    halved = not mirrored and len({order[str(a)] < order[str(b)] for a, b in lengths}) == 1
    alike = len(mirrored) == len(lengths) and all(lengths[a, b][0] == lengths[b, a][0] for a, b in mirrored)
    if halved or alike:
        lengths = {link: cell for link, cell in lengths.items() if halved or order[str(link[0])] < order[str(link[1])]}
        return _Network(rows.labels, lengths, True, None, dashes=dashes, halved=halved)
    missing = {(a, b) for a in rows.labels for b in rows.labels if a != b} - set(lengths)
    if missing <= dashes and not _turned(case, table):
        return _Network(rows.labels, lengths, False, None, dashes=dashes)
    return None


def _dashes(table: Table, rows: tuple[str, ...], columns: list[str | None]) -> set[tuple[str, str]]:
    """The links of a table that a mark says to be none: a dash, an x."""
    return {
        (row, column)
        for row, line in zip(rows, table.body)
        for column, cell in zip(columns, line)
        if column is not None and row != column and cell.text.strip() and cell.empty
    }


def _turned(case: Case, table: Table) -> bool:
    """Whether the rows may be where a link ends: a corner `to / from`, or what the text says of rows and columns."""
    corner = re.findall(r"\b(?:from|to)\b", table.header[0].text.lower())
    prose = " ".join(sentence.text for sentence in case.sentences)
    told = re.search(r"\b(?:rows?|columns?)\b", prose, re.I)
    usual = (
        r"\brows?\s*(?:[:=]|is|are|gives?|names?|tells?|stands?\s+for)?\s*(?:where\s+\w+\s+)?(?:the\s+)?"
        r"(?:from|starts?|origins?|starting|departure)\b"
        r"|\bfrom\s+(?:the\s+)?(?:\w+\s+)?(?:in|of)?\s*(?:the\s+|each\s+|a\s+)?rows?\s+to\b"
    )
    return corner == ["to", "from"] or (told is not None and not re.search(usual, prose, re.I))


def _from_triangle(table: Table) -> _Network | None:
    """Half a matrix: the length between any two of the places told once, in a row of one and a column of the other."""
    places = Names(dict.fromkeys([*table.row_labels, *table.column_labels]))
    size = len(places)
    if len(table.row_labels) != size - 1 or len(table.column_labels) != size - 1:
        return None
    order = {place: at for at, place in enumerate(places.labels)}
    lengths: dict[Key, tuple[int | float, str]] = {}
    for source, line in zip(table.row_labels, table.body):
        for target, cell in zip(table.column_labels, line):
            if cell.value is None:
                continue
            link = (source, target) if order[source] < order[target] else (target, source)
            if source == target or link in lengths:
                return None
            lengths[link] = (cell.value, f"{source} / {target}: {cell.text}")
    told = len(lengths) == size * (size - 1) // 2
    return _Network(places.labels, lengths, True, None, halved=True) if told else None


def _network(case: Case) -> _Network | Refusal:
    groups = [group for group in case.groups if group.kind in ("pair", "nested")]
    if len(groups) == 1 and not case.tables:
        network = _from_pairs(case, groups[0])
        return Refusal(network, fits=True) if isinstance(network, str) else network
    if len(case.tables) == 1 and not groups:
        return _from_matrix(case, case.tables[0]) or Refusal("no table of lengths between places")
    return Refusal("no list or table of lengths between places")


def recognise(case: Case) -> Found | Refusal:
    """A shortest closed tour, or why the text is none."""
    if not (case.says(_CLOSED) and case.says(_CHEAP)) or case.sense == "max" or case.says(_OPEN):
        return Refusal("not a closed tour through all places")
    network = _network(case)
    if isinstance(network, Refusal):
        return network
    size = len(network.places)
    if size < 3 or len(network.lengths) < size:
        return Refusal("not a closed tour through all places")
    claims = case.claims()
    names = Names(network.places)
    listed = _listed(case, claims, names)
    counted = case.says(rf"\b(?:{size}|{_WORDS.get(size, size)})\s+[a-z]+s\b")
    if not case.says(_EACH_ONCE):
        network.once = False
        if not listed and not counted:
            return Refusal("not a closed tour through all places")
    if network.group:
        claims.take_group(network.group)
    unused = _coordinates(case, claims, names)
    claims.take_labels(names)
    claims.take_counts(size, size - 1)
    for pattern in (*_ONCE, *((_DASH,) if network.dashes else ())):
        claims.take_all(pattern)
    untrue = _untrue(case, network)
    if untrue:
        return untrue
    for match in re.finditer(_START, case.text, re.I):
        if len({label for label, _, _ in names.find(match.group())}) < 2:  # not "returns to Utrecht via Delft"
            claims.word(*match.span())
    extras = _Extras()
    for sentence in case.sentences:
        _conditions(case, claims, names, network, sentence, extras)
    problem = _ends(case, names) or _constant(case, claims, network, extras) or _missing(network, extras)
    if problem:
        return problem
    left = claims.leftover([names], TOUR)
    one_way = network.halved and not case.says(_ALIKE)
    return left or Found(_formulation(network, extras, unused, one_way), claims)


def _untrue(case: Case, network: _Network) -> Refusal | None:
    """Lengths that cannot be meant: negative ones, half a table of zeros, two ways that are said to be the same."""
    if any(value < 0 for value, _ in network.lengths.values()):
        return Refusal("a negative length", fits=True)
    if network.two_way:
        return None
    alike = case.says(_ALIKE)
    if alike:
        return Refusal("the lengths are said to be the same both ways, and the table has others", alike.group(), True)
    order = {place: at for at, place in enumerate(network.places)}
    for sign in (1, -1):
        half = [v for (a, b), (v, _) in network.lengths.items() if sign * (order[str(a)] - order[str(b)]) > 0]
        if not any(half):
            return Refusal("half of the table is zero: are these ways free, or not told?", fits=True)
    return None


_WORDS = dict(enumerate(word_list("three four five six seven eight nine ten eleven twelve"), start=3))
_VISITING = (
    r"(?:visit|deliver|call|see|inspect|serve|stop|pass|go|travel|drive|supply|tour)(?:s|es|ing|ers)?(?:\s+(?:to|at|in|on"
    r"|through|by))?"
)
_SOME_NAMES = "[\ue000-\uf8ff]+(?:(?:\\s*,\\s*(?:and\\s+)?|\\s+and\\s+)(?:the\\s+)?[\ue000-\uf8ff]+)+"


def _listed(case: Case, claims: Claims, names: Names) -> bool:
    """Claim a list of all places that are to be visited, with or without the one where the tour starts."""
    found = False
    for sentence in case.sentences:
        text = _mask(names, sentence.text)
        starts = {
            label
            for label, start, _ in names.find(sentence.text)
            if re.search(rf"(?:{_STARTS_AT})|(?:{_LEAVES})", text[:start][-60:], re.I)
        }
        for match in re.finditer(
            rf"\b{_VISITING}\s+(?:the\s+)?(?:[a-z]+\s+){{0,3}}?(?P<names>{_SOME_NAMES})", text, re.I
        ):
            runs = re.findall("([\ue000-\uf8ff])\\1*", match["names"])
            named = {names.labels[ord(mark) - 0xE000] for mark in runs}
            between = text[match.start() : match.start("names")]
            whole = named | starts == set(names.labels) and len(named) == len(runs) and len(starts) < 2
            if whole and not re.search(r"\b(?:not|only|from)\b", between):
                claims.word(sentence.start + match.start("names"), sentence.start + match.end("names"))
                found = True
        for _, start, end in names.find(sentence.text):
            before, after = text[:start][-60:], text[end:]
            if re.search(rf"(?:{_STARTS_AT})|(?:{_LEAVES})|(?:{_ENDS_AT})|(?:{_BACK})", before, re.I) and re.match(
                r"\s*(?:[.,;?]|and\b|$)", after
            ):
                claims.word(sentence.start + start, sentence.start + end)
    return found


_LEAVES = (
    r"\b(?:starts?|begins?|leaves?|departs?|starting|leaving)\s+(?:from\s+|at\s+)?(?:the\s+|her\s+|his\s+)?"
    r"\w+\s+in\s+$"
)
_BACK = r"\b(?:comes?|goes|gets?|drives?|travels?|is)\s+back\s+(?:to|in|at)\s+(?:the\s+)?$"


def _ends(case: Case, names: Names) -> Refusal | None:
    """A tour that starts at one place and ends at another is none."""
    starts: set[str] = set()
    ends: set[str] = set()
    for sentence in case.sentences:
        for label, start, _ in names.find(sentence.text):
            before = sentence.text[max(0, start - 40) : start]
            if re.search(rf"(?:{_STARTS_AT})|(?:{_LEAVES})", sentence.text[max(0, start - 60) : start], re.I):
                starts.add(label)
            if re.search(_ENDS_AT, before, re.I):
                ends.add(label)
                if starts and not ends <= starts:
                    return Refusal("the route ends at another place than it starts", sentence.text.strip(), True)
    return None


def _coordinates(case: Case, claims: Claims, names: Names) -> tuple[Unused, ...]:
    """Positions of places are distractors where the lengths of the links are given."""
    found: list[Unused] = []
    for group in case.groups:
        placed = group.kind == "entity" and all(len(r.fields) == 2 and r.fields[0].width == 2 for r in group.records)
        if placed and all(names.match(record.entity) for record in group.records):
            claims.take_group(group)
            for record in group.records:
                found.extend(
                    Unused(
                        case.cite(record.start, record.end),
                        item.value,
                        "a coordinate; the lengths of the links are given",
                    )
                    for item in record.fields
                )
    return tuple(found)


def _mask(names: Names, text: str) -> str:
    for label, start, end in reversed(names.find(text)):
        text = text[:start] + chr(0xE000 + names.labels.index(label)) * (end - start) + text[end:]
    return text


def _conditions(
    case: Case, claims: Claims, names: Names, network: _Network, sentence: Sentence, extras: _Extras
) -> None:
    """Read what a sentence demands of the links that it names; claim it when it is one of the known demands."""
    text = _mask(names, sentence.text)
    pairs = [(names.labels[ord(m[1]) - 0xE000], names.labels[ord(m[2]) - 0xE000]) for m in _LINK.finditer(text)]
    mentions = len(re.findall("([\ue000-\uf8ff])\\1*", text))
    if not pairs or mentions != 2 * len(pairs) or any(a == b for a, b in pairs):
        return
    if re.search(_TURNED, text, re.I) and re.search(rf"{_EXACTLY}|{_SOME}|{_NOT_BOTH}", text, re.I):
        return
    terms = [_used(network, pair) for pair in pairs]
    quote = case.cite(sentence.start, sentence.end)
    number = len(extras.constraints) + 1
    expr = ""
    if len(pairs) > 1 and re.search(_EXACTLY, text, re.I) and None not in terms:
        expr = f"{' + '.join(map(str, terms))} == 1"
    elif len(pairs) > 1 and re.search(_SOME, text, re.I) and None not in terms:
        expr = f"{' + '.join(map(str, terms))} >= 1"
    elif len(pairs) > 1 and re.search(_NOT_BOTH, text, re.I) and None not in terms and len(pairs) == 2:
        expr = f"{' + '.join(map(str, terms))} <= 1"
    elif re.search(_BARRED, text, re.I) and not re.search(r"\bunless\b|\bif\b|\bonly\b|\bor\b", text, re.I):
        for pair, term in zip(pairs, terms):
            extras.barred.add(frozenset(pair))
            if term is not None:
                extras.constraints.append(
                    Constraint(f"barred_{len(extras.constraints) + 1}", f"{term} == 0", source=(quote,))
                )
        claims.word(sentence.start, sentence.end)
        return
    elif (
        len(pairs) == 1
        and re.search(_MUST, text, re.I)
        and terms[0] is not None
        and not re.search(r"\bif\b|\bor\b|\bnot\b", text, re.I)
    ):
        expr = f"{terms[0]} == 1"
    if expr and not claims.amounts_in(sentence):
        extras.constraints.append(Constraint(f"links_{number}", expr, source=(quote,)))
        claims.take(sentence.start, sentence.end)


def _used(network: _Network, pair: tuple[str, str]) -> str | None:
    """The formula that says whether a link is used, in either direction; None where there is no such link."""
    found = [link for link in (pair, (pair[1], pair[0])) if link in network.lengths]
    quoted = [f"use[{_quoted(str(a))}, {_quoted(str(b))}]" for a, b in found]
    return None if not quoted else quoted[0] if len(quoted) == 1 else f"({' + '.join(quoted)})"


def _quoted(label: str) -> str:
    return f"'{label}'" if "'" not in label else f'"{label}"'


def _constant(case: Case, claims: Claims, network: _Network, extras: _Extras) -> Refusal | None:
    """A number that is added to the length of the tour whatever it is."""
    for amount in claims.amounts():
        if not re.search(_EXTRA, amount.sentence.text, re.I):
            continue
        if len(claims.amounts_in(amount.sentence)) != 1:
            return Refusal("several numbers added to the tour", amount.sentence.text.strip(), True)
        told = re.sub(r"\b(?:due\s+to|because\s+of|owing\s+to)\s[^,]{0,300},", "", amount.sentence.text, flags=re.I)
        if re.search(_PER_STOP, told, re.I) and not re.search(_OVERALL, told, re.I):
            return Refusal("an amount at each stop, or one for the whole tour?", amount.sentence.text.strip(), True)
        if not _same_measure(network, amount):
            return Refusal("an amount in another unit than the lengths", amount.sentence.text.strip(), True)
        name = f"extra_{len(extras.parameters) + 1}"
        quote = case.cite(amount.sentence.start, amount.sentence.end)
        extras.parameters.append(scalar(name, "fixed_charge", amount.value, quote, network.unit))
        extras.terms.append(Term(name, name, source=(quote,)))
        claims.take(amount.sentence.start, amount.sentence.end)
    return None


def _same_measure(network: _Network, amount: Amount) -> bool:
    given, own = unit_key(amount.after[:30]), unit_key(network.unit or "")
    scales = ({"minute", "hour", "second", "day"}, {"km", "meter", "mile"})
    return not any(given in scale and own in scale and given != own for scale in scales)


def _missing(network: _Network, extras: _Extras) -> Refusal | None:
    told = {frozenset(map(str, link)) for link in network.lengths} | extras.barred
    if network.dashes:
        told |= {frozenset(link) for link in network.dashes}
    if not network.once and shortened_by_detours(network.places, network.lengths, network.two_way):
        return Refusal("whether a place may be passed twice is not said, and a detour would be shorter", fits=True)
    for at, first in enumerate(network.places):
        for second in network.places[at + 1 :]:
            if frozenset((first, second)) not in told:
                return Refusal(f"the length between {first} and {second} is not given", fits=True)
    return None


_USED = "whether the tour uses the link; the used links, one after another, are the tour"


def _formulation(network: _Network, extras: _Extras, unused: tuple[Unused, ...], one_way: bool) -> Formulation:
    """The tour; `one_way` says that lengths told in one direction are taken to hold in both without a word of it."""
    links = IndexSet(
        "links",
        elements=tuple(network.lengths),
        dimension=2,
        description="pairs of places, either way" if network.two_way else "from the first place to the second",
    )
    shared = (Variable("use", ("(i, j) in links",), "binary", description=_USED),)
    variables, constraints = _two_way() if network.two_way else _one_way()
    given = [table_of("length", "distance", ("links",), network.lengths, network.unit)]
    if network.two_way:
        given.append(Parameter("ends", "count", expr="1 + 1", description="a tour comes to each place and leaves it"))
    return Formulation(
        name="tour",
        objective=Objective(
            "min", (Term("length", "sum(length[i, j] * use[i, j] for (i, j) in links)"), *extras.terms)
        ),
        sets=(label_set("places", network.places), links),
        parameters=(*given, *extras.parameters),
        variables=(*shared, *variables),
        constraints=(*constraints, *extras.constraints),
        assumptions=(
            *_assumptions(network),
            *([Assumption("length", "a length told in one direction holds in both")] if one_way else []),
        ),
        unused=unused,
        asked=("use[i, j] for (i, j) in links",),
    )


def _assumptions(network: _Network) -> tuple[Assumption, ...]:
    found = [Assumption("forth", "a flow from the first place to each other rules out tours of a part")]
    if not network.two_way and network.group is None:
        found.append(
            Assumption("length", "the table is not symmetric: a link leads from its row's place to its column's")
        )
    if network.dashes:
        found.append(Assumption("links", "pairs without a number in the table cannot be used"))
    if not network.once:
        found.append(Assumption("use", "each place is visited once; passing one twice would not shorten the tour"))
    return tuple(found)


def _two_way() -> tuple[tuple[Variable, ...], tuple[Constraint, ...]]:
    flows = tuple(
        Variable(name, ("(i, j) in links",), lower="0", upper="len(places) - 1", description=told)
        for name, told in (
            ("forth", "flow from the first end to the second"),
            ("back", "flow from the second end to the first"),
        )
    )
    arriving = "sum(forth[i, j] for (i, j) in links if j == p) + sum(back[i, j] for (i, j) in links if i == p)"
    leaving = "sum(forth[i, j] for (i, j) in links if i == p) + sum(back[i, j] for (i, j) in links if j == p)"
    return flows, (
        Constraint(
            "each_place_once", "sum(use[i, j] for (i, j) in links if i == p or j == p) == ends", ("p in places",)
        ),
        Constraint("connected", f"{arriving} == {leaving} + 1", ("p in places if p != first(places)",)),
        Constraint("flow_on_tour", "forth[i, j] + back[i, j] <= (len(places) - 1) * use[i, j]", ("(i, j) in links",)),
    )


def _one_way() -> tuple[tuple[Variable, ...], tuple[Constraint, ...]]:
    flow = Variable(
        "forth", ("(i, j) in links",), lower="0", upper="len(places) - 1", description="flow along the link"
    )
    arriving, leaving = (
        "sum(forth[i, p] for (i, j) in links if j == p)",
        "sum(forth[p, j] for (i, j) in links if i == p)",
    )
    return (flow,), (
        Constraint("enter_once", "sum(use[i, p] for (i, j) in links if j == p) == 1", ("p in places",)),
        Constraint("leave_once", "sum(use[p, j] for (i, j) in links if i == p) == 1", ("p in places",)),
        Constraint("connected", f"{arriving} == {leaving} + 1", ("p in places if p != first(places)",)),
        Constraint("flow_on_tour", "forth[i, j] <= (len(places) - 1) * use[i, j]", ("(i, j) in links",)),
    )
