"""The answer to the page's title, computed from the run that the page shows: one sentence, and its reasons."""

from __future__ import annotations

import streamlit as st

from backend.training.finding import Answer, answer
from backend.training.loss_ratio import explanation
from backend.words import shortened
from components.browser.announcement import announce_end
from components.train import outcome
from components.train.run import ANSWER, ShownRun

FOLLOWS = "**The answer follows when the training has ended.**"
#: How many settings of another run are named.
_MOST_NAMED = 2


def show(shown: ShownRun) -> None:
    """Draw the answer, or why there is none yet. A screen reader reads it when the run ends."""
    found = answer_of(shown)
    run = shown.run
    with st.container(key=ANSWER, horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        st.markdown(found.sentence, width="content")
        if found.why:
            why = st.popover("Why?", type="tertiary", key="train.why", on_change="rerun")
            if why.open:
                with why, st.container(width=460):
                    st.markdown(found.why)
        announce_end(ANSWER, run.name, found.sentence, running=run.running)


def answer_of(shown: ShownRun) -> Answer:
    """The answer in Markdown, in bold, and why. For a run of other settings, the sentence says how they differ."""
    run, differences = shown.run, shortened(shown.differences, _MOST_NAMED)
    if shown.awaited:
        return Answer(f"{FOLLOWS} Until its first epoch, the faint curves are those of another run.", "")
    if run.running:
        return Answer(f"{FOLLOWS} It has {differences}." if differences else FOLLOWS, "")
    found = answer(run.experiment, run.epochs, run.run.stopped if run.run else None)
    how = outcome.caption(run)
    if differences:
        whose = "a recorded run" if shown.foreign else "your run"
        sentence = f"**These settings have no result yet.** The faint curves are {whose} with {differences}."
        return Answer(sentence, f"Its result: {found}\n\n{how}".strip())
    parts = [found.why, explanation(run.experiment), how]
    return Answer(f"**{found.sentence}**", "\n\n".join(filter(None, parts)))
