"""What is refused is refused with a sentence that names the layer; what strangers wrote never enters source."""

import json

import keras
import pytest

from backend.own_network import size
from backend.own_network.reader import read
from backend.own_network.refusal import AT_HOME, Refused
from backend.own_network.writer import write
from backend.worker.build import build

layers = keras.layers


def refusal(model):
    text = model if isinstance(model, str) else json.dumps(model) if isinstance(model, dict) else model.to_json()
    with pytest.raises(Refused) as caught:
        read(text)
    return str(caught.value)


def one(layer, shape=(6,), **calls):
    inputs = keras.Input(shape, name="features")
    return keras.Model(inputs, layers.Dense(1, name="out")(layer(inputs, **calls)))


def changed(model, **values):
    """The configuration of a model, with values of its second layer changed."""
    config = json.loads(model.to_json())
    config["config"]["layers"][1]["config"].update(values)
    return config


DENSE = layers.Dense


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: one(layers.Lambda(lambda x: x, name="mine")),
            "The app does not read the layer “mine”, of the class “Lambda”.",
        ),
        (
            lambda: one(layers.Conv1D(4, 3, data_format="channels_first"), (8, 6)),
            "(Conv1D) has a value for data_format",
        ),
        (
            lambda: one(layers.Conv2DTranspose(4, 3, output_padding=1, strides=2), (8, 8, 4)),
            "has a value for output_padding",
        ),
        (lambda: one(layers.Dense(4, activation=layers.ReLU(), name="a")), "“a” (Dense) has a value for activation"),
        (lambda: one(layers.Dropout(0.5, name="kept"), training=True), None),
        (
            lambda: one(layers.Dense(4, kernel_regularizer=keras.regularizers.OrthogonalRegularizer())),
            "kernel_regularizer",
        ),
        (lambda: keras.Sequential([DENSE(3), DENSE(1)], name="unbuilt"), "“unbuilt” has no input shape yet"),
        (lambda: one(layers.Dense(3_000, name="wide"), (3_000,)), "9,006,001 parameters"),
        (
            lambda: one(layers.UpSampling2D(1000, name="up"), (8, 8, 3)),
            "“up” (UpSampling2D) brings the model above 16,000,000",
        ),
        (lambda: one(layers.RepeatVector(10**6)), "(RepeatVector) has a value for n"),
    ],
)
def test_a_refusal_names_the_layer_and_the_way_at_home(make, sentence):
    model = make()
    if sentence is None:
        assert build(write(read(model.to_json()))).count_params() == model.count_params()
    else:
        assert sentence in refusal(model)
        assert refusal(model).endswith(AT_HOME)


def test_a_class_of_somebody_is_not_read_as_one_of_keras():
    config = json.loads(one(layers.Dense(3, name="mine")).to_json())
    for changes in ({"module": "my_package.layers"}, {"registered_name": "my_package>Dense"}):
        config["config"]["layers"][1].update(changes)
        assert "“mine” is of a class “Dense” of your own" in refusal(config)


def test_a_regularizer_of_somebody_is_not_read_as_one_of_keras():
    model = one(layers.Dense(3, kernel_regularizer="l2"))
    assert "keras.regularizers.L2(l2=0.01)" in write(read(model.to_json()))
    mine = {"module": "mine", "class_name": "L2", "config": {"l2": 0.01}, "registered_name": "mine>L2"}
    assert "kernel_regularizer" in refusal(changed(model, kernel_regularizer=mine))


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (0, "greater than or equal to 1"),
        (-3, "greater than or equal to 1"),
        (65_537, "less than or equal to 65536"),
        (2**63, "less than or equal to 65536"),
        (3.0, "valid integer"),
        (True, "valid integer"),
        ("3", "valid integer"),
        (None, "valid integer"),
        ([3], "valid integer"),
    ],
)
def test_an_argument_has_its_very_type_and_bounds(value, sentence):
    assert sentence in refusal(changed(one(layers.Dense(3)), units=value))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not the configuration of a Keras model"),
        ("[]", "not the configuration"),
        ("import keras", "not the configuration"),
        ('{"a": NaN}', "contains NaN"),
        ('{"a": 1e999}', "too large"),
        ('{"a": ' + "1" * 30 + "}", "whole number of more than 20 digits"),
        ('{"a": 1, "a": 2}', "two values for one key"),
        ("[" * 100_000, "nested more than 80 levels"),
        (" " * 300_000, "more than 256 KB"),
        ('{"a": "' + "é" * 140_000 + '"}', "more than 256 KB"),
        ('{"class_name": "MyModel", "config": {}}', "of the class “MyModel”"),
    ],
)
def test_what_is_no_model_is_refused(text, sentence):
    assert sentence in refusal(text)


