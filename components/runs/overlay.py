"""The chosen runs over each other: the total losses of both sides, and the settings in which they differ."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from backend.database import Unavailable
from backend.experiment.differences import varying
from backend.services import services
from backend.training.result import Epoch
from backend.training.store import SavedRun
from components.charts import figure as chart
from components.charts.figure import Keyed
from components.runs import words
from components.runs.listing import number_badge
from components.text import for_markdown
from components.train import curves

_TITLE = "Total losses: validation losses where there are any"


def show(entries: Sequence[SavedRun]) -> None:
    """Draw the overlay of the runs that the visitor has ticked; a sentence if there are none."""
    st.header("Overlay", anchor=False)
    if not entries:
        st.caption("Tick runs in the list to plot their losses in one chart.")
        return
    names = (f"{number_badge(at)} {for_markdown(words.name(entry))}" for at, entry in enumerate(entries))
    st.markdown("  \n".join(names))
    runs = [run for entry in entries if (run := _epochs(entry)) is not None]
    if len(runs) < len(entries):
        st.warning("The losses of some runs cannot be read. They may have been deleted.", icon=":material/error:")
        return
    chart.show(_cached_figure(*runs), key="runs.overlay", alt=f"Total losses of {len(entries)} runs by epoch")
    _differences(entries)


def _differences(entries: Sequence[SavedRun]) -> None:
    if len(entries) < 2:
        return
    rows = varying([entry.experiment for entry in entries])
    if not rows:
        st.caption("These runs have equal settings. They were trained with different versions.")
        return
    st.markdown("**What differs between these runs**")
    names = [f"{number + 1}" for number in range(len(entries))]
    st.table(
        {"Setting": list(rows)} | {name: [values[at] for values in rows.values()] for at, name in enumerate(names)}
    )
    st.caption("With other heads, styles or ways to combine losses, total losses may not be comparable.")


def _epochs(entry: SavedRun) -> Keyed | None:
    """The sides of a run and its epochs; None if they cannot be read. The last ones stay in the session."""
    known: dict[str, list[Epoch]] = st.session_state.setdefault("runs.epochs", {})
    if entry.id not in known:
        try:
            saved_run = services().run_store.open(entry.id)
        except Unavailable:
            return None
        if saved_run is None:
            return None
        while len(known) >= 12:
            del known[next(iter(known))]
        known[entry.id] = saved_run[1].epochs
    return Keyed((entry.id, len(known[entry.id])), (entry.summary.styles, known[entry.id]))


@chart.cached_figure
def _cached_figure(*runs: tuple[tuple[str, str], Sequence[Epoch]]) -> go.Figure:
    return curves.overlay(runs, _TITLE)
