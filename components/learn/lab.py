"""Parts of the Lab in a lesson: what is recorded of a question, and the compass."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.lab import url
from backend.lab.compass import DEFAULT_METHODS
from backend.lab.presets import PRESETS
from backend.lab.questions import QUESTIONS
from backend.lab.questions import url as questions_url
from backend.lab.questions.share.evidence import Evidence
from backend.lab.recorded import Recorded, recorded_evidence
from backend.lab.url import LabState
from components.lab import compass
from components.lab.questions import outcome
from components.lab.questions.panels import PANELS
from components.learn import help as helps

#: The endings of the names of panels with the compass.
MEAN, METHODS = "_mean", "_methods"
#: The question of each panel that shows a part of its evidence, with the relatednesses; None for all.
_PARTS: dict[str, tuple[float, ...] | None] = {"share_equal": (1.0,), "share_hard": None}


def show(panel: str, *, finding: bool = True) -> None:
    """Draw a panel of the Lab by its name, with or without what it finds in words."""
    if panel in QUESTIONS:
        _question(panel, finding)
    elif panel in _PARTS:
        _sharing(_PARTS[panel], finding)
    else:
        _compass(panel)


def query(panel: str) -> dict[str, list[str]]:
    """The link's options with which the page Lab shows this panel."""
    question = "share" if panel in _PARTS else panel
    if question in QUESTIONS:
        return {questions_url.OPEN: [question]}
    return {key: [text] for key, text in url.write(_initial_state(panel)).items() if text != url.DEFAULTS[key]}


def draft_test(panel: str) -> str:
    """The first version of `expect` in the draft of a step on this panel."""
    if panel in QUESTIONS:
        return f"recorded({panel}) = 1"
    if panel in _PARTS:
        return "sharing(hard, 1) = better"
    return f"rises({panel.removesuffix(MEAN).removesuffix(METHODS)}, mean) = 0"


def _question(key: str, finding: bool) -> None:
    recorded = _recorded_answer(key)
    if recorded is not None:
        _draw(key, recorded, recorded.evidence, finding)


def _sharing(levels: tuple[float, ...] | None, finding: bool) -> None:
    """Hard sharing without the other networks of the question."""
    recorded = _recorded_answer("share")
    if recorded is not None:
        evidence = recorded.evidence
        assert isinstance(evidence, Evidence)
        _draw("share", recorded, evidence.part((), levels or evidence.settings.levels), finding)


def _draw(key: str, recorded: Recorded, evidence: Any, finding: bool) -> None:
    if finding:
        st.markdown(QUESTIONS[key].judge(evidence).finding)
    outcome.show_source(recorded, measured_here=False)
    PANELS[key].show(evidence, recorded.recorded_at)


def _recorded_answer(key: str) -> Recorded | None:
    """What is recorded with the first published settings."""
    question = QUESTIONS[key]
    recorded = recorded_evidence(key, question.published[0]) if question.published else None
    if recorded is None:
        st.info("Nothing is recorded of this question.", icon=":material/inventory_2:")
    return recorded


def _compass(panel: str) -> None:
    """The arrows, which the visitor may move, and a button that moves them back."""
    key = f"learn.compass.{panel}"
    moved: dict[str, str] = st.session_state.setdefault(f"{key}.moved", {})
    state = url.read(url.write(_initial_state(panel)) | moved)

    def choose(name: str, text: str) -> None:
        if url.refuse(name, text) is None:
            moved[name] = text

    compass.show(state, choose, key)
    compass.show_steps(state)
    if moved:
        st.button(
            "Back to the situation of the question", icon=":material/undo:", key=f"{key}.back", on_click=moved.clear,
            help=helps.text("learn.back"),
        )  # fmt: skip


def _initial_state(panel: str) -> LabState:
    preset = panel.removesuffix(MEAN).removesuffix(METHODS)
    return LabState(PRESETS[preset].situation, ("mean",) if panel.endswith(MEAN) else DEFAULT_METHODS)
