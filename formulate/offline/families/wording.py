"""Wording accounted for: every operator of English in the prose must belong to a turn of speech that a family knows.

`verify.reading.operators` finds the closed class of words that turn, scope, condition or shape a sentence; this module
adds numbers in words, ordinals and rates. A *licence* is a pattern of words that a family understands or that says
nothing; an operator outside every licence is a requirement that nobody read, and the family abstains.

Licences are written with plain spaces for any white space, ` ?` for some or none, `~` for one word that is no operator
itself, `#` for a number in digits and `@` for the name of an entity of the text. A licence never reaches over an
operator that it does not name, so it cannot swallow a "not" or an "only".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from verify.reading.operators import operators_of
from verify.reading.quantities import NUMBER_WORDS
from verify.reading.words import singular, word_set

_SCALE = (
    r"hundreds?|thousands?|millions?|billions?|dozens?|scores?|tenths?|thirds?|quarters?|fifths?|sixths?|eighths?"
    r"|per\s?cent|percentage|%"
)
_COUNT = "|".join(word for word, value in NUMBER_WORDS.items() if value)
_ORDINAL = r"fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
_TIME = r"hour|day|week|month|quarter|year|fortnight|decade|minute|night"
_MORE = re.compile(
    rf"(?<![\w])(?:{_SCALE}|{_COUNT}|{_ORDINAL}"
    rf"|(?:an?|per|this|that)\s+(?:{_TIME})"
    r"|hourly|daily|weekly|monthly|yearly|annual(?:ly)?|nightly|fortnightly"
    r"|besides|plus|minus|tolls?|tips?|wages?|tare|weighs|in\s+addition|on\s+top|as\s+well|also|too|cents?"
    r"|able|capable|opens?|opened|repeat(?:s|ed|ing|edly)?|copy|copies|duplicat\w*|more\s+often|round\s+trips?"
    r"|trips?"
    r"|as (?:large|big|high|much|many|small|low|heavy|long|full|good) as|mornings?|afternoons?|evenings?|nights?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|summers?|winters?|autumns?|seasons?|closed|shut|gr[oe]w\w*"
    r"|alternat\w+|consecutive\w*|neighbou?r\w*|halfway|uphill|downhill|helpers?|assistants?|companions?|drivers?"
    r"|by hand|on foot|in (?:the|this|that|a|any|their) (?:\w+ )?order|in the order|order of|longest|slowest"
    r"|fastest|busiest|worst|heaviest|lightest|in (?:that|this|one|either"
    r"|each) direction|one-way|back|behind|home|end of|ends? of|leak\w*|spill\w*|evaporat\w*|allerg\w*|sold|stolen"
    r"|taken|reserv(?:ed|e)|count(?:s|ed)?"
    r"|follow(?:s|ed|ing)?|direct(?:ly)?|straight|passe?s?|pumps?|toward|includ(?:e|es|ing|ed)"
    r"|cost(?:s|ing)?|paid|pays?|chang(?:e|es|ed|ing)|smooth\w*|festiv\w*|while|also)(?![\w])",
    re.IGNORECASE,
)
"""What the families hold for an operator beyond the closed class: number words, periods, repetition, payments."""

_DECIDE = (
    r"determin(?:e|ing)|decid(?:e|ing)|choose|select|find|ascertain|identify|resolve|assemble|schedule|design|plan"
    r"|figure out"
    r"|devise|compute|establish|formulate|allocate|assign|coordinate|dispatch|load|pack|prepare|manage|optimi[sz]e"
    r"|pick"
    r"|organi[sz]e|arrange|distribute|ship|transport|deliver|supply|route|visit|inspect|conduct|perform|stock"
    r"|order|place"
    r"|operate|oversee|develop|create|delineate|sequence|minimi[sz]e|maximi[sz]e|procure|replenish|govern"
    r"|configure|evaluate"
)
_DONE = (
    r"taken|chosen|selected|picked|packed|loaded|carried|shipped|sent|delivered|transported|supplied|visited|made"
    r"|produced|bought|purchased|ordered|restored|funded|financed|built|drilled|scheduled|sequenced|processed"
    r"|handled|started|placed|put|moved|distributed|assigned|routed|planned|organi[sz]ed|arranged|done|included"
)
_DO = (
    r"take|carry|bring|buy|purchase|send|make|produce|start|begin|fund|finance|build|go|travel|drive|run|do|include"
    r"|restore|process|handle|put|use|invest in|be"
)
_CHOOSE = re.sub(r"(?:optimi|minimi|maximi)\[sz\]e\|?", "", _DECIDE)
_QUESTION = (
    r"(?:which|what|how|when|in (?:which|what) order)(?: (?:many|much|of (?:the|these|them)|~)){0,4}? should"
    rf"(?: (?:he|she|they|we|you|it|@|(?:the |an? |each |every )?~(?: ~)?))? (?:be (?:{_DONE})|{_CHOOSE}|{_DO})"
)
"""A question for the decision: which items should she take, in what order should the holes be drilled."""
_NUMBER_WORD = re.compile(rf"{_COUNT}|{_ORDINAL}|hundred|thousand|dozen", re.IGNORECASE)
_PLAIN = re.compile(
    r"has|have|hold|is|are|a|an|the|in|at|of|and|with|stock|unit|second|minute|hour|day|km|kilometer|meter|kg"
    r"|kilogram|gram"
    r"|ton|tonne|pound|lb|liter|litre|hectare|terabyte|point|dollar|euro|credit|foot|cubic|order|fulfillment"
)
"""Words that one record may have and its fellows lack: a unit told once, a verb of having."""
_DIGITS = r"[$€£]?\d[\d,]*(?:\.\d+)?%?"
NEUTRAL = word_set(
    "total totals combination combinations set sets given ensure ensures ensuring possible overall entire "
    "identical cubic score scores maximum limit limits limitation limitations limited restriction restrictions "
    "between combined individual requirement requirements necessary collective sum complete lift exact "
    "collectively restricted capped will order contractual contract contracts gross separate donation "
    "donations corresponds corresponding power conditions considers considered assumed directly cost-effective "
    "provided parallel require requires requiring considering"
)
"""Operators that change nothing in the families, whose data stand in lists: sums are what they always are there."""

GENERAL: tuple[str, ...] = (
    r"in order to|under consideration|lift capacity|square (?:feet|met(?:er|re)s)|known precisely|once all"
    r"|requiring an? ~|fiscal (?:year|quarter)|staying (?:within|under)|all while|historical ~|operates under",
    r"(?:as follows|below)(?=\s*(?:[:.]|$))|(?:~ed|given|shown) (?:as follows|below)",
    r"(?:have|has|with|at|in|under|by|observe|from|of|satisfy) the following(?=(?: ~){0,5}\s*(?::|$))",
    r"the following (?:~ )?(?:~ )?(?:table|list|matrix|(?:exhaustive |fixed )?list|(?:~ )?profile|values?|data"
    r"|characteristics|costs?|properties|~s|are|is)",
    rf"(?:must|should|needs? to|has to|have to|can|wants? to|is required to|are required to|would like to|seeks to)"
    rf" (?:now |then |therefore |thus )?(?:{_DECIDE})",
    rf"(?:{_DECIDE}) (?:how|which|what|when|the optimal|an optimal)",
    _QUESTION,
    r"(?:due to|because of|owing to|given|per|in view of|under) (?:an? |the )?(?:~ )*?(?:obligations?"
    r"|restrictions?|requirements?|constraints?|protocols?|rules?|limitations?"
    r"|regulations?|polic(?:y|ies)|contracts?|agreements?|considerations?|stipulations?|conditions?|conflicts?"
    r"|clauses?|mandates?|laws?|terms?)",
    r"(?:contractual|regulatory|safety|operational|compatibility|compliance) ~",
    r"(?:subject to|under|with|on) (?:the|an?) (?:~ )?(?:condition|constraint|stipulation|requirement|proviso"
    r"|restriction|regulation|rule|policy) that",
    r"(?:while|whilst) (?:~ly |also |still )?(?:respecting|adhering|ensuring|satisfying"
    r"|observing|complying"
    r"|staying|remaining|not exceeding|keeping|honou?ring|meeting|minimi[sz]ing|maximi[sz]ing|fulfilling"
    r"|utili[sz]ing|using"
    r"|employing|accounting|obeying|maintaining|guaranteeing|abiding)",
    r"(?:obligation|condition|regulation|rule|policy|protocol|contract|clause|agreement|law)s?"
    r" (?:stipulate|mandate|dictate|require|state|specif(?:y|ie)|prescribe)s?",
    r"(?:~ )?~ ?rule(?= (?:that|is|:|dictates|stipulates))|provided (?:that )?the ~",
    r"spanning (?:two|three|four) distinct ~",
    r"(?:spare parts?|whole (?:blood|milk|grains?|wheat))",
    r"(?:ten|twenty|thirty|forty|fifty)-(?:foot|inch|litre|liter|ton)(?= ~)|(?:two|three)-dimensional",
    r"(?:in|measured in|expressed in) (?:dozens|hundreds|thousands|millions|billions) of ~",
    r"a (?:full|complete|whole) (?:set|range|list) of|both ~ and(?= ~)|when it (?:occurs|arises)",
    r"drop(?:s|ping)? off|for ~ drops(?=\s*[:.,])",
    r"(?<![\w,\ue000-\uf8ff]\x20)first,|(?:additionally|also|moreover|furthermore|finally|however|lastly),",
    r"(?:does|do|must|may|can|should|will|shall) not (?:exceed|surpass|be (?:exceeded|surpassed|violated"
    r"|overloaded))",
    r"cannot (?:exceed|surpass|be (?:exceeded|surpassed|violated|overloaded))",
    r"(?:without|not|never|avoid) (?:exceeding|surpassing|violating|overloading)",
    r"(?:must|to) (?:~ )?(?:never|not) (?:exceed|surpass)",
    r"(?:never|not to) exceeds?",
    r"(?:exceeds?|exceeding|exceeded|surpass(?:es|ing|ed)?) (?:its|their|the|this|that|these|a) (?:~ )*?"
    r"(?:capacity|capacities|limits?|budget|limitations?|allowance|maximum|threshold|ceiling|payload|rating|bound)",
    r"(?:exceed|surpass)(?:ing)? (?:its|their|the|this|that) ~(?: ~)? (?:capacity|limit|maximum)",
    r"within (?:its|their|the|this|that|an?) (?:~ )*?(?:capacity|limits?|budget|constraints?|allowance|facility"
    r"|time|region"
    r"|area|warehouse|city|network|complex|zone|territory|system|plant|campus|grid|window)",
    r"up to #~?",
    r"at most #~?",
    r"up to an? (?:~ )*?of #~?|without (?:risking|causing) ~",
    r"no (?:more|greater) than #",
    r"each(?= (?:with|having|characteri[sz]ed|possessing|of which|requiring|defined|featuring|described|offering"
    r"|associated))",
    r"(?:is|are|was) (?:tasked|charged|required|needed|responsible)",
    r"(?:required|needed)(?= (?:resources|materials|goods|supplies))",
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)-(?:day|week|month|year|hour)(?= ~)",
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten)-(?:stage|phase|leg|step|part|person)(?= ~)",
    r"(?:as|so) (?:large|high|much|small|low|little|early|short|cheap(?:ly)?|great) as possible",
    r"each (?:situated|positioned|located|placed|stationed|housed)|located within|(?:network|located|situated"
    r"|scattered) within",
    r"(?:requires?|requiring|needs) (?:~ )?(?:inspection|maintenance|service|delivery|a|an|the|careful|periodic"
    r"|routine|~ion) ",
    r"long-term|short-term|high-value|multi-\w+|cost-effective|an? (?:order|contract|fleet|set|series|subset)"
    r"|consist of",
    r"subject to (?:an?|the|a strict|that|its) ~",
    r"the (?:specifications|details|data|characteristics|parameters) (?:for|of) each",
)


def triggers(text: str) -> list[tuple[str, int, int]]:
    """The operators of a sentence, with the families' own, in order: (word, start, end)."""
    found = [(operator.word, operator.start, operator.end) for operator in operators_of(text)]
    found += [(m.group().lower(), *m.span()) for m in _MORE.finditer(text)]
    return sorted({item for item in found if item[0] not in NEUTRAL}, key=lambda item: item[1])


