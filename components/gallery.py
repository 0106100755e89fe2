"""A choice among pictures, drawn in the browser: one of them, or several."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass

from components import browser


@dataclass(frozen=True)
class Shape:
    """A path in a picture; without a `colour` it has that of the text. `filled` is the opacity of its area."""

    d: str
    colour: str | None = None
    width: float = 1.5
    dash: str | None = None
    filled: float | None = None


@dataclass(frozen=True)
class Picture:
    """An option: its key, title and note, and its shapes in the window `view` (left, top, width and height)."""

    key: str
    title: str
    view: tuple[float, float, float, float]
    shapes: Sequence[Shape]
    note: str = ""


def show(
    label: str,
    pictures: Sequence[Picture],
    chosen: Collection[str],
    choose: Callable[[list[str]], None],
    *,
    key: str,
    high: str,
    many: bool = False,
) -> None:
    """Draw the pictures with the `chosen` ones marked; `choose` gets the keys of the new choice.

    The keys have the order of the pictures. `high` is the height of a picture, as a CSS length.
    """
    known = [picture.key for picture in pictures]

    def on_chosen_change() -> None:
        message = browser.sent(key, "chosen")
        if not isinstance(message, dict) or not isinstance(message.get("turn"), int):
            return
        browser.set_turn(key, message["turn"])
        if isinstance(message.get("keys"), list):
            choose([each for each in known if each in message["keys"]])

    items = [
        {
            "key": picture.key,
            "title": picture.title,
            "note": picture.note,
            "view": list(picture.view),
            "shapes": [_without_none(shape) for shape in picture.shapes],
        }
        for picture in pictures
    ]
    data = {
        "label": label, "many": many, "chosen": list(chosen), "items": items, "high": high,
        "turn": browser.last_turn(key),
    }  # fmt: skip
    browser.mount("gallery", data, key=key, on_chosen_change=on_chosen_change)


def _without_none(shape: Shape) -> dict[str, object]:
    return {name: value for name, value in asdict(shape).items() if value is not None}
