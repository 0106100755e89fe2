"""The measured correlation of the tasks' targets, in words and as a figure."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from backend.experiment.architecture import Head
from backend.experiment.correlation import SEQUENCES_A_COLUMN, sequences_needed
from backend.words import fixed, listed
from components.charts import figure as chart
from components.text import for_markdown, for_plotly
from components.theme import DIVERGING


def show(heads: tuple[Head, ...], table: np.ndarray, samples: int) -> None:
    """Draw the strongest correlation in words and, for more than two tasks, all correlations in a popover."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(correlation_sentence(heads, table, samples), width="content")
        if len(heads) > 2:
            with st.popover("All correlations", icon=":material/grid_on:"):
                chart.show(figure(heads, table), key="correlation", alt="Correlations of the tasks' targets")
                if text := caption(heads, table):
                    st.caption(text)


def correlation_sentence(heads: tuple[Head, ...], table: np.ndarray, samples: int) -> str:
    """The measured correlation of two tasks, or of the most strongly correlated pair; or why there is none."""
    pairs = [(j, i) for i in range(len(heads)) for j in range(i)]
    measured = [pair for pair in pairs if np.isfinite(table[pair])]
    if not measured:
        fewest = min(sequences_needed(heads[i].units, heads[j].units) for i, j in pairs)
        one = len(pairs) == 1
        which = f"The canonical correlation of {_pair(heads, pairs[0])}" if one else "A canonical correlation"
        return (
            f"{which} needs {'' if one else 'at least '}{fewest:,} sequences ({SEQUENCES_A_COLUMN} for each unit of "
            f"the two tasks), but there are only {samples:,}."
        )
    best = max(measured, key=lambda pair: abs(table[pair]))
    single = heads[best[0]].units == heads[best[1]].units == 1
    kind, value = "correlation" if single else "canonical correlation", f"**{fixed(table[best], 2)}**"
    if len(pairs) == 1:
        return f"Measured {kind} of {_pair(heads, best)}: {value}"
    enough = f" among the {len(measured)} of {len(pairs)} pairs with enough sequences"
    among = "" if len(measured) == len(pairs) else enough
    return f"Most strongly correlated tasks{among}: {_pair(heads, best)}, measured {kind} {value}"


def caption(heads: tuple[Head, ...], table: np.ndarray) -> str:
    """What the numbers in the figure mean; empty if all are Pearson's correlations."""
    if all(head.units == 1 for head in heads):
        return ""
    empty = f" A cell is empty if there are fewer than {SEQUENCES_A_COLUMN} sequences for each unit of its two tasks."
    return (
        "Two tasks of one unit each: Pearson's correlation, from −1 to 1. All other pairs: the first canonical "
        "correlation, from 0 to 1. It correlates weighted sums of the units. The weights are fitted on three quarters "
        "of the sequences and tested on the other quarter. Each quarter is used once for the test."
        f"{empty if np.isnan(table).any() else ''}"
    )


def _pair(heads: tuple[Head, ...], pair: tuple[int, int]) -> str:
    return listed(for_markdown(heads[at].title) for at in pair)


def figure(heads: tuple[Head, ...], table: np.ndarray) -> go.Figure:
    """The measured correlation of the targets of each pair of tasks."""
    names = [for_plotly(head.title, 16) for head in heads]
    positions = list(range(len(names)))
    drawn = go.Figure(
        go.Heatmap(
            z=table, x=positions, y=positions, zmin=-1, zmax=1, colorscale=DIVERGING, showscale=False, xgap=2, ygap=2,
            text=[[fixed(each, 2) if np.isfinite(each) else "" for each in row] for row in table],
            texttemplate="%{text}" if len(names) <= 6 else None, hovertemplate="%{z}<extra></extra>",
            zhoverformat=".3f",
        )
    )  # fmt: skip
    drawn.update_layout(height=340, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    drawn.update_xaxes(tickvals=positions, ticktext=names, tickangle=-40)
    drawn.update_yaxes(tickvals=positions, ticktext=names, autorange="reversed")
    return drawn
