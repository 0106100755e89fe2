"""What a room sends to its participants' phones: what all of them see, and what one participant alone sees.

What all see depends on the room's version and on the runs that are ready, so it is made once for all. It holds nothing
of a result, of the right answer or of the votes before the part of the reveal that shows it (`State.shows_result_of`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from backend.experiment.differences import differences
from backend.experiment.url import write_query
from backend.lessons.answers import AnswerKind, range_of
from backend.lessons.lesson import Step
from backend.lessons.parser import attempt
from backend.lessons.scripts import bundled
from backend.rooms import machine
from backend.rooms.machine import STAGES
from backend.rooms.markdown import html_of
from backend.rooms.model import Pace, Participant, RoomView
from backend.rooms.parts import Part, class_runs, is_contradicted, runs, verdict, votes
from backend.rooms.pictures import Runs
from backend.rooms.training import SeedTraining, experiment_of
from backend.words import listed

Phase = Literal["lobby", "ask", "discuss", "frozen", "result", "paused", "over"]
#: How sure a participant may be; the last one counts as certain.
SURE = ("guessing", "fairly sure", "certain")
#: The phase and the words of a page before the reveal, by the room's phase.
_UNREVEALED: Mapping[machine.Phase, tuple[Phase, str]] = {
    "explain": ("discuss", "The host explains. Then you answer again."),
    "discuss": ("discuss", "Discuss: tell a neighbour what you chose and why. Then you answer again."),
    "frozen": ("frozen", "Answers are frozen. The host will show the result."),
}
#: What a page asks for.
_ASKED: Mapping[AnswerKind, str] = {
    "one": "Choose an answer.", "several": "Choose your answers.", "number": "Type a number and send it.",
}  # fmt: skip
#: What each part of a result is called.
_PARTS = {1: "The votes.", 2: "What was measured.", 3: "The result is here."}
_REASON = "The reason is below the result."


@dataclass(frozen=True)
class Link:
    """A link to a page of the app: its path below the app's base, with the query."""

    label: str
    path: str


@dataclass(frozen=True)
class Result:
    """The result of a question as far as it is revealed.

    `runs` are the numbers of the participants whose runs are drawn, in the order of their lines.
    `right` is the right answer, once it may be marked: of a question for a number the ends of the right range, else
    as `answer` says (`backend/lessons/answers.py`). `links` open the participant's own run, the experiments that
    wrong options suggest, and the step's page.
    """

    step: int
    title: str
    text: str
    parts: list[Part]
    runs: Sequence[int] = ()
    answer: AnswerKind = "one"
    right: int | tuple[float, float] | None = None
    links: Sequence[Link] = ()
    why: str = ""


@dataclass(frozen=True)
class Question:
    """The question that is asked now."""

    place: str
    title: str
    text: str
    parts: list[Part]
    sure: Sequence[str]


class Asked(BaseModel):
    """Which question and round an answer is for. `since` is when the phase began, in seconds since 1970."""

    step: int
    round: int
    seconds: int
    since: float


class Shown(BaseModel):
    """What a page shows. `waits` says whether something of it is still awaited."""

    waits: bool = False


class Page(Shown):
    """What all phones show at one version of the room. `asked` counts how often answers were deleted.

    `html` has the parts of the page below its status. They are drawn from `content`, or from the `results` after a
    lesson, which are not sent.
    """

    version: int
    code: str
    asked: int
    title: str
    phase: Phase
    status: str
    question: Asked | None = None
    html: list[str] = []
    names: bool = Field(exclude=True)
    content: Question | Result | None = Field(None, exclude=True)
    results: list[tuple[int, str]] = Field([], exclude=True)


class Own(BaseModel):
    """What one participant alone sees: the answers of each step (both rounds) and how sure they were of the last one.

    If a question asks for a number, the answer is that number: the position of its option would tell what is right.
    """

    number: int
    alias: str
    pace: Pace
    answers: dict[int, list[int | float | None]]
    sure: dict[int, str]


@dataclass(frozen=True)
class Panels:
    """What phones show of the panels of a step of a room, by its position, each with whether more is awaited.

    `question` gives what a question shows before its answer. `measured` gives what was measured of a step that trains
    no seeds, with or without the explanation. `query` gives the query with which the step's page shows the same.
    """

    question: Callable[[RoomView, int], tuple[list[Part], bool]]
    measured: Callable[[RoomView, int, bool], tuple[list[Part], bool]]
    query: Callable[[Step], Mapping[str, list[str]]]


