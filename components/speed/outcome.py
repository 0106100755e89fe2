"""What a speed sweep found: the verdict for each number of heads, the charts, why, and all figures."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from backend.experiment.styles import STYLES
from backend.speed import findings
from backend.speed.findings import Kind
from backend.speed.sweep import MODES, STEPS_PER_EXECUTION, Mode, Point, Quantity, ratio, spread
from backend.statistics import CONFIDENCE
from components.charts import figure as chart
from components.session import state
from components.speed import charts as speed_charts

_COLOURS: dict[Kind, str] = {"true": "green", "within noise": "orange", "false": "red"}
_MODE = "speed.mode"


def show(points: Sequence[Point], ks: Sequence[int]) -> None:
    """Draw one mode of `points`, the one the visitor looks at; `ks` are all that the sweep will have."""
    ks = sorted(set(ks))
    mode = _mode(points)
    mine = findings.of_mode(points, mode)
    _verdicts(mine, len(ks))
    left, right = st.columns(2)
    with left:
        chart.show(speed_charts.ratios(points, mode, ks), key="speed.ratio", alt="Functional over fused, by heads")
        st.caption(
            f"Filled: beyond noise. Hollow: within. Bars: the interval that holds the true ratio {CONFIDENCE:.0%} of "
            "the time."
        )
    with right:
        figure = speed_charts.times(points, mode, ks, "train")
        chart.show(figure, key="speed.train", alt="Seconds of a train step in each style, by heads")
        st.caption("Medians, with the middle half of all readings as a band.")
    _why(points, mode, ks)
    _rest(points, mode, ks)
    _table(mine)


def _mode(points: Sequence[Point]) -> Mode:
    """The mode looked at, of those that have points."""
    modes: list[Mode] = [mode for mode in MODES if any(point.mode == mode for point in points)]
    if len(modes) < 2:
        return modes[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("Shown:", width="content")
        seen: Mode = st.segmented_control(
            "Shown", modes, default=modes[0], key=_MODE, required=True, on_change=state.touch,
            format_func=lambda mode: MODES[mode].title, label_visibility="collapsed",
        )  # fmt: skip
    return seen if seen in modes else modes[0]


def _verdicts(mine: Sequence[Point], columns: int) -> None:
    """“One layer for all is faster”, judged for each number of heads."""
    st.markdown(
        "**“One layer for all heads is faster than a layer for each”**, judged by a train step: Functional ÷ fused"
    )
    with st.grid(max(columns, 4), min_column_width=112, gap="xsmall"):
        for point in mine:
            found = ratio(point)
            if found is not None:
                kind = findings.verdict(found)
                bounds = f" ({found.low:.2f}–{found.high:.2f})" if found.low and found.high else ""
                st.markdown(
                    f"{findings.heads(point.k)}  \n:{_COLOURS[kind]}-badge[**{kind}**]  \n"
                    f":small[**{found.median:.2f}**{bounds}]"
                )


def _why(points: Sequence[Point], mode: Mode, ks: Sequence[int]) -> None:
    st.header("Why: the same sums, more bookkeeping", anchor=False)
    words, charts = st.columns(2)
    with words:
        told = [*findings.explanation(points, mode), findings.compiler(points), findings.control(points, mode)]
        st.markdown("\n".join(f"- {each}" for each in told if each))
    with charts:
        figure = speed_charts.counts(points, mode, ks, lambda figures: figures.operations, "operations")
        chart.show(figure, key="speed.operations", alt="Operations of a traced train step in each style, by heads")
        figure = speed_charts.counts(points, mode, ks, lambda figures: figures.variables, "variables")
        chart.show(figure, key="speed.variables", alt="Variables of a train step in each style, by heads")


def _rest(points: Sequence[Point], mode: Mode, ks: Sequence[int]) -> None:
    st.header("Before and after the steps", anchor=False)
    quantities: tuple[Quantity, ...] = ("build", "first_call", "infer")
    with st.grid(3, min_column_width=280):
        for quantity in quantities:
            figure = speed_charts.times(points, mode, ks, quantity)
            chart.show(figure, key=f"speed.{quantity}", alt=f"{quantity} in each style, by heads")
    st.caption(
        "Building and the first call have no control: Sequential and Functional, fused are the same network, but "
        "different Python code makes them."
    )
    if mode == "steps":
        st.caption(
            f"Inference is not timed here: with steps_per_execution={STEPS_PER_EXECUTION}, `predict` copies the model "
            "into its graph that many times."
        )


def _table(mine: Sequence[Point]) -> None:
    with st.expander("All figures of this mode", icon=":material/table:"), st.container(height=520, border=False):
        st.table(table(mine))


def table(mine: Sequence[Point]) -> pd.DataFrame:
    """A row for each number of heads and style: medians with quartiles, and counts."""
    rows = []
    for point in mine:
        for style, figures in point.styles.items():
            timed = {title: _cell(figures.seconds(key), factor) for key, (title, factor) in _COLUMNS.items()}
            rows.append(
                {"heads": point.k, "style": STYLES[style].title.replace(" ", _JOINED), **timed}
                | {"operations": f"{figures.operations:,}", "variables": f"{figures.variables:,}"}
            )
    return pd.DataFrame(rows).set_index(["heads", "style"])


#: Title, and how many of its units make a second.
_COLUMNS: dict[Quantity, tuple[str, float]] = {
    "build": ("build, ms", 1e3),
    "first_call": ("first call, s", 1),
    "train": ("train step, ms", 1e3),
    "infer": ("inference, ms", 1e3),
}
_JOINED = "\u00a0"  # a space that keeps the words on one line


def _cell(values: Sequence[float], factor: float) -> str:
    found = spread([factor * value for value in values])
    if found is None:
        return f"not{_JOINED}timed"
    if len(values) == 1:
        return f"{found.median:.2f}"
    return f"{found.median:.3g}{_JOINED}({found.low:.3g}–{found.high:.3g})"
