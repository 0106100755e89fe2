"""Four sequences with their targets, and the correlation of the tasks' targets."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.correlation import SEQUENCES_A_COLUMN, columns_needed, correlations
from backend.experiment.dataset import Sequences, generate
from backend.words import listed, short, shortened
from components.charts import figure as chart
from components.text import for_markdown, for_plotly
from components.theme import DIVERGING, NEUTRAL, task_hue, translucent

SHOWN = 4
_FEATURES = 3
_TARGETS = 3
_GAP = 0.02

Targets = dict[str, np.ndarray]


def show(experiment: Experiment) -> None:
    """Draw a few sequences with their targets below, and the correlation of the tasks in words."""
    architecture = experiment.architecture
    shape = architecture.model_copy(update={"lstm": (1,), "dense": ()})  # the trunk does not affect the data
    *_, table = sample(shape, experiment.sequences)
    alt = f"{SHOWN} of {experiment.sequences.samples:,} sequences over {architecture.timesteps} timesteps, with targets"
    chart.show(cached_sequences(shape, experiment.sequences), key="sequences", alt=alt)
    heads = architecture.heads
    if len(heads) < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(correlation_words(heads, table, experiment.sequences.samples), width="content")
        if len(heads) > 2:
            with st.popover("All correlations", icon=":material/grid_on:"):
                chart.show(
                    correlation_figure(heads, table), key="correlation", alt="Correlations of the tasks' targets"
                )
                if caption := correlation_caption(heads, table):
                    st.caption(caption)


@lru_cache(maxsize=256)
def sample(architecture: Architecture, sequences: Sequences) -> tuple[np.ndarray, Targets, np.ndarray]:
    """The first sequences, their targets, and the correlations over all of them: made once for all visitors."""
    dataset = generate(architecture, sequences)
    some = {name: values[:SHOWN].copy() for name, values in dataset.y.items()}  # copies: not to keep all of them
    return dataset.x[:SHOWN].copy(), some, correlations(dataset.y)


@chart.cached_figure
def cached_sequences(architecture: Architecture, sequences: Sequences) -> go.Figure:
    """The figure of the first sequences, drawn once for all visitors."""
    x, y, _ = sample(architecture, sequences)
    return sequences_figure(x, y, Experiment(architecture=architecture, sequences=sequences))


def sequences_figure(x: np.ndarray, y: dict[str, np.ndarray], experiment: Experiment) -> go.Figure:
    """The first sequences side by side, a line a feature, each task's target below."""
    heads = experiment.architecture.heads
    steps = np.arange(1, x.shape[1] + 1)
    features = min(x.shape[2], _FEATURES)
    width = (1 - _GAP * (len(x) - 1)) / len(x)
    lines, axes = [], {}
    for i, sequence in enumerate(x):
        axis = str(i + 1) if i else ""
        for j in range(features):
            lines.append(
                {
                    "type": "scatter", "x": steps, "y": sequence[:, j], "xaxis": f"x{axis}", "yaxis": f"y{axis}",
                    "name": f"feature {j + 1}", "showlegend": False, "mode": "lines+markers", "marker": {"size": 4},
                    "line": {"color": translucent(NEUTRAL, 1 - 0.3 * j), "width": 2 - 0.3 * j},
                    "hovertemplate": "t = %{x}: %{y:.2f}",
                }
            )  # fmt: skip
        below = {"text": _targets(heads, y, i), "standoff": 6, "font": {"size": 12}}
        start = i * (width + _GAP)
        axes[f"xaxis{axis}"] = {
            "anchor": f"y{axis}",
            "domain": [start, start + width],
            "title": below,
        } | chart.integer_axis(len(steps))
        shared = {"matches": "y", "showticklabels": False} if i else {}
        axes[f"yaxis{axis}"] = {"anchor": f"x{axis}", "domain": [0, 1], **shared}
    more = f" ({features} of {x.shape[2]} features shown)" if x.shape[2] > features else ""
    title = f"Four of the {experiment.sequences.samples:,} sequences, with their targets{more}"
    layout = {
        **axes,
        "meta": title,
        "height": 165 + 18 * min(len(heads), _TARGETS + 1),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "uirevision": "sequences",
    }
    return chart.unchecked_figure(lines, layout)


