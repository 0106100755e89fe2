"""The measured answer to a question: its pictures, a table, the reasons and the script."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from backend.questions.base import Verdict
from backend.questions.lab import Question
from backend.questions.lab.base import QuestionSettings
from backend.questions.lab.recorded import Recorded
from components import code_panel
from components.investigations import picture
from components.investigations.tables import table
from components.lab.questions.panels import PANELS


def show_source(recorded: Recorded, measured_here: bool) -> None:
    """Draw where and when it was measured."""
    machine = recorded.machine
    label = ":material/timer: **Measured here**" if measured_here else ":material/inventory_2: **Recorded**"
    date = datetime.fromtimestamp(recorded.recorded_at, UTC).date().isoformat()
    took = f"It took {recorded.seconds:.1f} s of the processor under a load average of {machine.load:.1f}"
    shared = ", for all visitors" if measured_here else ""
    st.caption(f"{label} on {date} on {machine.name}{shared}", help=f"{took}, with {machine.software}.")


def show_pictures(question: Question[Any, Any], evidence: Any) -> None:
    """Draw the pictures of the evidence, and what they compare."""
    panel = PANELS[question.key]
    pictures = panel.pictures(evidence)
    with st.grid(min(len(pictures), 3), min_column_width=280):
        for number, each in enumerate(pictures):
            with st.container(gap=None):
                picture.show(each, f"lab.{question.key}.{number}")
    if panel.caption:
        st.caption(panel.caption)


def show(question: Question[Any, Any], chosen: QuestionSettings, recorded: Recorded, verdict: Verdict) -> None:
    """Draw the pictures, the table, the reasons and the script."""
    show_pictures(question, recorded.evidence)
    with st.container(key="lab.numbers"):
        st.table(table(verdict.table))
    st.subheader("Why?", anchor=False)
    st.markdown(verdict.why)
    details = st.expander(f"The script, in {question.needs}", key="lab.code", type="compact", on_change="rerun")
    if details.open:
        with details:
            code_panel.show("The script", question.script(chosen), key="lab.source")
