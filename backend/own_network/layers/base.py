"""What a layer is here: Keras's arguments with types and bounds, the shapes of its outputs, and its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from backend.own_network.refusal import Unfit
from backend.own_network.shapes import Shape, Shapes, product

Dtype = Literal["float32", "float64", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16"]
#: The dtypes of an input. There is no text, because layers that read it need files or vocabularies.
InputDtype = Literal[
    "float32", "float64", "float16", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "bool",
]  # fmt: skip
Activation = Literal[
    "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "swish", "hard_silu", "hard_swish",
    "mish", "sigmoid", "hard_sigmoid", "log_sigmoid", "softmax", "log_softmax", "softplus", "softsign", "tanh",
    "exponential",
]  # fmt: skip
Units = Annotated[int, Field(ge=1, le=65_536)]
#: The width of a window, a stride or a factor.
Size = Annotated[int, Field(ge=1, le=1_024)]
#: Elements added or removed at an end of an axis.
Margin = Annotated[int, Field(ge=0, le=4_096)]
Axis = Annotated[int, Field(ge=-8, le=8)]
Rate = Annotated[float, Field(ge=0, lt=1)]
Number = Annotated[float, Field(ge=-1e9, le=1e9)]
Positive = Annotated[float, Field(ge=0, le=1e9)]
#: Keras allows other values. The app does not build them.
Never = Literal[False]


def is_own_class(value: dict[str, Any]) -> bool:
    """Whether a configuration says that an object is of a class that is not Keras's, whatever its name."""
    module, registered = value.get("module"), value.get("registered_name")
    foreign = isinstance(module, str) and module.split(".")[0] not in ("keras", "tf_keras")
    return foreign or (isinstance(registered, str) and ">" in registered)


class Strict(BaseModel):
    """Base class of all that is read: each value must have exactly the type of its field, and each field be known."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class Penalty(Strict):
    """A regularizer: `l1` and `l2` as Keras's class of this name takes them."""

    kind: Literal["L1", "L2", "L1L2"]
    l1: Annotated[float, Field(ge=0, le=1e6)] | None = None
    l2: Annotated[float, Field(ge=0, le=1e6)] | None = None


class Limit(Strict):
    """A constraint of a weight, by the name of Keras's class."""

    kind: Literal["NonNeg", "MaxNorm", "UnitNorm", "MinMaxNorm"]
    max_value: Positive | None = None
    min_value: Positive | None = None
    rate: Annotated[float, Field(ge=0, le=1)] | None = None
    axis: Axis | tuple[Axis, ...] | None = None


def _object(value: Any) -> Any:
    """The arguments of a Keras object in a configuration, with its class as `kind`. Anything else stays as it is."""
    if not isinstance(value, dict) or not isinstance(value.get("config"), dict) or is_own_class(value):
        return value
    return {**value["config"], "kind": value.get("class_name")}


Regularizer = Annotated[Penalty | None, BeforeValidator(_object)]
Constraint = Annotated[Limit | None, BeforeValidator(_object)]


class Use(NamedTuple):
    """How a call uses a layer: the shapes of its positional tensors, and of the others by keyword."""

    inputs: Shapes
    keywords: Mapping[str, Shapes] = MappingProxyType({})

    @property
    def shape(self) -> Shape:
        """The shape of the first tensor."""
        return self.inputs[0]


class Measured(NamedTuple):
    """What one call of a layer gives and needs for one example.

    `activations` are the numbers that are kept for the gradient; `multiplications` are those of a forward pass.
    """

    shapes: Shapes
    parameters: int = 0
    activations: int = 0
    multiplications: int = 0


class Budget:
    """Counts what a model needs while it is measured. Raises `Unfit` if that exceeds the app's bounds."""

    def __init__(self, calls: int, activations: int, multiplications: int) -> None:
        self._left = {
            "calls of layers": calls,
            "activations for one example": activations,
            "multiplications for one example": multiplications,
        }
        self._most = dict(self._left)

    def spend(self, measured: Measured) -> None:
        """Count one call."""
        needs = (1, measured.activations, measured.multiplications)
        for what, need in zip(self._left, needs, strict=True):
            self._left[what] -= need
            if self._left[what] < 0:
                raise Unfit(f"brings the model above {self._most[what]:,} {what}, the most that the app builds.")


class Layer(Strict):
    """A layer, with the names and defaults of Keras's arguments. `name` is cleaned.

    `POSITIONAL` are arguments that source writes without their keyword. `TENSORS` says what a call takes: one tensor
    if it is None, or a list with at least and at most so many.
    """

    POSITIONAL: ClassVar[tuple[str, ...]] = ()
    TENSORS: ClassVar[tuple[int, int] | None] = None
    #: Keywords of a call that take tensors, and those that take True or False.
    KEYWORDS: ClassVar[tuple[str, ...]] = ()
    FLAGS: ClassVar[tuple[str, ...]] = ()

    name: str
    trainable: bool = True
    dtype: Dtype = "float32"

    @property
    def kind(self) -> str:
        """The name of Keras's class."""
        return type(self).__name__

    @property
    def several(self) -> bool:
        """Whether a call returns several tensors."""
        return False

    def argument(self, field: str) -> Any:
        """The value of an argument as source has it."""
        return getattr(self, field)

    def usual(self, field: str) -> Any:
        """Keras's default of an argument, which source leaves out."""
        return type(self).model_fields[field].default

    def shapes(self, use: Use) -> Shapes:
        """The shapes of the outputs. Raises `Unfit` if the layer cannot read its inputs."""
        return (use.shape,)

    def parameters(self, use: Use) -> int:
        """The number of weights, those that are not trained included."""
        return 0

    def positions(self, use: Use, shapes: Shapes) -> int:
        """How often each weight is multiplied for one example."""
        return product(shapes[0][:-1])

    def workspace(self, use: Use) -> int:
        """How many numbers the layer keeps for the gradient besides its outputs."""
        return 0

    def products(self, use: Use) -> int:
        """How many multiplications of two inputs the layer makes for one example."""
        return 0

    def measure(self, use: Use, budget: Budget) -> Measured:
        """What a call returns and needs. Raises `Unfit` if its inputs do not fit, or if it exceeds the budget."""
        shapes, parameters = self.shapes(use), self.parameters(use)
        measured = Measured(
            shapes,
            parameters,
            sum(map(product, shapes)) + self.workspace(use),
            parameters * self.positions(use, shapes) + self.products(use),
        )
        budget.spend(measured)
        return measured


def short(value: Any) -> Any:
    """One number in place of a tuple of equal ones."""
    return value[0] if isinstance(value, tuple) and len(set(value)) == 1 else value


def by_rank(**defaults: int | None) -> Any:
    """A validator that gives each of these fields as many numbers as the layer has axes; one number stands for all.

    A field without a value gets its default. If the default is None, the field needs a value.
    """

    def expand(cls: Any, values: Any) -> Any:
        for field, default in defaults.items():
            value = values.get(field)
            value = default if value is None else value
            if isinstance(value, int) and not isinstance(value, bool):
                values = {**values, field: (value,) * cls.RANK}
            elif isinstance(value, tuple) and len(value) != cls.RANK:
                raise ValueError(f"{field} must have {cls.RANK} numbers")
        return values

    return model_validator(mode="before")(classmethod(expand))  # type: ignore[arg-type]


def rank_is(shape: Shape, rank: int) -> None:
    """Raises `Unfit` if a tensor does not have `rank` axes besides the batch."""
    if len(shape) != rank:
        raise Unfit(f"reads a tensor of {rank} axes besides the batch, but its input has {len(shape)}.")
