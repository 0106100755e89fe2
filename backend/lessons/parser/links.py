"""The settings in a lesson, which are written as the query of a link."""

from __future__ import annotations

from urllib.parse import parse_qs

from backend.experiment import Experiment
from backend.experiment.url import read_query, write_query
from backend.lessons.lesson import Option, Step
from backend.lessons.parser.faults import Faults

Query = dict[str, list[str]]


def read(text: str, line: int, faults: Faults) -> Query:
    """The settings of a link. Each that cannot be used is a fault."""
    query = _parse(text)
    if text and not query:
        faults.add(line, "The link has no settings; write “key=value”, joined by &.")
    for notice in read_query(query)[1]:
        faults.add(line, f"The link's {notice.key} = “{notice.given}” cannot be used: {notice.reason}.")
    return query


def attempt(step: Step, option: Option) -> Experiment:
    """The step's experiment with the settings that the visitor may try after this option."""
    return read_query(write_query(step.experiment) | _parse(option.attempt))[0]


def _parse(text: str) -> Query:
    return parse_qs(text.removeprefix("?"), keep_blank_values=True, errors="replace", max_num_fields=None)
