"""What texts of flows, sites, relocations and product mixes say in words. Licences: see `wording`."""

from __future__ import annotations

from formulate.offline.families.licences.phrases import ANSWER, EACH, MOVED, SETTING

_SENT: tuple[str, ...] = (
    r"this (?:week|month|quarter|year|season)(?= the )",
    r"(?:each|every|any|all)(?= ~)|multiple ~|count|precisely fixed|reduce (?:the )?(?:total|overall|aggregate) ~"
    r"|are fixed|per # ?~|per (?:million|thousand) ~|how many",
    r"(?:at|from|to|of|for|between|by) (?:each|every|any|all)(?: ~)? (?:~)|(?:each|every)(?: ~)?(?: ~)? (?:has"
    r"|requires|needs|can|is|to each)",
    r"(?:fuel|transmission|transfer|transport(?:ation)?|shipping|transit|handling|delivery|distribution|total"
    r"|aggregate|overall|~) (?:costs?|fees?"
    r"|loss(?:es)?|charges?)|(?:cost|fee|charge|loss|toll) per ~|per (?:~|unit|ton)"
    r"|(?:a )?fixed (?:~ )?(?:requirement|demand|need|as follows|~)",
    r"costs?|(?:the )?required (?:number|fulfillment|workload|~)|is fixed|demands?|order quantity|requirements?"
    r"|wants? #|needs? #|must receive #?",
    r"(?:while |whilst )?satisfying (?:all|the|every)(?: ~){0,2} (?:demands?|requirements?|needs|~)"
    r"|not exceeding (?:any|the|each) ~'s ~ ~",
    r"(?:workload|load|demand) that must be (?:assigned|met|served|processed|supplied)|(?:must|needs? to"
    r"|wants? to) (?:be )?(?:receive|supply|ship|dispatch"
    r"|transmit|send|satisf(?:y|ied)|m[ee]t|transport|serve|deliver(?:ed)?|allocate[d]?|be met)|minimum|lowest"
    r"|least|smallest|can (?:send|ship|supply|provide"
    r"|dispatch|generate|produce|send out|transmit|handle)",
    r"(?:in|with)out exceeding ~|exceeding|exceed|up to #|at most #|precisely #|exactly #|at least #|weekly|daily"
    r"|monthly|(?:fuel|~) costs? (?:varies|vary)",
    r"(?:all|every) (?:~ )?(?:demands?|requirements?|needs|orders)|provided|available|while|the following"
    r"|each with|million ~|# million|losses|mandated",
)
"""What is sent, what it costs and what is needed: texts of flows say it alike, whatever is sought."""
FLOW: tuple[str, ...] = (
    r"to pump from|loss costs?|transmission loss(?:es)?",
    r"for a trip|a trip from|distribution orders|all(?= ~)",
    SETTING,
    r"precisely (?:quantified|as follows|determined|known)|precisely(?= ?:)"
    r"|fixed (?:daily )?~ requirement|losses|one unit of"
    r"|must be (?:handled|established|fulfilled|assigned|met)|that must be ~ed at",
    r"the one in|should (?:go|be (?:sent|shipped))(?= from)|(?:freight|total) ~ is least|is least",
    r"counted in ~|each ~ must get what it needs|every depot must get what it needs|get what (?:it"
    r"|they) needs?|no ~ can send more than it has",
    r"(?:can send out|needs|gets)(?= #)|for each|is least|as (?:low|small|cheap) as possible|goes? from"
    r"|the lowest total cost|needed at each|each to each",
    *_SENT,
)

PRODUCT_MIX: tuple[str, ...] = (
    SETTING,
    r"(?:each|every|any|all)(?= ~)|must each (?:remain|stay)|remains? within (?:its|their|the)"
    r"|remains|each of which (?:demands|requires)|demands ~",
    r"respect (?:each|every|the) ~'s",
    r"(?:at|for|of|on|to|across|from|through|that for) (?:each|every|any|all)(?: individual| ~)?(?: ~)?"
    r"|each necessitating(?: ~)?|(?:each|every) ~(?: ~)? (?:has"
    r"|requires|generates|is|consumes|takes|must)",
    r"per (?:metric )?(?:ton|tonne|unit|liter|litre|hectare|acre|kg|kilogram|hour|~)(?: (?:for|of) each)?"
    r"|duration required|hours required|required(?= (?:per|for|at|by))",
    r"(?:must|should) (?:remain|stay|be kept) within (?:its|their|the)(?: ~)*? (?:availability|capacity|limit"
    r"|allocation|~)|remain within its",
    r"(?:total|aggregate|cumulative|processing|handling|~) (?:~ )?must (?:remain|not exceed|stay)|(?:cannot"
    r"|must not|does not|may not) (?:exceed|surpass)",
    r"(?:before|prior to) delivery|fixed (?:capacity|availability|~)|must (?:pass|undergo|be processed|traverse)"
    r"|the condition that|hours|exceed(?:ed)?",
    r"(?:six|seven|eight|nine|ten|four|five|three|twelve) (?:distinct |sequential |specialized |specialised "
    r"|separate )+~|has|provided|needs? ~|hourly",
)

