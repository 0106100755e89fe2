"""Shapes without the batch, and how the length of an axis changes. None is a length that varies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from backend.own_network.refusal import Unfit

Dim = int | None
Shape = tuple[Dim, ...]
Shapes = tuple[Shape, ...]
Padding = Literal["valid", "same", "causal"]


def product(dims: Iterable[Dim]) -> int:
    """How many numbers a tensor of these dimensions has; a dimension that varies counts as 1."""
    result = 1
    for dim in dims:
        result *= 1 if dim is None else dim
    return result


def known(shape: Shape, axis: int, what: str = "its input") -> int:
    """The length of an axis of `shape`. Raises `Unfit` if it varies or does not exist."""
    if not -len(shape) <= axis < len(shape):
        raise Unfit(f"needs {what} with more axes than {written(shape)}.")
    length = shape[axis]
    if length is None:
        raise Unfit(f"needs {what} with a fixed length in place of each None in {written(shape)} that it reads.")
    return length


def axis_of(axis: int, rank: int) -> int:
    """The position of a Keras axis in a shape without the batch. Raises `Unfit` if there is none.

    Keras counts from the batch (1 is the first of ours), or from the end (-1 is the last).
    """
    if axis in (0, -rank - 1):
        raise Unfit("works along the batch, so it mixes examples.")
    position = axis - 1 if axis >= 0 else rank + axis
    if not 0 <= position < rank:
        raise Unfit(f"has an axis {axis} that its input does not have.")
    return position


def convolved(length: Dim, size: int, stride: int, dilation: int, padding: Padding) -> Dim:
    """The length after a window of `size` moves over `length`. Raises `Unfit` if it does not fit."""
    if length is None:
        return None
    if padding != "valid":
        return -(-length // stride)
    result = (length - dilation * (size - 1) - 1) // stride + 1
    if result < 1:
        raise Unfit(f"has a window of {dilation * (size - 1) + 1}, but its input has only {length}.")
    return result


def transposed(length: Dim, size: int, stride: int, padding: Padding) -> Dim:
    """The length after a transposed convolution."""
    if length is None:
        return None
    return length * stride + (max(size - stride, 0) if padding == "valid" else 0)


def broadcast(shapes: Shapes) -> Shape:
    """The shape that an elementwise operation gives. Raises `Unfit` if the shapes do not fit."""
    rank = max(len(shape) for shape in shapes)
    if any(len(shape) != rank for shape in shapes):
        raise Unfit(f"joins tensors with different numbers of axes: {', '.join(map(written, shapes))}.")
    return tuple(_common(dims, shapes) for dims in zip(*shapes, strict=True))


def _common(dims: tuple[Dim, ...], shapes: Shapes) -> Dim:
    lengths = set(dims) - {1}
    if len(lengths - {None}) > 1:
        raise Unfit(f"joins tensors of different shapes: {', '.join(map(written, shapes))}.")
    if not lengths:
        return 1
    return max((length for length in lengths if length is not None), default=None)


def written(shape: Shape) -> str:
    """A shape as Python writes it, without the batch: (10, 2)."""
    return str(tuple(shape))
