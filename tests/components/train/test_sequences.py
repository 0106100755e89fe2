"""Four sequences with each task's value where it comes from, and the targets below."""

import numpy as np
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.correlation import correlations
from backend.experiment.dataset import Sequences, generate
from backend.words import short
from components.charts.figure import SerializedFigure
from components.theme import task_hue
from components.train.sample import SHOWN, Sample, cached_sample, chosen
from components.train.sequences import cached_sequences, caption, legend, sequences_figure


def experiment(*heads, noise=(), **changes):
    return Experiment(
        architecture=Architecture(**({"timesteps": 16, "features": 5} | changes), heads=heads),
        sequences=Sequences(samples=64, noise=noise),
    )


def shown(wanted):
    dataset = generate(wanted.architecture, wanted.sequences, wanted.parts)
    return sequences_figure(chosen(dataset, np.arange(SHOWN)), wanted), dataset


def below(figure):
    """The targets below each sequence."""
    axes = [figure.layout[f"xaxis{i or ''}"] for i in ("", 2, 3, 4)]
    return [axis.title.text.split("<br>") for axis in axes]


def marks(figure, axis, hue):
    """What is drawn in a hue on one sequence."""
    return [each for each in figure.data if each.xaxis == axis and hue in (each.line.color, each.marker.color)]


def test_the_title_says_how_many_sequences_and_features_are_shown():
    figure, dataset = shown(experiment(Head.for_task("related_a", name="sum_of_all")))
    assert len(figure.data) == SHOWN * 3
    assert np.array_equal(figure.data[4].y, dataset.x[1, :, 1])
    assert list(figure.data[0].x) == list(range(1, 17))
    assert len({(trace.marker.symbol, trace.line.color) for trace in figure.data[:3]}) == 3
    assert figure.layout.meta == "Four of the 64 sequences, with their targets (3 of 5 features shown)"
    assert figure.layout.height <= 200


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
    wanted = experiment(*heads)
    said = legend(cached_sample(wanted.architecture, wanted.sequences, wanted.parts)[0], wanted.architecture)
    for name in ("feature 1", "feature 3", "level: mean", "trend: slope", "spike: spike"):
        assert name in said
    assert "feature 4" not in said


@pytest.mark.parametrize(("name", "with_name"), [("last", True), ("level", False)])
def test_the_name_of_a_head_is_beside_its_targets_only_if_a_phone_has_room_for_all(name, with_name):
    """On 360 px, a sequence is 77 px wide. "■ last −0.93" has 72 px, and "■ level −0.93" has 78 px."""
    wanted = experiment(Head(name=name))
    sample = Sample(np.zeros((SHOWN, 16, 5)), {name: np.full((SHOWN, 1), -0.93)}, {})
    for (line,) in below(sequences_figure(sample, wanted)):
        assert line.endswith(f"{name} −0.93" if with_name else "</span> −0.93")


def test_a_target_is_a_number_yes_or_no_or_a_class():
    heads = (Head(name="level", label="<i>m</i>"), Head.for_task("spike"), Head.for_task("waveform", units=4))
    figure, dataset = shown(experiment(*heads, noise=(0, 0, 0)))
    waves = ("sine", "triangle", "sawtooth", "square", "pulse")
    for i, (number, spike, wave) in enumerate(below(figure)):
        assert number.endswith(short(float(dataset.y["level"][i, 0])))
        assert "<i>" not in number
        assert spike.endswith("spike yes" if dataset.y["spike"][i, 0] else "spike no")
        assert wave.endswith(f"{dataset.y['waveform'][i].argmax()}: {waves[dataset.factors['waveform'][i]]}")


def test_a_label_that_noise_changed_says_so():
    heads = (Head.for_task("spike"), Head.for_task("waveform", units=3))
    figure, dataset = shown(experiment(*heads, noise=(0.5, 0.5)))
    changed = [int(dataset.y["spike"][i, 0]) != dataset.factors["spike"][i, 0] for i in range(SHOWN)]
    assert any(changed), "a seed for which noise changes one of the four labels"
    assert [lines[0].endswith(", noise") for lines in below(figure)] == changed
    assert "“noise”" in caption(experiment(*heads).architecture)


def test_the_caption_fits_the_tasks():
    assert "standardised" in caption(experiment(Head(name="level")).architecture)
    labels = caption(experiment(Head.for_task("spike")).architecture)
    assert "standardised" not in labels
    everything = caption(experiment(Head.for_task("related_a", label="a_b")).architecture)
    assert r"For a\_b, nothing is marked" in everything
    assert "Marks in the colour" not in everything


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


def test_of_many_tasks_three_are_shown_and_the_others_counted():
    figure, _ = shown(experiment(*(Head(name=f"m{i}") for i in range(8))))
    assert {len(lines) for lines in below(figure)} == {4}
    assert below(figure)[0][-1] == "… 5 more"


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
