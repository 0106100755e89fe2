"""A Plotly figure on a page: keyed, named for screen readers, saved as SVG or PNG by its camera button.

To draw and to send a figure is most of what a page costs the server, so a figure that many look at, or one visitor
again and again, is drawn once (`cached_figure`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any

import orjson
import plotly.graph_objects as go
import plotly.io
import streamlit as st
from plotly.basedatatypes import BaseFigure

from components.theme import PLOTLY_CONFIG

FORMATS = ("svg", "png")
FORMAT_KEY = "figures"
#: Streamlit's template colours what has no colour of its own. Here everything has; and it was most of a small figure.
_TEMPLATE: dict[str, Any] = {"data": {}, "layout": {}}
#: Ticks that have room even in a narrow figure.
_FEW = 6


@dataclass(frozen=True)
class Keyed:
    """A value too large to compare, under a name that decides it: equal names are taken for equal values."""

    name: Hashable
    value: Any = field(compare=False)


def unchecked_figure(traces: list[dict[str, Any]], layout: dict[str, Any]) -> go.Figure:
    """A figure of plain data, unchecked: Plotly's check of each property takes ten times as long as all the rest.

    The tests make it, by `go.Figure(figure.to_dict())`.
    """
    return go.Figure(traces, layout, _validate=False)


def integer_axis(most: int) -> dict[str, Any]:
    """What an axis of the numbers 1 to `most` needs so that Plotly marks no halves between them."""
    return {"dtick": 1} if most <= _FEW else {"nticks": _FEW}


class SerializedFigure(BaseFigure):  # type: ignore[misc]
    """What is sent of a figure, worked out once; the figure itself, ten times as large, is let go."""

    def __init__(self, figure: go.Figure) -> None:  # none of Plotly's own: there is nothing to change here
        sent = figure.to_dict()
        sent["layout"]["template"] = _TEMPLATE
        self._title = str(sent["layout"].get("meta") or "")
        self._sent: str = plotly.io.to_json(sent, validate=False)

    @property
    def title(self) -> str:
        """What stands above it."""
        return self._title

    def to_dict(self) -> dict[str, Any]:
        """All that Streamlit asks of a figure."""
        sent: dict[str, Any] = orjson.loads(self._sent)
        return sent


def cached_figure(draw: Callable[..., go.Figure], size: int = 128) -> Callable[..., SerializedFigure]:
    """`draw`, drawn once for all visitors who look at the same; the last `size` figures are kept.

    It has to be a pure function of its arguments, and they hashable; what is not is passed as `Keyed`.
    """

    @lru_cache(maxsize=size)
    def drawn(asked: _Asked) -> SerializedFigure:
        values, asked.values = asked.values, ()  # the cache keeps what it was asked: the names, and no runs
        return SerializedFigure(draw(*values))

    @wraps(draw)
    def named(*inputs: Any) -> SerializedFigure:
        names = (("named", each.name) if isinstance(each, Keyed) else each for each in inputs)
        values = (each.value if isinstance(each, Keyed) else each for each in inputs)
        return drawn(_Asked(tuple(names), tuple(values)))

    return named


@dataclass(unsafe_hash=True)
class _Asked:
    names: tuple[Hashable, ...]
    values: tuple[Any, ...] = field(compare=False)


def plot(figure: SerializedFigure | go.Figure, *, key: str, alt: str, **options: Any) -> Any:
    """Draw `figure` alone; `options` go to `st.plotly_chart`, whose selection is returned."""
    return st.plotly_chart(_settled(figure), key=key, alt=alt, config=config(key), **options)


def show(figure: SerializedFigure | go.Figure, *, key: str, alt: str) -> None:
    """Draw `figure` below its title, a `layout.meta` string in Markdown: there it wraps where the page is narrow."""
    settled = _settled(figure)
    with st.container():
        if settled.title:
            st.markdown(f"**{settled.title}**")
        plot(settled, key=key, alt=alt)


def _settled(figure: SerializedFigure | go.Figure) -> SerializedFigure:
    return figure if isinstance(figure, SerializedFigure) else SerializedFigure(figure)


def config(key: str) -> dict[str, Any]:
    """Plotly's configuration for a chart: its camera button saves the format that the visitor chose."""
    chosen = st.session_state.get(FORMAT_KEY)
    image = {"format": chosen if chosen in FORMATS else FORMATS[0], "scale": 2, "filename": f"two-heads-{key}"}
    return PLOTLY_CONFIG | {"toImageButtonOptions": image}
