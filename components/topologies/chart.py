"""The scores of a topology and its baseline, seed by seed, and their differences with the interval."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from backend.jobs import JobView
from backend.questions.topologies import Topology
from backend.questions.topologies.job import SeedEvent
from backend.questions.topologies.verdict import Gains, Scores, TopologyResult, signed
from components.theme import NEUTRAL, TOPOLOGY, translucent

#: Pixels that a column of this page needs; with less, the columns stand one below the other.
COLUMN = 400


def scores(topology: Topology, view: JobView, epochs: int) -> Scores:
    """The scores so far of the topology and of its baseline, trained for `epochs` epochs."""
    if view.result is not None:  # the last events may arrive after the result
        result: TopologyResult = view.result
        return result.scores[epochs]
    seeds = [event for event in view.events if isinstance(event, SeedEvent)]
    first = topology.lengths.index(epochs) * topology.seeds
    seeds = seeds[first : first + topology.seeds]
    return Scores(model=tuple(each.model for each in seeds), baseline=tuple(each.baseline for each in seeds))


def figure(topology: Topology, epochs: int, scores: Scores, found: Gains | None) -> go.Figure:
    """Left: one line per seed from the baseline's score to the topology's. Right: the differences and the interval."""
    plot = make_subplots(1, 2, column_widths=[0.62, 0.38], horizontal_spacing=0.16)
    names = [topology.baseline.title, topology.model.title]
    for seed, pair in enumerate(zip(scores.baseline, scores.model, strict=True), 1):
        plot.add_scatter(
            x=[0, 1], y=pair, row=1, col=1, mode="lines+markers", name=f"seed {seed}", showlegend=False,
            line={"color": translucent(NEUTRAL, 0.6), "width": 1.5},
            marker={"color": [NEUTRAL, TOPOLOGY], "size": 10}, hovertemplate="%{y}", yhoverformat=".3f",
        )  # fmt: skip
    plot.update_xaxes(tickvals=[0, 1], ticktext=names, range=[-0.4, 1.4], row=1, col=1)
    plot.update_yaxes(title=topology.metric, row=1, col=1)
    plot.add_scatter(
        x=[0.12 * (i - (len(scores.model) - 1) / 2) for i in range(len(scores.model))],
        y=[one - other for one, other in zip(scores.model, scores.baseline, strict=True)], row=1, col=2,
        mode="markers", marker={"color": TOPOLOGY, "size": 10}, showlegend=False, hovertemplate="%{y}",
        yhoverformat="+.3f", name="difference",
    )  # fmt: skip
    if found and found.finding != "no verdict" and (bounds := found.interval):
        # After the points: Plotly draws no shapes in an empty plot.
        plot.add_hrect(bounds.low, bounds.high, fillcolor=translucent(TOPOLOGY, 0.16), line_width=0, row=1, col=2)
        plot.add_hline(found.median, line={"color": TOPOLOGY, "width": 2}, row=1, col=2)
    plot.add_hline(0, line={"color": NEUTRAL, "width": 1, "dash": "dot"}, row=1, col=2)
    plot.update_xaxes(tickvals=[0], ticktext=["gain (one dot per seed)"], range=[-0.6, 0.6], row=1, col=2)
    plot.update_layout(
        meta=title(topology, epochs, found),
        height=340,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        uirevision="topologies",
    )
    return plot


def title(topology: Topology, epochs: int, found: Gains | None) -> str:
    """The finding as the title of the figure."""
    name = topology.metric
    if found is None:
        return f"{name[0].upper()}{name[1:]} after {epochs} epochs, seed by seed"
    if found.finding == "no verdict":
        return f"No verdict after {epochs} epochs"
    gain = f"median gain in {name} {signed(found.median)}"
    if found.finding == "no difference":
        return f"No difference shown after {epochs} epochs: {gain}, and the interval contains 0"
    models = f"“{topology.model.title}” is {found.finding} than “{topology.baseline.title}”"
    return f"After {epochs} epochs, {models}: {gain}"
