"""Question 1 as a worker measures it: Keras's own training, the published σ of UW, and the script's figures."""

import re

import keras
import numpy as np
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.lab.problems.kendall_toy import BATCH, kendall_toy
from backend.questions.lab.scale.evidence import Settings
from backend.questions.lab.scale.measurement import data
from backend.questions.lab.scale.script import TOY, code
from backend.worker.build import build, weights_of
from backend.worker.lab_questions.runs import Runs
from backend.worker.lab_questions.scale import measure
from backend.worker.trainer.forward import Forward
from tests.builders.fresh_python import printed

pytestmark = pytest.mark.slow

TINY = Experiment(
    architecture=Architecture(
        timesteps=3, lstm=(3,), dense=(), heads=(Head.for_task("spike", units=2), Head(name="level"))
    ),
    sequences=Sequences(samples=40, seed=3),
    training=Training(batch=16, seed=5),
)


def losses(evidence, arm):
    (found,) = [each for each in evidence.arms if each.key == arm]
    return np.array(found.losses)


def test_the_toy_is_trained_as_keras_does_and_the_script_prints_the_same():
    settings = Settings(epochs=2).model_copy(update={"seeds": 1})  # fewer than a visitor can choose
    evidence = measure(settings)
    for arm, head, weights in (("sum", slice(None), [1.0, 1.0]), ("alone", 1, [0.0, 1.0])):
        model = build(TOY, 0)
        model.compile(
            optimizer=keras.optimizers.SGD(0.05), loss=["mse", "mse"], loss_weights=weights, jit_compile=False
        )
        x, y = kendall_toy(0)
        draws = np.random.default_rng(0)
        for _ in range(2):
            order = draws.permutation(len(x))
            model.fit(x[order], [y[order, :1], y[order, 1:]], batch_size=BATCH, shuffle=False, verbose=0)
        # Not `evaluate`, which averages the head losses over batches, the small last one like the others.
        expected = np.mean((np.concatenate(model.predict(x, verbose=0), axis=1) - y) ** 2, axis=0)
        np.testing.assert_allclose(losses(evidence, arm)[0][head], expected[head], rtol=1e-4)

    numbers = {
        line.split(":")[0]: [float(each) for each in re.findall(r" \w+ ([\d.e+-]+)", line.partition(":")[2])]
        for line in printed(code(settings)).splitlines()
    }
    alone = losses(evidence, "alone")
    assert numbers["alone"] == pytest.approx(np.median(alone, axis=0), rel=1e-3)
    for arm, title in (("sum", "Sum"), ("uw", "UW"), ("gradnorm", "GradNorm")):
        ratios = np.median(losses(evidence, arm) / alone, axis=0)
        assert numbers[f"{title} ÷ alone"] == pytest.approx(ratios, rel=1e-3)
    assert numbers["σ of UW"] == pytest.approx(np.median(evidence.sigmas, axis=0), rel=1e-3)


@pytest.mark.soak
def test_uw_learns_the_published_standard_deviations():
    """8.648 and 0.9255 in the authors' notebook, whose data is that of seed 0."""

    def start(seed):
        return weights_of(build(TOY, seed))

    runs = Runs(Forward(build(TOY, 0), (1,), (1, 1), ("mse", "mse")), start, "adam", BATCH, lambda: None, "uw")
    runs.begin(*data("uw", 0), seed=0, rate=1e-3)
    runs.train(2_000)
    assert np.exp(runs.state()["log_variances"] / 2) == pytest.approx([8.645, 0.923], rel=0.02)
