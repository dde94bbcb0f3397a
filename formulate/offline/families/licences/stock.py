"""What texts of ordering over periods say in words. Licences: see `wording`."""

from __future__ import annotations

_PERIOD = r"(?:day|week|month|hour|quarter|period|shift|interval|leg|year|stage|cycle)"
_MEASURED = r"(?:thousand|million|hundred) ~"
INVENTORY: tuple[str, ...] = (
    r"(?:there is )?no (?:lead time|delay)(?= ?[.,;])|orders? arrives? at once(?= ?[.,;])"
    r"|when (?:ordered|kept|stored|held)|when (?:the )?demand is not met"
    r"|at most # ~ can be ordered|each ~ (?:ordered|stored|held|kept) costs|each ~ of (?:unmet|lost) demand costs"
    r"|(?:from|over) (?:one|a) month|holds (?:at most # ~|# ~ at most(?= ?[.,;]))",
    r"(?:considered|treated as|deemed|regarded as) (?:an? )?(?:~ )?failure|alternative ~",
    r"#\]? copies|batch size",
    r"(?:limit|capacity) caps (?:the|~)|an? (?:~ )?(?:batch|order|request)|(?:each|every|any) (?:~ )?batch",
    r"~ withdrawn(?= ?[,;.])",
    r"pump(?:ing)? stations?|(?:amount|volume|quantity) pumped",
    r"in any single order|in (?:each|any|every|a) (?:single |given )?order|over the next #|also in ~|(?:not"
    r"|cannot) (?:carry|be carried) forward"
    r"|mandatory (?:~ )+?(?:process|period)|without (?:any )?(?:delay|lag|waiting)"
    r"|expressed as fractions",
    r"if (?:~ ){0,2}demand (?:~ ){0,4}exceeds|if (?:~ ){1,6}(?:exceeds?|insufficient)|the following (?:fixed "
    r"|deterministic )?(?:~ )?(?:profile|pattern|schedule)|arrange to lease|lease|not (?:create"
    r"|incur|accumulate|constitute)",
    r"cannot be (?:supplied|met|satisfied|fulfilled) (?:~ )*?(?:is|are) irrevocably lost and does not",
    r"closed (?:interval|range)|(?:overnight|season)(?:s)?|consecutive (?:~ )?(?:days|weeks|months|periods|hours"
    r"|intervals|shifts|legs|voyages|~)",
    r"the following day and cannot be used|until the following day|lease additional|must fall strictly"
    r"|customer orders",
    r"(?:not|cannot|does not|not incur|not create) (?:incur|create) a future|create a future obligation"
    r"|incur a future obligation|does not create|does not incur",
    r"an order takes|of the orders|(?:decision|order)s?(?= ?[.])",
    r"orders? (?:over|for|of)|plans? (?:~ )?orders|orders? (?:arrives?|is|are|placed|must|takes)|every order|(?:an"
    r"|the|each) order|at any moment|arrives? immediately|orders",
    r"costs?|penalt(?:y|ies)|shortages?|overheads?|stock|in stock|on hand|in inventory|stocked|starting"
    r"|initial(?:ly)?|ordered|fees?"
    r"|demand(?:ed|s)?|weekly|daily|monthly|hourly|quarterly|annual|loss|deficits?|reserves?|additive|supplier'?s?"
    r"|kept|per"
    r"|charged|incurred|backorders?|surplus|initially empty|(?:is|starts) empty|current|capped",
    rf"(?:in|on|at|during|for|of|over|across|before|throughout|within) (?:each|every|any|all|a|the|one)(?: (?:given"
    rf"|single|of the"
    rf"|subsequent|discrete))*(?: ~)? (?:{_PERIOD}s?|moment|time|instant|point)",
    rf"(?:each|every)(?: ~)? {_PERIOD}(?:'s|’s)?|over (?:the|a|an|#-?~)|over #|over (?:~ ){{0,3}}(?:horizon|window"
    rf"|cycle|schedule|season)",
    rf"(?:from|between) (?:one|a|each|any|this) {_PERIOD} (?:to|until|into|and) (?:the )?(?:next|another|following"
    rf"|subsequent)",
    rf"(?:into|to|until|for) (?:the )?(?:next|following|subsequent|a later|later) {_PERIOD}s?(?=,? ?(?:;|,|\)"
    rf"|and the|costs?|is|incurs))",
    r"(?:comprises?|consists? of|has|into|includes?|sum of|of|aggregates|combines?"
    r"|encompasses)(?: exactly)? (?:three|four|five|two)"
    r" (?:~ )?(?:elements|components|parts|terms|items|categories|constituents|factors)",
    r"(?:any|all|each|every|such) ~(?: ~)?(?: ~)? (?:that|which) cannot be (?:immediately )?(?:met|satisfied"
    r"|fulfilled|supplied|served|covered)"
    r"(?: immediately| from ~| at once)?",
    r"(?:any|all|each|every) (?:~ )?(?:unmet|unsatisfied|unfulfilled|unserved|unfilled|shortfall|remaining|such"
    r"|excess|portion of)"
    r"(?: ~){0,2} (?:is|are|will be|must be|can be)(?: ~)? (?:lost|forfeited|considered lost|simply lost"
    r"|permanently lost|deemed lost)",
    r"(?:any|each|every|such) (?:such )?(?:~ )?(?:request|order|shipment|delivery|action|procurement|~)(?: (?:~ed"
    r"|placed|issued|made"
    r"|submitted|scheduled))? (?:is|will|takes|arrives|becomes|incurs|requires|must undergo|has|undergoes"
    r"|initiated|faces|entails)",
    r"(?:is|are|be|considered|simply|permanently|immediately|irrevocably|deemed|being"
    r"|either) (?:~ )?lost(?= (?:and|with|forever|sales?|;|or)|[.,;)]|$)",
    r"(?:and|it|which|that|is|are|but|,|sales? ~) (?:is |are |do |does )?(?:not|cannot|can not|will not|may not"
    r"|must not|never)(?: be)?"
    r" (?:carried (?:forward|over)|deferred|recover(?:ed)?|backlogged|backordered|accumulate[d]?|recouped|made up"
    r"|rolled over"
    r"|postponed|fulfilled|satisfied|served|recorded|retained|tracked|transferred|create|treated"
    r"|become)(?: (?:later|forward|over|to|as|into|in|at a)"
    r"(?: (?:a|the|any|an))?(?: (?:later|subsequent|future|following))?(?: (?:backlog|backorder|deficit|debt|~s?"
    r"|date|time))?)?",
    r"(?:unmet|lost|unsatisfied) and is not|is not carried (?:over|forward)|no (?:backlog|backorder|backlogging"
    r"|backordering)s?(?: ~)?(?: is| are)?",
    r"backlogging is not|without (?:backlog|backorder)\w*|later date|(?:to|in) (?:later|future|subsequent) ~s?"
    r"|rather than(?= (?:backlogged|deferred))",
    r"(?:stock-?outs|shortages|shortfalls|deficits|unmet ~|~) (?:is |are |may )?(?:allowed|permitted|permissible"
    r"|tolerated|occur)",
    r"(?:must|required to|shall|should|has to|needs? to|may|can|is to|constrained to)(?: ~)? (?:fall|lie|be|remain"
    r"|stay|range)"
    r" (?:within|between|in|inside|from)(?: the| a)?",
    r"(?:fall|lie|remain|stay|be)(?:ing|s)? (?:within|between)(?: the| a)?|within the (?:~ )?(?:range|interval"
    r"|bounds|limits|limit|~)",
    r"(?:must|should|shall|to|required to|has to) (?:be )?(?:no|not|at least)(?: be)? (?:less|lower|fewer|smaller"
    r"|below) than #|no (?:less|fewer|lower) than #",
    r"(?:and|but|nor) no (?:more|greater) than #|(?:at least|at most|not less than|not more than|no more than"
    r"|no greater than|up to) #",
    r"(?:at no|never at any) (?:time|moment|point) (?:may|can|must|should)|(?:may|must|can|shall) (?:at no time"
    r"|never|not) (?:exceed|surpass)",
    r"(?:must|may|can|should|will|shall|does|do)(?: ~)? (?:not|never) (?:exceed|surpass|be exceeded|go beyond)"
    r"|cannot (?:exceed|surpass)",
    r"exceed(?:s|ing)? #|(?:not|never|nor) (?:exceed|surpass)|(?:must|should"
    r"|shall) (?:at all times )?(?:always )?(?:remain|stay|be kept|be maintained)"
    r" (?:within|at or below|below|under)",
    r"(?:at|by|before|after|until|on|to) (?:the )?(?:start|beginning|end|close|onset|outset"
    r"|commencement)(?: of)?(?: the| each| every| any| first| this)?"
    r"(?: ~)?",
    rf"(?:first|last|final) {_PERIOD}|prior to (?:the )?first|(?:the )?beginning|(?:the )?end of (?:the "
    rf"|{_PERIOD} )?(?:~|#)",
    rf"#[- ]{_PERIOD}s?(?: (?:fixed|full|complete))?(?: ~)?(?: ~)? (?:before|until|after)|before (?:it|they|the ~"
    rf"|becoming|being|arriv\w+)(?: ~)? ?",
    rf"(?:fixed|constant|full|complete|standard|known|mandatory) (?:~ )*?(?:lead time|delay|lag|latency|time|of #"
    rf"|{_PERIOD})",
    r"a (?:fixed|constant|flat|one-time|sunk|known|regular)(?:,)? (?:~ )*?(?:overhead|expense|cost|charge|fee"
    r"|amount|demand|schedule|element)",
    r"fixed (?:~ )?(?:overhead|administrative|operational|charge|cost|expense|fee|#)|and (?:a |the )?fixed",
    r"(?:irrespective|regardless|independent) of (?:~ )*?(?:decisions?|activity|actions?|orders?|quantit(?:y|ies)"
    r"|volume|level|plan|~)",
    r"may be (?:treated as )?(?:fractional|continuous|non-integer|divisible|any)|(?:may|can) be (?:treated"
    r"|considered|regarded|ordered|modeled|any"
    r"|non-integer|requested|procured|divided|taken) (?:as |in )?(?:fractional|continuous|real-valued|divisible|~)",
    r"fractional(?: ~)?|(?:need|do|must) not (?:need to )?be integers?|continuous quantities",
    r"(?:supplier|vendor|manager|operator|utility|company|firm|center|hospital|coordinator|agency|department"
    r"|logistics ~|~) (?:may|can)"
    r" (?:~ )?(?:issue|order|place|schedule|request|procure|initiate|submit|purchase|extract|pump"
    r"|produce|draw|make|acquire"
    r"|lease|import|tender|book|obtain|hire|secure|generate|dispatch|arrange|deliver|execute|transfer|charter"
    r"|take on|rent|refuel)",
    r"(?:permits|allows|requires|obliges|enables|mandates|stipulates)(?: that)? (?:an?|the|any|each|it|~)"
    r"|is (?:permitted|allowed|required) to",
    rf"(?:#|capacity of #|between # and #|reserve of #|\]|of) {_MEASURED}|per {_MEASURED}|(?:in )?(?:thousands?"
    rf"|millions?) (?:of )?~",
    r"(?:either )?to (?:satisfy|meet|fulfil|fulfill|serve|cover|supply|power|increase|replenish|raise|augment"
    r"|build up|add to)(?: ~)*? or to (?:increase|add"
    r"|replenish|augment|build|raise|~)|(?:to|or) increas(?:e|ing) (?:the )?(?:~ )?(?:level|reserve|stock"
    r"|inventory|~)",
    r"(?:nevertheless|however|though|but),? (?:each|every|any|all) ~(?: ~)?(?: is| will)?|(?:each"
    r"|every) (?:such )?~ (?:~ )?(?:will|is|takes|must|,)",
    r"held (?:over )?overnight|carried over (?:from|overnight)|carr(?:y|ied|ying) (?:over|forward)|held over"
    r"|over(?:night)?|from one ~ to",
    r"(?:for|of|in|on) (?:each|every|any)(?: ~)? (?:~)|at any (?:~ )?(?:moment|time|point|instant)|the resulting"
    r"|determine, for each ~",
    r"(?:must|shall|should)(?: ~)? (?:determine|decide|plan|be (?:scheduled|determined|placed|decided|satisfied"
    r"|met|covered|supplied|~ed))",
    r"(?:can(?:not)?|may) be (?:~ )?(?:met|used|satisfied|stored|held|served|utili[sz]ed|drawn|deployed|available"
    r"|fulfilled)(?: only)?",
    r"(?:requires?|needs|needed|required) (?:an?|the|for|to|in|by|on|at|each|~)|not (?:yet|available"
    r"|immediately available)(?= (?:until|before))",
    r"while (?:any|the|minimi[sz]ing|any ~|a)|(?:as|so as) to|whether|the (?:time|moment)s?|if (?:any|necessary"
    r"|needed)|included?",
    r"(?:satisf|meet|met)(?:y|ied|ies|ing|s)? (?:only )?(?:from|by|with)|only (?:after|then)|consumed? (?:each"
    r"|every|per) ~|a (?:day|week|month)",
    r"minimi[sz](?:es|ing|e) (?:the )?(?:total|overall|aggregate|cumulative)|smallest|lowest|least|minimum"
    r"|possible",
    r"always|strictly|at all times|until|still|yet|precisely #|exactly #|precisely|entirely|fully|about|under"
    r"|below|beyond",
    r"all(?= ~)|balance|back-orders?|strictly within|loss of ~|for that day|lost (?:clinical|sales|revenue|~)"
    r"",
    r"(?:on|in) (?:the|that) same (?:day|week|month|period|~)|exactly one (?:day|week|month|hour)|once ~|(?:a"
    r"|incur a|create a) future ~|not (?:incur|create)",
    r"if (?:the )?(?:available |daily |weekly )?(?:~ ){1,3}(?:in|on|at|exceeds)|from one ~ ~ to the next"
    r"|at no point in time may|no point in time",
    r"may|can|must|always|where|policy|ideal|started|future(?= ~)|surpass(?:ing)? #|equals? #"
    r"|divisible|port to the next",
    r"(?:at no|at no point in) ~ ?(?:~ )?may (?:the )?(?:~ ){1,4}surpass|also on|in advance|(?:voyage|call|leg"
    r"|port)(?: ~)? to the next|next(?= ?;)",
    r"lost(?= ?[(—–-])|(?:not|cannot be) (?:carried forward|deferred)|left (?:unfulfilled|unmet|unsatisfied)"
    r"|remains (?:unmet|unsatisfied)|once ~ed",
    r"completely lost|only (?:augment|be available|become|after|then)|(?:available|arrives"
    r"|received) (?:only )?after (?:a|#)|after (?:a|#|an)(?: ~)*? (?:delay"
    r"|lag|period|lead time|~ )|could not be ~|until then|no (?:back-ordering|lower than #|backlogging ~)"
    r"",
    rf"(?:if|when) (?:~ ){{1,5}}(?:exceeds|is insufficient|are insufficient|cannot)|failure to meet"
    rf"|before the first ~|one-{_PERIOD}|takes",
    r"any|each|every|fixed|used to|before (?:voyage|leg|day|week|one|#)|before (?:~ ){1,2}(?:one|#)|before, ?"
    r"|taken|contracted|leasing",
    r"(?:either )?to (?:meet|satisfy) (?:that|this) ~'s ~|(?:that|this) (?:day|week|month)'s|until after"
    r"|obligations?|maintained|lost (?:sales?|service"
    r"|requirement|demand|~)(?= ?[;(,.]| represents| and is)|equal to #"
    r"|reduced to #|either to",
    r"(?:if|when) (?:the )?(?:~ )?(?:~ )?(?:demand|stock|consumption|requirement|need|~) (?:~ )?(?:exceeds"
    r"|is insufficient|cannot be met|is greater than)",
    r"(?:demand|~) not (?:satisfied|met|fulfilled|served|supplied)|not instantaneous(?:ly)?|with no (?:delay|lag"
    r"|lead time|~ delay|waiting)",
    r"(?:will|is|are|do|does|can) not (?:be )?(?:carried (?:over|forward)|incur|accumulate|create|roll over|become"
    r"|backlogged)",
    r"(?:three|four|two|five) distinct(?: ~)?(?: cost)? ~|must (?:be a continuous ~|contain at least #)"
    r"|will only become ~|only become",
    r"can be (?:~ )?(?:allocated|used|drawn)(?: to)?|until #|at least #",
    r"subject to|used to|where|can be (?:activated|used)|may (?:activate"
    r"|authori[sz]e|~)(?= (?:a|an|the))",
    r"(?:each|every|any|all) (?:~ ){0,3}(?:is|are|experiences|will|takes|undergoes|requires|incurs|involves?|must"
    r"|,|\(s\)|issued|that|once|request)",
    rf"(?:in|on|at|for|during|of|to) the (?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    rf"|eleventh|twelfth|final|last) {_PERIOD}",
    rf"(?:before|prior to) (?:the )?(?:first )?(?:~ )?{_PERIOD} ?#?|{_PERIOD} one|is zero|(?:zero|nil) ~"
    rf"|#-{_PERIOD}|(?:\w+)-(?:leg|{_PERIOD})(?= ~)",
    r"before (?:the |it |they |its |being |becoming |arriving |delivery )(?:~ ){0,4}(?:becomes?|is|are|can"
    r"|available|arrives?)|full ~|begins with",
    r"(?:at|during|for) each|once placed|over from one|must be for|must involve|(?:at|in) (?:each|every) ~ ~",
    r"(?:shortages?|shortfalls?|stockouts?) (?:are|is) (?:possible|acceptable)|condition|constraint|follows|rule"
    r"|single|assum(?:e|ed|ing)",
)
