"""Train: both styles on the same sequences, side by side."""

import streamlit as st

from backend import estimate
from components import controls, frame, run_controls, run_outcome, sequence_view, state
from components.watched import watched

with st.sidebar:
    controls.presets()
    controls.section("Sequences", controls.sequences)
    controls.section("Training", controls.training)
    controls.section("Architecture", controls.architecture, folded=True)

experiment = state.experiment()
first = watched()

st.title("Which one trains better?")
frame.workers()
frame.refusals()


def run() -> None:
    now = watched()
    if first is not None and first.running and (now is None or not now.running):
        if now is not None and now.run is not None:
            estimate.learn(now.experiment, now.run.timings)
        st.rerun()  # once more without the clock
    run_controls.show(experiment, now)
    run_outcome.show(experiment, now)


sequence_view.show(experiment)
st.fragment(run, run_every=run_controls.pace(first) if first is not None and first.running else None)()
