"""Options that name two methods as if they were one: “UW or GradNorm brings it down”.

One of them may bring it down and the other not. Then the option is neither right nor wrong.
"""

from __future__ import annotations

import re

from backend.lessons.lesson import Step
from backend.words import listed
from two_heads.weightings import AGGREGATORS, SCALARIZERS

#: Words that people use for other things, too.
_COMMON = {"mean", "sum", "fixed"}
_IN_BRACKETS = re.compile(r"(.*?) \((.*)\)")


def _names() -> dict[str, str]:
    """The name of each method by each way to write it, in lower case."""
    found: dict[str, str] = {}
    for key, method in {**AGGREGATORS, **SCALARIZERS}.items():
        if key in _COMMON:
            continue
        match = _IN_BRACKETS.fullmatch(method.title)
        ways = {key, key.replace("_", "-"), *(match.groups() if match else (method.title,))}
        name = match[2] if match else method.title
        found |= {way.lower(): name for way in ways}
    return found


_NAMES = _names()
_NAME = "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True))
_LIST = re.compile(rf"(?<![\w-])(?:{_NAME})(?:(?:,\s*|,?\s+(?:or|and)\s+|\s*/\s*)(?:{_NAME}))+(?![\w-])", re.IGNORECASE)
_EITHER = re.compile(r"\bor\b|/", re.IGNORECASE)


def sentences(step: Step) -> list[str]:
    """A sentence for each option of the step that lumps methods together."""
    said = []
    for option in step.options:
        for match in _LIST.finditer(option.text.replace("*", "").replace("`", "")):
            if _EITHER.search(match[0]):
                names = dict.fromkeys(_NAMES[each.lower()] for each in re.findall(_NAME, match[0], re.IGNORECASE))
                said.append(
                    f"“{option.text}” says {match[0]}, and the measurement may differ between {listed(names)}. "
                    "Write an option for each, or say of each what it does."
                )
    return said
