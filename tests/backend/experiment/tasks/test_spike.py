import numpy as np

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import TASKS


def test_the_target_is_1_exactly_where_the_sequence_has_a_spike():
    x, factors = generate_sequences(300, 20, 2, seed=1)
    target = TASKS["spike"].target(x, factors, 2, np.random.default_rng(0), 0.0)
    assert set(np.unique(target)) == {0.0, 1.0}
    assert 0.4 < target.mean() < 0.6
    # the wave alone stays within ±1.25 × 1.5 of its line; a spike of 3 lies outside, on sequences that are nearly level
    level = np.abs(factors["slope"]) < 0.25
    above = x.max(axis=1) - factors["offset"]
    assert above[level & (target == 0)].max() < 2.1
    smooth = factors["waveform"][:, None] < 2
    assert above[level & smooth & (target == 1)].min() > 1.6
    lone = np.take_along_axis(x, factors["spike_at"][:, None, :], axis=1)[:, 0]
    assert (lone - x.mean(axis=1))[target == 1].mean() > (lone - x.mean(axis=1))[target == 0].mean() + 2.5
