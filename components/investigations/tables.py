"""The tables of a verdict: numbers on the right, and marks in the colour of their meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from pandas.io.formats.style import Styler
from pandas.io.formats.style_render import CSSDict

from backend.questions.claims.base import CAREFUL, NO, UNSURE, YES, number_columns

#: Text colours of marks, legible (4.5 : 1) on both grounds (`components/layout/system.css`).
_MARKS = {YES: "var(--good)", NO: "var(--bad)", UNSURE: "var(--open)", CAREFUL: "var(--open)"}


def table(rows: Sequence[Mapping[str, str]]) -> Styler:
    """The table with its first column as the index, and columns of numbers aligned on the right."""
    frame = pd.DataFrame(rows)
    first = frame.columns[0]
    frame = frame.set_index(first) if frame[first].is_unique else frame
    # Streamlit aligns the text of a cell on the left in the cell's own style, which only "!important" overrides.
    right: CSSDict = {"selector": "", "props": "text-align: right !important"}
    styler = frame.style.set_table_styles({key: [right] for key in number_columns(rows) if key in frame.columns})
    return styler.map(_mark_style)


def _mark_style(cell: object) -> str:
    colour = _MARKS.get(str(cell)[:1])
    return f"color: {colour} !important; font-weight: 600" if colour else ""


def right_aligned(numbers: pd.DataFrame) -> Styler:
    """The table with its columns, which are all numbers, aligned to the right.

    `!important`, because Streamlit writes an alignment into each cell's own style.
    """
    style = "text-align: right !important"
    return numbers.style.set_table_styles([{"selector": "td, th.col_heading", "props": style}])
