"""The turns of speech that each family knows: what its texts say in words, without saying anything new.

Found in the open texts of each class (2,000 of them) and licensed as language, never by item; see `wording`.
"""

from __future__ import annotations

_ANSWER = (
    r"(?:please |kindly |just )?(?:note|remember|keep|bear)(?: in mind)?,?(?: that)?,? (?:the|your) (?:~ )?(?:answer|response|result|solution) should (?:be|only contain|reflect"
    r"|provide|only be|indicate)(?: ~)?(?: ~)?(?: single ~)?|(?:answer|response) should (?:be|only contain|reflect)|asking for only|single (?:answer|value|number|optimal)"
    r"|keep(?:ing)? (?:in mind|these|the ~ cost|~ costs?)|under the scenario|the scenario should be based on|above|(?:would|will) be the|given this setup|in this setup|now(?=,| the question| faces)"
)
_EACH = r"(?:each|every|all|any)(?= (?:of )?(?:~|these|the|your))|each(?= (?:has|have|comes|with))|all ~"
_MOVED = r"(?:from )?one ~(?: ~)? (?:to|into) (?:another|any other|the other|the others|the next)"

_CHOSEN = (
    r"(?:selected|chosen|included|loaded|taken|packed|picked|funded|shipped|dispatched|carried|accepted|approved|undertaken"
    r"|built|used|transported|placed|adopted|deployed|implemented|purchased|incorporated|brought|sent|part of ~ ~)"
)
_COUNTED = r"(?:exactly|precisely|only|just|at least|at most|no more than|no fewer than|up to)"

KNAPSACK: tuple[str, ...] = (
    r"closed|three-season|growing ~|season",
    rf"must (?:either )?be (?:either )?included (?:~ )*?or omitted(?: (?:entirely|from the ~))?|must either be included|(?:accepted|~) for transport in full or declined entirely|any ~ is either|(?:is|must be) either|partial ~ is not (?:permitted|allowed|feasible)|not permitted",
    rf"shipped in full or not at all|(?:should|if|when) the ~ (?:decides? to |commits? to |accepts? |chooses? to )?(?:include|accept|load|loading|ship|dispatch) (?:any|one or more|at least one) ~|if one or more ~ are {_CHOSEN}|(?:components|items|units|~) included(?= ?[).])",
    r"most (?:economically |cost-)(?:effective|advantageous|efficient)|most cost|cost-effective|most economically|whole and cannot be (?:subdivided|split|divided)|(?:structural )?limits permit|(?:which|what)(?: specific)? ~ should be ~ed|# ~ reduction (?:on|in)|qualifies for an? ~ ~ bonus|a fixed #|toward ~",
    r"which ~ should be taken|(?:should|must) be ~(?= so that)|should be taken so that",
    rf"(?:both )?@ and @ (?:cannot|can not|may not|must not|should not) (?:both |be both )?be (?:both )?{_CHOSEN}(?: together| at the same time| simultaneously| at once)?",
    rf"@ (?:and|or) @ (?:cannot|must not|may not) both(?: be)? (?:{_CHOSEN})?|not both @ and @|(?:if|when|whenever|provided that) both @ and @ are {_CHOSEN}",
    r"(?:@ and @ are|@ is) (?:mutually exclusive|incompatible|in conflict)(?: with @)?|mutually exclusive",
    rf"(?:if|whenever|when|should) @ (?:is|be) {_CHOSEN},? (?:then )?@ (?:must|has to|needs to|must not|cannot|may not|should) (?:also )?be {_CHOSEN}(?: as well| too)?",
    rf"@ (?:can|may) (?:only be {_CHOSEN}|be {_CHOSEN} only|only be {_CHOSEN}) (?:if|when|provided(?: that)?) @ is (?:also )?{_CHOSEN}(?: as well| too)?",
    rf"@ (?:cannot|can not|may not|must not) be {_CHOSEN}(?: (?:without|unless) (?:the )?@(?: is (?:also )?{_CHOSEN})?)?",
    rf"@ cannot ~ without (?:the )?@(?:,? so it (?:may|can) (?:only be {_CHOSEN}|be {_CHOSEN} only) if (?:the )?@ is {_CHOSEN}(?: as well| too)?)?",
    rf"(?:both|all) @(?:,? (?:and )?@)+ (?:must|are|is)|@ (?:must|has to) (?:always |definitely )?be {_CHOSEN}",
    rf"{_COUNTED} (?:one|two|three|four|five|#) of (?:the ~ )?@(?:,? ?(?:and |or )?@)*,? ?(?:(?:must|may|can|should|is to|are to) be {_CHOSEN})?",
    rf"{_COUNTED} (?:one|two|three|four|five|six|#) ~(?: ~)? (?:must|may|can|should|are to) be {_CHOSEN}",
    rf"of the (?:two|three|four) ~s?, (?:@ and @|the ~ and (?:the )?~(?: one)?), {_COUNTED} one (?:is useful and )?(?:may|must|can) be {_CHOSEN}",
    r"the (?:~ )?(?:capacity|payload|limit|allowance) (?:shrinks|drops|falls|decreases|is reduced|diminishes) by #",
    r"a (?:one-time )?bonus of # ~ (?:is|will be) (?:granted|earned|added|paid|given)|each ~ is either ~ or left behind|the last ~|most(?= ?[.])|on another ~|over ~ ~",
    r"(?:greatest|largest|highest|most) (?:total )?~|(?:useful|~) and may be|either taken or left behind|have given each|(?:one|a) flight|each of the",
    r"each ~ (?:is|must be|has to be|can be)",
    r"(?:is|are) indivisible",
    rf"(?:must|has to|can) be (?:either )?(?:fully |entirely |wholly )?(?:{_CHOSEN}|rejected|not at all)(?: in (?:its|their)"
    rf" entirety| in full| as a whole| entirely| completely| fully| whole)?,? (?:or|and) (?:(?:be )?(?:left|remain) (?:behind|out)"
    rf"|omitted|declined|rejected|excluded|not at all|not {_CHOSEN}(?: at all)?|entirely excluded|~ excluded)(?: (?:entirely|completely|~ entirely))?",
    rf"(?:is|are) (?:either )?(?:fully |entirely |wholly )?{_CHOSEN}(?: in (?:its|their) entirety| in full| as a whole| entirely)?"
    rf" or (?:left (?:behind|out)|omitted|rejected|excluded|not at all|not {_CHOSEN}|~ (?:omitted|excluded))"
    r"(?: (?:entirely|completely|at all))?",
    rf"(?:if|when|whenever|should|provided that|provided) @ (?:is|be|are|were) (?:{_CHOSEN})",
    r"(?:if|when|whenever|should) (?:the )?~ (?:decides? to )?(?:includes?|selects?|loads?|chooses?) @",
    rf"(?:if|when|provided(?: that)?|should) at least one ~ (?:is|be) {_CHOSEN}",
    r"(?:should|if) the ~ (?:decides? to )?(?:includes?|selects?|loads?|contains?) at least one ~",
    r"at least one ~ (?:is|be) (?:selected|included|loaded|chosen|dispatched|shipped)",
    r"(?:include|includes|contains|selecting|including|loading|dispatching|dispatch of) (?:at least one|any) ~(?: at all)?",
    r"(?:applied|granted|applicable|awarded|added|given|received|paid|conferred) (?:only |just |exactly )?(?:once|a single time)",
    r"(?:irrespective|regardless|independent) of (?:the|how) (?:~ )*?(?:number|quantity|many|selection|count|~)",
    r"(?:a )?(?:one-time|fixed|one-off|flat|single|additional|extra)(?: ~){0,3} (?:bonus|incentive|reward|premium|grant|subsidy)",
    r"(?:bonus|incentive|reward) (?:is|of|will be|that is|applies)|(?:this|the) (?:~ )?(?:bonus|incentive|reward)",
    r"(?:exactly|precisely|only|just|at least|at most) one(?: of| from|:) (?:the (?:~ )?)?(?:either )?@",
    rf"{_COUNTED} one (?:must|is to|shall|should|needs to|has to) be {_CHOSEN}",
    rf"@(?: or @| and @)*,? (?:must|is to|shall|should|needs to|has to|are to|may|can) be {_CHOSEN}",
    rf"(?:must|to|shall|should|may) (?:~ )?includ(?:e|ing) (?:~ )?{_COUNTED} one of",
    r"(?:must|to|shall) (?:~ )?(?:include|select|load) (?:exactly|precisely) one",
    rf"{_COUNTED} one of(?= (?:@|the ~ @|either @|the (?:two|three) ~ @))",
    r"(?:components?|packages?|crates?|containers?|modules?|units?|items?|~) to (?:include|be included)",
    r"(?:which|what) (?:~ ){1,3}to include|(?:to|decide to) include (?:~ )?in",
    r"fixed maximum|annual budget|must be (?:selected|chosen) to|not violate|without breaching|not feasible",
    r"(?:should|if) the (?:~ ){1,5}at least one ~|(?:at least some|one or more) ~|any ~ at all",
    r"(?:an? |a one-time )?(?:additional |one-time )?(?:additional|fixed|one-time) (?:~ )?(?:~ )?(?:~ )?(?:of|bonus|incentive|premium)",
    r"(?:a )?(?:mandatory|separate|special(?:ized)?) (?:~ )?(?:apparatus|equipment|container|casing|compartment|system|device)",
    r"permitt(?:ed|ing) (?:a |an )?~ ~|(?:the )?most ~-effective|each cargo ~|each ~ (?:requires|contributes|provides)(?= a)",
    r"each (?:~ )?~, if included, (?:contributes|must)|each have an? ~|must be transported in full(?= if)|if selected",
    r"must be shipped whole|(?:over|across|spanning) (?:a )?three(?:-phase| distinct)(?: ~)? ~|~ altogether|obligation stipulates",
    r"partial inclusion is not ~|must be (?:~ )*?included in (?:the|a) ~ or omitted (?:entirely|altogether|from the ~)",
    r"omitted from the ~ altogether|total required ~|chosen initiatives",
    r"which (?:combination of )?~ should be loaded|: if it is (?:loaded|selected|included)|must undergo|must also be (?:carried|loaded)",
    r"from the load|(?:entire|whole) ~ must be|which must be delivered|incentivize any ~|requiring careful ~|limiting the ~",
    r"(?:an additional|a) fixed ~ ~ of|includes a|for final|must be loaded ~ ~ ~ ~ in its entirety or omitted from the ~",
    r"(?:each|a) single ~|final ~|each ~ contributes|available in a single unit|are each available",
    r"(?:the|a|this) final|inclu(?:sion|ded) in the|(?:~ )included in (?:the|this|a)",
    r"(?:a|the) single|(?:the )?most (?:beneficial|valuable|profitable|advantageous|effective|efficient|lucrative)",
    r"(?:requires|needs|necessitates) (?:a |an |the )?(?:~ ){0,4}(?:that|which|,)? ?(?:reduc|diminish|decreas|lower)(?:es|ing)",
    r"(?:requires|which requires|that requires) (?:a |an |special |specialized |the )(?:~ )?(?:~ )?(?:process|equipment|handling|casing"
    r"|container|determination|selection|decision|~)",
    r"(?:reduc|decreas)(?:es|ed|ing) (?:the|its|their) (?:~ ){0,5}(?:capacity|payload|allowance|limit|space|volume|weight|load|room|~)",
    r"(?:is|be) (?:effectively )?(?:reduced|decreased|diminished) by",
    r"can (?:~ )?(?:carry|transport|lift|support|accommodate|hold|bear|handle|take)",
    r"(?:weight|mass|volume|payload|load|capacity|exactly|precisely)(?: ~)? (?:is|of|at) (?:fixed at )?(?:exactly|precisely) #",
    r"(?:payload|mass|weight|allowance) (?:is|of) (?:precisely|exactly)|gross (?:weight|mass|capacity|lift)|gross",
    r"cannot (?:carry|transport|hold|support|lift) (?:a )?(?:~ ){0,3}(?:exceeding|more than|greater than) #",
    r"(?:not|never|without|nor) (?:surpass|exceed|go(?:ing)? (?:beyond|over))(?:ing|es|s)?",
    r"exceeding(?= (?:#|this|the|its|their))|exceed(?= (?:#|this|the|its|their))|surpass(?= (?:#|this|the|its|their))",
    r"must be made|a (?:~ )?shipment|must (?:adjudicate|balance|finali[sz]e|fit within|stay within|collectively)|added to",
    r"which ~ should be (?:included|approved|selected|loaded)|~ must be chosen(?= to)|(?:each|cargo) ~ (?:has|is|possesses|can)",
    r"subject to|can sustain|while rigorously|(?:demands|requiring) a ~ selection|#-~ (?:reduction|deduction)|(?:is|at) fixed",
    r"(?:irrevocably|strictly|permanently) fixed|(?:only|exactly|just) once|only if(?= at least one)|one or more(?= ~)",
    r"grants? an?|selected ~ plus the (?:potential )?bonus|any (?:applicable|potential) bonus|~ possess(?:es)? an?|at all",
    r"(?:a|an) (?:mandatory|additional) #?|components include(?=:)|each possess|which components will",
)

