"""Random Functional models with heads, and models that people have."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from hypothesis import strategies as st
from keras import layers

ACTIVATIONS = ("linear", "tanh", "relu", "sigmoid", "softmax")


def two_outputs(**of_b: Any) -> keras.Model:
    """Two heads, a of one unit and b of three, on a trunk of one layer."""
    x = keras.Input((4,), name="x")
    trunk = layers.Dense(8, activation="relu", name="trunk")(x)
    return keras.Model(x, [layers.Dense(1, name="a")(trunk), layers.Dense(3, name="b", **of_b)(trunk)])


def data_for(model: keras.Model, rows: int = 24, seed: int = 0) -> tuple[Any, Any]:
    """Random inputs and targets in the structures of a model, with axes of 6 where it has none."""
    draws = np.random.default_rng(seed)

    def draw(tensor: Any) -> np.ndarray:
        shape = (rows, *(each or 6 for each in tensor.shape[1:]))
        if "int" in tensor.dtype:
            return draws.integers(0, 2, shape).astype(tensor.dtype)
        return draws.normal(size=shape).astype("float32")

    if isinstance(model, keras.Sequential):
        return draw(model.inputs[0]), draw(model.outputs[0])
    return keras.tree.map_structure(draw, model.input), keras.tree.map_structure(draw, model.output)


def outputs(model: keras.Model, x: Any) -> list[np.ndarray]:
    return [keras.ops.convert_to_numpy(each) for each in keras.tree.flatten(model(x, training=False))]


HEADS = st.fixed_dictionaries(
    {
        "activation": st.sampled_from(ACTIVATIONS),
        "units": st.integers(1, 3),
        "activity_regularizer": st.sampled_from([None, None, "l2"]),
        "end": st.booleans(),
    }
)
#: What a drawn model consists of. Its first group of heads, at least two, can be fused.
SETTINGS = st.fixed_dictionaries(
    {
        "trunk": st.sampled_from(["plain", "timesteps", "siamese", "nested", "several"]),
        "heads": st.lists(HEADS, min_size=2, max_size=4),
        "common": st.fixed_dictionaries(
            {
                "use_bias": st.booleans(),
                "dtype": st.sampled_from(["float32", "float32", "mixed_float16", "float16"]),
                "kernel_regularizer": st.sampled_from([None, "l1", "l2"]),
                "kernel_constraint": st.sampled_from([None, "non_neg", "max_norm"]),
            }
        ),
        "tower": st.booleans(),
        "structure": st.sampled_from(["list", "dict"]),
    }
)


def drawn(settings: dict[str, Any]) -> keras.Model:
    """The model of drawn SETTINGS: heads and layers behind them on one trunk, and perhaps another output beside."""
    inputs, x = trunk(settings["trunk"])
    outputs = {}
    for j, head in enumerate(settings["heads"]):
        own = {name: value for name, value in head.items() if name != "end"} | settings["common"]
        result = layers.Dense(bias_initializer="random_normal", name=f"h{9 - j}", **own)(x)
        outputs[f"out{9 - j}"] = layers.Activation("tanh", name=f"end{j}")(result) if head["end"] else result
    if settings["tower"]:
        outputs["other"] = layers.Dense(2, name="other")(layers.Dense(3, name="tower")(x))
    return keras.Model(inputs, outputs if settings["structure"] == "dict" else list(outputs.values()), name="drawn")


def trunk(kind: str) -> tuple[Any, Any]:
    """The inputs of a trunk and its result."""
    a, b = keras.Input((5,), name="left"), keras.Input((5,), name="right")
    if kind == "plain":
        return a, layers.BatchNormalization()(layers.Dense(6, activation="relu")(a))
    if kind == "timesteps":
        x = keras.Input((None, 3), name="steps")
        return x, layers.GRU(4, return_sequences=True)(layers.Conv1D(3, 2, padding="same")(x))
    if kind == "siamese":
        shared = layers.Dense(4, name="shared")
        return {"left": a, "right": b}, layers.Subtract()([shared(a), shared(b)])
    if kind == "nested":
        inner = keras.Sequential([keras.Input((5,)), layers.Dense(4, activation="relu"), layers.Dropout(0.5)])
        return [a], keras.ops.square(inner(a)) + 1
    return [a, b], layers.Concatenate()([layers.Dense(3)(a), b])
