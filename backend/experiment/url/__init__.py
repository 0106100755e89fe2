"""Writes an experiment as a URL query and reads it back, with a notice for each value that it had to replace.

A query contains only what differs from the default. Values of widgets are repaired by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from backend.experiment import Experiment
from backend.experiment.own_table import look_up
from backend.experiment.sources import OWN, SOURCES, SYNTHETIC, OwnData, Source, usual_data
from backend.experiment.url.fields import (
    Fields,
    Notice,
    Path,
    Query,
    at,
    cut,
    put,
    repetition_notices,
    shorten,
    text_of,
)
from backend.experiment.url.parameters import (
    DATA,
    HEAD,
    PARAMETERS,
    RIGHT,
    defaults,
    read_head,
    read_own,
    read_value,
    source_of,
    write_head,
    write_value,
)
from backend.experiment.url.repair import bounds, first_heads, repair

__all__ = [
    "DATA", "HEAD", "PARAMETERS", "RIGHT", "UNKNOWN", "Fields", "Notice", "Path", "Query", "at", "bounds", "put",
    "read_query", "repair", "repetition_notices", "shorten", "text_of", "write_query", "write_value",
]  # fmt: skip

#: The reason of a notice about a key that is no setting.
UNKNOWN = "Two Heads has no such setting"
#: The settings that are ignored if the table that the link names is no longer stored.
_OF_TABLE = frozenset({OWN.key, DATA, HEAD})


def write_query(experiment: Experiment) -> Query:
    """The query of an experiment: key → values, for settings that differ from the default."""
    settings = experiment.model_dump()
    source = experiment.architecture.source
    default = defaults(source)
    query: Query = {DATA: [source.key]} if source.recorded and source.own is None else {}
    for key, path in PARAMETERS.items():
        value = at(settings, path)
        if value != at(default, path) or (value and key == OWN.key):
            query[key] = [write_value(path, value)]
    heads = settings["architecture"]["heads"]
    if heads != default["architecture"]["heads"]:
        query[HEAD] = [write_head(head) for head in heads]
    return query


def read_query(query: Mapping[str, list[str]]) -> tuple[Experiment, list[Notice]]:
    """The experiment that a query describes, and a notice for each value that was replaced. Never raises.

    A query can be half a megabyte of anything, so surplus heads and the ends of long values are dropped before
    anything is parsed or validated.
    """
    query, source, notices = _source(query)
    raw = defaults(source)
    for key, values in query.items():
        if not values or key == DATA:
            continue
        last = shorten(values[-1])
        if key == HEAD:
            heads, notices_of_heads = first_heads(values)
            raw["architecture"]["heads"] = [read_head(shorten(head)) for head in heads]
            notices += notices_of_heads
        elif key in PARAMETERS:
            put(raw, PARAMETERS[key], read_value(PARAMETERS[key], last))
            notices += repetition_notices(key, values)
        else:
            notices.append(Notice(cut(shorten(key)), cut(last), UNKNOWN, "It is ignored."))
    experiment, repaired = repair(raw)
    used = experiment.architecture.source
    if used.key != source.key:
        reason = f"the first head is about {used.sequences}, and all heads read the same sequences"
        notices.append(Notice(DATA, source.key, reason, f"Used {used.key} in its place."))
    return experiment, notices + repaired


def _source(query: Mapping[str, list[str]]) -> tuple[Mapping[str, list[str]], Source, list[Notice]]:
    """The source that a query names, or else that of its heads; and a notice if there is none of that name.

    The query is returned without what belongs to a table that is no longer stored.
    """
    if query.get(OWN.key):
        return _own_source(query)
    values = query.get(DATA)
    if not values:
        return query, source_of(map(read_head, map(shorten, query.get(HEAD, [])))), []
    given = shorten(values[-1])
    if given in SOURCES:
        return query, SOURCES[given], repetition_notices(DATA, values)
    reason = f"it takes one of {', '.join(SOURCES)}"
    return query, SYNTHETIC, [Notice(DATA, cut(given), reason, f"Used {SYNTHETIC.key} in its place.")]


def _own_source(query: Mapping[str, list[str]]) -> tuple[Mapping[str, list[str]], Source, list[Notice]]:
    given = shorten(query[OWN.key][-1])
    id = given.partition(".")[0]
    table, reason = look_up(id)
    if table is None:
        kept = {key: values for key, values in query.items() if key not in _OF_TABLE}
        used = f"Used {SYNTHETIC.title.lower()} in its place."
        return kept, SYNTHETIC, [Notice(OWN.key, cut(id), reason, used)]
    kept = {key: values for key, values in query.items() if key != DATA}
    try:
        return kept, OwnData.model_validate(read_own(given)).source, []
    except ValidationError:
        return kept, usual_data(table).source, []  # `repair` says what is wrong
