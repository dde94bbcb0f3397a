"""What texts of diets, blends, shares, portfolios and abatement say in words. Licences: see `wording`."""

from __future__ import annotations

from formulate.offline.families.licences.phrases import ANSWER, SETTING

DIET: tuple[str, ...] = (
    r"using only these|each (?:food item|one|~) (?:contributes|has|provides|offers)|that you can ~"
    r"|you would need to spend|all of these|would need",
    SETTING,
    r"without (?:putting a hole|burning a hole)|but you also need to|also need to|keep costs to a minimum"
    r"|providing|provid(?:e|es)|higher cost of|for a higher cost",
    ANSWER,
    r"(?:each|every|all|any)(?= (?:of (?:these|the|your) )?(?:~))|each(?= (?:have|comes|with))|comes with"
    r"|come with|along with|just|from any ~|all for(?= #)|only(?= #)",
    r"costs?|prices?|at a cost of|(?:minimum|minimal|least|lowest|cheapest|smallest)|cost-effective"
    r"|the most cost-effective|least expensive|without (?:overspending|breaking the bank|spending)",
    r"(?:daily|weekly|today's|every day) (?:~ )?(?:diet|dietary|meals?|menu|nutritional|needs|goals|intake"
    r"|requirements|nutrition|~)|(?:in|within|for|per|of) (?:a|the|one|each) day|a day|daily(?= ?[.?])",
    r"(?:(?:at least|no less than|a minimum of|minimum of) )#|(?:dietary requirements )?you need (?:to|at least|#)"
    r"|needs? to (?:meet|spend|consume|get|obtain|contain|have|eat|achieve|ensure)",
    r"(?:wants?|need|aim|goal is|would have|has) to (?:ensure|consume|meet|get|spend|minimi[sz]e|have|maintain"
    r"|eat)|required to (?:meet|satisfy|achieve)|have to spend|would have to|required to meet",
    r"(?:must|should|needs to|has to) (?:contain|provide|include|have|supply|get|consume|meet)(?: ~)? at least"
    r"|wants?|can (?:include|choose|buy|eat|purchase|select|use|pick)|to include(?= in)|(?:can )?includ(?:e"
    r"|ing)(?= ?:| in your)",
    r"(?:nutritionally )?balanc(?:e|ed|ing)(?= (?:diet|meal|your|while|~))|while (?:aiming|also|spending|ensuring"
    r"|keeping|minimi|meeting|staying)\w*|while also being|in total|maintain(?:ing)? (?:a|your)"
    r"|nutritional requirements?",
    r"(?:three|four|five|six|seven|eight|nine|ten)(?: \w+){0,2} (?:foods?|food items|food options|items|options"
    r"|ingredients)|order|required|how many (?:servings|units|portions)|servings?|portion of|comes at a",
    r"(?:for|of) each(?: ~)?|(?:meet|meeting|achieve) (?:all )?(?:these|your|the)|whole (?:servings?|portions?"
    r"|units?)|considering|a single (?:serving|portion)|per (?:serving|portion|unit|gram|~)"
    r"|fraction\w* (?:of )?(?:servings?|portions?)(?= (?:are|is) allowed)",
)

BLEND: tuple[str, ...] = (
    r"wants # ~|(?:the )?next table|(?:~ )?contains and costs|its own|at least # ~ (?:of ~)?,? ?(?:and )?"
    r"|at least # ~ but no more than # ~|in large amounts|it may be at most|may be at most|belong in|cents"
    r"|large amounts",
    r"(?:each|every|a|one) (?:kg|kilogram|ton|tonne|litre|liter|gallon|pound|~) (?:of (?:the )?~|must|contains"
    r"|costs)|(?:each|every|any|all)(?= ~)|costs?|price|per ~|minimum|lowest|least|cheapest|as (?:little"
    r"|cheap(?:ly)?) as possible",
    r"(?:must|should|has to|needs to) (?:contain|have|hold|be|provide)(?: (?:at least|at most|no more than"
    r"|no less than|between))?(?: #)?|(?:at least|at most|no more than|no less than|up to|not more than"
    r"|not less than) #|between # and #",
    r"(?:wants?|needs?|has|have) (?:to )?(?:make|mix|blend|prepare|produce|order)?(?: #)?|can be ~|may (?:be"
    r"|contain) ~|orders? #|(?:for|of) each|a batch of|the batch|batch of #",
)

