"""Dropout and its relatives, noise, and normalization."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from backend.own_network.layers.base import (
    Axis,
    Constraint,
    Layer,
    Never,
    Rate,
    Regularizer,
    Use,
    rank_is,
    short,
)  # fmt: skip
from backend.own_network.refusal import Unfit
from backend.own_network.shapes import Shapes, axis_of, known, product

Momentum = Annotated[float, Field(ge=0, le=1)]
Epsilon = Annotated[float, Field(gt=0, le=1)]


class Dropping(Layer):
    """Drops or disturbs numbers at random while training."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("rate",)
    FLAGS: ClassVar = ("training",)

    rate: Rate


class Dropout(Dropping):
    """Zeros in place of some numbers; `noise_shape`, the batch first, has 1 for axes along which all or none are 0."""

    noise_shape: Annotated[tuple[Annotated[int, Field(ge=1, le=1)] | None, ...], Field(max_length=7)] | None = None

    def shapes(self, use: Use) -> Shapes:
        if self.noise_shape is not None and len(self.noise_shape) != len(use.shape) + 1:
            raise Unfit("has a noise_shape with another number of axes than its input.")
        return (use.shape,)


class AlphaDropout(Dropout):
    """Dropout that keeps mean and variance."""


class GaussianDropout(Dropping):
    """Numbers times noise around 1."""


class SpatialDropout(Dropping):
    """Dropout of whole channels."""

    RANK: ClassVar[int]

    data_format: Annotated[str, Field(pattern="^channels_last$")] = "channels_last"

    def shapes(self, use: Use) -> Shapes:
        rank_is(use.shape, self.RANK + 1)
        return (use.shape,)


class SpatialDropout1D(Dropping):
    """Dropout of whole channels of a sequence."""

    def shapes(self, use: Use) -> Shapes:
        rank_is(use.shape, 2)
        return (use.shape,)


class SpatialDropout2D(SpatialDropout):
    """Dropout of whole channels of an image."""

    RANK: ClassVar = 2


class SpatialDropout3D(SpatialDropout):
    """Dropout of whole channels of a volume."""

    RANK: ClassVar = 3


class GaussianNoise(Layer):
    """Adds noise while training."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("stddev",)

    stddev: Annotated[float, Field(ge=0, le=1e6)]


class Normalizing(Layer):
    """What the layers with a scale (`gamma`) and an offset (`beta`) have in common."""

    epsilon: Epsilon = 1e-3
    center: bool = True
    scale: bool = True
    gamma_regularizer: Regularizer = None
    beta_regularizer: Regularizer = None
    gamma_constraint: Constraint = None
    beta_constraint: Constraint = None

    def argument(self, field: str) -> Any:
        return short(super().argument(field)) if field == "axis" else super().argument(field)

    def positions(self, use: Use, shapes: Shapes) -> int:
        return 1


class BatchNormalization(Normalizing):
    """Normalizes each channel over the batch."""

    FLAGS: ClassVar = ("training",)

    axis: Axis | tuple[Axis] = -1
    momentum: Momentum = 0.99
    synchronized: Never = False
    renorm: Never = False
    renorm_clipping: None = None
    renorm_momentum: Momentum = 0.99

    def parameters(self, use: Use) -> int:
        axis = self.axis[0] if isinstance(self.axis, tuple) else self.axis
        return known(use.shape, axis_of(axis, len(use.shape))) * (2 + self.scale + self.center)


class LayerNormalization(Normalizing):
    """Normalizes each example over some axes."""

    axis: Axis | Annotated[tuple[Axis, ...], Field(min_length=1, max_length=6)] = -1
    rms_scaling: bool = False

    def parameters(self, use: Use) -> int:
        axes = self.axis if isinstance(self.axis, tuple) else (self.axis,)
        positions = {axis_of(axis, len(use.shape)) for axis in axes}
        if len(positions) < len(axes):
            raise Unfit("normalizes an axis twice.")
        scales = self.scale or self.rms_scaling
        offsets = self.center and not self.rms_scaling
        return product(known(use.shape, axis) for axis in positions) * (scales + offsets)


class GroupNormalization(Normalizing):
    """Normalizes groups of channels."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("groups",)

    groups: Annotated[int, Field(ge=-1, le=65_536)] = 32
    axis: Axis = -1

    def parameters(self, use: Use) -> int:
        channels = known(use.shape, axis_of(self.axis, len(use.shape)))
        if self.groups != -1 and (self.groups < 1 or channels % self.groups):
            raise Unfit(f"cannot divide {channels} channels into {self.groups} groups.")
        return channels * (self.scale + self.center)


class UnitNormalization(Layer):
    """Scales each vector along some axes to length 1."""

    axis: Axis | Annotated[tuple[Axis, ...], Field(min_length=1, max_length=6)] = -1

    def shapes(self, use: Use) -> Shapes:
        for axis in self.axis if isinstance(self.axis, tuple) else (self.axis,):
            axis_of(axis, len(use.shape))
        return (use.shape,)

    def argument(self, field: str) -> Any:
        return short(super().argument(field))


class Normalization(Layer):
    """Subtracts a mean and divides by a standard deviation, which are learnt from data before the training."""

    axis: Axis | Annotated[tuple[Axis, ...], Field(max_length=6)] | None = -1
    mean: None = None
    variance: None = None
    invert: bool = False

    def argument(self, field: str) -> Any:
        return short(super().argument(field))

    def shapes(self, use: Use) -> Shapes:
        self._positions(use)
        return (use.shape,)

    def parameters(self, use: Use) -> int:
        return 2 * product(known(use.shape, axis) for axis in self._positions(use)) + 1

    def positions(self, use: Use, shapes: Shapes) -> int:
        return 1

    def _positions(self, use: Use) -> tuple[int, ...]:
        axes = self.axis if isinstance(self.axis, tuple) else () if self.axis is None else (self.axis,)
        positions = tuple(axis_of(axis, len(use.shape)) for axis in axes)
        if list(positions) != sorted(set(positions)):
            raise Unfit("normalizes axes twice, or in another order than its input has them.")
        return positions


LAYERS: tuple[type[Layer], ...] = (
    Dropout, AlphaDropout, GaussianDropout, SpatialDropout1D, SpatialDropout2D, SpatialDropout3D, GaussianNoise,
    BatchNormalization, LayerNormalization, GroupNormalization, UnitNormalization, Normalization,
)  # fmt: skip
