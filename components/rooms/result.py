"""The result of a question in three parts on the board: the votes, all runs, and the verdict."""

from __future__ import annotations

import streamlit as st

from backend.jobs import JobView
from backend.lessons import Step
from backend.rooms import RoomView, pictures, shown
from backend.rooms.class_result import judge
from backend.rooms.machine import BEATS
from backend.rooms.shown import Shown
from backend.rooms.training import StepRuns
from backend.services import services
from components import browser
from components.learn import measured
from components.live.polling import first_unfinished
from components.rooms import measured as room_measured
from components.rooms import question
from components.session.visitor import visitor


def show_on_wall(view: RoomView, position: int, beat: int) -> None:
    """Draw one part of a step's result for the board."""
    step, step_runs = _step_and_runs(view, position)
    if beat == 1:
        _votes_on_wall(view, step, position, right=False, reason=True)
    elif beat < BEATS:
        _measured_on_wall(view, step, position, step_runs)
    else:
        left, right = st.columns(2, gap="large")
        with left:
            _votes_on_wall(view, step, position, right=not shown.is_contradicted(view, step, step_runs))
        with right:
            finding = "" if step.block.run == "seed" else _finding(step) or "See it on your phone."
            verdict = shown.verdict(view, position, step_runs, "wall", finding)
            _draw("axis", Shown(tuple(map(question.without_links, verdict.words)), verdict.picture), position)


def show_verdict(view: RoomView, position: int) -> None:
    """Draw the verdict of a step alone, as the host sees it."""
    _, step_runs = _step_and_runs(view, position)
    _draw("axis", shown.verdict(view, position, step_runs, "phone"), position)


def _draw(name: str, part: Shown, position: int) -> None:
    for words in part.words:
        st.markdown(words)
    if part.picture is not None:
        browser.mount(f"room_{name}", part.picture, key=f"room.{name}.{position}")


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


def pending(step: Step) -> JobView | None:
    """Request what the panels of a step need from Keras; returns the first job that has not ended.

    Panels with a timer of their own must not be drawn: a room is a fragment, and timers within one do not run.
    """
    measured.request(step, step.experiment)
    shared, me = services().shared, visitor()
    jobs = [shared.find(each, me) or shared.request(each, me, aside=True) for each in room_measured.wanted(step)]
    return measured.pending(step, step.experiment) or first_unfinished(jobs)


def _measured_on_wall(view: RoomView, step: Step, position: int, step_runs: StepRuns) -> None:
    """Draw the runs as a picture. Panels of other pages are too small for a wall: people have them on their phones."""
    if step.block.run == "seed":
        current = position == view.room.state.step and not view.room.state.closed
        part = shown.runs(view, position, step_runs, "wall", verdict=False, awaited=current)
        _draw("runs", part, position)
        return
    run = shown.shared_runs(step_runs)
    result = judge(step, run)
    id = f"{view.room.id}.{position}"
    drawn = pictures.runs(id, run, result, "wall", verdict=False) if result else None
    if drawn is not None:
        _draw(
            "runs", Shown((f"One run for all. Line: {shown.figure_words(step)}. More is on your phone.",), drawn),
            position,
        )  # fmt: skip
        return
    st.markdown("**The result is on your phone.**")
    if step.look and not step.block.allow:
        st.markdown(question.without_links(step.look))
    question.options(step)


def _finding(step: Step) -> str:
    """What was measured of a claim or a mistake, in words; empty if that is not known, or not in words."""
    measured.request(step, step.experiment)
    for investigation in measured.investigations(step, step.experiment)[:1]:
        job = services().shared.find(investigation, visitor())
        if job is not None and job.state == "finished":
            return investigation.judge(job.result).finding
    return ""
