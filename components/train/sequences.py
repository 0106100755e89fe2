"""Four sequences with each task's value drawn where it comes from, and the correlation of the tasks' targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import Sequences
from backend.experiment.sources import Source
from backend.experiment.tasks import no_marks
from backend.words import listed, short, shortened
from components.charts import figure as chart
from components.sidebar import own_csv
from components.text import for_markdown, for_plotly
from components.theme import FEATURE_GREYS, glyph, task_hue
from components.train import correlation
from components.train.sample import SHOWN, Sample, cached_sample

HEIGHT = 190
_TARGETS = 3
_GAP = 0.02
#: Characters of a target that fit below a sequence on a phone of 360 px. One more reaches into the next target.
_NARROW = 12
_SYMBOLS = ("circle", "circle-open", "square-open")
_SIGNS = {"circle": "●", "circle-open": "○", "square-open": "□", "line": "━", "ring": "◯", "dot": "●", "span": "↔"}


def show(experiment: Experiment) -> None:
    """Draw four sequences with their targets below, and the correlation of the targets."""
    architecture = experiment.architecture
    shape = architecture.model_copy(update={"lstm": (1,), "dense": ()})  # the trunk does not affect the data
    data = shape, experiment.sequences, experiment.parts
    _, table = cached_sample(*data)
    alt = f"{SHOWN} of {experiment.sequences.samples:,} sequences over {architecture.timesteps} timesteps, with targets"
    chart.show(cached_sequences(*data), key="sequences", alt=alt)
    st.markdown(f":small[{_cached_legend(*data)}]")
    st.caption(caption(architecture))
    if architecture.own is not None:
        own_csv.show_notes()
    if len(architecture.heads) > 1:
        correlation.show(architecture.heads, table)


@chart.cached_figure
def cached_sequences(architecture: Architecture, sequences: Sequences, parts: tuple[int, ...]) -> go.Figure:
    """The figure of some sequences, drawn once for all visitors."""
    sample, _ = cached_sample(architecture, sequences, parts)
    return sequences_figure(sample, Experiment(architecture=architecture, sequences=sequences))


def sequences_figure(sample: Sample, experiment: Experiment) -> go.Figure:
    """Some sequences side by side: a line for each feature, the marks of the first tasks, and the targets below."""
    heads, source = experiment.architecture.heads, experiment.architecture.source
    last = sample.x.shape[1] + source.horizon  # in a recording, a target is marked on its row, after the sequence
    features, in_all = _features(sample.x), sample.x.shape[2]
    width = (1 - _GAP * (SHOWN - 1)) / SHOWN
    names_fit = [_name_fits(sample, head) for head in heads[:_TARGETS]]
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    for i in range(SHOWN):
        axis = str(i + 1) if i else ""
        here = {"type": "scatter", "xaxis": f"x{axis}", "yaxis": f"y{axis}", "showlegend": False}
        traces += [
            here | trace for trace in (*_lines(sample.x[i], source, features), *_marks(sample, heads, i, features))
        ]
        lines = [_target(sample, head, i, k, names_fit[k]) for k, head in enumerate(heads[:_TARGETS])]
        lines += [f"… {len(heads) - _TARGETS} more"] if len(heads) > _TARGETS else []
        start = i * (width + _GAP)
        axes[f"xaxis{axis}"] = {
            "anchor": f"y{axis}",
            "domain": [start, start + width],
            "range": [0.4, last + 0.6],
            "title": {"text": "<br>".join(lines), "standoff": 4, "font": {"size": 12}},
        } | chart.integer_axis(last)
        shared = {"matches": "y", "showticklabels": False} if i else {"nticks": 5}
        axes[f"yaxis{axis}"] = {"anchor": f"x{axis}", "domain": [0, 1], "zeroline": False, **shared}
    more = f" ({features} of {in_all} features shown)" if in_all > features else ""
    layout = {
        **axes,
        "meta": f"Four of the {experiment.sequences.samples:,} sequences, with their targets{more}",
        "height": HEIGHT,
        "margin": {"l": 8, "r": 8, "t": 4, "b": 4},
        "uirevision": "sequences",
    }
    return chart.unchecked_figure(traces, layout)


@lru_cache(maxsize=256)
def _cached_legend(architecture: Architecture, sequences: Sequences, parts: tuple[int, ...]) -> str:
    return legend(cached_sample(architecture, sequences, parts)[0], architecture)


def legend(sample: Sample, architecture: Architecture) -> str:
    """The names of the lines and marks, each after its sign, as Streamlit's Markdown."""
    features = _features(sample.x)
    entries = [
        f"{glyph(_SIGNS[_SYMBOLS[j]], FEATURE_GREYS[j])} {for_markdown(architecture.source.feature(j), 40)}"
        for j in range(features)
    ]
    for k, head in enumerate(architecture.heads[:_TARGETS]):
        marks = [
            mark for i in range(SHOWN) for mark in sample.marks(head, i) if mark.points and mark.feature < features
        ]
        what = f": {marks[0].name}" if marks else ": class" if head.spec.kind == "multiclass" else ""
        sign = glyph(_SIGNS[marks[0].kind] if marks else "■", task_hue(k))
        entries.append(f"{sign} {for_markdown(head.title, 40)}{what}")
    return "  ·  ".join(entries)


