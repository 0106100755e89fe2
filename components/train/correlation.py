"""The measured correlation of the tasks' targets, in words and as a figure."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from backend.experiment.architecture import Head
from backend.words import fixed, listed
from components.charts import figure as chart
from components.text import for_markdown, for_plotly
from components.theme import DIVERGING


def show(heads: tuple[Head, ...], table: np.ndarray) -> None:
    """Draw the strongest correlation in words and, for more than two tasks, all correlations in a popover."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(correlation_sentence(heads, table), width="content")
        if len(heads) > 2:
            with st.popover("All correlations", icon=":material/grid_on:"):
                chart.show(figure(heads, table), key="correlation", alt="Correlations of the tasks' targets")
                if text := caption(heads):
                    st.caption(text)


def correlation_sentence(heads: tuple[Head, ...], table: np.ndarray) -> str:
    """The measured correlation of two tasks, or of the most strongly correlated pair."""
    pairs = [(j, i) for i in range(len(heads)) for j in range(i)]
    best = max(pairs, key=lambda pair: abs(table[pair]))
    single = heads[best[0]].units == heads[best[1]].units == 1
    value = f"**{fixed(table[best], 2)}**{'' if single else ' (the two most strongly correlated units)'}"
    if len(pairs) == 1:
        return f"Measured correlation of {_pair(heads, best)}: {value}"
    return f"Most strongly correlated tasks: {_pair(heads, best)}, measured correlation {value}"


def caption(heads: tuple[Head, ...]) -> str:
    """What the numbers in the figure mean; empty if all heads have one unit."""
    if all(head.units == 1 for head in heads):
        return ""
    return (
        "Pearson's correlation, from −1 to 1. Of tasks with several units, it is that of the two units that are most "
        "strongly correlated. With few sequences, some units are correlated by chance."
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
            text=[[fixed(each, 2) for each in row] for row in table],
            texttemplate="%{text}" if len(names) <= 6 else None, hovertemplate="%{z}<extra></extra>",
            zhoverformat=".3f",
        )
    )  # fmt: skip
    drawn.update_layout(height=340, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    drawn.update_xaxes(tickvals=positions, ticktext=names, tickangle=-40)
    drawn.update_yaxes(tickvals=positions, ticktext=names, autorange="reversed")
    return drawn
