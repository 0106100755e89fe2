"""The answer to the page's title, computed from the run that the page shows."""

from __future__ import annotations

import streamlit as st

from backend.training.finding import answer
from components.browser.announcement import announce_end
from components.train.run import ANSWER, ShownRun, differences_words

FOLLOWS = "**The answer follows when the training has ended.**"


def show(shown: ShownRun) -> None:
    """Draw the answer, or why there is none yet. A screen reader reads it when the run ends."""
    sentence, run = answer_sentence(shown), shown.run
    with st.container(key=ANSWER):  # its announcement moves nothing below it
        st.markdown(sentence)
        announce_end(ANSWER, run.name, sentence, running=run.running)


def answer_sentence(shown: ShownRun) -> str:
    """The answer in Markdown, its first sentence in bold. For a run of other settings, it says how they differ."""
    run = shown.run
    if shown.awaited:
        return f"{FOLLOWS} Until its first epoch, the faint curves are {_shown_run_words(shown)}."
    if shown.foreign:
        why = "**These settings have not been trained yet.**"
        if shown.stopped:
            why = _bold(answer(run.experiment, (), shown.stopped))
        return f"{why} The faint curves are a recorded run with {differences_words(shown)}."
    if run.running:
        return FOLLOWS
    stopped = run.run.stopped if run.run else None
    sentence = answer(run.experiment, run.epochs, stopped)
    return f"Result of {differences_words(shown)}: {_bold(sentence)}" if shown.differences else _bold(sentence)


def _shown_run_words(shown: ShownRun) -> str:
    """Which run is shown while the visitor's run has no epochs."""
    if shown.run.source == "recorded":
        return (
            f"a recorded run with {differences_words(shown)}" if shown.foreign else "the recorded run of these settings"
        )
    return f"your earlier run with {differences_words(shown)}" if shown.differences else "your earlier run"


def _bold(sentence: str) -> str:
    """The answer with its first sentence in bold."""
    first, dot, rest = sentence.partition(". ")
    return f"**{first}{'.' if dot else ''}** {rest}".strip()
