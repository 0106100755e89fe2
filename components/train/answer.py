"""The answer to the page's title, computed from the run that the page shows."""

from __future__ import annotations

import streamlit as st

from backend.training.finding import answer
from components.browser.announcement import when_ended
from components.train.run import ANSWER, Shown, named

_FOLLOWS = "**The answer follows when the training has ended.**"


def show(shown: Shown) -> None:
    """Draw the answer, or why there is none yet. A screen reader reads it when the run ends."""
    said, run = words(shown), shown.run
    with st.container(key=ANSWER):  # what it holds besides the answer moves nothing below it
        st.markdown(said)
        when_ended(ANSWER, run.name, said, running=run.running)


def words(shown: Shown) -> str:
    """The answer in Markdown, its first sentence in bold. A result of other settings is named by them."""
    run = shown.run
    if shown.awaited:
        return f"{_FOLLOWS} Until its first epoch, the faint curves are {_of(shown)}."
    if shown.foreign:
        why = "**These settings have not been trained yet.**"
        if shown.stopped:
            why = _bold(answer(run.experiment, (), shown.stopped))
        return f"{why} The faint curves are a recorded run with {named(shown)}."
    if run.running:
        return _FOLLOWS
    stopped = run.run.stopped if run.run else None
    found = answer(run.experiment, run.epochs, stopped)
    return f"Result of {named(shown)}: {_bold(found)}" if shown.differences else _bold(found)


def _of(shown: Shown) -> str:
    """Which run is shown while the visitor's has no epochs."""
    if shown.run.source == "recorded":
        return f"a recorded run with {named(shown)}" if shown.foreign else "the recorded run of these settings"
    return f"your earlier run with {named(shown)}" if shown.differences else "your earlier run"


def _bold(found: str) -> str:
    """The answer with its first sentence in bold."""
    first, dot, rest = found.partition(". ")
    return f"**{first}{'.' if dot else ''}** {rest}".strip()
