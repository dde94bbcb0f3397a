"""What texts of tours and of job shops say in words. Licences: see `wording`."""

from __future__ import annotations

from formulate.offline.families.licences.phrases import SETTING

_ONE_TIME = (
    r"(?:exactly|precisely|only|just) (?:once|one (?:single )?time|a single time"
    r"|one (?:visit|stop|inspection|occasion))"
    r"|once"
)
_PLACE = r"~(?: ~)?(?: ~)?"
_SEQUEL = (
    r"(?:before|prior to|and(?: then)?|and finally|thereby|while|with the ~) (?:the ~ |it |finally |ultimately )?"
    r"(?:return|conclud|end|finish|terminat|complet|com|arriv)(?:s|es|ing|e|ed)?"
)
_HOME = (
    r"(?:back )?(?:at|to|in) (?:the|its|their|his|her)(?: same)? (?:initial|starting|first|original|origin"
    r"|point of|home|same"
    r"|beginning|chosen|designated|departure|start)(?: ~| point| location| of)*"
)
TOUR: tuple[str, ...] = (
    r"(?:to|and) keep the (?:total |whole |overall )?~ as (?:short|small|low) as possible|the shortest round trip"
    r"|(?:has|have|wants?|needs?) to (?:visit|see|make|deliver|call|drill|inspect|go|travel)|in one (?:walk|tour|round)"
    r"|the following (?:~ )?times"
    r"|(?:ends?|finish(?:es)?) where (?:she|he|it|they) (?:began|started|starts|begins)|returns? to the first(?: one)?"
    r"|a dash (?:means|says|indicates|shows|marks) (?:that )?(?:there is )?no direct ~(?= ?[.;])",
    r"(?:initial|original|starting) setup(?: state)?|directly proportional to(?= the)",
    r"(?:due to|because of|owing to) (?:incompatible|conflicting|restricted|limited) ~(?: ~)?",
    r"(?:exactly|precisely) one of the following two mandatory|alternating (?:~ )?schedules|alternative ~"
    r"|precisely (?:fixed|quantified)|from one ~ to the next"
    r"|each ~ is included in|the following (?:two|exhaustive)(?: ~)?(?: ~)? ~",
    r"closed(?:[ -](?:loop|circuit|tour|route|cycle|path|inspection|delivery|itinerary|flight|walk|round|~))"
    r"|closed(?=\\s*[.,])|closed-loop|driver(?:'s)?(?= (?:fees|can|must|to|who|starts|needs|kick))|the driver"
    r"|a driver|delivery driver|for a driver|its driver",
    r"completing all stops|stops?(?= (?:at|for)| ?[.])|each of the other ~|precisely (?:documented"
    r"|as follows)|precisely(?= ?:)|must always add|duration from one ~ to another|from one ~ to another|tip"
    r""
    r""
    r"|required to stop|no other restrictions",
    r"expenses like|like fuel|in hundreds of ~|hundreds of ~|one-way (?:transportation|travel|transport) costs?",
    r"one ~ at each of|each of (?:four|five|six|seven|eight|nine|ten) ~|hundreds of ~"
    r"|(?:the )?same in both directions|should the|each of them (?:exactly|precisely|only) once"
    r"|(?:the )?whole (?:round|tour|trip|route)|as short as possible",
    r"(?:starts?|begins?) at @ ?,|returns? to @|at each ~|in which order should|and returns",
    r"(?:can|could|may) (?:start|begin|initiate|commence|kick off|depart|choose)|(?:from )?any one of (?:these|the"
    r"|them)(?: ~)?|any one of|starting from any one of them|cover all others",
    r"(?:which|this cost|cost|costs?|that) (?:could|might|may|can) (?:be (?:influenced|based|affected|measured)"
    r"|include|encompass|involve|vary|represent)|(?:expenses|factors|aspects|includ\w+) (?:~ )?like|influenced by"
    r"|which includes?(?: expenses)?",
    r"includ(?:e|es|ing) (?:factors|expenses|visiting)|(?:toll|fuel|transportation|driver) fees|fees(?=,| or|\."
    r"| and)|tolls(?=,| and)|(?:fuel, )?road taxes|given this setup|now,? (?:the|what)|that would minimi[sz]e"
    r"|while (?:incurring|attempting|minimi\w+|keeping)",
    r"keeping these costs in mind|depending on the (?:route|~)|a stop at each|should (?:return|be visited"
    r"|come back)|after visiting (?:all|every|each)(?: the| other)? ~|each one exactly once|visit each one"
    r"|no later(?! than)|to achieve this while",
    r"(?:following these|all while)|visiting all the|after (?:completing|visiting) (?:all|every|the)"
    r"|exactly once, and after|(?:two|three|four|five|six|seven|eight|nine|ten) (?:distinct |different |unique "
    r"|separate )?(?:cities|locations|places|towns|stops)",
    r"fully (?:inter)?connected|direct trips between"
    r"|a direct (?:~ )*?(?:cannot be (?:established|used)|between)|(?:corridor|link"
    r"|~) between (?:~ )?@ and (?:~ )?@ cannot be ~ed|cannot be established|must always account"
    r"|precisely determined|all tours include|additional fixed ~ (?:segment|overhead)",
    r"round-trip|any two|(?:distances|times|durations) between them"
    r"|permits"
    r"|around ~ ~|over the (?:complete|entire)|most ~ly efficient|rule(?=:)|always incurs"
    r"|a single stop|exactly one, but not both, of|either the",
    r"(?:exactly|precisely) one stop at every other ~|every other ~|cannot be (?:~ )?(?:established|used|built"
    r"|utili[sz]ed|connected)(?= between)|one between",
    r"no direct (?:~ )*?connects|exactly one of|precisely one of|are as follows(?= ?\()|as follows \(|two (?:key"
    r"|critical|specific|possible|major|following|designated) ~",
    r"(?:each|every|all|any)(?! (?:leg|road|stop|link|way|crossing|turn|arrival|visit|segment|time|one))"
    r"|must(?! not)",
    r"single|starting|initial|back|required|where|consider(?:ed)?|regulations|final|beginning|power|flat|require"
    r"|fixed|obligatory|times?|costs?",
    r"mandatory|compulsory|mutually exclusive|but not both|not both|direct(?= (?:routes?"
    r"|corridors?|links?|connections?))",
    r"(?:exactly|precisely) (?:one—but|one (?:visit|stop|inspection|of))"
    r"|each of the (?:other )?~ (?:~ )?(?:~ )?(?:exactly|precisely) once",
    r"(?:the )?(?:twelve|nine|eight|seven|six|five|four|three|ten"
    r"|fifteen) ~ (?:~ )?(?:exactly|precisely) once",
    r"no (?:available )?(?:~ ){0,4}(?:between|connecting|from)(?= )",
    rf"(?:each|every|all(?: the)?|any|each of the|all of the)(?: other| individual| single"
    rf"| remaining)? {_PLACE},? (?:is |are |be "
    rf"|being |must be |gets? )?(?:~ )?(?:{_ONE_TIME})",
    rf"(?:must|should|has to|to|will|can) ~(?: ~)? (?:each|every|all)(?: the)?(?: other)? {_PLACE} (?:{_ONE_TIME})",
    rf"(?:each|every|all)(?: the| other)? {_PLACE} (?:is|are|must be|be) (?:~ )?(?:visited|inspected|serviced"
    rf"|covered|encountered)",
    rf"(?:must|should|has to|needs to) (?:be )?(?:visit(?:ed)?|inspect(?:ed)?|stop(?: at)?|service[d]?|traverse"
    rf"|cover|pass through)"
    rf" (?:~ )?(?:{_ONE_TIME}|each|every|all)",
    rf"(?:{_ONE_TIME}),? (?:and|before|with|while|by|then|as|such|so|in)",
    rf"(?:{_ONE_TIME})(?=\s*[,.])",
    _SEQUEL,
    rf"(?:return|conclud|end|finish|terminat|start|begin|originat|depart|commenc)(?:s|es|ing|e"
    rf"|ed)? (?:~ ){{0,4}}{_HOME}",
    _HOME,
    r"(?:return|conclud|end|finish|terminat)(?:s|es|ing|e|ed)? (?:back )?(?:at|to|in|where)(?: (?:it|they"
    r"|the ~) (?:began|started|begun))?",
    r"back (?:at|to|where|in)|the initial ~|(?:initial|starting|original) (?:point|location|departure|~)"
    r"|where it (?:began|started)",
    r"(?:start|begin|originat|depart|commenc|initiat)(?:s|es|ing|e|ed) (?:and|at|from|in)|starting and|(?:tour"
    r"|route|circuit|trip) stops?",
    r"(?:the )?most (?:~-)?(?:time-|energy-|cost-|distance-|fuel-)?(?:efficient|economical|effective|optimal"
    r"|cost-efficient)",
    r"(?:shortest|smallest|lowest|least|minimum|minimal|fastest|quickest)(?:-~)?(?: total| possible| overall)? ~",
    r"(?:travel|transit|transportation|flight|driving|propagation|signal|transmission|~) times?(?= (?:are|is"
    r"|between|among|for|from|,|in|,))",
    r"(?:travel|transit|transportation|flight|driving|transmission) times?(?=\W)",
    r"(?:travel|transit|transportation|flight|energy|fuel|shipping|total|~) costs?(?= (?:are|is|between|among|for"
    r"|from|of|that|in)|,)",
    r"(?:minimal|minimum|total|lowest|least|overall|cumulative)(?: ~)? cost|cost matrix",
    r"(?:are|is|be|both|considered|regarded as|assumed|assumed to be|known to be|treated as"
    r"|and) (?:both )?(?:fixed|symmetric"
    r"|constant|deterministic)",
    r"fixed(?=,? and (?:~ )?(?:bidirectional|symmetric|known|identical|deterministic|precisely|equal))",
    r"(?:considered|assumed|given|provided|regarded)(?: to be| as)?(?= (?:both |fixed|symmetric|bidirectional"
    r"|constant|in|as|below))",
    r"in either direction|(?:in|for|from) both (?:directions|ways)|the same in (?:both|either|each) (?:directions?"
    r"|ways?)",
    r"between (?:any|each|every|all)(?: possible| given| distinct)? (?:two|pair(?:s)? of|pairs?)(?: ~)?",
    r"(?:any|each|every|all|the) (?:two |pairs? of )?~ pairs?|(?:for |between )?(?:each|every|all) pairs?(?: of)?",
    r"precisely (?:known|defined|measured|recorded|given|as follows)|(?:known|given|defined) precisely|precise",
    r"(?:across|over|along|of|for) (?:all|each|the entire|every) (?:segments?|legs?|links?|~)(?: of the ~)?",
    r"(?:must|has to|have to|should|needs to|shall) (?:actively )?(?:incorporate|include|use|utili[sz]e|traverse"
    r"|contain|feature|employ)"
    r" (?:exactly|precisely|only|at least|at most) one of",
    r"(?:exactly|precisely|only|at least|at most) one of (?:the )?(?:following )?(?:two|three)(?: ~){1,4}(?: must"
    r"| has to| should| is"
    r"|:|,)?(?: be)?(?: (?:~ )?(?:used|incorporated|included|traversed|part|utili[sz]ed|chosen|selected"
    r"|employed))?",
    r"(?:exactly|precisely|only|at least|at most) one of(?= (?:the|two|these))"
    r"|(?:the )?(?:following )?two (?:~ )*?(?:links"
    r"|connections|corridors|routes|roads|segments|paths|legs|passages|cables|lines|edges|channels|flights"
    r"|streets)",
    r"must be (?:~ )?(?:used|incorporated|included|traversed|part|utili[sz]ed|chosen|selected|employed)",
    r"(?:there is |exists )?no (?:~ )?(?:~ )?(?:direct )?(?:~ )*?(?:exists |available "
    r"|~ )?(?:directly )?(?:connecting|between|from|linking)",
    r"no direct (?:~ )*?(?:between|from) (?:~ )?@ (?:and|to) (?:~ )?@(?: ~)*? ?(?:is|exists|available|possible"
    r"|are)?",
    r"(?:no|a|the|any)? ?direct (?:~ )*?(?:between|from) (?:~ )?@ (?:and|to) (?:~ )?@",
    r"between (?:~ )?@ and (?:~ )?@ (?:is|are|has been) (?:~ )?(?:unavailable|prohibited|impossible|closed|blocked"
    r"|not (?:available|possible|permitted"
    r"|allowed|feasible)|forbidden|inaccessible|impassable|severed|out of service|suspended|unusable|barred"
    r"|ruled out|obstructed)",
    r"(?:between (?:~ )?@ and (?:~ )?@|@) (?:cannot|must not|may not) be (?:used|utili[sz]ed|traversed|taken"
    r"|travell?ed|directly connected)",
    r"(?:home|twelve|electric|electrical|regional) (?:base|depot)"
    r"",
    r"(?:of|a|the)? ?(?:minimal|minimum|least|lowest)-?(?:total )?(?:cost|time|distance|duration|~)(?:-~)?"
    r"|cost-minimi[sz]ing",
    r"(?:fixed|constant) monetary units|taken as|(?:total|overall|entire) trip|(?:expressed in )fixed|any one ~"
    r"|~ pairs",
    r"must (?:initiate|complete|orchestrate|conduct|measure|personally|undergo|be ~ed|efficiently|navigate|~ly)"
    r"|required to (?:visit|inspect)",
    r"(?:because of|due to) required ~|stopping at|stops at ~|routine ~ stops|protocol stops|consider (?:a|the)"
    r"|final delivery sequence",
    r"includes (?:a|every|each|all) ~|direct communication|required (?:to|calibration)|direct (?:~ )+?(?:between"
    r"|connecting|linking)",
    r"(?:of the|all) other (?:three|four|five|six|~) ~|direct travel|(?:strictly |permanently "
    r"|currently )(?:prohibited|unavailable|closed|blocked|forbidden)(?=\s*[.,])",
    r"(?:must|has to|have to|needs to|should|will|shall) (?:also )?(?:add|incur|allocate|account for|spend|include"
    r"|accommodate|set aside"
    r"|factor in|dedicate|reserve|budget)(?: for)?(?: an?)?",
    r"(?:an? )?(?:(?:additional|fixed|extra|constant|flat|uniform|supplementary|mandatory),? )+(?:~ )*?(?:duration"
    r"|delay|time|cost"
    r"|overhead|total|amount|charge|fee|sum|distance|expenditure|interval|period|penalty|surcharge|consumption"
    r"|units|monetary|#)",
    r"(?:of|add|incur|spend) (?:exactly|precisely|a total of) #|(?:must|has to) (?:travel|perform|commence|return"
    r"|physically)",
    r"(?:not possible|not permitted|not available|not feasible|unavailable|impossible|prohibited|closed"
    r"|blocked)(?= due to|\s*\.)",
    r"(?:visits|visiting|visit) each of the other (?:~ )?~ (?:exactly|precisely) once|other three ~ (?:exactly"
    r"|precisely) once",
    r"no ~(?: ~)? is (?:revisited|skipped|visited more than once|visited twice|omitted)(?: prior to| before)?"
    r"|after which",
    r"(?:exactly|precisely) one of the two following|either the ~|either @|(?:stops|stopping|make stops) (?:at"
    r"|for)|procedural stops",
    r"visiting (?:each|every)(?: other)? ~ (?:exactly|precisely|only) once|each (?:vehicle|drone|~) is required to"
    r"|each ~ to add",
    r"except(?: for)? one|a single, ~|fixed,? symmetric|(?:protocol"
    r"|procedure)s? requires?",
    r"(?:the )?following (?:two )?(?:direct )?~|starting point|final (?:routing|route|circuit|inspection|delivery"
    r"|tour|itinerary) ?(?:plan)?",
    r"(?:an? |the )?(?:additional|fixed|extra|constant|flat|uniform|mandatory|overhead)(?: ~){0,4} of(?: exactly"
    r"| precisely)? #",
    r"(?:fixed|additional)(?: ~){0,3} (?:duration|delay|time|cost|overhead|total|amount|charge|fee|sum)",
    r"(?:incur|add|allocate|spend|includ)(?:s|es|ing|ed)? (?:an? )?(?:additional|fixed|extra"
    r"|constant)(?: ~)*? (?:duration|delay|time|cost)",
    r"# ~ in total|in total(?=,? (?:irrespective|regardless))",
    r"(?:irrespective|regardless|independent)(?:ly)? of (?:the |which |how )?(?:~ ){0,3}(?:sequence|order|route"
    r"|path|itinerary|~)",
    r"(?:due to|because of|owing to|on account of) (?:~ )*?(?:obligatory|mandatory|compulsory|required"
    r"|fixed)? ?(?:~ )*?"
    r"(?:at|in|for|upon|within) (?:each|every|all|a|the) ~(?: ~)?(?=,|$|\s)",
    r"(?:obligatory|mandatory|compulsory) (?:~ )+?(?:at|for|in|before|upon) (?:each|every|all|the|a|central) ~",
    r"(?:obligatory|mandatory|compulsory|permanent|temporary) ~",
    r"a single (?:~ )?(?:vehicle|drone|technician|truck|~)|single ~|full connectivity|fully connected"
    r"|exhaustive list",
    r"(?:that|which) (?:allows|enables|permits|requires) (?:the|a|an|~) ~|(?:closed"
    r"|complete)[- ]",
    r"each with|each of the ~|at each (?:location|stop|site|facility|~)(?= (?:once|exactly|precisely))",
    r"(?:requires?|needs) (?:an? |the )~|thus (?:returning|concluding)|(?:must|has to) (?:start|begin|end|return"
    r"|conclude|originate)",
)

