"""Shares of faults as they are written on the command line."""

from __future__ import annotations

from tests.fake_llm.answers import NOTHING, invalid_json, invalid_schema, refusal
from tests.fake_llm.errors import rate_limited, status
from tests.fake_llm.replies import Reply, dropped, half_body

_FAULTS: dict[str, Reply] = {
    "429": rate_limited("0"),
    "500": status(500),
    "dropped": dropped(),
    "half": half_body(NOTHING),
    "invalid": invalid_json(),
    "shape": invalid_schema(),
    "refused": refusal(),
}
SHARES = "of: " + ", ".join(_FAULTS)


def fault_shares(text: str) -> list[tuple[float, Reply]]:
    """Read ``500=0.05,invalid=0.03``.

    Raises:
        ValueError: no such fault, or no number.
    """
    shares = []
    for part in text.split(","):
        name, _, share = part.partition("=")
        if name not in _FAULTS:
            raise ValueError(f"no fault {name!r}; one {SHARES}")
        shares.append((float(share), _FAULTS[name]))
    return shares