SHARES: tuple[str, ...] = (
    r"(?:~ )?cost (?:index|score|rate)",
    SETTING,
    r"within (?:its|the|their)|stays? within|must (?:handle|fall|be|sum|equal|receive|allocate|process|account)"
    r"|percentage|balanced|while",
    r"(?:together|collectively|jointly) (?:receive|handle|account for|process|obtain|get)(?: (?:at least|at most"
    r"|no less than|no more than))?(?: #)?|all(?= ~)|assigned to each",
    r"each ~(?: ~)? (?:must|should|has to|needs to) receive (?:a |an )?(?:~ )?(?:share|fraction|proportion|portion"
    r"|allocation|percentage|part|~)(?: of| within| that)?",
    r"(?:a |its |budget |the )?(?:share|fraction|proportion|portion)s? (?:of the|that|within|must|sum|is|are|for"
    r"|to|between)|(?:budget|all|and all|the) (?:~ )?(?:shares|fractions"
    r"|proportions|allocations)(?: must)?(?: (?:sum|add up|equal|total)(?: (?:to|up to))? (?:the|one|1|unity|100%"
    r"|#|exactly))?",
    r"(?:sum|total allocation)(?: of (?:all|the))?(?: ~)?(?: shares| fractions| proportions"
    r"| ~)?(?: across all ~)? must (?:equal|sum to|be|add up to) (?:one|the (?:total|entire|full|whole)|exactly|#)",
    r"(?:must|should) (?:equal|sum to|add up to|total) (?:one|#|exactly|the (?:total|entire|full|whole))|(?:sum"
    r"|equal)(?:s)?(?: to)? one|one(?=[.,;])",
    r"(?:must|should|has to)(?: ~)? (?:be|remain|receive|not|get) ?(?:at least|at most|no less than|no more than"
    r"|exceed|surpass|not exceed|not surpass|below|above) #?",
    r"(?:must|should|may|can)(?: ~)? (?:not |never )?(?:be|exceed|surpass|fall below|receive|remain"
    r"|stay)(?: ~)?(?: within| no| at)?|(?:must|should) be (?:at least|at most|no less than"
    r"|no more than|no greater than) #|no (?:less|more|greater) than #|at (?:least|most) #|not (?:exceed|surpass"
    r"|fall below) #|exceed #",
    r"(?:must|should) (?:together|collectively|jointly|in total|combined)(?: ~)? (?:be|receive"
    r"|not exceed)(?: (?:at least|at most|no more than|no less than))?(?: #)?",
    r"(?:collectively|together|jointly) (?:receive|account for|get) (?:at least|at most|no more than"
    r"|no less than) #|at the same time|satisfying all ~|subject to",
    r"(?:a |the )?(?:fixed|annual|full|whole|limited) (?:~ )?(?:budget|fund|funding|amount|capital|resources?|~)"
    r"|(?:falls?|lies?) within (?:its|their)|within its (?:~ )?(?:~ )?(?:~ )?",
    r"(?:minimum|maximum|lower|upper)(?: and (?:maximum|upper))?(?: ~)?(?: ~)?|(?:to|in order to) (?:maintain"
    r"|ensure|preserve|promote|guarantee|limit|keep)(?: ~)?|each ~(?: ~)? has",
    r"(?:of|across|for) all(?: ~)? ~|all ~|each|(?:must|needs? to|should) (?:distribute|divide|split|share"
    r"|apportion|spread)|while|shares|fractions?|proportions?|share|one whole",
)

PORTFOLIO: tuple[str, ...] = (
    r"wants? (?:as little|as low|the least) ~ as possible|wants?|yearly return"
    r"|(?:~ )?squared(?: percentage)? points|squared|percentage|per ?cent|expected yearly|shares?"
    r"|# per ?cent(?: a year)?|(?:may|nothing may) be borrowed or sold short|of the whole must be",
    r"allow (?:no more than|at most) # per ?cent|in any one ~|a year|all of the money is invested"
    r"|should go into each|among (?:two|three|four|five|six|seven|eight) ~|whole"
    r"|as little ~ as possible",
    r"(?:each|every|any|all)(?= (?:one |of )?~)|(?:at least|at most|no more than|no less than|up to) #|fund|funds"
    r"|returns?|must (?:be|return|yield|earn)(?: (?:at least|invested|at most))?",
    r"(?:nothing|none) (?:may|can|must|is to) be (?:sold short|borrowed(?: or sold short)?)"
    r"|short selling is not (?:allowed|permitted)|no short selling|sold short|(?:all|the whole|whole) of (?:the"
    r"|its) money|(?:is|be|are) (?:to be )?(?:fully )?invested",
    r"wants? to|(?:any|each|every) (?:one |single )?~(?: ~)?|minimum|smallest|least|lowest|as (?:small"
    r"|low) as possible|per (?:year|annum)|yearly|annual|no ~ may|may (?:take|get|hold|make up|receive)|share of"
    r"|(?:in|into) (?:any|each)(?: one)? ~",
)

ABATEMENT: tuple[str, ...] = (
    r"leak(?:s|ing|age)?",
    r"by at least|at least a (?:fraction|proportion)|at least #|while minimi[sz]ing",
    r"(?:each|every|any|all|both)(?= ~)|per ~|costs?|(?:at least|no less than) #|by (?:at least )?#|subject to"
    r"|(?:one|a single|any one) (?:technique|treatment|method"
    r"|technology|~)(?: per| at)?|proportion|fraction|reduc\w+|must (?:be )?(?:reduced?|treated?|removed?|cut"
    r"|decide)|can (?:be )?~|may (?:be )?~|minimum|lowest|least",
)
