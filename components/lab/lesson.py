"""What a step of a lesson shows of the Lab: what is recorded of a question, and the compass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from backend.experiment.url import Query
from backend.lab import words
from backend.lab.compass import DEFAULT_METHODS
from backend.lab.compass import steps as compass_steps
from backend.lab.presets import PRESETS
from backend.lab.state import FIELDS, LabState
from backend.lessons import Step
from backend.lessons.findings import of_compass, sentences
from backend.lessons.vocabulary import question_of, situation_of
from backend.questions.lab import QUESTIONS
from backend.questions.lab.recorded import Recorded, recorded_evidence
from backend.questions.lab.share import ShareEvidence
from backend.questions.pictures import Bar, Bars, Picture, of_task
from backend.rooms.parts import Part
from components import help as helps
from components.investigations.panel import Panel
from components.investigations.parts import LATER, of_picture
from components.lab import compass
from components.lab import recorded as records

#: Panels that show a part of the evidence on the question `share`, with its relatednesses; None for all.
_PARTS: dict[str, tuple[float, ...] | None] = {"share_equal": (1.0,), "share_hard": None}
#: The most pictures for which a board has room.
_MOST_ON_WALL = 2
#: The position of a panel's settings among the published ones of its question, if they are not the first.
_PUBLISHED = {"scale_adam": 1, "scale_app": 2, "unstuck_cagrad": 1}


class LabPanel(Panel):
    """The questions with their recorded answers, and the compass in a situation."""

    title = "Lab"

    def draw(self, name: str, step: Step) -> None:
        _draw(name, finding=True)

    def draw_before(self, name: str, step: Step) -> None:
        _draw(name, finding=False)

    def finding(self, step: Step) -> str:
        panel = step.block.show[0]
        if not question_of(panel):
            return of_compass(step, situation_of(panel), _methods(panel))
        found = evidence(panel)
        return sentences(QUESTIONS[question_of(panel)].test(found).finding)[0] if found is not None else ""

    def query(self, name: str) -> Query:
        texts = FIELDS.write(_initial_state(name))
        return {key: [text] for key, text in texts.items() if text != FIELDS.defaults[key]}

    def before(self, step: Step) -> list[Part]:
        found = [picture for picture in map(_picture, step.block.before) if picture is not None]
        return [of_picture(picture, False) for picture in found]

    def parts(self, step: Step, results: Sequence[Any], explained: bool, wall: bool) -> list[Part]:
        found = (self.finding(step),) if explained else ()
        parts = []
        for panel in step.block.show[: _MOST_ON_WALL if wall else None]:
            picture = _picture(panel)
            part = of_picture(picture, explained) if picture is not None else Part((LATER,))
            parts.append(Part((*found, *part.words), part.picture))
            found = ()
        return parts


def evidence(panel: str) -> Any:
    """What is recorded for a panel that shows a question; None for the compass, and if nothing is recorded.

    For hard sharing, that is the panel's relatednesses without the other networks of the question.
    """
    recorded = _recorded(panel)
    found = recorded.evidence if recorded is not None else None
    if panel in _PARTS and isinstance(found, ShareEvidence):
        return found.part(_PARTS[panel] or found.settings.levels)
    return found


def _recorded(panel: str) -> Recorded | None:
    """What is recorded of the panel's question, with the published settings of the panel."""
    key = question_of(panel)
    return recorded_evidence(key, QUESTIONS[key].published[_PUBLISHED.get(panel, 0)]) if key else None


def _picture(panel: str) -> Picture | None:
    """What is recorded of the question, or the steps of the compass; None if nothing is recorded."""
    if key := question_of(panel):
        found = evidence(panel)
        return QUESTIONS[key].draw(found) if found is not None else None
    state = _initial_state(panel)
    situation = state.possible()
    bars = [
        Bar(f"{step.title}: head {head}'s loss", [(-fall, of_task(i))], words.signed(-fall))
        for step in compass_steps(situation, state.methods, same_length=state.same_length)
        for i, (head, fall) in enumerate(zip(situation.heads, step.falls, strict=True))
    ]
    return Bars("What one step does to each head's loss: left of the line it falls", bars)


def _draw(panel: str, *, finding: bool) -> None:
    key, recorded = question_of(panel), _recorded(panel)
    if not key:
        _compass(panel)
    elif recorded is None:
        st.info("Nothing is recorded of this question.", icon=":material/inventory_2:")
    else:
        if finding:
            st.markdown(QUESTIONS[key].test(evidence(panel)).finding)
        records.show_source(recorded)
        records.show_pictures(key, evidence(panel), panel, explains=panel not in _PUBLISHED)


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
        helps.button("lab.back", "Back to the situation of the question", moved.clear, icon=":material/undo:", at=panel)


def _initial_state(panel: str) -> LabState:
    return LabState.of(PRESETS[situation_of(panel)].situation, _methods(panel))


def _methods(panel: str) -> tuple[str, ...]:
    return ("mean",) if panel.endswith("_mean") else DEFAULT_METHODS
