"""The settings in a lesson, which are written as the query of a link."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from backend.experiment import Experiment
from backend.experiment.url import DATA, HEAD, PARAMETERS, RIGHT, UNKNOWN, Query, read_query, write_query
from backend.lessons.lesson import Option, Step, StepBlock
from backend.markdown.blocks import Block
from backend.markdown.faults import Faults

_KEYS = (DATA, HEAD, *PARAMETERS)
#: The settings that the right side can have of its own.
_COMPARED = tuple(key.removeprefix(RIGHT) for key, path in PARAMETERS.items() if path[0] == "versus")


def read(text: str, line: int, faults: Faults) -> Query:
    """The settings as they are written. Whether they are valid depends on those of the base."""
    query = _parse(text)
    if text and not query:
        faults.add(line, "The link has no settings; write “key=value”, joined by &.")
    return query


def invalid_settings(query: Query) -> list[str]:
    """For each setting that cannot be used, the reason in a sentence."""
    sentences = []
    for notice in read_query(query)[1]:
        if not notice.key:
            sentences.append(f"The link has “{notice.given}” without a key; write “key=value”.")
            continue
        known = f"; the settings are {', '.join(_KEYS)}" if notice.reason == UNKNOWN else ""
        sentences.append(f"The link's {notice.key} = “{notice.given}” cannot be used: {notice.reason}{known}.")
    return sentences


def own(block: StepBlock, where: Block, faults: Faults) -> tuple[Query, int]:
    """The settings of a step besides the base, and the line of their faults.

    With `compare`, the second of its settings is that of the right side.
    """
    query = read(block.set, where.line(("set",)), faults)
    if not block.compare:
        return query, where.line(("set",))
    line = where.line(("compare",))
    left, right = (read(text, line, faults) for text in block.compare)
    if unknown := sorted({key for key in left | right if f"{RIGHT}{key}" not in _KEYS}):
        faults.add(
            line,
            f"“compare” cannot compare {', '.join(key[:40] for key in unknown)}; both runs have the same sequences and "
            f"initial weights, so it compares {', '.join(_COMPARED)}.",
        )
    elif left.keys() != right.keys():
        faults.add(line, "Both settings of “compare” name the same keys, with other values.")
    else:
        query |= left | {f"{RIGHT}{key}": values for key, values in right.items()}
    return query, line


def attempt(step: Step, option: Option) -> Experiment:
    """The step's experiment with the settings that the visitor may try after this option."""
    return read_query(write_query(step.experiment) | _parse(option.attempt))[0]


def _parse(text: str) -> Query:
    """The query of a link, or the part behind its question mark, with or without spaces around keys and values."""
    query = text.split("?", 1)[-1] if text.strip().startswith(("?", "http")) else text
    pairs = re.sub(r"\s*([&=])\s*", r"\1", query.strip())
    return parse_qs(pairs, keep_blank_values=True, errors="replace", max_num_fields=None)
