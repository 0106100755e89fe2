"""From the text of a configuration to a graph. Keras has no part in it, and nothing in the text is executed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from backend.own_network import json_text
from backend.own_network.calls import Arguments, Tensor, arguments_of, is_index, operation_of, tensors_in, values_of
from backend.own_network.graph import Call, Form, Graph, Network, Ref, makes_masks
from backend.own_network.layer_configs import class_name, name_of, read_layer, refuse_own_class
from backend.own_network.layers import LAYERS
from backend.own_network.layers.base import Layer
from backend.own_network.layers.core import InputLayer
from backend.own_network.layers.operations import OPERATIONS
from backend.own_network.names import automatic_stem, cleaned, is_automatic, without_number
from backend.own_network.order import in_order
from backend.own_network.refusal import Refused, Unfit
from backend.own_network.size import MAX_CALLS, measured

#: How deep models may be nested, and the most layers, and inputs or outputs, of a model. `MAX_CALLS` bounds the calls.
MAX_NESTING, MAX_LAYERS, MAX_ENDS = 4, 1_000, 64
_MODELS = ("Functional", "Model", "Sequential")


def read(text: str) -> Graph:
    """The graph of a model, from its `config.json` or `model.to_json()`.

    Raises `Refused` if the text is no model, has a layer that the app does not read, or exceeds the app's bounds.
    """
    entry = json_text.parse(text)
    if class_name(entry) not in _MODELS:
        raise Refused(
            f"The app reads Functional and Sequential models. This one is of the class “{cleaned(class_name(entry))}”."
        )
    graph = _Reader().model(entry, 1).graph
    if not graph.inputs:
        raise Refused("This model has no input.")
    measured(graph)
    return graph


@dataclass
class _Reader:
    """Reads one configuration, and counts its layers and calls. `keys` has the input keys of nested models, by `id`."""

    layers: int = 0
    calls: int = 0
    keys: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def model(self, entry: dict[str, Any], depth: int, name: str | None = None) -> Network:
        """A model at this depth of nesting; the outermost has 1."""
        name = cleaned(name_of(entry)) if name is None else name
        config = entry.get("config")
        if depth > MAX_NESTING:
            raise Refused(f"The model “{name}” is nested more than {MAX_NESTING} models deep.")
        refuse_own_class(entry, name)
        entries = config.get("layers") if isinstance(config, dict) else config  # Keras 2.0 to 2.2: the layers alone
        if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
            raise Refused(f"The model “{name}” has no list of layers.")
        self.layers += len(entries)
        self.calls += sum(len(nodes) for each in entries if isinstance(nodes := each.get("inbound_nodes"), list))
        if self.layers > MAX_LAYERS or self.calls > MAX_CALLS:
            most = f"{MAX_LAYERS:,} layers or {MAX_CALLS:,} calls of them"
            raise Refused(f"This model has more than {most}, the most that the app reads.")
        whole = config if isinstance(config, dict) else {}
        if class_name(entry) == "Sequential":
            graph = self.sequential(entries, whole, depth, name)
            return Network(name=name, graph=graph)
        graph, keys = _Functional(self, entries, depth, name).read(whole)
        network = Network(name=name, graph=graph)
        self.keys[id(network)] = keys
        return network

    def layer(self, entry: dict[str, Any], depth: int, name: str) -> Layer:
        """A layer or nested model under its cleaned name."""
        if class_name(entry) in _MODELS:
            return self.model(entry, depth + 1, name)
        inner = None
        if class_name(entry) in ("TimeDistributed", "Bidirectional"):
            inner = {}
            for key in ("layer", "backward_layer"):
                part = entry["config"].get(key) if isinstance(entry.get("config"), dict) else None
                if isinstance(part, dict):
                    if class_name(part) in ("TimeDistributed", "Bidirectional") and depth >= MAX_NESTING:
                        raise Refused(f"The layer “{name}” is nested more than {MAX_NESTING} levels deep.")
                    inner[key] = self.layer(part, depth + 1, cleaned(name_of(part)))
        return read_layer(entry, name, inner)

    def sequential(self, entries: list[dict[str, Any]], config: dict[str, Any], depth: int, name: str) -> Graph:
        """A chain of layers. Its input is the first of them, or the shape with which the model was built."""
        layers: list[Layer] = []
        taken: set[str] = set()
        for entry in entries:
            unique = cleaned(name_of(entry), taken)
            taken.add(unique)
            layers.append(self.layer(entry, depth, unique))
        if not layers or not isinstance(layers[0], InputLayer):
            layers.insert(0, _input_of(entries, config, name, taken))
        if len(layers) == 1:
            raise Refused(f"The model “{name}” has no layers.")
        for layer in layers[1:]:
            if layer.TENSORS is not None or (isinstance(layer, Network) and len(layer.graph.inputs) != 1):
                raise Refused(f"The layer “{layer.name}” ({layer.kind}) cannot be in a Sequential model.")
            if layer.several:
                raise Refused(f"The layer “{layer.name}” ({layer.kind}) has several outputs in a Sequential model.")
        calls = tuple(Call(layer=i, inputs=(Ref(i - 1),) if i else ()) for i in range(len(layers)))
        one = Form(kind="one")
        return Graph(
            layers=tuple(layers), calls=calls, inputs=(0,), outputs=(Ref(len(layers) - 1),),
            input_form=one, output_form=one, sequential=True,
        )  # fmt: skip


def _input_of(entries: list[dict[str, Any]], config: dict[str, Any], name: str, taken: set[str]) -> InputLayer:
    """The input of a Sequential model that has no layer for it."""
    first = entries[0].get("config") if entries else None
    shapes = (config.get("build_input_shape"), first.get("batch_input_shape") if isinstance(first, dict) else None)
    shape = next((each for each in shapes if each is not None), None)
    if shape is None:
        raise Refused(
            f"The model “{name}” has no input shape yet. Begin it with `keras.Input`, or call it before you save it."
        )
    entry = {"class_name": "InputLayer", "config": {"batch_shape": shape}}
    layer = read_layer(entry, cleaned("input_layer", taken))
    assert isinstance(layer, InputLayer)
    return layer


class _Functional:
    """Reads the graph of one Functional model."""

    def __init__(self, reader: _Reader, entries: list[dict[str, Any]], depth: int, name: str) -> None:
        self._reader, self._depth, self._name = reader, depth, name
        self._entries: dict[str, dict[str, Any]] = {}
        self._names: dict[str, str] = {}
        taken: set[str] = set()
        # Keras names operations by itself, and source cannot name them.
        kinds = {class_name(entry) for entry in entries}
        unnamed = {automatic_stem(kind) for kind in kinds if kind in OPERATIONS or kind not in (*LAYERS, *_MODELS)}
        for entry in entries:
            raw = name_of(entry)
            if raw in self._entries:
                raise Refused(f"The model “{name}” has two layers with the name “{cleaned(raw)}”.")
            self._entries[raw] = entry
            unique = cleaned(raw, taken)
            if without_number(unique) in unnamed and not is_automatic(unique, class_name(entry)):
                unique = cleaned(f"{unique[:34]}_layer", taken)
            self._names[raw] = unique
            taken.add(unique)
        self._layers: dict[str, Layer] = {}
        self._calls: dict[tuple[str, int], Arguments] = {}
        self._masked = False
        self._largest: dict[str, int] | None = None

    def read(self, config: dict[str, Any]) -> tuple[Graph, tuple[str, ...]]:
        """The graph, and the keys of its inputs as the configuration has them."""
        inputs, input_form, keys = self._ends(config.get("input_layers"), "input")
        outputs, output_form, _ = self._ends(config.get("output_layers"), "output")
        starts = [(tensor.layer, 0) for tensor in inputs]
        outputs = [tensor._replace(call=self._number(tensor, True)) for tensor in outputs]
        order = in_order([(tensor.layer, tensor.call) for tensor in outputs], starts, self._reads)
        if order is None:
            raise Refused(f"The calls of the model “{self._name}” form a cycle.")
        calls = {key: position for position, key in enumerate(order)}
        used = {raw: i for i, raw in enumerate(dict.fromkeys(raw for raw, _ in order))}
        graph = Graph(
            layers=tuple(self._layers[raw] for raw in used),
            calls=tuple(self._call(key, calls, used) for key in order),
            inputs=tuple(calls[start] for start in starts),
            outputs=tuple(self._ref(tensor, calls) for tensor in outputs),
            input_form=input_form,
            output_form=output_form,
        )
        self._check_ends(graph)
        return graph, keys

    def _check_ends(self, graph: Graph) -> None:
        for position, call in enumerate(graph.calls):
            layer = graph.layers[call.layer]
            if isinstance(layer, InputLayer) != (position in graph.inputs):
                raise Refused(f"The layer “{layer.name}” ({layer.kind}) is not an input of the model “{self._name}”.")
        if len(set(graph.inputs)) < len(graph.inputs):
            raise Refused(f"The model “{self._name}” has an input twice.")
        if self._masked and not any(map(makes_masks, graph.layers)):
            raise Refused(f"The model “{self._name}” calls a layer with a mask, which the app does not read.")

    def _ends(self, value: Any, what: str) -> tuple[list[Tensor], Form, tuple[str, ...]]:
        """The tensors that go in or out, with the form in which they are passed, and the keys of a dict."""
        if isinstance(value, list | dict) and len(value) > MAX_ENDS:
            raise Refused(f"The model “{self._name}” has more than {MAX_ENDS} {what}s.")
        if isinstance(value, dict) and value:
            keys = tuple(sorted(value))  # in the order of Keras
            cleaned_keys: list[str] = []
            for key in keys:
                cleaned_keys.append(cleaned(key, cleaned_keys))
            form = Form(kind="dict", keys=tuple(cleaned_keys))
            return [self._end(value[key], what) for key in keys], form, keys
        if isinstance(value, list) and value and not isinstance(value[0], str):
            # A list of one matters only to the caller of the whole model. Early versions of Keras 3 always write one.
            alone = len(value) == 1 and (what == "input" or self._depth > 1)
            return [self._end(each, what) for each in value], Form(kind="one" if alone else "list"), ()
        return [self._end(value, what)], Form(kind="one"), ()

    def _end(self, value: Any, what: str) -> Tensor:
        if isinstance(value, list) and len(value) == 3:
            layer, call, output = value
            if isinstance(layer, str) and layer in self._entries and all(map(is_index, (call, output))):
                return Tensor(layer, call, output)
        raise Refused(f"The model “{self._name}” has an {what} that the app cannot read.")

    def _nodes(self, raw: str) -> list[Any]:
        """The calls of a layer as the configuration has them; none for an input."""
        nodes = self._entries[raw].get("inbound_nodes")
        if nodes is not None and not isinstance(nodes, list):
            raise Refused(f"The layer “{self._names[raw]}” has calls that cannot be read.")
        return nodes or []

    def _number(self, tensor: Tensor, is_output: bool = False) -> int:
        """The position of the call that a tensor names.

        Keras counts the calls of a nested Functional model from 1 when it names outputs, and some versions always do.
        Early versions of Keras 3 also count calls that are not saved.
        """
        count = len(self._nodes(tensor.layer))
        if count <= 1:
            return 0
        if class_name(self._entries[tensor.layer]) in ("Functional", "Model"):
            from_one = is_output or self._largest_number(tensor.layer) >= count
            return tensor.call - from_one
        return tensor.call

    def _largest_number(self, raw: str) -> int:
        if self._largest is None:
            self._largest = {}
            for node in (node for each in self._entries for node in self._nodes(each)):
                try:
                    positional, keywords = values_of(node)
                except Unfit:
                    continue  # refused when it is reached
                for tensor in tensors_in([positional, keywords]):
                    self._largest[tensor.layer] = max(self._largest.get(tensor.layer, 0), tensor.call)
        return self._largest.get(raw, 0)

    def _reads(self, key: tuple[str, int]) -> list[tuple[str, int]]:
        """The calls whose outputs a call reads. Its layer is read here, so a layer that no output needs is not read."""
        raw, number = key
        name = self._names[raw]
        nodes = self._nodes(raw)
        try:
            layer, arguments = self._read_call(raw, nodes, number)
            tensors = list(arguments.tensors)
            if unknown := [tensor for tensor in tensors if tensor.layer not in self._entries]:
                raise Unfit(f"reads a layer “{cleaned(unknown[0].layer)}” that the model does not have.")
        except Unfit as error:
            raise Refused(f"The layer “{name}” ({cleaned(class_name(self._entries[raw]))}) {error}") from None
        numbered = {tensor: tensor._replace(call=self._number(tensor)) for tensor in tensors}
        self._calls[key] = Arguments(
            tuple(numbered[tensor] for tensor in arguments.inputs),
            tuple((keyword, tuple(numbered[each] for each in given)) for keyword, given in arguments.keywords),
            arguments.flags,
        )
        self._layers[raw] = layer
        self._masked |= arguments.masked
        return [(tensor.layer, tensor.call) for tensor in numbered.values()]

    def _read_call(self, raw: str, nodes: list[Any], number: int) -> tuple[Layer, Arguments]:
        entry, name = self._entries[raw], self._names[raw]
        kind = class_name(entry)
        if kind == "InputLayer":
            return self._layers.get(raw) or self._reader.layer(entry, self._depth, name), Arguments(())
        if not 0 <= number < len(nodes):
            raise Unfit("is not called as often as the configuration says.")
        positional, keywords = values_of(nodes[number])
        if kind in OPERATIONS and (kind not in LAYERS or isinstance((positional or [None])[0], Tensor | int | float)):
            refuse_own_class(entry, name)
            constants, arguments = operation_of(OPERATIONS[kind], positional, keywords)
            return read_layer(entry, name, operation=(OPERATIONS[kind], constants)), arguments
        layer = self._layers.get(raw) or self._reader.layer(entry, self._depth, name)
        return layer, arguments_of(layer, positional, keywords, self._reader.keys.get(id(layer), ()))

    def _call(self, key: tuple[str, int], calls: dict[tuple[str, int], int], used: dict[str, int]) -> Call:
        arguments = self._calls[key]
        return Call(
            layer=used[key[0]],
            inputs=tuple(self._ref(tensor, calls) for tensor in arguments.inputs),
            keywords=tuple(
                (name, tuple(self._ref(tensor, calls) for tensor in given)) for name, given in arguments.keywords
            ),
            flags=arguments.flags,
        )

    def _ref(self, tensor: Tensor, calls: dict[tuple[str, int], int]) -> Ref:
        return Ref(calls[tensor.layer, tensor.call], tensor.output)
