"""The run on the Train page: controls and outcome, redrawn while a job runs."""

from __future__ import annotations

import streamlit as st

from backend import estimate
from backend.experiment import Experiment
from components import run_controls, run_outcome
from components.watched import watched


def show(experiment: Experiment) -> None:
    """Draw the panel as a fragment, with a clock only while there is something to wait for."""
    first = watched()
    running = first is not None and first.running

    def draw() -> None:
        now = watched()
        if running != (now is not None and now.running):
            if now is not None and now.run is not None:
                estimate.learn(now.experiment, now.run.timings)
            st.rerun()  # the whole page: with a clock from here on, or without
        run_controls.show(experiment, now)
        run_outcome.show(experiment, now)

    st.fragment(draw, run_every=run_controls.pace(first) if first is not None and running else None)()
