"""Question 2 on its page: the settings, the conflict rate by relatedness or by pair, and by epoch."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.url import text_of
from backend.questions.lab import Question, conflict
from backend.questions.lab.base import MARKS
from backend.questions.lab.conflict import ConflictEvidence, ConflictSettings, ProblemKey
from backend.words import counted, listed, minus
from components.charts import figure as chart
from components.investigations.figures import figure
from components.lab.questions import widgets

_rates = chart.cached_figure(lambda evidence: figure(conflict.picture(evidence)), 32)
_epochs = chart.cached_figure(lambda evidence: figure(conflict.by_epoch(evidence)), 32)
#: Pixels of a column of pictures.
_COLUMN = 300
_PROBLEMS: dict[ProblemKey, str] = {"related": "Related pair", "own": "Your network"}
#: Offered values of ρ; a link may have others.
_RHOS = (-1.0, -0.5, 0.0, 0.25, 0.5, 0.75, 1.0)


def summary(settings: ConflictSettings) -> str:
    """The settings in a line."""
    what = "the related pair" if settings.problem == "related" else "your network"
    dial = f" at ρ = {listed(_text(rho) for rho in settings.rhos)}" if settings.dial else ""
    training = settings.experiment.training
    return (
        f"{what}{dial}, {OPTIMIZERS[training.optimizer].title} at {text_of(training.learning_rate)}, "
        f"{counted(settings.epochs, 'epoch')}, {settings.seeds} seeds"
    )


def show_settings(question: Question[Any, Any], settings: ConflictSettings) -> None:
    """Draw the widgets of the settings."""
    with st.grid(3, min_column_width=150):
        widgets.selectbox(question, "problem", "Problem", settings.problem, _PROBLEMS)
        widgets.number(question, "epochs", "Epochs", settings.epochs, 1)
        widgets.number(question, "seeds", "Seeds", settings.seeds, 1)
    if settings.dial:
        offered = sorted({*_RHOS, *settings.rhos})
        widgets.pills(question, "rhos", "Relatedness ρ", offered, settings.rhos, _text)
    else:
        st.caption(
            "Your network does not have both tasks of the related pair, so no relatedness can be set. Each pair "
            "of its heads is measured."
        )


def show(evidence: ConflictEvidence, moment: float) -> None:
    """Draw the rate of each seed, and the rate over the epochs."""
    keyed = chart.Keyed((evidence.settings, moment), evidence)
    with st.grid(2, min_column_width=_COLUMN):
        with st.container():
            chart.show(_rates(keyed), key="lab.conflicts.rates", alt="Share of the batches in conflict, with intervals")
        with st.container():
            chart.show(_epochs(keyed), key="lab.conflicts.epochs", alt="Share of the batches in conflict, by epoch")
    drawn, count = len(conflict.drawn_series(evidence)), len(evidence.series)
    some = f" Only {drawn} of {count} pairs are drawn: those that conflict most often." if drawn < count else ""
    st.caption(
        f"{MARKS} A value is the mean over the measured epochs after the start. By epoch, a line is the median of the "
        f"seeds.{some}"
    )


def _text(rho: float) -> str:
    return minus(text_of(rho))
