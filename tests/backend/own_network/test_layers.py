"""Shapes and parameters by arithmetic are those of Keras, for each layer and random arguments and inputs.

What Keras cannot call is refused, so that no worker fails on it.
"""

import json
from functools import partial

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.own_network.layers import LAYERS
from backend.own_network.reader import read
from backend.own_network.refusal import Refused
from backend.own_network.size import measured
from backend.own_network.writer import write
from backend.worker.build import build

small, tiny = st.integers(1, 9), st.integers(1, 4)
flag = st.booleans()
axis = st.integers(-4, 4)
rate = st.sampled_from([0.0, 0.1, 0.5])
activation = st.sampled_from(["linear", "relu", "tanh", "gelu", "softmax"])
regularizer = (
    st.sampled_from([None, "l2"])
    | st.builds(keras.regularizers.L1, st.just(0.1))
    | st.builds(keras.regularizers.L1L2, st.just(0.1), st.just(0.2))
)
constraint = (
    st.sampled_from([None, "non_neg"])
    | st.builds(keras.constraints.MaxNorm, st.just(2.0))
    | st.builds(keras.constraints.MinMaxNorm, st.just(0.1), st.just(1.0))
)
length = st.integers(1, 12) | st.none()


def shape(low, high=None):
    return st.lists(small, min_size=low, max_size=high or low).map(tuple)


def some(**arguments):
    """Some of these arguments: the others have Keras's defaults."""
    return st.fixed_dictionaries({}, optional=arguments)


def spatial(rank, varying=True):
    """Lengths, which may vary, and channels."""
    lengths = st.lists(length if varying else small, min_size=rank, max_size=rank)
    return st.tuples(lengths, small).map(lambda each: (*each[0], each[1]))


def windows(rank):
    """One number for all axes, or one for each."""
    return tiny | st.lists(tiny, min_size=rank, max_size=rank).map(tuple)


def ends(rank):
    each = st.tuples(st.integers(0, 3), st.integers(0, 3))
    several = each if rank == 1 else st.tuples(*[each] * rank)
    return st.integers(0, 3) | several


def conv(rank, required, **others):
    wide = st.just(1) | windows(rank)
    given_ = dict(required)
    if rank == 1 and "filters" in required and "output_padding" not in others:
        others["padding"] = st.sampled_from(["valid", "same", "causal"])
    return st.fixed_dictionaries(
        {"kernel_size": windows(rank), **given_},
        optional={
            "strides": wide,
            "dilation_rate": wide,
            "padding": st.sampled_from(["valid", "same"]),
            "use_bias": flag,
            "activation": activation,
            "bias_regularizer": regularizer,
            **others,
        },
    )


def pool(rank):
    return st.fixed_dictionaries(
        {"pool_size": windows(rank)}, optional={"strides": windows(rank), "padding": st.sampled_from(["valid", "same"])}
    )


def recurrent(**others):
    return st.fixed_dictionaries(
        {"units": small},
        optional={
            "activation": activation,
            "use_bias": flag,
            "dropout": rate,
            "recurrent_dropout": rate,
            "return_sequences": flag,
            "return_state": flag,
            "go_backwards": flag,
            "kernel_regularizer": regularizer,
            "recurrent_constraint": constraint,
            **others,
        },
    )


def one(inputs):
    return st.tuples(inputs)


sequence = one(spatial(1))
anything = one(shape(1, 4))
norm = {"epsilon": st.sampled_from([1e-3, 1e-6]), "center": flag, "scale": flag, "gamma_regularizer": regularizer}


@st.composite
def alike(draw, low=2, high=4):
    """Tensors of one shape, some with an axis of length 1, and now and then one that does not fit."""
    first = draw(shape(1, 3))
    others = st.just(first) | st.tuples(*[st.sampled_from([n, 1]) for n in first]) | shape(1, 3)
    return (first, *draw(st.lists(others, min_size=low - 1, max_size=high - 1)))


@st.composite
def attention(draw):
    keys, width = draw(small), draw(small)
    query = (draw(small), draw(st.just(width) | small))
    return (query, (keys, draw(st.just(width) | small)), *draw(st.just(()) | st.just(((keys, width),))))