PACKING: tuple[str, ...] = (
    r"(?:growing|ever-growing) ~|the (?:driver|coming season)|seasonal ~|neighbou?ring ~|neighbou?rhood",
    r"must bring|each carry # ~ at most|(?:one|a single) trip|makes one trip|every ~|needed at least|does each carry|cannot be (?:divided|split)|needed|at most #|as few ~ as possible|(?:at least )?how many",
    r"(?:can|may) (?:hold|carry|take)|must be (?:packed|put|placed)(?: ~)*? (?:exactly )?one|put into|each ~ (?:holds|carries|takes|fits)|no ~ may be ~",
    r"(?:each|every|all|any|an?|a single|any single|any given|any one|one)(?= ~)",
    r"(?:must|should) ensure (?:that )?(?:each|every|all) ~",
    r"must (?:be|go|fit|travel|accommodate|assign)(?= (?:~ )?(?:on|in|into|onto|to|placed|loaded|packed|assigned|stored|put"
    r"|shipped|allocated|transported|carried|positioned|accommodated|stowed|sent|shelved)(?: |\W))",
    r"(?:exactly|precisely|only|just|to) one ~|one and only one ~|a single ~|must accommodate",
    r"(?:smallest|least|minimum|minimal|lowest|fewest)(?: ~)? (?:number|count|quantity|set|use|fleet)|fewest ~|as few",
    r"number of ~ (?:required|needed|used)",
    r"(?:cannot|can not|can|may not|must not) (?:safely )?(?:carry|hold|support|absorb|sustain|accommodate|handle|bear|take"
    r"|contain|store|transport|withstand)",
    r"(?:cannot|can not|may not|must not|does not|do not|will not|not) (?:exceed|surpass|go beyond|go over)",
    r"exceed(?= (?:its|their|the|this|that|#))",
    r"(?:cannot|must not|may not|never|not) be (?:exceeded|overloaded|surpassed|split|divided)",
    r"no ~ (?:split|divided) (?:across multiple|between) ~",
    r"(?:on|in|within|onto|to|of) (?:any|each|every|a) (?:single |one )?~|never surpass(?:es|ing)|(?:every|any) single ~"
    r"|(?:certified|rated|approved) for|complet(?:e|es|ing) (?:this|the)|precisely #",
    r"(?:shipments|sent|manifests|parcels|items|packages) include(?=:| :)",
    r"(?:must|needs? to) (?:now )?(?:shelve|be delivered|be transported|pack)",
    r"(?:while|whilst) striving",
    r"no ~'s ~ (?:exceeds|surpasses)|up to (?:a total thickness of )?#~|of up to #~|without risking|coolant demand|where every ~ is",
)

