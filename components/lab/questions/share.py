"""Question 6 on its page: the settings, the change of the loss for each network, and what each head takes."""

from __future__ import annotations

import streamlit as st

from backend.questions.lab import share
from backend.questions.lab.base import MARKS
from backend.questions.lab.share import ShareEvidence
from components.charts import figure as chart
from components.investigations.figures import figure
from components.lab.questions import sharing_charts

_changes = chart.cached_figure(lambda evidence: figure(share.picture(evidence)), 32)
_shares = chart.cached_figure(sharing_charts.shares)
#: Pixels of a column of heat maps.
_COLUMN = 240
_CAPTIONS = {
    "cross_stitch": "α: how much each head takes from the towers a and b, after the first layer (1) and after the "
    "second (2), mean over the seeds. They start at 0.9 and 0.1.",
    "mmoe": "Gates: mean over the validation sequences. Seeds number their experts differently, so this is one seed.",
    "cgc": "Gates: mean over the validation sequences and the seeds. A head cannot use the other head’s own expert.",
}


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
