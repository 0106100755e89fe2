"""Inputs, Dense, Embedding, and layers that change each number by itself."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from backend.own_network.layers.base import (
    Activation,
    Axis,
    Constraint,
    InputDtype,
    Layer,
    Never,
    Number,
    Positive,
    Regularizer,
    Units,
    Use,
)  # fmt: skip
from backend.own_network.refusal import Unfit
from backend.own_network.shapes import Shape, Shapes, axis_of, known, product


class InputLayer(Layer):
    """An input. `batch_shape` begins with the batch, which is not used."""

    TENSORS: ClassVar = (0, 0)

    batch_shape: Annotated[tuple[Annotated[int, Field(ge=1, le=10**7)] | None, ...], Field(min_length=1, max_length=6)]
    dtype: InputDtype = "float32"  # type: ignore[assignment]
    sparse: Never = False
    ragged: Never = False
    optional: Never = False

    @property
    def shape(self) -> Shape:
        """The shape without the batch."""
        return self.batch_shape[1:]

    def shapes(self, use: Use) -> Shapes:
        return (self.shape,)


class Dense(Layer):
    """A fully connected layer."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("units",)

    units: Units
    activation: Activation = "linear"
    use_bias: bool = True
    kernel_regularizer: Regularizer = None
    bias_regularizer: Regularizer = None
    activity_regularizer: Regularizer = None
    kernel_constraint: Constraint = None
    bias_constraint: Constraint = None

    def shapes(self, use: Use) -> Shapes:
        known(use.shape, -1)
        return ((*use.shape[:-1], self.units),)

    def parameters(self, use: Use) -> int:
        return self.units * (known(use.shape, -1) + self.use_bias)


class Embedding(Layer):
    """A vector for each whole number below `input_dim`."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("input_dim", "output_dim")

    input_dim: Annotated[int, Field(ge=1, le=10**7)]
    output_dim: Units
    mask_zero: bool = False
    embeddings_regularizer: Regularizer = None
    activity_regularizer: Regularizer = None
    embeddings_constraint: Constraint = None

    def shapes(self, use: Use) -> Shapes:
        return ((*use.shape, self.output_dim),)

    def parameters(self, use: Use) -> int:
        return self.input_dim * self.output_dim

    def positions(self, use: Use, shapes: Shapes) -> int:
        return 0


class Masking(Layer):
    """Marks the steps whose numbers all equal `mask_value`."""

    mask_value: Number = 0.0

    def shapes(self, use: Use) -> Shapes:
        if not use.shape:
            raise Unfit("needs an input with at least one axis besides the batch.")
        return (use.shape,)


class Identity(Layer):
    """Returns its input."""


class ActivationLayer(Layer):
    """Keras's `Activation`."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("activation",)

    activation: Activation

    @property
    def kind(self) -> str:
        return "Activation"


class ReLU(Layer):
    """max(0, x), with a slope below and a maximum."""

    max_value: Positive | None = None
    negative_slope: Positive = 0.0
    threshold: Positive = 0.0


class LeakyReLU(Layer):
    """x above 0, and `negative_slope` times x below."""

    negative_slope: Positive = 0.3


class ELU(Layer):
    """An exponential below 0."""

    alpha: Positive = 1.0


class PReLU(Layer):
    """A slope below 0 that is trained, one for each number unless axes share it."""

    alpha_regularizer: Regularizer = None
    alpha_constraint: Constraint = None
    shared_axes: tuple[Axis, ...] | None = None

    @field_validator("shared_axes", mode="before")
    @classmethod
    def _some(cls, value: object) -> object:
        return value or None

    def parameters(self, use: Use) -> int:
        shared = {axis_of(axis, len(use.shape)) for axis in self.shared_axes or ()}
        return product(known(use.shape, i) for i in range(len(use.shape)) if i not in shared)

    def positions(self, use: Use, shapes: Shapes) -> int:
        return 1


class Softmax(Layer):
    """Probabilities along an axis."""

    axis: Axis | tuple[Axis, ...] = -1

    def shapes(self, use: Use) -> Shapes:
        for axis in self.axis if isinstance(self.axis, tuple) else (self.axis,):
            axis_of(axis, len(use.shape))
        return (use.shape,)


class Rescaling(Layer):
    """`scale` times its input, plus `offset`."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("scale",)

    scale: Number
    offset: Number = 0.0


class ActivityRegularization(Layer):
    """Adds a penalty of its input to the loss."""

    l1: Positive = 0.0
    l2: Positive = 0.0


class Flatten(Layer):
    """All numbers of an example in one axis."""

    data_format: Annotated[str, Field(pattern="^channels_last$")] = "channels_last"

    def shapes(self, use: Use) -> Shapes:
        return ((None if None in use.shape else product(use.shape),),)


class Reshape(Layer):
    """The same numbers in another shape."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("target_shape",)

    target_shape: Annotated[tuple[Annotated[int, Field(ge=-1, le=10**7)], ...], Field(min_length=1, max_length=6)]

    def shapes(self, use: Use) -> Shapes:
        size, rest = product(use.shape), product(dim for dim in self.target_shape if dim != -1)
        unknown = self.target_shape.count(-1)
        if None in use.shape:
            if unknown != 1:
                raise Unfit("needs an input of a fixed length, or one -1 in its target shape.")
            return (tuple(None if dim == -1 else dim for dim in self.target_shape),)
        if unknown > 1 or 0 in self.target_shape or size % rest or (size != rest and not unknown):
            raise Unfit(f"cannot give {size:,} numbers the shape {self.target_shape}.")
        return (tuple(size // rest if dim == -1 else dim for dim in self.target_shape),)


class Permute(Layer):
    """The axes in another order; the first after the batch is 1."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("dims",)

    dims: Annotated[tuple[Axis, ...], Field(min_length=1, max_length=6)]

    def shapes(self, use: Use) -> Shapes:
        if sorted(self.dims) != list(range(1, len(use.shape) + 1)):
            raise Unfit(f"orders the axes {self.dims}, but its input has {len(use.shape)}.")
        return (tuple(use.shape[axis - 1] for axis in self.dims),)


class RepeatVector(Layer):
    """The vector `n` times."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("n",)

    n: Annotated[int, Field(ge=1, le=10**5)]

    def shapes(self, use: Use) -> Shapes:
        if len(use.shape) != 1:
            raise Unfit("repeats a vector, but its input has several axes.")
        return ((self.n, *use.shape),)


LAYERS: tuple[type[Layer], ...] = (
    InputLayer, Dense, Embedding, Masking, Identity, ReLU, LeakyReLU, ELU, PReLU, Softmax, Rescaling,
    ActivityRegularization, Flatten, Reshape, Permute, RepeatVector,
)  # fmt: skip
