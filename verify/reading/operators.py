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

from verify.reading.document import Sentence

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
        r"need not|needn't"
        r"|(?:do|does|did|is|are|was|will)(?: not|n't) (?:have|need|required?|necessary|obliged|bound)(?: to)?"
        r"|(?:not|no longer|un)(?: be| ?strictly)? ?(?:necessary|required|obligatory|compulsory|needed|necessarily)"
        r"|optional(?:ly)?|would|could|might|hopes?|hoped|wish(?:es|ed)?|likes?"
        r"|prefer(?:s|red|ably|ence|ences|able)?|ideal(?:ly)?|nice|desirable|rather|perhaps|maybe|possibly"
        r"|possible|rumou?rs?|supposed(?:ly)?|alleged(?:ly)?|false|wrong|untrue|myth|claims?|claimed"
        r"|thinks?|thought|believes?|believed|guess(?:es)?|considers?|considered|considering"
        r"|recommend(?:s|ed|ation)?|advis(?:es|ed|able)|suggest(?:s|ed)?|try|tries|free to"
        r"|voluntar(?:y|ily)|estimated?|approximately|roughly|about|around|almost|nearly|some",
    ),
    (
        "negation",
        r"no one|nobody|nothing|nowhere|no longer|no|not|\w+n't|cannot|never|neither|nor|none|without"
        r"|hardly|barely|scarcely|seldom|rarely|zero",
    ),
    (
        "exclusion",
        r"except(?:ing|ion|ions)?|other than|apart from|aside from|rather than|instead|unlike|exclud\w*"
        r"|exclusive(?:ly)?|exempt\w*|refus\w*|ban|bans|banned|banning|forbid\w*|forbade|prohibit\w*"
        r"|disallow\w*|cancel\w*|avoid\w*|stop(?:s|ped)?|ceas\w*|quit|quits|drop(?:s|ped)?|skip\w*|omit\w*"
        r"|abandon\w*|discontinu\w*|suspend\w*|reject\w*|declin\w*|den(?:y|ies|ied)|withdraw\w*|withdrew"
        r"|lack(?:s|ed|ing)?|impossible|unable|unavailable|incompatible|broken|empty|unused|idle|spare"
        r"|spared|fail(?:s|ed|ure|ures)?|out of|ruled out|give up|gives up|given up|refrain\w*|prevent\w*"
        r"|illegal|unlawful|mutually|but not|less than all|waiv\w*|lift(?:ed)?|no-go|absent|missing"
        r"|depriv\w*|void|obsolete",
    ),
    (
        "condition",
        r"if|unless|provided|providing|otherwise|else|whenever|when|whoever|whatever|whichever|wherever"
        r"|in case|as long as|so long as|once|depend(?:s|ing|ent|ents)?|assum(?:e|es|ing|ed)"
        r"|suppos(?:e|ing)|condition(?:s|al|ally|ed)?|then|until|till|except if|only if|except when|where"
        r"|given|in the event|subject to|regardless|whether",
    ),
    (
        "equality",
        r"same|equal|equals|equally|equality|identical(?:ly)?|as many|as much|as few|as little"
        r"|match(?:es|ed|ing)?|tie[ds]?|balanced?|balances|balancing|proportion(?:s|al|ally|ate)?|ratios?"
        r"|alike|evenly|correspond\w*|accompan\w*|paired|coupled|come with|comes with|together with"
        r"|along with|goes with|go with|one-to-one|likewise|just as|as long|as often|compensat\w*",
    ),
    (
        "shape",
        r"even|odd|multiples?|divisible|evenly"
        r"|in (?:twos|threes|fours|fives|sixes|tens|dozens|hundreds|pairs|sets|batches|bundles|packs|packets"
        r"|boxes|crates|cases|lots|groups|bulk)"
        r"|by the (?:dozen|pair|hundred|gross)|pairs?|sets?|batch(?:es)?|bundles?|couples?|trios?"
        r"|quartets?|doubles?|doubled|doubling|tripled?|triples|tripling|halv\w*|squared?|squares|cubed?"
        r"|cubic|roots?|powers?|exponential\w*|average[ds]?|averages|averaging|mean|median|difference"
        r"|differences|differ(?:s|ed)?|product of|sum|sums|thousands|millions|hundreds|billions|dozens"
        r"|gross|round(?:ed|s|ing)?|whole|integer|integers|integral|fraction(?:s|al)?|per",
    ),
    (
        "quantifier",
        r"each|every|everything|everyone|all|both|either|any|anything|whole|entire(?:ly)?|full|fully|half"
        r"|most of|majority|minority|bulk of|rest|remain(?:s|ing|der)?|only|sole(?:ly)?|purely|single"
        r"|several|few|many of|one of|a kind|alone|always|respectively|complete(?:ly)?|exhaust\w*|use up"
        r"|used up|using up|uses up|apiece|separate(?:ly)?|individual(?:ly)?",
    ),
    (
        "collective",
        r"together|combined|combination|combine|combines|in total|total|totals|totalling|totaling"
        r"|altogether|overall|joint(?:ly)?|sum of|collective(?:ly)?|in sum|between them|as a whole"
        r"|grand total|shared?|shares|sharing",
    ),
    (
        "time",
        r"fortnight(?:s|ly)?|was|were|had|ago|last|previous(?:ly)?|former(?:ly)?|past|used to|next|later|until|before"
        r"|after(?:wards)?|afterward|since|already|yesterday|tomorrow|soon|future|history"
        r"|historical(?:ly)?|earlier|in advance|carried over|over from|starting|started|begun"
        r"|begin(?:s|ning)?|began|from now|now|today|tonight|currently|current|first|second|third"
        r"|initial(?:ly)?|final(?:ly)?|overtime|outdated|still|yet|again|originally|recent(?:ly)?"
        r"|back then|so far",
    ),
    (
        "subject",
        r"competitors?|rivals?|neighbou?rs?|another|others?|elsewhere|someone|somebody|colleagues?"
        r"|brothers?|sisters?|supplier'?s?",
    ),
    (
        "cost",
        r"set-?ups?|setting up|set up|one-?off|one-?time|once-?off|fixed|flat|upfront|lump|discount\w*"
        r"|rebates?|bonus(?:es)?|fees?|surcharges?|loss(?:es)?|lose|loses|losing|lost|left ?-?over|left"
        r"|leftovers?|surplus|excess|wasted?|wastage|scrap|shortages?|penalt(?:y|ies)|fines?|refund\w*"
        r"|tax(?:es|ed)?|vat|subsid\w*|in stock|stocked|in inventory|on hand|interest|deposits?|grants?"
        r"|pays for|paid for|rent|rental|leas\w*|commission|royalt\w*|extra|additional(?:ly)?|surpass\w*"
        r"|beyond|sunk|overheads?|overdue|off|free|gifts?|donat\w*|spoil\w*|defect\w*|reject rate"
        r"|yield loss|increase[sd]?|increasing|decrease[sd]?|reduc\w*|raise[sd]?|rais(?:es|ing)|rises?"
        r"|rising|falls?|falling|shrink\w*|mouldy|worthless|rotten",
    ),
    (
        "comparative",
        r"more|fewer|less|greater|larger|smaller|higher|lower|bigger|longer|shorter|exceed\w*|outnumber\w*"
        r"|above|below|over|under|than|at least|at most|up to|minimum|maximum|max|min|limit(?:s|ed|ing)?"
        r"|restrict\w*|cap|caps|capped|least|most|smallest|largest|bottleneck|exact(?:ly)?|precisely"
        r"|within|between|twice|thrice|times",
    ),
    (
        "modal",
        r"must|should|shall|has to|have to|having to|need(?:s|ed)? to|may|can|ought|ensur\w*|guarantee\w*"
        r"|insist\w*|demand(?:s|ed|ing)?|requir\w*|oblig\w*|commit\w*|promis\w*|contract\w*|order(?:s|ed)?"
        r"|compulsory|mandatory|necessar\w*|will|keep(?:s|ing)?|kept|maintain\w*|allow(?:s|ed|ing)?"
        r"|permit(?:s|ted|ting)?|willing|agree[sd]?|rules?|law|laws|regulation\w*|polic(?:y|ies)"
        r"|want(?:s|ed)?",
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


def operators_of(text: str, offset: int = 0) -> tuple[Operator, ...]:
    """The operators of a stretch of text that begins at `offset`, in order.

    "no longer" and "need not" are one operator; "no more than" is two.
    """
    return tuple(Operator(kind, word, offset + start, offset + end) for kind, word, start, end in _found(text))


def operators_in(sentence: Sentence) -> tuple[Operator, ...]:
    """The operators of a sentence, in order."""
    return operators_of(sentence.text, sentence.start)
