"""The functions that emitted programs define, and what an emitted program is."""

from __future__ import annotations

from dataclasses import dataclass, field

PREV = '''def prev(element, ordered):
    """The element that comes before another in an ordered set."""
    position = ordered.index(element)
    if position == 0:
        raise IndexError(f"{element!r} is the first: nothing comes before it")
    return ordered[position - 1]
'''
WHOLE = '''def whole(number):
    """The number as an integer; a fraction is refused."""
    if number != int(number):
        raise ValueError(f"{number!r} stands where a whole number belongs")
    return int(number)
'''
SHOW = '''def show(name, variables, value):
    """Print the values of a variable that are not 0."""
    cells = variables.items() if isinstance(variables, dict) else [(None, variables)]
    for key, variable in cells:
        amount = value(variable)
        if key is None or abs(amount) > 1e-9:
            index = ", ".join(map(str, key)) if isinstance(key, tuple) else key
            print(f"{name if key is None else f'{name}[{index}]':<40} {amount:>14.10g}")
'''


@dataclass(frozen=True)
class Program:
    """Emitted source, and the files that belong beside it, by name (`{}` for most)."""

    target: str
    text: str
    files: dict[str, str] = field(default_factory=dict)
