"""A choice among pictures, drawn in the browser: one of them, or several."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass

from components import browser
from components.charts.svg import tag


@dataclass(frozen=True)
class Picture:
    """An option: its key, title and note, and its drawing as SVG."""

    key: str
    title: str
    drawing: str
    note: str = ""


def drawing(width: float, height: float, paths: Iterable[str]) -> str:
    """A drawing of these paths."""
    return tag("svg", "".join(paths), viewBox=f"0 0 {width:g} {height:g}", aria_hidden="true")


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

    data = {
        "label": label, "many": many, "chosen": list(chosen), "items": [*map(asdict, pictures)], "high": high,
        "turn": browser.last_turn(key),
    }  # fmt: skip
    browser.mount("gallery", data, key=key, on_chosen_change=on_chosen_change)
