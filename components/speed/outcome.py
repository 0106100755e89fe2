"""The outcome of a speed sweep: the answer, the ratios and times with their explanation, and the table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from backend.experiment import Experiment
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


def show(points: Sequence[Point], own: int, source: str, details: str | None) -> Mode:
    """Draw the answer with its picture, and where it comes from. Returns the mode that the visitor has chosen."""
    modes = [mode for mode in MODES if findings.of_mode(points, mode)]
    mode = modes[0]
    with st.container(border=True), st.grid(2, min_column_width=380):
        with st.container(gap="small"):
            answer = st.container(gap="xsmall")
            if len(modes) > 1:
                before = kept_choice(_MODE, mode)
                mode = st.segmented_control(
                    "Mode shown", modes, default=before if before in modes else mode, key=_MODE, required=True,
                    wrap=True, format_func=lambda each: MODES[each].title, label_visibility="collapsed",
                    help=helps.text(_MODE),
                )  # fmt: skip
            st.caption(source, help=details)
        with answer:
            words, sentence = findings.answer(findings.answered(points, mode, own))
            st.header(words, anchor=False)
            st.markdown(sentence)
        picture.show(findings.picture(findings.of_mode(points, mode)), "speed.ratio")
    return mode


def show_why(points: Sequence[Point], mode: Mode, experiment: Experiment) -> None:
    """Draw the explanation, the times and all measurements of one mode, when the visitor opens them."""
    details = st.expander("Why?", key="speed.why", on_change="rerun")
    if not details.open:
        return
    mine, source = findings.of_mode(points, mode), experiment.architecture.source
    with details:
        st.markdown(findings.explanation(points, mode))
        st.markdown(findings.control(points, mode))
        if source.recorded:
            st.markdown(
                f"Your heads learn from {source.sequences}. The timed heads learn the level of synthetic sequences in "
                "the same shape. The time of a step depends on shapes, and hardly on values."
            )
        picture.show(times(mine), "speed.train")
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
