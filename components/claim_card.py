"""One claim: who says what, the visitor's prediction, the verdict and its evidence."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from backend.claims import Claim, Verdict, evidence
from backend.claims.base import Chart
from backend.experiment import Experiment
from components import chart, state
from components.theme import NEUTRAL, TASK_HUES
from components.visitor import visitor

_COLOURS = {"true": "green", "true if": "blue", "false": "red", "within noise": "orange", "does not apply": "gray"}
_DASHES = ("solid", "dash", "dot", "dashdot")


def show(claim: Claim, experiment: Experiment, found: Verdict | None, line: str, revealed: bool) -> None:
    """Draw the card. The verdict is shown once a prediction is made, or where all were revealed."""
    with st.container(border=True, key=f"claim.{claim.key}"):
        said, judged = st.columns([2, 3], gap="large")
        with said:
            st.subheader(f"{claim.number}. {claim.title}", anchor=claim.key)
            st.caption(f"{claim.who[0].upper()}{claim.who[1:]} says")
            st.markdown(claim.says)
            predicted = _prediction(claim, experiment, found)
        with judged:
            if found and (predicted or revealed or found.kind == "does not apply"):
                _verdict(claim, experiment, found, predicted)
            elif line:
                st.caption(f":material/hourglass_top: {line}")
            else:
                st.caption("Predict first; then it is measured on your settings.")


def choices_key(claim: Claim) -> str:
    """Where the choices of a claim are kept in the session."""
    return f"claim.{claim.key}.choices"


def _prediction(claim: Claim, experiment: Experiment, found: Verdict | None) -> str | None:
    if found and found.kind == "does not apply":
        return None
    key = f"claim.{claim.key}.{experiment.key()}"

    def predict() -> None:
        state.touch()
        if claim.measured:
            evidence.ask(claim, state.experiment(), visitor())

    answer: str | None = st.pills(claim.asks, claim.answers, key=key, on_change=predict)
    if claim.choices:
        st.pills(
            "What matters to you?", list(claim.choices), key=choices_key(claim), selection_mode="multi",
            format_func=lambda choice: claim.choices[choice], on_change=state.touch,
        )  # fmt: skip
    return answer


def _verdict(claim: Claim, experiment: Experiment, found: Verdict, predicted: str | None) -> None:
    yours = f" · you said “{predicted}”" if predicted else ""
    st.markdown(f":{_COLOURS[found.kind]}-badge[**{found.kind}**]{yours}")
    st.markdown(f"**{found.finding}**")
    if found.table:
        st.table(pd.DataFrame(found.table).set_index(next(iter(found.table[0]))))
    if found.chart:
        chart.show(figure(found.chart), key=f"claim.{claim.key}.chart", alt=f"Evidence for claim {claim.number}")
    if found.why:
        st.markdown(found.why)
    if found.kind != "does not apply":
        with st.expander("Check it yourself, in Keras", icon=":material/code:"):
            st.code(claim.code(experiment), language="python")


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
                "shape": "hvh" if data.kind == "steps" else "linear",
            }
            drawn.add_scatter(x=list(data.x), y=list(values), name=name, mode="lines", line=line)
    for name, at in data.marks.items():
        drawn.add_vline(at, line={"color": NEUTRAL, "dash": "dot"}, annotation={"text": name, "textangle": -90})
    drawn.update_layout(
        height=260,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0},
    )
    drawn.update_xaxes(title=data.x_title)
    drawn.update_yaxes(title=data.y_title, type="log" if data.log else "linear")
    return drawn
