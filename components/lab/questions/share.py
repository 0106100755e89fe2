"""Question 6 on its page: the settings, the change of the loss for each network, and what each head takes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.experiment.url import text_of
from backend.lab.sharing.models import MODELS
from backend.questions.lab import Question, share
from backend.questions.lab.base import MARKS
from backend.questions.lab.share import ShareEvidence, ShareSettings
from backend.words import listed, minus
from components.charts import figure as chart
from components.investigations.figures import figure
from components.lab.questions import sharing_charts, widgets

_changes = chart.cached_figure(lambda evidence: figure(share.picture(evidence)), 32)
_shares = chart.cached_figure(sharing_charts.shares)
#: Pixels of a column of heat maps.
_COLUMN = 240
#: Offered values; a link may have others.
_LEVELS, _RATES = (0.0, 0.25, 0.5, 0.75, 1.0), (0.001, 0.003, 0.01, 0.03)
_CAPTIONS = {
    "cross_stitch": "α: how much each head takes from the towers a and b, after the first layer (1) and after the "
    "second (2), mean over the seeds. They start at 0.9 and 0.1.",
    "mmoe": "Gates: mean over the validation sequences. Seeds number their experts differently, so this is one seed.",
    "cgc": "Gates: mean over the validation sequences and the seeds. A head cannot use the other head’s own expert.",
}


def summary(settings: ShareSettings) -> str:
    """The settings in a line."""
    networks = listed(MODELS[key].title for key in settings.keys)
    return (
        f"{networks}; ρ = {listed(minus(f'{each:g}') for each in settings.levels)}; {settings.samples:,} sequences, "
        f"noise {settings.noise:g}, {settings.seeds} seeds"
    )


def show_settings(question: Question[Any, Any], settings: ShareSettings) -> None:
    """Draw the widgets of the settings."""
    with st.grid(4, min_column_width=150):
        widgets.number(question, "samples", "Training sequences", settings.samples, 32)
        widgets.number(question, "noise", "Noise", settings.noise, 0.1)
        widgets.number(question, "units", "Units", settings.units, 1)
        widgets.number(question, "epochs", "Most epochs", settings.epochs, 1)
        widgets.number(question, "seeds", "Seeds", settings.seeds, 1)
    levels = sorted({*_LEVELS, *settings.relatedness})
    widgets.pills(question, "relatedness", "Relatedness ρ", levels, settings.relatedness, text_of)
    rates = sorted({*_RATES, *settings.rates})
    widgets.pills(question, "rates", "Learning rates", rates, settings.rates, text_of)
    others = [key for key in MODELS if key not in ("separate", "hard")]
    widgets.pills(
        question, "models", "Networks beside hard sharing", others, settings.models, lambda key: MODELS[key].title
    )


def show(evidence: ShareEvidence, moment: float) -> None:
    """Draw the changes of the loss, then a heat map for each network that has gates or α."""
    name = (evidence.settings, moment)
    chart.show(
        _changes(chart.Keyed(name, evidence)), key="lab.share.changes",
        alt="Change of the validation loss against separate networks, with its interval, for each network and ρ",
    )  # fmt: skip
    st.caption(
        "The change of the loss is Δm: the mean over both heads, in each seed, of the relative change against the "
        f"separate networks. {MARKS} At ρ = 1 both heads have the same target. At ρ = 0 their targets come from "
        "uncorrelated sums."
    )
    with st.grid(3, min_column_width=_COLUMN):
        for key in evidence.settings.keys[2:]:
            with st.container():
                title = sharing_charts.shares_title(key)
                chart.show(
                    _shares(chart.Keyed((*name, key), evidence), key), key=f"lab.share.{key}",
                    alt=f"{title}: what each head takes from each part, for each ρ",
                )  # fmt: skip
                st.caption(_CAPTIONS[key])