def test_brackets_in_names_do_not_count_as_depth():
    model = one(layers.Dense(3, name="a" + "[" * 200 + '"' + "{" * 50))
    assert read(model.to_json())


NAMES = [
    "class",
    "import",
    "x",
    "keras",
    "Größe in °C",
    "é",
    "7",
    "_",
    "print",
    "a'); import os #",
    "a" * 90,
    "LAYER",
    "layer",
]


def test_names_are_cleaned_and_stay_apart():
    inputs = keras.Input((3,), name="features")
    model = keras.Model(inputs, [layers.Dense(1, name=name)(inputs) for name in NAMES])
    again = build(write(read(model.to_json())))
    assert again.output_names == [
        "class",
        "import",
        "x",
        "keras",
        "Gr_e_in_C",
        "layer",
        "layer_7",
        "layer_2",
        "print",
        "a_import_os",
        "a" * 40,
        "LAYER",
        "layer_3",
    ]


def test_a_name_that_keras_would_give_to_another_layer_is_written_for_both():
    inputs = keras.Input((3,), name="features")
    hidden = layers.Dense(4, name="dense")(layers.Dense(5, name="dense_7")(inputs))
    model = keras.Model(inputs, [layers.Dense(1, name="dense_1")(hidden), layers.Dense(1, name="dense_2")(hidden)])
    again = build(write(read(model.to_json())))
    assert again.output_names == ["dense_1", "dense_2"]
    assert [layer.name for layer in again.layers][:3] == ["features", "dense_7", "dense"]


def test_no_written_name_is_one_that_keras_gives_to_an_operation():
    inputs = keras.Input((3,), name="features")
    for _ in range(3):  # so that Keras has given the first names to operations of other models
        inputs + inputs, inputs - inputs
    x = layers.Dense(3, name="add")(inputs)
    x = (x + inputs) + layers.Dense(3, name="subtract")(inputs)
    model = keras.Model(inputs, [layers.Add()([x, inputs]), layers.Dense(1, name="level")(x)])
    again = build(write(read(model.to_json())))
    assert [name for name in again.output_names if "add" not in name] == ["level"]
    assert {"add_layer", "subtract"} <= {layer.name for layer in again.layers}


def test_layers_that_lead_to_no_output_are_not_read():
    inputs = keras.Input((3,), name="features")
    config = json.loads(keras.Model(inputs, layers.Dense(1, name="out")(inputs)).to_json())
    stray = {"class_name": "Lambda", "name": "stray", "config": {}, "inbound_nodes": []}
    config["config"]["layers"].append(stray)
    assert "stray" not in write(read(json.dumps(config)))


def test_a_mask_that_keras_does_not_find_by_itself_is_refused():
    inputs, mask = keras.Input((6, 2), name="series"), keras.Input((6,), dtype="bool", name="known")
    model = keras.Model([inputs, mask], layers.LSTM(3, name="out")(inputs, mask=mask))
    assert "calls a layer with a mask" in refusal(model)


def test_a_frozen_part_stays_frozen_and_dropout_stays_on():
    base = keras.Sequential(
        [keras.Input((4,)), layers.Dense(3), layers.BatchNormalization(), layers.Dropout(0.5)], name="base"
    )
    base.trainable = False
    inputs = keras.Input((4,), name="features")
    model = keras.Model(inputs, layers.Dense(1, name="out")(layers.Dropout(0.3)(base(inputs, training=False))))
    source = write(read(model.to_json()))
    assert "base(features, training=False)" in source
    assert "layers.Dropout(0.3)(x)" in source
    again = build(source)
    assert len(again.trainable_weights) == len(model.trainable_weights) == 2


def test_an_axis_of_any_length_counts_with_the_usual_one():
    inputs = keras.Input((None, 4), name="series")
    model = keras.Model(inputs, layers.Dense(2, name="out")(layers.LSTM(8)(inputs)))
    measured = size.measured(read(model.to_json()))
    assert measured.shapes[0] == ((None, 4),)
    assert measured.activations > size.USUAL_LENGTH * 8
    up = layers.UpSampling1D(1024)(layers.UpSampling1D(1024)(inputs))
    assert "activations for one example" in refusal(keras.Model(inputs, layers.GlobalMaxPooling1D()(up)))


def test_a_shared_layer_counts_its_parameters_once_and_its_work_twice():
    inputs = keras.Input((8,), name="features")
    shared = layers.Dense(8)
    once = size.measured(read(keras.Model(inputs, shared(inputs)).to_json()))
    twice = size.measured(read(keras.Model(inputs, shared(shared(inputs))).to_json()))
    assert twice.parameters == once.parameters == 72
    assert twice.multiplications == 2 * once.multiplications
