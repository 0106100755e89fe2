"""Question 3 on its page: the settings, and for each method its path from every start."""

from __future__ import annotations

import streamlit as st

from backend.questions.lab.unstuck import QUESTION, UnstuckEvidence, UnstuckSettings
from components.charts import figure as chart
from components.lab.questions import trajectories

_panel = chart.cached_figure(trajectories.panel)
#: Pixels: four panels in a row at a desk, two on a phone.
_COLUMN = 150


def with_problem(settings: UnstuckSettings, problem: str) -> UnstuckSettings:
    """The settings published for the chosen problem, if these are published ones."""
    if settings in QUESTION.published:
        return next(each for each in QUESTION.published if each.problem == problem)
    return settings.model_copy(update={"problem": problem})


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
