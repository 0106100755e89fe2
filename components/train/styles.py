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
        if experiment.other is not None:
            style.show_refusal("right")
            return
    with st.grid(2, min_column_width=_LEAST_WIDTH, width=_WIDTH, key="train.styles"):
        for side in ("left", "right"):
            style.show(side, label=f"Style on the {side}")
    if style.same_by_fallback(experiment):
        _twins(experiment)
        return
    for side in ("left", "right"):
        style.show_refusal(side)
    for sentence in experiment.unsupported_styles():
        st.caption(f":material/swap_horiz: {sentence}")


def _twins(experiment: Experiment) -> None:
    """Say that both sides would train one style, and offer the nearest other one, or to train it against itself."""
    left, right = experiment.styles()
    reasons = " ".join(
        reason
        for key in dict.fromkeys((experiment.left, experiment.right))
        if (reason := STYLES[key].unsupported_reason(experiment.architecture))
    )
    side = "left" if experiment.left != left.key else "right"
    st.markdown(f":material/block: {reasons} So both sides are {left.title}, which would train against itself.")
    with st.container(horizontal=True, gap="small", key="train.twins"):
        offer = style.nearest_to(getattr(experiment, side), side)
        if offer is not None:
            style.use_button(side, offer)

        def against_itself() -> None:
            state.replace(experiment.model_copy(update={"left": left.key, "right": right.key}))
            run.start()

        st.button(
            f"Train {left.title} against itself",
            on_click=against_itself,
            help="Choose this style on both sides and train it twice. Only rounding and, with other initial weights, "
            "chance can make the two trainings differ.",
        )
