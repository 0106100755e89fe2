"""The player above the results of a run: it moves the loss curves' marker, the predictions and the weights together.

Everything moves in the browser (`components/browser/playback.js`). When the player rests, the epoch goes into the link.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

import streamlit as st
from cachetools import LRUCache, cached
from cachetools.keys import hashkey
from streamlit.delta_generator import DeltaGenerator

from backend.experiment.sides import side_keys, side_titles
from backend.training.result import Run
from components import browser, diagram
from components.live.render_lock import render_lock
from components.session import page_options, state
from components.train import curves, predictions
from components.train.run import RunView

_KEY = "player"
_OPENED = "player.opened"
#: The options of the page's link.
EPOCH, PLAY = "epoch", "play"


def show(now: RunView, drawn: int, place: DeltaGenerator | None = None) -> None:
    """Draw the predictions of the first `drawn` heads, and the player that moves them and the weights.

    The player is drawn in its `place`, or without one at the end. Nothing is drawn unless the run has finished and its
    result is kept. The run rests at its end until the visitor plays it, unless the link says that it plays.
    """
    run = now.run
    if run is None or not run.snapshots:
        return
    _opening_epoch(now.name, _frames(run))
    if run.predictions is not None:
        st.header(predictions.heading(run), anchor=False)
        predictions.show(now.name, run, drawn)
    _bar(now, run, drawn, place)


def show_weights(now: RunView, *, within: bool = False) -> None:
    """Draw the weights of a run: those by epoch, which the player moves, or the newest ones of a run without a result.

    `within` says that they are drawn in a fragment. Nothing is drawn of a run without weights.
    """
    snapshots, run = now.snapshots, now.run
    if not snapshots:
        return
    st.header("Trained weights by epoch" if run else "Weights so far", anchor=False)
    epoch = _opening_epoch(now.name, _frames(run)) if run else None
    both = now.experiment.of_settings() if now.experiment.other else now.experiment
    diagram.show(
        both, key="train.connectivity", snapshots=snapshots, run=now.name, epoch=epoch, live=run is None,
        within=within,
    )  # fmt: skip


def show_alone(now: RunView, place: DeltaGenerator) -> None:
    """Draw the player in its `place`, without predictions and weights: it moves the marker of the loss curves."""
    run = now.run
    if run is not None and run.snapshots:
        _opening_epoch(now.name, _frames(run))
        _bar(now, run, 0, place)


def _frames(run: Run) -> list[int]:
    return [snapshot.epoch for snapshot in run.snapshots]


def place() -> DeltaGenerator:
    """The place of the player, above the curves. In a window that is large enough, it stays at the top.

    It is there without a player, too, so that the charts after it are not mounted again.
    """
    return st.container(key="train.player")


def _bar(now: RunView, run: Run, drawn: int, place: DeltaGenerator | None) -> None:
    with place or st.container(key="train.player"):
        _player(_data(now, run, drawn))


def _data(now: RunView, run: Run, drawn: int) -> dict[str, Any]:
    frames = _frames(run)
    return {
        "run": now.name,
        "frames": frames,
        "epochs": run.experiment.training.epochs,
        "epoch": _linked_epoch(frames),
        "play": _option(PLAY) == "1",
        "link": state.session().links,
        "titles": list(side_titles(*run.styles)),
        "captions": _captions(now.name, run, drawn),
    }


@cached(LRUCache(maxsize=64), key=lambda name, run, drawn: hashkey(name, drawn), lock=Lock())
def _captions(name: str, run: Run, drawn: int) -> list[list[str]]:
    """What the titles say at each epoch of the player: that of the totals, and those of the first `drawn` heads."""
    heads = run.experiment.architecture.heads[:drawn]
    return curves.captions(run.epochs, side_keys(run.experiment), heads, _frames(run))


@st.fragment
@render_lock()
def _player(data: dict[str, Any]) -> None:
    """A fragment: an epoch that goes into the link redraws nothing else."""
    last = data["frames"][-1]

    def on_epoch_change() -> None:
        """Callback: the epoch at which the player rests goes into the link; the last one is the default."""
        shown = browser.sent(_KEY, "epoch")
        if not isinstance(shown, dict) or shown.get("run") != data["run"]:
            return
        epoch = shown.get("epoch")
        if isinstance(epoch, int) and epoch in data["frames"]:
            _publish(EPOCH, "" if epoch == last else str(epoch))

    browser.mount("player", data, key=_KEY, on_epoch_change=on_epoch_change)


def _opening_epoch(name: str, frames: list[int]) -> int | None:
    """The epoch at which a link, or a step back, opened the run; None for its end.

    If the visitor has trained another run since, the epoch leaves the link.
    """
    opened = st.session_state.get(_OPENED)
    links = state.session().links
    if opened is not None and opened[0] != name and opened[1] == links:
        _publish(EPOCH, "")  # it was that of another run
    if opened is None or opened[:2] != (name, links):
        st.session_state[_OPENED] = opened = name, links, _linked_epoch(frames)
    epoch: int | None = opened[2]
    return epoch


def _linked_epoch(frames: list[int]) -> int | None:
    """The epoch of the link, at which the player rested last, or the nearest that was kept; None for the end."""
    text = _option(EPOCH)
    return min(frames, key=lambda epoch: abs(epoch - int(text))) if text.isdecimal() else None


def _option(key: str) -> str:
    """An option of the page's link; empty on a page without it."""
    return page_options.here(key)


def _publish(key: str, value: str) -> None:
    """Set an option of the page's link, on a page that has it."""
    if page_options.offers(key):
        page_options.choose(key, value)
