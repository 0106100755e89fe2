"""The sweep as part of a URL query and back; what cannot be read is named, and its default is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from backend.link import Notice, Query
from backend.speed import MODES, Sweep

_DEFAULT = Sweep()
#: Key of the query → field of the sweep, how one value is read, what is allowed.
_FIELDS: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "k": ("heads", int, "it takes 1 to 8 whole numbers from 1 to 64, with commas between"),
    "modes": ("modes", str, f"it takes some of {', '.join(MODES)}, with commas between"),
}
KEYS = tuple(_FIELDS)
_SHOWN = 40


def read_query(query: Mapping[str, list[str]]) -> tuple[Sweep, list[Notice]]:
    """The sweep that a query describes, and a notice for each key that could not be used. Never raises."""
    sweep, notices = _DEFAULT, []
    for key, (field, read, allowed) in _FIELDS.items():
        for text in query.get(key, [])[-1:]:
            try:
                values = [read(part.strip()) for part in text.split(",") if part.strip()]
                sweep = Sweep.model_validate(sweep.model_dump() | {field: values})
            except (ValueError, ValidationError):
                given = text.encode("utf-8", "replace").decode()
                cut = given if len(given) <= _SHOWN else given[:_SHOWN] + "…"
                notices.append(Notice(key, cut, allowed, f"Used {_write(getattr(_DEFAULT, field))} in its place."))
    return sweep, notices


def write_query(sweep: Sweep) -> Query:
    """The query of a sweep: only what differs from the default."""
    fields = ((key, getattr(sweep, field), getattr(_DEFAULT, field)) for key, (field, *_) in _FIELDS.items())
    return {key: [_write(value)] for key, value, usual in fields if value != usual}


def _write(values: tuple[Any, ...]) -> str:
    return ",".join(map(str, values))
