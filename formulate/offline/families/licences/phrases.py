"""Turns of speech that several families know."""

from __future__ import annotations

ANSWER = (
    r"(?:please |kindly |just )?(?:note|remember|keep|bear)(?: in mind)?,?(?: that)?,? (?:the"
    r"|your) (?:~ )?(?:answer|response|result|solution) should (?:be|only contain|reflect"
    r"|provide|only be|indicate)(?: ~)?(?: ~)?(?: single ~)?|(?:answer|response) should (?:be|only contain"
    r"|reflect)|asking for only|single (?:answer|value|number|optimal)"
    r"|keep(?:ing)? (?:in mind|these|the ~ cost|~ costs?)|under the scenario|the scenario should be based on|above"
    r"|(?:would|will) be the|given this setup|in this setup|now(?=,| the question| faces)"
)
EACH = r"(?:each|every|all|any)(?= (?:of )?(?:~|these|the|your))|each(?= (?:has|have|comes|with))|all ~"
MOVED = r"(?:from )?one ~(?: ~)? (?:to|into) (?:another|any other|the other|the others|the next)"
SETTING = r"(?:growing|ever-growing) ~|the (?:driver|coming ~)|seasonal ~|neighbou?ring ~|neighbou?rhood"
"""What a text says of where and for whom it is, before it comes to the matter."""
