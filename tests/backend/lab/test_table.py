"""The table for the browser: it is what the methods give, and interpolation stays within a few pixels of them."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from backend.lab.compass import DEFAULT_METHODS
from backend.lab.table import ANGLES, RATIOS, framed_step, table
from two_heads.weightings import AGGREGATORS


def decoded(key, same_length):
    found = np.frombuffer(base64.b64decode(table(key, same_length=same_length)), "<f2").astype(float)
    return found.reshape(len(ANGLES), len(RATIOS), 2)


@pytest.mark.parametrize("same_length", [False, True])
@pytest.mark.parametrize("key", AGGREGATORS)
def test_the_file_holds_the_steps_of_the_methods(key, same_length):
    """Every fifth situation, so that it takes a second: `python -m backend.lab.table` writes them all again."""
    found = decoded(key, same_length)
    places = [(i, j) for i in range(len(ANGLES)) for j in range(len(RATIOS))][::5]
    for i, j in places:
        exact = framed_step(ANGLES[i], 10 ** RATIOS[j], key, same_length=same_length)
        assert found[i, j] == pytest.approx(exact, abs=2e-3), (ANGLES[i], RATIOS[j])


@pytest.mark.parametrize("key", DEFAULT_METHODS)
def test_between_its_situations_the_table_is_close_to_the_methods(key):
    found = decoded(key, False)
    chance = np.random.default_rng(0)
    errors = []
    for _ in range(100):
        angle, power = chance.uniform(0, 179), chance.uniform(-2, 2)
        i, j = int(np.searchsorted(ANGLES, angle, side="right")) - 1, min(int((power + 2) / 0.1), len(RATIOS) - 2)
        u, v = (angle - ANGLES[i]) / (ANGLES[i + 1] - ANGLES[i]), (power - RATIOS[j]) / 0.1
        low, high = ((1 - v) * found[row, j] + v * found[row, j + 1] for row in (i, i + 1))
        exact = np.array(framed_step(angle, 10**power, key, same_length=False))
        errors.append(np.linalg.norm((1 - u) * low + u * high - exact) / max(1, np.linalg.norm(exact)))
    # In shares of the longest arrow, which has about 300 pixels; the largest are where a method has a kink.
    assert np.quantile(errors, 0.95) < 0.01
    assert max(errors) < 0.05