_ONE_TIME = r"(?:exactly|precisely|only|just) (?:once|one (?:single )?time|a single time|one (?:visit|stop|inspection|occasion))|once"
_PLACE = r"~(?: ~)?(?: ~)?"
_SEQUEL = (
    r"(?:before|prior to|and(?: then)?|and finally|thereby|while|with the ~) (?:the ~ |it |finally |ultimately )?"
    r"(?:return|conclud|end|finish|terminat|complet|com|arriv)(?:s|es|ing|e|ed)?"
)
_HOME = (
    r"(?:back )?(?:at|to|in) (?:the|its|their|his|her)(?: same)? (?:initial|starting|first|original|origin|point of|home|same"
    r"|beginning|chosen|designated|departure|start)(?: ~| point| location| of)*"
)
TOUR: tuple[str, ...] = (
    r"closed(?:[ -](?:loop|circuit|tour|route|cycle|path|inspection|delivery|itinerary|flight|walk|round|~))|closed(?=\\s*[.,])|closed-loop|driver(?:'s)?(?= (?:fees|can|must|to|who|starts|needs|kick))|the driver|a driver|delivery driver|for a driver|its driver",
    r"completing all stops|stops?(?= (?:at|for)| ?[.])|each of the other ~|weekly ~ ~|precisely (?:documented|as follows)|precisely(?= ?:)|must always add|duration from one ~ to another|from one ~ to another|tip|critical batch|mountain passes|supply drops"
    r"|full set of|direct conduit|constrained to follow|follow predetermined|specific setup|flight segment totaling|two mandatory ~ ~|setup and stabilization|required to stop|no other restrictions",
    r"expenses like|like fuel|in hundreds of ~|hundreds of ~|one-way (?:transportation|travel|transport) costs?",
    r"one ~ at each of|each of (?:four|five|six|seven|eight|nine|ten) ~|hundreds of ~|(?:the )?same in both directions|should the|each of them (?:exactly|precisely|only) once|(?:the )?whole (?:round|tour|trip|route)|as short as possible",
    r"(?:starts?|begins?) at @ ?,|returns? to @|at each ~|in which order should|and returns",
    r"(?:can|could|may) (?:start|begin|initiate|commence|kick off|depart|choose)|(?:from )?any one of (?:these|the|them)(?: ~)?|any one of|starting from any one of them|cover all others",
    r"(?:which|this cost|cost|costs?|that) (?:could|might|may|can) (?:be (?:influenced|based|affected|measured)|include|encompass|involve|vary|represent)|(?:expenses|factors|aspects|includ\w+) (?:~ )?like|influenced by|which includes?(?: expenses)?",
    r"includ(?:e|es|ing) (?:factors|expenses|visiting)|(?:toll|fuel|transportation|driver) fees|fees(?=,| or|\.| and)|tolls(?=,| and)|(?:fuel, )?road taxes|given this setup|now,? (?:the|what)|that would minimi[sz]e|while (?:incurring|attempting|minimi\w+|keeping)",
    r"keeping these costs in mind|depending on the (?:route|~)|a stop at each|should (?:return|be visited|come back)|after visiting (?:all|every|each)(?: the| other)? ~|each one exactly once|visit each one|no later(?! than)|to achieve this while",
    r"(?:following these|all while)|visiting all the|after (?:completing|visiting) (?:all|every|the)|exactly once, and after|(?:two|three|four|five|six|seven|eight|nine|ten) (?:distinct |different |unique |separate )?(?:cities|locations|places|towns|stops)",
    r"within supply-chain|fully (?:inter)?connected|direct trips between|a direct (?:~ )*?(?:cannot be (?:established|used)|between)|(?:corridor|link|~) between (?:~ )?@ and (?:~ )?@ cannot be ~ed|cannot be established|must always account|precisely determined|all tours include|additional fixed ~ (?:segment|overhead)",
    r"round-trip|both certain|drop off|any two|thousands|(?:distances|times|durations) between them|full (?:service )?cycle|setup state|permits|condition mandates"
    r"|around ~ ~|three-dimensional|over the (?:complete|entire)|most ~ly efficient|rule(?=:)|always incurs|a single stop|exactly one, but not both, of|either the",
    r"(?:exactly|precisely) one stop at every other ~|every other ~|cannot be (?:~ )?(?:established|used|built|utili[sz]ed|connected)(?= between)|one between",
    r"no direct (?:~ )*?connects|exactly one of|precisely one of|are as follows(?= ?\()|as follows \(|two (?:key|critical|specific|possible|major|following|designated) ~",
    r"(?:each|every|all|any)(?! (?:leg|road|stop|link|way|crossing|turn|arrival|visit|segment|time|one))|must(?! not)",
    r"single|starting|initial|back|required|where|consider(?:ed)?|regulations|final|beginning|power|flat|require|fixed|obligatory|times?|costs?",
    r"mandatory|compulsory|mutually exclusive|but not both|not both|two-dimensional|direct(?= (?:routes?|corridors?|links?|connections?))",
    r"(?:exactly|precisely) (?:one—but|one (?:visit|stop|inspection|of))|each of the (?:other )?~ (?:~ )?(?:~ )?(?:exactly|precisely) once",
    r"precisely to|repeaters|daily ~ ~|(?:the )?(?:twelve|nine|eight|seven|six|five|four|three|ten|fifteen) ~ (?:~ )?(?:exactly|precisely) once",
    r"no (?:available )?(?:~ ){0,4}(?:between|connecting|from)(?= )|corresponds precisely",
    rf"(?:each|every|all(?: the)?|any|each of the|all of the)(?: other| individual| single| remaining)? {_PLACE},? (?:is |are |be "
    rf"|being |must be |gets? )?(?:~ )?(?:{_ONE_TIME})",
    rf"(?:must|should|has to|to|will|can) ~(?: ~)? (?:each|every|all)(?: the)?(?: other)? {_PLACE} (?:{_ONE_TIME})",
    rf"(?:each|every|all)(?: the| other)? {_PLACE} (?:is|are|must be|be) (?:~ )?(?:visited|inspected|serviced|covered|encountered)",
    rf"(?:must|should|has to|needs to) (?:be )?(?:visit(?:ed)?|inspect(?:ed)?|stop(?: at)?|service[d]?|traverse|cover|pass through)"
    rf" (?:~ )?(?:{_ONE_TIME}|each|every|all)",
    rf"(?:{_ONE_TIME}),? (?:and|before|with|while|by|then|as|such|so|in)",
    rf"(?:{_ONE_TIME})(?=\s*[,.])",
    _SEQUEL,
    rf"(?:return|conclud|end|finish|terminat|start|begin|originat|depart|commenc)(?:s|es|ing|e|ed)? (?:~ ){{0,4}}{_HOME}",
    _HOME,
    r"(?:return|conclud|end|finish|terminat)(?:s|es|ing|e|ed)? (?:back )?(?:at|to|in|where)(?: (?:it|they|the ~) (?:began|started|begun))?",
    r"back (?:at|to|where|in)|the initial ~|(?:initial|starting|original) (?:point|location|departure|~)|where it (?:began|started)",
    r"(?:start|begin|originat|depart|commenc|initiat)(?:s|es|ing|e|ed) (?:and|at|from|in)|starting and|(?:tour|route|circuit|trip) stops?",
    r"(?:the )?most (?:~-)?(?:time-|energy-|cost-|distance-|fuel-)?(?:efficient|economical|effective|optimal|cost-efficient)",
    r"(?:shortest|smallest|lowest|least|minimum|minimal|fastest|quickest)(?:-~)?(?: total| possible| overall)? ~",
    r"(?:travel|transit|transportation|flight|driving|propagation|signal|transmission|~) times?(?= (?:are|is|between|among|for|from|,|in|,))",
    r"(?:travel|transit|transportation|flight|driving|transmission) times?(?=\W)",
    r"(?:travel|transit|transportation|flight|energy|fuel|shipping|total|~) costs?(?= (?:are|is|between|among|for|from|of|that|in)|,)",
    r"(?:minimal|minimum|total|lowest|least|overall|cumulative)(?: ~)? cost|cost matrix",
    r"(?:are|is|be|both|considered|regarded as|assumed|assumed to be|known to be|treated as|and) (?:both )?(?:fixed|symmetric"
    r"|constant|deterministic)",
    r"fixed(?=,? and (?:~ )?(?:bidirectional|symmetric|known|identical|deterministic|precisely|equal))",
    r"(?:considered|assumed|given|provided|regarded)(?: to be| as)?(?= (?:both |fixed|symmetric|bidirectional|constant|in|as|below))",
    r"in either direction|(?:in|for|from) both (?:directions|ways)|the same in (?:both|either|each) (?:directions?|ways?)",
    r"between (?:any|each|every|all)(?: possible| given| distinct)? (?:two|pair(?:s)? of|pairs?)(?: ~)?",
    r"(?:any|each|every|all|the) (?:two |pairs? of )?~ pairs?|(?:for |between )?(?:each|every|all) pairs?(?: of)?",
    r"precisely (?:known|defined|measured|recorded|given|as follows)|(?:known|given|defined) precisely|precise",
    r"(?:across|over|along|of|for) (?:all|each|the entire|every) (?:segments?|legs?|links?|~)(?: of the ~)?",
    r"(?:must|has to|have to|should|needs to|shall) (?:actively )?(?:incorporate|include|use|utili[sz]e|traverse|contain|feature|employ)"
    r" (?:exactly|precisely|only|at least|at most) one of",
    r"(?:exactly|precisely|only|at least|at most) one of (?:the )?(?:following )?(?:two|three)(?: ~){1,4}(?: must| has to| should| is"
    r"|:|,)?(?: be)?(?: (?:~ )?(?:used|incorporated|included|traversed|part|utili[sz]ed|chosen|selected|employed))?",
    r"(?:exactly|precisely|only|at least|at most) one of(?= (?:the|two|these))|(?:the )?(?:following )?two (?:~ )*?(?:links"
    r"|connections|corridors|routes|roads|segments|paths|legs|passages|cables|lines|edges|channels|flights|streets)",
    r"must be (?:~ )?(?:used|incorporated|included|traversed|part|utili[sz]ed|chosen|selected|employed)",
    r"(?:there is |exists )?no (?:~ )?(?:~ )?(?:direct )?(?:~ )*?(?:exists |available |~ )?(?:directly )?(?:connecting|between|from|linking)",
    r"no direct (?:~ )*?(?:between|from) (?:~ )?@ (?:and|to) (?:~ )?@(?: ~)*? ?(?:is|exists|available|possible|are)?",
    r"(?:no|a|the|any)? ?direct (?:~ )*?(?:between|from) (?:~ )?@ (?:and|to) (?:~ )?@",
    r"between (?:~ )?@ and (?:~ )?@ (?:is|are|has been) (?:~ )?(?:unavailable|prohibited|impossible|closed|blocked|not (?:available|possible|permitted"
    r"|allowed|feasible)|forbidden|inaccessible|impassable|severed|out of service|suspended|unusable|barred|ruled out|obstructed)",
    r"(?:between (?:~ )?@ and (?:~ )?@|@) (?:cannot|must not|may not) be (?:used|utili[sz]ed|traversed|taken|travell?ed|directly connected)",
    r"(?:home|twelve|electric|electrical|regional) (?:base|depot)|power (?:grid|lines?|network|distribution)|which is directly proportional",
    r"(?:of|a|the)? ?(?:minimal|minimum|least|lowest)-?(?:total )?(?:cost|time|distance|duration|~)(?:-~)?|cost-minimi[sz]ing",
    r"(?:fixed|constant) monetary units|taken as|(?:total|overall|entire) trip|(?:expressed in )fixed|any one ~|~ pairs",
    r"must (?:initiate|complete|orchestrate|conduct|measure|personally|undergo|be ~ed|efficiently|navigate|~ly)|required to (?:visit|inspect)",
    r"(?:because of|due to) required ~|stopping at|stops at ~|routine ~ stops|protocol stops|consider (?:a|the)|final delivery sequence",
    r"includes (?:a|every|each|all) ~|direct communication|required (?:to|calibration)|direct (?:~ )+?(?:between|connecting|linking)",
    r"(?:of the|all) other (?:three|four|five|six|~) ~|direct travel|(?:strictly |permanently |currently )(?:prohibited|unavailable|closed|blocked|forbidden)(?=\s*[.,])",
    r"(?:must|has to|have to|needs to|should|will|shall) (?:also )?(?:add|incur|allocate|account for|spend|include|accommodate|set aside"
    r"|factor in|dedicate|reserve|budget)(?: for)?(?: an?)?",
    r"(?:an? )?(?:(?:additional|fixed|extra|constant|flat|uniform|supplementary|mandatory),? )+(?:~ )*?(?:duration|delay|time|cost"
    r"|overhead|total|amount|charge|fee|sum|distance|expenditure|interval|period|penalty|surcharge|consumption|units|monetary|#)",
    r"(?:of|add|incur|spend) (?:exactly|precisely|a total of) #|(?:must|has to) (?:travel|perform|commence|return|physically)",
    r"(?:not possible|not permitted|not available|not feasible|unavailable|impossible|prohibited|closed|blocked)(?= due to|\s*\.)",
    r"(?:visits|visiting|visit) each of the other (?:~ )?~ (?:exactly|precisely) once|other three ~ (?:exactly|precisely) once",
    r"no ~(?: ~)? is (?:revisited|skipped|visited more than once|visited twice|omitted)(?: prior to| before)?|after which",
    r"(?:exactly|precisely) one of the two following|either the ~|either @|(?:stops|stopping|make stops) (?:at|for)|procedural stops",
    r"visiting (?:each|every)(?: other)? ~ (?:exactly|precisely|only) once|each (?:vehicle|drone|~) is required to|each ~ to add",
    r"except(?: for)? one|a single, ~|incompatible network|required ~ lengths|fixed,? symmetric|(?:protocol|procedure)s? requires?",
    r"(?:the )?following (?:two )?(?:direct )?~|starting point|final (?:routing|route|circuit|inspection|delivery|tour|itinerary) ?(?:plan)?",
    r"(?:an? |the )?(?:additional|fixed|extra|constant|flat|uniform|mandatory|overhead)(?: ~){0,4} of(?: exactly| precisely)? #",
    r"(?:fixed|additional)(?: ~){0,3} (?:duration|delay|time|cost|overhead|total|amount|charge|fee|sum)",
    r"(?:incur|add|allocate|spend|includ)(?:s|es|ing|ed)? (?:an? )?(?:additional|fixed|extra|constant)(?: ~)*? (?:duration|delay|time|cost)",
    r"# ~ in total|in total(?=,? (?:irrespective|regardless))",
    r"(?:irrespective|regardless|independent)(?:ly)? of (?:the |which |how )?(?:~ ){0,3}(?:sequence|order|route|path|itinerary|~)",
    r"(?:due to|because of|owing to|on account of) (?:~ )*?(?:obligatory|mandatory|compulsory|required|fixed)? ?(?:~ )*?"
    r"(?:at|in|for|upon|within) (?:each|every|all|a|the) ~(?: ~)?(?=,|$|\s)",
    r"(?:obligatory|mandatory|compulsory) (?:~ )+?(?:at|for|in|before|upon) (?:each|every|all|the|a|central) ~",
    r"(?:obligatory|mandatory|compulsory|permanent|temporary) ~",
    r"a single (?:~ )?(?:vehicle|drone|technician|truck|~)|single ~|full connectivity|fully connected|exhaustive list",
    r"(?:that|which) (?:allows|enables|permits|requires) (?:the|a|an|~) ~|quarterly ~|chosen ~|(?:closed|complete)[- ]",
    r"each with|each of the ~|at each (?:location|stop|site|facility|~)(?= (?:once|exactly|precisely))|charging ~",
    r"(?:requires?|needs) (?:an? |the )~|thus (?:returning|concluding)|(?:must|has to) (?:start|begin|end|return|conclude|originate)",
)

