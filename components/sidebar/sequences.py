"""The sequences: where they come from, how many, how related, how noisy."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.experiment.architecture import Architecture
from backend.experiment.dataset import MOST
from backend.experiment.experiment import usual
from backend.experiment.sources import OWN, SOURCES, SYNTHETIC, Source
from backend.experiment.url import repair
from backend.words import listed
from components.session import state
from components.session.form import Form, menu
from components.sidebar import own_csv
from components.sidebar.form import FORM
from components.sidebar.heads import MOST_HEADS
from components.sidebar.sections import fold, pairs
from components.text import for_markdown


def show() -> None:
    """Draw the settings of the sequences."""
    architecture = state.experiment().architecture
    source = architecture.source
    shown = OWN.key if own_csv.is_opening() else source.key
    titles = {each.key: each.title for each in (*SOURCES.values(), OWN)}
    menu("Data", titles, "data", shown, _choose)
    if own_csv.is_opening():
        own_csv.show_opening(lambda own: _take(own.source))
        st.caption(f"Until a file is open, the pages show {source.sequences}.")
        return
    if source.own is not None:
        own_csv.show_columns(source.own)
    if source.recorded:  # there is neither a seed nor noise
        FORM.draw("sequences.samples", max_value=min(source.most_sequences(architecture.timesteps), MOST))
        columns = listed(source.columns[: architecture.features])
        st.caption(source.about.format(days=architecture.timesteps, features=columns))
    else:
        place = pairs()
        FORM.draw("sequences.samples", place)
        FORM.draw("sequences.seed", place)
    if {head.task for head in architecture.heads} & {"related_a", "related_b"}:
        relatedness(FORM, label="Relatedness ρ of the pair")
    _per_task(architecture)
    if source.own is not None:
        own_csv.show_storage(source.own, lambda: _choose(SYNTHETIC.key))


def _choose(key: str) -> None:
    """Take the sequences of another source, with its usual heads. The browser's back button brings the others back."""
    if key == OWN.key:
        own_csv.begin_opening()
        return
    own_csv.end_opening()
    if key != state.experiment().architecture.source.key:
        _take(SOURCES[key])


def _take(source: Source) -> None:
    """Take what belongs to the data from the usual settings of a source."""
    settings, other = state.experiment().model_dump(), usual(source).model_dump()
    settings["architecture"] |= {name: other["architecture"][name] for name in ("features", "heads", "own")}
    settings["sequences"] = other["sequences"]
    settings["training"]["weights"] = other["training"]["weights"]
    state.replace(*repair(settings))


def relatedness(form: Form, **words: Any) -> None:
    """Draw the slider of the relatedness, in steps of 0.05, with a label and help of its own, if any.

    It is a select slider, because Streamlit's plain slider writes a hyphen for the minus.
    """
    key = "sequences.relatedness"
    levels = {form.read(key), *(step / 20 for step in range(-20, 21))}  # a link may have another value
    form.draw(key, options=sorted(levels), **words)


def show_folded() -> None:
    """Draw the settings of the sequences in a fold."""
    fold("Sequences", show, [("sequences",)])


def _per_task(architecture: Architecture) -> None:
    """The noise of each head, which a recording does not have, and the scale of each that predicts numbers."""
    noisy = not architecture.source.recorded
    title = "Noise and scale per task" if noisy else "Scale per task"
    with st.expander(title, key="noise.open", on_change="rerun") as per_task:
        if not per_task.open:
            return
        place = pairs()
        for i, head in enumerate(architecture.heads[:MOST_HEADS]):
            name = for_markdown(head.title)
            if noisy:
                FORM.draw(f"sequences.noise.{i}", place, label=f"Noise, {name}")
            if head.spec.kind == "regression":
                FORM.draw(f"sequences.scale.{i}", place, label=f"Scale, {name}")
            elif noisy:
                place.empty()  # the next head begins a row
