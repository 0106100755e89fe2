"""Compiles the styles that are on the page, before the visitor presses Train."""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.services import services
from backend.training.job import traced_graphs
from components.session.visitor import visitor
from components.sidebar import style
from components.train.run import pending

_PREPARED = "train.prepared"


def prepare(experiment: Experiment) -> None:
    """Have an idle worker trace what a training of these settings needs: once for each set of graphs.

    If the workers are busy, the next rerun of the page tries again.
    """
    graphs = traced_graphs(experiment)
    if st.session_state.get(_PREPARED) == graphs or pending() is not None or style.same_by_fallback(experiment):
        return
    if services().runs.prepare(experiment, visitor()):
        st.session_state[_PREPARED] = graphs


def is_prepared(experiment: Experiment) -> bool:
    """Whether an idle worker has traced what a training of these settings needs."""
    return bool(st.session_state.get(_PREPARED) == traced_graphs(experiment))
