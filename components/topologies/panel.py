"""One topology: its layer graph and source, the Sequential attempt, its problem, and its training beside a baseline."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from backend.jobs import JobView
from backend.services import services
from backend.topologies import TOPOLOGIES, Topology
from backend.topologies.job import TopologyInspection
from components import code_panel
from components.live.job_status import finished_or_placeholder
from components.live.polling import first_unfinished, poll_while
from components.session import page_options
from components.session.visitor import visitor
from components.topologies import training

_ERROR_LINES, _ERROR_CHARACTERS = 6, 700


def choose() -> Topology:
    """Draw the menu of topologies. Returns the chosen one; the link keeps the choice."""
    key = "topologies.topology"
    st.session_state[key] = page_options.chosen("topology")
    st.pills(
        "Model", list(TOPOLOGIES), key=key, required=True, label_visibility="collapsed",
        format_func=lambda name: f"{TOPOLOGIES[name].number}. {TOPOLOGIES[name].title}",
        on_change=lambda: page_options.choose("topology", st.session_state[key]),
    )  # fmt: skip
    return TOPOLOGIES[page_options.chosen("topology")]


def show(topology: Topology) -> None:
    """Draw everything about `topology`. The parts that need a worker are filled in later.

    The layer graph is often tall, so it has a column of its own.
    """
    st.header(f"{topology.number}. {topology.title}", anchor=False)
    st.markdown(topology.description)
    words, picture = st.columns([3, 2], gap="large")
    with words:
        _when_built(topology, _keras)
        st.subheader("The problem", anchor=False)
        st.markdown(f"{topology.task}\n\n**Baseline, “{topology.baseline.title}”:** {topology.baseline_description}")
        with st.expander("The baseline's source", icon=":material/code:"):
            code_panel.show(
                f"{topology.baseline.title} in Keras", topology.baseline.text, set(), key="topologies.baseline"
            )
        training.show(topology)
    with picture:
        _when_built(topology, _picture)


def _when_built(topology: Topology, show: Callable[[Topology, JobView], None]) -> None:
    """Draw a part that needs the inspection's result, as a fragment that polls until the job has ended."""
    job = services().topologies.inspect(topology, visitor())
    poll_while(lambda: show(topology, job.view()), lambda: first_unfinished([job]))


def _keras(topology: Topology, view: JobView) -> None:
    """The source, the Sequential attempt, and how Keras responds to it."""
    st.markdown(f"**The model in Keras**{_counts(topology, view)}")
    code_panel.show(f"{topology.title} in Keras", topology.model.text, set(), key="topologies.code")
    st.markdown("**The nearest Sequential model, and how Keras responds to it**")
    code_panel.show("The Sequential attempt", topology.attempt, set(), key="topologies.attempt")
    _error(view)


def _counts(topology: Topology, view: JobView) -> str:
    if view.state != "finished":
        return ""
    found: TopologyInspection = view.result
    return (
        f": {found.parameters:,} parameters. The baseline, “{topology.baseline.title}”, has "
        f"{found.baseline_parameters:,}."
    )


def _picture(topology: Topology, view: JobView) -> None:
    if finished_or_placeholder(view, height=320):
        st.graphviz_chart(view.result.dot, alt=f"Keras's layer graph of the model “{topology.title}”")


def _error(view: JobView) -> None:
    if view.state != "finished":
        return
    error = view.result.error
    if error is None:
        st.warning("This version of Keras builds it without an error.", icon=":material/warning:")
    else:
        lines = error.strip().splitlines()[:_ERROR_LINES]
        st.code("\n".join(lines)[:_ERROR_CHARACTERS], language=None, wrap_lines=True)
