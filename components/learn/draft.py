"""Make this a step: the block of a lesson's step about what a page shows, for an author to copy from Share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backend.lessons.vocabulary import PANELS
from backend.lessons.writer import draft
from components.claims import embedded as claims
from components.session import page_options, state
from components.topologies import choice


def _compare() -> str:
    """The diagram, and below it what both sides show."""
    return draft("compare", ("diagram", page_options.chosen("view")), state.experiment(), "parameters < 0")


def _train() -> str:
    return draft("train", tuple(PANELS["train"]), state.experiment(), "median(ratio) < 0")


def _claims() -> str:
    """One claim, because all do not fit into a step."""
    key = claims.menu(PANELS["claims"])
    return draft("claims", (key,), state.experiment(), f"claim({key}) = true")


def _topologies() -> str:
    key = choice.chosen().key
    return draft("topologies", (key,), state.experiment(), f"refused({key}) = true")


#: Writes the step of each page that a lesson can show, by the page's path. What it expects holds of no experiment, or
#: is the likely verdict: the check says what is measured.
DRAFTS: Mapping[str, Callable[[], str]] = {
    "": _compare,
    "train": _train,
    "claims": _claims,
    "topologies": _topologies,
}
