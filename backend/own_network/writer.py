"""From a graph to Keras source, as plain as the app's other sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from backend.experiment.styles.base import IMPORTS
from backend.own_network.expressions import expression, literal
from backend.own_network.graph import Call, Form, Graph, Network, Ref
from backend.own_network.layers.base import Layer
from backend.own_network.layers.core import InputLayer
from backend.own_network.layers.operations import Operation
from backend.own_network.layers.recurrent import Wrapper
from backend.own_network.names import automatic_stem, is_automatic, variable


def write(graph: Graph, *, with_all_names: bool = False) -> str:
    """Source that defines `model`: the same layers, calls, and names of inputs and outputs as `graph` has.

    `with_all_names` writes also the names that Keras would give, so that layers can be found by the names in `graph`.
    """
    named = {id(layer) for layer, can in _all_layers(graph) if can} if with_all_names else _named_layers(graph)
    writer = _Writer(named)
    writer.define(graph, "model", "")
    imports = IMPORTS.replace("import layers", "import layers, ops") if writer.uses_ops else IMPORTS
    return imports + "\n" + "\n".join(writer.lines) + "\n"


class _Writer:
    def __init__(self, named: set[int]) -> None:
        self.lines: list[str] = []
        self.uses_ops = False
        self._taken: set[str] = set()
        self._models: dict[int, str] = {}
        self._named = named

    def define(self, graph: Graph, name: str, argument: str) -> None:
        """Lines that assign the model of `graph` to a variable; `argument` is its name as an argument, or empty."""
        for network in (network for layer in graph.layers for network in _networks(layer)):
            self._define_nested(network)
        if graph.sequential:
            self._sequential(graph, name, argument)
            return
        variables = self._calls(graph)
        keys, tensors = graph.input_form, [variables[position] for position in graph.inputs]
        inputs = _formed(keys, tensors)
        outputs = _formed(graph.output_form, [self._tensor(graph, ref, variables) for ref in graph.outputs])
        self.lines.append(f"{name} = keras.Model(inputs={inputs}, outputs={outputs}{argument and ', ' + argument})")

    def _define_nested(self, network: Network) -> None:
        if id(network) not in self._models:
            name = self._variable(network.name)
            self.define(network.graph, name, f"name={literal(network.name)}")
            self._models[id(network)] = name
            self.lines.append("")

    def _sequential(self, graph: Graph, name: str, argument: str) -> None:
        layers = [f"    {self._expression(layer)}," for layer in graph.layers]
        self.lines += [f"{name} = keras.Sequential([", *layers, f"]{argument and ', ' + argument})"]

    def _calls(self, graph: Graph) -> list[str]:
        """Lines for all calls, and the variable of each."""
        readers = [[] for _ in graph.calls]  # type: list[list[int]]
        for position, call in enumerate(graph.calls):
            for ref in call.reads:
                readers[ref.call].append(position)
        ends = {ref.call for ref in graph.outputs} | set(graph.inputs)
        times = Counter(call.layer for call in graph.calls)
        shared: dict[int, str] = {}
        variables: list[str] = []
        for position, call in enumerate(graph.calls):
            layer = graph.layers[call.layer]
            if times[call.layer] > 1 and not isinstance(layer, Network) and call.layer not in shared:
                shared[call.layer] = self._variable(self._stem(layer))
                self.lines.append(f"{shared[call.layer]} = {self._expression(layer)}")
            once = readers[position] == [position + 1] and position not in ends
            output = "_output" * (isinstance(layer, Network) or call.layer in shared)
            name = "x" if once else self._variable(self._stem(layer) + output)
            tensors = tuple(self._tensor(graph, ref, variables) for ref in call.inputs)
            keywords = [
                f"{keyword}={_listed([self._tensor(graph, ref, variables) for ref in refs], keyword)}"
                for keyword, refs in call.keywords
            ]
            flags = [f"{flag}={value}" for flag, value in call.flags]
            made = self._called(layer, call, shared.get(call.layer), tensors, [*keywords, *flags])
            self.lines.append(f"{name} = {made}")
            variables.append(name)
        return variables

    def _called(self, layer: Layer, call: Call, name: str | None, tensors: tuple[str, ...], keywords: list[str]) -> str:
        if isinstance(layer, Operation):
            written = layer.expression(tensors)
            self.uses_ops |= written.startswith("ops.")
            return written
        callee = name or self._expression(layer)
        if isinstance(layer, InputLayer):
            return callee
        if layer.kind == "MultiHeadAttention":
            taken = ", ".join(tensors)
        elif isinstance(layer, Network):
            taken = _formed(layer.graph.input_form, list(tensors))
        else:
            taken = f"[{', '.join(tensors)}]" if layer.TENSORS else tensors[0]
        return f"{callee}({', '.join([taken, *keywords])})"

    def _tensor(self, graph: Graph, ref: Ref, variables: list[str]) -> str:
        layer, name = graph.layer_of(ref), variables[ref.call]
        if not layer.several:
            return name
        if isinstance(layer, Network) and layer.graph.output_form.kind == "dict":
            return f"{name}[{literal(layer.graph.output_form.keys[ref.tensor])}]"
        return f"{name}[{ref.tensor}]"

    def _expression(self, layer: Layer) -> str:
        return expression(layer, id(layer) in self._named, lambda network: self._models[id(network)])

    def _stem(self, layer: Layer) -> str:
        """What the variables of a layer begin with: its name if a person gave it, or else its class."""
        if id(layer) in self._named or isinstance(layer, Network):
            return layer.name
        return "inputs" if isinstance(layer, InputLayer) else automatic_stem(layer.kind)

    def _variable(self, name: str) -> str:
        result = variable(name, self._taken)
        self._taken.add(result)
        return result


def _formed(form: Form, tensors: list[str]) -> str:
    if form.kind == "dict":
        return "{" + ", ".join(f"{literal(key)}: {each}" for key, each in zip(form.keys, tensors, strict=True)) + "}"
    return tensors[0] if form.kind == "one" else f"[{', '.join(tensors)}]"


def _listed(tensors: list[str], keyword: str) -> str:
    return f"[{', '.join(tensors)}]" if keyword == "initial_state" else tensors[0]


def _networks(layer: Layer) -> Iterator[Network]:
    """The nested models in a layer, without those inside them."""
    if isinstance(layer, Network):
        yield layer
    elif isinstance(layer, Wrapper):
        yield from _networks(layer.layer)


def _all_layers(graph: Graph) -> Iterator[tuple[Layer, bool]]:
    """All layers, those of nested models included, and whether source can name each: it names no layer of a wrapper."""
    for layer in graph.layers:
        yield layer, not isinstance(layer, Network | Operation)
        if isinstance(layer, Wrapper) and not isinstance(layer.layer, Network):
            yield layer.layer, False
        for network in _networks(layer):
            yield from _all_layers(network.graph)


def _named_layers(graph: Graph) -> set[int]:
    """The layers whose names are written, by identity.

    These are the names that a person gave, those of several inputs, and those of outputs, also of nested models with
    several outputs. The other layers get the names that Keras gives in a fresh process, unless one of these could be
    equal to a written name. Source cannot name an operation, so no written name is one that Keras could give to it.
    """
    ends = [ref.call for ref in graph.outputs] + list(graph.inputs) * (len(graph.inputs) > 1)
    shown = {id(graph.layers[graph.calls[position].layer]) for position in ends}
    layers = list(_all_layers(graph))
    nested = [layer.graph for layer, _ in layers if isinstance(layer, Network) and len(layer.graph.outputs) > 1]
    shown |= {id(each.layer_of(ref)) for each in nested for ref in each.outputs}
    operations = {automatic_stem(layer.kind) for layer, _ in layers if isinstance(layer, Operation)}

    def is_written(layer: Layer) -> bool:
        if is_automatic(layer.name, layer.kind):
            return id(layer) in shown and automatic_stem(layer.kind) not in operations
        return True

    written = {id(layer) for layer, can in layers if can and is_written(layer)}
    unwritten = Counter(automatic_stem(layer.kind) for layer, _ in layers if id(layer) not in written)
    names = {layer.name for layer, _ in layers if id(layer) in written or isinstance(layer, Network)}
    for stem, count in unwritten.items():
        if stem not in operations and names & {stem, *(f"{stem}_{number}" for number in range(count + 1))}:
            written |= {id(layer) for layer, can in layers if can and automatic_stem(layer.kind) == stem}
    return written
