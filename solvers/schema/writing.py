"""Plain objects to JSON and YAML text that people can read: what fits on a line stands on a line."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

_WIDTH = 100


def to_json(value: Any) -> str:
    """JSON with two-space indent, short collections on one line, text unescaped; ends with a newline."""
    return _json(value, 0) + "\n"


def _json(value: Any, indent: int) -> str:
    if not isinstance(value, (dict, list)) or not value:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    if indent and _small(value):
        flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
        if len(flat) + indent <= _WIDTH:
            return flat
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        items = [f"{json.dumps(k, ensure_ascii=False)}: {_json(v, indent + 2)}" for k, v in value.items()]
        opening, closing = "{", "}"
    else:
        items = [_json(v, indent + 2) for v in value]
        opening, closing = "[", "]"
    return opening + "\n" + ",\n".join(pad + item for item in items) + "\n" + " " * indent + closing


def _small(value: Any) -> bool:
    """Whether it may stand on one line: short, and no list of named elements."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and "name" in value[0]:
        return False
    budget = _WIDTH
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            budget -= sum(len(key) + 4 for key in item) + 2
            stack.extend(item.values())
        elif isinstance(item, list):
            budget -= 2 * len(item)
            if budget < 0:
                return False
            stack.extend(item)
        else:
            budget -= len(item) if isinstance(item, str) else 1
        if budget < 0:
            return False
    return True


@cache
def _dumper() -> type:
    import yaml

    base = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    dumper = type("_Dumper", (base,), {"ignore_aliases": lambda self, data: True})
    # The base quotes what YAML 1.1 would misread; this adds what 1.2 reads as a number.
    dumper.add_implicit_resolver(  # type: ignore[attr-defined]
        "tag:yaml.org,2002:float", re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z"),
        list("-+.0123456789"),
    )
    dumper.add_representer(dict, _represent_dict)  # type: ignore[attr-defined]
    dumper.add_representer(list, _represent_list)  # type: ignore[attr-defined]
    return dumper


def _represent_dict(dumper: Any, data: dict[str, Any]) -> Any:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=_small(data))


def _represent_list(dumper: Any, data: list[Any]) -> Any:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=_small(data))


def to_yaml(value: Any) -> str:
    """YAML 1.2 that YAML 1.1 readers understand alike: block style, short collections on one line."""
    import yaml

    return yaml.dump(value, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=110)
