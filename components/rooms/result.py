"""The result of a question in three parts: the votes, all runs, and the verdict. The same for participant and board."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from backend.lessons import Step
from backend.mistakes import MISTAKES
from backend.rooms import RoomView
from backend.rooms.class_result import ClassResult, SeedRun, judge
from backend.rooms.model import FEWEST
from backend.rooms.training import SHARED
from backend.services import services
from backend.words import listed
from components import browser
from components.learn import measured, mistake
from components.learn.panels import PANELS
from components.live.job_status import waiting
from components.rooms import pictures
from components.rooms.pictures import Size
from components.rooms.question import LETTERS


def show(
    view: RoomView, position: int, beat: int, *, own: int | None = None, size: Size = "phone", alone: bool = False
) -> bool:
    """Draw the first `beat` parts of a step's result, or that part `alone`.

    `own` is the number of the participant who looks, whose run is emphasized. Returns whether something is still
    measured.
    """
    step = view.room.lesson.steps[position]
    services().rooms.training.restore(view, position)
    found = services().rooms.training.done(view.room, position)
    waits = False
    if beat == 1 or not alone:
        _votes(view, step, position, size, right=beat >= 3)
    if beat == 2 or (beat > 2 and not alone):
        waits = _measured(view, step, position, found, own, size)
    if beat >= 3:
        _verdict(view, step, found, size)
    return waits


def of_class(view: RoomView, found: Mapping[int, SeedRun]) -> list[SeedRun]:
    """The runs of the participants who are in the room, by number; without what options say to try."""
    present = {who.number for who in view.present}
    return [run for number, run in found.items() if number in present]


def _votes(view: RoomView, step: Step, position: int, size: Size, *, right: bool) -> None:
    rounds = view.rounds(position)
    drawn = pictures.votes(step, rounds, size, right=right)
    if drawn is not None:
        browser.mount("room_votes", drawn, key=f"room.votes.{position}")
    elif rounds:
        st.markdown(f"Fewer than {FEWEST} people have answered, so the votes are not shown.")
    else:
        st.markdown("Nobody has answered.")


def _measured(
    view: RoomView, step: Step, position: int, found: Mapping[int, SeedRun], own: int | None, size: Size
) -> bool:
    """All runs of the class; or what the step shows of the real page. Returns whether it is still measured."""
    if step.block.run == "seed":
        return _runs(view, step, position, of_class(view, found), own, size)
    if step.block.page == "mistake":
        return not mistake.show_result(MISTAKES[step.block.show[0]])
    measured.request(step, step.experiment)
    job = measured.pending(step, step.experiment)
    if job is not None:
        st.markdown(waiting(job) if job.state == "queued" else "Keras measures …")
        return True
    if reason := measured.failed(step, step.experiment):
        st.warning(reason, icon=":material/error:")
        return False
    for name in step.block.show:
        PANELS[step.block.page, name](step.experiment)
    return False


def _runs(view: RoomView, step: Step, position: int, runs: list[SeedRun], own: int | None, size: Size) -> bool:
    result = judge(step, runs)
    missing = services().rooms.training.missing(view) if position == view.room.state.step else 0
    if result is None:
        st.markdown("The runs of this question are not ready." if missing else "There are no runs of this question.")
        return missing > 0
    drawn = pictures.runs(f"{view.room.id}.{position}", runs, result, own, size)
    said = f"**{len(runs)} runs**, one for each participant. Line: {result.name}. Dashed: the median."
    if missing:
        said += f" {missing} more {'is' if missing == 1 else 'are'} not ready."
    if any(run.number == own for run in runs):
        said += " Bold: **your run**."
    st.markdown(said)
    if drawn is not None:
        browser.mount("room_runs", drawn, key=f"room.runs.{position}")
    return missing > 0


def _verdict(view: RoomView, step: Step, found: Mapping[int, SeedRun], size: Size) -> None:
    """What all runs show together, and what each would have shown alone."""
    letter, option = LETTERS[step.right], step.options[step.right].text
    runs = of_class(view, found) if step.block.run == "seed" else []
    result = judge(step, runs)
    if result is None:
        st.markdown(f"**The answer: {letter}.** {option}.")
        return
    st.markdown(f"**{result.sentence(f'{letter}, {option}')}**")
    if alone := result.alone():
        st.markdown(f"**{alone}**")
    tried = _tried(step, found)
    drawn = pictures.axis(step, runs, result, tried, None, size)
    if drawn is not None:
        st.markdown(_words_of_axis(result, tried))
        browser.mount("room_axis", drawn, key=f"room.axis.{step.id}")


def _tried(step: Step, found: Mapping[int, SeedRun]) -> dict[int, float]:
    """The figure of what each wrong option says to try."""
    ends = {-1 - number: run.values[0] for number, run in found.items() if number < SHARED and run.values}
    return {i: value for i, value in ends.items() if isinstance(value, float) and i < len(step.options)}


def _words_of_axis(result: ClassResult, tried: Mapping[int, float]) -> str:
    words = f"Predicted beside measured: a dot for each run, on the axis of {result.name}."
    if tried:
        letters = listed(LETTERS[i] for i in sorted(tried))
        lines = "The lines mark the experiments" if len(tried) > 1 else "The line marks the experiment"
        words += f" {lines} that the lesson suggests for {letters}."
    return words
