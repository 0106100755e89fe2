"""The measured answer to a question: the verdict, its pictures, a table, the reasons and the script."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from backend.questions.base import Verdict
from backend.questions.lab import Question
from backend.questions.lab.base import QuestionSettings
from backend.questions.lab.recorded import Recorded
from components import code_panel
from components.investigations.tables import right_aligned
from components.lab.questions.panels import PANELS

_MINUS = re.compile(r"(?<!\w)-(?=\d)")


def show_source(recorded: Recorded, measured_here: bool) -> None:
    """Draw where and when it was measured."""
    machine = recorded.machine
    label = ":material/timer: **Measured here**" if measured_here else ":material/inventory_2: **Recorded**"
    date = datetime.fromtimestamp(recorded.recorded_at, UTC).date().isoformat()
    took = f"It took {recorded.seconds:.1f} s of the processor under a load average of {machine.load:.1f}"
    shared = ", for all visitors" if measured_here else ""
    st.caption(f"{label} on {date} on {machine.name}{shared}", help=f"{took}, with {machine.software}.")


def show(question: Question[Any, Any], chosen: QuestionSettings, recorded: Recorded, verdict: Verdict) -> None:
    """Draw the pictures, the table, the reasons and the script."""
    PANELS[question.key].show(recorded.evidence, recorded.recorded_at)
    with st.container(key="lab.numbers"):
        st.table(table(verdict.table))
    st.subheader("Why?", anchor=False)
    st.markdown(verdict.why)
    details = st.expander(f"The script, in {question.needs}", key="lab.code", type="compact", on_change="rerun")
    if details.open:
        with details:
            code_panel.show("The script", _script(question, chosen), key="lab.script")


@lru_cache(maxsize=16)
def _script(question: Question[Any, Any], chosen: QuestionSettings) -> str:
    return question.script(chosen)


def table(rows: Sequence[Mapping[str, str]]) -> Styler:
    """The table with its first column as the index, and numbers aligned to the right."""
    frame = pd.DataFrame([{key: _MINUS.sub("−", cell) for key, cell in row.items()} for row in rows])
    return right_aligned(frame.set_index(frame.columns[0]))
