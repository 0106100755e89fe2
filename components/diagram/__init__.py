"""The connectivity diagram of both styles with their output kernels, and the neuron that is highlighted in them."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any, Literal

import streamlit as st
from cachetools import LRUCache, cached
from cachetools.keys import hashkey

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import Style
from backend.training.result import Snapshot
from components import browser
from components.charts.figure import FORMAT_KEY, FORMATS
from components.diagram.picture import Picture, picture
from components.diagram.weights import frames
from components.live.render_lock import render_lock
from components.session import page_options

_NEURON = "neuron"  # the option of a page's link


def neuron_option() -> page_options.PageOption:
    """The page option for the highlighted neuron. One that the diagram does not have highlights nothing."""
    return page_options.matching(r"[A-Za-z0-9_.-]{1,60}:[0-9]{1,5}", "a group and a number, such as dense:3")


def show(
    experiment: Experiment,
    *,
    key: str,
    snapshots: Sequence[Snapshot] | None = None,
    run: str | None = None,
    epoch: int | None = None,
    play: bool = False,
    live: bool = False,
    within: bool = False,
    unit: Literal["epoch", "step"] = "epoch",
) -> None:
    """Draw both styles side by side, the kernels that read the shared layer, and the finding above them in words.

    With the `snapshots` of the run named `run` (equal names mean equal snapshots), edges show weights: those after
    `epoch` (None: after the last), until the player of the run moves on. `play` pulls the box apart once. If the run is
    `live`, only the newest weights are drawn, and no player moves them. `within` says that the caller draws in a
    fragment, which a click then reruns. Otherwise the diagram is its own fragment. `unit` is what the snapshots count.

    A click on a neuron highlights its edges in the browser. The session keeps the neuron under `key`. If the page has
    the option `neuron`, its link has the neuron as `group:index`.
    """
    drawn = picture(experiment.architecture, *experiment.styles())
    given, linked = f"{key}-given", page_options.here(_NEURON)
    if st.session_state.get(given, "") != linked:
        st.session_state[given] = linked
        _store_focus(drawn, key, linked, browser.last_turn(key) + 1)
    data = _picture_data(experiment, snapshots, run, live)
    _mount(drawn, key, data | {"epoch": epoch, "unit": unit, "play": play}, within=within)


def show_picture(drawn: Picture, *, key: str) -> None:
    """Draw the picture of another network than the experiment's, without weights. No link has its neuron."""
    _mount(drawn, key, {"picture": drawn.model_dump(), "epoch": None, "unit": "epoch", "play": False}, within=False)


def selector(key: str) -> str:
    """The CSS selector of the diagram that is drawn with this key."""
    return f".st-key-{key.replace('.', '-')}-drawn"


def _mount(drawn: Picture, key: str, data: dict[str, Any], *, within: bool) -> None:
    data = data | {
        "neuron": _focus(drawn, key),
        "turn": browser.last_turn(key),
        "format": st.session_state.get(FORMAT_KEY, FORMATS[0]),
        "file": f"two-heads-{key}",
    }
    (_diagram if within else _fragment)(drawn, key, data)


def _diagram(drawn: Picture, key: str, data: dict[str, Any]) -> None:

    def on_neuron_change() -> None:
        state = browser.sent(f"{key}-drawn", "neuron")
        message = state if isinstance(state, dict) else {}
        neuron, turn = message.get("neuron"), message.get("turn")
        if isinstance(neuron, str) and isinstance(turn, int):
            _store_focus(drawn, key, neuron, turn)
            if page_options.offers(_NEURON):
                st.session_state[f"{key}-given"] = linked = _focus(drawn, key)
                page_options.choose(_NEURON, linked)

    browser.mount("diagram", data, key=f"{key}-drawn", on_neuron_change=on_neuron_change)


@st.fragment
@render_lock()
def _fragment(drawn: Picture, key: str, data: dict[str, Any]) -> None:
    """Draw the diagram. A click runs this alone, with the same data, which is therefore not sent again."""
    _diagram(drawn, key, data)


def _picture_data(
    experiment: Experiment, snapshots: Sequence[Snapshot] | None, run: str | None, live: bool
) -> dict[str, Any]:
    styles = experiment.styles()
    data = {"picture": picture(experiment.architecture, *styles).model_dump()}
    if not snapshots:
        return data
    epochs = tuple(snapshot.epoch for snapshot in snapshots)
    drawn = _frames((run, epochs, live), experiment.architecture, styles, snapshots, live)
    return data | {"run": None if live else run, "live": live, "frames": drawn}


def _run_key(name: tuple[str | None, tuple[int, ...], bool], architecture: Architecture, *_: Any) -> Any:
    return hashkey(name, architecture)


@cached(LRUCache(maxsize=32), key=_run_key, lock=Lock())
def _frames(
    name: tuple[str | None, tuple[int, ...], bool],
    architecture: Architecture,
    styles: tuple[Style, Style],
    snapshots: Sequence[Snapshot],
    newest: bool,
) -> dict[str, Any]:
    """The weights of the run `name`, encoded once for all visitors."""
    return frames(architecture, styles, snapshots, newest=newest).model_dump()


def _store_focus(drawn: Picture, key: str, neuron: str, turn: int) -> None:
    """Store the highlighted neuron; one that the picture does not have highlights nothing."""
    st.session_state[f"{key}-focus"] = neuron if neuron in drawn.focusable else ""
    browser.set_turn(key, turn)


def _focus(drawn: Picture, key: str) -> str:
    """The highlighted neuron, as long as the picture has it; else empty."""
    focus = st.session_state.get(f"{key}-focus", "")
    return focus if focus in drawn.focusable else ""
