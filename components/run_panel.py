"""The run on the Train page: controls and outcome, redrawn while a job runs."""

from __future__ import annotations

from backend import estimate
from backend.experiment import Experiment
from components import run_controls, run_outcome
from components.watched import RUNS, watched


def show(experiment: Experiment) -> None:
    """Draw the panel, again and again while a job runs."""

    def draw() -> None:
        now = watched()
        run_controls.show(experiment, now)
        run_outcome.show(experiment, now)

    def ended() -> None:
        now = watched()
        if now is not None and now.run is not None:
            estimate.learn(now.experiment, now.run.timings)

    RUNS.live(draw, ended)
