"""Reads the options of a question, a task list: text, tick, and what is in the braces behind the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token
from pydantic import BaseModel, ConfigDict, Field

from backend.markdown import blocks
from backend.markdown.document import BOX, Piece
from backend.markdown.faults import Faults

_BRACES = re.compile(r"(.*?)\s*(\{[^{}]*\})?\s*", re.DOTALL)
_WHAT = "the braces of an option (a value with a comma stands between quotation marks)"
_CODE = re.compile(r"(`+).*?\1", re.DOTALL)


class Notes(BaseModel):
    """What stands in the braces of an option.

    `attempt` is a link's settings that the visitor may try after a wrong answer. `expect` is a test that must not hold,
    because the option is wrong. In a question with several right options, a right one may have a test, too, which has
    to hold. `untested` is the reason why an option has no test.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    misconception: str = Field("", description="a text")
    attempt: str = Field("", alias="try", description="the settings of a link")
    expect: str = Field("", description="a test")
    untested: str = Field("", max_length=200, description="a reason of at most 200 characters")


@dataclass(frozen=True)
class Item:
    """An option: its line, its text, whether it is ticked, and what is in its braces."""

    line: int
    text: str
    ticked: bool
    notes: Notes


def read(piece: Piece, faults: Faults) -> Iterator[Item]:
    """The options of a list. An item that is no option is a fault."""
    for tokens in piece.items():
        if item := _item(tokens, piece.first, faults):
            yield item


def _item(tokens: list[Token], line: int, faults: Faults) -> Item | None:
    line = tokens[0].map[0] + 1 if tokens[0].map else line
    inline = [token.content for token in tokens if token.type == "inline"]
    box = BOX.fullmatch(inline[0]) if len(inline) == 1 else None
    braces = _BRACES.fullmatch(box[2]) if box else None
    if box is None or braces is None:
        faults.add(line, "An option is one line that begins with “- [ ]”, or with “- [x]” if it is right.")
        return None
    text, words = braces[1], _CODE.sub("", braces[1])
    if words.count("{") > words.count("}"):
        faults.add(line, "The braces of this option are not closed; write } at the end of the option.")
    found = blocks.read(Notes, braces[2] or "", line, _WHAT, faults)
    return Item(line, " ".join(text.split()), box[1] != " ", found[0] if found else Notes())
