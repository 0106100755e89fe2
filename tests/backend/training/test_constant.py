"""The least loss of constant outputs: no constant has less, and the best one has as much. Baselines."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import Sequences, generate
from backend.experiment.losses import LOSSES
from backend.experiment.sources import WEATHER
from backend.experiment.tasks import tasks_of
from backend.experiment.training import Training
from backend.training.constant import baselines
from tests.builders.strategies import experiments


def targets(setting, name):
    """The targets of a head: of the training sequences, and of those on which its losses are compared."""
    train, validating = setting.training.split(setting.sequences.samples)
    y = generate(setting.architecture, setting.sequences, setting.parts).y[name].astype(np.float64)
    return y[:train], y[train : train + validating] if validating else y[:train]


def with_validation(setting, share):
    return setting.model_copy(update={"training": setting.training.model_copy(update={"validation": share})})


@pytest.mark.slow
@settings(max_examples=20)
@given(experiments(small=True), st.data())
def test_no_constant_outputs_have_a_lower_loss(setting, data):
    found = {head: each.least for head, each in baselines(setting).items()}
    for head in setting.architecture.heads:
        _, y = targets(setting, head.name)
        low, high = (0.0, 1.0) if "crossentropy" in head.loss else (float(y.min()), float(y.max()))
        outputs = np.array([data.draw(st.floats(low, high)) for _ in range(head.units)])
        if head.loss == "categorical_crossentropy":
            outputs = outputs / max(outputs.sum(), 1e-7)
        assert LOSSES[head.loss].of(y, outputs) >= found[head.name] * (1 - 1e-6) - 1e-6
        # Each unit's best constant is near this one, or has the same loss.
        fine = np.linspace(low, high, 401)
        if head.loss != "categorical_crossentropy" and head.spec.guess is None:
            of = LOSSES[head.loss].of
            least = np.mean([min(of(y[:, [i]], np.array([value])) for value in fine) for i in range(head.units)])
            assert least == pytest.approx(found[head.name], rel=0.02, abs=0.01)


@pytest.mark.slow
@settings(max_examples=20)
@given(experiments(small=True))
def test_the_constants_are_those_of_the_training_sequences(setting):
    """As a network that outputs constants learns them: not those that happen to fit a few validation sequences."""
    setting = with_validation(setting, 0.2)
    found = baselines(setting)
    for head in setting.architecture.heads:
        known, unseen = targets(setting, head.name)
        if head.loss == "huber":  # several constants may be the best, as between the two middle ones of an even number
            of, outputs = LOSSES["huber"].of, LOSSES["huber"].best(known)
            for y, value in zip(known.T, outputs, strict=True):
                least = min(of(y[:, None], np.array([each])) for each in np.linspace(y.min(), y.max(), 2001))
                assert of(y[:, None], np.array([value])) <= least * (1 + 1e-6) + 1e-6
        else:
            outputs = np.median(known, axis=0) if head.loss == "mae" else known.mean(axis=0)
        expected = pytest.approx(LOSSES[head.loss].of(unseen, outputs), rel=0.01, abs=0.001)
        assert found[head.name].loss == expected or (head.spec.guess and found[head.name].loss <= expected.expected)


def test_the_baseline_of_a_recording_is_the_better_of_two_predictions_without_a_network():
    rows = list(csv.DictReader(WEATHER.file.open()))
    setting = Experiment(
        architecture=Architecture(features=10, heads=tuple(Head.for_task(task) for task in tasks_of(WEATHER))),
        sequences=Sequences(samples=100, scale=(2.0,)),
        training=Training(validation=0.1),
    )
    # 90 windows of 10 days train, then 10 validate: the last 20 days, of which the last 10 are predicted.
    train, validate = rows[-120:-20], rows[-10:]
    days = [float(row["temp_max"]) for row in train]
    spread = np.std(days)
    highest = [float(row["temp_max"]) for row in rows[-11:]]
    changes = np.diff(highest)
    found = baselines(setting)
    as_today = np.mean((2 * changes / spread) ** 2)
    assert (found["temp_max"].loss, found["temp_max"].words) == (
        pytest.approx(as_today, rel=1e-5),
        "tomorrow as today",
    )
    often = np.mean([float(row["precipitation"]) > 0 for row in train[10:]])
    rained = [often if float(row["precipitation"]) > 0 else 1 - often for row in validate]
    assert found["rain"].loss == pytest.approx(-np.mean(np.log(rained)), rel=1e-5)
    assert found["rain"].words == "class frequencies"
    types = [row["weather"] for row in train[10:]]
    shares = [max(types.count(row["weather"]) / 90, 1e-7) for row in validate]
    assert found["weather"].loss == pytest.approx(-np.mean(np.log(shares)), rel=1e-5)
    assert found["weather"].words == "class frequencies"
    constant = LOSSES["mse"].best(2 * np.array(highest[1:])[:, None] / spread)
    least = LOSSES["mse"].of(2 * np.array(highest[1:])[:, None] / spread, constant)
    assert found["temp_max"].least == pytest.approx(min(as_today, least), rel=1e-5)
