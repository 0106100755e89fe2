import numpy as np

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import TASKS


def test_column_j_is_the_last_value_of_feature_j():
    x, factors = generate_sequences(64, 10, 3, seed=1)
    target = TASKS["last"].target(x, factors, 3, np.random.default_rng(0), 0.0)
    np.testing.assert_array_equal(target, x[:, 9])