_PERIOD = r"(?:day|week|month|hour|quarter|period|shift|interval|leg|year|stage|cycle)"
_MEASURED = r"(?:thousand|million|hundred) ~"
INVENTORY: tuple[str, ...] = (
    r"closed (?:interval|range)|(?:overnight|season)(?:s)?|consecutive (?:~ )?(?:days|weeks|months|periods|hours|intervals|shifts|legs|voyages|~)|driver",
    r"the following day and cannot be used|until the following day|lease additional|must fall strictly|contractual fines|caps the|other decisions|customer orders|aggregates three ~",
    r"(?:not|cannot|does not|not incur|not create) (?:incur|create) a future|create a future obligation|incur a future obligation|does not create|does not incur",
    r"an order takes|of the orders|(?:decision|order)s?(?= ?[.])",
    r"orders? (?:over|for|of)|plans? (?:~ )?orders|orders? (?:arrives?|is|are|placed|must|takes)|every order|(?:an|the|each) order|at any moment|arrives? immediately|orders",
    r"costs?|penalt(?:y|ies)|shortages?|overheads?|stock|in stock|on hand|in inventory|stocked|starting|initial(?:ly)?|ordered|fees?"
    r"|demand(?:ed|s)?|weekly|daily|monthly|hourly|quarterly|annual|loss|deficits?|reserves?|additive|supplier'?s?|kept|per"
    r"|charged|incurred|backorders?|surplus|initially empty|(?:is|starts) empty|commission|bank|current|capped",
    rf"(?:in|on|at|during|for|of|over|across|before|throughout|within) (?:each|every|any|all|a|the|one)(?: (?:given|single|of the"
    rf"|subsequent|discrete))*(?: ~)? (?:{_PERIOD}s?|moment|time|instant|point)",
    rf"(?:each|every)(?: ~)? {_PERIOD}(?:'s|’s)?|over (?:the|a|an|#-?~)|over #|over (?:~ ){{0,3}}(?:horizon|window|cycle|schedule|season)",
    rf"(?:from|between) (?:one|a|each|any|this) {_PERIOD} (?:to|until|into|and) (?:the )?(?:next|another|following|subsequent)",
    rf"(?:into|to|until|for) (?:the )?(?:next|following|subsequent|a later|later) {_PERIOD}s?(?=,? ?(?:;|,|\)|and the|costs?|is|incurs))",
    r"(?:comprises?|consists? of|has|into|includes?|sum of|of|aggregates|combines?|encompasses)(?: exactly)? (?:three|four|five|two)"
    r" (?:~ )?(?:elements|components|parts|terms|items|categories|constituents|factors)",
    r"(?:any|all|each|every|such) ~(?: ~)?(?: ~)? (?:that|which) cannot be (?:immediately )?(?:met|satisfied|fulfilled|supplied|served|covered)"
    r"(?: immediately| from ~| at once)?",
    r"(?:any|all|each|every) (?:~ )?(?:unmet|unsatisfied|unfulfilled|unserved|unfilled|shortfall|remaining|such|excess|portion of)"
    r"(?: ~){0,2} (?:is|are|will be|must be|can be)(?: ~)? (?:lost|forfeited|considered lost|simply lost|permanently lost|deemed lost)",
    r"(?:any|each|every|such) (?:such )?(?:~ )?(?:request|order|shipment|delivery|action|procurement|~)(?: (?:~ed|placed|issued|made"
    r"|submitted|scheduled))? (?:is|will|takes|arrives|becomes|incurs|requires|must undergo|has|undergoes|initiated|faces|entails)",
    r"(?:is|are|be|considered|simply|permanently|immediately|irrevocably|deemed|being|either) (?:~ )?lost(?= (?:and|with|forever|sales?|;|or)|[.,;)]|$)",
    r"(?:and|it|which|that|is|are|but|,|sales? ~) (?:is |are |do |does )?(?:not|cannot|can not|will not|may not|must not|never)(?: be)?"
    r" (?:carried (?:forward|over)|deferred|recover(?:ed)?|backlogged|backordered|accumulate[d]?|recouped|made up|rolled over"
    r"|postponed|fulfilled|satisfied|served|recorded|retained|tracked|transferred|create|treated|become)(?: (?:later|forward|over|to|as|into|in|at a)"
    r"(?: (?:a|the|any|an))?(?: (?:later|subsequent|future|following))?(?: (?:backlog|backorder|deficit|debt|~s?|date|time))?)?",
    r"(?:unmet|lost|unsatisfied) and is not|is not carried (?:over|forward)|no (?:backlog|backorder|backlogging|backordering)s?(?: ~)?(?: is| are)?",
    r"backlogging is not|without (?:backlog|backorder)\w*|later date|(?:to|in) (?:later|future|subsequent) ~s?|rather than(?= (?:backlogged|deferred))",
    r"(?:stock-?outs|shortages|shortfalls|deficits|unmet ~|~) (?:is |are |may )?(?:allowed|permitted|permissible|tolerated|occur)",
    r"(?:must|required to|shall|should|has to|needs? to|may|can|is to|constrained to)(?: ~)? (?:fall|lie|be|remain|stay|range)"
    r" (?:within|between|in|inside|from)(?: the| a)?",
    r"(?:fall|lie|remain|stay|be)(?:ing|s)? (?:within|between)(?: the| a)?|within the (?:~ )?(?:range|interval|bounds|limits|limit|~)",
    r"(?:must|should|shall|to|required to|has to) (?:be )?(?:no|not|at least)(?: be)? (?:less|lower|fewer|smaller|below) than #|no (?:less|fewer|lower) than #",
    r"(?:and|but|nor) no (?:more|greater) than #|(?:at least|at most|not less than|not more than|no more than|no greater than|up to) #",
    r"(?:at no|never at any) (?:time|moment|point) (?:may|can|must|should)|(?:may|must|can|shall) (?:at no time|never|not) (?:exceed|surpass)",
    r"(?:must|may|can|should|will|shall|does|do)(?: ~)? (?:not|never) (?:exceed|surpass|be exceeded|go beyond)|cannot (?:exceed|surpass)",
    r"exceed(?:s|ing)? #|(?:not|never|nor) (?:exceed|surpass)|(?:must|should|shall) (?:at all times )?(?:always )?(?:remain|stay|be kept|be maintained)"
    r" (?:within|at or below|below|under)",
    r"(?:at|by|before|after|until|on|to) (?:the )?(?:start|beginning|end|close|onset|outset|commencement)(?: of)?(?: the| each| every| any| first| this)?"
    r"(?: ~)?",
    rf"(?:first|last|final) {_PERIOD}|prior to (?:the )?first|(?:the )?beginning|(?:the )?end of (?:the |{_PERIOD} )?(?:~|#)",
    rf"#[- ]{_PERIOD}s?(?: (?:fixed|full|complete))?(?: ~)?(?: ~)? (?:before|until|after)|before (?:it|they|the ~|becoming|being|arriv\w+)(?: ~)? ?",
    rf"(?:fixed|constant|full|complete|standard|known|mandatory) (?:~ )*?(?:lead time|delay|lag|latency|time|of #|{_PERIOD})",
    r"a (?:fixed|constant|flat|one-time|sunk|known|regular)(?:,)? (?:~ )*?(?:overhead|expense|cost|charge|fee|amount|demand|schedule|element)",
    r"fixed (?:~ )?(?:overhead|administrative|operational|charge|cost|expense|fee|#)|and (?:a |the )?fixed",
    r"(?:irrespective|regardless|independent) of (?:~ )*?(?:decisions?|activity|actions?|orders?|quantit(?:y|ies)|volume|level|plan|~)",
    r"may be (?:treated as )?(?:fractional|continuous|non-integer|divisible|any)|(?:may|can) be (?:treated|considered|regarded|ordered|modeled|any"
    r"|non-integer|requested|procured|divided|taken) (?:as |in )?(?:fractional|continuous|real-valued|divisible|~)",
    r"fractional(?: ~)?|(?:need|do|must) not (?:need to )?be integers?|continuous quantities",
    r"(?:supplier|vendor|manager|operator|utility|company|firm|center|hospital|coordinator|agency|department|logistics ~|~) (?:may|can)"
    r" (?:~ )?(?:issue|order|place|schedule|request|procure|initiate|submit|purchase|commission|extract|pump|produce|draw|make|acquire"
    r"|lease|import|tender|book|obtain|hire|secure|generate|dispatch|arrange|deliver|execute|transfer|charter|take on|rent|refuel)",
    r"(?:permits|allows|requires|obliges|enables|mandates|stipulates)(?: that)? (?:an?|the|any|each|it|~)|is (?:permitted|allowed|required) to",
    rf"(?:#|capacity of #|between # and #|reserve of #|\]|of) {_MEASURED}|per {_MEASURED}|(?:in )?(?:thousands?|millions?) (?:of )?~",
    r"(?:either )?to (?:satisfy|meet|fulfil|fulfill|serve|cover|supply|power|increase|replenish|raise|augment|build up|add to)(?: ~)*? or to (?:increase|add"
    r"|replenish|augment|build|raise|~)|(?:to|or) increas(?:e|ing) (?:the )?(?:~ )?(?:level|reserve|stock|inventory|~)",
    r"(?:nevertheless|however|though|but),? (?:each|every|any|all) ~(?: ~)?(?: is| will)?|(?:each|every) (?:such )?~ (?:~ )?(?:will|is|takes|must|,)",
    r"held (?:over )?overnight|carried over (?:from|overnight)|carr(?:y|ied|ying) (?:over|forward)|held over|over(?:night)?|from one ~ to",
    r"(?:for|of|in|on) (?:each|every|any)(?: ~)? (?:~)|at any (?:~ )?(?:moment|time|point|instant)|the resulting|determine, for each ~",
    r"(?:must|shall|should)(?: ~)? (?:determine|decide|plan|be (?:scheduled|determined|placed|decided|satisfied|met|covered|supplied|~ed))",
    r"(?:can(?:not)?|may) be (?:~ )?(?:met|used|satisfied|stored|held|served|utili[sz]ed|drawn|deployed|available|fulfilled)(?: only)?",
    r"(?:requires?|needs|needed|required) (?:an?|the|for|to|in|by|on|at|each|~)|not (?:yet|available|immediately available)(?= (?:until|before))",
    r"while (?:any|the|minimi[sz]ing|any ~|a)|(?:as|so as) to|whether|the (?:time|moment)s?|if (?:any|necessary|needed)|included?",
    r"(?:satisf|meet|met)(?:y|ied|ies|ing|s)? (?:only )?(?:from|by|with)|only (?:after|then)|consumed? (?:each|every|per) ~|a (?:day|week|month)",
    r"minimi[sz](?:es|ing|e) (?:the )?(?:total|overall|aggregate|cumulative)|smallest|lowest|least|minimum|possible",
    r"always|strictly|at all times|until|still|yet|precisely #|exactly #|precisely|entirely|fully|about|under|below|beyond",
    r"all(?= ~)|balance|back-orders?|strictly within|loss of ~|for that day|lost (?:clinical|sales|revenue|~)|the ~ when it occurs|three sources|already possesses",
    r"(?:on|in) (?:the|that) same (?:day|week|month|period|~)|exactly one (?:day|week|month|hour)|once ~|(?:a|incur a|create a) future ~|not (?:incur|create)",
    r"if (?:the )?(?:available |daily |weekly )?(?:~ ){1,3}(?:in|on|at|exceeds)|from one ~ ~ to the next|at no point in time may|no point in time",
    r"may|can|must|always|where|policy|ideal|started|future(?= ~)|failure|copy|surpass(?:ing)? #|equals? #|divisible|regulation|port to the next",
    r"(?:at no|at no point in) ~ ?(?:~ )?may (?:the )?(?:~ ){1,4}surpass|also on|in advance|(?:voyage|call|leg|port)(?: ~)? to the next|next(?= ?;)",
    r"lost(?= ?[(—–-])|(?:not|cannot be) (?:carried forward|deferred)|left (?:unfulfilled|unmet|unsatisfied)|remains (?:unmet|unsatisfied)|once ~ed",
    r"completely lost|only (?:augment|be available|become|after|then)|(?:available|arrives|received) (?:only )?after (?:a|#)|after (?:a|#|an)(?: ~)*? (?:delay"
    r"|lag|period|lead time|~ )|could not be ~|until then|no (?:back-ordering|lower than #|backlogging ~)|physical ~|operational reduction|twenty-foot",
    rf"(?:if|when) (?:~ ){{1,5}}(?:exceeds|is insufficient|are insufficient|cannot)|failure to meet|before the first ~|one-{_PERIOD}|takes",
    r"any|each|every|fixed|used to|before (?:voyage|leg|day|week|one|#)|before (?:~ ){1,2}(?:one|#)|before, ?|taken|contracted|leasing|regulation",
    r"(?:either )?to (?:meet|satisfy) (?:that|this) ~'s ~|(?:that|this) (?:day|week|month)'s|until after|obligations?|maintained|lost (?:sales?|service"
    r"|requirement|demand|~)(?= ?[;(,.]| represents| and is)|whole blood|(?:shelf|stock) count|equal to #|reduced to #|either to",
    r"(?:if|when) (?:the )?(?:~ )?(?:~ )?(?:demand|stock|consumption|requirement|need|~) (?:~ )?(?:exceeds|is insufficient|cannot be met|is greater than)",
    r"(?:demand|~) not (?:satisfied|met|fulfilled|served|supplied)|not instantaneous(?:ly)?|with no (?:delay|lag|lead time|~ delay|waiting)",
    r"(?:will|is|are|do|does|can) not (?:be )?(?:carried (?:over|forward)|incur|accumulate|create|roll over|become|backlogged)",
    r"(?:three|four|two|five) distinct(?: ~)?(?: cost)? ~|must (?:be a continuous ~|contain at least #)|will only become ~|only become",
    r"pump(?:s)? station|pumps?|can be (?:~ )?(?:allocated|used|drawn)(?: to)?|until #|at least #",
    r"subject to|spare part|copies|used to|withdrawn|batch|where|can be (?:activated|used)|may (?:activate|authori[sz]e|~)(?= (?:a|an|the))",
    r"(?:each|every|any|all) (?:~ ){0,3}(?:is|are|experiences|will|takes|undergoes|requires|incurs|involves?|must|,|\(s\)|issued|that|once|request)",
    rf"(?:in|on|at|for|during|of|to) the (?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|final|last) {_PERIOD}",
    rf"(?:before|prior to) (?:the )?(?:first )?(?:~ )?{_PERIOD} ?#?|{_PERIOD} one|is zero|(?:zero|nil) ~|#-{_PERIOD}|(?:\w+)-(?:leg|{_PERIOD})(?= ~)",
    r"before (?:the |it |they |its |being |becoming |arriving |delivery )(?:~ ){0,4}(?:becomes?|is|are|can|available|arrives?)|full ~|begins with",
    r"(?:at|during|for) each|once placed|over from one|must be for|must involve|(?:at|in) (?:each|every) ~ ~",
    r"(?:shortages?|shortfalls?|stockouts?) (?:are|is) (?:possible|acceptable)|condition|constraint|follows|rule|single|assum(?:e|ed|ing)",
)

