"""Sorts the pieces of a file by step and section."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from backend.markdown.document import Piece
from backend.markdown.faults import Faults

SECTIONS = ("Look", "Why", "Notes")
_ID = re.compile(r"\s*\{#([^{}\s]*)\}\s*$")


@dataclass
class Draft:
    """What belongs to one step, while the file is read. The section "" is the question."""

    title: str
    id: str
    line: int
    block: Piece | None = None
    options: Piece | None = None
    pieces: dict[str, list[Piece]] = field(default_factory=lambda: {"": []})
    section: str = ""


def sort(pieces: Iterable[Piece], faults: Faults) -> list[Draft]:
    """A draft for each step."""
    drafts: list[Draft] = []
    for piece in pieces:
        token = piece.token
        if token.type == "front_matter":
            continue
        if token.type == "heading_open" and token.tag == "h2":
            drafts.append(_begin(piece, drafts, faults))
        elif not drafts:
            faults.add(piece.first, "There is text before the first step; a step begins with “## Title {#id}”.")
        else:
            _place(drafts[-1], piece, faults)
    if not drafts:
        faults.add(1, "The lesson has no step; a step begins with “## Title {#id}”.")
    return drafts


def _begin(piece: Piece, before: Sequence[Draft], faults: Faults) -> Draft:
    match = _ID.search(piece.inline)
    title = piece.inline[: match.start()].strip() if match else piece.inline.strip()
    key = match[1] if match else ""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", key):
        faults.add(
            piece.first,
            "The title of a step ends in its id, such as {#sum}: a lowercase letter, then at most 39 lowercase "
            "letters, digits or hyphens.",
        )
    elif any(draft.id == key for draft in before):
        faults.add(piece.first, f"Two steps have the id “{key}”.")
    if not title or len(title) > 120:
        faults.add(piece.first, "The title of a step has 1 to 120 characters.")
    return Draft(title, key, piece.first)


def _place(draft: Draft, piece: Piece, faults: Faults) -> None:
    token, begun = piece.token, bool(draft.pieces[""] or draft.options or draft.section)
    if token.type == "heading_open":
        name = piece.inline.strip()
        if token.tag != "h3" or name not in SECTIONS or name in draft.pieces:
            faults.add(
                piece.first, "A step has ### Look, ### Why and ### Notes, each at most once, and no other heading."
            )
        draft.section = name
        draft.pieces[name] = []
    elif token.type == "fence" and token.info.strip() == "step":
        if draft.block is not None or begun:
            faults.add(piece.first, "The block of settings stands once, right below the title of its step.")
        draft.block = piece
    elif not draft.section and piece.is_task_list and draft.options is None:
        draft.options = piece
    else:
        if not draft.section and draft.options is not None:
            faults.add(piece.first, "What follows the options belongs under ### Look, ### Why or ### Notes.")
        draft.pieces[draft.section].append(piece)
