"""What texts of knapsacks and of packing say in words. Licences: see `wording`."""

from __future__ import annotations

from formulate.offline.families.licences.phrases import SETTING

_CHOSEN = (
    r"(?:selected|chosen|included|loaded|taken|packed|picked|funded|shipped|dispatched|carried|accepted|approved"
    r"|undertaken"
    r"|built|used|transported|placed|adopted|deployed|implemented|purchased|incorporated|brought|sent|part of ~ ~)"
)
_COUNTED = r"(?:exactly|precisely|only|just|at least|at most|no more than|no fewer than|up to)"
KNAPSACK: tuple[str, ...] = (
    r"(?:can|may) take some of (?:these|the following)|some of (?:these|the following) ~|each at most once(?= ?[:.,])"
    r"|(?:each|every|any) ~ is either ~ or not(?: at all)?(?= ?[.,;])|each ~ (?:can|may) be ~ at most once(?= ?[.,;])"
    r"|no ~ (?:can|may) be (?:cut|split|divided|broken|shortened)(?: or ~ twice)?(?= ?[.,;])|tonight"
    r"|what each ~ costs|greatest total of ~|thousand (?:euros|dollars|pounds)|has room for|can spend #",
    r"(?:for|in|on) (?:one|a single) ~",
    r"(?:each|every) ~ is either ~ or (?:left|left behind|left at home|not)(?= ?[.,;])|given (?:each|them) an? ~ in ~",
    r"not multiplied by|where each|cap of #|(?:payload|mass|weight"
    r"|capacity) (?:~ ){0,3}is (?:exactly|precisely) #|(?:is|of) precisely #|each ~ (?:offers|occupies|~s) ",
    r"each (?:~ )?~ must be ~ed in full or not at all|permits an additional|permits? (?:a|an)",
    r"closed",
    r"must (?:either )?be (?:either )?included (?:~ )*?or omitted(?: (?:entirely|from the ~))?"
    r"|must either be included|(?:accepted|~) for transport in full or declined entirely|any ~ is either|(?:is"
    r"|must be) either|partial ~ is not (?:permitted|allowed|feasible)|not permitted",
    rf"shipped in full or not at all|(?:should|if|when) the ~ (?:decides? to |commits? to |accepts? "
    rf"|chooses? to )?(?:include|accept|load|loading|ship|dispatch) (?:any|one or more|at least one) ~"
    rf"|if one or more ~ are {_CHOSEN}|(?:components|items|units|~) included(?= ?[).])",
    r"most (?:economically |cost-)(?:effective|advantageous|efficient)|most cost|cost-effective|most economically"
    r"|whole and cannot be (?:subdivided|split|divided)|(?:structural )?limits permit|(?:which"
    r"|what)(?: specific)? ~ should be ~ed|# ~ reduction (?:on|in)|qualifies for an? ~ ~ bonus|a fixed #|toward ~",
    r"which ~ should be taken|(?:should|must) be ~(?= so that)|should be taken so that",
    rf"(?:both )?@ and @ (?:cannot|can not|may not|must not|should not) (?:both "
    rf"|be both )?be (?:both )?{_CHOSEN}(?: together| at the same time| simultaneously| at once)?",
    rf"@ (?:and|or) @ (?:cannot|must not|may not) both(?: be)? (?:{_CHOSEN})?|not both @ and @|(?:if|when|whenever"
    rf"|provided that) both @ and @ are {_CHOSEN}",
    r"(?:@ and @ are|@ is) (?:mutually exclusive|incompatible|in conflict)(?: with @)?|mutually exclusive",
    rf"(?:if|whenever|when|should) @ (?:is|be) {_CHOSEN},? (?:then )?@ (?:must|has to|needs to|must not|cannot"
    rf"|may not|should) (?:also )?be {_CHOSEN}(?: as well| too)?",
    rf"@ (?:can|may) (?:only be {_CHOSEN}|be {_CHOSEN} only|only be {_CHOSEN}) (?:if|when"
    rf"|provided(?: that)?) @ is (?:also )?{_CHOSEN}(?: as well| too)?",
    rf"@ (?:cannot|can not|may not|must not) be {_CHOSEN}(?: (?:without"
    rf"|unless) (?:the )?@(?: is (?:also )?{_CHOSEN})?)?",
    rf"@ cannot ~ without (?:the )?@(?:,? so it (?:may|can) (?:only be {_CHOSEN}"
    rf"|be {_CHOSEN} only) if (?:the )?@ is {_CHOSEN}(?: as well| too)?)?",
    rf"(?:both|all) @(?:,? (?:and )?@)+ (?:must|are|is)|@ (?:must|has to) (?:always |definitely )?be {_CHOSEN}",
    rf"{_COUNTED} (?:one|two|three|four|five|#) of (?:the ~ )?@(?:,? ?(?:and |or )?@)*,? ?(?:(?:must|may|can|should"
    rf"|is to|are to) be {_CHOSEN})?",
    rf"{_COUNTED} (?:one|two|three|four|five|six|#) ~(?: ~)? (?:must|may|can|should|are to) be {_CHOSEN}",
    rf"of the (?:two|three|four) ~s?, (?:@ and @"
    rf"|the ~ and (?:the )?~(?: one)?), {_COUNTED} one (?:is useful and )?(?:may|must|can) be {_CHOSEN}",
    r"the (?:~ )?(?:capacity|payload|limit|allowance) (?:shrinks|drops|falls|decreases|is reduced|diminishes) by #",
    r"a (?:one-time )?bonus of # ~ (?:is|will be) (?:granted|earned|added|paid|given)"
    r"|each ~ is either ~ or left behind|(?:packs|fills|loads) the last ~|most(?= ?[.])|on another ~|over ~ ~",
    r"(?:greatest|largest|highest|most) (?:total )?~|(?:useful|~) and may be|either taken or left behind"
    r"|each of the",
    r"each ~ (?:is|must be|has to be|can be)",
    r"(?:is|are) indivisible",
    rf"(?:must|has to|can) be (?:either )?(?:fully |entirely |wholly )?(?:{_CHOSEN}|rejected"
    rf"|not at all)(?: in (?:its|their)"
    rf" entirety| in full| as a whole| entirely| completely| fully| whole)?,? (?:or|and) (?:(?:be )?(?:left"
    rf"|remain) (?:behind|out)"
    rf"|omitted|declined|rejected|excluded|not at all|not {_CHOSEN}(?: at all)?|entirely excluded"
    rf"|~ excluded)(?: (?:entirely|completely|~ entirely))?",
    rf"(?:is|are) (?:either )?(?:fully |entirely |wholly )?{_CHOSEN}(?: in (?:its|their) entirety| in full"
    rf"| as a whole| entirely)?"
    rf" or (?:left (?:behind|out)|omitted|rejected|excluded|not at all|not {_CHOSEN}|~ (?:omitted|excluded))"
    r"(?: (?:entirely|completely|at all))?",
    rf"(?:if|when|whenever|should|provided that|provided) @ (?:is|be|are|were) (?:{_CHOSEN})",
    r"(?:if|when|whenever|should) (?:the )?~ (?:decides? to )?(?:includes?|selects?|loads?|chooses?) @",
    rf"(?:if|when|provided(?: that)?|should) at least one ~ (?:is|be) {_CHOSEN}",
    r"(?:should|if) the ~ (?:decides? to )?(?:includes?|selects?|loads?|contains?) at least one ~",
    r"at least one ~ (?:is|be) (?:selected|included|loaded|chosen|dispatched|shipped)",
    r"(?:include|includes|contains|selecting|including|loading|dispatching|dispatch of) (?:at least one"
    r"|any) ~(?: at all)?",
    r"(?:applied|granted|applicable|awarded|added|given|received|paid|conferred) (?:only |just |exactly )?(?:once"
    r"|a single time)",
    r"(?:irrespective|regardless|independent) of (?:the|how) (?:~ )*?(?:number|quantity|many|selection|count|~)",
    r"(?:a )?(?:one-time|fixed|one-off|flat|single|additional|extra)(?: ~){0,3} (?:bonus|incentive|reward|premium"
    r"|grant|subsidy)",
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
    r"(?:an? |a one-time )?(?:additional |one-time )?(?:additional|fixed|one-time) (?:~ )?(?:~ )?(?:~ )?(?:of"
    r"|bonus|incentive|premium)",
    r"(?:a )?(?:mandatory|separate|special(?:ized)?) (?:~ )?(?:apparatus|equipment|container|casing|compartment"
    r"|system|device)",
    r"permitt(?:ed|ing) (?:a |an )?~ ~|(?:the )?most ~-effective|each ~ (?:requires|contributes"
    r"|provides)(?= a)",
    r"each (?:~ )?~, if included, (?:contributes|must)|each have an? ~|must be transported in full(?= if)"
    r"|if selected",
    r"must be shipped whole|(?:over|across|spanning) (?:a )?three(?:-phase| distinct)(?: ~)? ~|~ altogether"
    r"",
    r"partial inclusion is not ~|must be (?:~ )*?included in (?:the|a) ~ or omitted (?:entirely|altogether"
    r"|from the ~)",
    r"omitted from the ~ altogether",
    r"which (?:combination of )?~ should be loaded|: if it is (?:loaded|selected|included)|must undergo"
    r"|must also be (?:carried|loaded)",
    r"which must be delivered"
    r"",
    r"(?:an additional|a) fixed ~ ~ of|includes a"
    r"|must be loaded ~ ~ ~ ~ in its entirety or omitted from the ~",
    r"(?:each|a) single ~|final ~|each ~ contributes|available in a single unit|are each available",
    r"(?:the|a|this) final|inclu(?:sion|ded) in the|(?:~ )included in (?:the|this|a)",
    r"(?:a|the) single|(?:the )?most (?:beneficial|valuable|profitable|advantageous|effective|efficient|lucrative)",
    r"(?:requires|needs|necessitates) (?:a |an |the )?(?:~ ){0,4}(?:that|which|,)? ?(?:reduc|diminish|decreas"
    r"|lower)(?:es|ing)",
    r"(?:requires|which requires|that requires) (?:a |an |special |specialized |the )(?:~ )?(?:~ )?(?:process"
    r"|equipment|handling|casing"
    r"|container|determination|selection|decision|~)",
    r"(?:reduc|decreas)(?:es|ed|ing) (?:the|its|their) (?:~ ){0,5}(?:capacity|payload|allowance|limit|space|volume"
    r"|weight|load|room|~)",
    r"(?:is|be) (?:effectively )?(?:reduced|decreased|diminished) by",
    r"can (?:~ )?(?:carry|transport|lift|support|accommodate|hold|bear|handle|take)",
    r"(?:weight|mass|volume|payload|load|capacity|exactly|precisely)(?: ~)? (?:is|of|at) (?:fixed at )?(?:exactly"
    r"|precisely) #",
    r"(?:payload|mass|weight|allowance) (?:is|of) (?:precisely|exactly)|gross (?:weight|mass|capacity|lift)|gross",
    r"cannot (?:carry|transport|hold|support|lift) (?:a )?(?:~ ){0,3}(?:exceeding|more than|greater than) #",
    r"(?:not|never|without|nor) (?:surpass|exceed|go(?:ing)? (?:beyond|over))(?:ing|es|s)?",
    r"exceeding(?= (?:#|this|the|its|their))|exceed(?= (?:#|this|the|its|their))|surpass(?= (?:#|this|the|its"
    r"|their))",
    r"must be made|a (?:~ )?shipment|must (?:adjudicate|balance|finali[sz]e|fit within|stay within|collectively)"
    r"|added to",
    r"which ~ should be (?:included|approved|selected|loaded)|~ must be chosen(?= to)|(?:each|cargo) ~ (?:has|is"
    r"|possesses|can)",
    r"subject to|can sustain|(?:demands|requiring) a ~ selection|#-~ (?:reduction|deduction)"
    r"|(?:is|at) fixed",
    r"(?:irrevocably|strictly|permanently) fixed|(?:only|exactly|just) once|only if(?= at least one)"
    r"|one or more(?= ~)",
    r"grants? an?|selected ~ plus the (?:potential )?bonus|any (?:applicable|potential) bonus|~ possess(?:es)? an?"
    r"|at all",
    r"(?:a|an) (?:mandatory|additional) #?|components include(?=:)|each possess|which components will",
)

