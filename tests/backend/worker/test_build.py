"""Models that Keras builds from a style's source agree with the arithmetic, and weights move between styles."""

from itertools import permutations

import keras
import numpy as np
import pytest
from hypothesis import given, settings

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.experiment.styles.transfer import transfer_source
from backend.network.parameters import layers, parameters
from backend.worker.build import build, load, transfer_weights, weights_of
from tests.backend.worker.trainings import same_weights
from tests.builders.outputs import by_head
from tests.builders.strategies import architectures

pytestmark = pytest.mark.slow


def able(architecture):
    return [style for style in STYLES.values() if not style.unsupported_reason(architecture)]


@settings(max_examples=settings.default.max_examples // 5)
@given(architecture=architectures(small=True))
def test_models_have_the_layers_of_the_arithmetic_and_equal_outputs_with_transferred_weights(architecture):
    """One test, because it takes most of the time to build the models."""
    # Every model has weights of its own, so that a transfer that does nothing is noticed.
    models = {style: build(style.write(architecture), seed=seed) for seed, style in enumerate(able(architecture))}
    for style, model in models.items():
        has_the_layers_of_the_arithmetic(model, architecture, style)
    own = {style: weights_of(model) for style, model in models.items()}
    for one, other in permutations(models, 2):
        the_shown_lines_transfer_the_weights(models, own, architecture, one, other)

    x = np.random.default_rng(0).normal(size=(5, architecture.timesteps, architecture.features)).astype("float32")
    first, *others = models
    load(models[first], own[first])
    expected = by_head(models[first](x), architecture, first)
    for style in others:
        load(models[style], transfer_weights(own[first], architecture, first, style))
        outputs = by_head(models[style](x), architecture, style)
        for head in architecture.heads:
            assert outputs[head.name].shape == (5, head.units)
            np.testing.assert_allclose(outputs[head.name], expected[head.name], rtol=1e-5, atol=1e-6)


def has_the_layers_of_the_arithmetic(model, architecture, style):
    rows = [row for row in layers(architecture, style) if row.kind != "Input"]
    made = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    # Keras lists Functional layers by depth, the arithmetic head by head: the same ones either way.
    assert {layer.name: type(layer).__name__ for layer in made} == {row.name: row.kind for row in rows}
    assert {layer.name: layer.count_params() for layer in made} == {row.name: row.parameters for row in rows}
    if style.key != "subclassing":  # its layers keep no outputs; those of the model are compared
        assert {layer.name: layer.output.shape[1:] for layer in made} == {row.name: row.output_shape for row in rows}
    assert {layer.name: layer.activation.__name__ for layer in made} == {row.name: row.activation for row in rows}
    assert model.count_params() == parameters(architecture, style)


def the_shown_lines_transfer_the_weights(models, own, architecture, one, other):
    """They set the weights that the worker transfers."""
    for style in (one, other):
        load(models[style], own[style])
    lines = transfer_source(architecture, one, other, ("left", "right"))
    exec("\n".join(lines), {"np": np, "left": models[one], "right": models[other]})
    assert same_weights(weights_of(models[other]), transfer_weights(own[one], architecture, one, other))


def test_initial_weights_are_those_of_a_plain_script_whatever_else_draws_numbers_meanwhile():
    """In a worker other threads draw from Python's generator while a model is built."""
    source = STYLES["functional"].write(Architecture())
    meddled = source.replace("x = layers", "__import__('random').random()\nx = layers")
    assert meddled != source
    keras.utils.set_random_seed(11)
    namespace = {}
    exec(source, namespace)
    for text in (source, meddled):
        for ours, plain in zip(build(text, seed=11).get_weights(), namespace["model"].get_weights(), strict=True):
            np.testing.assert_array_equal(ours, plain)
