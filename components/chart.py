"""A Plotly figure on a page: keyed, named for screen readers, saved as SVG or PNG by its camera button."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from components.theme import PLOTLY_CONFIG

FORMATS = ("svg", "png")
FORMAT_KEY = "figures"


def show(figure: go.Figure, *, key: str, alt: str, **options: Any) -> Any:
    """Draw `figure` below its title; `options` go to `st.plotly_chart`, whose selection is returned.

    The title, a `layout.meta` string in Markdown, stands outside the figure: there it wraps where the page is narrow.
    """
    with st.container():
        if figure.layout.meta:
            st.markdown(f"**{figure.layout.meta}**")
        return st.plotly_chart(figure, key=key, alt=alt, config=config(key), **options)


def config(key: str) -> dict[str, Any]:
    """Plotly's configuration for a chart: its camera button saves the format that the visitor chose."""
    chosen = st.session_state.get(FORMAT_KEY)
    image = {"format": chosen if chosen in FORMATS else FORMATS[0], "scale": 2, "filename": f"two-heads-{key}"}
    return PLOTLY_CONFIG | {"toImageButtonOptions": image}
