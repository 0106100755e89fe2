"""Question 2 on its page: the settings, the conflict rate by relatedness or by pair, and by epoch."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from backend.questions.lab import conflict
from backend.questions.lab.base import MARKS
from backend.questions.lab.conflict import ConflictEvidence, ConflictSettings
from components.charts import figure as chart
from components.investigations.figures import figure

_rates = chart.cached_figure(lambda evidence: figure(conflict.picture(evidence)), 32)
_epochs = chart.cached_figure(lambda evidence: figure(conflict.by_epoch(evidence)), 32)
#: Pixels of a column of pictures.
_COLUMN = 300


def unused(settings: ConflictSettings) -> Collection[str]:
    """Without the related pair, no relatedness can be set."""
    return () if settings.dial else ("rhos",)


def note(settings: ConflictSettings) -> str:
    """Why no relatedness can be set, if so."""
    if settings.dial:
        return ""
    return (
        "Your network does not have both tasks of the related pair, so no relatedness can be set. Each pair of its "
        "heads is measured."
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
