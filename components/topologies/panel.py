"""One topology: its picture and source, Sequential's error, its problem, and its training beside a baseline."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from backend.jobs import JobView
from backend.services import services
from backend.topologies import TOPOLOGIES, Topology
from components import code_panel
from components.live.polling import answered, first_unfinished, poll_while
from components.session import state
from components.session.visitor import visitor
from components.topologies import training

_ERROR_LINES, _ERROR_CHARACTERS = 6, 700


def choose() -> Topology:
    """The menu of topologies; the one chosen, which the link keeps."""
    key = "beyond.topology"
    st.session_state[key] = state.choice("topology")
    st.pills(
        "Model", list(TOPOLOGIES), key=key, required=True, label_visibility="collapsed",
        format_func=lambda name: f"{TOPOLOGIES[name].number}. {TOPOLOGIES[name].title}",
        on_change=lambda: state.choose("topology", st.session_state[key]),
    )  # fmt: skip
    return TOPOLOGIES[state.choice("topology")]


def show(topology: Topology) -> None:
    """Draw everything of `topology`; what Keras says arrives later. The picture, often tall, stands beside the rest."""
    st.header(f"{topology.number}. {topology.title}", anchor=False)
    st.markdown(topology.says)
    words, picture = st.columns([3, 2], gap="large")
    with words:
        _asked(topology, _keras)
        st.subheader("The problem", anchor=False)
        st.markdown(f"{topology.task}\n\n**The baseline, “{topology.baseline.title}”:** {topology.against}")
        with st.expander("The baseline's source", icon=":material/code:"):
            code_panel.show(f"{topology.baseline.title} in Keras", topology.baseline.text, set(), key="beyond.baseline")
        training.show(topology)
    with picture:
        _asked(topology, _picture)


def _asked(topology: Topology, show: Callable[[Topology, JobView], None]) -> None:
    """Draw a part that needs Keras's answer, as a fragment with a clock until it is there."""
    job = services().topologies.inspect(topology, visitor())
    poll_while(lambda: show(topology, job.view()), lambda: first_unfinished([job]))


def _keras(topology: Topology, view: JobView) -> None:
    """The source, Sequential's attempt and its error."""
    st.markdown(f"**In Keras**{_counts(topology, view)}")
    code_panel.show(f"{topology.title} in Keras", topology.model.text, set(), key="beyond.code")
    st.markdown("**The nearest Sequential model, and what Keras says to it**")
    code_panel.show("The Sequential attempt", topology.attempt, set(), key="beyond.attempt")
    _error(view)


def _counts(topology: Topology, view: JobView) -> str:
    if view.state != "finished":
        return ""
    model, baseline = view.result["parameters"]
    return f": {model:,} parameters; {baseline:,} in “{topology.baseline.title}”"


def _picture(topology: Topology, view: JobView) -> None:
    if answered(view, height=320):
        st.graphviz_chart(view.result["dot"], alt=f"Keras's layer graph of the model “{topology.title}”")


def _error(view: JobView) -> None:
    if view.state != "finished":
        return
    error = view.result["error"]
    if error is None:
        st.warning("This version of Keras accepts it.", icon=":material/warning:")
    else:
        lines = error.strip().splitlines()[:_ERROR_LINES]
        st.code("\n".join(lines)[:_ERROR_CHARACTERS], language=None, wrap_lines=True)
