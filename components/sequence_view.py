"""Some of the sequences with their targets, and what the tasks have in common."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from backend.architecture import Architecture, Head
from backend.experiment import Experiment
from backend.sequences import Sequences, correlations, draw
from components import chart
from components.text import for_markdown, for_plotly
from components.theme import DIVERGING, NEUTRAL, translucent

SHOWN = 4
_FEATURES = 3
_HEADS = 8


def show(experiment: Experiment) -> None:
    """Draw a few sequences, the targets below each, and the correlations at the side."""
    architecture = experiment.architecture
    x, y, table = _drawn(architecture.model_dump_json(), experiment.sequences.model_dump_json())
    several = len(architecture.heads) > 1
    left, right = st.columns([3, 1.2]) if several else (st.container(), None)
    with left:
        alt = f"{SHOWN} of {experiment.sequences.samples} sequences over {architecture.timesteps} timesteps"
        chart.show(sequences_figure(x, experiment), key="sequences", alt=alt)
        st.table(targets_table(architecture, y))
    if right is not None:
        with right:
            figure = correlation_figure(architecture.heads, table)
            chart.show(figure, key="correlation", alt="Correlation between the tasks' targets")


@st.cache_data(max_entries=64, show_spinner=False)
def _drawn(architecture: str, sequences: str) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """The first sequences, their targets, and the correlations over all of them."""
    drawn = draw(Architecture.model_validate_json(architecture), Sequences.model_validate_json(sequences))
    some = {name: values[:SHOWN].copy() for name, values in drawn.y.items()}
    return drawn.x[:SHOWN].copy(), some, correlations(drawn.y)


def sequences_figure(x: np.ndarray, experiment: Experiment) -> go.Figure:
    """The first sequences side by side, a line a feature."""
    figure = make_subplots(1, len(x), shared_yaxes=True, horizontal_spacing=0.02)
    steps = list(range(1, x.shape[1] + 1))
    features = min(x.shape[2], _FEATURES)
    for i, sequence in enumerate(x, start=1):
        for j in range(features):
            figure.add_scatter(
                x=steps, y=sequence[:, j], row=1, col=i, name=f"feature {j + 1}", showlegend=i == 1,
                line={"color": translucent(NEUTRAL, 1 - 0.3 * j), "width": 2 - 0.3 * j}, mode="lines+markers",
                marker={"size": 4}, hovertemplate="t = %{x}: %{y:.2f}",
            )  # fmt: skip
    more = f" (the first {features} of {x.shape[2]} features)" if x.shape[2] > features else ""
    title = f"{len(x)} of {experiment.sequences.samples:,} sequences; every task reads the same ones{more}"
    figure.update_layout(
        title={"text": title, "font": {"size": 15}, "x": 0, "xanchor": "left"},
        height=200,
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        legend={"orientation": "h", "yanchor": "top", "y": -0.2, "x": 0},
        uirevision="sequences",
    )
    figure.update_xaxes(title_text="timestep", title_standoff=4, nticks=6)
    return figure


def targets_table(architecture: Architecture, y: dict[str, np.ndarray]) -> pd.DataFrame:
    """A row a task, a column a sequence."""
    heads = architecture.heads[:_HEADS]
    table = pd.DataFrame(
        {f"Sequence {i + 1}": [_target(head, y[head.name][i]) for head in heads] for i in range(SHOWN)},
        index=[for_markdown(head.title) for head in heads],
    )
    table.index.name = "Target" if len(heads) == len(architecture.heads) else f"First {_HEADS} targets"
    return table


def _target(head: Head, value: np.ndarray) -> str:
    if head.spec.kind == "multiclass":
        return f"class {int(value.argmax())}"
    if head.spec.kind == "binary":
        return ", ".join("yes" if v else "no" for v in value[:4]) + (", …" if value.size > 4 else "")
    return ", ".join(f"{v:.2f}" for v in value[:4]) + (", …" if value.size > 4 else "")


def correlation_figure(heads: tuple[Head, ...], table: np.ndarray) -> go.Figure:
    """The measured correlation of each two tasks' targets."""
    names = [for_plotly(head.title, 16) for head in heads]
    positions = list(range(len(names)))
    figure = go.Figure(
        go.Heatmap(
            z=table,
            x=positions,
            y=positions,
            zmin=-1,
            zmax=1,
            colorscale=DIVERGING,
            showscale=False,
            xgap=2,
            ygap=2,
            texttemplate="%{z:.2f}" if len(names) <= 6 else None,
            hovertemplate="%{z:.3f}<extra></extra>",
        )
    )
    pair = f"{table[0, 1]:.2f}" if len(names) == 2 else ""
    figure.update_layout(
        title={"text": f"Measured correlation {pair}", "font": {"size": 15}, "x": 0, "xanchor": "left"},
        height=320,
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
    )
    figure.update_xaxes(tickvals=positions, ticktext=names, tickangle=-40 if len(names) > 3 else 0)
    figure.update_yaxes(tickvals=positions, ticktext=names, autorange="reversed")
    return figure
