"""The estimated duration of a run grows with the work and follows measurements."""

from itertools import pairwise

import pytest
from hypothesis import given

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.training.duration import DurationEstimator, is_xla_program
from backend.training.result import Timings
from tests.builders.strategies import experiments


def experiment(architecture=None, samples=1280, **training):
    return Experiment.model_validate(
        {"architecture": architecture or {}, "sequences": {"samples": samples}, "training": training}
    )


def step(setting, estimator=None):
    """Seconds a step, read off the estimate of one epoch more."""
    estimator = estimator or DurationEstimator()
    training = setting.training
    longer = setting.model_copy(update={"training": training.model_copy(update={"epochs": training.epochs + 1})})
    steps = training.seeds * -(-training.split(setting.sequences.samples)[0] // training.batch)
    return (estimator.seconds(longer) - estimator.seconds(setting)) / steps


def measured(seconds, steps=100_000, first=0.0, traced=0, start=0.0):
    """Timings of a run whose steps took so many seconds each, the first ones `first` more, and its start `start`."""
    train = seconds * steps + first
    return Timings(build=start / 2, trace=start / 2, train=train, step=seconds, steps=steps, traced=traced)


@given(experiments())
def test_the_estimate_is_positive_and_grows_with_the_work(setting):
    before = DurationEstimator().seconds(setting)
    assert 0 < before < 1e7
    training = setting.training
    deeper = setting.architecture.model_copy(update={"lstm": (*setting.architecture.lstm, 256)})
    for larger in (
        setting.model_copy(update={"training": training.model_copy(update={"epochs": training.epochs + 1})}),
        setting.model_copy(update={"training": training.model_copy(update={"seeds": training.seeds + 1})}),
        setting.model_copy(update={"architecture": deeper}),
    ):
        if is_xla_program(larger) != is_xla_program(setting):  # more work may end sooner as an XLA program
            assert is_xla_program(larger)
        elif larger.architecture.unroll == setting.architecture.unroll:  # what is not unrolled is traced sooner
            assert DurationEstimator().seconds(larger) > before


@pytest.fixture
def estimator():
    return DurationEstimator()


def test_the_estimate_follows_measured_runs(estimator):
    setting = experiment(samples=64, validation=0)
    first = step(setting, estimator)
    target = 3 * first
    errors = []
    for _ in range(20):
        estimator.learn(setting, measured(target))
        errors.append(abs(step(setting, estimator) - target))
    assert all(later < earlier for earlier, later in pairwise(errors))
    assert step(setting, estimator) == pytest.approx(target, rel=0.01)
    wide = experiment(Architecture(lstm=(64,)), samples=64, validation=0)
    assert step(wide, estimator) > step(setting, estimator), "what one architecture taught holds for the others"
