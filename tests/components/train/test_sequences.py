"""Four sequences with their targets, and the correlations in words."""

import numpy as np
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.correlation import correlations
from backend.experiment.dataset import Sequences, generate
from backend.words import short
from components.charts.figure import SerializedFigure
from components.train.sequences import (
    SHOWN,
    cached_sequences,
    sample,
    sequences_figure,
)


def experiment(*heads, **changes):
    return Experiment(
        architecture=Architecture(**({"timesteps": 16, "features": 5} | changes), heads=heads),
        sequences=Sequences(samples=64),
    )


def shown(wanted):
    dataset = generate(wanted.architecture, wanted.sequences)
    return sequences_figure(dataset.x[:SHOWN], dataset.y, wanted), dataset


def below(figure):
    """The targets below each sequence."""
    axes = [figure.layout[f"xaxis{i or ''}"] for i in ("", 2, 3, 4)]
    return [axis.title.text.split("<br>") for axis in axes]


def test_the_title_says_how_many_sequences_and_features_are_shown():
    figure, dataset = shown(experiment(Head(name="mean")))
    assert len(figure.data) == SHOWN * 3
    assert np.array_equal(figure.data[4].y, dataset.x[1, :, 1])
    assert list(figure.data[0].x) == list(range(1, 17))
    assert figure.layout.meta.startswith("Four of the 64 sequences, with their targets")
    assert figure.layout.meta.endswith("(3 of 5 features shown)")


def test_a_target_is_a_number_yes_or_no_or_a_class():
    heads = (
        Head(name="mean", label="<i>m</i>"),
        Head.for_task("spike"),
        Head.for_task("waveform", units=4),
    )
    figure, dataset = shown(experiment(*heads))
    for i, (number, spike, wave) in enumerate(below(figure)):
        assert number.endswith(f"&lt;i&gt;m&lt;/i&gt; {short(float(dataset.y['mean'][i, 0]))}")
        assert spike.endswith("spike yes" if dataset.y["spike"][i, 0] else "spike no")
        assert wave.endswith(f"class {dataset.y['waveform'][i].argmax()}")


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
        cached_sequences(wanted.architecture, wanted.sequences).to_dict()["data"]
        == SerializedFigure(expected).to_dict()["data"]
    )
    *_, table = sample(wanted.architecture, wanted.sequences)
    assert np.array_equal(table, correlations(dataset.y))
