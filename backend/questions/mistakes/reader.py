"""Reads a mistake, one Markdown file: its title, question, options, both scripts as a diff, and the reason.

---
title: …
source: "…"                      what causes it in Keras, for whoever maintains the file
---
The question.
- [x] an option                  ticked if Keras 3.15 gives it
- [ ] another {misconception: …}
```diff                          both scripts: “-” begins a line of the broken one, “+” one of the mended one
### Symptom, ### Why, ### Remedy
### Answer, with a block ```python, which sets `answer` to the option that a script shows
"""

from __future__ import annotations

from pathlib import Path

import yaml

from backend.markdown import task_list
from backend.markdown.document import Document, Piece
from backend.markdown.faults import Faults, InvalidLesson
from backend.questions.mistakes.base import Mistake


def read(path: Path) -> Mistake:
    """The mistake of a file. Raises InvalidLesson, or KeyError if a part is missing."""
    document, faults = Document(path.read_text(encoding="utf-8")), Faults(path.name)
    front, *pieces = document.pieces(faults)
    sections: dict[str, list[Piece]] = {"": []}
    special: dict[str, Piece] = {}
    for piece in pieces:
        if piece.token.type == "heading_open":
            sections[piece.inline] = []
        elif piece.is_task_list or piece.token.type == "fence":
            special[piece.token.info] = piece
        else:
            sections[[*sections][-1]].append(piece)
    items = [*task_list.read(special[""], faults)]
    if faults:
        raise InvalidLesson(faults.errors)
    text = {name: document.source(section) for name, section in sections.items()}
    scripts = special["diff"].token.content.splitlines()
    return Mistake(
        key=path.stem,
        title=yaml.safe_load(front.token.content)["title"],
        question=" ".join(text[""].split()),
        options=tuple(item.text for item in items),
        misconceptions=tuple(item.notes.misconception for item in items),
        ticked="".join(item.text for item in items if item.ticked),
        broken=_side(scripts, "+"),
        mended=_side(scripts, "-"),
        symptom=text["Symptom"],
        why=text["Why"],
        remedy=text["Remedy"],
        reading=special["python"].token.content,
    )


def _side(diff: list[str], other: str) -> str:
    """One of two scripts: all lines but those of the `other`, without their first column."""
    return "".join(f"{line[1:]}\n" for line in diff if not line.startswith(other))
