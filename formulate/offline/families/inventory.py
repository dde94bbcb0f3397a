"""Ordering over periods with a lead time, a limited store and lost sales (multi-period inventory)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from formulate.offline.families.build import scalar
from formulate.offline.families.case import COUNT, Amount, Case, Claims, Found, Refusal, Sentence, whole_number
from formulate.offline.families.licences import INVENTORY
from formulate.offline.families.measures import common_unit
from formulate.offline.families.names import Names, tokens
from solvers.formulation import (
    Assumption,
    Cell,
    Constraint,
    Formulation,
    IndexSet,
    NamedExpression,
    Objective,
    Parameter,
    Term,
    Variable,
)
from verify.reading.records import RecordGroup
from verify.reading.words import singular

_ORDER = (
    r"procur|order|purchas|pump|request|acqui|buy|bought|deliver|refuel|replenish|tender|import|draw"
    r"|shipment|suppl|produc|intake|taken?\s+on|consignment"
    r"|extract|transfer|requisition|restock|withdraw|bunker|transfusion|collect|gather|generat|dispatch"
    r"|schedul|leas|rent|charter|shipp|shipment"
    r"|provision|hire|commission|harvest|obtain|secur|generation|manufactur|book|procur|source"
)
_STOCK = (
    r"stock|stor|inventor|reserve|reservoir|on[- ]hand|held|hold|tank|kept|keep|carr|retain|remain|warehous"
    r"|buffer|overnight|level|balance|maintain|from\s+one\s+\w+\s+to\s+(?:the\s+)?(?:next|another)|idle"
    r"|refrigerat|parking"
)
_SHORT = (
    r"short|unmet|unsatisf|unfulfil|unfilled|lost|deficit|stock-?out|forfeit|penal|interrupt|backlog"
    r"|insufficien|unserved|not\s+(?:satisf|met|suppl)|cannot\s+be\s+met"
)
_INITIAL = (
    r"\binitial\w*|\bstart(?:s|ing)?\b|\boutset\b|\bbegin\w*|\bopening\b|\bcommenc\w*|\bpre-?existing\b"
    r"|\bdawn\b|\bonset\b|\bprior\s+to\s+the\s+first\b|\bcurrent\w*\b|\balready\b"
)
_LEAD = (
    r"\blead\s*time|\bdelay\w*|\blag\w*|\btransit\b|\blatenc\w+|\barriv\w+|\bbefore\b[^.]*\bavailable\b"
    r"|\btakes?\b|\bafter\b|\btravel\b|\bundergo\w*|\blater\b|\brequires?\b|\bneeds?\b"
)
_NOW = (
    r"\binstantaneous\w*|\bimmediate\w*|\bwithout\s+(?:any\s+)?delay|\bno\s+(?:lead\s*time|delay|lag)"
    r"|\barrives?\s+at\s+once\b(?=\s*[.,;])|\bzero\s+lead|\bsame\s+(?:\w+\s+)?(?:day|week|month|hour|period|leg|port|shift|quarter)\b"
    r"|\bno\s+waiting\b"
)
_ROOM = (
    r"capacit|limit|exceed|surpass|maximum|ceiling|at\s+most|no\s+more\s+than|upper|bound|room|remain\s+within"
    r"|within|threshold|cap\b"
)
_LOST = (
    r"\blost\b|\bforfeit\w*|\bnot\s+(?:be\s+)?(?:carried|deferred|recover\w*|accumulat\w*|backlog\w*"
    r"|backorder\w*|made\s+up|fulfilled\s+later|rolled|create|treated|postponed)|\bcannot\s+be\s+(?:recover"
    r"|deferred|carried|fulfilled|made|back|postponed|rolled)\w*|\bno\s+back\w+|\bdoes\s+not\s+(?:carry"
    r"|accumulate|create|roll|become)\w*|\bpermanent\w*|\birrevocabl\w+|\bwithout\s+back\w+"
    r"|\bnot\s+[^.]{0,30}\bback"
)
_WAITS = (
    r"\b(?:is|are|be|can\s+be|may\s+be)\s+(?:fully\s+)?(?:backlogged|backordered|carried\s+(?:over"
    r"|forward)\s+as\s+back\w+)\b"
)
_MAX = (
    r"\bmaxim\w+|\bat\s+most\b|\bno\s+more\s+than\b|\bnot\s+exceed\w*|\bcannot\s+exceed\b|\blimited\s+to\b"
    r"|\brestricted\s+to\b|\bcapped\b|\bmust\s+not\b|\bupper\b|\breduced\s+to\b|\bsurpass\b|\bceiling\b"
)
_MIN = (
    r"\bno\s+(?:less|lower|fewer)\s+than\b|\bat\s+least\b|\bminim\w+|\bnot\s+(?:fall|drop|be\s+less|be\s+lower"
    r"|be\s+below)\w*|\bnot\s+\w+\s+below\b|\bexceed\s+or\b|\bfloor\b|\babove\b"
)
_EACH_TIME = (
    r"\b(?:each|every|per|any)\s+(?:\w+\s+)?(?:order|request|delivery|shipment|purchase|time|transfer)\b|\bwhenever\b"
    r"|\b(?:when|if|once)\s+(?:an?|any)\b|\border\s+(?:is\s+)?(?:placed|made)\b"
)
_NUM = r"(\d[\d,]*(?:\.\d+)?)"
_ORDINALS = tuple(
    re.findall(
        r"\w+",
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    )
)


@dataclass
class _Data:
    """The numbers of the problem by role; each with its quote."""

    values: dict[str, tuple[int | float, str]] = field(default_factory=dict)
    caps: dict[int, tuple[int | float, str]] = field(default_factory=dict)
    floors: dict[int, tuple[int | float, str]] = field(default_factory=dict)
    closing: dict[int, tuple[int | float, str]] = field(default_factory=dict)
    problem: Refusal | None = None

    def put(self, name: str, value: int | float, quote: str, sentence: Sentence) -> bool:
        """Note a number; a second, different one of the same role is a problem."""
        if name in self.values and self.values[name][0] != value:
            self.problem = self.problem or Refusal(f"two different numbers for {name}", sentence.text.strip(), True)
            return False
        self.values.setdefault(name, (value, quote))
        return True


def _demand_group(case: Case) -> RecordGroup | None:
    """The group whose entities are the periods 1, 2, ..., T."""
    for group in case.groups:
        forms = [tokens(entity) for entity in group.entities]
        numbered = [form[-1] for form in forms if len(form) >= 2]
        counting = numbered == [str(t) for t in range(1, len(group.records) + 1)] and len(numbered) > 1
        single = {len(record.fields) for record in group.records} == {1}
        if group.kind == "entity" and counting and single and len({form[:-1] for form in forms}) == 1:
            return group
    return None


def recognise(case: Case) -> Found | Refusal:
    """Multi-period ordering with lost sales, or why the text is none."""
    group = _demand_group(case)
    if (
        group is None
        or case.sense == "max"
        or not case.says(_SHORT)
        or not case.says(r"\bstor\w+|\binventor\w+|\bstock\w*|\breserve\w*")
    ):
        return Refusal("not ordering over periods")
    case = case.focus(group)
    waits = case.says(_WAITS)
    lost = [s for s in case.sentences if re.search(_SHORT, s.text, re.I) and re.search(_LOST, s.text, re.I)]
    if not lost or (waits and not re.search(_LOST, waits.group(), re.I)):
        return Refusal("whether unmet demand is lost or waits is not said", fits=True)
    claims = case.claims()
    claims.take_group(group)
    names = Names(group.entities)
    reader = _Reader(case, claims, names, names.head[-1], len(group.records))
    data = reader.read()
    if data.problem:
        return data.problem
    for needed in ("order_cost", "holding_cost", "shortage_cost", "initial_stock", "room"):
        if needed not in data.values:
            return Refusal(f"the {needed.replace('_', ' ')} was not found", fits=True)
    for sentence in lost:
        claims.word(sentence.start, sentence.end)
    claims.take_all(r"(?<![^.])[^.]*\b(?:continuous|fractional|divisible|non-?integer|real-valued)\w*\b[^.;]*")
    claims.take_all(r"\b(?:only|but|and|is\s+fulfilled|arrives?)\s+after\b|\bone-time\b|\bboth\b|\bfixed(?:\s+\w+)?\b")
    claims.take_all(
        r"\bcannot\s+be\s+(?:used|utili[sz]ed|available|deployed|drawn)\b[^.;]*|\beither\s+to\b"
        r"|\bconcurrent\s+\w+"
    )
    claims.take_all(rf"\b(?:exactly|precisely)\s+{COUNT}\s+(?:full\s+)?{names.head[-1]}s?\b")
    left = claims.leftover([], INVENTORY)
    if left:
        return left
    return Found(_formulation(case, group, data, reader), claims)


@dataclass
class _Reader:
    case: Case
    claims: Claims
    names: Names
    period: str
    horizon: int
    data: _Data = field(default_factory=_Data)
    late: list[Sentence] = field(default_factory=list)

    def read(self) -> _Data:
        """Take the numbers sentence by sentence, the most telling shapes first."""
        self.claims.take_counts()
        periods = rf"(?:{self.period}|day|week|month|hour|year|quarter|period|shift)s?\b"
        self.claims.take_count_words(self.horizon, before=rf"(?:[\w-]+\s+){{0,2}}?{periods}")
        self.claims.take_all(rf"\b1\s*(?:through|to|until|-|–)\s*{self.horizon}\b(?!\.?\d)", numbers=True)
        for sentence in self.case.sentences:
            self._in_one_period(sentence)
        self.claims.take_labels(self.names)
        for sentence in self.case.sentences:
            self._horizon(sentence)
            self._bounds(sentence)
            self._most(sentence)
        for sentence in self.case.sentences:
            self._costs(sentence)
            self._lead(sentence)
        for sentence in self.case.sentences:
            self._levels(sentence)
        self._words()
        return self.data

    def amounts(self, sentence: Sentence) -> list[Amount]:
        return self.claims.amounts_in(sentence)

    def quote(self, sentence: Sentence) -> str:
        return self.case.cite(sentence.start, sentence.end)

    def _named_period(self, text: str) -> tuple[int, int, int] | None:
        """The one period that a sentence speaks of, with its span."""
        found = [
            (int(m[1]), m.start(), m.end())
            for m in re.finditer(
                rf"\b{self.period}\s+(?:number\s+)?(\d+)\b(?!\s*(?:,\s*(?:\.\.|…|\\)|to\b|through\b|-))|\b", text, re.I
            )
            if m[1]
        ]
        words = "|".join((*_ORDINALS, "last", "final", r"\d+(?:st|nd|rd|th)"))
        for m in re.finditer(rf"\b({words})\s+{self.period}\b", text, re.I):
            word = m[1].lower()
            digits = re.match(r"\d+", word)
            place = (
                int(digits[0]) if digits else self.horizon if word in ("last", "final") else _ORDINALS.index(word) + 1
            )
            found.append((place, m.start(), m.end()))
        places = {place for place, _, _ in found}
        if len(places) != 1 or not 1 <= found[0][0] <= self.horizon:
            return None
        return found[0][0], min(start for _, start, _ in found), max(end for _, _, end in found)

    def _in_one_period(self, sentence: Sentence) -> None:
        """In week 5 the order is at most 25; in week 7 the stock is at least 2."""
        named = self._named_period(sentence.text)
        if not named or re.search(_INITIAL, sentence.text, re.I):
            return
        place, start, end = named
        amounts = [a for a in self.amounts(sentence) if not start <= a.start - sentence.start < end]
        if len(amounts) != 1:
            return
        text = sentence.text
        largest, smallest = bool(re.search(_MAX, text, re.I)), bool(re.search(_MIN, text, re.I))
        order, stock = bool(re.search(_ORDER, text, re.I)), bool(re.search(_STOCK, text, re.I))
        value = (amounts[0].value, self.quote(sentence))
        if largest and not smallest and order:
            self.data.caps[place] = value
        elif smallest and not largest and stock:
            ending = re.search(r"\b(?:end|conclusion|close|closing|after\s+(?:meeting|serving|demand))\b", text, re.I)
            (self.data.closing if ending else self.data.floors)[place] = value
        else:
            return
        self.claims.take(sentence.start, sentence.end)

    def _horizon(self, sentence: Sentence) -> None:
        """How many periods there are, told again."""
        for amount in self.amounts(sentence):
            near = re.match(
                (
                    rf"[\s-]*(?!per\b)(?:[\w-]+\s+){{0,2}}(?:{self.period}s?|day|week|month|hour|year|quarter"
                    r"|period|shift)s?\b"
                ),
                amount.after,
                re.I,
            )
            lead = re.search(r"lead|delay|lag|transit|latenc|arriv", amount.before[-60:] + amount.after[:30], re.I)
            if (
                amount.value == self.horizon
                and near
                and not lead
                and re.search(
                    rf"{self.period}|horizon|window|cycle|schedule|period|plan|season|campaign|voyage|mission",
                    amount.after[:60] + amount.before[-60:],
                    re.I,
                )
            ):
                self.claims.take(amount.start, amount.end)
        for match in re.finditer(
            (
                rf"\b(?:day|week|month|period|hour|{self.period})s?\s+1\s+(?:through|to|until|-"
                rf"|–)\s+(?:\w+\s+)?{self.horizon}\b"
            ),
            sentence.text,
            re.I,
        ):
            self.claims.take(sentence.start + match.start(), sentence.start + match.end())
        zero = rf"(?<!each )(?<!every )(?<!per )\b{self.period}\s+[01]\b"
        for match in re.finditer(zero, sentence.text, re.I):
            self.claims.take(sentence.start + match.start(), sentence.start + match.end())

    def _bounds(self, sentence: Sentence) -> None:
        """The least and the greatest order."""
        gap = r"\s*(?:[\w-]+\s+){0,4}"
        shapes = (
            rf"\bbetween\s+{_NUM}{gap}and\s+{_NUM}",
            rf"\[\s*{_NUM}\s*,\s*{_NUM}\s*\\?\]",
            rf"\bfrom\s+{_NUM}{gap}(?:to|up\s+to)\s+{_NUM}",
            rf"\brange\s+(?:of\s+)?{_NUM}{gap}(?:to|-|–|and)\s+{_NUM}",
            rf"\binterval\s+(?:of\s+)?\(?{_NUM}\s*(?:to|,|-|–|and)\s*{_NUM}",
            r"\b(?:at\s+least|no\s+(?:less|fewer)\s+than|minimum\s+of"
            rf"|not\s+less\s+than)\s+{_NUM}{gap}(?:and|but|,)\s+(?:\w+\s+)?"
            r"(?:at\s+most|no\s+(?:more|greater)\s+than|a?\s*maximum\s+of|not\s+(?:more\s+than|exceed\w*)"
            rf"|up\s+to)\s+{_NUM}",
            rf"{_NUM}\s*(?:≤|<=|\\leq?)[^.\d]*(?:≤|<=|\\leq?)\s*{_NUM}",
        )
        for shape in shapes:
            for match in re.finditer(shape, sentence.text, re.I):
                start, end = sentence.start + match.start(), sentence.start + match.end()
                if self.claims.holds(start, end) or not re.search(_ORDER, sentence.text, re.I):
                    continue
                quote = self.case.cite(start, end)
                low, high = (float(g.replace(",", "")) if "." in g else int(g.replace(",", "")) for g in match.groups())
                self.data.put("order_min", low, quote, sentence)
                self.data.put("order_max", high, quote, sentence)
                self.claims.take(start, end)

    def _costs(self, sentence: Sentence) -> None:
        """Costs per unit by the words around them, and what is paid whatever is done."""
        amounts = self.amounts(sentence)
        for at, amount in enumerate(amounts):
            stop = amounts[at + 1].start if at + 1 < len(amounts) else sentence.end
            before = amount.before[(amounts[at - 1].end - sentence.start if at else 0) :]
            after = self.case.text[amount.end : stop]
            tail = re.split(r"[;,.](?!\d)|\)|\band\b|\bplus\b", after)[0]
            each = re.match(
                (
                    r"\s*(?:(?:monetary|currency|cost|dollars?|euros?|usd|units?|credits?|\$|€"
                    r"|cents?)\s*(?:units?\s*)?)?(?:per\b|for\s+(?:each|every)\b|/|an?\b|apiece)"
                ),
                after,
                re.I,
            )
            lead_in = re.split(r"[;:]|,\s*and\b|\band\s+an?\b", before)[-1]
            self._odd_rate(sentence, after)
            each = each or self._of_one(sentence, lead_in, after)
            if each or re.search(r"\bper[- ]\w+[^.;,]*\bof\s*$", lead_in, re.I):
                name = _cost_name(tail) or _cost_name(lead_in) or _cost_name(before)
                if name and self.data.put(
                    name,
                    amount.value,
                    self.case.cite(amount.start - len(lead_in.lstrip()), amount.end + len(tail)),
                    sentence,
                ):
                    self.claims.take(amount.start - len(lead_in.lstrip()), amount.end + len(tail))
            elif re.search(
                r"\b(?:fixed|overhead|irrespective|regardless|flat|constant|sunk)\b", lead_in + tail + after[:80], re.I
            ) and re.search(r"cost|overhead|expens|fee|charge|expenditure|elements|components", sentence.text, re.I):
                if re.search(_EACH_TIME, tail + after[:80], re.I):
                    self.data.problem = Refusal("a cost of each order that is placed", sentence.text.strip(), True)
                quote = self.case.cite(amount.start - len(lead_in.lstrip()), amount.end + len(tail))
                if self.data.put("overhead", amount.value, quote, sentence):
                    self.claims.take(amount.start - len(lead_in.lstrip()), min(stop, amount.end + len(after)))

    def _odd_rate(self, sentence: Sentence, after: str) -> None:
        """Refuse a cost of an order whatever its size, and one for another time than the periods."""
        paid = r"\s*(?:[a-z$€£]+\s+)?"
        whole = rf"{paid}(?:per|for\s+(?:each|every))\s+(?:order|delivery|shipment|purchase)\b(?!\s*-?\s*(?:ed|unit))"
        timed = re.match(
            rf"{paid}per\s+\w+\s+(?:and|per|an?)\s+(?:each\s+)?(hour|day|week|month|quarter|year)\b", after, re.I
        )
        if re.match(whole, after, re.I):
            self.data.problem = Refusal("a cost of each order that is placed", sentence.text.strip(), True)
        elif timed and self.period != "period" and timed[1].lower() != self.period:
            self.data.problem = Refusal("a cost for another time than the periods", sentence.text.strip(), True)

    def _of_one(self, sentence: Sentence, lead_in: str, after: str) -> re.Match[str] | None:
        """Whether a cost is told of one unit: `each sack ordered costs 5`, `a bag costs 20 when ordered`."""
        nouns = {singular(word) for word in re.findall(r"\d\s+([a-z]{3,})", self.case.text.lower())}
        one = r"\b(?:each|every|an?)\s+(?!order\b|deliver|shipment|purchase|fixed)([a-z]+)\b"
        told = list(re.finditer(rf"{one}[^.;,\d]*(?:,\s*which\s+is\s+lost,\s*)?\bcosts?\s*[$€£]?$", lead_in, re.I))
        listed = re.match(rf"\W*{one}\s+costs\s+[$€£]?\d", sentence.text, re.I)
        if listed and re.match(r"\s*\w+\s+when\b", after):
            told.append(listed)
        return next((match for match in told if singular(match[1].lower()) in nouns), None)

    def _most(self, sentence: Sentence) -> None:
        """The greatest order of every period: at most 8 sacks can be ordered each week."""
        most = r"(?:at\s+most|no\s+more\s+than|up\s+to|a\s+maximum\s+of)"
        ordered = r"(?:ordered|bought|purchased|procured|produced|made)"
        for shape in (
            rf"\b{most}\s+{_NUM}\s+\w+\s+(?:can|may)\s+be\s+{ordered}(?:\s+(?:in\s+)?(?:each|every|per|a)\s+{self.period})?"
            r"(?=\s*[.;,])",
            rf"\b(?:an|each|every|the)\s+order\s+(?:[a-z]+\s+){{0,3}}?(?:and\s+)?(?:may|can|must|is)\s+(?:be\s+)?{most}\s+{_NUM}"
            r"(?:\s+\w+)?(?=\s*[.;,])",
        ):
            for match in re.finditer(shape, sentence.text, re.I):
                start, end = sentence.start + match.start(), sentence.start + match.end()
                if not self.claims.holds(start, end) and not self._named_period(sentence.text):
                    value = match[1].replace(",", "")
                    high = float(value) if "." in value else int(value)
                    if self.data.put("order_max", high, self.case.cite(start, end), sentence):
                        self.claims.take(start, end)

    def _lead(self, sentence: Sentence) -> None:
        """After how many periods an order arrives."""
        if not re.search(_LEAD, sentence.text, re.I):
            return
        for amount in self.amounts(sentence):
            if re.match(
                (
                    rf"[\s-]*(?:full\s+|complete\s+|\w+-)?(?:{self.period}|day|week|month|hour|period|leg|quarter"
                    r"|shift)"
                ),
                amount.after,
                re.I,
            ):
                unit = re.match(r"[\s-]*(?:full\s+|complete\s+)?([a-z]+)", amount.after, re.I)
                scales = ("day", "week", "month", "hour", "quarter")
                told = unit[1].lower().rstrip("s") if unit else ""
                if told in scales and self.period in scales and told != self.period:
                    self.data.problem = Refusal(
                        "a lead time in another unit than the periods", sentence.text.strip(), True
                    )
                if self.data.put("lead", amount.value, self.case.cite(sentence.start, sentence.end), sentence):
                    self.claims.take(amount.start, amount.end)
        words = re.search(
            rf"\b(one|two|three|four|five|six|seven|eight)[\s-]+(?:full\s+|complete\s+)?{self.period}",
            sentence.text,
            re.I,
        )
        if (
            words
            and "lead" not in self.data.values
            and re.search(r"lead|delay|lag|transit|latenc|arriv", sentence.text, re.I)
        ):
            self.data.put("lead", whole_number(words[1]) or 0, self.case.cite(sentence.start, sentence.end), sentence)

    def _levels(self, sentence: Sentence) -> None:
        """The stock at the start and the room of the store."""
        amounts = self.amounts(sentence)
        starting = re.search(_INITIAL, sentence.text, re.I)
        limiting = re.search(_ROOM, sentence.text, re.I)
        for amount in amounts:
            near = re.split(r"[;.](?!\d)|,\s*(?:while|whereas|but)\b", amount.before)[-1]
            first = re.search(_INITIAL, near, re.I) or (starting and len(amounts) == 1 and not limiting)
            limit = re.search(_ROOM, near, re.I) or re.search(
                r"^[^.;,]*\b(?:capacity|limit|ceiling|maximum|at\s+most)\b(?!\s+\d)", amount.after, re.I
            )
            stock = re.search(_STOCK, sentence.text, re.I)
            if first and not re.search(_ROOM, near, re.I) and "initial_stock" not in self.data.values:
                name = "initial_stock"
            elif limit and stock:
                name = "room"
                if self._named_period(amount.after[:40]):
                    only = "a limit on the stock in one period"
                    self.data.problem = self.data.problem or Refusal(only, sentence.text.strip(), True)
                if re.search(r"\bend\s+of\b|\bclos(?:e|ing)\b|\bovernight\b", near + amount.after[:30], re.I):
                    unclear = "whether the limit on the stock holds before the demand of a period is served"
                    self.data.problem = self.data.problem or Refusal(unclear, sentence.text.strip(), True)
            else:
                continue
            if self.data.put(name, amount.value, self.quote(sentence), sentence):
                self.claims.take(amount.start, amount.end)
                ahead = re.search(r"\bat\s+most\s+$", amount.before, re.I)
                behind = re.match(r"\s*\w+\s+at\s+most\b", amount.after, re.I)
                if name == "room" and (ahead or behind):
                    start = sentence.start + ahead.start() if ahead else amount.start
                    self.claims.word(start, amount.end + (behind.end() if behind else 0))

    def _words(self) -> None:
        """What is told without a number: no stock at first, no delay."""
        for sentence in self.case.sentences:
            if (
                "initial_stock" not in self.data.values
                and re.search(_INITIAL, sentence.text, re.I)
                and re.search(
                    (
                        r"\b(?:nonexistent|non-existent|zero|nil|empty|none|no\s+(?:\w+\s+)?(?:stock|inventor"
                        r"|reserve)\w*|depleted|exhausted|absent|without)\b"
                    ),
                    sentence.text,
                    re.I,
                )
            ):
                self.data.put("initial_stock", 0, self.quote(sentence), sentence)
            if (
                "lead" not in self.data.values
                and re.search(_NOW, sentence.text, re.I)
                and re.search(_ORDER, sentence.text, re.I)
            ):
                self.data.put("lead", 0, self.quote(sentence), sentence)


def _cost_name(text: str) -> str:
    for name, words in (("shortage_cost", _SHORT), ("holding_cost", _STOCK), ("order_cost", _ORDER)):
        if re.search(words, text, re.I):
            return name
    return ""


def _formulation(case: Case, group: RecordGroup, data: _Data, reader: _Reader) -> Formulation:
    unit = common_unit(record.fields[0] for record in group.records)
    demand = tuple(
        Cell((t,), record.fields[0].value, case.cite(record.start, record.end))
        for t, record in enumerate(group.records, start=1)
    )
    values = data.values
    assumptions = [Assumption("order", "an order that arrives after the last period is still paid")]
    parameters = [
        scalar("horizon", "count", len(demand), case.cite(group.records[-1].start, group.records[-1].end)),
        Parameter("demand", "requirement", unit, ("periods",), demand),
    ]
    if "lead" not in values:
        values["lead"] = (0, "")
        assumptions.append(Assumption("lead", "an order arrives in its own period"))
    roles = {
        "order_min": "bound",
        "order_max": "bound",
        "lead": "time",
        "initial_stock": "initial",
        "room": "capacity",
        "order_cost": "cost",
        "holding_cost": "cost",
        "shortage_cost": "cost",
        "overhead": "fixed_charge",
    }
    for name, role in roles.items():
        if name in values:
            parameters.append(scalar(name, role, values[name][0], values[name][1]))  # type: ignore[arg-type]
    sets = [IndexSet("periods", expr="range(1, horizon + 1)")]
    constraints = [
        Constraint("balance", "opening[t] + arriving[t] + lost[t] == demand[t] + stock[t]", ("t in periods",)),
        Constraint("within_room", "opening[t] + arriving[t] <= room", ("t in periods",), source=(values["room"][1],)),
    ]
    assumptions.append(
        Assumption("room", "the limit holds at any moment, so also when an order has come and demand is not yet served")
    )
    for name, parameter, cells, expr in (
        ("capped", "order_cap", data.caps, "order[t] <= order_cap[t]"),
        ("floored", "stock_floor", data.floors, "stock[t] >= stock_floor[t]"),
        ("closing", "closing_floor", data.closing, "stock[t] >= closing_floor[t]"),
    ):
        if cells:
            sets.append(IndexSet(name, elements=tuple(cells), within="periods"))
            told = tuple(Cell((t,), value, quote) for t, (value, quote) in cells.items())
            parameters.append(Parameter(parameter, "bound", unit, (name,), told))
            source = tuple(quote for _, quote in cells.values())
            constraints.append(Constraint(f"in_{name}", expr, (f"t in {name}",), source=source))
    terms = [
        Term("ordering", "sum(order_cost * order[t] for t in periods)"),
        Term("holding", "sum(holding_cost * stock[t] for t in periods)"),
        Term("shortage", "sum(shortage_cost * lost[t] for t in periods)"),
    ]
    if "overhead" in values:
        terms.append(Term("overhead", "overhead", source=(values["overhead"][1],)))
    return Formulation(
        name="inventory",
        objective=Objective("min", tuple(terms)),
        sets=tuple(sets),
        parameters=tuple(parameters),
        variables=(
            Variable(
                "order",
                ("t in periods",),
                lower="order_min" if "order_min" in values else "0",
                upper="order_max" if "order_max" in values else None,
                unit=unit,
            ),
            Variable(
                "stock", ("t in periods",), lower="0", upper="room", unit=unit, description="at the end of the period"
            ),
            Variable("lost", ("t in periods",), lower="0", upper="demand[t]", unit=unit),
        ),
        expressions=(
            NamedExpression("opening", "(stock[t - 1] if t - 1 in periods else initial_stock)", ("t in periods",)),
            NamedExpression("arriving", "(order[t - lead] if t - lead in periods else 0)", ("t in periods",)),
        ),
        constraints=tuple(constraints),
        assumptions=tuple(assumptions),
        asked=("order[t] for t in periods",),
    )
