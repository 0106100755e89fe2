"""The layout of the sidebar: a titled part, open or folded, and a row of two controls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment.experiment import usual
from backend.experiment.url import Path, at, put
from components.session import state
from components.sidebar.form import path_of

#: Session key: for each fold, the number of links read when it was drawn last, and whether it was open.
_FOLDS = "sidebar.folds"


def section(title: str, draw: Callable[[], None]) -> None:
    """Draw a part of the settings under its title."""
    with st.container(gap="xsmall"):
        st.subheader(title, anchor=False)
        draw()


def fold(
    title: str, draw: Callable[[], object], holds: Sequence[Path], besides: Collection[str] = (), *, late: bool = False
) -> None:  # fmt: skip
    """Draw a part of the settings in a fold, which stays as the visitor left it, also on other pages.

    `holds` are its parts of the experiment, without the settings `besides`, which stand elsewhere on the page. A link
    opens the fold if one of them differs from its default. A `late` part is drawn only while the fold is open.
    """
    key = f"section.{title}"
    folds: dict[str, tuple[int, bool]] = st.session_state.setdefault(_FOLDS, {})
    links, was_open = folds.get(title, (0, False))
    if links != state.session().links and _differs(holds, besides):
        st.session_state[key] = True
    st.session_state.setdefault(key, was_open)
    expander = st.expander(title, key=key, on_change="rerun")
    folds[title] = (state.session().links, bool(expander.open))
    if expander.open or not late:
        with expander, st.container(gap="xsmall"):
            draw()


def _differs(parts: Sequence[Path], besides: Collection[str]) -> bool:
    """Whether a setting in these parts of the experiment, apart from `besides`, differs from its default."""
    experiment = state.experiment()
    mine, default = experiment.model_dump(), usual(experiment.architecture.source).model_dump()
    for key in besides:
        path = path_of(key)
        if path[0] in mine:
            for settings in (mine, default):
                put(settings, path, at(default, path))
    return any(at(mine, part) != at(default, part) for part in parts)


def pairs(within: DeltaGenerator | None = None) -> DeltaGenerator:
    """A place for settings, two to a row, on a phone too."""
    grid = within.grid if within else st.grid
    return grid(2, min_column_width=80, wrap=False, gap="xsmall", vertical_alignment="bottom")
