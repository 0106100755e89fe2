"""A run as compressed JSON, for the database. Unlike a pickle, it is safe to read whoever wrote it."""

from __future__ import annotations

import zlib

from backend.experiment.own_table import tables_named
from backend.training.result import Run

#: The most bytes that a run may have: far above those of the largest one that the limits allow.
_MOST_BYTES = 512 * 2**20


class Unreadable(ValueError):
    """The data is no run of this version of Two Heads. The text says why."""


def pack(run: Run) -> bytes:
    """The run as compressed JSON."""
    return zlib.compress(run.model_dump_json().encode(), level=1)


def unpack(data: bytes) -> Run:
    """The run of compressed JSON. Raises `Unreadable` for any other data."""
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(data, _MOST_BYTES)
    except zlib.error as error:
        raise Unreadable("the data is damaged") from error
    if not reader.eof:
        raise Unreadable("the data is damaged or too large")
    try:
        return Run.model_validate_json(text, context=tables_named(text))
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(str(error).partition("\n")[0]) from error
