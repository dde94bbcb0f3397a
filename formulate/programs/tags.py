"""Programs between other marks than fences: HTML and XML tags, LaTeX listings, `[PYTHON]`. Linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from formulate.programs.fences import Block

_OPENING = re.compile(
    r"<(?P<tag>pre|code|python|py|program|execute_python|execute|script|python_code|solution)(?:\s[^<>\n]{0,200})?>"
    r"|\\begin\{(?P<environment>lstlisting|verbatim|minted|python|pythoncode|Verbatim)\}(?:[\[{][^\]}\n]{0,200}[\]}])*"
    r"|\[(?P<box>PYTHON|CODE)\]|(?P<token><\|python_tag\|>)",
    re.IGNORECASE,
)  # fmt: skip
_CODE = re.compile(r"\s*<code(?:\s[^<>\n]{0,200})?>", re.IGNORECASE)


def tagged(text: str, start: int = 0) -> Iterator[Block]:
    """What stands between an opening mark and its end, or the end of the text; `start` is added to every place."""
    lowered = text.lower()
    place = 0
    while (opening := _OPENING.search(text, place)) is not None:
        begun = opening.end()
        closing = _closing(opening)
        at = lowered.find(closing, begun) if closing else -1
        end = at if at >= 0 else len(text)
        inner = _CODE.match(text, begun)  # <pre><code class="language-python">
        if opening["tag"] and opening["tag"].lower() == "pre" and inner is not None:
            stop = lowered.find("</code>", inner.end(), end)
            content = text[inner.end() : stop if stop >= 0 else end]
        else:
            content = text[begun:end]
        if "import" in content:
            yield Block(content, start + begun, start + end, "", at >= 0 or not closing)
        if at < 0:  # it took the rest of the text
            return
        place = at


def _closing(opening: re.Match[str]) -> str:
    if opening["tag"]:
        return f"</{opening['tag'].lower()}>"
    if opening["environment"]:
        return f"\\end{{{opening['environment'].lower()}}}"
    return f"[/{opening['box'].lower()}]" if opening["box"] else ""