_MOST_WORDS = 12
"""Of an open number of words in a licence, at most so many."""


@lru_cache(maxsize=64)
def _compiled(licences: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(licence) for licence in licences)


def _pattern(licence: str) -> re.Pattern[str]:
    # A phrase has an end: without one, a long sentence that begins licences everywhere takes quadratic time.
    licence = re.sub(r"(?<!\\)\)([*+])", lambda found: f"){{{int(found[1] == '+')},{_MOST_WORDS}}}", licence)
    written = licence.replace("~", r"(?-i:[^\W\d_A-Z][^\WA-Z]*(?:['’-][^\WA-Z]+)*)").replace("#", _DIGITS)
    written = written.replace("@", "[\ue000-\uf8ff]+").replace(" ?", r"\s*")
    written = written.replace(" ", r"\s+")
    return re.compile(rf"(?<![\w])(?:{written})(?![\w])", re.IGNORECASE)


def _shadow(text: str, found: list[tuple[str, int, int]]) -> str:
    """The text in lower case, its operators in capitals: a free word of a licence is one in lower case."""
    shown = [letter.lower() if len(letter.lower()) == 1 else letter for letter in text]
    for _, start, end in found:
        shown[start:end] = [letter.upper() if len(letter.upper()) == 1 else letter for letter in text[start:end]]
    return "".join(shown)


