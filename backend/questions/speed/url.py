"""The sweep as text in a URL: `k=1,2,8,32` and `modes=fit,steps`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from backend.questions.speed.sweep import MODES, Sweep

#: Key of the query → field of the sweep, how one value is read, which values are allowed.
_FIELDS: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "k": ("heads", int, "it takes 1 to 8 whole numbers from 1 to 64, separated by commas"),
    "modes": ("modes", str, f"it takes one or more of {', '.join(MODES)}, separated by commas"),
}
#: The default sweep as a query.
DEFAULTS = {key: ",".join(map(str, getattr(Sweep(), field))) for key, (field, *_) in _FIELDS.items()}


def read(texts: dict[str, str]) -> Sweep:
    """The sweep that these texts describe, by key. Raises ValueError for texts that `refuse` refuses."""
    values = {_FIELDS[key][0]: _values(key, text) for key, text in texts.items()}
    return Sweep.model_validate(values)


def refuse(key: str, text: str) -> str | None:
    """Which values `key` takes, if `text` is not one of them; None if it is."""
    try:
        read({key: text})
    except ValueError:
        return _FIELDS[key][2]
    return None


def write(values: Iterable[Any]) -> str:
    """One field of a sweep as text."""
    return ",".join(map(str, values))


def text(sweep: Sweep, key: str) -> str:
    """The text of `key` for `sweep`."""
    return write(getattr(sweep, _FIELDS[key][0]))


def _values(key: str, text: str) -> list[Any]:
    return [_FIELDS[key][1](part.strip()) for part in text.split(",") if part.strip()]
