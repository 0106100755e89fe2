"""The result of a question in three parts on the board: the votes, all runs, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from backend.lessons import Step
from backend.rooms import RoomView, parts
from backend.rooms.machine import STAGES
from backend.rooms.parts import Part
from backend.rooms.training import StepRuns
from backend.services import services
from components import browser
from components.rooms import measured as room_measured
from components.rooms import question, unfold

#: The most pictures on a wall, and the most characters above a picture; longer text is beside it.
_MOST_PICTURES, _SHORT = 2, 120


def show_on_wall(view: RoomView, position: int, stage: int) -> None:
    """Draw one part of a step's result for the board."""
    step, step_runs = _step_and_runs(view, position)
    if stage == 1:
        _votes_on_wall(view, step, position, right=False, reason=True)
    elif stage < STAGES:
        _measured_on_wall(view, step, position, step_runs)
    else:
        left, right = st.columns(2, gap="large")
        with left:
            _votes_on_wall(view, step, position, right=not parts.is_contradicted(view, step, step_runs))
        with right:
            _draw(parts.verdict(view, position, step_runs), position)
            if step.block.run == "seed":
                _draw(replace(_for_half(_runs(view, position, step_runs, verdict=True)), words=()), position)
            if step.block.run != "seed":
                _draw_finding(room_measured.explanation(view, position))
            drawn = unfold.diagram(step, apart=view.room.state.whole and position == view.room.state.step)
            if drawn is not None:
                browser.mount("room_morph", drawn, key=f"room.morph.{position}")


def _draw_finding(sentences: Sequence[str]) -> None:
    """Draw what was found, its reason and the rest. A small wall leaves out code and what follows, then the reason."""
    code = next((i for i, words in enumerate(sentences) if words.startswith(question.FENCE)), len(sentences))
    for i, words in enumerate(sentences):
        key = f"room.spare.{i}" if i >= code else "room.less" if i == 1 else None
        with st.container(key=key):
            question.markdown(words)


def show_votes(view: RoomView, position: int) -> None:
    """Draw the votes of a step before its result, while the host explains. Nothing shows which option is right.

    If the question asks for a number, no votes are drawn: groups of numbers would show which are expected.
    """
    step = view.room.lesson.steps[position]
    if step.kind == "number":
        question.options(step)
    else:
        _votes_on_wall(view, step, position, right=False)


def show_verdict(view: RoomView, position: int) -> None:
    """Draw the verdict of a step alone, as the host sees it."""
    _, step_runs = _step_and_runs(view, position)
    _draw(parts.verdict(view, position, step_runs), position)


def draw_half(part: Part, place: str) -> None:
    """Draw a part for half of a wall. `place` is unique on the page."""
    _draw(_for_half(part), place)


def _draw(part: Part, place: int | str) -> None:
    for words in part.words:
        question.markdown(words)
    if part.picture is not None:
        name = f"room_{part.picture.kind}"
        browser.mount(name, part.picture.data, key=f"room.{part.picture.kind}.{place}")


def _votes_on_wall(view: RoomView, step: Step, position: int, *, right: bool, reason: bool = False) -> None:
    """Draw the votes; if they may not be shown, the options, and with `reason` why."""
    votes = parts.votes(step, view.rounds(position), "wall", right=right)
    if votes.picture is None:
        question.options(step, right=right)
    if votes.picture is not None or reason:
        _draw(votes, position)


def _step_and_runs(view: RoomView, position: int) -> tuple[Step, StepRuns]:
    """The step and its runs, read once, so that the picture agrees with whether more runs will come."""
    return view.room.lesson.steps[position], services().rooms.training.of_step(view, position)


def _measured_on_wall(view: RoomView, step: Step, position: int, step_runs: StepRuns) -> None:
    """Draw what was measured: all runs of the class, or the parts that phones show, two pictures side by side."""
    if step.block.run == "seed":
        losses = room_measured.losses_of_one(view, position, "wall")
        measured = [_runs(view, position, step_runs, verdict=False), *losses]
    else:
        measured, _ = room_measured.of_room(view, position, False, "wall")
    pictures = [part for part in measured if part.picture is not None][:_MOST_PICTURES]
    said = [part for part in measured if part.picture is None]
    beside = bool(pictures and len(said) == 1 and len(said[0].words[-1]) > _SHORT)
    if not beside:
        for part in said:
            _draw(part, position)
    columns = len(pictures) + beside
    for i, place in enumerate(st.columns(columns, gap="large") if columns > 1 else [st.container()]):
        with place:
            for part in pictures[i : i + 1] or (said if beside else []):
                _draw(_for_half(part) if columns > 1 else part, f"{position}.{i}")


def _runs(view: RoomView, position: int, step_runs: StepRuns, *, verdict: bool) -> Part:
    current = position == view.room.state.step and not view.room.state.closed
    return parts.runs(view, position, step_runs, "wall", verdict=verdict, awaited=current)


def _for_half(part: Part) -> Part:
    """The part for half of a wall."""
    if part.picture is None:
        return part
    return replace(part, picture=replace(part.picture, data={**part.picture.data, "wide": "half"}))
