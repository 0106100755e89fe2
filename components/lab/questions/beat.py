"""Question 5 on its page: the settings, the losses beside the front of the fixed weights, and Δm with its intervals."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from backend.questions.lab import beat
from backend.questions.lab.base import MARGIN, MARKS
from backend.questions.lab.beat import DEFINITION, BeatEvidence, BeatSettings
from components.charts import figure as chart
from components.investigations.figures import figure
from components.lab.questions import beat_charts

_losses = chart.cached_figure(beat_charts.losses, 32)
_delta = chart.cached_figure(lambda evidence: figure(beat.picture(evidence)), 32)
#: Pixels of a column of pictures.
_COLUMN = 330
#: Epochs on a visitor's network. It is usually larger, so fewer epochs take as long.
_OWN_EPOCHS = 10


def unused(settings: BeatSettings) -> Collection[str]:
    """The settings of the related pair have no effect on a visitor's network, nor has a sweep of two weights."""
    of_pair = () if settings.problem == "related" else ("relatedness", "scale", "optimizer")
    return of_pair if len(settings.heads) == 2 else (*of_pair, "levels")


def note(settings: BeatSettings) -> str:
    """How the sequences of a recording are divided."""
    architecture = settings.measured_experiment().architecture
    source = architecture.source
    if not source.recorded:
        return ""
    most = source.most_sequences(architecture.timesteps, 3) // 3
    name = source.title[0].upper() + source.title[1:]
    return (
        f"{name} has {source.rows:,} {source.unit}: at most {most} sequences for each of three parts. The first "
        "trains, the next one tunes, the last one tests, in the order of time."
    )


def with_problem(settings: BeatSettings, problem: str) -> BeatSettings:
    """The chosen problem, with its usual number of epochs if that of the other one is chosen."""
    usual, less = BeatSettings().epochs, _OWN_EPOCHS
    before, after = (usual, less) if problem == "own" else (less, usual)
    epochs = after if settings.epochs == before else settings.epochs
    return settings.model_copy(update={"problem": problem, "epochs": epochs})


def show(evidence: BeatEvidence, moment: float) -> None:
    """Draw both pictures and what they compare."""
    st.markdown(DEFINITION)
    keyed = chart.Keyed((evidence.settings, moment), evidence)
    with st.grid(2, min_column_width=_COLUMN):
        with st.container():
            chart.show(_losses(keyed), key="lab.beat.losses", alt=beat_charts.LOSSES)
            st.caption(_about_losses(evidence))
        with st.container():
            chart.show(_delta(keyed), key="lab.beat.delta", alt=beat_charts.alt(evidence))
            st.caption(f"{MARKS} A difference within {100 * MARGIN:.0f} % counts as none.")


def _about_losses(evidence: BeatEvidence) -> str:
    if len(evidence.settings.heads) == 2:
        first, second = evidence.settings.heads
        return (
            "The losses of each head are geometric means over the test seeds; lower is better. A circle is a weighting "
            f"{first} : {second}, and the filled circle is the tuned one. A × is a weighting that another one beat on "
            "both losses in tuning. The line joins the others: the front of the fixed weights."
        )
    return (
        "A line shows the median loss of each head, divided by that of the tuned fixed weights (1); lower is "
        "better. Thin lines are the fixed weightings."
    )
