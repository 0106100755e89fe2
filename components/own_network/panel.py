"""What the app finds in a visitor's own model: its heads, both styles, and what workers measure."""

from __future__ import annotations

import streamlit as st

from backend.own_network.examination import Examination, Rewriting
from backend.own_network.heads import HeadGroup
from backend.services import services
from backend.words import days
from components import code_panel, diagram
from components.browser.announcement import announce
from components.investigations.tables import table
from components.own_network import experiment, heads_picture, measured, opening
from components.own_network import help as helps
from components.session import controls
from components.text import for_markdown, one_line

#: The width in pixels from which two columns stand beside each other.
_COLUMN = 380
#: The most groups of heads without another style of which a diagram is drawn.
_MOST_DIAGRAMS = 3
#: The most names of layers in a cell, and the most loss weights that are written one by one.
_MOST_NAMES, _MOST_WEIGHTS = 4, 6


def show(text: str, examined: Examination) -> None:
    """Draw everything about the model."""
    position = min(opening.rewriting(), max(0, len(examined.rewritings) - 1))
    chosen = _choose(examined.rewritings, position)
    with st.container(border=True, key=opening.FINDING):
        found = chosen or examined
        st.caption(f"“{for_markdown(examined.name)}”")
        st.header(found.answer, anchor=False)
        if times := opening.times_opened():
            announce("own.opened", str(times), f"The model is open. {found.answer}")
        st.markdown(for_markdown(found.finding, 1_000))
        if chosen:
            st.markdown(chosen.choice)
            measured.show_comparison(text, position)
        experiment.show(examined)
    if chosen:
        measured.show_timing(text, position, examined, chosen)
    _diagrams(examined, chosen)
    _heads(examined)
    if chosen:
        _sources(chosen)
        _weights(chosen)
        _at_home(chosen)
    else:
        st.header("Your model in Keras", anchor=False)
        code_panel.show("Your model in Keras", examined.source, set(), key="own.source")
    measured.show_graph(text, position, examined)
    _storage()


def _choose(rewritings: tuple[Rewriting, ...], position: int) -> Rewriting | None:
    """Draw the menu if there are several rewritings. Returns the one at `position`; None if there is none."""
    if not rewritings:
        return None
    if len(rewritings) > 1:
        titles = [f"{number}. {one_line(each.title, 100)}" for number, each in enumerate(rewritings, start=1)]
        st.selectbox(
            "Heads", titles, help=helps.text("own.rewriting"),
            **controls.widget_state(
                "own.rewriting", titles[position], lambda title: opening.choose_rewriting(titles.index(title)), titles
            ),
        )  # fmt: skip
    return rewritings[position]


def _diagrams(examined: Examination, chosen: Rewriting | None) -> None:
    """Draw the connectivity of the chosen heads, and of groups of several heads that have no other style.

    If there is neither, draw that of one head.
    """
    if chosen:
        diagram.show_picture(heads_picture.picture_of(chosen), key="own.heads")
    others = examined.without_other_style
    several = [group for group in others if len(group.heads) > 1]
    for number, group in enumerate((several or others[: not chosen])[:_MOST_DIAGRAMS]):
        read = "read the same" if len(group.heads) > 1 else "reads"
        st.caption(for_markdown(f"{group.title} {read} {group.reads}.", 300))
        diagram.show_picture(heads_picture.picture_of_one_style(group), key=f"own.heads.{number}")


def _heads(examined: Examination) -> None:
    """The groups of heads, each with its layers and why it can or cannot be one layer."""
    st.header("The heads", anchor=False)
    rows = [
        {
            "layers": _names(group.layers),
            "units": _units(group.units),
            "read": f"the same {group.reads}" if len(group.heads) > 1 else group.reads,
            "can be one layer": _answer(group),
            "why": _why(group),
        }
        for group in examined.groups
    ]
    if rows:
        st.table(table(rows))
    for sentence in examined.others:
        st.markdown(f"- {for_markdown(sentence)}")


def _answer(group: HeadGroup) -> str:
    if len(group.heads) == 1:
        return "one head"
    if group.same_outputs_reason is None:
        return "✓ yes" if group.fusible else "✓ if cut apart"
    return "✓ some" if group.subsets or group.cut_subsets else "✗ no"


