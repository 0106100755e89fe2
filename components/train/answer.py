"""The answer to the page's title, computed from the run that the page shows."""

from __future__ import annotations

import streamlit as st

from backend.training.finding import answer
from components.train.run import Shown, named


def show(shown: Shown) -> None:
    """Draw the answer, or why there is none yet."""
    st.markdown(words(shown))


def words(shown: Shown) -> str:
    """The answer in Markdown, its first sentence in bold. A result of other settings is named by them."""
    run = shown.run
    if shown.foreign:
        return f"**These settings have not been trained yet.** The faint curves are a recorded run with {named(shown)}."
    if run.running:
        return "**The answer follows when the training has ended.**"
    stopped = run.run.stopped if run.run else None
    found = answer(run.experiment, run.epochs, stopped)
    first, dot, rest = found.partition(". ")
    bold = f"**{first}{'.' if dot else ''}** {rest}".strip()
    return f"Result of {named(shown)}: {bold}" if shown.differences else bold
