"""Share as picture: a card with a finding, its chart and its link. The browser makes it (`browser/share_card.js`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from components import browser
from components.layout import share
from components.layout.embedded import is_embedded
from components.text import one_line, spoken

#: Characters of a finding, for which every card has room.
_LONGEST = 450


@dataclass(frozen=True)
class Prediction:
    """What the visitor predicted, as a sentence; and whether that was right, None if nothing says so."""

    text: str
    right: bool | None


@dataclass(frozen=True)
class Card:
    """What a card says, in Streamlit's Markdown.

    `place` is the page, perhaps with the settings in short. `charts` are the keys of the elements whose charts or
    diagrams are on it, each with its title or "". `choice` names the switch that shows the prediction, which is off at
    first.
    """

    place: str
    title: str
    finding: str
    charts: Mapping[str, str] = field(default_factory=dict)
    prediction: Prediction | None = None
    choice: str = "Show my prediction"


def show(card: Card, key: str, **changes: str) -> None:
    """Draw the button that makes the card. Its link is that of the page with its settings.

    `changes` are options of the page for this link alone. In a frame of another site there is no button.
    """
    if is_embedded():
        return
    link = share.link(**changes)
    browser.mount("share_card", data(card, link) | {"file": f"two-heads-{_css_name(key)}"}, key=f"{key}.share-card")


def data(card: Card, link: str) -> dict[str, object]:
    """The card as the browser gets it: plain text, whatever is in it. The link is shown without its scheme."""
    prediction = card.prediction
    rows = share.qr_rows(link)
    return {
        "place": _plain(card.place, 120),
        "title": _plain(card.title, 240),
        "finding": _plain(card.finding, _LONGEST),
        "prediction": prediction and {"text": _sentence(prediction), "right": prediction.right},
        "choice": card.choice,
        "charts": [[_css_name(key), _plain(title, 60)] for key, title in card.charts.items()],
        "address": link,
        "link": link.partition("://")[2],
        "code": list(rows) if rows else None,
    }


def _css_name(key: str) -> str:
    """What Streamlit makes of a key, in the class of an element."""
    return re.sub(r"[^a-zA-Z0-9_-]", "-", key)


def _plain(text: str, limit: int) -> str:
    return one_line(spoken(text), limit)


def _sentence(prediction: Prediction) -> str:
    """The prediction with its mark. A mark is a character, so that it is read in print and by the colour-blind."""
    marks = {True: "✓ ", False: "✗ ", None: ""}
    return marks[prediction.right] + _plain(prediction.text, 160)
