"""Convolutions of all kinds."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from backend.own_network.layers.base import (
    Activation,
    Constraint,
    Layer,
    Regularizer,
    Size,
    Units,
    Use,
    by_rank,
    rank_is,
    short,
)  # fmt: skip
from backend.own_network.refusal import Unfit
from backend.own_network.shapes import Padding, Shapes, convolved, known, product, transposed

ChannelsLast = Annotated[str, Field(pattern="^channels_last$")]
Sizes = tuple[Size, ...]


class Convolution(Layer):
    """What all convolutions have in common: a window that moves over `RANK` axes."""

    RANK: ClassVar[int] = 2
    POSITIONAL: ClassVar[tuple[str, ...]] = ("filters", "kernel_size")

    kernel_size: Sizes
    strides: Sizes
    padding: Literal["valid", "same"] = "valid"
    data_format: ChannelsLast = "channels_last"
    dilation_rate: Sizes
    activation: Activation = "linear"
    use_bias: bool = True
    bias_regularizer: Regularizer = None
    activity_regularizer: Regularizer = None
    bias_constraint: Constraint = None

    _by_rank = by_rank(kernel_size=None, strides=1, dilation_rate=1)

    @model_validator(mode="after")
    def _one_of_both(self) -> Convolution:
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError("strides and dilation_rate cannot both be above 1")
        return self

    def usual(self, field: str) -> Any:
        return (1,) * self.RANK if field in ("strides", "dilation_rate") else super().usual(field)

    def argument(self, field: str) -> Any:
        value = super().argument(field)
        return short(value) if field in ("kernel_size", "strides", "dilation_rate") else value

    def channels(self, inputs: int) -> int:
        """The number of output channels."""
        raise NotImplementedError

    def shapes(self, use: Use) -> Shapes:
        rank_is(use.shape, self.RANK + 1)
        windows = zip(use.shape, self.kernel_size, self.strides, self.dilation_rate, strict=False)
        lengths = [convolved(n, k, s, d, self.padding) for n, k, s, d in windows]
        return ((*lengths, self.channels(known(use.shape, -1))),)


class Full(Convolution):
    """A convolution whose kernel reads all channels."""

    filters: Units
    groups: Annotated[int, Field(ge=1, le=65_536)] = 1
    kernel_regularizer: Regularizer = None
    kernel_constraint: Constraint = None

    def channels(self, inputs: int) -> int:
        return self.filters

    def parameters(self, use: Use) -> int:
        inputs = known(use.shape, -1)
        if inputs % self.groups or self.filters % self.groups:
            raise Unfit(f"cannot divide {inputs} channels and {self.filters} filters into {self.groups} groups.")
        return self.filters * (product(self.kernel_size) * inputs // self.groups + self.use_bias)


class Conv1D(Full):
    """A convolution over steps."""

    RANK: ClassVar = 1

    padding: Padding = "valid"  # type: ignore[assignment]


class Conv2D(Full):
    """A convolution over images."""


class Conv3D(Full):
    """A convolution over volumes."""

    RANK: ClassVar = 3


class Transposed(Full):
    """A convolution that makes its input longer."""

    groups: Literal[1] = 1
    output_padding: None = None

    def shapes(self, use: Use) -> Shapes:
        rank_is(use.shape, self.RANK + 1)
        windows = zip(use.shape, self.kernel_size, self.strides, self.dilation_rate, strict=False)
        lengths = [transposed(n, d * (k - 1) + 1, s, self.padding) for n, k, s, d in windows]
        known(use.shape, -1)
        return ((*lengths, self.filters),)

    def positions(self, use: Use, shapes: Shapes) -> int:
        return product(use.shape[:-1])


class Conv1DTranspose(Transposed):
    """The transposed convolution over steps."""

    RANK: ClassVar = 1


class Conv2DTranspose(Transposed):
    """The transposed convolution over images."""


class Depthwise(Convolution):
    """A convolution of each channel by itself."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("kernel_size",)

    groups: Literal[1] = 1  # Keras 2 writes it
    depth_multiplier: Size = 1
    depthwise_regularizer: Regularizer = None
    depthwise_constraint: Constraint = None

    def channels(self, inputs: int) -> int:
        return inputs * self.depth_multiplier

    def parameters(self, use: Use) -> int:
        return self.channels(known(use.shape, -1)) * (product(self.kernel_size) + self.use_bias)


class DepthwiseConv1D(Depthwise):
    """Depthwise over steps."""

    RANK: ClassVar = 1


class DepthwiseConv2D(Depthwise):
    """Depthwise over images."""


class Separable(Depthwise):
    """Depthwise, then a convolution of width 1 that mixes the channels."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("filters", "kernel_size")

    filters: Units
    pointwise_regularizer: Regularizer = None
    pointwise_constraint: Constraint = None

    def channels(self, inputs: int) -> int:
        return self.filters

    def parameters(self, use: Use) -> int:
        inputs = known(use.shape, -1)
        depthwise = inputs * self.depth_multiplier
        return depthwise * product(self.kernel_size) + self.filters * (depthwise + self.use_bias)

    def workspace(self, use: Use) -> int:
        return product(self.shapes(use)[0][:-1]) * known(use.shape, -1) * self.depth_multiplier


class SeparableConv1D(Separable):
    """Separable over steps."""

    RANK: ClassVar = 1

    padding: Padding = "valid"  # type: ignore[assignment]


class SeparableConv2D(Separable):
    """Separable over images."""


LAYERS: tuple[type[Layer], ...] = (
    Conv1D, Conv2D, Conv3D, Conv1DTranspose, Conv2DTranspose, DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D,
    SeparableConv2D,
)  # fmt: skip
