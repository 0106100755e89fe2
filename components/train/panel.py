"""The run on the Train page: controls, curves and weights, each redrawn while it has something new to show."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.services import services
from components.live.polling import poll_while
from components.train import controls, outcome
from components.train.run import current_run, earlier, pending, training


def show(experiment: Experiment) -> None:
    """Draw controls, curves and weights, each redrawn by itself: a waiting visitor polls only the controls."""
    poll_while(lambda: controls.show(experiment, current_run()), pending, at_end=_learn_duration, others=_shown)
    poll_while(lambda: outcome.show(experiment, current_run()), training)
    outcome.weights(current_run())


def _shown() -> tuple[object, ...]:
    """Which run is shown, in which state, and which earlier run beside it."""
    now, before = current_run(), earlier()
    return now and (now.name, now.view.state), before and before.name


def _learn_duration() -> None:
    """The duration of the run improves the estimate for the next."""
    now = current_run()
    if now is not None and now.run is not None and not now.known_since:
        services().durations.learn(now.experiment, now.run.timings)
