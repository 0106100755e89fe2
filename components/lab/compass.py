"""The compass on its page: the picture that moves in the browser, and below it the numbers and rules of the methods.

The browser moves arrows by itself. When a movement ends, it sends the values to Python. They go into the session and
the link, and the page is drawn with exact numbers.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from backend.experiment.url import text_of
from backend.lab import words
from backend.lab.compass import Step, steps
from backend.lab.situation import Situation
from backend.lab.state import FIELDS, LabState
from components import browser
from components import help as helps
from components.investigations.tables import right_aligned
from components.lab import picture, settings
from components.session.form import Form
from components.session.state import touch
from two_heads.weightings import AGGREGATORS

_KEY = "lab.compass"
#: The labels of a situation's numbers, first those of two heads.
_FIELDS = {
    "angle": "Angle between A and B",
    "ratio": "Length of B ÷ length of A",
    "angle_ac": "Angle between A and C",
    "angle_bc": "Angle between B and C",
    "ratio_c": "Length of C ÷ length of A",
}
_WIDTH = 180  # pixels: five stand beside each other on a laptop


def show(state: LabState, choose: Callable[[str, str], None] = settings.choose, key: str = _KEY) -> None:
    """Draw the picture with its sentences, and fields for its numbers. `choose` keeps the text of a changed number."""

    def on_values_change() -> None:
        message = browser.sent(key, "values")
        if not isinstance(message, dict) or not isinstance(message.get("turn"), int):
            return
        browser.set_turn(key, message["turn"])
        for name in ("angle", "ratio"):
            if isinstance(message.get(name), int | float):
                choose(name, text_of(message[name]))

    with st.container(key="lab.picture", gap=None):
        browser.mount(
            "compass", picture.data(state, browser.last_turn(key)), key=key, on_values_change=on_values_change
        )
    situation = state.possible()
    with st.container(horizontal=True, key=f"{key}.fields"):
        form = Form(
            FIELDS.schema, lambda name: getattr(situation, name), lambda name, value: choose(name, text_of(value)),
            lambda name: helps.text(f"lab.{name}"), f"{key}.",
        )  # fmt: skip
        for name, label in list(_FIELDS.items())[: None if situation.third else 2]:
            form.draw(name, label=label, step=0.1 if name.startswith("ratio") else 5.0, format="%g", width=_WIDTH)


def show_details(state: LabState) -> None:
    """Draw two expanders: the numbers, and what each method does.

    Each is filled when it is opened. Also sends the browser the steps that it needs while an arrow is dragged.
    """
    situation = state.possible()
    method_steps = steps(situation, state.methods, same_length=state.same_length)
    numbers = st.expander("The same in numbers", key="lab.numbers.open", on_change=touch)
    if numbers.open:
        with numbers:
            _numbers(situation, method_steps)
    rules = st.expander("What does each method do?", key="lab.rules.open", on_change=touch)
    if rules.open:
        rules.markdown("\n".join(_method_line(step.key) for step in method_steps))
    show_steps(state)


def _numbers(situation: Situation, method_steps: list[Step]) -> None:
    st.table(right_aligned(table(method_steps, situation.heads)))
    st.caption(
        "A method sees the gradients g, the rows of J, and gives them weights w. The trunk moves by −d, d = Jᵀw, times "
        "the learning rate, which is 1 here. Lengths are in units of A's gradient. In the loss columns, a minus "
        "means that the loss falls, to first order. In the column smallest ⟨gᵢ, d⟩, a minus means that a loss rises. "
        "The last column counts the backward passes of a step."
    )


def show_steps(state: LabState) -> None:
    """Send the steps that the picture shows while an arrow is dragged."""
    browser.mount("compass_table", picture.tables(state), key="lab.table")


def table(method_steps: list[Step], heads: tuple[str, ...]) -> pd.DataFrame:
    """One row for each step: its length, the change of each head's loss, the smallest ⟨gᵢ, d⟩, and backward passes."""
    rows = [
        {
            "method": step.title,
            "step length": words.number(step.length),
            **{f"{head}'s loss": words.signed(-fall) for head, fall in zip(heads, step.falls, strict=True)},
            "smallest ⟨gᵢ, d⟩": words.number(step.smallest),
            "backward passes": str(step.passes),
        }
        for step in method_steps
    ]
    return pd.DataFrame(rows).set_index("method")


def _method_line(key: str) -> str:
    method = AGGREGATORS[key]
    source = f" [{method.paper.title}]({method.paper.url}), {method.paper.year}." if method.paper else ""
    return f"- **{method.title}**: {method.rule} *{method.trap}*{source}"
