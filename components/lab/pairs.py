"""What the Lab shows of pairs of heads, whether their gradients were measured here or are in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from backend.lab import gradients_words as words
from components.charts import figure as chart
from components.investigations.tables import right_aligned
from components.text import one_line

#: Rows of the table that are shown without scrolling.
_ROWS = 10


def labels(pairs: Sequence[tuple[int, int]], heads: Sequence[str]) -> list[str]:
    """A different label for each pair of heads, because a menu finds an option by its label."""
    texts = [f"{one_line(heads[i], 40)}, {one_line(heads[j], 40)}" for i, j in pairs]
    times = Counter(texts)
    return [
        f"{i + 1} and {j + 1}: {text}" if times[text] > 1 else text
        for (i, j), text in zip(pairs, texts, strict=True)
    ]  # fmt: skip


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
