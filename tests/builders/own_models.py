"""Models that visitors may open in the app, as plain Keras functions: ten typical ones, and two for special cases."""

import json
from collections.abc import Callable
from typing import Any

import keras
from hypothesis import strategies as st
from keras import layers, ops

from backend.experiment.presets import PRESETS
from backend.experiment.styles import STYLES
from backend.worker.build import build


def forecaster() -> keras.Model:
    """Conv1D and GRU, with a head for each of 16 horizons."""
    inputs = keras.Input((48, 6), name="history")
    x = layers.Conv1D(32, 3, padding="causal", activation="relu")(inputs)
    x = layers.MaxPooling1D(2)(x)
    x = layers.GRU(48)(x)
    x = layers.Dense(64, activation="relu")(x)
    return keras.Model(inputs, [layers.Dense(1, name=f"h{hours}")(x) for hours in range(1, 17)], name="forecaster")


def recommender() -> keras.Model:
    """Two towers with embeddings; click and rating from their products."""

    def tower(ids: int, name: str) -> keras.Sequential:
        return keras.Sequential(
            [
                keras.Input((), dtype="int32"),
                layers.Embedding(ids, 16, embeddings_regularizer=keras.regularizers.L2(1e-6)),
                layers.Dense(32, activation="relu"),
                layers.Dense(16),
                layers.UnitNormalization(),
            ],
            name=name,
        )

    user, item = keras.Input((), dtype="int32", name="user"), keras.Input((), dtype="int32", name="item")
    left, right = tower(500, "user_tower")(user), tower(800, "item_tower")(item)
    score = layers.Dot(axes=1)([left, right])
    joined = layers.Concatenate()([left, right, score])
    x = layers.Dense(16, activation="relu")(joined)
    click = layers.Dense(1, activation="sigmoid", name="click")(x)
    rating = layers.Dense(1, name="rating")(x)
    return keras.Model({"user": user, "item": item}, {"rating": rating, "click": click}, name="recommender")


def transformer() -> keras.Model:
    """A small encoder of text with three classifying heads."""
    tokens = keras.Input((40,), dtype="int32", name="tokens")
    x = layers.Embedding(1000, 32, mask_zero=True)(tokens)
    for _ in range(2):
        attended = layers.MultiHeadAttention(num_heads=4, key_dim=8, dropout=0.1)(x, x)
        x = layers.LayerNormalization(epsilon=1e-6)(x + attended)
        hidden = layers.Dense(64, activation="gelu")(x)
        hidden = layers.Dropout(0.1)(layers.Dense(32)(hidden))
        x = layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, hidden]))
    x = x[:, 0]
    heads = {"topic": 12, "tone": 12, "language": 12}
    return keras.Model(tokens, {name: layers.Dense(n, name=name)(x) for name, n in heads.items()}, name="transformer")