FLOW: tuple[str, ...] = (
    r"(?:growing|ever-growing) ~|the (?:driver|coming season)|seasonal ~|neighbou?ring ~|neighbou?rhood",
    r"customer orders|precisely (?:quantified|as follows|determined|known)|precisely(?= ?:)|fixed (?:daily )?~ requirement|loss cost|losses|processing one unit of ~|one unit of|contractually mandated|must be (?:handled|established|fulfilled|assigned|met)|production batches|that must be ~ed at",
    r"the one in|should (?:go|be (?:sent|shipped))(?= from)|(?:freight|total) ~ is least|is least",
    r"counted in ~|this week|each ~ must get what it needs|every depot must get what it needs|get what (?:it|they) needs?|no ~ can send more than it has|in (?:three|four|five|two|six) ~|(?:three|four|five|two|six) (?:regional )?~",
    r"(?:can send out|needs|gets)(?= #)|for each|is least|as (?:low|small|cheap) as possible|goes? from|the lowest total cost|needed at each|each to each",
    r"(?:each|every|any|all)(?= ~)|multiple ~|count|precisely fixed|reduce (?:the )?(?:total|overall|aggregate) ~|are fixed|pump ~|per # ?~|per (?:million|thousand) ~|how many",
    r"(?:at|from|to|of|for|between|by) (?:each|every|any|all)(?: ~)? (?:~)|(?:each|every)(?: ~)?(?: ~)? (?:has|requires|needs|can|is|to each)",
    r"(?:fuel|transmission|transfer|transport(?:ation)?|shipping|transit|handling|delivery|distribution|total|aggregate|overall|~) (?:costs?|fees?"
    r"|loss(?:es)?|charges?)|(?:cost|fee|charge|loss|toll) per ~|per (?:~|unit|ton)|(?:a )?fixed (?:~ )?(?:requirement|demand|need|as follows|~)",
    r"costs?|(?:the )?required (?:number|fulfillment|workload|~)|is fixed|demands?|order quantity|requirements?|wants? #|needs? #|must receive #?",
    r"(?:while |whilst )?satisfying (?:all|the|every)(?: ~){0,2} (?:demands?|requirements?|needs|~)|not exceeding (?:any|the|each) ~'s ~ ~",
    r"(?:workload|load|demand) that must be (?:assigned|met|served|processed|supplied)|(?:must|needs? to|wants? to) (?:be )?(?:receive|supply|ship|dispatch"
    r"|transmit|send|satisf(?:y|ied)|m[ee]t|transport|serve|deliver(?:ed)?|allocate[d]?|be met)|minimum|lowest|least|smallest|can (?:send|ship|supply|provide"
    r"|dispatch|generate|produce|send out|transmit|handle)",
    r"(?:in|with)out exceeding ~|exceeding|exceed|up to #|at most #|precisely #|exactly #|at least #|weekly|daily|monthly|(?:fuel|~) costs? (?:varies|vary)",
    r"(?:all|every) (?:~ )?(?:demands?|requirements?|needs|orders)|provided|available|while|the following|each with|million ~|# million|losses|mandated",
)