JOB_SHOP: tuple[str, ...] = (
    r"so that (?:everything|all(?: of (?:them|these))?) (?:is|are) (?:finished|completed|done)"
    r"|no (?:machine|station|worker|tool) (?:can|may) (?:do|process|handle|work on|treat|run) (?:two|more than one) ~"
    r" at (?:the same time|once|a time)(?= ?[.,;])|have to be scheduled|as soon as possible"
    r"|should be handled(?= so that)",
    r"(?:an?|the|processing|mandatory|exact|strict|in the|in an?|in a specific|specific) (?:~ )?order(?: of(?: all"
    r"| the)?)?"
    r"|order of(?: the| all)?|in the (?:exact |given |specified |same )?order|in an? (?:\w+ )?order",
    r"(?:only )?handle one (?:batch|~ (?:stop|order))? ?at a time|one (?:batch|order|delivery stop) at a time"
    r"",
    SETTING,
    r"each need to|need to (?:complete|undergo|use|visit|pass)|handle one ~ (?:~ )?at a time"
    r"|only handle one ~(?: ~)? at a time|all ~ steps",
    r"(?:every|each) ~ (?:passes|goes|runs) through(?: the)?(?: same)?(?: (?:two|three|four|five))? ~"
    r"|passes through|processing times|until complete|all stops at|followed in the (?:exact|specified) order"
    r"|followed exactly as|needed to complete|batch",
    r"orders?|for today|its own|(?:each )?step must be finished before the next step(?: of (?:that|the) ~)? begins"
    r"|before the next ~|works? on one ~ at a time|that has begun is not interrupted|free at the start"
    r"|should each ~ take|the last of the (?:two|three|four|five) ~ is finished",
    r"(?:passes|goes|runs) through the same ~|same (?:two|three|four|five) ~|(?:through|on) the same"
    r"|not interrupted"
    r"|as early as possible|first|last|in which|(?:two|three|four|five) (?:jobs|machines|orders|steps)|one (?:job"
    r"|order|step|task) at a time|handles only one job at a time",
    r"each|every|pairs?|stops?|required|batches|where|all(?= ~)|order|mandatory|fixed|must(?! not)(?= (?:~|stop"
    r"|occur|follow|visit|pass|complete))|can only|once|begins?|starts?|started",
    r"only (?:accommodate|handle|process|serve|perform|work on|treat)|(?:can|may) (?:~ )?(?:accommodate|handle"
    r"|process|serve|work|perform|treat|run|execute)",
    r"one (?:~ ){1,3}(?:simultaneously|at a time|at once|at any (?:given )?(?:time|moment))|one at a time"
    r"|at any (?:given )?(?:time|moment)",
    r"completion|complete[ds]?|(?:all|every) ~ (?:~ )?(?:are|is) (?:complete[d]?|finished)|follows?|follow(?:ing)?"
    r"|next|then|before(?= (?:the next|moving|proceeding|it))",
    r"(?:each|every)(?: ~)?(?: ~)? (?:must|can|has|consists|follows?|specifies|requires|is|runs|undergoes|goes"
    r"|proceeds|handles|accommodates|processes)",
    r"(?:each|every|all|the) pairs?|pairs|order of pairs|where (?:each|the)|each route|(?:the )?(?:mandatory"
    r"|required|strict|exact|fixed|given|specified) (?:order"
    r"|sequence|processing|~)|time required|(?:for|of|when) all(?: ~)? ~|all(?: the)? (?:jobs|routes|shipments"
    r"|trucks|patients|batches|deliveries|orders|tasks)",
    r"(?:can(?:not)?|may|must) (?:only )?(?:accommodate|handle|process|serve|work on|run|treat|perform) (?:only "
    r"|at most |exactly |just |no more than )?one ~(?: ~)? at a time",
    r"(?:handles?|processes|accommodates?|serves?|treats?) (?:only |at most |exactly |just "
    r"|no more than )?one ~(?: ~)? at (?:a time|once|any time|any moment)",
    r"(?:only|at most|no more than) one ~(?: ~)?(?: can| may)?(?: be)?(?: ~)?(?: ~)? at (?:a time|once|any time"
    r"|any given time|any moment)",
    r"must (?:run|proceed|be completed|be processed|follow|stop|occur|undergo|be (?:visited|performed|executed"
    r"|done|processed|handled|completed)|pass|visit)",
    r"(?:continuously )?(?:without|no|with no) (?:interruptions?|pauses?|preemption|stopping)|once (?:it|they"
    r"|started|begun|initiated|an? ~)(?: ~)?(?: ~)?"
    r"(?: (?:begins?|starts?|is started|commences?|has (?:begun|started)))?|(?:cannot|must not"
    r"|may not) be (?:interrupted|paused|stopped|preempted|halted)",
    r"(?:begins|starts|started|begun|stop(?:s)?(?= and)|follows?|predetermined|specific|without interruption)"
    r"|until (?:it is )?(?:complet|finish)(?:ed|ion)",
    r"(?:as|so) early as possible|smallest|shortest|minimum|minimal|least|completion time|where the ~|needs to ~"
    r"|hours|(?:three|four|five|six) ~ run on (?:three|four|five|six) ~",
)
