"""Operators of English: the closed class of words that turn, scope, condition or shape what a sentence says.

Whoever reads a sentence must answer for every one of them: a reader that skips "no", "only", "each", "last year" or
"set-up" may read the opposite, or a part for the whole. This module only finds them, with offsets; what licenses an
occurrence (a comparison that it belongs to, a harmless use) is for the reader that took the sentence's meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from verify.reading.document import Document, Sentence

OperatorClass = Literal[
    "negation",
    "exclusion",
    "quantifier",
    "collective",
    "equality",
    "shape",
    "comparative",
    "mood",
    "time",
    "subject",
    "condition",
    "cost",
    "modal",
]

# Alternatives are literal words or word beginnings; the first class that matches at a place wins.
_WORDS: tuple[tuple[OperatorClass, str], ...] = (
    (
        "mood",
        r"need not|needn't|(?:do|does|did|is|are|was|will)(?: not|n't) (?:have|need|required?|necessary|obliged|bound)"
        r"(?: to)?|(?:not|no longer|un)(?: be| ?strictly)? ?(?:necessary|required|obligatory|compulsory|needed|necessarily)"
        r"|optional(?:ly)?|would|could|might|hopes?|hoped|wish(?:es|ed)?|likes?|prefer(?:s|red|ably|ence|ences|able)?"
        r"|ideal(?:ly)?|nice|desirable|rather|perhaps|maybe|possibly|possible|rumou?rs?|supposed(?:ly)?|alleged(?:ly)?"
        r"|false|wrong|untrue|myth|claims?|claimed|thinks?|thought|believes?|believed|guess(?:es)?|considers?|considered"
        r"|considering|recommend(?:s|ed|ation)?|advis(?:es|ed|able)|suggest(?:s|ed)?|try|tries|free to|voluntar(?:y|ily)"
        r"|estimated?|approximately|roughly|about|around|almost|nearly|some",
    ),
    (
        "negation",
        r"no one|nobody|nothing|nowhere|no longer|no|not|\w+n't|cannot|never|neither|nor|none|without|hardly|barely|scarcely"
        r"|seldom|rarely|zero",
    ),
    (
        "exclusion",
        r"except(?:ing|ion|ions)?|other than|apart from|aside from|rather than|instead|unlike|exclud\w*|exclusive(?:ly)?"
        r"|exempt\w*|refus\w*|ban|bans|banned|banning|forbid\w*|forbade|prohibit\w*|disallow\w*|cancel\w*|avoid\w*|stop(?:s|ped)?"
        r"|ceas\w*|quit|quits|drop(?:s|ped)?|skip\w*|omit\w*|abandon\w*|discontinu\w*|suspend\w*|reject\w*|declin\w*|den(?:y|ies|ied)"
        r"|withdraw\w*|withdrew|lack(?:s|ed|ing)?|impossible|unable|unavailable|incompatible|broken|empty|unused|idle"
        r"|spare|spared|fail(?:s|ed|ure|ures)?|out of|ruled out|give up|gives up|given up|refrain\w*|prevent\w*|illegal|unlawful"
        r"|mutually|but not|less than all|waiv\w*|lift(?:ed)?|no-go|absent|missing|depriv\w*|void|obsolete",
    ),
    (
        "condition",
        r"if|unless|provided|providing|otherwise|else|whenever|when|whoever|whatever|whichever|wherever|in case|as long as"
        r"|so long as|once|depend(?:s|ing|ent|ents)?|assum(?:e|es|ing|ed)|suppos(?:e|ing)|condition(?:s|al|ally|ed)?|then|until"
        r"|till|except if|only if|except when|where|given|in the event|subject to|regardless|whether",
    ),
    (
        "equality",
        r"same|equal|equals|equally|equality|identical(?:ly)?|as many|as much|as few|as little|match(?:es|ed|ing)?|tie[ds]?"
        r"|balanced?|balances|balancing|proportion(?:s|al|ally|ate)?|ratios?|alike|evenly|correspond\w*|accompan\w*|paired|coupled"
        r"|come with|comes with|together with|along with|goes with|go with|one-to-one|likewise|just as|as long|as often"
        r"|compensat\w*",
    ),
    (
        "shape",
        r"even|odd|multiples?|divisible|evenly|in (?:twos|threes|fours|fives|sixes|tens|dozens|hundreds|pairs|sets|batches|bundles"
        r"|packs|packets|boxes|crates|cases|lots|groups|bulk)|by the (?:dozen|pair|hundred|gross)|pairs?|sets?|batch(?:es)?|bundles?"
        r"|couples?|trios?|quartets?|doubles?|doubled|doubling|tripled?|triples|tripling|halv\w*|squared?|squares|cubed?|cubic|roots?"
        r"|powers?|exponential\w*|average[ds]?|averages|averaging|mean|median|difference|differences|differ(?:s|ed)?|product of"
        r"|sum|sums|thousands|millions|hundreds|billions|dozens|score|gross|round(?:ed|s|ing)?|whole|integer|integers|integral"
        r"|fraction(?:s|al)?|per",
    ),
    (
        "quantifier",
        r"each|every|everything|everyone|all|both|either|any|anything|whole|entire(?:ly)?|full|fully|half|most of|majority|minority"
        r"|bulk of|rest|remain(?:s|ing|der)?|only|sole(?:ly)?|purely|single|several|few|many of|one of|a kind|alone|always"
        r"|respectively|complete(?:ly)?|exhaust\w*|use up|used up|using up|uses up|apiece|separate(?:ly)?|individual(?:ly)?",
    ),
    (
        "collective",
        r"together|combined|combination|combine|combines|in total|total|totals|totalling|totaling|altogether|overall|joint(?:ly)?"
        r"|sum of|collective(?:ly)?|in sum|between them|as a whole|grand total|mix|mixture|shared?|shares|sharing",
    ),
    (
        "time",
        r"was|were|had|ago|last|previous(?:ly)?|former(?:ly)?|past|used to|next|later|until|before|after(?:wards)?|afterward"
        r"|since|already|yesterday|tomorrow|soon|future|history|historical(?:ly)?|earlier|in advance|carried over|over from"
        r"|starting|started|begun|begin(?:s|ning)?|began|from now|now|today|tonight|currently|current|first|second|third"
        r"|initial(?:ly)?|final(?:ly)?|overtime|outdated|still|yet|again|originally|recent(?:ly)?|back then|so far",
    ),
    (
        "subject",
        r"competitors?|rivals?|neighbou?rs?|another|others?|elsewhere|someone|somebody|colleagues?|brothers?|sisters?|supplier'?s?",
    ),
    (
        "cost",
        r"set-?ups?|setting up|set up|one-?off|one-?time|once-?off|fixed|flat|upfront|lump|discount\w*|rebates?|bonus(?:es)?|fees?"
        r"|surcharges?|loss(?:es)?|lose|loses|losing|lost|left ?-?over|left|leftovers?|surplus|excess|wasted?|wastage|scrap|shortages?"
        r"|penalt(?:y|ies)|fines?|refund\w*|tax(?:es|ed)?|vat|subsid\w*|in stock|stocked|in inventory|on hand|interest|deposits?|grants?"
        r"|pays for|paid for|rent|rental|leas\w*|commission|tips?|royalt\w*|extra|additional(?:ly)?|surpass\w*|beyond|sunk|overheads?"
        r"|overdue|off|free|gifts?|donat\w*|spoil\w*|defect\w*|reject rate|yield loss|increase[sd]?|increasing|decrease[sd]?|reduc\w*"
        r"|grow(?:s|ing)? by|raise[sd]?|rais(?:es|ing)|rises?|rising|falls?|falling|shrink\w*|mouldy|worthless|rotten",
    ),
    (
        "comparative",
        r"more|fewer|less|greater|larger|smaller|higher|lower|bigger|longer|shorter|exceed\w*|outnumber\w*|above|below|over|under"
        r"|than|at least|at most|up to|minimum|maximum|max|min|limit(?:s|ed|ing)?|restrict\w*|cap|caps|capped|least|most"
        r"|smallest|largest|bottleneck|exact(?:ly)?|precisely|within|between|twice|thrice|times",
    ),
    (
        "modal",
        r"must|should|shall|has to|have to|having to|need(?:s|ed)? to|may|can|ought|ensur\w*|guarantee\w*|insist\w*|demand(?:s|ed|ing)?"
        r"|requir\w*|oblig\w*|commit\w*|promis\w*|contract\w*|order(?:s|ed)?|compulsory|mandatory|necessar\w*|will|keep(?:s|ing)?|kept"
        r"|maintain\w*|allow(?:s|ed|ing)?|permit(?:s|ted|ting)?|willing|agree[sd]?|rules?|law|laws|regulation\w*|polic(?:y|ies)|want(?:s|ed)?",
    ),
)
_PATTERN = re.compile(
    "|".join(f"(?P<g{n}>(?<![\\w-])(?:{words})(?![\\w-]))" for n, (_, words) in enumerate(_WORDS)), re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator word: its class, its lower-case words, offsets into the text."""

    kind: OperatorClass
    word: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def _found(text: str) -> tuple[tuple[OperatorClass, str, int, int], ...]:
    return tuple(
        (
            next(kind for n, (kind, _) in enumerate(_WORDS) if match.group(f"g{n}") is not None),
            match.group().lower(),
            match.start(),
            match.end(),
        )
        for match in _PATTERN.finditer(text)
    )


def operators_in(sentence: Sentence) -> tuple[Operator, ...]:
    """The operators of a sentence in order; "no longer" and "need not" are one, "no more than" is two."""
    return tuple(
        Operator(kind, word, sentence.start + start, sentence.start + end)
        for kind, word, start, end in _found(sentence.text)
    )


def find_operators(document: Document) -> tuple[Operator, ...]:
    """The operators of all sentences."""
    return tuple(operator for sentence in document.sentences for operator in operators_in(sentence))
