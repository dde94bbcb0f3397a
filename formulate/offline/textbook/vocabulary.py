"""The plain words of requirements: what a sentence that limits something may say beside its numbers and names.

A limit is read from its number, its comparison and the noun it counts. Any other content word of its clause may change
what it means ("the guild in Leeds must make ...", "a dozen knives ... as samples"), so it must be one of these, a word
that the text uses elsewhere too, or stand in a clause that only gives a reason.
"""

from __future__ import annotations

from formulate.offline.textbook.lexicon import MEASURES
from verify.reading.words import STOPWORDS, singular, word_set

_VERBS = word_set(
    "make produce manufacture build create process prepare bake cook brew grow plant harvest pick farm raise "
    "cultivate sell buy "
    "purchase order supply deliver ship send transport move carry take bring get give offer provide serve distribute "
    "allocate assign invest spend use consume eat drink feed need require contain hold store stock keep maintain meet "
    "satisfy fulfil fulfill achieve reach yield earn receive include use run operate schedule hire employ rent install "
    "set clean cut print paint assemble polish finish pack fill mix blend add treat handle pick choose select decide "
    "plan want wish aim ensure guarantee commit sign agree demand expect allow permit limit restrict cap exceed equal "
    "total amount measure weigh cost pay charge generate output emit release extract mine refine pump travel fly drive "
    "ride go come work spare leave have be do can may must shall will should see let know find determine say state "
    "specify stipulate represent reflect calculate exhibit score last begin available complete conduct perform visit "
    "translate record stream broadcast show place put wear dispatch collect pour rate follow remain stay budget afford "
    "made taken given sold bought spent held grown driven sent built paid kept met ate eaten fed done known put "
    "worn flown "
    "brought got gotten chosen cut rented found went gone been had has does did won drawn shipped "
    "adhere apply arrange accommodate reserve respect estimate regulate check staff please become access meant "
    "open close liquidate exist devote dedicate dispose administer prescribe inject absorb capture acquire "
    "obtain launch publish stamp"
)
_NOUNS = word_set(
    "number amount quantity total sum combination unit item piece product thing kind type sort size brand model "
    "time hour "
    "minute day week month year season shift budget money cost price capacity supply stock inventory demand "
    "order contract "
    "requirement limit minimum maximum bound resource labor labour land space room storage material production output "
    "level point score range share percent percentage portion part half rest business market customer client "
    "people person "
    "worker employee staff company store shop factory farmer owner manager firm team man woman he she they it "
    "trip order "
    "target quota goal objective addition hand intake service load weight size length area volume allocation "
    "investment "
    "difference case place way mixture mix blend diet meal effectiveness index effort usage machine equipment system "
    "operation purpose least most value variable unknown metric performance strength threshold impact frequency focus "
    "deadline availability allotment funding efficiency development constraint condition restriction rule law "
    "regulation policy "
    "environment environmental school city government lab laboratory clinic bakery kitchen hospital office "
    "grocery corporate "
    "restaurant hotel airport museum village town country state animal food soil safety manpower factor bag box "
    "pack package "
    "word fact study project team activity"
)
_FUNCTION = word_set(
    "also additionally furthermore moreover however therefore thus hence so then otherwise similarly likewise "
    "meanwhile "
    "besides first second third next finally lastly further addition due since because as while although though "
    "if when "
    "once whether how what which who whom whose where why there here this that these those such same other "
    "another each "
    "every all both either neither any some many much more most less least few fewer several enough only just exactly "
    "precisely up down in out on off over under above below between among across per by for from of to at with without "
    "within into onto through during about around than plus minus times twice thrice double triple not no nor "
    "and or but "
    "an a the his her its their our your my he she it they we you i me him them us combined together altogether "
    "jointly "
    "respectively currently now today possible possibly able specific specified certain available required "
    "needed desired "
    "current distribution popularity prefer cannot match always anywhere along sure successfully specifically "
    "upper lower strategic operational effective viable seasonal short "
    "daily weekly monthly balanced individual towards toward like given using well too particular adequate "
    "sufficient proper "
    "expected necessary minimum maximum total overall own equal greater larger smaller higher lower e.g i.e etc new"
)
_PLAIN = _VERBS | _NOUNS | _FUNCTION | MEASURES | STOPWORDS


def is_plain(word: str) -> bool:
    """Whether a lower-case word, in any form ("transported", "making", "supplies"), says nothing of its own here."""
    if word in _PLAIN or singular(word) in _PLAIN:
        return True
    for ending in ("ing", "ed", "d", "er", "es", "ly"):
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) > 1:
            doubled = stem[:-1] if stem[-1:] == stem[-2:-1] else stem
            if {stem, stem + "e", doubled, stem[:-1] + "y" if stem.endswith("i") else stem} & _PLAIN:
                return True
    return False