def unlicensed(text: str, licences: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """The operators of a sentence (names masked) that no licence covers."""
    found = triggers(text)
    if not found:
        return []
    shadow = _shadow(text, found)
    patterns = _compiled((*GENERAL, *licences))
    spans = sorted(match.span() for pattern in patterns for match in pattern.finditer(shadow))
    starts = [start for start, _ in spans]
    reach = list(accumulate((end for _, end in spans), max))  # the furthest end of the spans up to here
    covered = ((item, bisect_right(starts, item[1])) for item in found)
    return [item for item, count in covered if not count or reach[count - 1] < item[2]]


def is_number(word: str) -> bool:
    """Whether an operator is a number in words."""
    return bool(_NUMBER_WORD.fullmatch(word))


def odd_words(rows: list[tuple[str, frozenset[str]]]) -> list[tuple[int, str]]:
    """(row, word) of the words that a record has and most of its fellows lack: a remark. Rows: text and own names."""
    told = [word_forms(text) - names for text, names in rows]
    often: dict[str, int] = {}
    for words in told:
        for word in words:
            often[word] = often.get(word, 0) + 1
    rare = {word for word, count in often.items() if count * 2 <= len(rows) and not _PLAIN.fullmatch(word)}
    return [(k, word) for k, words in enumerate(told) for word in sorted(words & rare)]


def word_forms(text: str) -> frozenset[str]:
    """The words of a text in the singular and in lower case."""
    return frozenset(singular(word.lower()) for word in re.findall(r"[^\W\d_]+", text))