def page(view: RoomView, training: SeedTraining, panels: Panels) -> Page:
    """What all phones of the room show now."""
    room, now = view.room, view.room.state
    made = Page(
        version=room.version, code=room.code, asked=now.asked, title=room.lesson.title, phase="lobby",
        status="You are in. The first question comes when the host begins.", names=now.names,
    )  # fmt: skip
    over = "The room is closed." if now.closed else "The lesson is over."
    if now.closed or (now.phase == "end" and not now.paused and now.earlier is None):
        made.phase, made.status = "over", f"{over} Thank you for taking part."
        steps = room.lesson.steps
        made.results = [(i, step.title) for i, step in enumerate(steps) if now.shows_result_of(i)]
    elif now.paused:
        made.phase, made.status = "paused", "The host has paused the room. Your answers are kept."
    elif now.earlier is not None:
        made.phase, made.status = "result", "The host shows an earlier result."
        made.content, made.waits = result(view, now.earlier, STAGES, training, panels)
    elif now.revealed:
        stage = STAGES if now.phase == "why" else now.stage
        made.phase, made.status = "result", _REASON if now.phase == "why" and room.step.why else _PARTS[stage]
        made.content, made.waits = result(view, now.step, stage, training, panels, why=now.phase == "why")
    elif now.phase != "lobby":
        parts, made.waits = panels.question(view, now.step)
        made.content = _question(view, parts)
        made.phase, made.status = _UNREVEALED.get(now.phase, ("ask", _ASKED[room.step.kind]))
    if made.phase == "ask":
        seconds = room.step.block.ask.seconds_to_answer(now.round)
        made.question = Asked(step=now.step, round=now.round, seconds=seconds, since=room.since)
        made.status = f"{'Second round. ' if now.round == 2 else ''}{made.status}"
    return made


def result(
    view: RoomView, position: int, stage: int, training: SeedTraining, panels: Panels, *, why: bool = True
) -> tuple[Result, bool]:
    """The first `stage` parts of a step's result, and whether something of it is still awaited.

    With `why`, the reason comes with the last part.
    """
    room, step = view.room, view.room.lesson.steps[position]
    step_runs, explained, waits = training.of_step(view, position), stage >= STAGES, False
    marked = explained and not is_contradicted(view, step, step_runs)
    parts = [votes(step, view.rounds(position), right=marked)]
    numbers: list[int] = []
    if stage >= 2 and step.block.run == "seed":
        parts.append(runs(view, position, step_runs, verdict=explained))
        if isinstance(parts[-1].picture, Runs):
            numbers = [run.number for run in class_runs(view, step_runs.done)]
        waits = step_runs.awaited > 0
    elif stage >= 2:
        more, waits = panels.measured(view, position, explained)
        parts += more
    if explained:
        parts.append(verdict(view, position, step_runs))
    right = range_of(step.ticked) if step.kind == "number" else step.right
    run = [Link("Open my run in Train", f"rooms/{room.id}/runs/{position}")] if step.block.run == "seed" else []
    made = Result(
        step=position, title=step.title, text=html_of(step.text), parts=parts, runs=numbers, answer=step.kind,
        right=right if marked else None,
        links=[*run, *_tries(step), *_page_link(step, panels)] if explained else (),
        why=html_of(step.why) if explained and why and step.why else "",
    )  # fmt: skip
    return made, waits


def own(view: RoomView, who: Participant) -> Own:
    """What that participant alone sees."""
    answers: dict[int, list[int | float | None]] = {}
    sure: dict[int, str] = {}
    for position in range(len(view.room.lesson.steps)):
        both = [view.answer(who.number, position, round) for round in (1, 2)]
        if given := [each for each in both if each]:
            answers[position] = [each.given if each else None for each in both]
            sure[position] = given[-1].sure
    return Own(number=who.number, alias=who.alias, pace=who.pace, answers=answers, sure=sure)


def run_query(view: RoomView, position: int, number: int) -> str:
    """The query of the link that opens that participant's run in Train."""
    experiment = experiment_of(view.room, view.room.lesson.steps[position], number)
    return _encoded(write_query(experiment) or {"seed": [str(experiment.training.seed)]})


def _question(view: RoomView, parts: list[Part]) -> Question:
    room, now, step = view.room, view.room.state, view.room.step
    sure = SURE if now.phase == "ask" and step.block.ask.confidence else ()
    return Question(
        f"Question {now.step + 1} of {len(room.lesson.steps)}", step.title, question_html(step), parts, sure
    )


def question_html(step: Step) -> str:
    """The text of a question as HTML, with that of its mistake."""
    mistake = bundled(step)
    return html_of(step.text) + (html_of(f"**{mistake.question}**") if mistake else "")


def _tries(step: Step) -> list[Link]:
    """Links to the experiments that wrong options suggest."""
    links = []
    for other in (attempt(step, option) for option in step.options if option.attempt and not option.right):
        label = f"Try it with {listed(differences(other, step.experiment))}"
        links.append(Link(label, f"train?{_encoded(write_query(other) or {'seed': ['0']})}"))
    return links


def _page_link(step: Step, panels: Panels) -> list[Link]:
    """The link that opens the step's page with its settings; none without a page."""
    if not step.has_page:
        return []
    query = _encoded(panels.query(step))
    path = "" if step.block.page == "compare" else step.block.page
    return [Link(f"Open in {step.block.page.capitalize()}", f"{path}?{query}" if query else path)]


def _encoded(query: Mapping[str, list[str]]) -> str:
    return urlencode(query, doseq=True)
