"""The trained model as a file that Keras opens without us."""

import resource

import keras
import numpy as np
import pytest

from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.styles import STYLES
from backend.jobs.runtime import Context
from backend.training.job import SaveModelJob
from backend.worker.build import build, heads_of, load, weights_of
from backend.worker.save import save_model

pytestmark = pytest.mark.slow

ARCHITECTURE = Architecture(
    timesteps=8,
    lstm=(4, 3),
    dense=(DenseLayer(units=5, activation="gelu"),),
    heads=(Head(name="wide", units=2, label="Wind"), Head.for_task("trend")),
)


def saved(style, path):
    """Save a model with weights that no seed of the file gives; returns the model they came from."""
    model = build(style.write(ARCHITECTURE), seed=11)
    weights = {name: [array + 0.125 for array in arrays] for name, arrays in weights_of(model).items()}
    load(model, weights)
    job = SaveModelJob(architecture=ARCHITECTURE, style=style.key, weights=weights)
    path.write_bytes(save_model(job, Context()))
    return model


def outputs(model, style):
    x = np.random.default_rng(0).normal(size=(6, 8, 2)).astype("float32")
    return heads_of(model(x), ARCHITECTURE, style)


@pytest.mark.parametrize("key", ["sequential", "functional", "functional_fused"])
def test_keras_opens_the_file_and_predicts_the_same(key, tmp_path):
    style = STYLES[key]
    model = saved(style, tmp_path / "model.keras")
    opened = keras.saving.load_model(tmp_path / "model.keras")
    assert type(opened) is type(model)
    for name, values in outputs(model, style).items():
        np.testing.assert_array_equal(outputs(opened, style)[name], values)


def test_a_subclass_needs_its_class_which_the_shown_source_defines(tmp_path):
    style = STYLES["subclassing"]
    model = saved(style, tmp_path / "model.keras")
    with pytest.raises(TypeError, match="MultiHead"):
        keras.saving.load_model(tmp_path / "model.keras")
    shown = {}
    exec(style.write(ARCHITECTURE), shown)
    opened = keras.saving.load_model(tmp_path / "model.keras", custom_objects={"MultiHead": shown["MultiHead"]})
    for name, values in outputs(model, style).items():
        np.testing.assert_array_equal(outputs(opened, style)[name], values)


def test_a_full_disk_is_an_error_of_this_file_alone(tmp_path):
    """The kernel refuses every byte after the first thousand, as a full disk does."""
    style, limit = STYLES["functional"], resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limit[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            saved(style, tmp_path / "model.keras")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    saved(style, tmp_path / "model.keras")


def test_weights_of_another_style_are_refused(tmp_path):
    weights = weights_of(build(STYLES["functional"].write(ARCHITECTURE)))
    job = SaveModelJob(architecture=ARCHITECTURE, style="sequential", weights=weights)
    with pytest.raises(KeyError, match="dense_1"):
        save_model(job, Context())
