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
    correlation_caption,
    correlation_figure,
    correlation_words,
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
        assert number.endswith(f"&lt;i&gt;m&lt;/i&gt; {short(float(dataset.y['mean'][i, 0]), 3)}")
        assert spike.endswith("spike yes" if dataset.y["spike"][i, 0] else "spike no")
        assert wave.endswith(f"class {dataset.y['waveform'][i].argmax()}")


def test_of_many_tasks_three_are_shown_and_the_others_counted():
    figure, _ = shown(experiment(*(Head(name=f"m{i}") for i in range(8))))
    assert {len(lines) for lines in below(figure)} == {4}
    assert below(figure)[0][-1] == "… 5 more"


def test_two_tasks_have_one_measured_correlation():
    heads = (Head.for_task("related_a", label="a_1"), Head.for_task("related_b"))
    table = np.array([[1, -0.256], [-0.256, 1]])
    assert correlation_words(heads, table, 64) == r"Measured correlation of a\_1 and related\_b: **-0.26**"


def test_of_several_tasks_the_most_strongly_correlated_pair_is_named_even_if_negative():
    heads = tuple(Head(name=name) for name in ("a", "b", "c"))
    table = np.array([[1, 0.3, -0.9], [0.3, 1, 0.1], [-0.9, 0.1, 1]])
    assert correlation_words(heads, table, 64).endswith("a and c, measured correlation **-0.90**")
    figure = correlation_figure(heads, table)
    assert np.array_equal(figure.data[0].z, table)
    assert list(figure.layout.xaxis.ticktext) == ["a", "b", "c"]


def test_a_correlation_of_several_units_is_canonical_and_needs_enough_sequences():
    heads = (Head(name="a", units=16), Head(name="b", units=16), Head(name="c"), Head(name="d"))
    two, nan = heads[:2], np.nan
    assert correlation_words(two, np.array([[1, 0.25], [0.25, 1]]), 320) == (
        "Measured canonical correlation of a and b: **0.25**"
    )
    assert correlation_words(two, np.array([[1, nan], [nan, 1]]), 32) == (
        "The canonical correlation of a and b needs 320 sequences (10 for each unit of the two tasks), but there are "
        "only 32."
    )
    three = np.array([[1, nan, nan], [nan, 1, nan], [nan, nan, 1]])
    assert "A canonical correlation needs at least 170 sequences" in correlation_words(heads[:3], three, 32)
    table = np.full((4, 4), nan)
    table[2, 3] = table[3, 2] = -0.5
    assert correlation_words(heads, table, 32) == (
        "Most strongly correlated tasks among the 1 of 6 pairs with enough sequences: c and d, measured correlation "
        "**-0.50**"
    )
    assert "A cell is empty" in correlation_caption(heads, table)
    assert "A cell is empty" not in correlation_caption(heads, np.eye(4))
    assert correlation_caption(heads[2:], np.eye(2)) == ""
    assert "NaN" not in str(SerializedFigure(correlation_figure(heads, table)).to_dict())


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