def _targets(heads: tuple[Head, ...], y: dict[str, np.ndarray], i: int) -> str:
    """The targets of sequence `i` below its plot, one per line."""
    lines = [
        f'<span style="color:{task_hue(k)}">■</span> {for_plotly(head.title, 14)} {_target(head, y[head.name][i])}'
        for k, head in enumerate(heads[:_TARGETS])
    ]
    return "<br>".join([*lines, f"… {len(heads) - _TARGETS} more"] if len(heads) > _TARGETS else lines)


def correlation_words(heads: tuple[Head, ...], table: np.ndarray, samples: int) -> str:
    """The measured correlation of two tasks, or of the most strongly correlated pair; or why there is none."""
    pairs = [(j, i) for i in range(len(heads)) for j in range(i)]
    measured = [pair for pair in pairs if np.isfinite(table[pair])]
    if not measured:
        fewest = min(columns_needed(heads[i].units, heads[j].units) for i, j in pairs)
        one = len(pairs) == 1
        which = f"The canonical correlation of {_pair(heads, pairs[0])}" if one else "A canonical correlation"
        return (
            f"{which} needs {'' if one else 'at least '}{fewest:,} sequences ({SEQUENCES_A_COLUMN} for each unit of "
            f"the two tasks), but there are only {samples:,}."
        )
    best = max(measured, key=lambda pair: abs(table[pair]))
    single = heads[best[0]].units == heads[best[1]].units == 1
    kind, value = "correlation" if single else "canonical correlation", f"**{table[best]:.2f}**"
    if len(pairs) == 1:
        return f"Measured {kind} of {_pair(heads, best)}: {value}"
    enough = f" among the {len(measured)} of {len(pairs)} pairs with enough sequences"
    among = "" if len(measured) == len(pairs) else enough
    return f"Most strongly correlated tasks{among}: {_pair(heads, best)}, measured {kind} {value}"


def correlation_caption(heads: tuple[Head, ...], table: np.ndarray) -> str:
    """What the numbers in the figure mean; empty where all are Pearson's correlations."""
    if all(head.units == 1 for head in heads):
        return ""
    empty = (
        f" A cell is empty where there are fewer than {SEQUENCES_A_COLUMN} sequences for each unit of its two tasks."
    )
    return (
        "Two tasks of one unit each: Pearson's correlation, from −1 to 1. All other pairs: the first canonical "
        "correlation, from 0 to 1. It correlates weighted sums of the units. The weights are fitted on three quarters "
        "of the sequences and tested on the last quarter; each quarter is the tested one once."
        f"{empty if np.isnan(table).any() else ''}"
    )


def _pair(heads: tuple[Head, ...], pair: tuple[int, int]) -> str:
    return listed(for_markdown(heads[at].title) for at in pair)


def correlation_figure(heads: tuple[Head, ...], table: np.ndarray) -> go.Figure:
    """The measured correlation of each two tasks' targets."""
    names = [for_plotly(head.title, 16) for head in heads]
    positions = list(range(len(names)))
    figure = go.Figure(
        go.Heatmap(
            z=table, x=positions, y=positions, zmin=-1, zmax=1, colorscale=DIVERGING, showscale=False, xgap=2, ygap=2,
            texttemplate="%{z:.2f}" if len(names) <= 6 else None, hovertemplate="%{z:.3f}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_layout(height=340, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(tickvals=positions, ticktext=names, tickangle=-40)
    figure.update_yaxes(tickvals=positions, ticktext=names, autorange="reversed")
    return figure


def _target(head: Head, value: np.ndarray) -> str:
    """A head's target for one sequence, in a few characters."""
    if head.spec.kind == "multiclass":
        return f"class {np.argmax(value)}"
    return shortened((("yes" if v else "no") if head.spec.kind == "binary" else short(v, 3) for v in value), 2)
