"""What is measured of a room's step, in sentences and pictures for phones and for the board."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backend.lessons import Step
from backend.rooms import RoomView, phone
from backend.rooms.class_result import asks_of_training, compares_sides, judge
from backend.rooms.parts import Part, shared_runs
from backend.rooms.pictures import runs
from backend.rooms.training import experiment_of
from backend.services import services
from components.learn.panels import page_query, panel_of
from components.train.run_parts import run_panel

_MEASURING = "Keras measures …"


def of_question(view: RoomView, position: int) -> tuple[list[Part], bool]:
    """What a step shows before its answer, and whether something is still awaited."""
    step = view.room.lesson.steps[position]
    pictures, waits = before_question(view, position)
    return [*pictures, *panel_of(step).question(step)], waits


def before_question(view: RoomView, position: int) -> tuple[list[Part], bool]:
    """The pictures that stand before the question of a step, and whether one is still awaited."""
    step = view.room.lesson.steps[position]
    if not step.block.before or step.block.run == "none":
        return panel_of(step).before(step), False
    step_runs = services().rooms.training.of_step(view, position)
    if epochs := step_runs.epochs:
        drawn = [run_panel(name, step.experiment, epochs, False) for name in step.block.before]
        return [part for parts in drawn for part in parts], False
    if step_runs.failed:
        return [Part(("The training has failed, so there is no picture.",))], False
    return [Part(("The picture comes when the training has ended.",))], True


def losses_of_one(view: RoomView, position: int) -> list[Part]:
    """The losses of the run that was ready first, of a step that trains the seeds of the class."""
    step, runs = view.room.lesson.steps[position], services().rooms.training.of_step(view, position)
    names = [name for name in step.block.show if name in ("totals", "tasks")][:1]
    if runs.first not in {who.number for who in view.present}:
        return []  # no run is ready, or the participant was removed
    experiment = experiment_of(view.room, step, runs.first)
    parts = [part for name in names for part in run_panel(name, experiment, runs.epochs, False)]
    whose = f"The run of participant {runs.first}."
    return [replace(part, words=(whose, *part.words)) for part in parts]


def for_wall(view: RoomView, position: int, explained: bool) -> tuple[list[Part], bool]:
    """What was measured, for a board; if that is `explained`, only what the verdict says beyond it."""
    before, waits = of_room(view, position, False, True)
    if not explained:
        return before, waits
    known = {words for part in before for words in part.words}
    after, waits = of_room(view, position, True, True)
    return [Part((words,)) for part in after for words in part.words if words not in known], waits


def of_room(view: RoomView, position: int, explained: bool, wall: bool = False) -> tuple[list[Part], bool]:
    """What was measured of a step, with or without the explanation, and whether more will come."""
    step = view.room.lesson.steps[position]
    if step.block.run == "shared":
        return _shared_run(view, step, position, explained)
    found = results(view, step)
    if isinstance(found, str):
        return [Part((found,))], found == _MEASURING
    return panel_of(step).parts(step, found, explained, wall), False


def results(view: RoomView, step: Step) -> list[Any] | str:
    """What workers have measured for the step, requested once; or in a sentence that they measure, or why they cannot.

    All pages of a room request as one: only the requester of a job sees that it failed, so otherwise each page would
    start the job again.
    """
    who, shared = f"room.{view.room.id}", services().shared
    views = [shared.find_or_request(each, who).look() for each in panel_of(step).room_payloads(step)]
    if not all(each.ended for each in views):
        return _MEASURING
    failed = next((each.message for each in views if each.state != "finished"), "")
    return failed or [each.result for each in views]


def _shared_run(view: RoomView, step: Step, position: int, explained: bool) -> tuple[list[Part], bool]:
    step_runs = services().rooms.training.of_step(view, position)
    run, waits = shared_runs(step_runs), bool(step_runs.missing - step_runs.failed)
    if not run:
        return [
            Part(("The run is not ready yet." if waits else "Its training has failed, so there is no result.",))
        ], waits
    experiment, epochs = step.experiment, step_runs.epochs
    trained = asks_of_training(step)
    names = [name for name in step.block.show if name != "answer" or compares_sides(step)]
    drawn_panels = [run_panel(name, experiment, epochs, explained, trained=trained) for name in names]
    parts = [part for panel in drawn_panels for part in panel]
    result = judge(step, run)
    drawn = runs(run, result, verdict=False) if result else None
    if not parts and result and drawn:  # a server that has not trained it knows the figure alone
        parts = [Part((f"One run for all. Line: {result.name}.",), drawn)]
    return parts, waits


#: What phones and the report show of the panels of a step.
PANELS = phone.Panels(of_question, of_room, page_query)
