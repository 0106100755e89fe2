"""What holds for every task."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment.dataset import generate_sequences
from backend.experiment.sources import SYNTHETIC
from backend.experiment.tasks import TASKS, tasks_of
from backend.experiment.tasks.base import OUTPUTS


@pytest.mark.parametrize("name", TASKS)
def test_a_task_has_a_title_and_a_description(name):
    task = TASKS[name]
    assert task.name == name
    assert task.kind in OUTPUTS
    assert task.title
    assert task.description.endswith((".", "?"))


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


@pytest.mark.parametrize("name", tasks_of(SYNTHETIC))
def test_a_task_does_not_change_the_sequences(name):
    x, factors = generate_sequences(40, 10, 2, seed=3)
    before = x.copy(), {key: values.copy() for key, values in factors.items()}
    TASKS[name].target(x, factors, TASKS[name].units[0], np.random.default_rng(0), 0.5)
    np.testing.assert_array_equal(x, before[0])
    for key, values in factors.items():
        np.testing.assert_array_equal(values, before[1][key])
