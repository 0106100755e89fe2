"""The picture of an investigation on a page: a chart or a table."""

from __future__ import annotations

import hashlib

import streamlit as st

from backend.questions.pictures import Picture, Table
from components.charts import figure as chart
from components.investigations import figures
from components.investigations.tables import table

_cached_figure = chart.cached_figure(figures.figure)


def show(picture: Picture, key: str, name: str) -> None:
    """Draw it under its title. `name` says to screen readers whose picture it is."""
    if isinstance(picture, Table):
        st.table(table(picture.rows))
    else:
        keyed = chart.Keyed(hashlib.sha256(repr(picture).encode()).hexdigest(), picture)
        st.caption(picture.title)
        chart.plot(_cached_figure(keyed), key=key, alt=f"{name}. {picture.title}")
