"""What is recorded of a question: where it was measured, its pictures, and what they compare."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from backend.questions.lab import beat, scale
from backend.questions.lab.base import MARGIN
from backend.questions.lab.recorded import Recorded
from backend.questions.pictures import Picture
from components.charts.plane import Plane
from components.investigations import picture
from components.lab import pictures

#: The pictures of the evidence of each question, and the words below them.
_SHOWN: dict[str, tuple[Callable[[Any], list[Picture | Plane]], str]] = {
    "scale": (pictures.of_scale, scale.DROWNED),
    "conflict": (
        pictures.of_conflict,
        "A value is the mean over the measured epochs after the start. By epoch, a line is the median of the seeds.",
    ),
    "unstuck": (
        pictures.of_unstuck,
        "x₁ is to the right, x₂ upwards. The mean loss is lower where the ground is darker. A ring with a number is a "
        "start. A run ends in ● on the front, which is the thick line, or in ✕ elsewhere.",
    ),
    "trade_offs": (pictures.of_trade_offs, ""),
    "beat": (pictures.of_beat, f"{beat.DEFINITION} A difference within {100 * MARGIN:.0f} % counts as none."),
    "share": (
        pictures.of_share,
        "The change is Δm: in each seed, the mean over both heads of the relative change of the loss. A table shows "
        "how much each head takes from each part: MMoE’s experts have no order, so it has one seed, and the others "
        "have the mean. α is that after the first layer (1) and after the second (2) of the towers a and b.",
    ),
}


def show_source(recorded: Recorded) -> None:
    """Draw where and when it was measured."""
    machine = recorded.machine
    date = datetime.fromtimestamp(recorded.recorded_at, UTC).date().isoformat()
    took = f"It took {recorded.seconds:.1f} s of the processor under a load average of {machine.load:.1f}"
    st.caption(
        f":material/inventory_2: **Recorded** on {date} on {machine.name}", help=f"{took}, with {machine.software}."
    )


def show_pictures(question: str, evidence: Any, at: str, *, explains: bool) -> None:
    """Draw the pictures of the question's evidence, and what they compare if this panel `explains` it.

    `at` tells two evidences apart.
    """
    drawn, caption = _SHOWN[question]
    found = drawn(evidence)
    with st.grid(min(len(found), 3), min_column_width=280):
        for number, each in enumerate(found):
            with st.container(gap=None):
                picture.show(each, f"lab.{at}.{number}")
    if caption and explains:
        st.caption(caption)
