"""How much the outputs of two models differ on random inputs, and how much of that is round-off."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from two_heads.graph import Graph, Model, Tensor, states_kept

#: The rows of the random inputs, and the sizes that are tried, in this order, for axes of unspecified size.
ROWS = 16
_SIZES = (8, 32, 64, 128, 224)


def compare(graph: Graph, old: Model, new: Model, fan_in: int) -> float:
    """The largest difference between the outputs of both models, which have the same order, on random inputs.

    `fan_in` is how many products a unit of a head sums: round-off grows with it. Raises `ValueError` if a difference
    is above round-off.
    """
    with states_kept(old, new):
        inputs, before = _outputs_on_random_inputs(graph, old)
        after = [_array(each) for each in keras.tree.flatten(new(inputs, training=False))]
    largest = 0.0
    for one, other, tensor in zip(before, after, graph.model.outputs, strict=True):
        precision = max(_epsilon(tensor.dtype), _epsilon(old.compute_dtype))
        size = float(np.max(np.abs(one), initial=0.0, where=np.isfinite(one)))
        difference = np.abs(one - other, where=np.isfinite(one), out=np.zeros_like(one))
        worst = float(np.max(difference, initial=0.0))
        if not worst <= max(100 * _epsilon("float32"), 32 * precision) * np.sqrt(fan_in) * max(size, 1e-30):
            raise ValueError(
                f"The converted model differs by {worst:.3g} in an output of size {size:.3g}, which is more than "
                f"round-off. It may have a layer with a state that is not a weight, or one that computes at random."
            )
        largest = max(largest, worst)
    return largest


def random_inputs(structure: Any, rows: int, size: int, ids: int, whole: bool = False) -> Any:
    """Random arrays (rows, …) for symbolic inputs in their structure. Axes of unspecified size get `size`.

    Numbers are standard normal. Integers, and with `whole` all numbers, are from 0 to `ids` - 1. Strings are empty.
    """
    draws = np.random.default_rng(0)

    def draw(tensor: Tensor) -> np.ndarray:
        shape = (rows, *(each or size for each in tensor.shape[1:]))
        if tensor.dtype == "string":
            return np.full(shape, "")
        if whole or tensor.dtype == "bool" or "int" in tensor.dtype:
            return draws.integers(0, ids, shape).astype(tensor.dtype)
        return draws.normal(size=shape).astype("float32")

    return keras.tree.map_structure(draw, structure)


def _outputs_on_random_inputs(graph: Graph, model: Model) -> tuple[Any, list[np.ndarray]]:
    """Random inputs of the first size that the model accepts, and the model's outputs.

    Integers are 0 or 1, or only 0 if the model accepts no 1, as an Embedding with one row.
    """
    open_axes = any(each is None for tensor in graph.model.inputs for each in tensor.shape[1:])
    tries = [(size, ids) for ids in (2, 1) for size in (_SIZES if open_axes else _SIZES[:1])]
    rows = next((each.shape[0] for each in graph.model.inputs if each.shape[0]), ROWS)
    last: Exception | None = None
    for size, ids in tries:
        inputs = random_inputs(graph.model.input, rows, size, ids)
        try:
            return inputs, [_array(each) for each in keras.tree.flatten(model(inputs, training=False))]
        except Exception as error:
            last = error
    raise ValueError(
        f"The model '{model.name}' accepts no random inputs, so a converted one cannot be compared. {last}"
    ) from last


def _array(tensor: Any) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(tensor)).astype(np.float64)


def _epsilon(dtype: str) -> float:
    """The machine epsilon of a dtype; that of float32 for integers."""
    return {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float64": 2.0**-52}.get(dtype, 2.0**-23)
