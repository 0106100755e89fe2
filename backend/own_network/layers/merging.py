"""Layers that join several tensors, and attention."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from backend.own_network.layers.base import (
    Axis,
    Constraint,
    Layer,
    Never,
    Rate,
    Regularizer,
    Units,
    Use,
    rank_is,
    short,
)  # fmt: skip
from backend.own_network.refusal import Unfit
from backend.own_network.shapes import Shape, Shapes, axis_of, broadcast, known, product, written


class Merge(Layer):
    """An elementwise operation on several tensors."""

    TENSORS: ClassVar = (2, 64)

    def shapes(self, use: Use) -> Shapes:
        return (broadcast(use.inputs),)


class Add(Merge):
    """The sum."""


class Subtract(Merge):
    """The difference of two."""

    TENSORS: ClassVar = (2, 2)


class Multiply(Merge):
    """The product."""


class Average(Merge):
    """The mean."""


class Maximum(Merge):
    """The largest."""


class Minimum(Merge):
    """The smallest."""


class Concatenate(Layer):
    """The tensors one after the other along an axis."""

    TENSORS: ClassVar = (1, 64)

    axis: Axis = -1

    def shapes(self, use: Use) -> Shapes:
        first = use.shape
        axis = axis_of(self.axis, len(first))
        for shape in use.inputs:
            others = zip(first, shape, strict=False)
            if len(shape) != len(first) or any(i != axis and a != b for i, (a, b) in enumerate(others)):
                raise Unfit(f"joins tensors of different shapes: {', '.join(map(written, use.inputs[:8]))}.")
        lengths = [shape[axis] for shape in use.inputs]
        total = None if None in lengths else sum(length or 0 for length in lengths)
        return ((*first[:axis], total, *first[axis + 1 :]),)


class Dot(Layer):
    """The dot product of two tensors along an axis of each."""

    TENSORS: ClassVar = (2, 2)
    POSITIONAL: ClassVar[tuple[str, ...]] = ("axes",)

    axes: Axis | tuple[Axis, Axis]
    normalize: bool = False

    def argument(self, field: str) -> object:
        return short(super().argument(field))

    def shapes(self, use: Use) -> Shapes:
        left, right = use.inputs
        i, j = self._positions(use)
        if left[i] != right[j]:
            raise Unfit(f"adds up axes of different lengths: {written(left)} and {written(right)}.")
        result = (*left[:i], *left[i + 1 :], *right[:j], *right[j + 1 :])
        return (result or (1,),)

    def products(self, use: Use) -> int:
        summed = use.inputs[0][self._positions(use)[0]]
        return product((*self.shapes(use)[0], summed))

    def _positions(self, use: Use) -> tuple[int, int]:
        if not use.inputs[0] or not use.inputs[1] or max(map(len, use.inputs)) > 3:
            raise Unfit("can multiply only tensors of 1 to 3 axes besides the batch.")
        left, right = self.axes if isinstance(self.axes, tuple) else (self.axes, self.axes)
        return axis_of(left, len(use.inputs[0])), axis_of(right, len(use.inputs[1]))


class Attention(Layer):
    """Dot-product attention of Luong: query, value and, if given, key."""

    TENSORS: ClassVar = (2, 3)
    FLAGS: ClassVar = ("use_causal_mask",)

    use_scale: bool = False
    score_mode: Annotated[str, Field(pattern="^(dot|concat)$")] = "dot"
    dropout: Rate = 0.0

    def shapes(self, use: Use) -> Shapes:
        for shape in use.inputs:
            rank_is(shape, 2)
        query, value, key = use.inputs[0], use.inputs[1], use.inputs[-1]
        if query[1] != key[1] or value[0] != key[0]:
            raise Unfit(f"cannot join {', '.join(map(written, use.inputs))}.")
        return ((query[0], value[1]),)

    def parameters(self, use: Use) -> int:
        return int(self.use_scale) + (self.score_mode == "concat")

    def positions(self, use: Use, shapes: Shapes) -> int:
        return 1

    def workspace(self, use: Use) -> int:
        return 2 * product((use.inputs[0][0], use.inputs[1][0]))

    def products(self, use: Use) -> int:
        return product((use.inputs[0][0], use.inputs[1][0])) * (product(use.inputs[0][1:]) + product(use.inputs[1][1:]))


class AdditiveAttention(Attention):
    """Additive attention of Bahdanau."""

    use_scale: bool = True
    score_mode: Annotated[str, Field(pattern="^$")] = ""

    def parameters(self, use: Use) -> int:
        return known(use.inputs[0], -1) if self.use_scale else 0

    def workspace(self, use: Use) -> int:
        return 2 * product((use.inputs[0][0], use.inputs[1][0], use.inputs[0][1]))


class MultiHeadAttention(Layer):
    """Attention with several heads: query, value and, if given, key."""

    TENSORS: ClassVar = (2, 3)
    POSITIONAL: ClassVar[tuple[str, ...]] = ("num_heads", "key_dim")
    KEYWORDS: ClassVar = ("attention_mask",)
    FLAGS: ClassVar = ("use_causal_mask",)

    num_heads: Annotated[int, Field(ge=1, le=1_024)]
    key_dim: Units
    value_dim: Units | None = None
    dropout: Rate = 0.0
    use_bias: bool = True
    use_gate: Never = False
    output_shape: None = None
    attention_axes: tuple[Annotated[int, Field(ge=1, le=1)]] | None = None
    sliding_window: None = None
    flash_attention: None = None
    softmax_robust_masking: Never = False
    kernel_regularizer: Regularizer = None
    bias_regularizer: Regularizer = None
    activity_regularizer: Regularizer = None
    kernel_constraint: Constraint = None
    bias_constraint: Constraint = None

    def shapes(self, use: Use) -> Shapes:
        for shape in use.inputs:
            rank_is(shape, 2)
            known(shape, -1)
        query, value, key = use.inputs[0], use.inputs[1], use.inputs[-1]
        if value[0] != key[0]:
            raise Unfit(f"needs as many values as keys, but their shapes are {written(value)} and {written(key)}.")
        for mask in use.keywords.get("attention_mask", ()):
            if mask != (query[0], value[0]):
                raise Unfit(f"takes an attention_mask of the shape {written((query[0], value[0]))}.")
        return (query,)

    def _values(self) -> int:
        return self.value_dim or self.key_dim

    def usual(self, field: str) -> object:
        if field == "value_dim" and self.value_dim == self.key_dim:
            return self.key_dim
        return (1,) if field == "attention_axes" and self.attention_axes else super().usual(field)

    def parameters(self, use: Use) -> int:
        query, value, key = (known(shape, -1) for shape in (use.inputs[0], use.inputs[1], use.inputs[-1]))
        keys, values = self.num_heads * self.key_dim, self.num_heads * self._values()
        kernels = (query + key) * keys + value * values + values * query
        return kernels + self.use_bias * (2 * keys + values + query)

    def positions(self, use: Use, shapes: Shapes) -> int:
        return max(product(shape[:1]) for shape in use.inputs)

    def workspace(self, use: Use) -> int:
        steps: Shape = (use.inputs[0][0], use.inputs[1][0])
        scores = 2 * self.num_heads * product(steps)
        return scores + self.num_heads * (self.key_dim + self._values()) * (product(steps[:1]) + product(steps[1:]))

    def products(self, use: Use) -> int:
        steps = product((use.inputs[0][0], use.inputs[1][0]))
        return steps * self.num_heads * (self.key_dim + self._values())


LAYERS: tuple[type[Layer], ...] = (
    Add, Subtract, Multiply, Average, Maximum, Minimum, Concatenate, Dot, Attention, AdditiveAttention,
    MultiHeadAttention,
)  # fmt: skip
