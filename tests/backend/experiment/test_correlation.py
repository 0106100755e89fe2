"""The correlation of two heads' targets, for any numbers of units."""

import numpy as np
import pytest

from backend.experiment.correlation import correlations


def test_the_units_that_are_most_strongly_correlated_count_with_the_sign_of_pearson():
    rng = np.random.default_rng(0)
    one, noise = rng.normal(size=(100, 1)), rng.normal(size=(100, 1))
    other = one + rng.normal(size=(100, 1))
    found = correlations({"one": one, "two": np.hstack([noise, other]), "down": -one, "constant": one * 0})
    assert found[0, 1] == pytest.approx(np.corrcoef(one[:, 0], other[:, 0])[0, 1], abs=1e-6)
    assert found[0, 2] == pytest.approx(-1.0)
    assert not found[3, :3].any()
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_array_equal(np.diag(found), 1.0)