RELOCATION: tuple[str, ...] = (
    r"initial setup",
    SETTING,
    r"more substantial #|all its ~ can be ~ed"
    r"|can you determine|in each",
    ANSWER,
    EACH,
    MOVED,
    r"costs?|costing|demands?|current(?:ly)?|required|needed|requirement|needs?(?= #)|initial|starts? with"
    r"|begins? with|the stock|stocked|in stock|what (?:it|they) needs?|surplus|shortages?|deficits?",
    r"(?:minimum|minimal|least|lowest|cheapest)|(?:vary|varies|varying) depending on|depending on (?:the|which)"
    r"|pairs? of|cost matrix|comes with a|(?:adequately )?prepared",
    r"(?:needs?|wants?|required|has|have|must|tasked) (?:to )?(?:orchestrate|ensure|relocate|redistribute|move"
    r"|meet|be met|transfer|fulfill|reallocate|rebalance|distribute|have|be)",
    r"requirements that must be met|must be met|each movement|only(?= #)|but needs only|exactly what (?:it"
    r"|they) needs?|(?:has|have) exactly what|each has(?: what)?|(?:minimi[sz]ing|keeping"
    r"|at) (?:the )?(?:~ )?(?:~ )?costs?",
    r"while|suppose you|(?:achieving )?this balance|imagine|impending|requiring|that each|so that|must (?:reach"
    r"|get) |would be|be the lowest|carries costs|the above|what would|can be (?:moved|transported|transferred"
    r"|shipped)",
    r"each (?:~ )?has ~|but only needs|only needs|(?:seven|six|five|four|three|eight|nine"
    r"|ten)(?: \w+){0,2} (?:warehouses|cities|regions|centers|facilities|clinics|stores|districts|hubs|locations"
    r"|camps)",
)

MAXIMUM_FLOW: tuple[str, ...] = (
    r"per (?:second|hour|day|minute|week)|(?:in|within) an? (?:hour|day)|(?:through|via) other ~|in this setup"
    r"|no ~ allocated",
    r"that can (?:flow|move|be ~ed)|(?:from |in )?one ~(?: ~)? to another|each ~ can move|can move"
    r"|(?:indicates|signifies|means)(?: that)?(?: there is)? no (?:direct )?(?:~ )*?(?:between|connecting"
    r"|to)(?: the| those)? (?:two )?(?:respective )?~"
    r"|where (?:\w+ )?primary|(?:within|in) (?:an|one) hour|can be",
    SETTING,
    r"in ~ per (?:second|hour|day|minute)|~ per (?:second|hour|day|minute)|(?:these"
    r"|those) roads per day|can traverse|consider a ~|where (?:goods|~ ~)|(?:in|within) (?:one|an?) (?:hour|day)",
    *_SENT,
)

FACILITY: tuple[str, ...] = (
    r"(?:considering|is considering) opening up to|both (?:in|from|to)",
    r"(?:total|cost|this total) should (?:include|encompass|cover) both|both (?:the|open)|maintaining an? ~"
    r"|up to(?= ~ (?:different|distinct|potential))",
    SETTING,
    r"(?:at|of) all ~|not uniform|opening up to(?= ~ ~)|balance between|comes with (?:its|a|an)"
    r"|yet|costs? (?:~ )*?(?:differs?|varies)|differ,|must account for|plan must"
    r"|(?:also )?need to be (?:factored|considered|taken)|also need to be"
    r"|all(?= (?:three|four|five|six|seven|eight|nine|ten) ~)|initial cost|without (?:exceeding|overextending)"
    r"|single(?= ~ (?:plan|strategy))|also",
    r"wants? to (?:rent|open|build|lease|use)|every week|on offer|rent(?:s|ing|ed)?|a week|weekly|can handle"
    r"|one truckload costs|one ~ costs|may be supplied from several ~|but only from ~ that are (?:rented|open"
    r"|opened)|should be (?:rented|opened|built)",
    r"rent and ~ together cost least|together cost least|from several|supplies whom|that are open(?:ed)?|is least"
    r"|only open ~ (?:can|may)|only from open ~",
    ANSWER,
    EACH,
    MOVED,
    r"costs?|demands?|demanded|per (?:unit|~)|opens?|opened|opening|fixed (?:opening |setup |set-up )?(?:costs?"
    r"|charges?|fees?|expenses?)|set-?up costs?|optimal setup|including both|include both|both(?= the)",
    r"(?:this cost |which |that |these |solution )?includ(?:es|e|ing)(?= (?:both|the|varying|their|its|opening"
    r"|transport))|(?:the )?(?:most|least) (?:efficient|cost-effective|cost|economical|total cost)|lowest|minimum"
    r"|minimal|least|smallest",
    r"not only (?:the|a|from|~)|but also|also from|not only|adding another|another layer"
    r"|from one ~(?: ~)? to another|but also from one|today|in (?:today's|the ~ of today)|now (?:faces|needs|must)"
    r"|while (?:incurring|minimi\w+|keeping|meeting|ensuring)",
    r"must (?:make|decide|determine|take|consider|balance|weigh|carefully|meet|ensure|navigate|be (?:met|satisfied"
    r"|fulfilled))|needs? to (?:decide|determine|ensure|efficiently|meet|open|figure|strategically)|each store's"
    r"|store's demand",
    r"can (?:open|choose|select|supply|distribute|handle|be|ship|provide|store|process|hold)|(?:choose|select"
    r"|open)(?:ing)? (?:from|any of the)|any of the|necessary|required (?:to|for)|requirements?|where (?:to|each"
    r"|the)|follows|order to|taking both",
    r"(?:three|four|five|six|seven|eight|nine|ten)(?: \w+){0,2} (?:distribution centers?|centers?|stores?"
    r"|retail stores|warehouses?|sites?|locations?|customers?|facilities|depots?|shops?|regions?)"
    r"|how much it can supply|capacity to meet|considering both|comprising both",
)
