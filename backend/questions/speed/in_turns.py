"""How a script times train steps in turns. The scripts contain the source of these functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import Any

import numpy as np

#: Takes a step, and returns its seconds.
Step = Callable[[], float]


def timed(model: Any, batches: Iterator[Any], steps: int = 1) -> Step:
    """A function that takes a train step, as `fit` does, and returns its seconds."""
    model.make_train_function()

    def step() -> float:
        start = perf_counter()
        model.train_function(batches)
        return (perf_counter() - start) / steps

    return step


def compare(steps: Sequence[Step]) -> tuple[float, float, float]:
    """The time of the first step divided by that of the second, and the ends of its interval."""
    for step in [*steps] * 3:  # the first call of each traces its graph
        step()
    rounds = []
    for turn in range(31):
        seconds = [0.0] * len(steps)
        for i in range(len(steps)):  # each round begins with another model
            which = (turn + i) % len(steps)
            steps[which]()
            seconds[which] = steps[which]()
        rounds.append(seconds)
    several, one, *control = np.transpose(rounds)
    # The 8th and the 24th of 31 enclose the true median in 99% of cases. The control is the second network once more.
    ends = [np.sort(several / other)[[7, 23]] for other in (one, *control)]
    return np.median(several / one), np.min(ends), np.max(ends)
