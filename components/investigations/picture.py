"""The picture of a question on a page: a drawing or a table."""

from __future__ import annotations

import streamlit as st

from backend.questions.pictures import Picture, Table
from components.charts import svg
from components.charts.plane import Plane
from components.investigations.tables import table


def show(picture: Picture | Plane, key: str) -> None:
    """Draw it below its title and its note."""
    if isinstance(picture, Table):
        st.table(table(picture.rows))
        return
    with st.container(key=key):
        st.markdown(svg.html(picture), unsafe_allow_html=True)
