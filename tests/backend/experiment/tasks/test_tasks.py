"""What holds for every task."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment.dataset import generate_sequences
from backend.experiment.sources import SYNTHETIC
from backend.experiment.tasks import TASKS, tasks_of


@settings(max_examples=40, deadline=None)
@given(data=st.data(), name=st.sampled_from(tasks_of(SYNTHETIC)), seed=st.integers(0, 2**31 - 1))
def test_targets_are_finite_and_have_the_right_shape_from_the_smallest_input_on(data, name, seed):
    task = TASKS[name]
    units = data.draw(st.integers(*task.units))
    steps, features = task.smallest_input(units)
    timesteps, features = data.draw(st.integers(steps, 20)), data.draw(st.integers(features, 16))
    samples = data.draw(st.integers(32, 80))
    relatedness = data.draw(st.floats(-1, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x, factors = generate_sequences(samples, timesteps, features, seed)
        target = task.target(x, factors, units, np.random.default_rng(seed), relatedness)
    assert target.shape == (samples, units)
    assert target.dtype == np.float32
    assert np.isfinite(target).all()
    if task.kind != "regression":
        assert np.isin(target, (0.0, 1.0)).all()


EXACT = {
    "level": lambda x: x.mean(axis=1),
    "last": lambda x: x[:, -1],
    "trend": lambda x: np.stack([np.polyfit(np.arange(x.shape[1]), each.T, 1)[0] for each in x.transpose(2, 0, 1)], 1),
}


@pytest.mark.parametrize("timesteps", [2, 10, 33])
@pytest.mark.parametrize("name", EXACT)
def test_column_j_is_this_number_of_feature_j(name, timesteps):
    x, factors = generate_sequences(32, timesteps, 3, seed=1)
    target = TASKS[name].target(x, factors, 2, np.random.default_rng(0), 0.0)
    np.testing.assert_allclose(target, EXACT[name](x)[:, :2], rtol=1e-4, atol=1e-6)