PRODUCT_MIX: tuple[str, ...] = (
    r"(?:growing|ever-growing) ~|the (?:driver|coming season)|seasonal ~|neighbou?ring ~|neighbou?rhood",
    r"(?:each|every|any|all)(?= ~)|must each (?:remain|stay)|remains? within (?:its|their|the)|before dispatch|remains|each of which (?:demands|requires)|demands ~",
    r"respect (?:each|every|the) ~'s",
    r"(?:at|for|of|on|to|across|from|through|that for) (?:each|every|any|all)(?: individual| ~)?(?: ~)?|each necessitating(?: ~)?|(?:each|every) ~(?: ~)? (?:has"
    r"|requires|generates|is|consumes|takes|must)",
    r"per (?:metric )?(?:ton|tonne|unit|liter|litre|hectare|acre|kg|kilogram|hour|~)(?: (?:for|of) each)?|duration required|hours required|required(?= (?:per|for|at|by))",
    r"(?:must|should) (?:remain|stay|be kept) within (?:its|their|the)(?: ~)*? (?:availability|capacity|limit|allocation|~)|remain within its",
    r"(?:total|aggregate|cumulative|processing|handling|~) (?:~ )?must (?:remain|not exceed|stay)|(?:cannot|must not|does not|may not) (?:exceed|surpass)",
    r"(?:before|prior to) delivery|fixed (?:capacity|availability|~)|must (?:pass|undergo|be processed|traverse)|the condition that|hours|exceed(?:ed)?",
    r"(?:six|seven|eight|nine|ten|four|five|three|twelve) (?:distinct |sequential |specialized |specialised |separate )+~|has|provided|needs? ~|hourly",
)

JOB_SHOP: tuple[str, ...] = (
    r"(?:growing|ever-growing) ~|the (?:driver|coming season)|seasonal ~|neighbou?ring ~|neighbou?rhood",
    r"each need to|need to (?:complete|undergo|use|visit|pass)|handle one ~ (?:~ )?at a time|only handle one ~(?: ~)? at a time|all ~ steps",
    r"(?:every|each) ~ (?:passes|goes|runs) through(?: the)?(?: same)?(?: (?:two|three|four|five))? ~|passes through|processing times|until complete|all stops at|followed in the (?:exact|specified) order|followed exactly as|needed to complete|batch",
    r"orders?|for today|its own|(?:each )?step must be finished before the next step(?: of (?:that|the) ~)? begins|before the next ~|works? on one ~ at a time|that has begun is not interrupted|free at the start|should each ~ take|the last of the (?:two|three|four|five) ~ is finished",
    r"(?:passes|goes|runs) through the same ~|same (?:two|three|four|five) ~|the same|not interrupted|as early as possible|first|last|in which|(?:two|three|four|five) (?:jobs|machines|orders|steps)|one (?:job|order|step|task) at a time|handles only one job at a time",
    r"each|every|pairs?|stops?|required|batches|where|all(?= ~)|order|mandatory|fixed|must(?! not)(?= (?:~|stop|occur|follow|visit|pass|complete))|can only|once|begins?|starts?|started",
    r"only (?:accommodate|handle|process|serve|perform|work on|treat)|(?:can|may) (?:~ )?(?:accommodate|handle|process|serve|work|perform|treat|run|execute)",
    r"one (?:~ ){1,3}(?:simultaneously|at a time|at once|at any (?:given )?(?:time|moment))|one at a time|at any (?:given )?(?:time|moment)|(?:at most|only|more than) one ~",
    r"completion|complete[ds]?|(?:all|every) ~ (?:~ )?(?:are|is) (?:complete[d]?|finished)|follows?|follow(?:ing)?|next|then|before(?= (?:the next|moving|proceeding|it))",
    r"(?:each|every)(?: ~)?(?: ~)? (?:must|can|has|consists|follows?|specifies|requires|is|runs|undergoes|goes|proceeds|handles|accommodates|processes)",
    r"(?:each|every|all|the) pairs?|pairs|order of pairs|where (?:each|the)|each route|(?:the )?(?:mandatory|required|strict|exact|fixed|given|specified) (?:order"
    r"|sequence|processing|~)|time required|(?:for|of|when) all(?: ~)? ~|all(?: the)? (?:jobs|routes|shipments|trucks|patients|batches|deliveries|orders|tasks)",
    r"(?:can(?:not)?|may|must) (?:only )?(?:accommodate|handle|process|serve|work on|run|treat|perform) (?:only |at most |exactly |just |no more than )?one ~(?: ~)? at a time",
    r"(?:handles?|processes|accommodates?|serves?|treats?) (?:only |at most |exactly |just |no more than )?one ~(?: ~)? at (?:a time|once|any time|any moment)",
    r"(?:only|at most|no more than) one ~(?: ~)?(?: can| may)?(?: be)?(?: ~)?(?: ~)? at (?:a time|once|any time|any given time|any moment)",
    r"must (?:run|proceed|be completed|be processed|follow|stop|occur|undergo|be (?:visited|performed|executed|done|processed|handled|completed)|pass|visit)",
    r"(?:continuously )?(?:without|no|with no) (?:interruptions?|pauses?|preemption|stopping)|once (?:it|they|started|begun|initiated|an? ~)(?: ~)?(?: ~)?"
    r"(?: (?:begins?|starts?|is started|commences?|has (?:begun|started)))?|(?:cannot|must not|may not) be (?:interrupted|paused|stopped|preempted|halted)",
    r"(?:begins|starts|started|begun|stop(?:s)?(?= and)|follows?|predetermined|specific|without interruption)|until (?:it is )?(?:complet|finish)(?:ed|ion)",
    r"(?:as|so) early as possible|smallest|shortest|minimum|minimal|least|completion time|where the ~|needs to ~|hours|(?:three|four|five|six) ~ run on (?:three|four|five|six) ~",
)

