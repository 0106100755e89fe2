import numpy as np

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import TASKS


def test_column_j_is_the_average_of_feature_j():
    x, factors = generate_sequences(64, 10, 3, seed=1)
    target = TASKS["level"].target(x, factors, 2, np.random.default_rng(0), 0.0)
    np.testing.assert_allclose(target, x.mean(axis=1)[:, :2], rtol=1e-6)
