"""Loss curves of both styles: totals, their ratio, and each task. Pure functions from epochs to figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial, wraps
from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.architecture import Head
from backend.experiment import Experiment
from backend.ratio import expected_ratio, finding
from backend.run import SIDES, Epoch, Losses
from backend.styles import STYLES
from components.text import for_markdown
from components.theme import NEUTRAL, side_patterns, task_hue, translucent

HEIGHT = 300
Pick = Callable[[Losses], float | None]


def _drawn_once(draw: Callable[..., go.Figure]) -> Callable[..., go.Figure]:
    """Draw a figure without epochs once for all who wait: most of a full room do."""
    kept = lru_cache(maxsize=256)(partial(draw, ()))

    @wraps(draw)
    def figure(epochs: Sequence[Epoch], *how: Any, **more: Any) -> go.Figure:
        ran = epochs or any(isinstance(part, list) for part in (*how, *more.values()))
        return draw(epochs, *how, **more) if ran else kept(*how, **more)

    return figure


@_drawn_once
def total(epochs: Sequence[Epoch], styles: tuple[str, str], log: bool, before: Sequence[Epoch] = ()) -> go.Figure:
    """Both totals, training and validation; `before` is an earlier run, drawn faintly."""
    figure = _empty("Total loss (thin: validation)", log, epochs)
    if before:
        _lines(figure, before, styles, NEUTRAL, lambda losses: losses.total, None, faint=True)
    _lines(figure, epochs, styles, NEUTRAL, lambda losses: losses.total, lambda losses: losses.val_total)
    return _titled(figure, _total_title(epochs, styles))


def ratio(epochs: Sequence[Epoch], experiment: Experiment) -> go.Figure:
    """The right total over the left one, with the value that equal outputs would give."""
    figure = _ratio(epochs, expected_ratio(experiment))
    last = _last(epochs)
    return _titled(figure, finding(experiment, last.ratio)) if last else figure


@_drawn_once
def _ratio(epochs: Sequence[Epoch], expected: float | None) -> go.Figure:
    figure = _empty("Right total ÷ left total", False, epochs)
    if expected is not None:
        figure.add_hline(expected, line={"color": NEUTRAL, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=1, y=expected, xref="paper", xanchor="right", yanchor="bottom", showarrow=False,
            text=f"equal outputs: {expected:g}",
        )  # fmt: skip
    x, values = _matrix(epochs, lambda epoch: epoch.ratio)
    _band(figure, x, values, NEUTRAL)
    figure.add_scatter(x=x, y=_middle(values), line={"color": NEUTRAL, "width": 2.5}, showlegend=False, name="ratio")
    top = float(np.nanmax([*values.ravel(), expected or 0, 1])) if values.size else 2
    figure.update_yaxes(range=[0, 1.15 * top])
    figure.update_layout(height=HEIGHT - 60)
    return _titled(figure, "The ratio of the totals")


@_drawn_once
def task(epochs: Sequence[Epoch], styles: tuple[str, str], head: Head, position: int, log: bool) -> go.Figure:
    """One head's own loss in both styles, before its weight."""
    figure = _empty(head.loss, log, epochs)
    name = head.name
    _lines(figure, epochs, styles, task_hue(position), lambda s: s.heads.get(name), lambda s: s.val_heads.get(name))
    figure.update_layout(height=230, showlegend=False)
    return _titled(figure, for_markdown(head.title))


def _lines(
    figure: go.Figure,
    epochs: Sequence[Epoch],
    styles: tuple[str, str],
    hue: str,
    train: Pick,
    validation: Pick | None,
    faint: bool = False,
) -> None:
    """Median over the seeds, a band from least to most, the style as the line's pattern."""
    patterns = side_patterns(styles)
    for side, style, dash in zip(SIDES, styles, patterns, strict=True):
        title = STYLES[style].title + (f" ({side})" if styles[0] == styles[1] else "")
        for pick, split in ((train, "training"), (validation, "validation")):
            if pick is None:
                continue
            x, values = _matrix(epochs, _of(side, pick))
            if values.size and np.isnan(values).all():
                continue  # no sequences validate
            weak = faint or split == "validation"
            colour = translucent(hue, 0.28 if faint else 0.6 if weak else 1)
            if not faint:
                _band(figure, x, values, hue)
            figure.add_scatter(
                x=x,
                y=_middle(values),
                name=f"{title}, before" if faint else title if split == "training" else f"{title}, {split}",
                showlegend=split == "training",
                line={"color": colour, "dash": dash, "width": 1.5 if weak else 2.5},
                hovertemplate="%{y:.4g}",
            )


def _of(side: str, pick: Pick) -> Callable[[Epoch], float | None]:
    return lambda epoch: pick(getattr(epoch, side))


def _band(figure: go.Figure, x: list[int], values: np.ndarray, hue: str) -> None:
    """From the least to the most over the seeds, where there are several."""
    if values.shape[0] < 2:
        return
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    for edge, fill in ((low, None), (high, "tonexty")):
        figure.add_scatter(
            x=x, y=edge, line={"width": 0}, fill=fill, fillcolor=translucent(hue, 0.13),
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip


def _matrix(epochs: Sequence[Epoch], pick: Callable[[Epoch], float | None]) -> tuple[list[int], np.ndarray]:
    """Epoch numbers and a (seeds, epochs) array; NaN where a seed has not come so far."""
    seeds = list(dict.fromkeys(epoch.seed for epoch in epochs))
    most = max((epoch.epoch for epoch in epochs), default=0)
    values = np.full((len(seeds), most), np.nan)
    for epoch in epochs:
        value = pick(epoch)
        values[seeds.index(epoch.seed), epoch.epoch - 1] = np.nan if value is None else value
    return list(range(1, most + 1)), values


def _middle(values: np.ndarray) -> np.ndarray:
    return np.nanmedian(values, axis=0) if values.shape[0] > 1 else values.reshape(-1)


def _last(epochs: Sequence[Epoch]) -> Epoch | None:
    """The latest epoch of the first seed."""
    first = [epoch for epoch in epochs if epoch.seed == epochs[0].seed]
    return first[-1] if first else None


def _total_title(epochs: Sequence[Epoch], styles: tuple[str, str]) -> str:
    last = _last(epochs)
    if last is None:
        return "Total loss of both styles"
    left, right = (STYLES[style].title for style in styles)
    return f"After epoch {last.epoch}: {left} {last.left.total:.4g}, {right} {last.right.total:.4g}"


def _empty(y_title: str, log: bool, epochs: Sequence[Epoch]) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hovermode="x unified",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0},
        uirevision="curves",
    )
    figure.update_xaxes(title="epoch", rangemode="tozero" if not epochs else "normal")
    figure.update_yaxes(title=y_title, type="log" if log else "linear", exponentformat="power")
    return figure


def _titled(figure: go.Figure, title: str) -> go.Figure:
    return figure.update_layout(meta=title)
