"""The run on the Train page: controls and outcome, each redrawn while there is something new of it."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.training import duration
from components import run_controls, run_outcome
from components.live.polling import live
from components.watched import earlier, pending, training, watched


def show(experiment: Experiment) -> None:
    """Draw the line that who waits looks at, the curves that grow, and at last the weights: each alone."""
    live(lambda: run_controls.show(experiment, watched()), pending, at_end=_learn, others=_stands)
    live(lambda: run_outcome.show(experiment, watched()), training)
    run_outcome.weights(watched())


def _stands() -> tuple[object, ...]:
    """Which run is shown, how it stands, and beside which earlier one."""
    now, before = watched(), earlier()
    return now and (now.name, now.view.state), before and before.name


def _learn() -> None:
    """What the run took tells how long the next one will."""
    now = watched()
    if now is not None and now.run is not None and not now.known_since:
        duration.learn(now.experiment, now.run.timings)
