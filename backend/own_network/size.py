"""How large a model is, by arithmetic alone: nothing is built before it is known to be within the bounds."""

from __future__ import annotations

from dataclasses import dataclass

from backend.own_network.graph import Graph, declared_shapes
from backend.own_network.layers.base import Budget
from backend.own_network.refusal import Refused
from backend.own_network.shapes import Shape, Shapes, product

#: The length that is assumed for an axis of None, which may be of any length.
USUAL_LENGTH = 64
#: Bounds of a model: calls of layers, those in nested models included; weights; and for one example the numbers that
#: are kept for the gradient, and the multiplications of a forward pass.
MAX_CALLS, MAX_PARAMETERS, MAX_ACTIVATIONS, MAX_MULTIPLICATIONS = 2_000, 5_000_000, 16_000_000, 1_000_000_000
#: The most numbers of one input.
MAX_INPUT = 1_000_000


@dataclass(frozen=True)
class ModelSize:
    """What a model needs, and its shapes without the batch: `shapes` of each call's outputs, `outputs` of its own.

    Activations and multiplications are those of one example, whose varying axes have the usual length.
    """

    shapes: tuple[Shapes, ...]
    outputs: Shapes
    parameters: int
    activations: int
    multiplications: int


def measured(graph: Graph) -> ModelSize:
    """The size of a model. Raises `Refused` if its layers do not fit together, or if it exceeds the bounds."""
    declared = declared_shapes(graph)
    for shape in declared:
        if product(map(_usual, shape)) > MAX_INPUT:
            raise Refused(f"This model has an input of more than {MAX_INPUT:,} numbers, the most that the app builds.")
    shapes, symbolic = graph.measure(declared, _budget())
    if symbolic.parameters > MAX_PARAMETERS:
        raise Refused(
            f"This model has {symbolic.parameters:,} parameters. The app builds models of at most {MAX_PARAMETERS:,}."
        )
    total = symbolic
    if any(None in shape for shape in declared):
        _, total = graph.measure(tuple(tuple(map(_usual, shape)) for shape in declared), _budget())
    return ModelSize(shapes, symbolic.shapes, symbolic.parameters, total.activations, total.multiplications)


def inner_shapes(graph: Graph) -> tuple[Shapes, ...]:
    """The output shapes of each call of a nested model, whose outer model has been measured."""
    return graph.measure(declared_shapes(graph), _budget())[0]


def usual_shape(shape: Shape) -> tuple[int, ...]:
    """The shape with a number in place of each None."""
    return tuple(map(_usual, shape))


def _usual(length: int | None) -> int:
    return USUAL_LENGTH if length is None else length


def _budget() -> Budget:
    return Budget(MAX_CALLS, MAX_ACTIVATIONS, MAX_MULTIPLICATIONS)
