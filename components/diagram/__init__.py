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
from backend.training.result import Snapshot
from components import browser
from components.diagram.network import picture
from components.diagram.picture import Picture
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
    play: bool = False,
    live: bool = False,
    within: bool = False,
    unit: Literal["epoch", "step"] = "epoch",
) -> None:
    """Draw both styles side by side, the kernels that read the shared layer, and the finding above them in words.

    With the `snapshots` of the run named `run` (equal names mean equal snapshots), edges show weights: those after
    the last epoch, until the player of the run moves on. `play` pulls the box apart once. If the run is
    `live`, only the newest weights are drawn, and no player moves them. `within` says that the caller draws in a
    fragment, which a click then reruns. Otherwise the diagram is its own fragment. `unit` is what the snapshots count.

    A click on a neuron highlights its edges in the browser. If the page has the option `neuron`, its link has the
    neuron as `group:index`.
    """
    data: dict[str, Any] = {"unit": unit, "play": play}
    if snapshots:
        name = (run, tuple(snapshot.epoch for snapshot in snapshots), live)
        data |= {"run": None if live else run, "live": live}
        data |= {"frames": _frames(name, experiment.architecture, snapshots, live)}
    show_picture(picture(experiment.architecture, *experiment.styles()), key=key, within=within, **data)


def show_picture(shown: Picture, *, key: str, within: bool = False, **data: Any) -> None:
    """Draw a picture. Without `data` it has no weights."""
    data |= {
        "picture": shown.model_dump(),
        "neuron": page_options.here(_NEURON),
        "file": f"two-heads-{key}",
    }
    (_diagram if within else _fragment)(key, data)


def _diagram(key: str, data: dict[str, Any]) -> None:

    def on_neuron_change() -> None:
        neuron = browser.sent(f"{key}-drawn", "neuron")
        if isinstance(neuron, str) and page_options.offers(_NEURON):
            page_options.choose(_NEURON, neuron)

    browser.mount("diagram", data, key=f"{key}-drawn", on_neuron_change=on_neuron_change)


@st.fragment
@render_lock()
def _fragment(key: str, data: dict[str, Any]) -> None:
    """Draw the diagram. A click runs this alone, with the same data, which is therefore not sent again."""
    _diagram(key, data)


def _run_key(name: tuple[str | None, tuple[int, ...], bool], architecture: Architecture, *_: Any) -> Any:
    return hashkey(name, architecture)


@cached(LRUCache(maxsize=32), key=_run_key, lock=Lock())
def _frames(
    name: tuple[str | None, tuple[int, ...], bool],
    architecture: Architecture,
    snapshots: Sequence[Snapshot],
    newest: bool,
) -> dict[str, Any]:
    """The weights of the run `name`, encoded once for all visitors."""
    return frames(architecture, snapshots, newest=newest).model_dump()
