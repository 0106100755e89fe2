"""Parts of the Lab in a lesson: what is recorded of a question, and the compass."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.lab.compass import DEFAULT_METHODS
from backend.lab.presets import PRESETS
from backend.lab.state import FIELDS, LabState
from backend.lessons import Step
from backend.lessons.findings import of_compass, sentences
from backend.lessons.vocabulary import question_of, situation_of
from backend.questions.lab import QUESTIONS
from backend.questions.lab.recorded import Recorded, recorded_evidence
from backend.questions.lab.share import ShareEvidence
from backend.questions.lab.url import OPEN
from components import help as helps
from components.lab import compass
from components.lab.questions import outcome
from components.lab.questions.panels import PANELS

#: Panels that show a part of the evidence on the question `share`, with its relatednesses; None for all.
_PARTS: dict[str, tuple[float, ...] | None] = {"share_equal": (1.0,), "share_hard": None}


def show(panel: str, *, finding: bool = True) -> None:
    """Draw a panel of the Lab by its name, with or without what it finds in words."""
    if panel in QUESTIONS:
        _question(panel, finding)
    elif panel in _PARTS:
        _sharing(panel, finding)
    else:
        _compass(panel)


def query(panel: str) -> dict[str, list[str]]:
    """The link's options with which the page Lab shows this panel."""
    if key := question_of(panel):
        return {OPEN: [key]}
    return {key: [text] for key, text in FIELDS.write(_initial_state(panel)).items() if text != FIELDS.defaults[key]}


def finding(step: Step) -> str:
    """One sentence on what the step's first panel shows, in Markdown; empty if nothing is recorded of it."""
    panel = step.block.show[0]
    if not question_of(panel):
        return of_compass(step, situation_of(panel), _methods(panel))
    found = evidence(panel)
    if found is None:
        return ""
    return sentences(QUESTIONS[question_of(panel)].test(found).finding)[0]


def evidence(panel: str) -> Any:
    """What is recorded for a panel that shows a question; None for the compass, and if nothing is recorded."""
    key = question_of(panel)
    recorded = _recorded(key) if key else None
    if recorded is None:
        return None
    return _part(recorded.evidence, panel) if panel in _PARTS else recorded.evidence


def compass_state(panel: str) -> LabState | None:
    """The situation and the methods of a panel with the compass; None for another one."""
    return None if question_of(panel) else _initial_state(panel)


def draft_test(panel: str) -> str:
    """The first version of `expect` in the draft of a step on this panel."""
    if panel in QUESTIONS:
        return f"recorded({panel}) = 1"
    if panel in _PARTS:
        return "sharing(hard, 1) = better"
    return f"rises({situation_of(panel)}, mean) = 0"


def _question(key: str, finding: bool) -> None:
    recorded = _recorded_answer(key)
    if recorded is not None:
        _draw(key, recorded, recorded.evidence, finding)


def _sharing(panel: str, finding: bool) -> None:
    recorded = _recorded_answer("share")
    if recorded is not None:
        _draw("share", recorded, _part(recorded.evidence, panel), finding)


def _part(evidence: Any, panel: str) -> ShareEvidence:
    """Hard sharing at the panel's relatednesses, without the other networks of the question."""
    assert isinstance(evidence, ShareEvidence)
    return evidence.part(_PARTS[panel] or evidence.settings.levels)


def _draw(key: str, recorded: Recorded, evidence: Any, finding: bool) -> None:
    if finding:
        st.markdown(QUESTIONS[key].test(evidence).finding)
    outcome.show_source(recorded, measured_here=False)
    PANELS[key].show(evidence, recorded.recorded_at)


def _recorded_answer(key: str) -> Recorded | None:
    """What is recorded with the first published settings. If nothing is, the page says so."""
    recorded = _recorded(key)
    if recorded is None:
        st.info("Nothing is recorded of this question.", icon=":material/inventory_2:")
    return recorded


def _recorded(key: str) -> Recorded | None:
    question = QUESTIONS[key]
    return recorded_evidence(key, question.published[0]) if question.published else None


def _compass(panel: str) -> None:
    """The arrows, which the visitor may move, and a button that moves them back."""
    key = f"learn.compass.{panel}"
    moved: dict[str, str] = st.session_state.setdefault(f"{key}.moved", {})
    state = FIELDS.read(FIELDS.write(_initial_state(panel)) | moved)

    def choose(name: str, text: str) -> None:
        if FIELDS.refuse(name, text) is None:
            moved[name] = text

    compass.show(state, choose, key)
    compass.show_steps(state)
    if moved:
        st.button(
            "Back to the situation of the question", icon=":material/undo:", key=f"{key}.back", on_click=moved.clear,
            help=helps.text("learn.back"),
        )  # fmt: skip


def _initial_state(panel: str) -> LabState:
    return LabState.of(PRESETS[situation_of(panel)].situation, _methods(panel))


def _methods(panel: str) -> tuple[str, ...]:
    return ("mean",) if panel.endswith("_mean") else DEFAULT_METHODS
