"""The synthetic sequences: how many, how related, how noisy."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment.architecture import Head
from backend.experiment.url import bounds
from components.session import controls, state
from components.sidebar import help as helps
from components.sidebar.heads import MOST_HEADS
from components.sidebar.sections import fold, pairs
from components.text import for_markdown


def show() -> None:
    """Draw the settings of the sequences."""
    heads = state.experiment().architecture.heads
    place = pairs()
    place.number_input("Sequences", step=32, **helps.number(("sequences", "samples")))
    place.number_input("Data seed", **helps.number(("sequences", "seed")))
    if {head.task for head in heads} & {"related_a", "related_b"}:
        st.slider("Relatedness ρ of the pair", step=0.05, **helps.number(("sequences", "relatedness")))
    with st.expander("Noise and scale per task", key="noise.open", on_change=state.touch) as per_task:
        if per_task.open:
            place = pairs()
            for i, head in enumerate(heads[:MOST_HEADS]):
                _by_head(place, "noise", i, head, 0.05)
                if head.spec.kind == "regression":
                    _by_head(place, "scale", i, head, 0.5)
                else:
                    place.empty()  # the next head begins a row


def show_folded(*, late: bool = False) -> None:
    """Draw them in a fold. A `late` one is drawn when it is opened."""
    fold("Sequences", show, [("sequences",)], late=late)


def _by_head(place: DeltaGenerator, what: str, i: int, head: Head, step: float) -> None:
    """A number of head `i` in one of the sequences' tuples, which may be shorter than the list of heads."""
    data = state.experiment().sequences
    of = data.noise_of if what == "noise" else data.scale_of
    key = f"sequences.{what}.{i}"

    def write(value: float) -> None:
        values = [of(j) for j in range(max(i + 1, len(getattr(data, what))))]
        values[i] = value
        state.change(("sequences", what), values)

    low, high = bounds(("sequences", what, i))
    label = f"{what.capitalize()}, {for_markdown(head.title)}"
    place.number_input(
        label, low, high, step=step, help=helps.text("sequences", what), **controls.widget_state(key, of(i), write)
    )
