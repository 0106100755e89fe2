"""Pooling, and layers that lengthen or shorten the axes of an image or a sequence."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from backend.own_network.layers.base import Layer, Margin, Size, Use, by_rank, rank_is, short
from backend.own_network.refusal import Unfit
from backend.own_network.shapes import Dim, Shape, Shapes, convolved

ChannelsLast = Annotated[str, Field(pattern="^channels_last$")]


class Spatial(Layer):
    """A layer on tensors of `RANK` axes and channels."""

    RANK: ClassVar[int] = 2

    data_format: ChannelsLast = "channels_last"

    def argument(self, field: str) -> Any:
        value = super().argument(field)
        return short(value) if field in ("pool_size", "strides", "size") else value


class Pooling(Spatial):
    """The largest number or the mean of each window."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("pool_size",)

    pool_size: tuple[Size, ...]
    strides: tuple[Size, ...] = ()
    padding: Literal["valid", "same"] = "valid"

    _by_rank = by_rank(pool_size=2)

    @model_validator(mode="before")
    @classmethod
    def _as_wide(cls, values: Any) -> Any:
        strides = values.get("strides")
        if strides is None:
            strides = values.get("pool_size", 2)
        if isinstance(strides, int) and not isinstance(strides, bool):
            strides = (strides,) * cls.RANK
        if isinstance(strides, tuple) and len(strides) != cls.RANK:
            raise ValueError(f"strides must have {cls.RANK} numbers")
        return {**values, "strides": strides}

    def usual(self, field: str) -> Any:
        return self.pool_size if field == "strides" else super().usual(field)

    def shapes(self, use: Use) -> Shapes:
        rank_is(use.shape, self.RANK + 1)
        windows = zip(use.shape, self.pool_size, self.strides, strict=False)
        return ((*(convolved(n, k, s, 1, self.padding) for n, k, s in windows), use.shape[-1]),)


class GlobalPooling(Spatial):
    """The largest number or the mean of each channel."""

    keepdims: bool = False

    def shapes(self, use: Use) -> Shapes:
        rank_is(use.shape, self.RANK + 1)
        return ((*(1,) * (self.RANK * self.keepdims), use.shape[-1]),)


class UpSampling(Spatial):
    """Each number several times."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("size",)

    size: tuple[Size, ...]

    _by_rank = by_rank(size=2)

    def shapes(self, use: Use) -> Shapes:
        rank_is(use.shape, self.RANK + 1)
        factors = zip(use.shape, self.size, strict=False)
        return ((*(None if n is None else n * factor for n, factor in factors), use.shape[-1]),)


Ends = tuple[Margin, Margin]


class Margins(Spatial):
    """A layer that adds or removes elements at both ends of each axis. `ENDS` names the argument with their numbers."""

    ENDS: ClassVar[str]
    USUAL: ClassVar[int] = 1

    @model_validator(mode="before")
    @classmethod
    def _both_ends(cls, values: Any) -> Any:
        ends = values.get(cls.ENDS)
        ends = cls.USUAL if ends is None else ends
        if isinstance(ends, int) and not isinstance(ends, bool):
            ends = (ends,) * (2 if cls.RANK == 1 else cls.RANK)
        if isinstance(ends, tuple):
            if cls.RANK == 1 and len(ends) == 2:
                ends = (ends,)
            ends = tuple((end, end) if isinstance(end, int) else end for end in ends)
            if len(ends) != cls.RANK:
                raise ValueError(f"{cls.ENDS} must have {cls.RANK} numbers")
        return {**values, cls.ENDS: ends}

    def usual(self, field: str) -> Any:
        return ((self.USUAL,) * 2,) * self.RANK if field == self.ENDS else super().usual(field)

    def argument(self, field: str) -> Any:
        value = super().argument(field)
        if field != self.ENDS:
            return value
        if len({end for ends in value for end in ends}) == 1:
            return value[0][0]
        return value[0] if self.RANK == 1 else value

    def lengths(self, use: Use, sign: int) -> Shape:
        """The lengths with the elements at the ends added (1) or removed (-1). Raises `Unfit` if no element is left."""
        rank_is(use.shape, self.RANK + 1)
        lengths: list[Dim] = []
        for length, ends in zip(use.shape, getattr(self, self.ENDS), strict=False):
            lengths.append(None if length is None else length + sign * sum(ends))
            if length is not None and length + sign * sum(ends) < 1:
                raise Unfit(f"removes {sum(ends)} of {length} elements.")
        return (*lengths, use.shape[-1])


class ZeroPadding(Margins):
    """Zeros at the ends."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("padding",)
    ENDS: ClassVar = "padding"

    padding: tuple[Ends, ...]

    def shapes(self, use: Use) -> Shapes:
        return (self.lengths(use, 1),)


class Cropping(Margins):
    """Removes the ends."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("cropping",)
    ENDS: ClassVar = "cropping"

    cropping: tuple[Ends, ...]

    def shapes(self, use: Use) -> Shapes:
        return (self.lengths(use, -1),)


class UpSampling2D(UpSampling):
    """Each row and column several times."""

    interpolation: Literal["nearest", "bilinear"] = "nearest"


class ZeroPadding1D(ZeroPadding):
    """Zeros at the ends of a sequence."""

    RANK: ClassVar = 1


class ZeroPadding2D(ZeroPadding):
    """Zeros around an image."""


class Cropping1D(Cropping):
    """Removes the ends of a sequence."""

    RANK: ClassVar = 1


class Cropping2D(Cropping):
    """Removes the ends of an image."""

    USUAL: ClassVar = 0


def _of_rank(base: type[Layer], name: str, rank: int) -> type[Layer]:
    """A layer that differs from others of its family in its name and its number of axes alone."""
    names = {"RANK": rank, "__module__": __name__, "__doc__": base.__doc__, "__annotations__": {"RANK": ClassVar[int]}}
    return type(name, (base,), names)


LAYERS: tuple[type[Layer], ...] = (
    *(_of_rank(Pooling, f"{name}Pooling{rank}D", rank) for name in ("Max", "Average") for rank in (1, 2, 3)),
    *(_of_rank(GlobalPooling, f"Global{name}Pooling{rank}D", rank)
      for name in ("Max", "Average") for rank in (1, 2, 3)),
    _of_rank(UpSampling, "UpSampling1D", 1), UpSampling2D, _of_rank(UpSampling, "UpSampling3D", 3),
    ZeroPadding1D, ZeroPadding2D, Cropping1D, Cropping2D,
)  # fmt: skip
