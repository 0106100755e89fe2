"""Where a job stands, in words: its place in the queue, its progress, or why it failed."""

from __future__ import annotations

import streamlit as st

from backend.jobs import JobView
from backend.services import services
from backend.words import about


def waiting_sentence(view: JobView) -> str:
    """Where a queued job stands, in a sentence."""
    jobs = services().jobs
    if jobs.status.state != "ready":
        return jobs.status.sentence
    place = f"Waiting: place {view.position:,} in the queue, expected to start in {about(jobs.expected_wait(view))}"
    return f"{view.message} {place}" if view.message else place


def progress(view: JobView, share: float, text: str) -> None:
    """A bar for an unfinished job: its place in the queue, or its `share` (0 to 1) with `text`."""
    if view.state == "queued":
        st.progress(0.0, text=waiting_sentence(view))
    else:
        st.progress(share, text="Cancelling …" if view.cancelling else text)


def building_sentence(view: JobView, unready: str = "") -> str:
    """Where an unfinished job that builds a model in Keras stands, in a sentence.

    `unready` is the sentence while no worker is ready, for a page that has said so already.
    """
    if view.state == "queued" and unready and services().jobs.status.state != "ready":
        return unready
    return waiting_sentence(view) if view.state == "queued" else "Building in Keras …"


def finished_or_placeholder(view: JobView, height: int) -> bool:
    """Whether a job that builds in Keras has finished. If not, draw a placeholder (`height` in pixels) or the error."""
    if view.state == "finished":
        return True
    if view.ended:
        st.warning(view.message)
    else:
        st.caption(building_sentence(view))
        st.skeleton(height=height)
    return False
