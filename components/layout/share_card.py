"""Share as picture: a card with a finding, its chart and its link, as SVG. The browser makes the file of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from textwrap import wrap

import streamlit as st

from backend.questions.pictures import Chart, Picture, Table
from components import browser
from components.charts import svg
from components.charts.svg import tag
from components.layout import share
from components.layout.embedded import is_embedded
from components.text import one_line, spoken

#: Pixels: the size of a card, its margin, and the most for the QR code with its quiet zone.
_WIDTH, _HEIGHT, _MARGIN, _CODE = 1200, 630, 48, 232
#: The fewest pixels of a module of the code that a phone reads.
_FINEST = 2
#: The mean width of a letter, in sizes of its font.
_LETTER = 0.5
_LOGO = Path(__file__).parents[2] / "pages" / "static" / "logo.svg"
#: By whether a prediction was right. A mark is a character, so that the colour-blind read it.
_MARKS = {True: ("✓ ", "good"), False: ("✗ ", "bad"), None: ("", "ink")}


@dataclass(frozen=True)
class Prediction:
    """What the visitor predicted, as a sentence; and whether that was right, None if nothing says so."""

    text: str
    right: bool | None


@dataclass(frozen=True)
class Card:
    """What a card says, in Streamlit's Markdown.

    `place` is the page, perhaps with the network in short, and `settings` are those that caused the finding. A
    `picture` that is a table is left out. `choice` names the switch that shows the prediction, which is off at first.
    """

    place: str
    title: str
    finding: str
    settings: str = ""
    picture: Picture | None = None
    prediction: Prediction | None = None
    choice: str = "Show my prediction"


def show(card: Card, key: str, **changes: str) -> None:
    """Draw the button that opens the card. Its link is that of the page with its settings.

    `changes` are options of the page for this link alone. In a frame of another site there is no button.
    """
    if is_embedded():
        return
    menu = st.popover("Share as picture", icon=":material/image:", key=f"{key}.share-card", on_change="rerun")
    if not menu.open:
        return
    with menu, st.container(width=600):
        draw(card, key, **changes)


def draw(card: Card, key: str, **changes: str) -> None:
    """Draw the card with the button that downloads it, and the switch that shows the prediction."""
    predicted = card.prediction is not None and st.toggle(card.choice, key=f"{key}.share-prediction")
    data = {"svg": drawn(card, share.link(**changes), predicted), "file": f"two-heads-{_css_name(key)}"}
    browser.mount("share_card", data, key=f"{key}.share-drawn")


def drawn(card: Card, link: str, predicted: bool = False) -> str:
    """The card as SVG of 1200 × 630 pixels in the colours of the page.

    The words are plain text, whatever is in them. The link stands without its scheme.
    """
    code, size = share.qr_svg(link, _CODE, _FINEST)
    right, bottom, title, finding = _WIDTH - _MARGIN, _HEIGHT - 40, _plain(card.title, 300), _plain(card.finding, 450)
    marks = [
        tag("rect", width=_WIDTH, height=_HEIGHT, style="fill: var(--ground)"),
        *(tag("rect", x=x, width=_WIDTH / 2, height=10, fill=fill) for x, fill in ((0, "#0d9488"), (600, "#8b5cf6"))),
        _LOGO.read_text().replace("<svg", f'<svg x="{_MARGIN}" y="40"', 1),
        _line("Two Heads", 94, 64, 24, font_weight=700),
        _line(f"· {_plain(card.place, 90)}" if card.place else "", 238, 64, 21, "quiet"),
    ]
    y = 84.0
    sizes = (25, 22, 20, 18) if card.picture else (32, 28, 25, 22)
    parts = (
        (title, (42, 38, 33, 28), 3, 700, "ink"),
        (finding, sizes, 5, 400, "ink"),
        (_plain(card.settings, 160), (21, 18), 2, 400, "quiet"),
    )
    for text, offered, most, weight, colour in parts:
        high, lines = _fitted(text, offered, most)
        for line in lines:
            y += 1.25 * high
            marks.append(_line(line, _MARGIN, y, high, colour, font_weight=weight))
        y += 8 * bool(lines)
    marks.append(_line(_plain(link.partition("://")[2], 75), _MARGIN, bottom, 20, "quiet"))
    if predicted and card.prediction:
        mark, colour = _MARKS[card.prediction.right]
        bottom -= 34
        marks.append(_line(mark + _plain(card.prediction.text, 75), _MARGIN, bottom, 22, colour, font_weight=650))
    if code:
        marks.append(f'<svg x="{right - size}" y="{_HEIGHT - 40 - size}" {code.removeprefix("<svg")}')
    if card.picture and not isinstance(card.picture, Table):
        marks += _picture(card.picture, y + 16, right - size - 32, bottom - 40)
    label = f"{title} {finding}"
    return tag("svg", "".join(marks), viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img", aria_label=label)


def _picture(picture: Chart, top: float, right: float, bottom: float) -> list[str]:
    """The picture as large as there is room, and its legend beside it."""
    drawn = svg.draw(picture, svg.HAND)
    scale = min((right - _MARGIN) / drawn.width, (bottom - top) / drawn.height, 2.2)
    place = {"x": _MARGIN, "y": top, "width": scale * drawn.width, "height": scale * drawn.height}
    marks = [tag("svg", "".join(drawn.marks), viewBox=f"0 0 {drawn.width:g} {drawn.height:g}", **place)]
    left = _MARGIN + scale * drawn.width + 24
    for i, (name, colour, dash) in enumerate(drawn.legend):
        y = top + 26 * (i + 1)
        marks.append(tag("path", d=f"M{left:g} {y - 6:g}h30", stroke=colour, stroke_width=3, stroke_dasharray=dash))
        marks.append(_line(name, left + 38, y, 18))
    return marks


def _line(words: str, x: float, y: float, size: int, colour: str = "ink", **more: object) -> str:
    return tag("text", escape(words), x=x, y=y, font_size=size, style=f"fill: var(--{colour})", **more)


def _fitted(text: str, sizes: tuple[int, ...], most: int) -> tuple[int, list[str]]:
    """The largest of some sizes in which a text has room in `most` lines, and its lines; in the last one it is cut."""
    for size in sizes:
        width = int((_WIDTH - 2 * _MARGIN) / (_LETTER * size))
        if len(wrap(text, width)) <= most:
            break
    return size, wrap(text, width, max_lines=most, placeholder=" …")


def _css_name(key: str) -> str:
    """What Streamlit makes of a key, in the class of an element."""
    return re.sub(r"[^a-zA-Z0-9_-]", "-", key)


def _plain(text: str, limit: int) -> str:
    return one_line(spoken(text), limit)
