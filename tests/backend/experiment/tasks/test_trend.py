import numpy as np
import pytest

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import TASKS


@pytest.mark.parametrize("timesteps", [2, 10, 33])
def test_column_j_is_the_slope_that_polyfit_finds_on_feature_j(timesteps):
    x, factors = generate_sequences(32, timesteps, 3, seed=1)
    target = TASKS["trend"].target(x, factors, 2, np.random.default_rng(0), 0.0)
    for j in range(2):
        slopes = np.polyfit(np.arange(timesteps), x[:, :, j].T, 1)[0]
        np.testing.assert_allclose(target[:, j], slopes, rtol=1e-4, atol=1e-6)
