import numpy as np
import pytest

from backend.experiment.tasks import TASKS


def test_targets_follow_the_formula_of_the_paper():
    """On independent values, where u₂ is only turned by chance, each y is z + Σ sin(αz + β) of one projection z."""
    x = np.random.default_rng(0).normal(size=(4000, 4, 3)).astype(np.float32)
    y = TASKS["related_b"].target(x, {}, 1, np.random.default_rng(5), 0.6)[:, 0]
    z = np.linspace(-6, 6, 20001)
    curve = z + np.sin(0.25 * z) + np.sin(0.5 * z + 0.5) + np.sin(z + 1.0)
    assert np.diff(curve).min() > 0  # so that z can be read back from y
    weights, *_ = np.linalg.lstsq(x.reshape(4000, -1) - x.reshape(4000, -1).mean(axis=0), np.interp(y, curve, z))
    assert np.linalg.norm(weights) == pytest.approx(1.0, abs=1e-4)
    u1 = np.random.default_rng(5).normal(size=(1, 2, 12))[0, 0]
    assert weights @ u1 / np.linalg.norm(u1) == pytest.approx(0.6, abs=1e-4)
