"""The style of one side. A style that cannot express the heads is named with its reason, and cannot be chosen."""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES, Style, nearest_style
from components.session import state
from components.sidebar.form import FORM

_REFUSED = "style.refused."


def show(side: str, *, label: str | None = None) -> None:
    """Draw the menu of styles for one side (`left` or `right`).

    Without a `label`, the menu has no visible label, and the line on a refused style is drawn below it.
    """
    architecture = state.experiment().architecture

    def choose(chosen: str) -> None:
        if STYLES[chosen].unsupported_reason(architecture):
            st.session_state[_REFUSED + side] = chosen
        else:
            _use(side, chosen)

    words = {"label": label} if label else {"label_visibility": "collapsed"}
    FORM.draw(side, options=list(STYLES), format_func=lambda key: _title(key, architecture), write=choose, **words)
    if not label:
        show_refusal(side)


def show_refusal(side: str) -> None:
    """Say why the style that was chosen last for one side is not used, with a button for the nearest one."""
    experiment = state.experiment()
    refused: str = st.session_state.get(_REFUSED + side, "")
    reason = STYLES[refused].unsupported_reason(experiment.architecture) if refused else None
    if not reason:  # nothing was refused, or the heads have changed since
        st.session_state.pop(_REFUSED + side, None)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/block: {reason}", width="content")
        offer = nearest_to(refused, side)
        if offer is not None and offer.key != getattr(experiment, side):
            use_button(side, offer)


def same_by_fallback(experiment: Experiment) -> bool:
    """Whether both sides have the same style because a chosen style cannot express the heads."""
    left, right = experiment.styles()
    if experiment.other is not None:
        return False
    return left is right and not experiment.left == experiment.right == left.key


def _title(key: str, architecture: Architecture) -> str:
    style = STYLES[key]
    return style.title + " · not with these heads" * (style.unsupported_reason(architecture) is not None)


def nearest_to(key: str, side: str) -> Style | None:
    """The style nearest to `key` for one side that is not the style of the other side."""
    experiment = state.experiment()
    left, right = experiment.styles()
    return nearest_style(key, experiment.architecture, besides=(right if side == "left" else left).key)


def use_button(side: str, style: Style) -> None:
    """Draw a button that makes `style` the style of one side."""

    st.button(
        f"Use {style.title} on the {side}",
        key=f"style.use.{side}",
        on_click=_use,
        args=(side, style.key),
        help="The nearest style that can express your heads and that the other side does not have.",
    )


def _use(side: str, key: str) -> None:
    st.session_state.pop(_REFUSED + side, None)
    state.change((side,), key)