def _why(group: HeadGroup) -> str:
    if group.same_outputs_reason is None and group.reason:
        why = group.reason.partition(": ")[2] or group.reason
        return (
            f"Not with one output: {why} They can be one layer whose columns are cut apart, each followed by its own "
            "activation."
        )
    if len(group.heads) > 1:
        return group.same_outputs_reason or (
            "They have the same activation, bias, dtype and other settings that a layer has only once."
        )
    return group.split_reason or "It can also be several layers."


def _units(units: tuple[int, ...]) -> str:
    if len(units) > 3 and len(set(units)) == 1:
        return f"{units[0]} each"
    return ", ".join(map(str, units[:8])) + (" …" if len(units) > 8 else "")


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown} … ({len(names)} layers)"


def _sources(chosen: Rewriting) -> None:
    st.header("Both styles", anchor=False)
    other = "One layer for these heads" if chosen.fuses else "A layer for each unit"
    st.caption("Names are written with letters, digits and underscores alone, in at most 40 characters.")
    left, right = code_panel.differences(chosen.own, chosen.other)
    with st.grid(2, min_column_width=_COLUMN):
        for title, source, differing, key in (
            ("Your model", chosen.own, left, "own.source"), (other, chosen.other, right, "own.other_source"),
        ):  # fmt: skip
            with st.container():
                st.subheader(title, anchor=False)
                code_panel.show(f"{title} in Keras", source, differing, key=key)


def _weights(chosen: Rewriting) -> None:
    """The loss weights with which both styles have the same total."""
    st.header("The loss weights that keep the total", anchor=False)
    if chosen.conversion.same_outputs:
        st.markdown(chosen.conversion.sentence)
        return
    st.markdown(
        f"{for_markdown(chosen.conversion.sentence, 2_000)} This holds for losses that average over the units, such as "
        "`mse`, if all heads have the same one."
    )
    weights = chosen.loss_weights
    written = ", ".join(f'"{name}": {_number(weight)}' for name, weight in weights.items())
    if len(weights) > _MOST_WEIGHTS and chosen.only_heads and len(set(weights.values())) == 1:
        written = f"name: {_number(next(iter(weights.values())))} for name in model.output_names"
    st.code(f"loss_weights={{{written}}}", language="python", wrap_lines=True)


def _number(value: float) -> str:
    """The weight as Python writes it, so that it is exact."""
    inverse = 1 / value
    return f"1 / {round(inverse)}" if round(inverse) != 1 and abs(inverse - round(inverse)) < 1e-9 else repr(value)


def _at_home(chosen: Rewriting) -> None:
    """The lines that convert the visitor's file, with its weights, on their own machine."""
    st.header("Your file, at home", anchor=False)
    words = (
        "`fuse_heads` makes one layer of each group of heads that can be one. The outputs and their names stay"
        if chosen.fuses
        else "`split_heads` makes a layer of each unit. If the layer has another name in your file, write that one"
    )
    st.markdown(
        "The library `two_heads` converts your file with its weights and its optimizer. Install it with "
        f"`pip install .` in the source code of this app. {words}."
    )
    st.code(lines_for_home(chosen), language="python", wrap_lines=True)


def lines_for_home(chosen: Rewriting) -> str:
    """Python that converts the visitor's file."""
    head = chosen.heads[0]
    name = "fuse_heads" if chosen.fuses else "split_heads"
    units = "" if chosen.fuses else f', units={{"{head.name}": [1] * {head.units}}}'
    return (
        f"import keras\nfrom two_heads import {name}\n\n"
        'model = keras.models.load_model("model.keras")\n'
        f'{name}(model{units}).model.save("other_style.keras")\n'
    )


def _storage() -> None:
    """What is stored of the model, and how it is deleted."""
    st.caption(
        f"This server keeps the architecture for up to {days(services().own_networks.days)}, or until there is no room "
        "for it. Whoever has the link sees it. Nothing else of your model was sent."
    )
    with st.container(horizontal=True):
        st.button(
            "Open another model", icon=":material/folder_open:", key="own.other", on_click=opening.close,
            help=helps.text("own.other"),
        )  # fmt: skip
        st.button(
            "Delete this one", icon=":material/delete:", key="own.delete", on_click=opening.delete, type="tertiary",
            help=helps.text("own.delete"),
        )  # fmt: skip
