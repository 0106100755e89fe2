"""Writes an experiment as a URL query and reads it back, with a notice for each value that it had to replace.

A query contains only what differs from the default. Values of widgets are repaired by the same code.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping

from backend.experiment import Experiment
from backend.experiment.sources import SOURCES, SYNTHETIC
from backend.experiment.url.allowed import bounds
from backend.experiment.url.parameters import (
    DATA,
    DEFAULTS,
    HEAD,
    PARAMETERS,
    Path,
    at,
    put,
    read_head,
    source_of,
    write_head,
)
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
    source = experiment.architecture.source.key
    query: Query = {} if source == SYNTHETIC.key else {DATA: [source]}
    default = DEFAULTS[source]
    for parameter in PARAMETERS:
        value = at(settings, parameter.path)
        if value != at(default, parameter.path):
            query[parameter.key] = [parameter.write(value)]
    heads = settings["architecture"]["heads"]
    if heads != default["architecture"]["heads"]:
        query[HEAD] = [write_head(head) for head in heads]
    return query


def read_query(query: Mapping[str, list[str]]) -> tuple[Experiment, list[Notice]]:
    """The experiment that a query describes, and a notice for each value that was replaced. Never raises.

    A query can be half a megabyte of anything, so surplus heads and the ends of long values are dropped before
    anything is parsed or validated.
    """
    source, notices = _source(query)
    raw = copy.deepcopy(DEFAULTS[source])
    known = {parameter.key: parameter for parameter in PARAMETERS}
    for key, values in query.items():
        if not values or key == DATA:
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
    used = experiment.architecture.source
    if used.key != source:
        reason = f"the first head is about {used.sequences}, and all heads read the same sequences"
        notices.append(Notice(DATA, source, reason, f"Used {used.key} in its place."))
    return experiment, notices + repaired


def _source(query: Mapping[str, list[str]]) -> tuple[str, list[Notice]]:
    """The key of the source that a query names, or else its heads, and notices if there is none of that name."""
    values = query.get(DATA)
    if not values:
        return source_of(map(read_head, map(shorten, query.get(HEAD, [])))).key, []
    given = shorten(values[-1])
    if given in SOURCES:
        return given, repetition_notices(DATA, values)
    reason = f"it takes one of {', '.join(SOURCES)}"
    return SYNTHETIC.key, [Notice(DATA, cut(given), reason, f"Used {SYNTHETIC.key} in its place.")]


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
