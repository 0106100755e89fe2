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
