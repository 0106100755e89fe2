"""The result of a question in three parts: the votes, all runs, and the verdict. The same for participant and board."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from backend.jobs import Job, JobView
from backend.lessons import Step
from backend.lessons.findings import in_words
from backend.mistakes import MISTAKES
from backend.network.job import InspectJob
from backend.rooms import RoomView
from backend.rooms.class_result import ClassResult, SeedRun, judge, tests_of
from backend.rooms.machine import BEATS
from backend.rooms.training import SHARED, StepRuns
from backend.services import services
from backend.topologies.job import TopologyInspectJob
from backend.words import listed, short
from components import browser
from components.learn import measured, mistake
from components.learn.panels import BEFORE_VERDICT, PANELS
from components.live.job_status import waiting_sentence
from components.live.polling import first_unfinished
from components.rooms import pictures, question, votes
from components.rooms.pictures import Size
from components.rooms.question import LETTERS
from components.session.visitor import visitor


def show(view: RoomView, position: int, beat: int, *, own: int | None = None) -> bool:
    """Draw the first `beat` parts of a step's result for a participant. Returns whether something is still measured.

    `own` is the number of the participant, whose run is emphasized.
    """
    step, step_runs = _step_and_runs(view, position)
    waits = False
    if not votes.show(view, step, position, "phone", right=beat >= BEATS and not is_contradicted(view, position)):
        st.markdown(votes.too_few(view.rounds(position)))
    if beat >= 2:
        waits = _measured(view, step, position, step_runs, own, explained=beat >= BEATS)
    if beat >= BEATS:
        _verdict(view, step, step_runs.done, "phone")
        waits |= _is_current(view, position) and bool(_awaited_runs(step, step_runs))
    return waits


def show_on_wall(view: RoomView, position: int, beat: int) -> None:
    """Draw one part of a step's result for the board."""
    step, step_runs = _step_and_runs(view, position)
    if beat == 1:
        if not votes.show(view, step, position, "wall", right=False):
            question.options(step)
            st.markdown(votes.too_few(view.rounds(position)))
    elif beat < BEATS:
        _measured_on_wall(view, step, position, step_runs)
    else:
        left, right = st.columns(2, gap="large")
        marked = not is_contradicted(view, position)
        with left:
            if not votes.show(view, step, position, "wall", right=marked):
                question.options(step, right=marked)
        with right:
            _verdict(view, step, step_runs.done, "wall")


def show_verdict(view: RoomView, position: int) -> None:
    """Draw the verdict of a step alone, as the host sees it."""
    step, step_runs = _step_and_runs(view, position)
    _verdict(view, step, step_runs.done, "phone")


def is_contradicted(view: RoomView, position: int) -> bool:
    """Whether the runs of this class show that the lesson's answer is not right. Then no answer is marked as right."""
    step, step_runs = _step_and_runs(view, position)
    result = judge(step, class_runs(view, step_runs.done)) if step.block.run == "seed" else None
    return result is not None and result.kind == "no"


def _step_and_runs(view: RoomView, position: int) -> tuple[Step, StepRuns]:
    """The step and its runs, read once, so that the picture agrees with whether more runs will come."""
    services().rooms.training.restore(view, position)
    return view.room.lesson.steps[position], services().rooms.training.of_step(view, position)


def _is_current(view: RoomView, position: int) -> bool:
    """Whether the room is open and at that step. Nothing is trained for an earlier step."""
    return position == view.room.state.step and not view.room.state.closed


def _awaited_runs(step: Step, step_runs: StepRuns) -> frozenset[int]:
    """The unfinished runs that the verdict waits for."""
    if not tests_of(step):
        return frozenset()
    return step_runs.awaited if step.block.run == "seed" else step_runs.awaited & {SHARED}


def pending(step: Step) -> JobView | None:
    """Request what the panels of a step need from Keras; returns the first job that has not ended.

    Panels with a timer of their own must not be drawn: a room is a fragment, and timers within one do not run.
    """
    measured.request(step, step.experiment)
    return measured.pending(step, step.experiment) or first_unfinished(_inspections(step))


def _inspections(step: Step) -> list[Job]:
    """The models that the step's panels show, which a worker builds."""
    experiment, shown = step.experiment, step.block.show
    if step.block.page == "topologies":
        return [services().shared.request(TopologyInspectJob(topology=key), visitor()) for key in shown]
    if step.block.page == "compare" and {"graph", "summary", "parameters"} & {*shown}:
        payloads = [InspectJob.of(experiment.architecture, style) for style in experiment.styles()]
        return [services().shared.request(payload, visitor()) for payload in payloads]
    return []


def class_runs(view: RoomView, runs_by_number: Mapping[int, SeedRun]) -> list[SeedRun]:
    """The runs of the participants who are in the room, by number; without those that options suggest."""
    present = {who.number for who in view.present}
    return [run for number, run in runs_by_number.items() if number in present]


def _measured(
    view: RoomView, step: Step, position: int, step_runs: StepRuns, own: int | None, *, explained: bool
) -> bool:
    """Draw all runs of the class, or the step's panels. Returns whether something is still measured."""
    if step.block.run == "seed":
        return _runs(view, step, position, step_runs, own, "phone", verdict=explained)
    if step.block.page == "mistake":
        return not mistake.show_result(MISTAKES[step.block.show[0]], explained=explained)
    waits = _show_progress(step)
    if waits is None:
        for name in step.block.show:
            place = step.block.page, name
            (PANELS[place] if explained else BEFORE_VERDICT.get(place, PANELS[place]))(step.experiment)
    return bool(waits)