CASES = {
    "Dense": (
        st.fixed_dictionaries(
            {"units": small},
            optional={
                "activation": activation,
                "use_bias": flag,
                "kernel_regularizer": regularizer,
                "bias_constraint": constraint,
                "trainable": flag,
                "dtype": st.sampled_from(["float64", "mixed_float16"]),
            },
        ),
        anything,
    ),
    "Embedding": (
        st.fixed_dictionaries({"input_dim": small, "output_dim": small}, optional={"mask_zero": flag}),
        anything,
    ),
    "Masking": (some(mask_value=st.floats(-2, 2)), sequence),
    "Identity": (some(), anything),
    "Activation": (st.fixed_dictionaries({"activation": activation}), anything),
    "ReLU": (some(max_value=st.floats(0, 6), negative_slope=st.floats(0, 1), threshold=st.floats(0, 1)), anything),
    "LeakyReLU": (some(negative_slope=st.floats(0, 1)), anything),
    "ELU": (some(alpha=st.floats(0, 1)), anything),
    "PReLU": (some(shared_axes=st.lists(st.integers(1, 3), max_size=2, unique=True)), anything),
    "Softmax": (some(axis=axis), anything),
    "Rescaling": (st.fixed_dictionaries({"scale": st.floats(-2, 2)}, optional={"offset": st.floats(-1, 1)}), anything),
    "ActivityRegularization": (some(l1=st.floats(0, 1), l2=st.floats(0, 1)), anything),
    "Flatten": (some(), anything | one(spatial(2))),
    "Reshape": (
        st.fixed_dictionaries({"target_shape": st.lists(st.integers(-1, 6), min_size=1, max_size=3).map(tuple)}),
        one(shape(1, 3)) | one(spatial(1)),
    ),
    "Permute": (
        st.fixed_dictionaries({"dims": st.permutations([1, 2, 3]).map(tuple) | st.just((2, 1))}),
        one(shape(2, 3)),
    ),
    "RepeatVector": (st.fixed_dictionaries({"n": small}), one(shape(1, 2))),
    "LSTM": (recurrent(unit_forget_bias=flag), sequence),
    "GRU": (recurrent(reset_after=flag), sequence),
    "SimpleRNN": (recurrent(), sequence),
    "TimeDistributed": (
        st.fixed_dictionaries({"layer": small.map(lambda n: partial(keras.layers.Dense, n))}),
        one(spatial(1)) | one(spatial(2)),
    ),
    "Bidirectional": (
        st.fixed_dictionaries(
            {
                "layer": st.builds(
                    lambda make, n, s, t: partial(make, n, return_sequences=s, return_state=t),
                    st.sampled_from([keras.layers.LSTM, keras.layers.GRU]),
                    small,
                    flag,
                    flag,
                )
            },
            optional={"merge_mode": st.sampled_from(["concat", "sum", "mul", "ave", None])},
        ),
        sequence,
    ),
    **{
        f"Conv{rank}D": (
            conv(rank, {"filters": small}, kernel_constraint=constraint, groups=st.integers(1, 2)),
            one(spatial(rank)),
        )
        for rank in (1, 2, 3)
    },
    **{
        f"Conv{rank}DTranspose": (conv(rank, {"filters": small}, output_padding=st.none()), one(spatial(rank)))
        for rank in (1, 2)
    },
    **{f"DepthwiseConv{rank}D": (conv(rank, {}, depth_multiplier=tiny), one(spatial(rank))) for rank in (1, 2)},
    **{
        f"SeparableConv{rank}D": (conv(rank, {"filters": small}, depth_multiplier=tiny), one(spatial(rank)))
        for rank in (1, 2)
    },
    **{f"{kind}Pooling{rank}D": (pool(rank), one(spatial(rank))) for kind in ("Max", "Average") for rank in (1, 2, 3)},
    **{
        f"Global{kind}Pooling{rank}D": (some(keepdims=flag), one(spatial(rank)) | anything)
        for kind in ("Max", "Average")
        for rank in (1, 2, 3)
    },
    "UpSampling1D": (some(size=tiny), one(spatial(1))),
    "UpSampling2D": (some(size=windows(2), interpolation=st.sampled_from(["nearest", "bilinear"])), one(spatial(2))),
    "UpSampling3D": (some(size=windows(3)), one(spatial(3))),
    **{f"ZeroPadding{rank}D": (some(padding=ends(rank)), one(spatial(rank))) for rank in (1, 2)},
    **{f"Cropping{rank}D": (some(cropping=ends(rank)), one(spatial(rank))) for rank in (1, 2)},
    **{
        kind: (st.fixed_dictionaries({"rate": rate}), anything)
        for kind in ("Dropout", "AlphaDropout", "GaussianDropout")
    },
    **{
        f"SpatialDropout{rank}D": (st.fixed_dictionaries({"rate": rate}), one(spatial(rank)) | anything)
        for rank in (1, 2, 3)
    },
    "GaussianNoise": (st.fixed_dictionaries({"stddev": rate}), anything),
    "BatchNormalization": (some(axis=axis, momentum=rate, **norm), anything),
    "LayerNormalization": (some(axis=axis | st.lists(axis, min_size=1, max_size=2), **norm), anything),
    "GroupNormalization": (some(groups=st.sampled_from([-1, 1, 2, 3]), axis=axis, **norm), anything),
    "Normalization": (some(axis=axis | st.lists(axis, max_size=2), invert=flag), anything),
    "UnitNormalization": (some(axis=axis), anything),
    **{kind: (some(), alike()) for kind in ("Add", "Multiply", "Average", "Maximum", "Minimum")},
    "Subtract": (some(), alike(2, 2)),
    "Concatenate": (some(axis=axis), alike()),
    "Dot": (st.fixed_dictionaries({"axes": axis | st.tuples(axis, axis)}, optional={"normalize": flag}), alike(2, 2)),
    "Attention": (some(use_scale=flag, score_mode=st.sampled_from(["dot", "concat"]), dropout=rate), attention()),
    "AdditiveAttention": (some(use_scale=flag, dropout=rate), attention()),
    "MultiHeadAttention": (
        st.fixed_dictionaries({"num_heads": tiny, "key_dim": small}, optional={"value_dim": small, "use_bias": flag}),
        attention(),
    ),
}
#: Whole numbers for Embedding.
DTYPES = {"Embedding": "int32"}


