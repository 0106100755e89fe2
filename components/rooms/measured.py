"""What is measured of a room's step, in sentences and pictures for phones and for the board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from backend.jobs import Job, JobView
from backend.jobs.messages import SharedPayload
from backend.lab import words as lab_words
from backend.lab.compass import steps as compass_steps
from backend.lessons import Step
from backend.lessons.vocabulary import question_of
from backend.questions.base import QuestionJob
from backend.questions.claims import CLAIMS
from backend.questions.claims.job import ClaimJob
from backend.questions.lab import QUESTIONS
from backend.questions.mistakes import Mistake
from backend.questions.mistakes.base import Evidence, Ran, deciding_lines
from backend.questions.mistakes.job import MistakeJob
from backend.questions.pictures import Bar, Bars, Picture, of_task
from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.job import TopologyInspection, TopologyInspectJob
from backend.rooms import RoomView, phone
from backend.rooms.class_result import asks_of_training, judge
from backend.rooms.parts import Part, figure_words, shared_runs
from backend.rooms.parts import Picture as PartPicture
from backend.rooms.pictures import runs
from backend.rooms.training import experiment_of
from backend.services import services
from components.learn import lab
from components.learn.measured import mistake_of
from components.learn.step import page_query
from components.live.polling import first_unfinished
from components.rooms import asked
from components.rooms.graphs import graph
from components.rooms.parts import code, of_picture
from components.rooms.run_panels import LATER, run_panel
from components.topologies.panel import excerpt, reason

#: What phones and the report show of the panels of a step.
PANELS = phone.Panels(lambda view, position: of_question(view, position), lambda *step: of_room(*step), page_query)
#: The claims that measure what a panel of Compare shows.
_CLAIMS_OF_COMPARE = {"diagram": "fully_connected", "graph": "fully_connected", "summary": "parameters",
                      "parameters": "parameters"}  # fmt: skip


def of_question(view: RoomView, position: int) -> tuple[list[Part], bool]:
    """What a step shows before its answer, and whether something is still awaited."""
    pictures, waits = before_question(view, position)
    return [*pictures, *asked.of_question(view.room.lesson.steps[position])], waits


def before_question(view: RoomView, position: int) -> tuple[list[Part], bool]:
    """The pictures that stand before the question of a step, and whether one is still awaited."""
    step = view.room.lesson.steps[position]
    if step.block.page == "lab":
        found = [picture for picture in map(_lab_picture, step.block.before) if picture is not None]
        return [of_picture(picture, False) for picture in found], False
    if not step.block.before:
        return [], False
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
    if step.block.page == "lab":
        return _lab(step, explained), False
    jobs = _jobs(step, _requester(view))
    views = [job.view() for job in jobs]
    if any(not each.ended for each in views):
        return [Part(("Keras measures …",))], True
    if failed := next((each.message for each in views if each.state != "finished"), ""):
        return [Part((failed,))], False
    results = [job.result for job in jobs]
    if step.block.page == "mistake":
        mistake = mistake_of(step) if results else None
        return ([] if mistake is None else _mistake(mistake, results[0], explained, wall)), False
    if step.block.page == "topologies":
        parts = [_topology(key, result, wall) for key, result in zip(step.block.show, results, strict=True)]
        return [part for each in parts for part in each], False
    return _claims(step, results, explained), False


def wanted(step: Step) -> Sequence[SharedPayload]:
    """What the workers measure for the step, once for the room."""
    found: list[SharedPayload | QuestionJob] = []
    if step.block.page == "mistake":
        found = [MistakeJob.on(mistake)] if (mistake := mistake_of(step)) is not None else []
    elif step.block.page == "topologies":
        found = [TopologyInspectJob(topology=key) for key in step.block.show]
    else:
        found = [ClaimJob.of(CLAIMS[key], step.experiment) for key in _claim_keys(step)]
    return [each for each in found if not (isinstance(each, QuestionJob) and each.refusal())]


def pending(view: RoomView, step: Step) -> JobView | None:
    """Request what the workers measure for the step; returns the first job that has not ended."""
    return first_unfinished(_jobs(step, _requester(view)))


def failure(view: RoomView, step: Step) -> str:
    """Request the same, and return in a sentence why something could not be measured; empty if nothing failed."""
    views = [job.view() for job in _jobs(step, _requester(view))]
    return next((view.message for view in views if view.ended and view.state != "finished"), "")


def _requester(view: RoomView) -> str:
    """Who requests the jobs of a room: the same on all its pages.

    Only the requester of a job sees that it failed. If each page had its own, each would start the job again.
    """
    return f"room.{view.room.id}"


def _jobs(step: Step, who: str) -> list[Job]:
    return [services().shared.find_or_request(each, who) for each in wanted(step)]


def _claim_keys(step: Step) -> list[str]:
    if step.block.page == "claims":
        return list(step.block.show)
    names = [_CLAIMS_OF_COMPARE[name] for name in step.block.show if name in _CLAIMS_OF_COMPARE]
    return list(dict.fromkeys(names)) if step.block.page == "compare" else []


def _claims(step: Step, results: Sequence[Any], explained: bool) -> list[Part]:
    """The verdict of each claim. One that cannot be tested on this experiment has no result, but a finding."""
    parts: list[Part] = []
    left = iter(results)
    for claim in map(CLAIMS.__getitem__, _claim_keys(step)):
        testable = not claim.inapplicable_reason(step.experiment)
        found = claim.judge(step.experiment, next(left) if testable else None)
        if not (testable or explained):
            continue
        part = (
            of_picture(found.picture, explained)
            if found.picture is not None
            else Part((LATER,) if not explained else ())
        )
        parts.append(Part((found.finding, *part.words), part.picture) if explained else part)
    return parts


def _lab(step: Step, explained: bool) -> list[Part]:
    """What is recorded of the question, or the steps of the compass."""
    found = (lab.finding(step),) if explained else ()
    parts = []
    for panel in step.block.show:
        picture = _lab_picture(panel)
        part = of_picture(picture, explained) if picture is not None else Part((LATER,))
        parts.append(Part((*found, *part.words), part.picture))
        found = ()
    return parts


def _lab_picture(panel: str) -> Picture | None:
    evidence = lab.evidence(panel)
    if evidence is not None:
        return QUESTIONS[question_of(panel)].draw(evidence)
    state = lab.compass_state(panel)
    if state is None:
        return None
    situation = state.possible()
    bars = [
        Bar(f"{step.title}: head {head}'s loss", [(-fall, of_task(i))], lab_words.signed(-fall))
        for step in compass_steps(situation, state.methods, same_length=state.same_length)
        for i, (head, fall) in enumerate(zip(situation.heads, step.falls, strict=True))
    ]
    return Bars("What one step does to each head's loss: left of the line it falls", bars)


def _shared_run(view: RoomView, step: Step, position: int, explained: bool) -> tuple[list[Part], bool]:
    step_runs = services().rooms.training.of_step(view, position)
    run, waits = shared_runs(step_runs), bool(step_runs.missing - step_runs.failed)
    if not run:
        return [
            Part(("The run is not ready yet." if waits else "Its training has failed, so there is no result.",))
        ], waits
    experiment, epochs = step.experiment, step_runs.epochs
    trained = asks_of_training(step)
    drawn_panels = [run_panel(name, experiment, epochs, explained, trained=trained) for name in step.block.show]
    parts = [part for panel in drawn_panels for part in panel]
    result = judge(step, run)
    drawn = runs(f"{view.room.id}.{position}", run, result, verdict=False) if result else None
    if not parts and drawn is not None:  # a server that has not trained it knows the figure alone
        parts = [Part((f"One run for all. Line: {figure_words(step)}.",), PartPicture("runs", drawn))]
    return parts, waits


def _topology(key: str, inspection: TopologyInspection, wall: bool) -> list[Part]:
    """What Keras does with the model and with the Sequential attempt."""
    topology = TOPOLOGIES[key]
    drawn = graph(inspection.graph, f"Keras's layer graph of “{topology.title}”", wall)
    built = f"**Functional** ✓ builds it with {inspection.parameters:,} parameters."
    parts = [Part((built,), PartPicture("picture", drawn))]
    if inspection.error is None:
        return [*parts, Part(("**Sequential** ✓ builds the nearest model.",))]
    if wall:
        return [*parts, Part((f"**Sequential** ✗ fails: {reason(inspection.error)[:300]}",))]
    return [
        *parts,
        Part((f"**Sequential** ✗ fails: {reason(inspection.error)[:200]}", code(excerpt(inspection.error)))),
    ]


def _mistake(mistake: Mistake, evidence: Evidence, explained: bool, wall: bool) -> list[Part]:
    parts = [_output(evidence.broken)]
    if not explained:
        return parts
    found = mistake.verdict(evidence)
    finding = (found.happens and mistake.symptom) or found.finding
    said = tuple(filter(None, (finding, found.why)))
    if wall:
        script = code(deciding_lines(mistake.mended, mistake.broken))
        end = tuple(filter(None, (mistake.remedy, script, found.mended_finding)))
        return [*parts, Part(said), Part(end)]
    said = tuple(filter(None, (*said, mistake.remedy, code(mistake.mended))))
    parts += [Part(said), _output(evidence.mended)]
    return [*parts, Part((found.mended_finding,))]


def _output(ran: Ran) -> Part:
    return Part(("The script ends with an error:" if ran.error else "The script prints:", code(ran.output)))
