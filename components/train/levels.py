"""The baselines of a recording as level lines in the curves: what a prediction without a network costs."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.sides import side_keys, side_titles
from backend.training.constant import baselines
from backend.training.loss_ratio import shares_of_sides
from components.theme import side_colours

#: (name, loss, colour) of each line, as the curves take it.
Lines = tuple[tuple[str, float, str], ...]


def of_task(experiment: Experiment, head: str) -> Lines:
    """The baseline of a head; none for generated sequences."""
    if not experiment.architecture.source.recorded:
        return ()
    baseline = baselines(experiment)[head]
    return ((f"baseline, {baseline.words}", baseline.loss, ""),)


def of_total(experiment: Experiment) -> Lines:
    """The total loss of all baselines; one line if both sides form their totals in the same way."""
    if not experiment.architecture.source.recorded:
        return ()
    losses = [each.loss for each in baselines(experiment).values()]
    totals = [
        sum(share * loss for share, loss in zip(shares, losses, strict=True)) for shares in shares_of_sides(experiment)
    ]
    if totals[0] == totals[1]:
        return (("both sides, baseline", totals[0], ""),)
    sides = side_keys(experiment)
    return tuple(
        (f"{title}, baseline", total, colour)
        for title, total, colour in zip(side_titles(*sides), totals, side_colours(sides), strict=True)
    )