def _measured_on_wall(view: RoomView, step: Step, position: int, step_runs: StepRuns) -> None:
    """Draw the runs as a picture. Panels of other pages are too small for a wall: people have them on their phones."""
    if step.block.run == "seed":
        _runs(view, step, position, step_runs, None, "wall", verdict=False)
        return
    shared_runs = [run for number, run in step_runs.done.items() if number == SHARED]
    result = judge(step, shared_runs)
    drawn = (
        pictures.runs(f"{view.room.id}.{position}", shared_runs, result, None, "wall", verdict=False)
        if result
        else None
    )
    if result is not None and drawn is not None:
        st.markdown(f"One run for all. Line: {_figure_words(step)}. More is on your phone.")
        browser.mount("room_runs", drawn, key=f"room.runs.{position}")
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


def _show_progress(step: Step) -> bool | None:
    """Say what is still measured (returns True) or what has failed (False); None if all is there."""
    job = pending(step)
    if job is not None:
        st.markdown(waiting_sentence(job) if job.state == "queued" else "Keras measures …")
        return True
    if reason := measured.failure(step, step.experiment):
        st.warning(reason, icon=":material/error:")
        return False
    return None


def _runs(
    view: RoomView, step: Step, position: int, step_runs: StepRuns, own: int | None, size: Size, *, verdict: bool
) -> bool:
    """Draw the runs of the class, and with `verdict` what the right answer expects. Returns whether more will come."""
    runs = class_runs(view, step_runs.done)
    failed, absent = len(step_runs.failed), len(step_runs.missing)
    missing = absent - failed if _is_current(view, position) else 0
    result = judge(step, runs)
    if result is None:
        words = "The runs are not ready yet." if missing else "This question has no run that can be shown."
        all_failed = not runs and 0 < failed == absent
        st.markdown("All trainings have failed, so there is no run to show." if all_failed else words)
        return missing > 0
    drawn = pictures.runs(f"{view.room.id}.{position}", runs, result, own, size, verdict=verdict)
    each = "one for each participant" if len(runs) > 1 else "of one participant"
    sentence = f"**{len(runs)} run{'s' if len(runs) > 1 else ''}**, {each}. Line: {_figure_words(step)}."
    if len(runs) > 1:
        sentence += " Dashed: the median."
    if missing:
        sentence += f" {missing} more {'is' if missing == 1 else 'are'} not ready."
    if failed:
        sentence += f" {failed} failed."
    if any(run.number == own for run in runs):
        sentence += " Bold: **your run**."
    st.markdown(sentence)
    if drawn is not None:
        browser.mount("room_runs", drawn, key=f"room.runs.{position}")
    return missing > 0


def _verdict(view: RoomView, step: Step, runs_by_number: Mapping[int, SeedRun], size: Size) -> None:
    """Draw what all runs show together, and what each would have shown alone."""
    letter, option = LETTERS[step.right], step.options[step.right].text
    if size == "wall":
        option = question.without_links(option)
    seeds = step.block.run == "seed"
    runs = (
        class_runs(view, runs_by_number)
        if seeds
        else [run for number, run in runs_by_number.items() if number == SHARED]
    )
    result = judge(step, runs)
    if result is None or not seeds:
        st.markdown(f"**The answer: {letter}.** {option}.")
        if result is not None:
            st.markdown(f"Measured: {_figure_words(step)} is {short(result.median, 4)}.")
        elif seeds and not runs:
            st.markdown("This is what the lesson expects. No run of this class has measured it yet.")
        elif size == "wall":
            st.markdown(question.without_links(_finding(step)) or "See it on your phone.")
        return
    st.markdown(f"**{result.sentence(f'{letter}, {option}')}**")
    if alone := result.alone_sentence():
        st.markdown(f"**{alone}**")
    tried = _tried_values(step, runs_by_number)
    drawn = pictures.axis(step, runs, result, tried, None, size)
    if drawn is not None:
        if size == "phone":
            st.markdown(_axis_sentence(result, tried))
        browser.mount("room_axis", drawn, key=f"room.axis.{step.id}")


def _tried_values(step: Step, runs_by_number: Mapping[int, SeedRun]) -> dict[int, float]:
    """The measured value of the experiment that each wrong option suggests."""
    ends = {-1 - number: run.values[0] for number, run in runs_by_number.items() if number < SHARED and run.values}
    return {i: value for i, value in ends.items() if isinstance(value, float) and i < len(step.options)}


def _axis_sentence(result: ClassResult, tried: Mapping[int, float]) -> str:
    words = (
        f"Each dot is one run. The axis is the {result.name_in_words}, and its shaded part is what the right answer "
        "expects."
    )
    if tried:
        letters = listed(LETTERS[i] for i in sorted(tried))
        lines = "The lines mark the experiments" if len(tried) > 1 else "The line marks the experiment"
        words += f" {lines} that the lesson suggests for {letters}."
    return words


def _figure_words(step: Step) -> str:
    return in_words(tests_of(step)[0].figure, step.experiment)
