"""What surrounds every page: the notices of a bad link, the state of the workers, the footer."""

from __future__ import annotations

import streamlit as st

from backend import __version__
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.presets import PRESETS
from backend.experiment.presets import THREAD as THREAD_NETWORK
from backend.machine import installed
from backend.services import services
from backend.words import counted
from components import browser
from components.layout import site
from components.live.render_lock import render_lock
from components.session import state
from components.text import for_markdown

THREAD = "https://stackoverflow.com/questions/58092176"
LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"
_MOST_NOTICES = 8
#: Session key: present if the visitor has seen that the workers were not ready.
_WAITED = "workers.waited"


def follow_connection() -> None:
    """Redraw the whole page once the browser's lost connection is back (`browser/connection.js`)."""
    browser.mount(
        "reconnection", {"script": browser.script_name()}, key="frame.reconnection", on_back_change=state.touch
    )


def browser_title(page: str, experiment: Experiment) -> str:
    """The title of the window and of a bookmark: the page, and the settings if they are the visitor's own."""
    name = next((name for name, preset in PRESETS.items() if preset == experiment), None)
    settings = {THREAD_NETWORK: None, None: in_short(experiment.architecture)}.get(name, name)
    return " · ".join(filter(None, [page, settings, "Two Heads"]))


def notices() -> None:
    """Draw one notice that names each value that could not be used. It disappears at the next change."""
    place = st.container()  # also when empty: so the elements below it are not mounted again
    all_notices = state.notices()
    if not all_notices:
        return
    lines = [for_markdown(notice.sentence, 400) for notice in all_notices[:_MOST_NOTICES]]
    if len(all_notices) > _MOST_NOTICES:
        lines.append(f"… and {len(all_notices) - _MOST_NOTICES} more.")
    place.warning("\n- ".join(["Some settings could not be used:", *lines]), icon=":material/link_off:")


def workers() -> None:
    """Draw a line while the workers are not ready. Then it says that they are, and stays: nothing below it moves."""
    place = st.container(key="workers")
    if services().jobs.status.state == "ready":
        if _WAITED in st.session_state:
            place.caption(f":material/check: {services().jobs.status.sentence}")
        return
    st.session_state[_WAITED] = True

    @render_lock()
    def draw() -> None:
        if services().jobs.status.state == "ready":
            state.redraw()
        st.caption(f":material/hourglass_top: {services().jobs.status.sentence}")

    with place:
        st.fragment(draw, run_every=1.0)()


def show_saving_problems() -> None:
    """Say why finished runs cannot be saved now, if so."""
    place = st.container(key="not-saved")
    if problem := services().run_store.problem:
        place.warning(
            f"Runs are not saved now, because {problem}. You can still train. The runs are saved when that is possible "
            "again.",
            icon=":material/cloud_off:",
        )


def ephemeral(what: str) -> None:
    """Say that the server keeps `what` only until it restarts, if its operator has said so."""
    if services().config.ephemeral:
        st.caption(
            f":material/hourglass_bottom: This server keeps {what} only until it restarts. Download what you need."
        )


def link_to_own_model() -> None:
    """Draw the link to the page for a visitor's own model, in the sidebar of the pages on which settings begin."""
    st.sidebar.page_link(site.page("own"), label="Start from a model of your own", icon=":material/folder_open:")


def footer() -> None:
    """Draw the source of the question, and the versions of the libraries."""
    # Not a caption: its links have too little contrast.
    st.container(key="frame.footer").markdown(
        ":small[Based on the Stack Overflow question [Keras' Sequential vs Functional API for multi-task "
        f"learning]({THREAD}), [CC BY-SA 4.0]({LICENCE}). Two Heads retells it in its own words.]  \n"
        f":small[Two Heads {__version__} · Keras {installed().get('keras', 'not installed')} · "
        f"TensorFlow {installed().get('tensorflow', 'not installed')} · Streamlit {st.__version__}]"
    )


def in_short(architecture: Architecture) -> str:
    """The layers in a few words: "LSTM 32, Dense 8, 2 heads"."""
    layers = [
        *(f"LSTM {units}" for units in architecture.lstm),
        *(f"Dense {each.units}" for each in architecture.dense),
    ]
    return ", ".join([*layers, counted(len(architecture.heads), "head")])
