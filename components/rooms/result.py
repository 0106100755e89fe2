"""The result of a question in three parts on the board: the votes, all runs, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from backend.lessons import Step
from backend.rooms import RoomView, shown
from backend.rooms.machine import BEATS
from backend.rooms.shown import Shown
from backend.rooms.training import StepRuns
from backend.services import services
from components import browser
from components.rooms import measured as room_measured
from components.rooms import question, unfold

#: The most pictures on a wall, and the most characters above a picture; longer text is beside it.
_MOST_PICTURES, _SHORT = 2, 120


def show_on_wall(view: RoomView, position: int, beat: int) -> None:
    """Draw one part of a step's result for the board."""
    step, step_runs = _step_and_runs(view, position)
    if beat == 1:
        _votes_at_first(view, step, position)
    elif beat < BEATS:
        _measured_on_wall(view, step, position, step_runs)
    else:
        left, right = st.columns(2, gap="large")
        with left:
            marked = not shown.is_contradicted(view, step, step_runs)
            on_axis = shown.votes_on_axis(view, position, right=marked)
            if on_axis is not None:
                _draw("regions", replace(on_axis, words=on_axis.words[:1]), position)
            else:
                _votes_on_wall(view, step, position, right=marked)
        with right:
            _draw("axis", shown.verdict(view, position, step_runs, "wall"), position)
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
    _draw("axis", shown.verdict(view, position, step_runs, "phone"), position)


def draw_half(part: Shown, place: str) -> None:
    """Draw a part for half of a wall. `place` is unique on the page."""
    _draw(part.kind, _for_half(part), place)


def _draw(name: str, part: Shown, place: int | str) -> None:
    for words in part.words:
        question.markdown(words)
    if part.picture is not None:
        browser.mount(f"room_{name}", part.picture, key=f"room.{name}.{place}")


def _votes_at_first(view: RoomView, step: Step, position: int) -> None:
    """Draw the votes on the axis if the question has one, else as bars. Nothing tells which option is right."""
    on_axis = shown.votes_on_axis(view, position, right=False)
    if on_axis is None:
        _votes_on_wall(view, step, position, right=False, reason=True)
        return
    left, right = st.columns(2, gap="large")
    with left:
        _draw("regions", replace(on_axis, words=()), position)
    with right:
        question.options(step)
        _draw("words", replace(on_axis, picture=None), position)


def _votes_on_wall(view: RoomView, step: Step, position: int, *, right: bool, reason: bool = False) -> None:
    """Draw the votes; if they may not be shown, the options, and with `reason` why."""
    votes = shown.votes(step, view.rounds(position), "wall", right=right)
    if votes.picture is None:
        question.options(step, right=right)
    if votes.picture is not None or reason:
        _draw("votes", votes, position)


def _step_and_runs(view: RoomView, position: int) -> tuple[Step, StepRuns]:
    """The step and its runs, read once, so that the picture agrees with whether more runs will come."""
    services().rooms.training.restore(view, position)
    return view.room.lesson.steps[position], services().rooms.training.of_step(view, position)


def _measured_on_wall(view: RoomView, step: Step, position: int, step_runs: StepRuns) -> None:
    """Draw what was measured: all runs of the class, or the parts that phones show, two pictures side by side."""
    if step.block.run == "seed":
        current = position == view.room.state.step and not view.room.state.closed
        losses = room_measured.losses_of_one(view, position, "wall")
        parts = [shown.runs(view, position, step_runs, "wall", verdict=False, awaited=current), *losses]
    else:
        parts, _ = room_measured.of_room(view, "wall")(position, False)
    drawn = [part for part in parts if part.picture is not None][:_MOST_PICTURES]
    said = [part for part in parts if part.picture is None]
    beside = bool(drawn and len(said) == 1 and len(said[0].words[-1]) > _SHORT)
    if not beside:
        for part in said:
            _draw("words", part, position)
    columns = len(drawn) + beside
    for i, place in enumerate(st.columns(columns, gap="large") if columns > 1 else [st.container()]):
        with place:
            for part in drawn[i : i + 1] or (said if beside else []):
                _draw(part.kind, _for_half(part) if columns > 1 else part, f"{position}.{i}")


def _for_half(part: Shown) -> Shown:
    """The part for half of a wall."""
    return part if part.picture is None else replace(part, picture={**part.picture, "wide": "half"})