def caption(architecture: Architecture) -> str:
    """What marks and targets are, for the tasks that are shown."""
    heads = architecture.heads[:_TARGETS]
    kinds = {head.spec.kind for head in heads}
    sentences = []
    if any(head.spec.marks is not no_marks for head in heads):
        sentences.append("Marks in the colour of a task show its target, or what determines it.")
    if spread := [head for head in heads if head.spec.marks is no_marks]:
        names = listed(for_markdown(head.title, 40) for head in spread)
        sentences.append(f"For {names}, nothing is marked.")
    source, recorded = architecture.source, architecture.source.recorded
    generated = ", with the task's noise and scale"
    how = f" over the {source.unit} that train, times the task's scale" if recorded else generated
    scaled = f" (numbers: standardised{how})" if "regression" in kinds else ""
    sentences.append(f"Under each sequence are the targets that the models learn{scaled}.")
    if kinds - {"regression"} and not recorded:
        sentences.append("“noise”: noise changed this label.")
    return " ".join(sentences)


def _features(x: np.ndarray) -> int:
    """How many features are drawn."""
    return min(int(x.shape[2]), len(_SYMBOLS))


def _lines(sequence: np.ndarray, source: Source, features: int) -> Iterator[dict[str, Any]]:
    steps = np.arange(1, len(sequence) + 1)
    for j in range(features):
        yield {
            "x": steps, "y": sequence[:, j], "name": for_plotly(source.feature(j), 40), "mode": "lines+markers",
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
                yield {"x": x, "y": y, "name": name, **hover, **_LOOKS[mark.kind](task_hue(k))}


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


def _name_fits(sample: Sample, head: Head) -> bool:
    """Whether the head's name fits beside its target on a phone, too."""
    longest = max(len(_value(sample, head, i)) for i in range(SHOWN))
    return len(head.title) + longest + 3 <= _NARROW


def _target(sample: Sample, head: Head, i: int, position: int, with_name: bool) -> str:
    """The target of sequence `i` after a sign in the task's hue."""
    name = f"{for_plotly(head.title, _NARROW)} " if with_name else ""
    return f'<span style="color:{task_hue(position)}">■</span> {name}{_value(sample, head, i)}'


def _value(sample: Sample, head: Head, i: int) -> str:
    """A head's target for sequence `i`, in a few characters."""
    value = sample.y[head.name][i]
    noise = ", noise" if sample.is_mislabelled(head, i) else ""
    if head.spec.kind == "multiclass":
        words = "".join(f": {for_plotly(mark.name, _NARROW)}" for mark in sample.marks(head, i) if mark.kind == "word")
        return f"{np.argmax(value)}{noise or words}"
    return shortened((("yes" if v else "no") if head.spec.kind == "binary" else short(v) for v in value), 2) + noise
