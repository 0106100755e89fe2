"""Warns a host who is about to reveal a result before any part of it is ready."""

from __future__ import annotations

import streamlit as st

from backend.rooms import RoomView
from backend.services import services
from components.rooms import measured


def show(view: RoomView) -> None:
    """Draw the warning before the measured part of a result, if there is no result to show."""
    now = view.room.state
    next_is_measured = now.phase in ("frozen", "discuss", "explain") or (now.phase == "reveal" and now.stage == 1)
    if not next_is_measured or now.paused or now.closed or now.earlier is not None:
        return
    if words := warning(view):
        st.warning(words, icon=":material/hourglass_empty:")


def warning(view: RoomView) -> str:
    """Why there is nothing to reveal for the current question; empty if a part of its result is ready."""
    step = view.room.step
    if step.block.run == "none":
        if measured.pending(view, step) is not None:
            return "Keras is still measuring the result of this question, so there is no result to reveal yet."
        return f"There is no result to reveal: {reason}" if (reason := measured.failure(view, step)) else ""
    step_runs = services().rooms.training.of_step(view)
    if any(number >= 0 for number in step_runs.done) or not step_runs.missing:
        return ""
    count = len(step_runs.missing)
    if len(step_runs.failed) == count:
        return "Every training has failed, so there is no result to reveal."
    runs = "The run is not ready yet" if count == 1 else f"None of the {count} runs is ready yet"
    return f"{runs}, so there is no measurement to show."
