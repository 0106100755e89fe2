"""The figures of a speed sweep: pure functions of its points. A style has its colour and pattern."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log10

import plotly.graph_objects as go

from backend.experiment.styles import STYLES
from backend.questions.speed import findings
from backend.questions.speed.result import TITLES, Point, Quantity, Quartiles, StyleTimings, quartiles
from backend.questions.speed.sweep import MODES, Mode, SweepStyle
from backend.statistics.intervals import Ratio
from components.theme import NEUTRAL, pattern, style_colour, translucent

HEIGHT, SMALL = 300, 220
CONTROL_NAME = "control: the same network twice"
_DASHES: dict[Mode, str] = dict(zip(MODES, ("solid", "dash", "longdash"), strict=True))


def ratios(points: Sequence[Point], mode: Mode, ks: Sequence[int]) -> go.Figure:
    """The times of a train step, one layer per head ÷ one for all, with their intervals; hollow within noise."""
    figure = _empty(ks, "one layer per head ÷ one for all", HEIGHT)
    figure.add_hline(1, line={"color": NEUTRAL, "width": 1, "dash": "dot"})
    for other in MODES:
        intervals = _ratios(points, other, lambda point: point.ratio)
        if other != mode and intervals:
            figure.add_scatter(
                x=list(intervals), y=[each.median for each in intervals.values()],
                name=MODES[other].title, mode="lines",
                line={"color": NEUTRAL, "width": 1.5, "dash": _DASHES[other]},
                hovertemplate="%{y}", yhoverformat=".2f",
            )  # fmt: skip
    control = _ratios(points, mode, lambda point: point.control)
    if control:
        figure.add_scatter(
            x=list(control), y=[each.median for each in control.values()], mode="markers", name=CONTROL_NAME,
            marker={"color": NEUTRAL, "symbol": "x-thin-open", "size": 8}, hovertemplate="%{y}", yhoverformat=".2f",
        )  # fmt: skip
    intervals = _ratios(points, mode, lambda point: point.ratio)
    middle = [each.median for each in intervals.values()]
    figure.add_scatter(
        x=list(intervals), y=middle, mode="lines+markers", name=MODES[mode].title,
        line={"color": NEUTRAL, "width": 2},
        marker={
            "size": 11, "symbol": ["circle" if each.decided else "circle-open" for each in intervals.values()],
            "color": NEUTRAL, "line": {"width": 2, "color": NEUTRAL},
        },
        error_y={
            "type": "data", "symmetric": False, "thickness": 1.5, "width": 5, "color": NEUTRAL,
            "array": [(each.high or each.median) - each.median for each in intervals.values()],
            "arrayminus": [each.median - (each.low or each.median) for each in intervals.values()],
        },
        hovertemplate="%{y}", yhoverformat=".2f",
    )  # fmt: skip
    figure.update_yaxes(rangemode="normal")
    return figure.update_layout(meta=". ".join(findings.answer(points, mode)))


def times(points: Sequence[Point], mode: Mode, ks: Sequence[int], quantity: Quantity) -> go.Figure:
    """A time by style: the medians, with the quartiles as a band."""
    most = max((spread_.high for _, spread_ in _spreads(points, mode, quantity)), default=1.0)
    unit, factor = ("s", 1.0) if most > 1 else ("ms", 1e3)
    figure = _empty(ks, f"time ({unit})", HEIGHT if quantity == "train" else SMALL)
    for style in _styles(points, mode):
        mine = findings.of_mode(points, mode)
        known = [(p.k, each) for p in mine if (each := quartiles(p.styles[style].seconds(quantity)))]
        x = [k for k, _ in known]
        for edge, fill in (("low", None), ("high", "tonexty")):
            figure.add_scatter(
                x=x, y=[factor * getattr(each, edge) for _, each in known], line={"width": 0}, mode="lines", fill=fill,
                fillcolor=translucent(style_colour(style), 0.2), hoverinfo="skip", showlegend=False,
            )  # fmt: skip
        _line(figure, style, x, [factor * each.median for _, each in known], ",.3r", f" {unit}")

    return figure.update_layout(meta=TITLES[quantity].capitalize(), showlegend=quantity == "train")


def counts(
    points: Sequence[Point], mode: Mode, ks: Sequence[int], count: Callable[[StyleTimings], int], what: str
) -> go.Figure:
    """A count by style, from the traced graphs."""
    figure = _empty(ks, what, SMALL)
    for style in _styles(points, mode):
        mine = findings.of_mode(points, mode)
        _line(figure, style, [p.k for p in mine], [count(p.styles[style]) for p in mine], ",")
    return figure.update_layout(meta=what.capitalize(), showlegend=False)


def _line(figure: go.Figure, style: SweepStyle, x: list[int], y: Sequence[float], number: str, unit: str = "") -> None:
    figure.add_scatter(
        x=x, y=y, mode="lines+markers", name=STYLES[style].title, hovertemplate=f"%{{y}}{unit}", yhoverformat=number,
        line={"color": style_colour(style), "dash": pattern(style), "width": 2.5}, marker={"size": 6},
    )  # fmt: skip


def _styles(points: Sequence[Point], mode: Mode) -> list[SweepStyle]:
    mine = findings.of_mode(points, mode)
    return list(mine[0].styles) if mine else []


def _spreads(points: Sequence[Point], mode: Mode, quantity: Quantity) -> list[tuple[int, Quartiles]]:
    everything = [
        (point.k, quartiles(figures.seconds(quantity)))
        for point in findings.of_mode(points, mode)
        for figures in point.styles.values()
    ]
    return [(k, each) for k, each in everything if each is not None]


def _ratios(points: Sequence[Point], mode: Mode, of: Callable[[Point], Ratio | None]) -> dict[int, Ratio]:
    return {point.k: interval for point in findings.of_mode(points, mode) if (interval := of(point))}


def _empty(ks: Sequence[int], y_title: str, height: int) -> go.Figure:
    """An empty figure with axes for all `ks`, so that the axes do not move while points arrive."""
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hovermode="x unified",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0, "traceorder": "normal"},
        uirevision="speed",
    )
    ends = [log10(min(ks)) - 0.12, log10(max(ks)) + 0.12]
    figure.update_xaxes(title="number of heads", type="log", tickvals=list(ks), ticktext=list(map(str, ks)), range=ends)
    figure.update_yaxes(title=y_title, rangemode="tozero", tickformat=",~r")
    return figure
