"""Reads the options of a question, a task list: text, tick, and what is in the braces behind the text."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from markdown_it.token import Token

from backend.markdown import blocks
from backend.markdown.blocks import BadBlock
from backend.markdown.document import BOX, Piece
from backend.markdown.faults import Faults

_BRACES = re.compile(r"(.*?)\s*(\{[^{}]*\})\s*", re.DOTALL)
_CODE = re.compile(r"(`+).*?\1", re.DOTALL)


@dataclass(frozen=True)
class Item:
    """An option: its line, its text, whether it is ticked, and the values in its braces by their key."""

    line: int
    text: str
    ticked: bool
    notes: Mapping[str, str]


def read(piece: Piece, keys: Collection[str], faults: Faults) -> list[Item | None]:
    """The options of a list. `keys` may stand in the braces. An item that is no option is a fault and None."""
    return [_item(tokens, piece.first, keys, faults) for tokens in piece.items()]


def _item(tokens: list[Token], line: int, keys: Collection[str], faults: Faults) -> Item | None:
    line = tokens[0].map[0] + 1 if tokens[0].map else line
    inline = [token.content for token in tokens if token.type == "inline"]
    box = BOX.fullmatch(inline[0]) if len(inline) == 1 else None
    if box is None:
        faults.add(line, "An option is one line that begins with “- [ ]”, or with “- [x]” if it is right.")
        return None
    braces = _BRACES.fullmatch(box[2])
    text = braces[1] if braces else box[2]
    words = _CODE.sub("", text)
    outside = re.search(rf"\b({'|'.join(keys)}):\s", words)
    if words.count("{") > words.count("}"):
        faults.add(line, "The braces of this option are not closed; write } at the end of the option.")
    elif outside:
        faults.add(
            line,
            f"“{outside[1]}:” belongs in one pair of braces at the end of the option: {{{outside[1]}: …}}. In the text "
            f"of an option, write it as `{outside[1]}:`.",
        )
    return Item(line, " ".join(text.split()), box[1] != " ", _notes(braces[2], line, keys, faults) if braces else {})


def _notes(braces: str, line: int, keys: Collection[str], faults: Faults) -> dict[str, str]:
    """The values in the braces of an option."""
    try:
        values = blocks.read(braces, line).values
    except BadBlock as bad:
        faults.add(bad.line, f"The braces of an option cannot be read: {bad.reason}")
        return {}
    known = {key: value for key, value in values.items() if key in keys and isinstance(value, str)}
    for key in values.keys() - known.keys():
        comma = "" if values[key] else "; write a value that has a comma between quotation marks"
        faults.add(
            line,
            f"“{key[:40]}” is not a key of an option, or its value is not a text; the keys are "
            f"{', '.join(keys)}{comma}.",
        )
    return known
