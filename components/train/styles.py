"""The two styles that are trained, and what to do if both sides would train the same one."""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from components.session import state
from components.sidebar import style
from components.train import compared, run

_WIDTH, _LEAST_WIDTH = 660, 280  # pixels: both menus together, and each menu at least


def show(experiment: Experiment) -> None:
    """Draw what is compared: both styles, with a line if one cannot express the heads; or two settings of one style."""
    compared.show_kind(experiment)
    if compared.kind(experiment) == "settings":
        with st.container(width=_WIDTH, key="train.settings"):
            compared.show_settings(experiment)
    if experiment.other is None:
        with st.grid(2, min_column_width=_LEAST_WIDTH, width=_WIDTH, key="train.styles"):
            for side in ("left", "right"):
                style.show(side)
    if style.same_by_fallback(experiment):
        _twins(experiment)
        return
    for sentence in experiment.unsupported_styles():
        st.caption(f":material/swap_horiz: {sentence}")


def _twins(experiment: Experiment) -> None:
    """Say that both sides would train one style, and offer to train it against itself."""
    left, _ = experiment.styles()
    reasons = (STYLES[key].unsupported_reason(experiment.architecture) for key in (experiment.left, experiment.right))
    why = " ".join(dict.fromkeys(filter(None, reasons)))
    st.markdown(f":material/block: {why} So both sides are {left.title}, which would train against itself.")

    def against_itself() -> None:
        state.replace(experiment.model_copy(update={"left": left.key, "right": left.key}))
        run.start()

    with st.container(key="train.twins"):
        st.button(
            f"Train {left.title} against itself",
            on_click=against_itself,
            help="Choose this style on both sides and train it twice. Only rounding and, with other initial weights, "
            "chance can make the two trainings differ.",
        )
