"""Operations on tensors, which a configuration lists among the layers: `a + b`, `ops.split`, `x[:, 0]`."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, ClassVar

from pydantic import Field

from backend.own_network.layers.base import Axis, Layer, Number, Strict, Use
from backend.own_network.refusal import Unfit
from backend.own_network.shapes import Dim, Shapes, axis_of, broadcast, known

Index = Annotated[int, Field(ge=-(10**6), le=10**6)]


class Operation(Layer):
    """An operation. Each has one call, whose constants are its fields."""

    #: The names of the constants that follow the tensors in a call.
    CONSTANTS: ClassVar[tuple[str, ...]] = ()
    KIND: ClassVar[str] = ""

    @property
    def kind(self) -> str:
        return self.KIND or type(self).__name__

    def expression(self, tensors: tuple[str, ...]) -> str:
        """The operation on these variables, as source."""
        raise NotImplementedError


class Arithmetic(Operation):
    """An operator between two tensors, or a tensor and a number; `left` and `right` are the numbers."""

    OPERATOR: ClassVar[str]

    left: Number | None = None
    right: Number | None = None

    def shapes(self, use: Use) -> Shapes:
        return (broadcast(use.inputs),)

    def expression(self, tensors: tuple[str, ...]) -> str:
        first, last = ((*tensors, None) if self.left is None else (None, *tensors))[:2]
        return f"{self.left if first is None else first} {self.OPERATOR} {self.right if last is None else last}"


class AddOperation(Arithmetic):
    """a + b."""

    KIND: ClassVar = "Add"
    OPERATOR: ClassVar = "+"


class SubtractOperation(Arithmetic):
    """a - b."""

    KIND: ClassVar = "Subtract"
    OPERATOR: ClassVar = "-"


class MultiplyOperation(Arithmetic):
    """a * b."""

    KIND: ClassVar = "Multiply"
    OPERATOR: ClassVar = "*"


class DivideOperation(Arithmetic):
    """a / b."""

    KIND: ClassVar = "Divide"
    OPERATOR: ClassVar = "/"


class MaximumOperation(Arithmetic):
    """The larger of a and b."""

    KIND: ClassVar = "Maximum"
    OPERATOR: ClassVar = "maximum"

    def expression(self, tensors: tuple[str, ...]) -> str:
        first, _, last = super().expression(tensors).partition(f" {self.OPERATOR} ")
        return f"ops.{self.OPERATOR}({first}, {last})"


class MinimumOperation(MaximumOperation):
    """The smaller of a and b."""

    KIND: ClassVar = "Minimum"
    OPERATOR: ClassVar = "minimum"


class Elementwise(Operation):
    """A function of each number by itself."""

    FUNCTION: ClassVar[str]

    def expression(self, tensors: tuple[str, ...]) -> str:
        return f"ops.{self.FUNCTION}({tensors[0]})"


class Reduction(Operation):
    """A function of all numbers along some axes."""

    FUNCTION: ClassVar[str]
    CONSTANTS: ClassVar = ("axis", "keepdims")

    axis: Axis | Annotated[tuple[Axis, ...], Field(min_length=1, max_length=6)]
    keepdims: bool = False

    def expression(self, tensors: tuple[str, ...]) -> str:
        kept = ", keepdims=True" if self.keepdims else ""
        return f"ops.{self.FUNCTION}({tensors[0]}, axis={self.axis}{kept})"

    def shapes(self, use: Use) -> Shapes:
        axes = self.axis if isinstance(self.axis, tuple) else (self.axis,)
        positions = [axis_of(axis, len(use.shape)) for axis in axes]
        if len(set(positions)) < len(positions):
            raise Unfit("reduces an axis twice.")
        kept: list[Dim] = []
        for axis, length in enumerate(use.shape):
            if axis not in positions:
                kept.append(length)
            elif self.keepdims:
                kept.append(1)
        return (tuple(kept),)


class Split(Operation):
    """The tensor in equal parts, or cut at some indices."""

    CONSTANTS: ClassVar = ("indices_or_sections", "axis")

    indices_or_sections: (
        Annotated[int, Field(ge=1, le=64)]
        | Annotated[tuple[Annotated[int, Field(ge=1, le=10**6)], ...], Field(min_length=1, max_length=63)]
    )
    axis: Axis = 0

    @property
    def several(self) -> bool:
        return True

    def expression(self, tensors: tuple[str, ...]) -> str:
        return f"ops.split({tensors[0]}, {self.indices_or_sections}, axis={self.axis})"

    def shapes(self, use: Use) -> Shapes:
        axis = axis_of(self.axis, len(use.shape))
        length, sections = known(use.shape, axis), self.indices_or_sections
        if isinstance(sections, int):
            if length % sections:
                raise Unfit(f"cannot split {length} numbers into {sections} equal parts.")
            lengths = [length // sections] * sections
        else:
            ends = (0, *sections, length)
            lengths = [stop - start for start, stop in pairwise(ends)]
            if min(lengths) < 1:
                raise Unfit(f"splits {length} numbers at {sections[:8]}.")
        return tuple((*use.shape[:axis], part, *use.shape[axis + 1 :]) for part in lengths)


class Stack(Operation):
    """Tensors of one shape along a new axis."""

    TENSORS: ClassVar = (1, 64)
    CONSTANTS: ClassVar = ("axis",)

    axis: Axis = 0

    def expression(self, tensors: tuple[str, ...]) -> str:
        return f"ops.stack([{', '.join(tensors)}], axis={self.axis})"

    def shapes(self, use: Use) -> Shapes:
        if len(set(use.inputs)) > 1:
            raise Unfit("stacks tensors of different shapes.")
        axis = axis_of(self.axis, len(use.shape) + 1)
        return ((*use.shape[:axis], len(use.inputs), *use.shape[axis:]),)


class ExpandDims(Operation):
    """A new axis of length 1."""

    CONSTANTS: ClassVar = ("axis",)

    axis: Axis

    def expression(self, tensors: tuple[str, ...]) -> str:
        return f"ops.expand_dims({tensors[0]}, axis={self.axis})"

    def shapes(self, use: Use) -> Shapes:
        axis = axis_of(self.axis, len(use.shape) + 1)
        return ((*use.shape[:axis], 1, *use.shape[axis:]),)


class Slice(Strict):
    """`start:stop:step`."""

    start: Index | None = None
    stop: Index | None = None
    step: Annotated[int, Field(ge=1, le=10**6)] | None = None


class GetItem(Operation):
    """A part of a tensor: an index or a slice for each axis, the batch first."""

    CONSTANTS: ClassVar = ("index",)

    index: Annotated[tuple[Slice | Index, ...], Field(min_length=2, max_length=7)]

    def expression(self, tensors: tuple[str, ...]) -> str:
        return tensors[0] + _written(self.index)

    def shapes(self, use: Use) -> Shapes:
        batch, *indices = self.index
        if batch != Slice() or len(indices) > len(use.shape):
            raise Unfit("takes a part of the batch, or of axes that its input does not have.")
        lengths: list[Dim] = []
        for length, index in zip(use.shape, indices, strict=False):
            if isinstance(index, Slice):
                lengths.append(_length(length, index))
            elif length is not None and not -length <= index < length:
                raise Unfit(f"takes element {index} of {length}.")
        return ((*lengths, *use.shape[len(indices) :]),)


def _length(length: Dim, part: Slice) -> Dim:
    if part == Slice():
        return length
    if length is None:
        if part.stop is None or part.stop < 0 or (part.start or 0) < 0:
            return None
        raise Unfit("takes a part of an axis whose length varies.")
    result = len(range(length)[slice(part.start, part.stop, part.step)])
    if not result:
        raise Unfit(f"takes none of {length} elements.")
    return result


def _written(index: tuple[Slice | int, ...]) -> str:
    """The index as source: `[:, -1]`."""

    def part(each: Slice | int) -> str:
        if isinstance(each, int):
            return str(each)
        start, stop, step = ("" if value is None else str(value) for value in (each.start, each.stop, each.step))
        return f"{start}:{stop}" + (f":{step}" if step else "")

    return f"[{', '.join(map(part, index))}]"


def _named(base: type[Operation], function: str, kind: str) -> type[Operation]:
    """An operation that differs from others of its family in its function alone."""
    constants = {"FUNCTION": function, "KIND": kind}
    names = {**constants, "__module__": __name__, "__doc__": f"`ops.{function}`."}
    return type(kind, (base,), {**names, "__annotations__": dict.fromkeys(constants, ClassVar[str])})


#: By the names of Keras's classes. Some are also layers, whose calls take a list.
OPERATIONS: dict[str, type[Operation]] = {
    "Add": AddOperation, "Subtract": SubtractOperation, "Multiply": MultiplyOperation, "Divide": DivideOperation,
    "TrueDivide": DivideOperation, "Maximum": MaximumOperation, "Minimum": MinimumOperation,
    "Split": Split, "Stack": Stack, "ExpandDims": ExpandDims, "GetItem": GetItem,
    "Absolute": _named(Elementwise, "abs", "Absolute"),
    **{name.title(): _named(Elementwise, name, name.title())
       for name in ("square", "negative", "exp", "sigmoid", "tanh", "relu")},
    **{name.title(): _named(Reduction, name, name.title()) for name in ("mean", "sum", "max", "min")},
}  # fmt: skip
