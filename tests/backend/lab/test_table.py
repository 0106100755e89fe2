"""The table for the browser: it is what the methods give, and interpolation stays within a few pixels of them."""

from __future__ import annotations

import base64

import numpy as np
import pytest

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
