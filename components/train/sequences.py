"""Four sequences with their targets, and the correlation of the tasks' targets."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import plotly.graph_objects as go

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.correlation import correlations
from backend.experiment.dataset import Sequences, generate
from backend.words import short, shortened
from components.charts import figure as chart
from components.text import for_plotly
from components.theme import NEUTRAL, task_hue, translucent
from components.train import correlation

SHOWN = 4
_FEATURES = 3
_TARGETS = 3
_GAP = 0.02

Targets = dict[str, np.ndarray]


def show(experiment: Experiment) -> None:
    """Draw four sequences with their targets below, and the correlation of the targets."""
    architecture = experiment.architecture
    shape = architecture.model_copy(update={"lstm": (1,), "dense": ()})  # the trunk does not affect the data
    *_, table = sample(shape, experiment.sequences)
    alt = f"{SHOWN} of {experiment.sequences.samples:,} sequences over {architecture.timesteps} timesteps, with targets"
    chart.show(cached_sequences(shape, experiment.sequences), key="sequences", alt=alt)
    if len(architecture.heads) > 1:
        correlation.show(architecture.heads, table, experiment.sequences.samples)


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


def _target(head: Head, value: np.ndarray) -> str:
    """A head's target for one sequence, in a few characters."""
    if head.spec.kind == "multiclass":
        return f"class {np.argmax(value)}"
    return shortened((("yes" if v else "no") if head.spec.kind == "binary" else short(v) for v in value), 2)
