"""Writes an experiment as a URL query and reads it back, with a notice for each value that it had to replace.

A query contains only what differs from the default. Values of widgets are repaired by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping

from backend.experiment import Experiment
from backend.experiment.url.allowed import bounds
from backend.experiment.url.parameters import DEFAULT, HEAD, PARAMETERS, Path, at, put, read_head, write_head
from backend.experiment.url.repair import Notice, cut, first_heads, repair

__all__ = [
    "HEAD",
    "PARAMETERS",
    "UNKNOWN",
    "Notice",
    "Path",
    "Query",
    "at",
    "bounds",
    "put",
    "read_query",
    "repair",
    "repetition_notices",
    "shorten",
    "write_query",
]

Query = dict[str, list[str]]

#: The reason of a notice about a key that is no setting.
UNKNOWN = "Two Heads has no such setting"
#: The most characters of a value that are read. The longest that we write, 64 numbers of 23 characters, has 1,535.
_MOST_CHARACTERS = 4000


def write_query(experiment: Experiment) -> Query:
    """The query of an experiment: key → values, for settings that differ from the default."""
    settings = experiment.model_dump()
    query: Query = {}
    for parameter in PARAMETERS:
        value = at(settings, parameter.path)
        if value != at(DEFAULT, parameter.path):
            query[parameter.key] = [parameter.write(value)]
    heads = settings["architecture"]["heads"]
    if heads != DEFAULT["architecture"]["heads"]:
        query[HEAD] = [write_head(head) for head in heads]
    return query


def read_query(query: Mapping[str, list[str]]) -> tuple[Experiment, list[Notice]]:
    """The experiment that a query describes, and a notice for each value that was replaced. Never raises.

    A query can be half a megabyte of anything, so surplus heads and the ends of long values are dropped before
    anything is parsed or validated.
    """
    raw = Experiment().model_dump()
    known = {parameter.key: parameter for parameter in PARAMETERS}
    notices: list[Notice] = []
    for key, values in query.items():
        if not values:
            continue
        last = shorten(values[-1])
        if key == HEAD:
            heads, notices_of_heads = first_heads(values)
            raw["architecture"]["heads"] = [read_head(shorten(head)) for head in heads]
            notices += notices_of_heads
        elif key in known:
            put(raw, known[key].path, known[key].read(last))
            notices += repetition_notices(key, values)
        else:
            notices.append(Notice(cut(shorten(key)), cut(last), UNKNOWN, "It is ignored."))
    experiment, repaired = repair(raw)
    return experiment, notices + repaired


def repetition_notices(key: str, values: list[str]) -> list[Notice]:
    """A notice if a link gives several values for a key that takes one. The last one is read."""
    given = list(dict.fromkeys(cut(shorten(value)) for value in values))
    if len(given) < 2:
        return []
    reason = f"the link has {len(values):,} values for {key}, which takes one"
    return [Notice(key, given[0], reason, f"Only the last, “{cut(shorten(values[-1]))}”, is read.")]


def shorten(text: str) -> str:
    """A value of a query, cut to the most characters that are read, without lone surrogates, which cannot be encoded.

    A cut value ends in an ellipsis, which no setting accepts, so it gets a notice like any other bad value.
    """
    text = text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
    return text.encode("utf-8", "replace").decode()
