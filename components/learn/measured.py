"""Measures what a step shows, through the same services as every page: equal experiments are computed once.

A measurement begins when the step opens. Its result is not sent before the visitor has predicted. It is not listed
among the visitor's activities, because the step shows it, and it leaves their own experiment and run unchanged.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.jobs import Job, JobView
from backend.lessons import Lesson, Step, scripts
from backend.lessons.ending import Mark
from backend.questions.base import QuestionJob
from backend.questions.claims import CLAIMS, ClaimVerdict
from backend.questions.claims.job import ClaimJob
from backend.questions.mistakes import Mistake
from backend.questions.mistakes.job import MistakeJob
from backend.services import services
from backend.training.runs import TrainingRun
from components.learn import mistake
from components.live.polling import first_unfinished
from components.session.visitor import visitor
from components.train.run import RunView

_RUNS = "learn.runs"
#: The most runs that a session keeps a reference to.
_MOST = 24


def request(step: Step, experiment: Experiment, again: bool = False) -> None:
    """Have the workers measure what the step shows, once a session. With `again`, also what has failed."""
    if step.block.run != "none":
        _request_run(experiment, again)
    for investigation in investigations(step, experiment):
        services().shared.find_or_request(investigation, visitor(), again)


def mistake_of(step: Step) -> Mistake | None:
    """The mistake that the step shows; None if it shows something else."""
    config = services().config
    return scripts.find(step, config.lessons, config.lessons_scripts)[0]


def refused_scripts(step: Step) -> str:
    """Why the scripts of the step's author are not run, in a sentence; empty if they are, or if there are none."""
    config = services().config
    return scripts.find(step, config.lessons, config.lessons_scripts)[1]


def answer(step: Step) -> int | None:
    """The right answer. For a mistake, the position of the option that says what this version of Keras does.

    None if no option says it, or before the scripts of the mistake have run.
    """
    mistake_shown = mistake_of(step)
    if mistake_shown is None:
        return step.right
    measured = mistake.answer(mistake_shown)
    return next((i for i, option in enumerate(step.options) if option.text == measured), None)


def mark(lesson: Lesson, step: Step) -> Mark:
    """Whether the visitor's prediction was right.

    If a mistake's scripts have not run on this server yet, the right answer is the one that the lesson gives.
    """
    progress, me = services().progress, visitor()
    predicted = progress.prediction(lesson, step, me)
    if predicted is None:
        return "not predicted"
    if not progress.has_seen_result(lesson, step, me):
        return "not seen"
    shown = mistake_of(step)
    unmeasured = shown is not None and mistake.evidence(shown) is None
    right = step.right if unmeasured else answer(step)
    return "no option" if right is None else "right" if predicted == right else "wrong"


def count_right(lesson: Lesson) -> int:
    """How many of the visitor's predictions were right, of those whose result they have been shown."""
    return sum(mark(lesson, step) == "right" for step in lesson.steps)


def pending(step: Step, experiment: Experiment) -> JobView | None:
    """The first of the step's jobs that has not ended, as it stands. A run is pending while it is replayed."""
    now = run(experiment) if step.block.run != "none" else None
    if now is not None and now.running:
        return now.view
    return first_unfinished(_jobs(step, experiment))


def failure(step: Step, experiment: Experiment) -> str:
    """Why something that the step shows could not be measured, in a sentence; empty if nothing failed."""
    views = [job.view() for job in _jobs(step, experiment)]
    now = run(experiment) if step.block.run != "none" else None
    views += [now.view] if now is not None else []
    return next((view.message for view in views if view.ended and view.state != "finished"), "")


def claim_verdict(key: str, experiment: Experiment) -> ClaimVerdict | None:
    """The verdict on a claim; None if it can be tested on the experiment and has not been measured yet."""
    claim = CLAIMS[key]
    asked = ClaimJob.of(claim, experiment)
    if asked.refusal():
        return claim.judge(experiment, None)
    evidence: Any = services().shared.result(asked, visitor())
    return claim.judge(experiment, evidence) if evidence is not None else None


def run(experiment: Experiment) -> RunView | None:
    """The training of this experiment, as it stands; None if this session has not requested it."""
    training_run = _runs().get(experiment.key())
    return RunView(training_run.experiment, training_run.view(), training_run.known_since) if training_run else None


def _request_run(experiment: Experiment, again: bool) -> None:
    runs = _runs()
    known = runs.get(experiment.key())
    if known is None or (again and known.job.ended and known.job.state != "finished"):
        runs[experiment.key()] = services().runs.train_aside(experiment, visitor())
        while len(runs) > _MOST:
            del runs[next(iter(runs))]


def _runs() -> MutableMapping[str, TrainingRun]:
    runs: dict[str, TrainingRun] = st.session_state.setdefault(_RUNS, {})
    return runs


def investigations(step: Step, experiment: Experiment) -> list[QuestionJob]:
    """What the step shows of claims and mistakes, as far as it can be measured on this experiment."""
    all_investigations: list[QuestionJob] = []
    if step.block.page == "claims":
        all_investigations += [ClaimJob.of(CLAIMS[key], experiment) for key in step.block.show]
    if mistake_shown := mistake_of(step):
        all_investigations.append(MistakeJob.on(mistake_shown))
    return [each for each in all_investigations if not each.refusal()]


def _jobs(step: Step, experiment: Experiment) -> list[Job]:
    jobs = [services().shared.find(each, visitor()) for each in investigations(step, experiment)]
    return [job for job in jobs if job is not None]
