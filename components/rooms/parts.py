"""Pictures, tables and code as the parts that phones and the board show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backend.questions.pictures import Picture as QuestionPicture
from backend.questions.pictures import Table
from backend.rooms.parts import Part, Picture
from components.investigations import plain

#: What a block of code begins with.
FENCE = "```"


def of_picture(picture: QuestionPicture, explained: bool = True) -> Part:
    """A chart as data, with what it finds if that may be `explained`; a table as Markdown."""
    if isinstance(picture, Table):
        return Part((_markdown_table(picture.rows),))
    return Part((), Picture("picture", plain.picture(picture, finding=explained)))


def _markdown_table(rows: Sequence[Mapping[str, str]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))

    def line(cells: Sequence[str]) -> str:
        escaped = (cell.replace("|", r"\|") for cell in cells)
        return f"| {' | '.join(escaped)} |"

    body = [line([row.get(name, "") for name in columns]) for row in rows]
    return "\n".join([line(columns), line(["---"] * len(columns)), *body])


def code(text: str) -> str:
    """Text as a block of code in Markdown: with a fence that it does not contain."""
    fence = FENCE
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"
