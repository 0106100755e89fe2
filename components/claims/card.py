"""One claim: who says what, the visitor's prediction, the verdict and its evidence."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from backend.claims import Claim, Verdict
from backend.claims.base import Chart, Kind
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
    "true if": "blue",
    "false": "red",
    "within noise": "orange",
    "cannot tell": "gray",
    "does not apply": "gray",
}
_DASHES = ("solid", "dash", "dot", "dashdot")


def show(claim: Claim, experiment: Experiment, found: Verdict | None, line: str) -> None:
    """Draw the card: who says what beside the visitor's prediction, then `found`; `line` tells where it stands."""
    with st.container(border=True, key=f"claim.{claim.key}"):
        said, asked = st.columns(2, gap="medium")
        with said:
            st.header(f"{claim.number}. {claim.title}", anchor=claim.key)
            st.caption(f"{claim.source[0].upper()}{claim.source[1:]} says")
            st.markdown(claim.statement)
        with asked:
            if not (found and found.kind == "does not apply"):
                _prediction(claim, experiment)
            if line:
                st.caption(f":material/hourglass_top: {line}")
        if found:
            _verdict(claim, experiment, found)


def predicted(claim: Claim, experiment: Experiment) -> str | None:
    """What the visitor predicted on this experiment; None before."""
    answer: str | None = st.session_state.get(_key(claim, experiment))
    return answer


def _key(claim: Claim, experiment: Experiment) -> str:
    return f"claim.{claim.key}.{experiment.key()}"


def choices_key(claim: Claim) -> str:
    """Where the choices of a claim are kept in the session."""
    return f"claim.{claim.key}.choices"


def _prediction(claim: Claim, experiment: Experiment) -> None:
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
            "What matters to you?", list(claim.choices), key=choices_key(claim), selection_mode="multi",
            format_func=lambda choice: claim.choices[choice], on_change=state.touch, wrap=True,
            persist_state="session",
        )  # fmt: skip


def _verdict(claim: Claim, experiment: Experiment, found: Verdict) -> None:
    said = predicted(claim, experiment)
    yours = f" · you said “{said}”" if said else ""
    st.markdown(f":{_COLOURS[found.kind]}-badge[**{found.kind}**]{yours} · **{found.finding}**")
    if found.kind == "does not apply":
        return
    if found.table:
        st.table(pd.DataFrame(found.table).set_index(next(iter(found.table[0]))))
    if found.chart:
        why, drawn = st.columns(2, gap="medium")
        with drawn:
            chart.show(figure(found.chart), key=f"claim.{claim.key}.chart", alt=f"Evidence for claim {claim.number}")
    else:
        why = st.container()
    why.markdown(found.why)
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
