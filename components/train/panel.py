"""The run on the Train page: controls and outcome, each redrawn while there is something new of it."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.services import services
from components.live.polling import poll_while
from components.train import controls, outcome
from components.train.run import earlier, pending, training, watched


def show(experiment: Experiment) -> None:
    """Draw the line that who waits looks at, the curves that grow, and at last the weights: each alone."""
    poll_while(lambda: controls.show(experiment, watched()), pending, at_end=_learn, others=_stands)
    poll_while(lambda: outcome.show(experiment, watched()), training)
    outcome.weights(watched())


def _stands() -> tuple[object, ...]:
    """Which run is shown, how it stands, and beside which earlier one."""
    now, before = watched(), earlier()
    return now and (now.name, now.view.state), before and before.name


def _learn() -> None:
    """What the run took tells how long the next one will."""
    now = watched()
    if now is not None and now.run is not None and not now.known_since:
        services().durations.learn(now.experiment, now.run.timings)
