"""Harmless contexts of operator words, collected from problems that are read right, and the shapes of comments.

All patterns match a marked sentence (see `formulate.offline.textbook.marking`): a name is E, a number Q, a comparison
C, the word of a goal G, a noun for the activities K, each filled up with # to its length; the rest is lower case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

E, Q, C, G, K = "E#*", "Q#*", "C#*", "G#*", "K#*"
THING = f"(?:{E}|{K})"
PERIOD = "(?:day|week|month|year|shift|trip|hour|minute|season|visit)"


@dataclass(frozen=True, slots=True)
class Context:
    """A harmless context: the kinds of clause it holds in (empty: all), and its words."""

    name: str
    kinds: frozenset[str]
    pattern: re.Pattern[str]


def _context(name: str, kinds: str, *patterns: str) -> Context:
    return Context(name, frozenset(kinds.split()), re.compile("|".join(f"(?:{p})" for p in patterns)))


_REQUIRED = r"(?:constraints?|requirements?|conditions?|limits|bounds?|restrictions?|limitations?|demands|objectives?)"
_OPTIMAL = (
    r"(?:an |the |these |this |its |optimal |specified |certain )*"
    r"(?:optimal|optimally|conditions?|scenario|contract|circumstances)"
)
_SELLS_ALL = (
    r"\bcan sell (?:as many [\w# ]+ as (?:it|they|he|she)|(?:all|any) (?:of )?(?:the )?[\w# ]+ (?:it|they|he"
    r"|she)) (?:can )?"
    r"(?:produces?|makes?)\b|\bcan sell any (?:quantity|number|amount)\b"
)

CONTEXTS = (
    _context(
        "purpose",
        "",
        r"\bin order (?:to|that|for)\b",
        r"\bas (?:many|much|fast|few|little|well) ?(?:\w+ )?as possible\b",
        r"\b(?:be|is|are|being) used to\b",
    ),
    _context("wish of the teller", "goal plain", r"\bwould like to\b", r"\bwants? to\b", r"\btr(?:ies|y) to\b"),
    _context(
        "discourse",
        "",
        r"\bon the other hand\b",
        r"\badditionally\b",
        r"\bas well as\b",
        r"\bfinally\b",
        r"\bcurrently\b",
        r"\balong with\b",
        r"^(?:likewise|recently|in total),",
        r"\bcurrent (?=demand)",
        r"\bthere are still\b",
        r"\bis then (?=sold|made)",
        r"\bpossibly due to\b",
        r"\bas per\b",
        r"\b(?:set|hooked) up(?: to)?\b",
        r"\baround the [a-z]+",
        r"\blimited (?=capacity|resources?|space|time|availability|supply|storage|land)",
        r"\bcannot (?:be|receive) negative\b",
        r"\bindividual (?=[\w#]+)",
        r"\bcan be stocked\b",
        r"\b(?:must|should|can|to) be given\b",
        r"\bensure that (?:each|both|all) [\w#]+ receives? (?:sufficient|adequate|enough)\b",
        r"\bif (?:it|they) optimally\b",
        r"\bone after the other\b",
        r"^the [\w#]+ used to [a-z]+ (?:the )?[\w#]+ (?=has|have|is|are)",
        r"\b(?:each|every|in the|during the) (?:fall|autumn|winter|spring|summer)\b",
        rf"\b(?:about|approximately|roughly) (?={Q})",
        r"\bwhen there are too (?:many|few)\b",
        _SELLS_ALL,
        r"\bhow (?:many|much) of each\b",
        r"\bassociated with (?:[a-z]+ )?each\b",
        r"\bof either (?:type|kind|sort)\b(?= (?:needed|required))",
        r"\beach (?:[\w#]+ ){1,2}has (?:different|specific|its own)\b",
        r"\b(?:since|because) (?:there (?:is|are) )?(?:no difference|not many|not every)\b",
        r"\b(?:to|among|across|over|for|between) all(?: #+| [a-z]+)? (?=[\w#]+)",
        r"\bonly (?:(?:has|have) )?(?:enough|sufficient)\b",
    ),
    _context(
        "numbers allowed",
        "",
        r"\bgreater C?#* ?than or equal to (?:0|zero)\b",
        r"\bunknown(?:s| variables| values)? both\b",
    ),
    _context(
        "form of the answer",
        "goal plain",
        r"\brounde?d?(?: your answer)?(?: up| off| down)? (?:to|off|up)\b(?: the)? ?(?:nearest)?(?: whole)?(?: \w+)?",
        r"\brounde?d? (?:your answer|off)\b[^.]*",
        r"\bassuming (?=the )",
        r"\b(?:what|it) would (?=be|G)",
    ),
    _context(
        "mention of the requirements",
        "",
        rf"\b(?:(?:all|these|following|certain|specific|several|some|both|various|additional|given|each|any|the"
        rf"|minimum|maximum)"
        rf" )+(?:of )?(?:the |these |this )?(?:[\w-]+ ){{0,3}}?(?:and [\w-]+ )?{_REQUIRED}\b",
        rf"\b{_REQUIRED}\b(?= (?:are|is|considered|due|along|of|on|for|in|from|that|specified|like)\b|[.,:;?!)]|$)",
        rf"\bmeet(?:ing)? (?:\w+ ){{0,4}}(?:{_REQUIRED}|demand|needs|targets?|goals?)\b",
        rf"\beach [\w#]+ (?:\w+ )?(?:has|have)(?: also)? (?:an? |its )?(?:[\w-]+ ){{0,3}}(?:{_REQUIRED}|limit)\b",
        r"\beach [\w#]+ of [\w#]+ has (?:specific|certain) bounds\b",
        r"\bminimum (?:numbers?|thresholds?|levels?|demand|requirements?)\b",
        r"\bmaximum resource allocation\b",
        r"\bgiven (?:these|the|this|their|past experience|parameters|that)\b",
        r"\bconsidering (?=that|the|all|both)",
        rf"\b(?:given|under|when|with) {_OPTIMAL}\b",
        r"\bwithin (?:the|their|its|these|each|his|her|specified|specific)\b",
        r"\blike (?=[a-z]+ or\b|[a-z]+(?: [a-z]+)?,)",
        r"\bother (?=factors|reasons)",
        r"\bacross (?:all )?(?:these )?",
    ),
    _context(
        "asked of each",
        "goal",
        r"\bhow (?:many|much) (?:of )?(?:[\w-]+ ){0,3}?(?:of )?each\b",
        r"\bmany of\b",
        rf"\bhow (?:many|much) (?:[\w-]+ ){{0,3}}{THING} (?:of )?each\b",
        rf"\b(?:of|with|on|from|for|by|in|to) each (?:type|kind|sort|variety|size|version|model|brand|one"
        rf"|{THING}|of\b)",
        rf"\beach(?= (?:{THING}|type|kind|should|{PERIOD}|of\b|,|$))",
        rf"\beach(?=[,.?]| should| to\b| {G}| (?:are|is|must|can|will|they|he|she|the|you|\w+) )",
        r"\b(?:possible|total|overall|required|needed|necessary|best|can|should|must|will|may|possibly)\b",
        r"\b(?:of|in) total\b",
        r"\bthe (?:whole|entire) (?=[a-z]+)",
        r"\bwhere (?=costs?|the costs?|x|each|\()",
        rf"\b(?:all|both|each) (?:of )?(?:the |these |this )?(?:#+ |two |three |four |five )?(?:\w+ )?{THING}",
        rf"\bper (?={THING})",
    ),
    _context(
        "introduction",
        "plain",
        r"\b(?:between|within)\b",
        r"\bwaste (?=management|water|disposal|collection)",
        r"\baround the (?:\w+)",
        r"\b(?:could|might|may) (?:represent|involve|include|be|refer|correspond)\b",
        r"\brespectively\b",
        r"\b(?:recommends|suggests)\b",
        r"\bnext (?:[a-z]+ )?(?:day|week|month|season|year)\b(?! on\b)",
        r"\bwhere (?=they|the|each)",
        r"\beach (?:[\w#]+ )?(?:contains?|requires?|needs?|takes?|has|uses?)\b",
        r"\bcosts? associated with each [\w#]+",
        r"\b(?:are|is) considering\b",
    ),
    _context("degree", "", r"\b(?:is|are|a|an|with|been|becomes?|becoming) (?:more|less) (?!than)[a-z]+"),
    _context("preference of others", "relation", r"\bpeople prefer\b"),
    _context(
        "rate of one",
        "data",
        rf"\b(?:each|every|per|either|both|all)(?= (?:single |individual |type of |unit of |of )*(?:{THING}|unit"
        rf"|item|piece|\w+ of {E}))",
        rf"\b(?:each|every|per)(?= (?:\w+ ){{0,2}}?(?:{THING}))",
        r"(?<=[#Q] )(?:each|apiece|a piece)(?=[ ,.;:)(]|$)",
        r"\beach(?= (?:takes?|requires?|costs?|needs?|of (?:which|these|them)))",
        r"(?<=for )each(?= )",
        r"\brespectively\b",
        rf"\bonly (?=\w+ {Q})",
        r"\b(?:gives?|given) off\b",
        r"\bper (?=[a-z]+\b)",
        r"\bwhere (?=each|the|x|costs?)",
        r"\b(?:total|overall)\b",
        rf"\beach (?=(?:[\w#]+ ){{0,4}}(?:to|of|in|for|on|with) (?:[\w#]+ )?{E})",
        r"\b(?:each|every) (?=[a-z]+ (?:allocated|invested|produced|dedicated|spent))",
    ),
    _context(
        "per period",
        "",
        rf"\b(?:each|every|per|a|in one|over a|in a) (?={PERIOD}\b)",
        rf"\b(?:each|every|per) (?=single {PERIOD}\b)",
    ),
    _context(
        "limit on what there is",
        "bound total resource",
        rf"\bonly (?:(?:has|have|contains?|holds?|supply|provide|use|spend|give out|sell|make|[a-z]+) )?"
        rf"(?:[a-z]+ ){{0,3}}?(?={Q}|{C})",
        rf"\b(?:a |the )?(?:maximum|minimum|max|min|limit)\b(?= (?:\w+ ){{0,3}}?{Q})",
        r"\b(?:upper|lower|maximum|minimum) limit\b",
        r"\bno (?:upper|lower) (?:limits?|bounds?)\b",
        rf"\blimited\b(?= (?:to )?(?:{Q}|(?:\w+ ){{0,3}}of))",
        r"\btotal [^.;,]*\b(?:both|all|combined)\b(?: [\w#]+ combined)?",
        r"\b(?:total|overall|grand total|sum|in total)\b",
        rf"\bbetween (?=(?:the )?(?:[\w#]+ ){{0,3}}{E})",
        rf"\bbetween (?={Q})",
        r"\bpairs (?=of)",
        r"\b(?:given|gives) off\b",
        r"\beach [\w#]+ is available for\b",
        r"\bto spare\b",
        rf"{Q} (?:[\w#]+ ){{0,2}}or (?:more|less|fewer|greater|higher|lower)\b",
    ),
    _context(
        "in all",
        "total",
        r"\b(?:total|sum|across|combined)\b[^.;]*\b(?:both|all)\b(?: [\w#]+ combined\b)?",
        r"\b(?:both|all)\b(?=[^.;]*\b(?:combined|together|total|altogether|in all)\b)",
        r"\b(?:combined|together|altogether|across|in all)\b",
        rf"\beither (?=type|kind|sort|{THING})",
    ),
    _context("each alike", "each", r"\b(?:each|every|either|any)\b"),
    _context("share of all", "share", r"\b(?:all|both|total|overall)\b", r"\bin stock\b"),
    _context(
        "combination",
        "combination",
        r"\b(?:in total|combined|combination|sum|total|together|difference|overall|both|altogether|score|between"
        r"|times|all|any|of each"
        r"|more|than|by|given|another|always)\b",
        rf"\b(?:maximum|minimum|limit|average)\b(?= (?:\w+ ){{0,4}}(?:{C}|{Q}|of|is|score))",
    ),
)
_INTEGRAL_WORDS = (
    r"\b(?:whole (?:numbers?|pieces?|items?|units?)|integers?|fractions?|fractional|indivisib\w+|partial efforts"
    r"|complete units)\b"
)
INTEGRAL = tuple(re.compile(rf"[^{stops}]*{_INTEGRAL_WORDS}[^{stops}]*") for stops in (".;:!?", ".;:!?()", ".;:!?(),"))
RELATION_WORDS = re.compile(
    r"\bas (?:many|much|may)\b|\b(?:more|fewer|less|greater|higher)\b(?=[^,;]*\bthan\b)|\bthan\b|\bfor (?:every|each)\b"
    r"|\btimes\b|\balways\b|\bbetween\b"
)
REASON = re.compile(
    r"\b(?:since|because|due to|owing to|as (?:it|they|this|these|he|she|people|customers|well)\b|even though"
    r"|although|though"
    r"|to (?:maintain|ensure|avoid|prevent|keep|satisfy|meet|achieve|provide|reflect|fulfil)"
    r"|(?:ensuring|reflecting|representing|maintaining|considering|prioriti[sz]ing)|for (?:\w+ )?purposes|for "
    r"(?:a )?balanced|so that"
    r"|prefers? to [\w ,#]*?(?= but\b)|(?:most|more|many) (?:people|customers?|stores?)\b[\w #]*?(?=,| so| and "
    r"so))[^,.;:()]*"
)
IN_REASON = frozenset(("comparative", "mood", "equality", "cost", "quantifier", "time", "modal", "collective", "shape"))
NOT_IN_REASON = re.compile(
    r"\b(?:only|each|every|same|equal|than|was|were|last|until|before|after|half|as many"
    r"|as much)\b"
)
NOUN_KINDS = frozenset(("exclusion", "cost", "modal", "shape", "time"))
NO_NOUNS = re.compile(
    r"\b(?:left|off|extra|additional|more|lost|free|spare|excess|surplus|discount\w*|bonus\w*|fees?|loss\w*"
    r"|penalt\w+|fines?|refund\w*"
    r"|tax\w*|apiece|already|last|next|later|before|after|ago|whole|per|fixed|flat|initial\w*)\b"
)
OBLIGED = re.compile(
    r"\b(?:must|should|shall|has to|have to|need|needs|needed|requires?|required|wants?|ha(?:s"
    r"|ve) orders)\b"
)
FORMAL = re.compile(
    r"\b(?:rounde?d?|nearest|formulate|solve|provide your answer|what is (?:that|this|the))\b|\b(?:whole "
    r"numbers?|integers?|fractions)\b"
    rf"|\b{_REQUIRED}\b[^.]*[:.,]?$|^\W*$|\bparameters\b|{_SELLS_ALL}"
)
COMMENT = re.compile(
    r"\b(?:is|are|been|becomes?|becoming|sells?|takes?) (?:much )?(?:more|less|[a-z]+er)(?: [a-z]+)? ?(?:,|and|so|\.|$)"
    rf"|^(?:the |a |an )?{E}$|^each {K} (?:requires?|needs?|takes?|contains?|has|uses?)\b|\bcould (?:represent"
    rf"|involve|include)\b"
    r"|\bcosts?\b.*\b(?:is|are) different\b"
)
PERMITS = re.compile(r"\b(?:may|might|could|can)\b(?! (?:only|not))(?![^;]*\b(?:must|should|needs?|has to|have to)\b)")


def lists_all(rest: str, count: int) -> bool:
    """Whether the marked text goes on with all `count` activities: "only | phones and laptops"."""
    listed = re.match(rf" {E}(?:,? (?:and )?{E})*(?= ?[.,]?$)", rest)
    return listed is not None and listed.group().count("E") == count
