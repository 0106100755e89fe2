"""The connectivity diagram of both styles with their output kernels, and the neuron that is highlighted in them."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

import streamlit as st
from cachetools import LRUCache, cached
from cachetools.keys import hashkey

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import Style
from backend.training.result import Snapshot
from components import browser
from components.charts.figure import FORMAT_KEY, FORMATS
from components.diagram.picture import entry, picture
from components.diagram.plan import Focus, Plan, plan_of
from components.diagram.weights import frames
from components.live.render_lock import render_lock
from components.session import page_options

_NEURON = "neuron"  # the option of a page's link


def neuron_option() -> page_options.PageOption:
    """The highlighted neuron as an option of a page: one that the diagram can highlight."""
    return page_options.member(lambda experiment: [entry(each) for each in plan_of(experiment.architecture).focusable])


def show(
    experiment: Experiment,
    *,
    key: str,
    snapshots: Sequence[Snapshot] | None = None,
    run: str | None = None,
    epoch: int | None = None,
    play: bool = False,
) -> None:
    """Draw both styles side by side, the kernels that read the shared layer, and the finding above them in words.

    With the `snapshots` of the run named `run` (equal names mean equal snapshots), edges show weights: those after
    `epoch` (None: after the last), until the clock of the run says otherwise. `play` pulls the box apart once.

    A click on a neuron highlights its edges in the browser. The session keeps the neuron under `key`. If the page has
    the option `neuron`, its link has the neuron as `group:index`.
    """
    plan = plan_of(experiment.architecture)
    given, linked = f"{key}-given", page_options.chosen(_NEURON) if page_options.offers(_NEURON) else ""
    if st.session_state.get(given, "") != linked:
        st.session_state[given] = linked
        _store_focus(plan, key, linked, st.session_state.get(f"{key}-turn", 0) + 1)
    data = _picture_data(experiment, snapshots, run) | {
        "neuron": entry(focus) if (focus := _focus(plan, key)) else "",
        "turn": st.session_state.get(f"{key}-turn", 0),
        "epoch": epoch,
        "play": play,
        "format": st.session_state.get(FORMAT_KEY, FORMATS[0]),
        "file": f"two-heads-{key}",
    }
    _diagram(experiment.architecture, key, data)


@st.fragment
@render_lock()
def _diagram(architecture: Architecture, key: str, data: dict[str, Any]) -> None:
    """Draw the diagram. A click runs this alone, with the same data, which is therefore not sent again."""

    def on_neuron_change() -> None:
        state = st.session_state[f"{key}-drawn"].get("neuron")
        message = state if isinstance(state, dict) else {}
        neuron, turn = message.get("neuron"), message.get("turn")
        if isinstance(neuron, str) and isinstance(turn, int):
            _store_focus(plan_of(architecture), key, neuron, turn)
            focus = _focus(plan_of(architecture), key)
            if page_options.offers(_NEURON):
                st.session_state[f"{key}-given"] = linked = entry(focus) if focus else ""
                page_options.publish(_NEURON, linked)

    browser.mount("diagram", data, key=f"{key}-drawn", on_neuron_change=on_neuron_change)


def _picture_data(experiment: Experiment, snapshots: Sequence[Snapshot] | None, run: str | None) -> dict[str, Any]:
    styles = experiment.styles()
    data = {"picture": picture(experiment.architecture, *styles).model_dump()}
    if not snapshots:
        return data
    epochs = tuple(snapshot.epoch for snapshot in snapshots)
    return data | {"run": run, "frames": _frames((run, epochs), experiment.architecture, styles, snapshots)}


def _run_key(name: tuple[str | None, tuple[int, ...]], architecture: Architecture, *_: Any) -> Any:
    return hashkey(name, architecture)


@cached(LRUCache(maxsize=32), key=_run_key, lock=Lock())
def _frames(
    name: tuple[str | None, tuple[int, ...]],
    architecture: Architecture,
    styles: tuple[Style, Style],
    snapshots: Sequence[Snapshot],
) -> dict[str, Any]:
    """The weights of the run `name`, encoded once for all visitors."""
    return frames(architecture, styles, snapshots).model_dump()


def _store_focus(plan: Plan, key: str, neuron: str, turn: int) -> None:
    """Store the highlighted neuron; one that the architecture does not have highlights nothing."""
    focused = next((focus for focus in plan.focusable if entry(focus) == neuron), None)
    st.session_state[f"{key}-focus"], st.session_state[f"{key}-turn"] = focused, turn


def _focus(plan: Plan, key: str) -> Focus | None:
    """The highlighted neuron, as long as the architecture has it."""
    focus = st.session_state.get(f"{key}-focus")
    return focus if isinstance(focus, Focus) and focus in plan.focusable else None
