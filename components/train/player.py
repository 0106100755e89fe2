"""The player of a run: it moves the marker of the loss curves, the predictions and the weights together.

Everything moves in the browser (`components/browser/playback.js`). When the player rests, the epoch goes into the link.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.experiment.sides import side_keys
from components import browser
from components.live.render_lock import render_lock
from components.session import page_options, state
from components.train import curves
from components.train.run import RunView

_KEY = "player"
_SHOWN = "player.run"
#: The options of the page's link.
EPOCH, PLAY = "epoch", "play"


def show(now: RunView) -> None:
    """Draw the player. Nothing is drawn unless the run has finished and its result is kept.

    The run rests at its end, or at the epoch of the link, until the visitor plays it. The link may say that it plays.
    """
    if now.run is None or not now.run.snapshots:
        return
    frames, links = [snapshot.epoch for snapshot in now.run.snapshots], state.session().links
    before = st.session_state.get(_SHOWN)
    if before not in (None, (now.name, links)) and before[1] == links:
        _publish(EPOCH, "")  # it was that of another run
    st.session_state[_SHOWN] = now.name, links
    text, last = _option(EPOCH), now.experiment.training.epochs
    data = {
        "run": now.name,
        "frames": frames,
        "epoch": min(frames, key=lambda epoch: abs(epoch - int(text))) if text.isdecimal() else None,
        "play": _option(PLAY) == "1",
        "link": links,
        "curves": True,
        "captions": curves.captions(now.epochs, side_keys(now.experiment), frames, last),
    }
    _player(data)


@st.fragment
@render_lock()
def _player(data: dict[str, Any]) -> None:
    """A fragment: an epoch that goes into the link redraws nothing else."""

    def on_epoch_change() -> None:
        """Callback: the epoch at which the player rests goes into the link; the last one is the default."""
        shown = browser.sent(_KEY, "epoch")
        if isinstance(shown, dict) and shown.get("run") == data["run"] and shown.get("epoch") in data["frames"]:
            _publish(EPOCH, "" if shown["epoch"] == data["frames"][-1] else str(shown["epoch"]))

    browser.mount("player", data, key=_KEY, on_epoch_change=on_epoch_change)


def _option(key: str) -> str:
    """An option of the page's link; empty on a page without it."""
    return page_options.here(key)


def _publish(key: str, value: str) -> None:
    """Set an option of the page's link, on a page that has it."""
    if page_options.offers(key):
        page_options.choose(key, value)
