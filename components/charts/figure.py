"""A Plotly figure on a page: with a key, a text for screen readers, and a camera button that saves it as SVG.

Drawing and sending figures is most of the server's work for a page. So a figure that is shown often is drawn once
(`cached_figure`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import wraps
from threading import Lock
from typing import Any

import numpy as np
import orjson
import plotly.graph_objects as go
import plotly.io
import streamlit as st
from _plotly_utils.utils import to_typed_array_spec  # type: ignore[import-untyped]
from cachetools import LRUCache, cached
from cachetools.keys import hashkey
from plotly.basedatatypes import BaseFigure

from components.theme import PLOTLY_CONFIG

#: Replaces Streamlit's template, which colours traces that have no colour. All of ours have one, and the template made
#: up most of a small figure.
_TEMPLATE: dict[str, Any] = {"data": {}, "layout": {}}
#: The most ticks that fit in a narrow figure.
_MOST_TICKS = 6


@dataclass(frozen=True)
class Keyed:
    """A value that is too large to compare, with a name that identifies it: equal names mean equal values."""

    name: Hashable
    value: Any = field(compare=False)


class _PlainFigure(go.Figure):  # type: ignore[misc]
    """A figure that holds plain data. Each read of `data` or `layout` builds a Plotly figure from it."""

    def __init__(self, traces: list[dict[str, Any]], layout: dict[str, Any]) -> None:  # without Plotly's own __init__
        self._traces, self._plain_layout = traces, layout

    def to_dict(self) -> dict[str, Any]:
        """What Plotly's own `to_dict` returns: arrays are base64."""
        plain: dict[str, Any] = _sent({"data": self._traces, "layout": self._plain_layout})
        return plain

    @property
    def data(self) -> Any:
        """The traces."""
        return self._read().data

    @property
    def layout(self) -> Any:
        """The layout."""
        return self._read().layout

    def _read(self) -> go.Figure:
        return go.Figure(self._traces, self._plain_layout, _validate=False)


def _sent(value: Any) -> Any:
    """A copy of nested dicts and lists in which arrays are as Plotly sends them: base64, but not an axis range."""
    if isinstance(value, dict):
        return {name: each if name == "range" else _sent(each) for name, each in value.items()}
    if isinstance(value, np.ndarray):
        return to_typed_array_spec(value)
    return [_sent(each) for each in value] if isinstance(value, list | tuple) else value


def unchecked_figure(traces: list[dict[str, Any]], layout: dict[str, Any]) -> go.Figure:
    """A figure from plain data, without Plotly's validation, which takes many times as long as everything else.

    The figure can only be read, not changed. The tests validate each figure by `go.Figure(figure.to_dict())`.
    """
    return _PlainFigure(traces, layout)


def integer_axis(most: int) -> dict[str, Any]:
    """Axis options for the integers 1 to `most`, so that Plotly adds no ticks at fractions."""
    return {"dtick": 1} if most <= _MOST_TICKS else {"nticks": _MOST_TICKS}


class SerializedFigure(BaseFigure):  # type: ignore[misc]
    """A figure as the JSON that is sent, made once. The figure itself, ten times as large, is not kept."""

    def __init__(self, figure: go.Figure) -> None:  # without Plotly's own __init__: nothing can be changed
        plain = figure.to_dict()
        plain["layout"]["template"] = _TEMPLATE
        self._title = str(plain["layout"].get("meta") or "")
        self._json: str = plotly.io.to_json(plain, validate=False)

    @property
    def title(self) -> str:
        """The title above the figure."""
        return self._title

    def to_dict(self) -> dict[str, Any]:
        """The figure as Streamlit reads it."""
        plain: dict[str, Any] = orjson.loads(self._json)
        return plain


def cached_figure(draw: Callable[..., go.Figure], size: int = 128) -> Callable[..., SerializedFigure]:
    """`draw` with a cache of its last `size` figures, for all visitors.

    `draw` has to be a pure function of hashable arguments; other arguments are passed as `Keyed`.
    """

    @cached(LRUCache(maxsize=size), key=_cache_key, lock=Lock())
    @wraps(draw)
    def drawn(*inputs: Any) -> SerializedFigure:
        return SerializedFigure(draw(*(each.value if isinstance(each, Keyed) else each for each in inputs)))

    return drawn


def _cache_key(*inputs: Any) -> Hashable:
    """The inputs without the values of those that are `Keyed`, so that the cache keeps no runs."""
    return hashkey(*(("named", each.name) if isinstance(each, Keyed) else each for each in inputs))


def plot(figure: SerializedFigure | go.Figure, *, key: str, alt: str) -> None:
    """Draw `figure` without its title."""
    st.plotly_chart(_serialized(figure), key=key, alt=alt, config=config(key))


def show(figure: SerializedFigure | go.Figure, *, key: str, alt: str) -> None:
    """Draw `figure` below its title (`layout.meta`). As Markdown, the title wraps on a narrow page."""
    serialized = _serialized(figure)
    with st.container():
        if serialized.title:
            st.markdown(f"**{serialized.title}**")
        plot(serialized, key=key, alt=alt)


def _serialized(figure: SerializedFigure | go.Figure) -> SerializedFigure:
    return figure if isinstance(figure, SerializedFigure) else SerializedFigure(figure)


def config(key: str) -> dict[str, Any]:
    """Plotly's configuration for a chart."""
    return PLOTLY_CONFIG | {"toImageButtonOptions": {"format": "svg", "filename": f"two-heads-{key}"}}
