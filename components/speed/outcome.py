"""The outcome of a speed sweep: the verdict at each number of heads, the charts, the explanation and the table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from backend.questions.speed import findings
from backend.questions.speed.result import TITLES, Point, Quantity
from backend.questions.speed.sweep import MODES, STEPS_PER_EXECUTION, Mode
from backend.statistics.intervals import CONFIDENCE, Difference
from components import help as helps
from components.charts import figure as chart
from components.investigations.tables import right_aligned
from components.session.controls import kept_choice
from components.speed import charts as speed_charts

#: What one layer for all heads is called, by what one layer for each is, with its colour.
_BADGES: dict[Difference, tuple[str, str]] = {
    "slower": ("faster", "green"), "within noise": ("within noise", "orange"), "faster": ("slower", "red")
}  # fmt: skip
_MODE = "speed.mode"


def show_answer(points: Sequence[Point], ks: Sequence[int]) -> Mode:
    """Draw the answer and the verdict at each of the `ks`. Returns the mode that the visitor has chosen."""
    words = st.container(gap="xsmall")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(
            f"Train step, {findings.SEPARATE} ÷ {findings.FUSED}, with the {CONFIDENCE:.0%} interval",
            width="content",
            help=helps.text(_MODE),
        )
        mode = _mode(points)
    with words:
        short_answer, figures = findings.answer(points, mode)
        st.header(short_answer, anchor=False)
        st.markdown(figures or "The first measurement will be here.")
    _verdicts(findings.of_mode(points, mode), len(set(ks)))
    return mode


def show(points: Sequence[Point], mode: Mode, ks: Sequence[int]) -> None:
    """Draw the charts of one mode, the explanation and the table. `ks` are all numbers of heads of the sweep."""
    ks = sorted(set(ks))
    mine = findings.of_mode(points, mode)
    left, right = st.columns(2)
    with left:
        figure = speed_charts.ratios(points, mode, ks)
        chart.show(
            figure,
            key="speed.ratio",
            alt=f"Train-step time, {findings.SEPARATE} ÷ {findings.FUSED}, by number of heads",
        )
        st.caption(
            "A filled dot shows a difference beyond noise, a hollow dot one within noise. Each bar is an interval that "
            f"contains the true ratio with {CONFIDENCE:.0%} confidence."
        )
    with right:
        figure = speed_charts.times(points, mode, ks, "train")
        chart.show(figure, key="speed.train", alt="Time of a train step in each style, by number of heads")
        st.caption(
            f"Functional has {findings.SEPARATE}. Sequential and Functional, fused have {findings.FUSED}. Each line "
            "shows medians. The band around it holds the middle half of the readings."
        )
    _why(points, mode, ks)
    _show_other_times(points, mode, ks)
    _table(mine)


def _mode(points: Sequence[Point]) -> Mode:
    """The mode that the visitor has chosen, among those with points."""
    modes: list[Mode] = [mode for mode in MODES if any(point.mode == mode for point in points)]
    if len(modes) < 2:
        return modes[0]
    before = kept_choice(_MODE, modes[0])
    mode: Mode = st.segmented_control(
        "Mode shown", modes, default=before if before in modes else modes[0], key=_MODE, required=True,
        format_func=lambda mode: MODES[mode].title, label_visibility="collapsed",
        width="content", wrap=True,
    )  # fmt: skip
    return mode if mode in modes else modes[0]


def _verdicts(mine: Sequence[Point], columns: int) -> None:
    """Draw the ratio and the verdict at each number of heads."""
    with st.grid(max(columns, 4), min_column_width=112, gap="xsmall"):
        for point in mine:
            interval = point.ratio
            if interval is not None:
                word, colour = _BADGES[interval.verdict]
                bounds = f" ({interval.low:.2f}–{interval.high:.2f})" if interval.low and interval.high else ""
                st.markdown(
                    f"{findings.heads(point.k)}  \n:{colour}-badge[**{word}**]  \n"
                    f":small[**{interval.median:.2f}**{bounds}]"
                )


def _why(points: Sequence[Point], mode: Mode, ks: Sequence[int]) -> None:
    st.header("Why can one layer per head be slower?", anchor=False)
    st.markdown(findings.explanation(points, mode))
    left, right = st.columns(2)
    with left:
        what = "traced operations" if mode == "xla" else "operations"  # XLA then compiles them into others
        figure = speed_charts.counts(points, mode, ks, lambda figures: figures.operations, what)
        chart.show(figure, key="speed.operations", alt="Operations of a train step in each style, by number of heads")
    with right:
        figure = speed_charts.counts(points, mode, ks, lambda figures: figures.variables, "variables")
        chart.show(figure, key="speed.variables", alt="Variables of a train step in each style, by number of heads")
    with st.expander("The control"):
        st.markdown(findings.control(points, mode))


def _show_other_times(points: Sequence[Point], mode: Mode, ks: Sequence[int]) -> None:
    st.header("How long do building, tracing and inference take?", anchor=False)
    quantities: tuple[Quantity, ...] = ("build", "first_call", "infer")
    with st.grid(3, min_column_width=280):
        for quantity in quantities:
            figure = speed_charts.times(points, mode, ks, quantity)
            alt = f"{TITLES[quantity].capitalize()}: time in each style, by number of heads"
            chart.show(figure, key=f"speed.{quantity}", alt=alt)
    st.caption(
        "Building and the first call are not compared with a control: Sequential and Functional, fused are the same "
        "network, but different Python code builds them."
    )
    if mode == "steps":
        st.caption(
            f"Inference is not timed in this mode: with `steps_per_execution={STEPS_PER_EXECUTION}`, `predict` copies "
            f"the model into its graph {STEPS_PER_EXECUTION} times."
        )


def _table(mine: Sequence[Point]) -> None:
    with st.expander("All measurements in this mode", icon=":material/table:"), st.container(height=520, border=False):
        st.caption("Each time is a median, with the quartiles in parentheses. The first call has a single reading.")
        st.table(right_aligned(table(mine)))


def table(mine: Sequence[Point]) -> pd.DataFrame:
    """One row for each number of heads and style."""
    return pd.DataFrame(findings.rows(mine)).drop(columns="mode").set_index(["heads", "style"])
