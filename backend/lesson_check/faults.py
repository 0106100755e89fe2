"""Faults that no test of a step finds: those of scripts, and of the time of a room."""

from __future__ import annotations

import math

from backend.lesson_check.measurements import with_seeds
from backend.lessons import Step
from backend.questions.mistakes import Mistake, Verdict
from backend.training.duration import DurationEstimator
from backend.words import about, counted

#: The participants of a room whose seeds have to be ready in time, unless the operator says another number.
ROOM = 30


def faults_of_mistake(mistake: Mistake, verdict: Verdict) -> list[str]:
    """A sentence if Keras gives another answer than the ticked one, and one if the corrected script is not correct."""
    gives = (
        f"Keras gives “{verdict.answer}”" if verdict.answer else f"the first script shows no option. {verdict.finding}"
    )
    faults = [] if verdict.happens else [f"“{mistake.ticked}” is ticked, but {gives.rstrip('.')}."]
    return faults + ([] if verdict.mended else [f"The corrected script is not correct: {verdict.mended_finding}"])


def lateness(step: Step, workers: int, participants: int = ROOM) -> list[str]:
    """A sentence if the results of a room with so many participants would not be ready in time.

    The participants' seeds are shared out among the workers, and each worker compiles the networks once.
    """
    if step.block.run == "none":
        return []
    seeds = math.ceil(participants / workers) if step.block.run == "seed" else step.experiment.training.seeds
    seconds = DurationEstimator().seconds(with_seeds(step.experiment, seeds))
    available = step.block.ask.think + step.block.ask.discuss
    if seconds <= available:
        return []
    who = f"The runs of {counted(participants, 'participant')}" if step.block.run == "seed" else "The run"
    on = f"{workers} workers" if workers > 1 else "one worker"
    return [f"{who} would take {about(seconds)} on {on}, but the room thinks and discusses for {available} seconds."]