SHARES: tuple[str, ...] = (
    r"(?:growing|ever-growing) ~|the (?:driver|coming season)|seasonal ~|neighbou?ring ~|neighbou?rhood",
    r"within (?:its|the|their)|stays? within|must (?:handle|fall|be|sum|equal|receive|allocate|process|account)|percentage|balanced|quick-change|(?:handling )?cost index|while",
    r"(?:together|collectively|jointly) (?:receive|handle|account for|process|obtain|get)(?: (?:at least|at most|no less than|no more than))?(?: #)?|all(?= ~)|assigned to each",
    r"each ~(?: ~)? (?:must|should|has to|needs to) receive (?:a |an )?(?:~ )?(?:share|fraction|proportion|portion|allocation|percentage|part|~)(?: of| within| that)?",
    r"(?:a |its |budget |the )?(?:share|fraction|proportion|portion)s? (?:of the|that|within|must|sum|is|are|for|to|between)|(?:budget|all|and all|the) (?:~ )?(?:shares|fractions"
    r"|proportions|allocations)(?: must)?(?: (?:sum|add up|equal|total)(?: (?:to|up to))? (?:the|one|1|unity|100%|#|exactly))?",
    r"(?:sum|total allocation)(?: of (?:all|the))?(?: ~)?(?: shares| fractions| proportions| ~)?(?: across all ~)? must (?:equal|sum to|be|add up to) (?:one|the (?:total|entire|full|whole)|exactly|#)",
    r"(?:must|should) (?:equal|sum to|add up to|total) (?:one|#|exactly|the (?:total|entire|full|whole))|(?:sum|equal)(?:s)?(?: to)? one|one(?=[.,;])",
    r"(?:must|should|has to)(?: ~)? (?:be|remain|receive|not|get) ?(?:at least|at most|no less than|no more than|exceed|surpass|not exceed|not surpass|below|above) #?",
    r"(?:must|should|may|can)(?: ~)? (?:not |never )?(?:be|exceed|surpass|fall below|receive|remain|stay)(?: ~)?(?: within| no| at)?|(?:must|should) be (?:at least|at most|no less than"
    r"|no more than|no greater than) #|no (?:less|more|greater) than #|at (?:least|most) #|not (?:exceed|surpass|fall below) #|exceed #",
    r"(?:must|should) (?:together|collectively|jointly|in total|combined)(?: ~)? (?:be|receive|not exceed)(?: (?:at least|at most|no more than|no less than))?(?: #)?",
    r"(?:collectively|together|jointly) (?:receive|account for|get) (?:at least|at most|no more than|no less than) #|at the same time|satisfying all ~|subject to",
    r"(?:a |the )?(?:fixed|annual|full|whole|limited) (?:~ )?(?:budget|fund|funding|amount|capital|resources?|~)|(?:falls?|lies?) within (?:its|their)|within its (?:~ )?(?:~ )?(?:~ )?",
    r"(?:minimum|maximum|lower|upper)(?: and (?:maximum|upper))?(?: ~)?(?: ~)?|(?:to|in order to) (?:maintain|ensure|preserve|promote|guarantee|limit|keep)(?: ~)?|each ~(?: ~)? has",
    r"(?:of|across|for) all(?: ~)? ~|all ~|each|(?:must|needs? to|should) (?:distribute|divide|split|share|apportion|spread)|while|shares|fractions?|proportions?|share|one whole",
)

PORTFOLIO: tuple[str, ...] = (
    r"wants? (?:as little|as low|the least) ~ as possible|wants?|yearly return|(?:~ )?squared(?: percentage)? points|squared|percentage|per ?cent|expected yearly|shares?|# per ?cent(?: a year)?|(?:may|nothing may) be borrowed or sold short|of the whole must be",
    r"allow (?:no more than|at most) # per ?cent|in any one ~|a year|all of the money is invested|should go into each|among (?:two|three|four|five|six|seven|eight) ~|statutes allow|whole|as little ~ as possible|gold",
    r"(?:each|every|any|all)(?= (?:one |of )?~)|(?:at least|at most|no more than|no less than|up to) #|fund|funds|pension|returns?|must (?:be|return|yield|earn)(?: (?:at least|invested|at most))?",
    r"(?:nothing|none) (?:may|can|must|is to) be (?:sold short|borrowed(?: or sold short)?)|short selling is not (?:allowed|permitted)|no short selling|sold short|(?:all|the whole|whole) of (?:the|its) money|(?:is|be|are) (?:to be )?(?:fully )?invested",
    r"wants? to|(?:any|each|every) (?:one |single )?~(?: ~)?|minimum|smallest|least|lowest|as (?:small|low) as possible|per (?:year|annum)|yearly|annual|no ~ may|may (?:take|get|hold|make up|receive)|share of|(?:in|into) (?:any|each)(?: one)? ~",
)

ABATEMENT: tuple[str, ...] = (
    r"leak|by at least|at least a (?:fraction|proportion)|at least #|while minimi[sz]ing",
    r"(?:each|every|any|all|both)(?= ~)|per ~|costs?|(?:at least|no less than) #|by (?:at least )?#|subject to|(?:one|a single|any one) (?:technique|treatment|method"
    r"|technology|~)(?: per| at)?|proportion|fraction|reduc\w+|must (?:be )?(?:reduced?|treated?|removed?|cut|decide)|can (?:be )?~|may (?:be )?~|minimum|lowest|least",
)

MAXIMUM_FLOW: tuple[str, ...] = (
    r"(?:growing|ever-growing) ~|the (?:driver|coming season)|seasonal ~|neighbou?ring ~|neighbou?rhood",
    r"in ~ per (?:second|hour|day|minute)|~ per (?:second|hour|day|minute)|without a hitch|(?:these|those) roads per day|can traverse|consider a ~|where (?:goods|~ ~)|(?:in|within) (?:one|an?) (?:hour|day)",
    r"(?:each|every|any|all)(?= ~)|multiple ~|count|precisely fixed|reduce (?:the )?(?:total|overall|aggregate) ~|are fixed|pump ~|per # ?~|per (?:million|thousand) ~|how many",
    r"(?:at|from|to|of|for|between|by) (?:each|every|any|all)(?: ~)? (?:~)|(?:each|every)(?: ~)?(?: ~)? (?:has|requires|needs|can|is|to each)",
    r"(?:fuel|transmission|transfer|transport(?:ation)?|shipping|transit|handling|delivery|distribution|total|aggregate|overall|~) (?:costs?|fees?"
    r"|loss(?:es)?|charges?)|(?:cost|fee|charge|loss|toll) per ~|per (?:~|unit|ton)|(?:a )?fixed (?:~ )?(?:requirement|demand|need|as follows|~)",
    r"costs?|(?:the )?required (?:number|fulfillment|workload|~)|is fixed|demands?|order quantity|requirements?|wants? #|needs? #|must receive #?",
    r"(?:while |whilst )?satisfying (?:all|the|every)(?: ~){0,2} (?:demands?|requirements?|needs|~)|not exceeding (?:any|the|each) ~'s ~ ~",
    r"(?:workload|load|demand) that must be (?:assigned|met|served|processed|supplied)|(?:must|needs? to|wants? to) (?:be )?(?:receive|supply|ship|dispatch"
    r"|transmit|send|satisf(?:y|ied)|m[ee]t|transport|serve|deliver(?:ed)?|allocate[d]?|be met)|minimum|lowest|least|smallest|can (?:send|ship|supply|provide"
    r"|dispatch|generate|produce|send out|transmit|handle)",
    r"(?:in|with)out exceeding ~|exceeding|exceed|up to #|at most #|precisely #|exactly #|at least #|weekly|daily|monthly|(?:fuel|~) costs? (?:varies|vary)",
    r"(?:all|every) (?:~ )?(?:demands?|requirements?|needs|orders)|provided|available|while|the following|each with|million ~|# million|losses|mandated",
)

