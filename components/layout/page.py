"""What surrounds every page: the style sheet, the notices of a bad link, the state of the workers, the footer."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import streamlit as st

from backend import __version__
from backend.services import services
from components.live.render_lock import render_lock
from components.session import state
from components.text import for_markdown

THREAD = "https://stackoverflow.com/questions/58092176"
LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"
_MOST_NOTICES = 8
_LOOK = Path(__file__).with_name("look.css")


def look() -> None:
    """Add the style sheet, for what the theme cannot set."""
    st.html(_LOOK)


def notices() -> None:
    """Draw one notice that names each value that could not be used. It disappears at the next change."""
    place = st.container()  # also when empty: so the elements below it are not mounted again
    found = state.notices()
    if not found:
        return
    lines = [for_markdown(notice.sentence, 400) for notice in found[:_MOST_NOTICES]]
    if len(found) > _MOST_NOTICES:
        lines.append(f"… and {len(found) - _MOST_NOTICES} more.")
    place.warning("\n- ".join(["Some settings could not be used:", *lines]), icon=":material/link_off:")


def unsupported_styles() -> None:
    """Say which chosen style is not available, and which style is used in its place."""
    place = st.container()
    for sentence in state.experiment().unsupported_styles():
        place.info(sentence, icon=":material/swap_horiz:")


def workers() -> None:
    """Draw a line while the workers are not ready. It disappears by itself."""
    place = st.container()
    if services().jobs.status.state == "ready":
        return

    @render_lock()
    def draw() -> None:
        if services().jobs.status.state == "ready":
            state.redraw()
        st.caption(f":material/hourglass_top: {services().jobs.status.sentence}")

    with place:
        st.fragment(draw, run_every=1.0)()


def footer() -> None:
    """Draw the source of the question, and the versions of the libraries."""
    # Not a caption: its links have too little contrast.
    st.markdown(
        f":small[The question: [Keras' Sequential vs Functional API for multi-task learning]({THREAD}), Stack "
        f"Overflow, [CC BY-SA 4.0]({LICENCE}). Two Heads retells it in its own words.]  \n"
        f":small[Two Heads {__version__} · Keras {_version('keras')} · TensorFlow "
        f"{_version('tensorflow-cpu', 'tensorflow')} · Streamlit {_version('streamlit')}]"
    )


@cache
def _version(*packages: str) -> str:
    """The version of the first of `packages` that is installed; nothing is imported for it."""
    for package in packages:
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return "not installed"
