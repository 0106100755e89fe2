"""The measured gradients are those of the visitor's network, and its training is that of Train."""

import numpy as np
import pytest
import tensorflow as tf

from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.lab.gradients import Measurement
from backend.questions.gradients.job import GradientsJob
from backend.worker.build import build, load, transfer_weights
from backend.worker.gradients import gradients
from backend.worker.lab_trainer import gradients_function, gramian_and_counts
from backend.worker.train import weights_after
from backend.worker.trainer.forward import keras_loss
from tests.backend.worker.trainings import ALL_LOSSES, Recorder, experiment, run, same_weights


def measure(setting):
    return gradients(GradientsJob.on(setting), Recorder())


def by_hand(setting, weights, rows=None):
    """The Gramian of the losses over the training sequences, or some of them, by a plain tape on the whole data."""
    architecture = setting.architecture
    model = build(STYLES["functional"].write(architecture))
    load(model, transfer_weights(weights, architecture, setting.styles()[1], STYLES["functional"]))
    data = generate(architecture, setting.sequences, setting.parts)
    size, _ = setting.training.split(len(data.x))
    rows = np.arange(size) if rows is None else rows
    trunk = [v for layer in model.layers if layer.name.startswith(("lstm", "dense")) for v in layer.trainable_variables]
    trunk = trunk[: 3 * len(architecture.lstm) + 2 * len(architecture.dense)]  # hidden layers of heads come later
    jacobian = []
    for i, head in enumerate(architecture.heads):
        with tf.GradientTape() as tape:
            loss = keras_loss(head.loss)(data.y[head.name][rows], model(data.x[rows], training=True)[i])
        found = tape.gradient(loss, [variable.value for variable in trunk])
        jacobian.append(np.concatenate([np.asarray(each).ravel() for each in found]).astype(np.float64))
    return np.stack(jacobian) @ np.stack(jacobian).T


@pytest.mark.slow
@pytest.mark.parametrize(
    "setting",
    [
        experiment(epochs=2, samples=50),
        pytest.param(experiment(ALL_LOSSES, epochs=2, samples=50, learning_rate=0.01), marks=pytest.mark.soak),
    ],
    ids=["two heads", "all losses"],
)
def test_the_gramian_is_that_of_a_plain_tape_over_all_training_sequences(setting):
    found = measure(setting)
    training = setting.training
    weights = {epoch: right for epoch, (_, right) in weights_after(setting, range(training.epochs + 1), Recorder())}
    assert found.epochs() == list(range(training.epochs + 1))
    draws = np.random.default_rng(training.seed)
    for each in found.measurements:
        np.testing.assert_allclose(each.gramian, by_hand(setting, weights[each.epoch]), rtol=2e-4, atol=1e-9)
        order = draws.permutation(training.split(setting.sequences.samples)[0])
        pieces = [order[start : start + training.batch] for start in range(0, len(order), training.batch)]
        assert found.batches == len(pieces) == 3
        gramians = [by_hand(setting, weights[each.epoch], piece) for piece in pieces]
        assert each.conflicting == sum((gramian < 0).astype(int) for gramian in gramians).tolist()
        assert np.unique(each.comparable).tolist() == [len(pieces)]
    assert found.trunk == sum(a.size for name, of in weights[0].items() if name in ("lstm", "dense") for a in of)


@pytest.mark.slow
def test_the_weights_at_the_end_are_those_of_a_training_bit_for_bit():
    setting = experiment(epochs=3)
    *_, (epoch, (left, right)) = weights_after(setting, {3}, Recorder())
    result = run(setting)
    assert epoch == 3
    assert same_weights(left, result.weights["left"])
    assert same_weights(right, result.weights["right"])


def test_a_dead_trunk_has_gradients_of_zero_that_cannot_be_compared():
    architecture = experiment(dense=({"units": 4, "activation": "relu"},)).architecture
    model = build(STYLES["functional"].write(architecture), 0)
    kernel, bias = model.get_layer("dense").get_weights()
    model.get_layer("dense").set_weights([kernel, bias - 100])
    x = np.ones((64, architecture.timesteps, architecture.features), "float32")
    y = [np.ones((64, head.units), "float32") for head in architecture.heads]
    measured = gradients_function(model, [head.loss for head in architecture.heads])
    gramian, (comparable, conflicting) = gramian_and_counts(measured, x, y, np.arange(64), 24)
    assert not gramian.any()
    assert not comparable.any()
    found = Measurement(
        epoch=0, gramian=gramian.tolist(), comparable=comparable.tolist(), conflicting=conflicting.tolist()
    )
    assert (found.cosine((0, 1)), found.similarity((0, 1)), found.conflict_rate((0, 1))) == (None, None, None)
