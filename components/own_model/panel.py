"""What the app finds in a visitor's own model: its heads, both styles, and what workers measure."""

from __future__ import annotations

import streamlit as st

from backend.experiment.architecture import Architecture
from backend.experiment.url import repair
from backend.own_model.found import Found, Rewriting
from backend.services import services
from backend.words import days, shortened
from components import code_panel, diagram, layer_graph
from components import help as helps
from components.browser.announcement import announce
from components.investigations.tables import table
from components.own_model import heads_picture, measured, opening
from components.session import state
from components.session.form import menu
from components.text import for_markdown, one_line

#: The width in pixels from which two columns stand beside each other.
_COLUMN = 380
#: The most groups of heads without another style of which a diagram is drawn.
_MOST_DIAGRAMS = 3
#: The most layers in a cell.
_MOST_NAMES = 4


def show(id: str, found: Found) -> None:
    """Draw everything about the model."""
    position = min(opening.rewriting(), max(0, len(found.rewritings) - 1))
    chosen = _choose(found.rewritings, position)
    with st.container(border=True, key=opening.FINDING):
        shown = chosen or found
        st.caption(f"“{for_markdown(found.name)}”")
        st.header(shown.answer, anchor=False)
        announce("own.opened", id, f"The model is open. {shown.answer}")
        st.markdown(for_markdown(shown.finding, 1_000))
        if chosen:
            st.markdown(chosen.choice)
            measured.show_comparison(id, found, position)
        _experiment(found)
    if chosen:
        measured.show_timing(id, found, position)
    _diagrams(found, chosen)
    _heads(found)
    if chosen:
        _sources(found, chosen)
        _weights(chosen)
        _at_home(chosen)
    else:
        st.header("Your model in Keras", anchor=False)
        code_panel.show("Your model in Keras", found.source, key="own.source")
    st.header("Keras’s layer graph of your model", anchor=False)
    layer_graph.show(found.graph, key="own.graph", alt=f"Keras's layer graph of the model “{found.name}”")
    _storage()


def _choose(rewritings: tuple[Rewriting, ...], position: int) -> Rewriting | None:
    """Draw the menu if there are several rewritings. Returns the one at `position`; None if there is none."""
    if len(rewritings) > 1:
        titles = {number: f"{number + 1}. {one_line(each.group.title, 100)}" for number, each in enumerate(rewritings)}
        menu("Heads", titles, "own.rewriting", position, opening.choose_rewriting)
    return rewritings[position] if rewritings else None


def _diagrams(found: Found, chosen: Rewriting | None) -> None:
    """Draw the connectivity of the chosen heads, and of the first groups that have no other style."""
    if chosen:
        diagram.show_picture(heads_picture.picture_of(chosen), key="own.heads")
    several = [group for group in found.without_other_style if len(group.layers) > 1]
    for number, group in enumerate((several or found.without_other_style[: not chosen])[:_MOST_DIAGRAMS]):
        st.caption(for_markdown(f"{group.title}, on {group.values}.", 300))
        diagram.show_picture(heads_picture.picture_of_one_style(group), key=f"own.heads.{number}")


def _heads(found: Found) -> None:
    """The groups of heads, each with its layers and why it can or cannot be one layer."""
    st.header("The heads", anchor=False)
    rows = [
        {
            "layers": shortened(group.layers, _MOST_NAMES),
            "units": shortened(group.units, _MOST_NAMES),
            "read": group.reads,
            "can be one layer": group.answer,
            "why": group.why,
        }
        for group in found.groups
    ]
    st.table(table(rows))


def _sources(found: Found, chosen: Rewriting) -> None:
    st.header("Both styles", anchor=False)
    other = "One layer for these heads" if chosen.fuses else "A layer for each unit"
    left, right = code_panel.differences(found.source, chosen.other)
    with st.grid(2, min_column_width=_COLUMN):
        for title, source, differing, key in (
            ("Your model", found.source, left, "own.source"), (other, chosen.other, right, "own.other_source"),
        ):  # fmt: skip
            with st.container():
                st.subheader(title, anchor=False)
                code_panel.show(f"{title} in Keras", source, differing, key=key)


def _weights(chosen: Rewriting) -> None:
    """The loss weights with which both styles have the same total."""
    st.header("The loss weights that keep the total", anchor=False)
    st.markdown(for_markdown(chosen.why, 2_000))
    weights = chosen.loss_weights
    if chosen.keeps_outputs or weights is None:
        return
    st.markdown("The other style needs these. They hold for losses that average over the units, such as `mse`.")
    code_panel.show("The loss weights", f"loss_weights={weights!r}", key="own.weights")


def _at_home(chosen: Rewriting) -> None:
    """The lines that convert the visitor's file, with its weights, on their own machine."""
    st.header("Your file, at home", anchor=False)
    st.markdown(
        "The library `two_heads` converts your file with its weights and its optimizer. Install it with "
        "`pip install .` in the source code of this app."
    )
    code_panel.show("The lines that convert your file", chosen.at_home, key="own.at_home")


def _storage() -> None:
    """What is stored of the model, and how it is deleted."""
    st.caption(
        f"This server keeps the architecture for up to {days(services().own_models.days)}, or until there is no room "
        "for it. Whoever has the link sees it. Nothing else of your model was sent."
    )
    with st.container(horizontal=True):
        helps.button("own.other", "Open another model", opening.close, icon=":material/folder_open:")
        helps.button("own.delete", "Delete this one", opening.delete, icon=":material/delete:", type="tertiary")


def _experiment(found: Found) -> None:
    """Draw the button that makes the model the experiment. If it is already, link to Compare instead.

    If the sidebar cannot express the model, say why.
    """
    settings = found.settings
    if settings is None:
        st.caption(for_markdown(f"The sidebar of the other pages cannot express it. {found.why_no_settings}", 600))
    elif state.experiment().architecture.unlabelled() == settings.unlabelled():
        st.markdown("This network is the experiment of all pages, on the app’s own sequences and tasks.")
        st.page_link("compare.py", label="Compare both styles", icon=":material/compare:")
    else:
        helps.button("own.use", "Use as the experiment", _use, settings, found.left, icon=":material/tune:")


def _use(architecture: Architecture, left: str) -> None:
    changes = {"architecture": architecture, "left": left, "right": "functional"}
    state.replace(*repair(state.experiment().model_copy(update=changes).model_dump()))
