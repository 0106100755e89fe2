"""Parts of a result and options as HTML, for phones, the board and the report."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from backend.lessons import Step
from backend.lessons.answers import LETTERS
from backend.rooms.markdown import html_of, inline_html_of
from backend.rooms.parts import Part
from components.charts import svg


def part_html(part: Part, look: str = "", heading: str = "", draw: Callable[[Any], str] = svg.html) -> str:
    """Sentences, and the picture below them; empty for a part without both. `look` is a class."""
    words = "".join([f"<h3>{heading}</h3>" if heading else "", *(f"<div>{html_of(each)}</div>" for each in part.words)])
    text = words + (part.picture if isinstance(part.picture, str) else draw(part.picture) if part.picture else "")
    return text and f'<div class="part {look}">{text}</div>'


def options_html(step: Step, right_options: Collection[int] = ()) -> str:
    """The options with their letters, the right ones marked."""
    items = []
    for i, option in enumerate(step.options):
        mark, look = ("✓ ", ' class="right"') if i in right_options else ("", "")
        letter = "" if step.kind == "number" else LETTERS[i]
        items.append(f"<li{look}><b>{letter}</b><span>{mark}{inline_html_of(option.text)}</span></li>")
    return f'<ul class="options">{"".join(items)}</ul>'
