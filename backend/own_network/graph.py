"""A network as a graph: layers, and calls of them on tensors of earlier calls."""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

from pydantic import SerializeAsAny

from backend.own_network.layers.base import Budget, Layer, Measured, Strict, Use
from backend.own_network.layers.core import Embedding, InputLayer, Masking
from backend.own_network.layers.recurrent import Wrapper
from backend.own_network.refusal import Refused, Unfit
from backend.own_network.shapes import Shape, Shapes, written


class Ref(NamedTuple):
    """A tensor: number `tensor` of the outputs of a call."""

    call: int
    tensor: int = 0


class Call(Strict):
    """A call of a layer (its position) on tensors. `keywords` and `flags` are tensors and truth values by keyword."""

    layer: int
    inputs: tuple[Ref, ...] = ()
    keywords: tuple[tuple[str, tuple[Ref, ...]], ...] = ()
    flags: tuple[tuple[str, bool], ...] = ()

    @property
    def reads(self) -> tuple[Ref, ...]:
        """All tensors that the call reads."""
        return (*self.inputs, *(ref for _, refs in self.keywords for ref in refs))


class Form(Strict):
    """How tensors are passed: one, a list, or a dict by key."""

    kind: Literal["one", "list", "dict"]
    keys: tuple[str, ...] = ()


class Graph(Strict):
    """Layers, and calls of them, each after those that it reads. `inputs` are calls, and `outputs` are tensors.

    `sequential` is whether each call reads the one before, so that the graph can be written as a Sequential model.
    """

    layers: tuple[SerializeAsAny[Layer], ...]
    calls: tuple[Call, ...]
    inputs: tuple[int, ...]
    outputs: tuple[Ref, ...]
    input_form: Form
    output_form: Form
    sequential: bool = False

    def layer_of(self, ref: Ref) -> Layer:
        """The layer that computes a tensor."""
        return self.layers[self.calls[ref.call].layer]

    def measure(self, given: Shapes, budget: Budget) -> tuple[tuple[Shapes, ...], Measured]:
        """The output shapes of each call, and what all calls together give and need.

        `given` are the shapes of the inputs. Raises `Refused`, which names the layer that cannot be called.
        """
        shapes: list[Shapes] = []
        first: dict[int, tuple[int, Shapes]] = {}
        totals = [0, 0, 0]
        inputs = dict(zip(self.inputs, given, strict=True))
        for position, call in enumerate(self.calls):
            layer = self.layers[call.layer]
            if position in inputs:
                shapes.append((inputs[position],))
                continue
            keywords = {name: self._shapes(refs, shapes) for name, refs in call.keywords}
            use = Use(self._shapes(call.inputs, shapes), keywords)
            measured = _measured(layer, use, budget)
            parameters, before = first.setdefault(call.layer, (measured.parameters, use.inputs))
            if measured.parameters != parameters or (parameters and _widths(before) != _widths(use.inputs)):
                raise Refused(f"The layer “{layer.name}” ({layer.kind}) is called on inputs of different widths.")
            shapes.append(measured.shapes)
            totals[0] += measured.parameters * (before is use.inputs)
            totals[1] += measured.activations
            totals[2] += measured.multiplications
        return tuple(shapes), Measured(self._shapes(self.outputs, shapes), *totals)

    def _shapes(self, refs: tuple[Ref, ...], shapes: list[Shapes]) -> Shapes:
        for ref in refs:
            if ref.tensor >= len(shapes[ref.call]):
                layer = self.layer_of(ref)
                raise Refused(f"The layer “{layer.name}” ({layer.kind}) does not have an output {ref.tensor}.")
        return tuple(shapes[ref.call][ref.tensor] for ref in refs)


def _widths(shapes: Shapes) -> list[Shape]:
    return [shape[-1:] for shape in shapes]


def _measured(layer: Layer, use: Use, budget: Budget) -> Measured:
    try:
        return layer.measure(use, budget)
    except Unfit as error:
        raise Refused(f"The layer “{layer.name}” ({layer.kind}) {error}") from None


class Network(Layer):
    """A model as a layer of another one."""

    FLAGS: ClassVar = ("training",)

    graph: Graph

    @property
    def kind(self) -> str:
        return "Sequential" if self.graph.sequential else "Functional"

    @property
    def several(self) -> bool:
        return self.graph.output_form.kind != "one"

    def measure(self, use: Use, budget: Budget) -> Measured:
        budget.spend(Measured(()))
        declared = declared_shapes(self.graph)
        if len(declared) != len(use.inputs) or not all(map(_fits, use.inputs, declared)):
            raise Unfit(
                f"takes inputs of the shapes {', '.join(map(written, declared[:8]))}, "
                f"not {', '.join(map(written, use.inputs[:8]))}."
            )
        if declared != use.inputs:
            self.graph.measure(declared, budget)  # as Keras builds it, before it is called
        return self.graph.measure(use.inputs, budget)[1]


def declared_shapes(graph: Graph) -> Shapes:
    """The shapes of a graph's inputs."""
    layers = (graph.layers[graph.calls[position].layer] for position in graph.inputs)
    return tuple(layer.shape for layer in layers if isinstance(layer, InputLayer))


def _fits(shape: Shape, declared: Shape) -> bool:
    dims = zip(shape, declared, strict=False)
    return len(shape) == len(declared) and all(a == b or a is None or b is None for a, b in dims)


def makes_masks(layer: Layer) -> bool:
    """Whether a layer, or one inside it, makes a mask that Keras passes on by itself."""
    if isinstance(layer, Network):
        return any(map(makes_masks, layer.graph.layers))
    if isinstance(layer, Wrapper):
        return makes_masks(layer.layer)
    return isinstance(layer, Masking) or (isinstance(layer, Embedding) and layer.mask_zero)