def u_net() -> keras.Model:
    """A U-Net that segments and estimates depth."""
    image = keras.Input((64, 64, 3), name="image")
    kept, x = [], layers.Rescaling(1 / 255)(image)
    for filters in (8, 16):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.BatchNormalization()(x)
        kept.append(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    for filters, skip in zip((16, 8), reversed(kept), strict=True):
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        x = layers.Concatenate()([x, skip])
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    mask = layers.Conv2D(1, 1, activation="sigmoid", name="mask")(x)
    depth = layers.Conv2D(1, 1, name="depth")(x)
    return keras.Model(image, [mask, depth], name="u_net")


def faces() -> keras.Model:
    """Depthwise blocks as in MobileNet, with heads for age and gender."""
    image = keras.Input((96, 96, 3), name="face")
    x = layers.Conv2D(16, 3, strides=2, padding="same", use_bias=False, name="Conv1")(image)
    x = layers.BatchNormalization(epsilon=1e-3, momentum=0.999, name="bn_Conv1")(x)
    x = layers.ReLU(6.0, name="Conv1_relu")(x)
    for block, (filters, stride) in enumerate([(24, 2), (24, 1), (32, 2)]):
        before = x
        x = layers.Conv2D(4 * before.shape[-1], 1, use_bias=False, name=f"block_{block}_expand")(x)
        x = layers.BatchNormalization(name=f"block_{block}_expand_BN")(x)
        x = layers.ReLU(6.0)(x)
        if stride == 2:
            x = layers.ZeroPadding2D(((0, 1), (0, 1)))(x)
        padding = "valid" if stride == 2 else "same"
        x = layers.DepthwiseConv2D(3, strides=stride, padding=padding, use_bias=False, name=f"block_{block}_dw")(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU(6.0)(x)
        x = layers.Conv2D(filters, 1, use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        if stride == 1:
            x = layers.Add(name=f"block_{block}_add")([before, x])
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.SeparableConv2D(32, 1)(layers.Reshape((1, 1, 32))(x))
    x = layers.Dropout(0.2)(layers.Flatten()(x))
    age = layers.Dense(1, activation="relu", name="age")(x)
    gender = layers.Dense(1, activation="sigmoid", name="gender")(x)
    return keras.Model(image, [age, gender], name="faces")


def siamese() -> keras.Model:
    """One encoder for both signatures: are they of one person?"""
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(8, 3, activation="relu")(inputs)
    x = layers.AveragePooling2D(2)(x)
    x = layers.Flatten()(x)
    encoder = keras.Model(inputs, layers.Dense(16, activation="tanh")(x), name="encoder")
    left, right = keras.Input((28, 28, 1), name="left"), keras.Input((28, 28, 1), name="right")
    distance = ops.abs(encoder(left) - encoder(right))
    same = layers.Dense(1, activation="sigmoid", name="same")(distance)
    return keras.Model([left, right], same, name="siamese")


def autoencoder() -> keras.Model:
    """An autoencoder whose code a classifier reads."""
    series = keras.Input((32, 2), name="series")
    code = layers.Bidirectional(layers.LSTM(12))(series)
    code = layers.Dense(6, activation="tanh", name="code")(code)
    x = layers.RepeatVector(32)(code)
    x = layers.LSTM(12, return_sequences=True)(x)
    rebuilt = layers.TimeDistributed(layers.Dense(2), name="rebuilt")(x)
    kind = layers.Dense(4, activation="softmax", name="kind")(code)
    return keras.Model(series, [rebuilt, kind], name="autoencoder")


def mixture_of_experts() -> keras.Model:
    """Shared experts with a gate for each of two tasks (MMoE)."""
    features = keras.Input((20,), name="features")
    experts = ops.stack([layers.Dense(16, activation="relu", name=f"expert_{i}")(features) for i in range(4)], axis=1)
    outputs = []
    for task in ("income", "married"):
        gate = layers.Dense(4, activation="softmax", name=f"gate_{task}")(features)
        mixed = layers.Dot(axes=1)([gate, experts])
        tower = layers.Dense(8, activation="relu")(mixed)
        outputs.append(layers.Dense(1, activation="sigmoid", name=task)(tower))
    return keras.Model(features, outputs, name="mmoe")


def one_day() -> keras.Model:
    """A Sequential model whose one Dense(24) predicts the next 24 hours."""
    return keras.Sequential(
        [
            keras.Input((72, 4)),
            layers.LSTM(32, return_sequences=True, dropout=0.1),
            layers.LSTM(16),
            layers.Dense(32, activation="relu", kernel_regularizer="l2"),
            layers.Dense(24, name="hours"),
        ],
        name="one_day",
    )


def different_heads() -> keras.Model:
    """Heads that read one tensor and cannot be one layer: other activations, biases, regularizers and layers."""
    inputs = keras.Input((12,), name="measurements")
    x = layers.Dense(24, activation="relu")(inputs)
    risk = layers.Dense(1, activation="sigmoid", name="risk")(x)
    kind = layers.Dense(3, activation="softmax", kernel_regularizer="l2", name="kind")(x)
    cost = layers.Dense(1, activation="softplus", use_bias=False, name="cost")(x)
    days = layers.Dense(1, name="days")(layers.Dense(4, activation="relu")(x))
    return keras.Model(inputs, [risk, kind, cost, days], name="different_heads")


def two_groups() -> keras.Model:
    """Two heads that read one tensor, and a third that reads another one."""
    inputs = keras.Input((4,))
    x, z = layers.Dense(6)(inputs), layers.Dense(5)(inputs)
    heads = [layers.Dense(1, name=name)(x) for name in "ab"] + [layers.Dense(2, name="c")(z)]
    return keras.Model(inputs, heads)


def of_the_app() -> keras.Model:
    """The functional model that the app writes for its last preset."""
    return build(STYLES["functional"].write(list(PRESETS.values())[-1].architecture))


MODELS: dict[str, Callable[[], keras.Model]] = {
    make.__name__: make
    for make in (
        forecaster, recommender, transformer, u_net, faces, siamese, autoencoder, mixture_of_experts, one_day,
        different_heads,
    )
}  # fmt: skip


def masked() -> keras.Model:
    """Heads at each position of a sequence with a mask."""
    tokens = keras.Input((None,), dtype="int32")
    x = layers.LSTM(8, return_sequences=True)(layers.Embedding(10, 4, mask_zero=True)(tokens))
    return keras.Model(tokens, [layers.Dense(1, name=name)(x) for name in "ab"])


def shared() -> keras.Model:
    """A head that is called twice, beside two that read the same tensor."""
    inputs = keras.Input((4,))
    x, z = layers.Dense(6)(inputs), layers.Dense(6)(inputs)
    head = layers.Dense(1, name="h")
    return keras.Model(inputs, [head(x), head(z), layers.Dense(1, name="g")(x), layers.Dense(1, name="k")(x)])


def behind_dropout() -> keras.Model:
    """Two heads, one of which a Dropout follows."""
    inputs = keras.Input((4,))
    x = layers.Dense(6)(inputs)
    return keras.Model(
        inputs, [layers.Dropout(0.2, seed=3)(layers.Dense(1, name="a")(x)), layers.Dense(1, name="b")(x)]
    )


def both_adds() -> keras.Model:
    """A sum as a sign and as a layer."""
    inputs = keras.Input((4,))
    x = layers.Add()([inputs + layers.Dense(4)(inputs), inputs])
    return keras.Model(inputs, [layers.Dense(1, name=name)(x) for name in "ab"])


def time_distributed() -> keras.Model:
    """Two heads that are wrapped."""
    inputs = keras.Input((5, 4))
    x = layers.LSTM(6, return_sequences=True)(inputs)
    return keras.Model(inputs, [layers.TimeDistributed(layers.Dense(1), name=name)(x) for name in "ab"])


def nested() -> keras.Model:
    """Heads inside of a nested model."""
    inputs = keras.Input((8,))
    body = keras.Model(inputs, [layers.Dense(1, name=name)(inputs) for name in ("h1", "h2")], name="body")
    outer = keras.Input((3,))
    return keras.Model(outer, body(layers.Dense(8)(outer)))


ISSUES: dict[str, Callable[[], keras.Model]] = {
    make.__name__: make
    for make in (masked, shared, behind_dropout, both_adds, time_distributed, nested, two_groups, of_the_app)
}


def graphs(draw: Callable[[Any], Any]) -> keras.Model:
    """Models of any form: several inputs, shared and nested layers, joins, operations, and outputs of any structure."""
    width = draw(st.integers(1, 5))
    widths = draw(st.lists(st.just(width) | st.integers(1, 5), min_size=1, max_size=3))
    inputs = [keras.Input((each,), name=f"in_{i}") for i, each in enumerate(widths)]
    tensors = list(inputs)
    shared = layers.Dense(width, name="shared")
    nested = None

    def some() -> Any:
        return draw(st.sampled_from(tensors))

    for _ in range(draw(st.integers(1, 8))):
        a, b = some(), some()
        made = draw(st.integers(0, 11))
        if made == 0:
            tensors.append(layers.Dense(width, activation=draw(st.sampled_from(["relu", "tanh"])))(a))
        elif made == 1 and a.shape[-1] == width:
            tensors.append(shared(a))
        elif made == 2:
            tensors.append(layers.Concatenate()([a, b]))
        elif made == 3 and a.shape == b.shape:
            tensors.append(draw(st.sampled_from([layers.Add, layers.Maximum, layers.Subtract]))()([a, b]))
        elif made == 4 and a.shape == b.shape:
            tensors.append(a * b if draw(st.booleans()) else 2.0 - a)
        elif made == 5:
            tensors.append(layers.BatchNormalization()(a, training=draw(st.sampled_from([None, False]))))
        elif made == 6:
            tensors.append(layers.LSTM(width)(layers.Reshape((-1, 1))(a)))
        elif made == 7:
            tensors.extend(ops.split(layers.Dense(2 * width)(a), 2, axis=-1))
        elif made == 8 and a.shape[-1] == width:
            nested = nested or _nested(width, draw(st.sampled_from(["one", "list", "dict"])))
            tensors.extend(keras.tree.flatten(nested(a)))
        elif made == 9:
            block = [layers.Dense(3), layers.Dropout(0.2), layers.Dense(width, name="last")]
            tensors.append(keras.Sequential(block)(a))
        elif made == 10:
            states = layers.GRU(width, return_state=True)(layers.RepeatVector(3)(a))
            tensors.append(layers.GRU(width)(layers.RepeatVector(2)(b), initial_state=states[1]))
        elif made == 11:
            query, value = (layers.Reshape((-1, 1))(each) for each in (a, b))
            tensors.append(layers.MultiHeadAttention(2, 3)(query, value)[:, 0])
    read_by = draw(st.lists(st.sampled_from(tensors), min_size=1, max_size=4))
    ends = [layers.Dense(draw(st.integers(1, 3)), name=f"out_{i}")(each) for i, each in enumerate(read_by)]
    form = draw(st.sampled_from(["list", "dict", "one"]))
    outputs = {"one": ends[0], "list": ends, "dict": {f"key_{9 - i}": each for i, each in enumerate(ends)}}[form]
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs)


def _nested(width: int, form: str) -> keras.Model:
    inputs = keras.Input((width,))
    a, b = layers.Dense(width)(inputs), layers.Dense(width, activation="relu")(inputs)
    return keras.Model(inputs, {"one": a, "list": [a, b], "dict": {"z": a, "a": b}}[form], name="block")


if __name__ == "__main__":  # see `own_configurations.py`
    made = {name: make() for name, make in MODELS.items()} | {name: make() for name, make in ISSUES.items()}
    print(json.dumps({name: model.to_json() for name, model in made.items()}))
