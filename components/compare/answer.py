"""The answer of Compare: the verdict, a sentence on training and one on the choice, and the reasons behind "Why?"."""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.questions.compare.answer import Answer
from components.diagram.network import layers_of

#: The title of the page, of its frame and of its preview.
TITLE = "The same network?"
DIAGRAM = "compare.connectivity"


def endings_sentence(experiment: Experiment) -> str:
    """The output layers of each side, as a sentence."""
    left, right = experiment.styles()
    layers = [layers_of(experiment.architecture, style) for style in (left, right)]
    if left.key == right.key:
        return f"Both sides end in {layers[0]}."
    return f"{left.title} ends in {layers[0]}, {right.title} in {layers[1]}."


def show(found: Answer) -> None:
    """Draw the verdict and, below it, the consequences."""
    with st.container(key="compare.answer", gap="xxsmall"):
        st.header(found.lead, anchor=False)
        if found.note:
            st.markdown(found.note)
        consequences(found)


def consequences(found: Answer) -> None:
    """Draw what differs in training, which style to choose, and the reasons."""
    st.markdown("  \n".join(filter(None, (found.training, f"**{found.choice}**"))))
    with st.expander("Why?", key="compare.why", type="compact"):
        st.markdown("\n".join(f"- {sentence}" for sentence in found.why))
