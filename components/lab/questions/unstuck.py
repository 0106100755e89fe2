"""Question 3 on its page: the settings, and for each method its path from every start."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.experiment.optimizers import RULES
from backend.experiment.url import text_of
from backend.lab.problems import PROBLEMS
from backend.questions.lab import Question
from backend.questions.lab.unstuck import BALANCERS, REMOVERS, ProblemKey, UnstuckEvidence, UnstuckSettings
from components.charts import figure as chart
from components.lab.questions import trajectories, widgets
from two_heads.weightings import AGGREGATORS, SCALARIZERS

_panel = chart.cached_figure(trajectories.panel)
#: Pixels: four panels in a row at a desk, two on a phone.
_COLUMN = 150
#: Short enough for a menu on a phone.
_PROBLEMS: dict[ProblemKey, str] = {"famo_toy": "FAMO’s valleys", "cagrad_toy": "CAGrad’s valleys"}


def summary(settings: UnstuckSettings) -> str:
    """The settings in a line."""
    methods = len(settings.methods)
    return (
        f"{PROBLEMS[settings.problem].title}, the mean and {methods} {'method' if methods == 1 else 'methods'}, "
        f"{RULES[settings.optimizer]} at {text_of(settings.rate)}, {settings.steps:,} steps"
    )


def show_settings(question: Question[Any, Any], settings: UnstuckSettings) -> None:
    """Draw the widgets of the settings."""

    def change_problem(value: ProblemKey) -> None:
        """Choose the problem. If the current settings are published ones, load those that are published for it."""
        published = next(each for each in question.published if each.problem == value)
        if settings in question.published:
            widgets.load(question, published)
        else:
            widgets.choose(question, "problem", value)

    with st.grid(4, min_column_width=150):
        widgets.selectbox(question, "problem", "Problem", settings.problem, _PROBLEMS, change_problem)
        widgets.selectbox(question, "optimizer", "Optimizer", settings.optimizer, RULES)
        widgets.number(question, "rate", "Learning rate", settings.rate, 0.001)
        widgets.number(question, "steps", "Steps", settings.steps, 1000)
    methods = [*BALANCERS, *REMOVERS]
    titles = {key: (AGGREGATORS.get(key) or SCALARIZERS[key]).title for key in methods}
    widgets.pills(question, "methods", "Methods beside the mean", list(methods), settings.methods, titles.__getitem__)


def show(evidence: UnstuckEvidence, moment: float) -> None:
    """Draw a panel for each method."""
    st.markdown("**The path of each method from every start**")
    with st.grid(4, min_column_width=_COLUMN, gap="small"):
        for runs in evidence.runs:
            arrivals = trajectories.arrival_words(runs)
            with st.container(gap=None):
                st.markdown(f"**{runs.title}**  \n:small[{arrivals}]")
                keyed = [chart.Keyed((evidence.settings, moment, runs.key), each) for each in (evidence, runs)]
                chart.plot(
                    _panel(*keyed), key=f"lab.trajectories.{runs.key}",
                    alt=f"{runs.title}: paths over the contour of the mean loss. {arrivals}",
                )  # fmt: skip
    st.caption(
        "x₁ is to the right, x₂ upwards. Thin lines join points of equal mean loss; the shade is stronger where it is "
        "lower. A small ring with a number is a start. A run that has arrived on the front (the thick line) ends "
        "in ●. Any other run ends in ✕ with the number of its start."
    )
