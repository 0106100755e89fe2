"""The player under the results of a run: it moves the loss curves' marker, the predictions and the weights together.

Everything moves in the browser (`components/browser/playback.js`). When the player rests, the epoch goes into the link.
"""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment.sides import side_titles
from backend.training.result import Run
from components import browser, diagram
from components.live.render_lock import render_lock
from components.session import page_options
from components.train import predictions
from components.train.run import RunView

_KEY = "player"
_OPENED = "player.opened"
#: The options of the page's link.
EPOCH, PLAY = "epoch", "play"


def show(now: RunView, drawn: int, *, start_playing: bool = False, place: DeltaGenerator | None = None) -> None:
    """Draw the predictions of the first `drawn` heads, and the player that moves them and the weights.

    The player is drawn in its `place`, or without one at the end. Nothing is drawn unless the run has finished and its
    result is kept. With `start_playing` the run plays once, unless the link names an epoch or the visitor wants reduced
    motion.
    """
    run = now.run
    if run is None or not run.snapshots:
        return
    epoch = _opening_epoch(now.name, _frames(run))
    if run.predictions is not None:
        st.header(predictions.heading(run), anchor=False)
        predictions.show(now.name, run, drawn)
    _bar(now.name, run, epoch, start_playing, place)


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
    """Draw the player in its `place`, without predictions and weights: it moves the marker of the loss curves.

    The run plays only if the link says so.
    """
    run = now.run
    if run is not None and run.snapshots:
        _bar(now.name, run, _opening_epoch(now.name, _frames(run)), start_playing=False, place=place)


def _frames(run: Run) -> list[int]:
    return [snapshot.epoch for snapshot in run.snapshots]


def place() -> DeltaGenerator:
    """The place of the player. The style sheet keeps it at the bottom of a window that is large enough.

    It comes first in the results, for visitors who use the keyboard. It is there without a player, too, so that the
    charts after it are not mounted again.
    """
    return st.container(key="train.player")


def _bar(name: str, run: Run, epoch: int | None, start_playing: bool, place: DeltaGenerator | None) -> None:
    play = (start_playing and epoch is None) or _option(PLAY) == "1"
    with place or st.container(key="train.player"):
        _player(_data(name, run, _frames(run), play))


def _data(name: str, run: Run, frames: list[int], play: bool) -> dict[str, Any]:
    return {
        "run": name,
        "frames": frames,
        "epochs": run.experiment.training.epochs,
        "epoch": _linked_epoch(frames),
        "play": play,
        "link": page_options.times_read(EPOCH),
        "titles": list(side_titles(*run.styles)),
    }


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
    links = page_options.times_read(EPOCH)
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
    return page_options.chosen(key) if page_options.offers(key) else ""


def _publish(key: str, value: str) -> None:
    """Set an option of the page's link, on a page that has it."""
    if page_options.offers(key):
        page_options.publish(key, value)