PACKING: tuple[str, ...] = (
    r"an? ~ (?:stays|travels) together in one ~(?= ?[.,;])|wants? to (?:cross|ship|load|pack|store|move|send|cut)"
    r"|(?:must|has to|have to) be (?:copied|loaded|packed|shipped|put|stored|moved|cut)(?= (?:to|onto|into|on|in) ~)"
    r"|# ~ each|each of which can (?:carry|hold|take)|as few ~ as possible",
    SETTING,
    r"(?:must|has to|have to) (?:bring|move|ship|carry|deliver|transport)(?= (?:#|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|the|all) ~ (?:to|into))|each carry # ~ at most|does each carry",
    r"(?:one|a single) trip|makes one trip|every ~|needed at least"
    r"|cannot be (?:divided|split)|needed|at most #|as few ~ as possible|(?:at least )?how many",
    r"(?:can|may) (?:hold|carry|take)|must be (?:packed|put|placed)(?: ~)*? (?:exactly )?one|put into"
    r"|each ~ (?:holds|carries|takes|fits)|no ~ may be ~",
    r"(?:each|every|all|any|an?|a single|any single|any given|any one)(?= ~)|(?:into|onto|in|on|to) one ~(?! of)",
    r"(?:must|should) ensure (?:that )?(?:each|every|all) ~",
    r"must (?:be|go|fit|travel|accommodate|assign)(?= (?:~ )?(?:on|in|into|onto|to|placed|loaded|packed|assigned"
    r"|stored|put"
    r"|shipped|allocated|transported|carried|positioned|accommodated|stowed|sent|shelved)(?: |\W))",
    r"(?:exactly|precisely|only|just|to) one ~|one and only one ~|a single ~|must accommodate",
    r"(?:smallest|least|minimum|minimal|lowest|fewest)(?: ~)? (?:number|count|quantity|set|use|fleet)|fewest ~"
    r"|as few",
    r"number of ~ (?:required|needed|used)",
    r"(?:cannot|can not|can|may not|must not) (?:safely )?(?:carry|hold|support|absorb|sustain|accommodate|handle"
    r"|bear|take"
    r"|contain|store|transport|withstand)",
    r"(?:cannot|can not|may not|must not|does not|do not|will not|not) (?:exceed|surpass|go beyond|go over)",
    r"exceed(?= (?:its|their|the|this|that|#))",
    r"(?:cannot|must not|may not|never|not) be (?:exceeded|overloaded|surpassed|split|divided)",
    r"no ~ (?:split|divided) (?:across multiple|between) ~",
    r"(?:on|in|within|onto|to|of) (?:any|each|every|a) (?:single |one )?~|never surpass(?:es|ing)|(?:every"
    r"|any) single ~"
    r"|(?:certified|rated|approved) for|complet(?:e|es|ing) (?:this|the)|precisely #",
    r"(?:shipments|sent|manifests|parcels|items|packages) include(?=:| :)",
    r"(?:must|needs? to) (?:now )?(?:shelve|be delivered|be transported|pack)",
    r"(?:while|whilst) striving",
    r"no ~'s ~ (?:exceeds|surpasses)"
    r"|where every ~ is",
)
