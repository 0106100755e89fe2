"""Question 4 on its page: the settings, and the ends on the concave front."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.experiment.url import text_of
from backend.questions.lab import Question
from backend.questions.lab.trade_offs import TradeOffEvidence, TradeOffSettings
from backend.words import listed
from components.charts import figure as chart
from components.lab.questions import fronts, widgets

_pair = chart.cached_figure(fronts.pair, 32)
#: Offered values of STCH's μ; a link may have others.
_SMOOTHINGS = (0.01, 0.03, 0.1, 0.3, 1.0)


def summary(settings: TradeOffSettings) -> str:
    """The settings in a line."""
    return (
        f"{settings.levels} weights of each loss, {settings.starts} {'start' if settings.starts == 1 else 'starts'}, "
        f"STCH with μ = {listed(map(text_of, settings.smoothings))}, Adam at {text_of(settings.rate)}, "
        f"{settings.steps:,} steps"
    )


def show_settings(question: Question[Any, Any], settings: TradeOffSettings) -> None:
    """Draw the widgets of the settings."""
    with st.grid(4, min_column_width=150):
        widgets.number(question, "levels", "Weights of each loss", settings.levels, 1)
        widgets.number(question, "starts", "Starts", settings.starts, 1)
        widgets.number(question, "rate", "Learning rate", settings.rate, 0.001)
        widgets.number(question, "steps", "Steps", settings.steps, 100)
    offered = sorted({*_SMOOTHINGS, *settings.smoothings})
    widgets.pills(question, "smoothings", "STCH’s μ", offered, settings.smoothings, text_of)


def show(evidence: TradeOffEvidence, moment: float) -> None:
    """Draw the picture."""
    chart.show(_pair(chart.Keyed((evidence.settings, moment), evidence)), key="lab.front", alt=fronts.PAIR)
