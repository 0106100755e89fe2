"""Reads a block of YAML into a model. Values that the model refuses are faults, with what is allowed."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError

from backend.lessons.lesson import Ask, Part
from backend.markdown import blocks
from backend.markdown.blocks import BadBlock, Block
from backend.markdown.faults import Faults

P = TypeVar("P", bound=Part)


def read(model: type[P], text: str, line: int, what: str, faults: Faults) -> tuple[P, Block] | None:
    """The model, and the block with the lines of its values; None if it has faults. `what` names it in sentences."""
    try:
        block = blocks.read(text, line)
    except BadBlock as bad:
        faults.add(bad.line, f"{bad.reason[0].upper()}{bad.reason[1:]}")
        return None
    try:
        return model.model_validate(block.values), block
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False, include_context=False, include_input=False):
            faults.add(block.line(error["loc"]), _sentence(model, error["type"], error["loc"], block, what))
        return None


def _sentence(model: type[Part], kind: str, loc: tuple[int | str, ...], block: Block, what: str) -> str:
    """What is wrong with the value at `loc`, and what is allowed."""
    name = str(loc[0])
    fields = Ask.model_fields if loc[0] == "ask" and len(loc) > 1 else model.model_fields
    key = str(loc[1]) if fields is Ask.model_fields else name
    if kind == "extra_forbidden":
        return (
            f"“{key[:40]}” is not a key of {'ask' if fields is Ask.model_fields else what}; it has {', '.join(fields)}."
        )
    if kind == "missing":
        return f"The key “{key}” is missing in {what}."
    given: Any = block.values
    for step in loc[:2] if fields is Ask.model_fields else loc[:1]:
        given = given[step] if isinstance(given, dict) and step in given else ""
    text = ", ".join(map(str, given)) if isinstance(given, list) else str(given)
    return f"“{key}” takes {fields[key].description}, not “{text[:40]}”."