RELOCATION: tuple[str, ...] = (
    r"(?:growing|ever-growing) ~|the (?:driver|coming season)|seasonal ~|neighbou?ring ~|neighbou?rhood",
    r"needed to relocate|more substantial #|a more substantial|smooth operations|all its ~ can be ~ed|can you determine|can be vaccinated|in each",
    _ANSWER,
    _EACH,
    _MOVED,
    r"costs?|costing|demands?|current(?:ly)?|required|needed|requirement|needs?(?= #)|initial|starts? with|begins? with|the stock|stocked|in stock|what (?:it|they) needs?|surplus|shortages?|deficits?",
    r"(?:minimum|minimal|least|lowest|cheapest)|(?:vary|varies|varying) depending on|depending on (?:the|which)|pairs? of|cost matrix|comes with a|(?:adequately )?prepared",
    r"(?:needs?|wants?|required|has|have|must|tasked) (?:to )?(?:orchestrate|ensure|relocate|redistribute|move|meet|be met|transfer|fulfill|reallocate|rebalance|distribute|have|be)",
    r"requirements that must be met|must be met|each movement|only(?= #)|but needs only|exactly what (?:it|they) needs?|(?:has|have) exactly what|each has(?: what)?|(?:minimi[sz]ing|keeping|at) (?:the )?(?:~ )?(?:~ )?costs?",
    r"while|suppose you|(?:achieving )?this balance|imagine|impending|requiring|that each|so that|must (?:reach|get) |would be|be the lowest|carries costs|the above|what would|can be (?:moved|transported|transferred|shipped)",
    r"each (?:~ )?has ~|but only needs|only needs|(?:seven|six|five|four|three|eight|nine|ten)(?: \w+){0,2} (?:warehouses|cities|regions|centers|facilities|clinics|stores|districts|hubs|locations|camps)",
)

FACILITY: tuple[str, ...] = (
    r"(?:growing|ever-growing) ~|the (?:driver|coming season)|seasonal ~|neighbou?ring ~|neighbou?rhood",
    r"(?:at|of) all ~|not uniform|opening up to(?= ~ ~)|balance between|comes with (?:its|a|an)|clear yet challenging|yet|costs? (?:~ )*?(?:differs?|varies)|differ,|must account for|plan must|(?:also )?need to be (?:factored|considered|taken)|also need to be"
    r"|all(?= (?:three|four|five|six|seven|eight|nine|ten) ~)|initial cost|without (?:exceeding|overextending)|single(?= ~ (?:plan|strategy))|also",
    r"wants? to (?:rent|open|build|lease|use)|every week|on offer|rent(?:s|ing|ed)?|a week|weekly|can handle|one truckload costs|one ~ costs|may be supplied from several ~|but only from ~ that are (?:rented|open|opened)|should be (?:rented|opened|built)",
    r"rent and ~ together cost least|together cost least|from several|supplies whom|that are open(?:ed)?|is least|only open ~ (?:can|may)|only from open ~",
    _ANSWER,
    _EACH,
    _MOVED,
    r"costs?|demands?|demanded|per (?:unit|~)|opens?|opened|opening|fixed (?:opening |setup |set-up )?(?:costs?|charges?|fees?|expenses?)|set-?up costs?|optimal setup|including both|include both|both(?= the)",
    r"(?:this cost |which |that |these |solution )?includ(?:es|e|ing)(?= (?:both|the|varying|their|its|opening|transport))|(?:the )?(?:most|least) (?:efficient|cost-effective|cost|economical|total cost)|lowest|minimum|minimal|least|smallest",
    r"not only (?:the|a|from|~)|but also|also from|not only|adding another|another layer|from one ~(?: ~)? to another|but also from one|today|in (?:today's|the ~ of today)|now (?:faces|needs|must)|while (?:incurring|minimi\w+|keeping|meeting|ensuring)",
    r"must (?:make|decide|determine|take|consider|balance|weigh|carefully|meet|ensure|navigate|be (?:met|satisfied|fulfilled))|needs? to (?:decide|determine|ensure|efficiently|meet|open|figure|strategically)|each store's|store's demand",
    r"can (?:open|choose|select|supply|distribute|handle|be|ship|provide|store|process|hold)|(?:choose|select|open)(?:ing)? (?:from|any of the)|any of the|necessary|required (?:to|for)|requirements?|where (?:to|each|the)|follows|order to|taking both",
    r"(?:three|four|five|six|seven|eight|nine|ten)(?: \w+){0,2} (?:distribution centers?|centers?|stores?|retail stores|warehouses?|sites?|locations?|customers?|facilities|depots?|shops?|regions?)|how much it can supply|capacity to meet|considering both|comprising both",
)

DIET: tuple[str, ...] = (
    r"(?:growing|ever-growing) ~|the (?:driver|coming season)|seasonal ~|neighbou?ring ~|neighbou?rhood",
    r"without (?:putting a hole|burning a hole)|but you also need to|also need to|keep costs to a minimum|providing|provid(?:e|es)|higher cost of|for a higher cost",
    _ANSWER,
    r"(?:each|every|all|any)(?= (?:of (?:these|the|your) )?(?:~))|each(?= (?:have|comes|with))|comes with|come with|along with|just|from any ~|all for(?= #)|only(?= #)",
    r"costs?|prices?|at a cost of|(?:minimum|minimal|least|lowest|cheapest|smallest)|cost-effective|the most cost-effective|least expensive|without (?:overspending|breaking the bank|spending)",
    r"(?:daily|weekly|today's|every day) (?:~ )?(?:diet|dietary|meals?|menu|nutritional|needs|goals|intake|requirements|nutrition|~)|(?:in|within|for|per|of) (?:a|the|one|each) day|a day|daily(?= ?[.?])",
    r"(?:(?:at least|no less than|a minimum of|minimum of) )#|(?:dietary requirements )?you need (?:to|at least|#)|needs? to (?:meet|spend|consume|get|obtain|contain|have|eat|achieve|ensure)",
    r"(?:wants?|need|aim|goal is|would have|has) to (?:ensure|consume|meet|get|spend|minimi[sz]e|have|maintain|eat)|required to (?:meet|satisfy|achieve)|have to spend|would have to|required to meet",
    r"(?:must|should|needs to|has to) (?:contain|provide|include|have|supply|get|consume|meet)(?: ~)? at least|wants?|can (?:include|choose|buy|eat|purchase|select|use|pick)|to include(?= in)|(?:can )?includ(?:e|ing)(?= ?:| in your)",
    r"(?:nutritionally )?balanc(?:e|ed|ing)(?= (?:diet|meal|your|while|~))|while (?:aiming|also|spending|ensuring|keeping|minimi|meeting|staying)\w*|while also being|in total|maintain(?:ing)? (?:a|your)|nutritional requirements?",
    r"(?:three|four|five|six|seven|eight|nine|ten)(?: \w+){0,2} (?:foods?|food items|food options|items|options|ingredients)|order|required|how many (?:servings|units|portions)|servings?|portion of|comes at a",
    r"(?:for|of) each(?: ~)?|(?:meet|meeting|achieve) (?:all )?(?:these|your|the)|whole (?:servings?|portions?|units?)|considering|a single (?:serving|portion)|per (?:serving|portion|unit|gram|~)|fraction\w* (?:of )?(?:servings?|portions?)(?= (?:are|is) allowed)",
)


BLEND: tuple[str, ...] = (
    r"wants # ~|(?:the )?next table|(?:~ )?contains and costs|its own|at least # ~ (?:of ~)?,? ?(?:and )?|at least # ~ but no more than # ~|in large amounts|it may be at most|may be at most|belong in|cents|large amounts",
    r"(?:each|every|a|one) (?:kg|kilogram|ton|tonne|litre|liter|gallon|pound|~) (?:of (?:the )?~|must|contains|costs)|(?:each|every|any|all)(?= ~)|costs?|price|per ~|minimum|lowest|least|cheapest|as (?:little|cheap(?:ly)?) as possible",
    r"(?:must|should|has to|needs to) (?:contain|have|hold|be|provide)(?: (?:at least|at most|no more than|no less than|between))?(?: #)?|(?:at least|at most|no more than|no less than|up to|not more than|not less than) #|between # and #",
    r"(?:wants?|needs?|has|have) (?:to )?(?:make|mix|blend|prepare|produce|order)?(?: #)?|can be ~|may (?:be|contain) ~|orders? #|(?:for|of) each|a batch of|the batch|batch of #",
)
