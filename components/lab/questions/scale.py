"""Question 1 on its page: the settings, and each head's loss relative to what it reaches alone."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.experiment.optimizers import RULES
from backend.experiment.url import text_of
from backend.questions.lab import Question, scale
from backend.questions.lab.base import MARKS
from backend.questions.lab.scale import DROWNED, FACTOR, ProblemKey, ScaleEvidence, ScaleSettings
from backend.words import counted
from components.charts import figure as chart
from components.investigations.figures import figure
from components.lab.questions import widgets
from components.session import state

_PROBLEMS: dict[ProblemKey, str] = {"kendall": "Kendall’s toy", "own": "Your network"}
#: The most epochs that are set when the visitor chooses their own network.
_EPOCHS = 10


def summary(settings: ScaleSettings) -> str:
    """The settings in a line."""
    what = "Kendall's toy"
    if settings.problem == "own":
        what = "your network"
        if settings.large is not None:
            what += f" with the targets of {settings.heads[settings.large]} × {FACTOR:g}"
    return (
        f"{what}, {RULES[settings.optimizer]} at {text_of(settings.rate)}, "
        f"{counted(settings.epochs, 'epoch')}, {settings.seeds} seeds"
    )


def show_settings(question: Question[Any, Any], settings: ScaleSettings) -> None:
    """Draw the widgets of the settings."""

    def change_problem(value: ProblemKey) -> None:
        """Load the published settings of the chosen problem: a learning rate of one does not suit the other."""
        chosen = next(each for each in question.published if each.problem == value)
        if value == "own":
            training = state.experiment().training
            rate, epochs = min(training.learning_rate, 1.0), min(training.epochs, _EPOCHS)
            chosen = chosen.model_copy(update={"rate": rate, "epochs": epochs})
        widgets.load(question, chosen)

    with st.grid(5, min_column_width=150):
        widgets.selectbox(question, "problem", "Problem", settings.problem, _PROBLEMS, change_problem)
        widgets.selectbox(question, "optimizer", "Optimizer", settings.optimizer, RULES)
        widgets.number(question, "rate", "Learning rate", settings.rate, 0.001)
        widgets.number(question, "epochs", "Epochs", settings.epochs, 10)
        widgets.number(question, "seeds", "Seeds", settings.seeds, 1)
    if settings.problem == "kendall":
        st.caption(
            "The toy: 100 points x from N(0, 1). Head a learns 2x + 8 with noise of standard deviation 10, head b "
            "learns 3x + 3 with noise of standard deviation 1. Both read one layer of 1,024 ReLU neurons."
        )


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
