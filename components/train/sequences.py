"""Four sequences with each task's value drawn where it comes from, and the strongest correlation of targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import Sequences
from backend.experiment.sources import Source
from backend.words import fixed, listed, short, shortened
from components.charts import figure as chart
from components.sidebar import own_csv
from components.text import for_markdown, for_plotly
from components.theme import FEATURE_GREYS, task_hue
from components.train.sample import SHOWN, Sample, cached_sample, of_experiment

HEIGHT = 220
_TARGETS = 3
_SYMBOLS = ("circle", "circle-open", "square-open")


def show(experiment: Experiment) -> None:
    """Draw four sequences with their targets below, and the strongest correlation of the targets."""
    architecture, data = experiment.architecture, of_experiment(experiment)
    alt = f"{SHOWN} of {experiment.sequences.samples:,} sequences over {architecture.timesteps} timesteps, with targets"
    chart.show(cached_sequences(*data), key="sequences", alt=alt)
    if architecture.own is not None:
        own_csv.show_notes()
    if len(architecture.heads) > 1:
        st.markdown(correlation_sentence(architecture.heads, cached_sample(*data)[1]))


@chart.cached_figure
def cached_sequences(architecture: Architecture, sequences: Sequences, parts: tuple[int, ...]) -> go.Figure:
    """The figure of some sequences, drawn once for all visitors."""
    sample, _ = cached_sample(architecture, sequences, parts)
    return sequences_figure(sample, Experiment(architecture=architecture, sequences=sequences))


def sequences_figure(sample: Sample, experiment: Experiment) -> go.Figure:
    """Some sequences side by side: a line for each feature, the marks of the first tasks, and the targets below."""
    heads, source = experiment.architecture.heads, experiment.architecture.source
    last = sample.x.shape[1] + source.horizon  # in a recording, a target is marked on its row, after the sequence
    features, in_all = min(sample.x.shape[2], len(_SYMBOLS)), sample.x.shape[2]
    places = [f"x{i + 1}" if i else "x" for i in range(SHOWN)]
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    for i, place in enumerate(places):
        here = {"type": "scatter", "xaxis": place, "yaxis": "y"}
        traces += [
            here | trace for trace in (*_lines(sample.x[i], source, features), *_marks(sample, heads, i, features))
        ]
        lines = [_target(sample, head, i, k) for k, head in enumerate(heads[:_TARGETS])]
        lines += [f"… {len(heads) - _TARGETS} more"] if len(heads) > _TARGETS else []
        title = {"text": "<br>".join(lines), "standoff": 4, "font": {"size": 12}}
        axes[f"xaxis{place[1:]}"] = {"range": [0.4, last + 0.6], "title": title} | chart.integer_axis(last)
    groups = {trace["legendgroup"] for trace in traces}
    for k, head in enumerate(heads[:_TARGETS]):
        if head.name not in groups:
            square = {"x": [None], "y": [None], "name": for_plotly(head.title, 40), "legendgroup": head.name}
            traces.append({"type": "scatter", **square, **_points(task_hue(k), symbol="square", size=8)})
    firsts = {trace["legendgroup"]: at for at, trace in reversed(list(enumerate(traces)))}
    more = f" ({features} of {in_all} features shown)" if in_all > features else ""
    layout = {
        **axes,
        "yaxis": {"zeroline": False, "nticks": 5},
        "grid": {"rows": 1, "columns": SHOWN, "subplots": [[f"{place}y" for place in places]], "xgap": 0.08},
        "meta": f"Four of the {experiment.sequences.samples:,} sequences, with their targets{more}",
        "height": HEIGHT,
        "margin": {"l": 8, "r": 8, "t": 4, "b": 4},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "uirevision": "sequences",
    }
    return chart.unchecked_figure(
        [trace | {"showlegend": firsts[trace["legendgroup"]] == at} for at, trace in enumerate(traces)], layout
    )


def caption(architecture: Architecture) -> str:
    """What the targets below the sequences are, for the tasks that are shown."""
    kinds = {head.spec.kind for head in architecture.heads[:_TARGETS]}
    source = architecture.source
    how = f" over the {source.unit} that train" if source.recorded else ", have the task's noise,"
    scaled = f" Numbers are standardised{how} and are multiplied by the task's scale." if "regression" in kinds else ""
    return f"Marks show the targets, or what determines them. The targets that the models learn stand below.{scaled}"


def correlation_sentence(heads: tuple[Head, ...], table: np.ndarray) -> str:
    """The measured correlation of two tasks, or of the most strongly correlated pair."""
    pairs = [(j, i) for i in range(len(heads)) for j in range(i)]
    best = max(pairs, key=lambda pair: abs(table[pair]))
    which = "Measured" if len(pairs) == 1 else "Strongest measured"
    units = "" if all(heads[at].units == 1 for at in best) else " (the two most strongly correlated units)"
    tasks = listed(for_markdown(heads[at].title) for at in best)
    return f"{which} correlation of targets: {tasks}, **{fixed(table[best], 2)}**{units}"


def _lines(sequence: np.ndarray, source: Source, features: int) -> Iterator[dict[str, Any]]:
    steps = np.arange(1, len(sequence) + 1)
    for j in range(features):
        yield {
            "x": steps, "y": sequence[:, j], "name": for_plotly(source.feature(j), 40), "mode": "lines+markers",
            "legendgroup": f"feature {j}",
            "line": {"color": FEATURE_GREYS[j], "width": 1.5}, "marker": {"symbol": _SYMBOLS[j], "size": 5},
            "hovertemplate": "t = %{x}: %{y}", "yhoverformat": ".2f",
        }  # fmt: skip


def _marks(sample: Sample, heads: tuple[Head, ...], i: int, features: int) -> Iterator[dict[str, Any]]:
    """The marks of the first tasks on sequence `i`, in their hues."""
    for k, head in enumerate(heads[:_TARGETS]):
        for mark in sample.marks(head, i):
            if mark.points and mark.feature < features:
                x, y = zip(*mark.points, strict=True)
                name = f"{for_plotly(head.title, 20)}: {mark.name}"
                hover = {"hovertemplate": "%{y}", "yhoverformat": ".3g"}
                yield {
                    "x": x,
                    "y": y,
                    "name": name,
                    "legendgroup": head.name,
                    **hover,
                    **_LOOKS[mark.kind](task_hue(k)),
                }


def _stroke(hue: str) -> dict[str, Any]:
    return {"mode": "lines", "line": {"color": hue, "width": 2}}


def _points(hue: str, **marker: Any) -> dict[str, Any]:
    return {
        "mode": "markers",
        "cliponaxis": False,
        "marker": {"color": hue, "line": {"color": hue, "width": 2}, **marker},
    }


_LOOKS: dict[str, Callable[[str], dict[str, Any]]] = {
    "line": _stroke,
    "ring": lambda hue: _points(hue, symbol="circle-open", size=14),
    "dot": lambda hue: _points(hue, symbol="circle", size=8),
    "span": lambda hue: _stroke(hue) | _points(hue, symbol="line-ns", size=8) | {"mode": "lines+markers"},
}


def _target(sample: Sample, head: Head, i: int, position: int) -> str:
    """The target of sequence `i` after a sign in the task's hue."""
    return f'<span style="color:{task_hue(position)}">■</span> {_value(sample, head, i)}'


def _value(sample: Sample, head: Head, i: int) -> str:
    """A head's target for sequence `i`, in a few characters."""
    value = sample.y[head.name][i]
    if head.spec.kind == "multiclass":
        words = "".join(f": {for_plotly(mark.name, 12)}" for mark in sample.marks(head, i) if mark.kind == "word")
        return f"{np.argmax(value)}{words}"
    return shortened((("yes" if v else "no") if head.spec.kind == "binary" else short(v) for v in value), 2)
