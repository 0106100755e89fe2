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
    run, differences = shown.run, differences_words(shown)
    if shown.awaited:
        return f"{FOLLOWS} Until its first epoch, the faint curves are those of another run."
    if shown.foreign:
        return f"**These settings have no result yet.** The faint curves are a recorded run with {differences}."
    if run.running:
        return f"{FOLLOWS} It has {differences}." if differences else FOLLOWS
    sentence = _bold(answer(run.experiment, run.epochs, run.run.stopped if run.run else None))
    return f"Result of {differences}: {sentence}" if differences else sentence


def _bold(sentence: str) -> str:
    """The answer with its first sentence in bold."""
    first, dot, rest = sentence.partition(". ")
    return f"**{first}{'.' if dot else ''}** {rest}".strip()
