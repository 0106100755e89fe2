"""One topology: its source and layer graph, the Sequential attempt, its problem, and its training beside a baseline."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from backend.jobs import JobView
from backend.questions.topologies import Topology
from backend.questions.topologies.job import TopologyInspection, TopologyInspectJob
from backend.services import services
from components import code_panel, layer_graph
from components.live.job_status import building_sentence, finished_or_placeholder
from components.live.polling import first_unfinished, poll_while
from components.session.visitor import visitor
from components.text import yes_no
from components.topologies import training

_ERROR_LINES, _ERROR_CHARACTERS = 6, 700
#: Pixels. Source and graph have the same height.
_HEIGHT = 372
#: Pixels that a column needs; with less, the columns stand one below the other.
_COLUMN = 400
MODEL, ATTEMPT, BASELINE = "Model", "Sequential attempt", "Baseline"
VIEWS = (MODEL, ATTEMPT, BASELINE)


def show(topology: Topology) -> None:
    """Draw everything about `topology`. The parts that need a worker are filled in later."""
    st.header(f"{topology.number}. {topology.title}", anchor=False)
    with st.grid(2, min_column_width=_COLUMN):
        with st.container():
            _draw_when_built(topology, partial(_graph, False))
        with st.container():
            st.markdown(topology.description)
            _draw_when_built(topology, _answer)
            training.show(topology)
    details = st.expander("Why?", key="topologies.why", on_change="rerun")
    if details.open:
        with details:
            _why(topology)


def _why(topology: Topology) -> None:
    """Draw the problem, the baseline, and what Keras makes of the model, the Sequential attempt and the baseline."""
    st.markdown("Sequential can express such a model if its list holds a Functional model or a layer of your own.")
    st.markdown(f"**The problem.** {topology.task}")
    st.markdown(f"**The baseline, “{topology.baseline.title}”.** {topology.baseline_description}")
    training.show_details(topology)
    view_name = st.segmented_control(
        "Source and layer graph of", VIEWS, default=VIEWS[0], key="topologies.view", required=True,
        label_visibility="collapsed",
        help="The model, the nearest model that can be tried with `keras.Sequential`, and the model that it is trained "
        "against.",
    )  # fmt: skip
    title, text = {
        MODEL: (f"{topology.title} in Keras", topology.model.text),
        ATTEMPT: ("The Sequential attempt", topology.attempt),
        BASELINE: (f"{topology.baseline.title} in Keras", topology.baseline.text),
    }[view_name]
    with st.grid(2, min_column_width=_COLUMN):
        with st.container(height=_HEIGHT, key="topologies.source"):
            code_panel.show(title, text, key=f"topologies.code.{VIEWS.index(view_name)}")
        with st.container():
            if view_name != MODEL:
                _draw_when_built(topology, _error if view_name == ATTEMPT else partial(_graph, True))


def show_built(topology: Topology) -> None:
    """Draw by itself what Keras does with the model and the Sequential attempt: the graph of one, the other's error."""
    st.markdown(f"**{topology.title}.** {topology.description}")
    _draw_when_built(topology, _answer)
    with st.grid(2, min_column_width=_COLUMN):
        with st.container():
            _draw_when_built(topology, partial(_graph, False))
        with st.container():
            code_panel.show("The Sequential attempt", topology.attempt, key="topologies.attempt")
            _draw_when_built(topology, _error)


def _draw_when_built(topology: Topology, show: Callable[[Topology, JobView], None]) -> None:
    """Draw a part that needs the inspection's result, as a fragment that polls until the job has ended."""
    job = services().shared.request(TopologyInspectJob(topology=topology.key), visitor())
    poll_while(lambda: show(topology, job.view()), lambda: first_unfinished([job]))


def _answer(topology: Topology, view: JobView) -> None:
    """Whether both APIs build the model, with Keras's own count."""
    if view.state != "finished":
        st.markdown(f"{building_sentence(view) if not view.ended else view.message}  \n\u00a0")  # as high as the answer
        return
    inspection: TopologyInspection = view.result
    st.markdown(
        f"**Functional** {yes_no(True, 'builds it')} with {inspection.parameters:,} parameters.  \n"
        f"**Sequential** {yes_no(inspection.error is None, 'builds the nearest model', 'fails')}."
    )


def reason(error: str) -> str:
    """The line of an error that says what is wrong. Keras's first line may only say where an error was raised."""
    kind, _, message = error.partition(": ")
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Exception encountered"):
        lines = lines[1:]
    return f"{kind}: {lines[0]}{' …' if len(lines) > 1 else ''}" if lines else error


def excerpt(error: str) -> str:
    """The first lines of an error."""
    return "\n".join(error.strip().splitlines()[:_ERROR_LINES])[:_ERROR_CHARACTERS]


def _graph(is_baseline: bool, topology: Topology, view: JobView) -> None:
    """The layer graph of the model or of its baseline."""
    if not finished_or_placeholder(view, _HEIGHT):
        return
    inspection: TopologyInspection = view.result
    graph, whose = (inspection.baseline_graph, "baseline") if is_baseline else (inspection.graph, "model")
    alt = f"Keras's layer graph of the {whose}"
    layer_graph.show(graph, key="topologies.graph", alt=alt)


def _error(topology: Topology, view: JobView) -> None:
    """How Keras responds to the Sequential attempt."""
    if not finished_or_placeholder(view, _HEIGHT):
        return
    error = view.result.error
    if error is None:
        st.warning("This version of Keras builds it without an error.", icon=":material/warning:")
        return
    st.markdown("**Keras's error**")
    code_panel.show_output("Keras's error", excerpt(error), key="topologies.error")
