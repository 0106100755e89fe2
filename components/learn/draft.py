"""Make this a step: the block of a lesson's step about what a page shows, for an author to copy from Share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from backend.lab.presets import preset_of
from backend.lessons.vocabulary import PANELS
from backend.lessons.writer import draft
from components.claims import embedded as claims
from components.lab import settings
from components.learn import lab
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


def _speed() -> str:
    """The claim about speed: a lesson has no sweep, which takes a worker for minutes."""
    return draft("claims", ("speed",), state.experiment(), "claim(speed) = true")


def _lab() -> str:
    """One part of the Lab, at first the situation that the page shows."""
    names = list(PANELS["lab"])
    current = f"{preset_of(settings.state())}_methods"
    name = st.selectbox(
        "Part of the Lab", names, index=names.index(current) if current in names else 0,
        format_func=lambda name: PANELS["lab"][name], key="share.lab",
        help="A question with its recorded answer, or a situation.",
    )  # fmt: skip
    return draft("lab", (name,), state.experiment(), lab.draft_test(name))


#: Writes the step of each page that a lesson can show, by the page's path. Its `expect` either holds for no experiment
#: or is the likely verdict: `make lesson-check` then says what is measured.
DRAFTS: Mapping[str, Callable[[], str]] = {
    "": _compare,
    "train": _train,
    "claims": _claims,
    "speed": _speed,
    "topologies": _topologies,
    "lab": _lab,
}
