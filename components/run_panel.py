"""The run on the Train page: controls and outcome, redrawn while a job runs."""

from __future__ import annotations

from backend import estimate
from backend.experiment import Experiment
from components import run_controls, run_outcome
from components.watch import live
from components.watched import pending, watched


def show(experiment: Experiment) -> None:
    """Draw the panel as a fragment, with a clock only while there is something to wait for."""

    def draw() -> None:
        now = watched()
        run_controls.show(experiment, now)
        run_outcome.show(experiment, now)

    live(draw, pending, at_end=_learn)


def _learn() -> None:
    """What the run took tells how long the next one will."""
    now = watched()
    if now is not None and now.run is not None and not now.known_since:
        estimate.learn(now.experiment, now.run.timings)
