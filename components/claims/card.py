"""One claim: its source and statement, the visitor's prediction, the verdict and its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from pandas.io.formats.style import Styler
from pandas.io.formats.style_render import CSSDict

from backend.claims import Claim, Verdict
from backend.claims.base import Chart, Kind, number_columns
from backend.claims.evidence import KIND
from backend.experiment import Experiment
from backend.services import services
from components.charts import figure as chart
from components.live import interrupted
from components.session import state
from components.session.visitor import visitor
from components.theme import NEUTRAL, TASK_HUES

_COLOURS: dict[Kind, str] = {
    "true": "green",
    "conditionally true": "blue",
    "false": "red",
    "within noise": "orange",
    "undecided": "gray",
    "not applicable": "gray",
}
_DASHES = ("solid", "dash", "dot", "dashdot")


def show(claim: Claim[Any], experiment: Experiment, found: Verdict | None, line: str) -> None:
    """Draw the card: the statement and the prediction, then the verdict `found`; `line` is the state of its job."""
    with st.container(border=True, key=f"claim.{claim.key}"):
        statement, prediction = st.columns(2, gap="medium")
        with statement:
            st.header(f"{claim.number}. {claim.title}", anchor=claim.key)
            st.caption(f"{claim.source[0].upper()}{claim.source[1:]} says")
            st.markdown(claim.statement)
        with prediction:
            if not (found and found.kind == "not applicable"):
                _prediction(claim, experiment)
            if line:
                st.caption(f":material/hourglass_top: {line}")
        if found:
            _verdict(claim, experiment, found)


def predicted(claim: Claim[Any], experiment: Experiment) -> str | None:
    """The visitor's prediction for this experiment; None before they made one."""
    answer: str | None = st.session_state.get(_key(claim, experiment))
    return answer


def _key(claim: Claim[Any], experiment: Experiment) -> str:
    return f"claim.{claim.key}.{experiment.key()}"


def choices_key(claim: Claim[Any]) -> str:
    """The session key of a claim's choices."""
    return f"claim.{claim.key}.choices"


def _prediction(claim: Claim[Any], experiment: Experiment) -> None:
    def predict() -> None:
        state.touch()
        if claim.measured:
            job = services().evidence.request(claim, state.experiment(), visitor())
            interrupted.begun(KIND, state.experiment(), {claim.key: job})

    st.pills(
        claim.question,
        claim.options,
        key=_key(claim, experiment),
        on_change=predict,
        wrap=True,
        persist_state="session",
    )
    if claim.choices:
        st.pills(
            "What do you need?", list(claim.choices), key=choices_key(claim), selection_mode="multi",
            format_func=lambda choice: claim.choices[choice], on_change=state.touch, wrap=True,
            persist_state="session",
        )  # fmt: skip


def _verdict(claim: Claim[Any], experiment: Experiment, found: Verdict) -> None:
    said = predicted(claim, experiment)
    yours = f" · your prediction: “{said}”" if said else ""
    st.markdown(f":{_COLOURS[found.kind]}-badge[**{found.kind}**]{yours} · **{found.finding}**")
    if found.kind == "not applicable":
        return
    if found.table:
        st.table(table(found.table))
    if found.chart:
        why, drawn = st.columns(2, gap="medium")
        with drawn:
            chart.show(figure(found.chart), key=f"claim.{claim.key}.chart", alt=f"Evidence for claim {claim.number}")
    else:
        why = st.container()
    why.markdown(found.why)
    with st.expander("Check it yourself in Keras", icon=":material/code:"):
        st.code(claim.code(experiment), language="python")


def table(rows: Sequence[Mapping[str, str]]) -> Styler:
    """A verdict's table with its first column as the index and columns of numbers aligned on the right."""
    frame = pd.DataFrame(rows).set_index(next(iter(rows[0])))
    # Streamlit aligns the text of a cell on the left in the cell's own style, which only "!important" overrides.
    right: CSSDict = {"selector": "", "props": "text-align: right !important"}
    return frame.style.set_table_styles({key: [right] for key in number_columns(rows) if key in frame.columns})


def figure(data: Chart) -> go.Figure:
    """A claim's chart as a Plotly figure; series differ by pattern as well as by hue."""
    drawn = go.Figure()
    for i, (name, values) in enumerate(data.series.items()):
        hue = TASK_HUES[i % len(TASK_HUES)]
        if data.kind == "bars":
            drawn.add_bar(x=list(data.x), y=list(values), name=name, marker={"color": hue})
        else:
            line = {
                "color": hue,
                "dash": _DASHES[i % len(_DASHES)],
                "shape": "hv" if data.kind == "steps" else "linear",
            }
            drawn.add_scatter(x=list(data.x), y=list(values), name=name, mode="lines", line=line)
    for name, at in data.marks.items():
        drawn.add_vline(
            at,
            line={"color": NEUTRAL, "dash": "dot"},
            annotation={"text": name, "xanchor": "center", "yanchor": "bottom"},
        )
    drawn.update_layout(
        meta=data.y_title[0].upper() + data.y_title[1:],
        height=240,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.12 if data.marks else 1.01, "x": 0},
    )
    drawn.update_xaxes(title=data.x_title)
    drawn.update_yaxes(type="log" if data.log else "linear", exponentformat="power")
    return drawn
