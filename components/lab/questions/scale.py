"""Question 1 on its page: the settings, and each head's loss relative to what it reaches alone."""

from __future__ import annotations

import streamlit as st

from backend.questions.lab import scale
from backend.questions.lab.base import MARKS
from backend.questions.lab.scale import DROWNED, ScaleEvidence, ScaleSettings
from components.charts import figure as chart
from components.investigations.figures import figure
from components.session import state

#: The most epochs that are set when the visitor chooses their own network.
_EPOCHS = 10


def note(settings: ScaleSettings) -> str:
    """What Kendall's toy is."""
    if settings.problem == "own":
        return ""
    return (
        "The toy: 100 points x from N(0, 1). Head a learns 2x + 8 with noise of standard deviation 10, head b learns "
        "3x + 3 with noise of standard deviation 1. Both read one layer of 1,024 ReLU neurons."
    )


def with_problem(settings: ScaleSettings, problem: str) -> ScaleSettings:
    """The published settings of the chosen problem: a learning rate of one does not suit the other."""
    chosen = next(each for each in scale.QUESTION.published if each.problem == problem)
    if problem == "kendall":
        return chosen
    training = state.experiment().training
    rate, epochs = min(training.learning_rate, 1.0), min(training.epochs, _EPOCHS)
    return chosen.model_copy(update={"rate": rate, "epochs": epochs})


_picture = chart.cached_figure(lambda evidence: figure(scale.picture(evidence)), 32)


def show(evidence: ScaleEvidence, moment: float) -> None:
    """Draw the picture."""
    keyed = chart.Keyed((evidence.settings, moment), evidence)
    chart.show(_picture(keyed), key="lab.drowned", alt="Loss of each head relative to its loss alone, by method")
    heads, count = scale.drawn_heads(evidence), len(evidence.settings.heads)
    some = ""
    if len(heads) < count:
        some = f" Only {len(heads)} of {count} heads are drawn: the large one, and those that the sum harms most."
    st.caption(f"{DROWNED} {MARKS}{some}")
