"""The style of one side. A style that cannot express the heads is named with its reason, and cannot be chosen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES, Style, nearest_style
from components.session import controls, state

_REFUSED = "style.refused."
_NOT_WITH = " · not with these heads"
_HELP = (
    "How the model is written in Keras:\n\n"
    + "\n".join(f"- **{style.title}**: {style.description}" for style in STYLES.values())
    + "\n\nKeras explains them in its guides on [Sequential](https://keras.io/guides/sequential_model/), "
    "[Functional](https://keras.io/guides/functional_api/) and "
    "[subclassing](https://keras.io/guides/making_new_layers_and_models_via_subclassing/)."
)


def show(side: str, *, label: str | None = None) -> None:
    """Draw the menu of styles for one side (`left` or `right`).

    Without a `label`, the menu has no visible label, and the line on a refused style is drawn below it.
    """
    architecture = state.experiment().architecture
    st.selectbox(
        label or f"Style on the {side}",
        list(STYLES),
        format_func=lambda key: _title(key, architecture),
        label_visibility="visible" if label else "collapsed",
        help=_HELP,
        **_widget_state(side, architecture),
    )
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
    return f"{style.title}{_NOT_WITH if style.unsupported_reason(architecture) else ''}"


def style_of(value: str) -> str:
    """The key of the style that a menu sent: the key itself, or the text of an option.

    The browser sends the text of an option. If the heads have changed since, that text is no longer an option, so
    Streamlit passes it on unchanged. A text that names no style is returned as it is.
    """
    titles = {style.title: key for key, style in STYLES.items()}
    return titles.get(value.removesuffix(_NOT_WITH), value)


def _widget_state(side: str, architecture: Architecture) -> dict[str, Any]:
    """Arguments that make the menu a view of the experiment, like `controls.view`, but refuse unavailable styles."""

    def choose(entered: str) -> None:
        chosen = style_of(entered)
        if chosen == getattr(state.experiment(), side):
            return
        if chosen in STYLES and STYLES[chosen].unsupported_reason(architecture):
            st.session_state[_REFUSED + side] = chosen
            return
        st.session_state.pop(_REFUSED + side, None)
        state.change((side,), chosen)

    return controls.widget_state(side, getattr(state.experiment(), side), choose, list(STYLES))


def nearest_to(key: str, side: str) -> Style | None:
    """The style nearest to `key` for one side that is not the style of the other side."""
    experiment = state.experiment()
    left, right = experiment.styles()
    return nearest_style(key, experiment.architecture, besides=(right if side == "left" else left).key)


def use_button(side: str, style: Style) -> None:
    """Draw a button that makes `style` the style of one side."""

    def use() -> None:
        st.session_state.pop(_REFUSED + side, None)
        state.change((side,), style.key)

    st.button(
        f"Use {style.title} on the {side}",
        key=f"style.use.{side}",
        on_click=use,
        help="The nearest style that can express your heads and that the other side does not have.",
    )
