"""Four sequences with each task's value where it comes from, and the targets below."""

import numpy as np
import pytest

from backend.experiment.architecture import Head
from backend.experiment.correlation import correlations
from backend.experiment.dataset import Sequences
from components.charts.figure import SerializedFigure
from components.theme import task_hue
from components.train.sample import cached_sample
from components.train.sequences import cached_sequences
from tests.builders.sequences import experiment, shown


def marks(figure, axis, hue):
    """What is drawn in a hue on one sequence."""
    return [each for each in figure.data if each.xaxis == axis and hue in (each.line.color, each.marker.color)]


def test_a_value_is_drawn_where_it_comes_from():
    heads = (Head(name="level"), Head.for_task("trend"), Head.for_task("spike", units=2))
    figure, dataset = shown(experiment(*heads))
    x, factors = dataset.x, dataset.factors
    for i, axis in enumerate(("x", "x2", "x3", "x4")):
        (level,) = marks(figure, axis, task_hue(0))
        assert level.y == pytest.approx([x[i, :, 0].mean()] * 2)
        (line,) = marks(figure, axis, task_hue(1))
        slope, start = np.polyfit(np.arange(1, 17), x[i, :, 0], 1)
        assert line.y == pytest.approx([start + slope, start + 16 * slope], rel=1e-4, abs=1e-5)
        rings = marks(figure, axis, task_hue(2))
        assert [(ring.x[0], ring.y[0]) for ring in rings] == [
            (at + 1, pytest.approx(x[i, at, j]))
            for j, at in enumerate(factors["spike_at"][i, :2])
            if factors["spike"][i, j]
        ]
    named = [trace.name for trace in figure.data if trace.showlegend]
    assert named == ["feature 1", "feature 2", "feature 3", "level: mean", "trend: slope", "spike: spike"]


@pytest.mark.parametrize("units", [1, 16])
def test_the_smallest_and_the_widest_input_are_drawn(units):
    small = experiment(Head(name="level"), Head.for_task("last"), timesteps=1, features=1)
    wide = experiment(
        Head.for_task("last", units=units), Head.for_task("frequency", units=units), Head.for_task("related_b"),
        timesteps=6, features=16,
    )  # fmt: skip
    for wanted in (small, wide):
        figure, _ = shown(wanted)
        assert {"x", "x4"} <= {trace.xaxis for trace in figure.data}
        assert all(len(trace.x) == len(trace.y) for trace in figure.data)
    cycles = marks(figure, "x", task_hue(1))
    assert len(cycles) == min(units, 3), "only features that are shown"
    assert all(min(cycle.x) >= 0.5 and max(cycle.x) <= 6.5 for cycle in cycles)


@pytest.mark.parametrize("relatedness", [-1.0, 0.0, 0.8])
def test_the_cached_figure_is_the_drawn_one_and_the_correlations_use_all_sequences(relatedness):
    heads = (Head.for_task("related_a"), Head.for_task("related_b"))
    wanted = experiment(*heads).model_copy(update={"sequences": Sequences(samples=64, relatedness=relatedness)})
    expected, dataset = shown(wanted)
    assert (
        cached_sequences(wanted.architecture, wanted.sequences, wanted.parts).to_dict()["data"]
        == SerializedFigure(expected).to_dict()["data"]
    )
    *_, table = cached_sample(wanted.architecture, wanted.sequences, wanted.parts)
    assert np.array_equal(table, correlations(dataset.y))
