"""What a step costs with each method that combines head losses, as a multiple of a step with the plain sum.

Both styles of the thread's network have several outputs here, so that both train with the method. Everything is
measured in one process, each method in turns with the sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.training import EXPERIMENT, Process
from two_heads.weightings import AGGREGATORS, METHODS, SCALARIZERS

ROUNDS = 3


def measure() -> Iterator[tuple[str, float]]:
    """Seconds of a step ÷ those with the sum, by method: the median of the ratios within the rounds."""
    summed = EXPERIMENT.model_copy(
        update={
            "left": "functional",
            "right": "subclassing",
            "training": EXPERIMENT.training.model_copy(update={"epochs": 5}),
        }
    )
    costs: dict[str, float] = {}
    with Process("first") as process:
        for key in METHODS:
            setting = summed.model_copy(update={"training": summed.training.model_copy(update={"combine": key})})
            for each in (summed, setting):  # the first run traces
                process.measure(each)
            rounds = [process.measure(setting)["first"] / process.measure(summed)["first"] for _ in range(ROUNDS)]
            costs[key] = median(rounds)
            yield f"step_cost_{key}", costs[key]
    for kind, methods in (("scalarizers", SCALARIZERS), ("aggregators", AGGREGATORS)):
        yield f"step_cost_{kind}_least", min(costs[key] for key in methods if key in costs)
        yield f"step_cost_{kind}_most", max(costs[key] for key in methods if key in costs)
