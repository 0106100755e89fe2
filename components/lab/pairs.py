"""What the Lab shows of pairs of heads, whether their gradients were measured here or are in a file."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from backend.lab import gradients_words as words
from components.charts import figure as chart
from components.investigations.tables import right_aligned

#: Rows of the table that are shown without scrolling.
_ROWS = 10


def charts(drawn: Iterable[tuple[str, Figure, str]], shown: int, of: int) -> None:
    """Draw charts side by side: (key, figure, text for screen readers) each.

    They have lines for `shown` of the `of` pairs of heads.
    """
    with st.grid(2, min_column_width=380):
        for key, figure, alt in drawn:
            with st.container():
                chart.show(figure, key=key, alt=alt)
    if shown < of:
        st.caption(f"Of {of:,} pairs of heads, the charts have lines for the {shown} that conflict most often.")


def table(epoch: int, pairs: pd.DataFrame) -> None:
    """Draw the table of what was measured at that epoch. `pairs` has a row for each pair of heads."""
    st.markdown(f"**{words.when(epoch)}, pair by pair**")
    with st.container(height=38 * (_ROWS + 1) if len(pairs) > _ROWS else "content", border=False):
        st.table(right_aligned(pairs))
