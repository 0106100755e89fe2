"""The loss of the best constant outputs: no constant has less, and the best one has as much."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment.dataset import generate
from backend.experiment.losses import LOSSES
from backend.training.constant import constant_losses
from tests.strategies import experiments


def targets(setting, name):
    """The targets of a head: of the training sequences, and of those on which its losses are compared."""
    train, validating = setting.training.split(setting.sequences.samples)
    y = generate(setting.architecture, setting.sequences, setting.parts).y[name].astype(np.float64)
    return y[:train], y[train : train + validating] if validating else y[:train]


def with_validation(setting, share):
    return setting.model_copy(update={"training": setting.training.model_copy(update={"validation": share})})


@settings(max_examples=20)
@given(experiments(small=True), st.data())
def test_no_constant_outputs_have_a_lower_loss(setting, data):
    setting = with_validation(setting, 0)
    found = constant_losses(setting)
    for head in setting.architecture.heads:
        y, _ = targets(setting, head.name)
        low, high = (0.0, 1.0) if "crossentropy" in head.loss else (float(y.min()), float(y.max()))
        outputs = np.array([data.draw(st.floats(low, high)) for _ in range(head.units)])
        if head.loss == "categorical_crossentropy":
            outputs = outputs / max(outputs.sum(), 1e-7)
        assert LOSSES[head.loss].of(y, outputs) >= found[head.name] * (1 - 1e-6) - 1e-6
        # Each unit's best constant is near this one, or has the same loss.
        fine = np.linspace(low, high, 401)
        if head.loss != "categorical_crossentropy":
            of = LOSSES[head.loss].of
            least = np.mean([min(of(y[:, [i]], np.array([value])) for value in fine) for i in range(head.units)])
            assert least == pytest.approx(found[head.name], rel=0.02, abs=0.01)


@settings(max_examples=20)
@given(experiments(small=True))
def test_the_constants_are_those_of_the_training_sequences(setting):
    """As a network that outputs constants learns them: not those that happen to fit a few validation sequences."""
    setting = with_validation(setting, 0.2)
    found = constant_losses(setting)
    for head in setting.architecture.heads:
        known, unseen = targets(setting, head.name)
        if head.loss == "huber":
            fine, of = np.linspace(known.min(), known.max(), 2001), LOSSES["huber"].of
            outputs = np.array([min(fine, key=lambda v, y=y: of(y[:, None], np.array([v]))) for y in known.T])
        else:
            outputs = np.median(known, axis=0) if head.loss == "mae" else known.mean(axis=0)
        assert found[head.name] == pytest.approx(LOSSES[head.loss].of(unseen, outputs), rel=0.01, abs=0.001)
