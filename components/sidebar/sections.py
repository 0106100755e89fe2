"""The layout of the sidebar: a titled part, open or folded, and a row of two controls."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment import Experiment
from backend.experiment.experiment import usual
from backend.experiment.url import Path, at
from components.session import state

#: Session key: for each fold, the number of links read when it was drawn last, and whether it was open.
_FOLDS = "sidebar.folds"


def section(title: str, draw: Callable[[], None]) -> None:
    """Draw a part of the settings under its title."""
    with st.container(gap="xsmall"):
        st.subheader(title, anchor=False)
        draw()


def fold(title: str, draw: Callable[[], object], holds: Sequence[Path]) -> None:
    """Draw a part of the settings in a fold, which stays as the visitor left it, also on other pages.

    It is drawn only while the fold is open. `holds` are its parts of the experiment: a link opens the fold if one of
    them differs from its default.
    """
    key = f"section.{title}"
    folds: dict[str, tuple[int, bool]] = st.session_state.setdefault(_FOLDS, {})
    links, was_open = folds.get(title, (0, False))
    experiment = state.experiment()
    if links != state.session().links and _differs(experiment, usual(experiment.architecture.source), holds):
        st.session_state[key] = True
    st.session_state.setdefault(key, was_open)
    expander = st.expander(title, key=key, on_change="rerun")
    folds[title] = (state.session().links, bool(expander.open))
    if expander.open:
        with expander, st.container(gap="xsmall"):
            draw()


def _differs(one: Experiment, other: Experiment, parts: Sequence[Path]) -> bool:
    mine, others = one.model_dump(), other.model_dump()
    return any(at(mine, part) != at(others, part) for part in parts)


def pairs(within: DeltaGenerator | None = None) -> DeltaGenerator:
    """A place for settings, two to a row, on a phone too."""
    grid = within.grid if within else st.grid
    return grid(2, min_column_width=80, wrap=False, gap="xsmall", vertical_alignment="bottom")
