"""LSTM, GRU and SimpleRNN, and the layers that wrap another one."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import SerializeAsAny, model_validator

from backend.own_network.layers.base import (
    Activation,
    Budget,
    Constraint,
    Layer,
    Measured,
    Never,
    Rate,
    Regularizer,
    Units,
    Use,
    rank_is,
)  # fmt: skip
from backend.own_network.refusal import Unfit
from backend.own_network.shapes import Shape, Shapes, known, product


class Recurrent(Layer):
    """What LSTM, GRU and SimpleRNN have in common."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("units",)
    KEYWORDS: ClassVar = ("initial_state",)
    #: How many kernels are concatenated, and how many states there are.
    GATES: ClassVar[int] = 1
    STATES: ClassVar[int] = 1

    units: Units
    activation: Activation = "tanh"
    use_bias: bool = True
    dropout: Rate = 0.0
    recurrent_dropout: Rate = 0.0
    return_sequences: bool = False
    return_state: bool = False
    go_backwards: bool = False
    stateful: Never = False
    unroll: bool = False
    zero_output_for_mask: bool = False
    kernel_regularizer: Regularizer = None
    recurrent_regularizer: Regularizer = None
    bias_regularizer: Regularizer = None
    activity_regularizer: Regularizer = None
    kernel_constraint: Constraint = None
    recurrent_constraint: Constraint = None
    bias_constraint: Constraint = None

    def shapes(self, use: Use) -> Shapes:
        rank_is(use.shape, 2)
        known(use.shape, 1)
        for states in use.keywords.values():
            if states != ((self.units,),) * self.STATES:
                raise Unfit(f"takes initial states of the shape {(self.units,)}, one for each of its states.")
        if self.unroll and known(use.shape, 0) > MAX_UNROLLED:
            raise Unfit(f"has unroll=True, which the app builds for at most {MAX_UNROLLED} steps.")
        output: Shape = (use.shape[0], self.units) if self.return_sequences else (self.units,)
        return (output, *[(self.units,)] * (self.STATES * self.return_state))

    def parameters(self, use: Use) -> int:
        return self.GATES * self.units * (known(use.shape, 1) + self.units + self.biases)

    @property
    def several(self) -> bool:
        return self.return_state

    @property
    def biases(self) -> int:
        """How many biases each unit has in each gate."""
        return int(self.use_bias)

    def positions(self, use: Use, shapes: Shapes) -> int:
        return product(use.shape[:1])

    def workspace(self, use: Use) -> int:
        return product(use.shape[:1]) * self.units * (self.GATES + self.STATES)


#: Keras builds a node for each step of an unrolled layer.
MAX_UNROLLED = 64


class SimpleRNN(Recurrent):
    """A layer without gates, which reads its previous output at each step."""


class LSTM(Recurrent):
    """Long short-term memory."""

    GATES: ClassVar = 4
    STATES: ClassVar = 2

    recurrent_activation: Activation = "sigmoid"
    unit_forget_bias: bool = True


class GRU(Recurrent):
    """A gated recurrent unit."""

    GATES: ClassVar = 3

    recurrent_activation: Activation = "sigmoid"
    reset_after: bool = True

    @property
    def biases(self) -> int:
        return self.use_bias * (1 + self.reset_after)


class Wrapper(Layer):
    """A layer around another one."""

    POSITIONAL: ClassVar[tuple[str, ...]] = ("layer",)

    layer: SerializeAsAny[Layer]


class TimeDistributed(Wrapper):
    """Calls its layer on each step."""

    def measure(self, use: Use, budget: Budget) -> Measured:
        if len(use.shape) < 2:
            raise Unfit("reads a tensor of at least 2 axes besides the batch.")
        steps = product(use.shape[:1])
        inner = self.layer.measure(Use((use.shape[1:],)), budget)
        if self.layer.several or len(inner.shapes) != 1:
            raise Unfit("has a layer with several outputs.")
        # The inner layer has counted the first step.
        budget.spend(Measured((), 0, inner.activations * (steps - 1), inner.multiplications * (steps - 1)))
        return Measured(
            ((use.shape[0], *inner.shapes[0]),),
            inner.parameters,
            inner.activations * steps,
            inner.multiplications * steps,
        )


class Bidirectional(Wrapper):
    """One recurrent layer reads forwards, another one backwards."""

    layer: LSTM | GRU | SimpleRNN
    merge_mode: Literal["concat", "sum", "mul", "ave"] | None = "concat"
    backward_layer: LSTM | GRU | SimpleRNN | None = None

    @model_validator(mode="after")
    def _both_directions(self) -> Bidirectional:
        back = self.backward_layer
        if back and back.go_backwards == self.layer.go_backwards:
            raise ValueError("both layers read in the same direction")
        if back and back.units != self.layer.units:
            raise ValueError("its two layers have different units")
        if back and (back.return_sequences, back.return_state) != (
            self.layer.return_sequences,
            self.layer.return_state,
        ):
            raise ValueError("its two layers return different things")
        return self

    @property
    def several(self) -> bool:
        return self.layer.return_state or self.merge_mode is None

    def usual(self, field: str) -> Any:
        """The backward layer that Keras makes of the forward one is left out."""
        if field == "backward_layer" and self.backward_layer:
            mirrored = {"name": self.layer.name, "go_backwards": not self.backward_layer.go_backwards}
            return self.backward_layer if self.backward_layer.model_copy(update=mirrored) == self.layer else None
        return super().usual(field)

    def measure(self, use: Use, budget: Budget) -> Measured:
        forward = self.layer.measure(use, budget)
        backward = (self.backward_layer or self.layer).measure(use, budget)
        (left, *states), (right, *others) = forward.shapes, backward.shapes
        shapes: tuple[Shape, ...] = (left, right)
        if self.merge_mode == "concat":
            shapes = ((*left[:-1], known(left, -1) + known(right, -1)),)
        elif self.merge_mode is not None:
            shapes = (left,)
        return Measured(
            (*shapes, *states, *others),
            forward.parameters + backward.parameters,
            forward.activations + backward.activations + sum(map(product, shapes)),
            forward.multiplications + backward.multiplications,
        )


LAYERS: tuple[type[Layer], ...] = (LSTM, GRU, SimpleRNN, TimeDistributed, Bidirectional)
