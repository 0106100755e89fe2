from itertools import pairwise

import numpy as np
import pytest

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import TASKS


@pytest.mark.parametrize("units", [2, 3, 4, 5])
def test_rows_are_one_hot_and_every_class_occurs(units):
    x, factors = generate_sequences(500, 10, 2, seed=1)
    target = TASKS["waveform"].target(x, factors, units, np.random.default_rng(0), 0.0)
    np.testing.assert_array_equal(target.sum(axis=1), 1)
    assert set(np.unique(target)) == {0.0, 1.0}
    assert target.mean(axis=0).min() > 0.1
    for shape in range(5):  # one shape, one class
        assert len(np.unique(target[factors["waveform"] == shape].argmax(axis=1))) == 1


def test_more_classes_split_the_classes_of_fewer():
    x, factors = generate_sequences(500, 10, 2, seed=1)
    labels = [
        TASKS["waveform"].target(x, factors, units, np.random.default_rng(0), 0.0).argmax(axis=1)
        for units in (2, 3, 4, 5)
    ]
    for coarse, fine in pairwise(labels):
        for label in np.unique(fine):
            assert len(np.unique(coarse[fine == label])) == 1


def test_a_square_has_two_levels_and_a_sine_has_many():
    x, factors = generate_sequences(500, 40, 1, seed=1)
    line = factors["offset"][:, None, :] + factors["slope"][:, None, :] * (np.arange(40)[None, :, None] / 40 - 0.5)
    wave = np.round((x - line) / factors["amplitude"][:, None, :], 3)[factors["spike"][:, 0] == 0]
    shape = factors["waveform"][factors["spike"][:, 0] == 0]
    levels = np.array([len(np.unique(row)) for row in wave])
    assert levels[np.isin(shape, (3, 4))].max() == 2
    assert levels[np.isin(shape, (0, 1, 2))].min() > 10
