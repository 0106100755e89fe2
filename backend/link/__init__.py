"""The experiment as a URL query and back; whatever cannot be read is named, with what is allowed and what was used.

A query holds only what differs from the default. The same reading serves the values of widgets: one place checks.
"""

from __future__ import annotations

from collections.abc import Mapping

from backend.experiment import Experiment
from backend.link.parameters import DEFAULT, HEAD, PARAMETERS, at, put, read_head, write_head
from backend.link.repair import Notice, cut, repair

__all__ = ["HEAD", "PARAMETERS", "Notice", "Query", "read_query", "repair", "write_query"]

Query = dict[str, list[str]]


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
    """The experiment a query describes, and a notice for each value that had to be replaced. Never raises."""
    raw = Experiment().model_dump()
    known = {parameter.key: parameter for parameter in PARAMETERS}
    notices = []
    for key, given in query.items():
        values = [_sound(value) for value in given]
        if not values:
            continue
        if key == HEAD:
            raw["architecture"]["heads"] = [read_head(value) for value in values]
        elif key in known:
            put(raw, known[key].path, known[key].read(values[-1]))
        else:
            notices.append(
                Notice(cut(_sound(key)), cut(values[-1]), "Two Heads has no such setting", "It was left out.")
            )
    experiment, repaired = repair(raw)
    return experiment, notices + repaired


def _sound(text: str) -> str:
    """`text` without halves of characters, which no encoder takes."""
    return text.encode("utf-8", "replace").decode()
