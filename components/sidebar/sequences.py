"""The sequences: where they come from, how many, how related, how noisy."""

from __future__ import annotations

import copy
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment.architecture import Architecture, Head
from backend.experiment.experiment import usual
from backend.experiment.own_table import look_up
from backend.experiment.sources import OWN, SOURCES, SYNTHETIC, OwnData, Source
from backend.experiment.url import bounds, repair
from backend.words import listed, minus
from components.session import controls, state
from components.sidebar import help as helps
from components.sidebar import own_csv
from components.sidebar.heads import MOST_HEADS
from components.sidebar.sections import fold, pairs
from components.text import for_markdown

#: Session key: the settings that the visitor left, by the source of the sequences.
_LEFT = "data.left"


def show() -> None:
    """Draw the settings of the sequences."""
    architecture = state.experiment().architecture
    heads, source = architecture.heads, architecture.source
    shown = OWN.key if own_csv.is_opening() else source.key
    titles = {each.key: each.title for each in (*SOURCES.values(), OWN)}
    st.selectbox(
        "Data", list(titles), format_func=lambda key: titles[key], help=helps.text("data"),
        **controls.widget_state("data", shown, _choose, list(titles)),
    )  # fmt: skip
    own_csv.show_deletion()
    if own_csv.is_opening():
        own_csv.show_opening(_opened)
        st.caption(f"Until a file is open, the pages show {source.sequences}.")
        return
    if source.recorded:
        _recorded(source, architecture)
        return
    place = pairs()
    place.number_input("Sequences", step=32, **helps.number(("sequences", "samples")))
    place.number_input("Data seed", **helps.number(("sequences", "seed")))
    if {head.task for head in heads} & {"related_a", "related_b"}:
        relatedness("Relatedness ρ of the pair", helps.text("sequences", "relatedness"))
    with st.expander("Noise and scale per task", key="noise.open", on_change="rerun") as per_task:
        if per_task.open:
            place = pairs()
            for i, head in enumerate(heads[:MOST_HEADS]):
                _by_head(place, "noise", i, head, 0.05)
                if head.spec.kind == "regression":
                    _by_head(place, "scale", i, head, 0.5)
                else:
                    place.empty()  # the next head begins a row


def _recorded(source: Source, architecture: Architecture) -> None:
    """The settings of windows of a recording. There is no noise to add, and no seed."""
    samples = helps.number(("sequences", "samples"))
    most = min(source.most_sequences(architecture.timesteps), samples["max_value"])
    if source.own is not None:
        own_csv.show_columns(source.own)
    st.number_input("Sequences", step=32, **samples | {"max_value": most})
    st.caption(
        source.about.format(days=architecture.timesteps, features=listed(source.columns[: architecture.features]))
    )
    with st.expander("Scale per task", key="noise.open", on_change="rerun") as per_task:
        if per_task.open:
            place = pairs()
            for i, head in enumerate(architecture.heads[:MOST_HEADS]):
                if head.spec.kind == "regression":
                    _by_head(place, "scale", i, head, 0.5)
    if source.own is not None:
        own_csv.show_storage(source.own, lambda: _choose(SYNTHETIC.key))


def _choose(key: str) -> None:
    """Take the sequences of another source, with its usual heads, or those that the visitor left there."""
    left: dict[str, Any] = st.session_state.setdefault(_LEFT, {})
    before = left.get(key)
    if key == OWN.key and (before is None or look_up(before["architecture"]["own"]["table"].id)[0] is None):
        own_csv.begin_opening()
        return
    own_csv.end_opening()
    if key != state.experiment().architecture.source.key:
        _take(before or usual(SOURCES[key]).model_dump())


def _opened(own: OwnData) -> None:
    """Take the sequences of a table that the visitor has opened."""
    _take(usual(own.source).model_dump())


def _take(other: dict[str, Any]) -> None:
    """Take what belongs to the data from the settings `other`. Keep the current ones in case the visitor comes back."""
    settings = state.experiment().model_dump()
    left: dict[str, Any] = st.session_state.setdefault(_LEFT, {})
    left[state.experiment().architecture.source.key] = copy.deepcopy(settings)
    settings["architecture"] |= {name: other["architecture"][name] for name in ("features", "heads", "own")}
    settings["sequences"] = other["sequences"]
    settings["training"]["weights"] = other["training"]["weights"]
    state.replace(*repair(settings))


def relatedness(label: str, help: str, prefix: str = "") -> None:
    """Draw the slider of the relatedness, in steps of 0.05. The widget's key begins with `prefix`.

    It is a select slider, because Streamlit's plain slider writes a hyphen for the minus.
    """
    path = ("sequences", "relatedness")
    levels = sorted({state.value(path), *(step / 20 for step in range(-20, 21))})  # a link may have another value
    st.select_slider(
        label, levels, format_func=lambda rho: minus(str(rho)), **controls.view(path, prefix=prefix) | {"help": help}
    )


def show_folded(*, late: bool = False) -> None:
    """Draw the settings of the sequences in a fold. A `late` one draws them only while it is open."""
    recorded = state.experiment().architecture.source.recorded
    fold("Sequences", show, [("sequences",)], late=late, opens=recorded)


def _by_head(place: DeltaGenerator, what: str, i: int, head: Head, step: float) -> None:
    """A number of head `i` in one of the sequences' tuples, which may be shorter than the list of heads."""
    key = f"sequences.{what}.{i}"

    def values(least: int) -> list[float]:
        data = state.experiment().sequences
        of = data.noise_of if what == "noise" else data.scale_of
        return [of(j) for j in range(max(least, len(getattr(data, what))))]

    def write(value: float) -> None:
        changed = values(i + 1)  # another one may have just changed
        changed[i] = value
        state.change(("sequences", what), changed)

    low, high = bounds(("sequences", what, i))
    label = f"{what.capitalize()}, {for_markdown(head.title)}"
    place.number_input(
        label,
        low,
        high,
        step=step,
        help=helps.text("sequences", what),
        **controls.widget_state(key, values(i + 1)[i], write),
    )
