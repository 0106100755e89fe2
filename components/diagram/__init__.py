"""The connectivity diagram of both styles with their output kernels, and the neuron that is highlighted in them."""

from __future__ import annotations

from functools import partial

import streamlit as st

from backend.experiment import Experiment
from backend.training.result import SIDES, Snapshot
from backend.words import short
from components.charts import figure as chart
from components.charts.figure import Keyed
from components.diagram import figure as neurons
from components.diagram import kernel_matrices
from components.diagram.kernel_side import shape_words
from components.diagram.pens import scale_of
from components.diagram.plan import Focus, Plan, drawn_of_all, plan
from components.diagram.titles import finding, neuron_title
from components.live.render_lock import render_lock
from components.text import for_markdown

_neurons, _kernels = chart.cached_figure(neurons.figure, size=64), chart.cached_figure(kernel_matrices.figure, size=64)


def show(experiment: Experiment, *, key: str, snapshot: Keyed | None = None) -> None:
    """Draw both styles side by side, the kernels that read the shared layer, and the finding above them in words.

    With a `snapshot` of a run, edges show weights, and the title says after which epoch. A click or the menu chooses
    the highlighted neuron, which the session keeps under `key`. A click reruns the diagram alone.
    """
    _diagram(experiment, key, snapshot)


@st.fragment
@render_lock()
def _diagram(experiment: Experiment, key: str, snapshot: Keyed | None) -> None:
    architecture, styles = experiment.architecture, experiment.styles()
    picture = plan(architecture)
    focus = _focus(picture, key)
    found = finding(picture, *styles, focus)
    title = f"{_moment(snapshot.value)}: {found}" if snapshot else found
    weights = snapshot and Keyed(snapshot.name, (snapshot.value.left, snapshot.value.right))
    scale = scale_of((block for block in picture.blocks(styles[0]) if block.head), *(weights.value if weights else ()))

    words, menu = st.columns([3, 1], vertical_alignment="bottom")
    words.header(for_markdown(title), anchor=False)
    with menu:
        _menu(picture, key)
    # Where three do not fit side by side, the kernels go below; on a phone each has its own row.
    grid = st.grid(8, min_column_width=85)
    for side, style in zip(SIDES, styles, strict=True):
        mine = snapshot and Keyed((snapshot.name, side), getattr(snapshot.value, side))
        with grid.cell(column_span=3):
            chart.plot(
                _neurons(architecture, style, focus, mine, scale, _turn(key)),
                key=f"{key}-{side}",
                on_select=partial(_clicked, picture, key, f"{key}-{side}"),
                selection_mode="points",
                alt=f"{style.title}: neurons and edges. {title}",
            )
    with grid.cell(column_span=2):
        chart.plot(
            _kernels(architecture, styles, focus, weights),
            key=f"{key}-kernels",
            alt=", ".join(f"{style.title}: {shape_words(architecture, style)}" for style in styles),
        )
    st.caption(_legend(picture, experiment, weights is not None, scale))


def _moment(snapshot: Snapshot) -> str:
    return f"After epoch {snapshot.epoch}" if snapshot.epoch else "Before training"


def _menu(picture: Plan, key: str) -> None:
    """The menu does the same as a click, for the keyboard. Its first entry highlights no neuron."""
    neurons = {_entry(focus): focus for focus in picture.focusable}
    focus = _focus(picture, key)
    menu = f"{key}-menu"
    st.session_state[menu] = _entry(focus) if focus else ""

    def write() -> None:
        st.session_state[f"{key}-focus"] = neurons.get(st.session_state[menu])
        _turn(key, 1)

    st.selectbox(
        "Highlight a neuron",
        ["", *neurons],
        key=menu,
        on_change=write,
        format_func=lambda entry: neuron_title(picture, neurons[entry]) if entry else "none",
    )


def _clicked(picture: Plan, key: str, chart: str) -> None:
    """Callback of a diagram: a click on a neuron highlights it; a second click ends that."""
    points = st.session_state[chart]["selection"]["points"]
    chosen = _chosen(picture, points[-1].get("customdata") if points else None)
    _turn(key, 1)
    if chosen is not None:
        st.session_state[f"{key}-focus"] = None if chosen == _focus(picture, key) else chosen


def _chosen(picture: Plan, found: object) -> Focus | None:
    """The neuron that a point's `customdata` names; None for one that cannot be highlighted."""
    if not isinstance(found, (list, tuple)) or len(found) != 2:
        return None
    return next((focus for focus in picture.focusable if [focus.group, focus.index] == list(found)), None)


def _focus(picture: Plan, key: str) -> Focus | None:
    """The highlighted neuron, as long as the architecture has it."""
    focus = st.session_state.get(f"{key}-focus")
    return focus if isinstance(focus, Focus) and focus in picture.focusable else None


def _turn(key: str, more: int = 0) -> int:
    """How often a neuron was chosen. An equal figure would get its old selection back from Streamlit."""
    turn: int = st.session_state.get(f"{key}-turn", 0) + more
    st.session_state[f"{key}-turn"] = turn
    return turn


def _entry(focus: Focus) -> str:
    return f"{focus.group}:{focus.index}"


def _legend(picture: Plan, experiment: Experiment, weighted: bool, scale: float) -> str:
    """What an edge stands for, how its weight is shown, and how many of all edges are drawn."""
    lines = ["Each LSTM edge stands for four gate weights (input, forget, cell, output)."]
    if weighted:
        lines.append("It is grey; its width shows their root mean square.")
        lines.append("Other edges are orange for negative and blue for positive weights.")
        lines.append(f"Thin edges: absolute value below {short(scale / 4)}. Thick edges: {short(scale / 2)} or more.")
    drawn, count = drawn_of_all(picture, experiment.styles()[0])
    if drawn < count:
        lines.append(f"The diagram draws {drawn:,} of {count:,} edges; the counts include all of them.")
    shared = "a Dense neuron" if picture.shared.group.title == "Dense" else "an LSTM unit"
    lines.append(f"Click an output or {shared} of the last shared layer to highlight its edges on both sides.")
    return " ".join(lines)
