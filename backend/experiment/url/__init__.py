"""The experiment as a URL query and back; whatever cannot be read is named, with what is allowed and what was used.

A query holds only what differs from the default. The same reading serves the values of widgets: one place checks.
"""

from __future__ import annotations

from collections.abc import Mapping

from backend.experiment import Experiment
from backend.experiment.url.parameters import DEFAULT, HEAD, PARAMETERS, at, put, read_head, write_head
from backend.experiment.url.repair import Notice, cut, first_heads, repair

__all__ = ["HEAD", "PARAMETERS", "Notice", "Query", "read_query", "repair", "shorten", "write_query"]

Query = dict[str, list[str]]

#: The longest value that is read. The longest that Two Heads writes, 64 numbers of 23 characters, has 1,535.
_MOST_CHARACTERS = 4000


def write_query(experiment: Experiment) -> Query:
    """The query of an experiment: key → values, only where they differ from the default."""
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
    """The experiment a query describes, and a notice for each value that had to be replaced. Never raises.

    A query may be half a megabyte of anything: heads beyond the most allowed and the ends of long values are dropped
    before anything is parsed or validated.
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
        else:
            notices.append(Notice(cut(shorten(key)), cut(last), "Two Heads has no such setting", "It was left out."))
    experiment, repaired = repair(raw)
    return experiment, notices + repaired


def shorten(text: str) -> str:
    """A value of a query without halves of characters, which no encoder takes, and not longer than any is read.

    A shortened value ends in an ellipsis, which no setting takes: it is refused like any other bad value.
    """
    text = text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
    return text.encode("utf-8", "replace").decode()
