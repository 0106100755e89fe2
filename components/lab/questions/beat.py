"""Question 5 on its page: the settings, the losses beside the front of the fixed weights, and Δm with its intervals."""

from __future__ import annotations

from typing import Any, get_args

import streamlit as st

from backend.experiment.optimizers import RULES
from backend.experiment.url import text_of
from backend.questions.lab import Question, beat
from backend.questions.lab.base import MARGIN, MARKS
from backend.questions.lab.beat import DEFINITION, BeatEvidence, BeatSettings, MethodKey, ProblemKey
from backend.words import counted, listed, minus
from components.charts import figure as chart
from components.investigations.figures import figure
from components.lab.questions import beat_charts, widgets
from two_heads.weightings import METHODS

_losses = chart.cached_figure(beat_charts.losses, 32)
_delta = chart.cached_figure(lambda evidence: figure(beat.picture(evidence)), 32)
#: Pixels of a column of pictures.
_COLUMN = 330
_PROBLEMS: dict[ProblemKey, str] = {"related": "Related pair", "own": "Your network"}
#: Offered learning rates; a link may have others.
_RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
#: Epochs on a visitor's network. It is usually larger, so fewer epochs take as long.
_OWN_EPOCHS = 10


def summary(settings: BeatSettings) -> str:
    """The settings in a line."""
    if settings.problem == "related":
        problem = f"related pair, ρ = {minus(text_of(settings.relatedness))}, scale 1 : {text_of(settings.scale)}"
        optimizer = f", {RULES[settings.optimizer]}"
    else:
        problem, optimizer = "your network", ""
    return (
        f"{problem}{optimizer}, {counted(len(settings.weightings), 'fixed weighting')}, "
        f"{counted(len(settings.methods), 'method')}, rates {listed(map(text_of, settings.rates))}, "
        f"{settings.seeds} test seeds, {counted(settings.epochs, 'epoch')}"
    )


def show_settings(question: Question[Any, Any], settings: BeatSettings) -> None:
    """Draw the widgets of the settings. Those of the related pair have no effect on a visitor's network."""

    def change_problem(value: str) -> None:
        usual, less = BeatSettings().epochs, _OWN_EPOCHS
        before, after = (usual, less) if value == "own" else (less, usual)
        if settings.epochs == before:
            widgets.choose(question, "epochs", text_of(after))
        widgets.choose(question, "problem", value)

    related = settings.problem == "related"
    with st.grid(4, min_column_width=150):
        widgets.selectbox(question, "problem", "Problem", settings.problem, _PROBLEMS, change_problem)
        if related:
            widgets.number(question, "relatedness", "Relatedness ρ", settings.relatedness, 0.1)
            widgets.number(question, "scale", "Scale of head b", settings.scale, 1.0)
            widgets.selectbox(question, "optimizer", "Optimizer", settings.optimizer, RULES)
        if len(settings.heads) == 2:
            widgets.number(question, "levels", "Fixed weightings", settings.levels, 1)
        widgets.number(question, "tuning", "Tuning seeds", settings.tuning, 1)
        widgets.number(question, "seeds", "Test seeds", settings.seeds, 1)
        widgets.number(question, "samples", "Training sequences", settings.samples, 64)
        widgets.number(question, "epochs", "Epochs", settings.epochs, 5)
    architecture = settings.measured_experiment().architecture
    if (source := architecture.source).recorded:
        most = source.most_sequences(architecture.timesteps, 3) // 3
        name = source.title[0].upper() + source.title[1:]
        st.caption(
            f"{name} has {source.rows:,} {source.unit}: at most {most} sequences for each of three parts. The first "
            "trains, the next one tunes, the last one tests, in the order of time."
        )
    titles = {key: METHODS[key].title for key in get_args(MethodKey)}
    widgets.pills(question, "methods", "Methods", list(titles), settings.methods, titles.__getitem__)
    widgets.pills(question, "rates", "Learning rates", sorted({*_RATES, *settings.rates}), settings.rates, text_of)


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
