"""The chosen runs over each other: the total loss of each side, and the settings in which they differ."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from backend.database import Unavailable
from backend.experiment.differences import varying
from backend.experiment.sides import side_title
from backend.services import services
from backend.training.result import SIDES, Epoch, Side
from backend.training.store import SavedRun
from components.charts import figure as chart
from components.charts.figure import Keyed
from components.runs import settings, words
from components.runs.listing import number_badge
from components.text import for_markdown
from components.theme import run_colour, side_patterns
from components.train import curves

#: Settings that change what a total loss is, by the beginning of their titles.
_OTHER_TOTALS = (
    "Head",
    "Combination",
    "Style",
    "Compared settings",
    "Loss weights",
    "Scale of each head",
    "Noise of each head",
)
_WHERE: dict[Side, str] = {"left": "on the left", "right": "on the right"}


def show(entries: Sequence[SavedRun]) -> None:
    """Draw the overlay of the runs that the visitor has ticked; a sentence if there are none."""
    st.header("Overlay", anchor=False)
    if not entries:
        st.caption("Tick runs in the list to plot their losses in one chart.")
        return
    names = (f"{number_badge(at)} {for_markdown(words.name(entry))}" for at, entry in enumerate(entries))
    st.markdown("  \n".join(names))
    runs = [epochs for entry in entries if (epochs := _epochs(entry.id)) is not None]
    if len(runs) < len(entries):
        st.warning("The losses of some runs cannot be read. They may have been deleted.", icon=":material/error:")
        return
    with st.grid(2, min_column_width=320):
        for side in SIDES:
            _side(side, entries, runs)
    _differences(entries)


def _side(side: Side, entries: Sequence[SavedRun], runs: Sequence[Keyed]) -> None:
    at, first = SIDES.index(side), entries[0].summary.styles
    names = dict.fromkeys(entry.summary.styles[at] for entry in entries)
    title = f"{' and '.join(map(side_title, names))}, {_WHERE[side]}"
    dash = side_patterns(first)[at]
    split = settings.split()
    figure = _cached_figure(side, dash, split, settings.log_scale(), title, *runs)
    chart.show(figure, key=f"runs.{side}", alt=f"Total {split} loss of {len(entries)} runs by epoch, {_WHERE[side]}")


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
    if any(title.startswith(_OTHER_TOTALS) for title in rows):
        st.caption(
            "The heads, the styles, the compared settings, or how the losses are combined differ. So the total losses "
            "of these runs may not be comparable."
        )


def _epochs(id: str) -> Keyed | None:
    """The epochs of a run; None if they cannot be read. The last ones stay in the session."""
    known: dict[str, list[Epoch]] = st.session_state.setdefault("runs.epochs", {})
    if id not in known:
        try:
            saved_run = services().run_store.open(id)
        except Unavailable:
            return None
        if saved_run is None:
            return None
        while len(known) >= 12:
            del known[next(iter(known))]
        known[id] = saved_run[1].epochs
    return Keyed((id, len(known[id])), known[id])


def _draw(side: Side, dash: str, split: str, log: bool, title: str, *runs: Sequence[Epoch]) -> go.Figure:
    lines = [(str(number + 1), epochs, run_colour(number)) for number, epochs in enumerate(runs)]
    return curves.overlay(lines, side, dash, split, log, title)


_cached_figure = chart.cached_figure(_draw)
