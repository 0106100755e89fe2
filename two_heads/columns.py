"""Which settings of a layer treat each column of its kernel by itself, so that columns can move between layers."""

from __future__ import annotations

from typing import Any

import keras

from two_heads.graph import Layer

#: The layers that can be fused and split: the last axis of the kernel is the axis of their units.
KINDS = (keras.layers.Dense, keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.Conv3D)
#: Keras's elementwise activations. The others, such as softmax, see a whole row.
ELEMENTWISE = frozenset(
    """
    celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear log_sigmoid mish
    relu relu6 selu sigmoid silu soft_shrink softplus softsign sparse_plus sparse_sigmoid squareplus swish tanh
    tanh_shrink
    """.split()  # noqa: SIM905
)
#: Regularizers whose penalty is the sum of the penalties of the columns.
_ADDITIVE = (keras.regularizers.L1, keras.regularizers.L2, keras.regularizers.L1L2)
_OF_A_COLUMN = (keras.constraints.MaxNorm, keras.constraints.UnitNorm, keras.constraints.MinMaxNorm)


def is_kind(layer: Layer) -> bool:
    """Whether a layer is exactly of one of the KINDS, and not of a class derived from one."""
    return type(layer) in KINDS


def units(layer: Layer) -> int:
    """The columns of the layer's kernel."""
    return int(layer.units if isinstance(layer, keras.layers.Dense) else layer.filters)


def axis(layer: Layer, rank: int) -> int:
    """The axis of the layer's units in its output, which has `rank` axes; counted from the last one, -1."""
    return 1 - rank if getattr(layer, "data_format", None) == "channels_first" else -1


def serialized(part: Any) -> Any:
    """A regularizer, constraint, loss or metric as data that can be compared: its `id` if Keras cannot serialize it."""
    if part is None or isinstance(part, str):
        return part
    try:
        return keras.saving.serialize_keras_object(part)
    except (TypeError, ValueError, NotImplementedError):
        return id(part)


def activation(layer: Layer) -> Any:
    """The activation as data that can be compared: its name if it is one of Keras's."""
    name = getattr(layer.activation, "__name__", None)
    return name if name and getattr(keras.activations, name, None) is layer.activation else serialized(layer.activation)


def is_elementwise(layer: Layer) -> bool:
    """Whether the layer's activation is known to be elementwise."""
    name = activation(layer)
    return isinstance(name, str) and name in ELEMENTWISE


def is_additive(regularizer: Any) -> bool:
    """Whether a regularizer's penalty is known to be the sum of the penalties of the columns. None has no penalty."""
    return regularizer is None or type(regularizer) in _ADDITIVE


def obstacle(layer: Layer) -> str | None:
    """A sentence on why the columns of a layer cannot move to another layer; None if they can."""
    name = f"'{layer.name}'"
    if not is_kind(layer):
        return f"{name} is of class {type(layer).__name__}. Only Dense, Conv1D, Conv2D and Conv3D layers are converted."
    if getattr(layer, "groups", 1) != 1:
        return f"{name} has its filters in {layer.groups} groups, each of which reads other channels."
    if isinstance(layer.activation, keras.Layer):
        kind = type(layer.activation).__name__
        return f"{name} has a layer, {kind}, as its activation. Call that layer on the result of {name}."
    if len(layer.weights) != 1 + layer.use_bias:
        return f"{name} has weights besides its kernel and bias, such as those of LoRA or quantization."
    for part in ("kernel", "bias"):
        regularizer = getattr(layer, f"{part}_regularizer")
        if not is_additive(regularizer):
            kind = type(regularizer).__name__
            return f"{name} has the {part} regularizer {kind}, which need not be a sum over the columns."
        constraint = getattr(layer, f"{part}_constraint")
        if constraint is not None and not _by_column(constraint, len(layer.kernel.shape) if part == "kernel" else 1):
            kind = type(constraint).__name__
            return f"{name} has the {part} constraint {kind}, which need not keep the columns apart."
    return None


def traits(layer: Layer) -> dict[str, Any]:
    """The settings that must be equal in heads that become one layer, by their names in error messages."""
    of_conv = ("kernel_size", "strides", "padding", "dilation_rate", "data_format")
    return {
        "class": type(layer).__name__,
        **{word.replace("_", " "): getattr(layer, word, None) for word in of_conv},
        "use of a bias": layer.use_bias,
        "dtype policy": serialized(layer.dtype_policy),
        "trainable flag": layer.trainable,
        "kernel regularizer": serialized(layer.kernel_regularizer),
        "bias regularizer": serialized(layer.bias_regularizer),
        "kernel constraint": serialized(layer.kernel_constraint),
        "bias constraint": serialized(layer.bias_constraint),
    }


def _by_column(constraint: Any, rank: int) -> bool:
    """Whether a constraint on an array of `rank` axes treats each entry of the last axis by itself."""
    if type(constraint) is keras.constraints.NonNeg:
        return True
    if type(constraint) not in _OF_A_COLUMN:
        return False
    axes = constraint.axis if isinstance(constraint.axis, (list, tuple)) else [constraint.axis]
    return all(each is not None and each % rank != rank - 1 for each in axes)
