"""The outcome of a speed sweep: the answer, the ratios and times with their explanation, and the table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from backend.experiment.styles import STYLES
from backend.questions.pictures import Line, Lines, of_style
from backend.questions.speed import findings
from backend.questions.speed.result import Point, quartiles
from backend.questions.speed.sweep import MODES, Mode
from components import help as helps
from components.investigations import picture
from components.investigations.tables import right_aligned
from components.session.controls import kept_choice
from components.theme import pattern

_MODE = "speed.mode"


def show_answer(points: Sequence[Point]) -> Mode:
    """Draw the answer. Returns the mode that the visitor has chosen, of those with points."""
    words, modes = st.container(gap="xsmall"), [mode for mode in MODES if findings.of_mode(points, mode)]
    mode = modes[0]
    if len(modes) > 1:
        before = kept_choice(_MODE, mode)
        mode = st.segmented_control(
            "Mode shown", modes, default=before if before in modes else mode, key=_MODE, required=True, wrap=True,
            format_func=lambda each: MODES[each].title, label_visibility="collapsed", help=helps.text(_MODE),
        )  # fmt: skip
    with words:
        short_answer, figure = findings.answer(points, mode)
        st.header(short_answer, anchor=False)
        st.markdown(figure or "The first measurement will be here.")
    return mode


def show(points: Sequence[Point], mode: Mode) -> None:
    """Draw the pictures of one mode, the explanation and the table."""
    mine = findings.of_mode(points, mode)
    with st.grid(2, min_column_width=380):
        picture.show(findings.picture(mine), "speed.ratio")
        picture.show(times(mine), "speed.train")
    st.header("Why can one layer per head be slower?", anchor=False)
    st.markdown(findings.explanation(points, mode))
    st.markdown(findings.control(points, mode))
    with st.expander("All measurements in this mode", icon=":material/table:"), st.container(height=520, border=False):
        st.caption("Each time is a median, with the quartiles in parentheses. The first call has a single reading.")
        st.table(right_aligned(table(mine)))


def times(mine: Sequence[Point]) -> Lines:
    """The median time of a train step in each style, by number of heads."""
    lines = []
    for style in mine[0].styles if mine else ():
        spreads = [quartiles(point.styles[style].train) for point in mine]
        medians = [1e3 * each.median if each else float("nan") for each in spreads]
        lines.append(Line(STYLES[style].title, medians, of_style(style), pattern(style)))
    return Lines("Train step (ms)", [point.k for point in mine], lines, x_name="number of heads")


def table(mine: Sequence[Point]) -> pd.DataFrame:
    """One row for each number of heads and style."""
    return pd.DataFrame(findings.rows(mine)).drop(columns="mode").set_index(["heads", "style"])