def test_there_is_a_case_for_each_layer():
    assert set(CASES) == set(LAYERS) - {"InputLayer"}


def configuration(layer, kind, shapes):
    """A Functional model with this layer alone, as text; it need not be one that Keras can build."""
    names = [f"in_{i}" for i in range(len(shapes))]
    tensors = [{"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}} for name in names]
    args = tensors if kind == "MultiHeadAttention" or not LAYERS[kind].TENSORS else [tensors]
    inputs = [
        {
            "class_name": "InputLayer",
            "name": name,
            "inbound_nodes": [],
            "config": {"batch_shape": [None, *each], "dtype": DTYPES.get(kind, "float32"), "name": name},
        }
        for name, each in zip(names, shapes, strict=True)
    ]
    node = {"args": args, "kwargs": {}}
    entry = {**keras.saving.serialize_keras_object(layer), "name": layer.name, "inbound_nodes": [node]}
    config = {
        "name": "model",
        "layers": [*inputs, entry],
        "input_layers": [[name, 0, 0] for name in names],
        "output_layers": [[layer.name, 0, 0]],
    }
    return json.dumps({"class_name": "Functional", "config": config})


#: What Keras builds and the app refuses: axes that mix examples, and what nobody means.
STRICTER = (
    "mixes examples",
    "input does not have",
    "different numbers of axes",
    "normalizes a",
    "the most that the app builds",
    "cannot join",
    "cannot both be above 1",
)


@pytest.mark.parametrize(("axes", "left", "right", "products"), [(1, (10, 4), (10, 5), 200), (-1, (7,), (7,), 7)])
def test_a_dot_product_multiplies_along_the_axis_that_it_sums(axes, left, right, products):
    text = configuration(keras.layers.Dot(axes=axes), "Dot", (left, right))
    assert measured(read(text)).multiplications == products


@pytest.mark.slow
@pytest.mark.parametrize("kind", CASES)
@settings(max_examples=settings.default.max_examples // 4)
@given(data=st.data())
def test_shapes_and_parameters_are_those_of_keras(kind, data):
    arguments, inputs = CASES[kind]
    given_, shapes = data.draw(arguments), data.draw(inputs)
    if "layer" in given_:
        given_["layer"] = given_["layer"]()
    try:
        layer = getattr(keras.layers, kind)(**given_)
    except ValueError:
        assume(False)
    graph, reason = None, ""
    try:
        graph = read(configuration(layer, kind, shapes))
    except Refused as error:
        reason = error.reason
    separately = kind == "MultiHeadAttention" or not LAYERS[kind].TENSORS
    dtype = DTYPES.get(kind, "float32")
    tensors = [keras.Input(each, dtype=dtype, name=f"in_{i}") for i, each in enumerate(shapes)]
    numbers = [np.zeros((2, *(16 if n is None else n for n in each)), dtype) for each in shapes]
    try:
        outputs = layer(*tensors) if separately else layer(tensors)
        if graph is None:
            layer(*numbers) if separately else layer(numbers)
    except Exception as error:
        outputs = error
    if isinstance(outputs, Exception):
        assert graph is None, f"Keras: {outputs}"
        return
    if graph is None:
        assert any(words in reason for words in STRICTER), reason
        return
    size = measured(graph)
    assert size.shapes[-1] == tuple(each.shape[1:] for each in keras.tree.flatten(outputs))
    assert size.parameters == layer.count_params()
    again = build(write(graph))
    ours = next(each for each in again.layers if type(each) is type(layer))
    assert ours.count_params() == size.parameters
    assert settings_of(ours) == settings_of(layer)
    again(numbers if len(numbers) > 1 else numbers[0], training=False)


def settings_of(layer):
    """The arguments of a layer that decide its function. Keras takes no axes for None."""
    config = layer.get_config()
    inner = {key: settings_of(getattr(layer, key)) for key in ("layer", "forward_layer") if hasattr(layer, key)}
    ignored = {"name", "layer", "backward_layer", "seed"}
    if isinstance(config.get("axes"), tuple | list) and len(set(config["axes"])) == 1:
        config["axes"] = config["axes"][0]
    return {key: each or None for key, each in config.items() if key not in ignored} | inner
