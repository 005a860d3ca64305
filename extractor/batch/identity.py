"""The identity of what was asked: what it says, and in what two of them differ."""

from __future__ import annotations

import json
from typing import Any


def difference(there: str, here: str) -> str:
    """In what the run that wrote an output and the present one differ, in words."""
    old, new = asked(there), asked(here)
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return ", ".join(
        f"{name} {_shown(old.get(name))} there and {_shown(new.get(name))} here" for name in names
    )


def asked(identity: str) -> dict[str, Any]:
    """What an identity says: a name, as ``model``, then the parameters of JSON objects."""
    name, _, rest = identity.partition(" {")
    parts: dict[str, Any] = {"model": name}
    rest = rest and "{" + rest
    try:
        while rest:
            found, end = json.JSONDecoder().raw_decode(rest)
            parts |= found
            rest = rest[end:].lstrip()
    except (ValueError, TypeError):
        return {"model": identity}
    return parts


def _shown(value: Any) -> str:
    if value is None:
        return "not given"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
