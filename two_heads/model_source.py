"""A model as Keras source: what a person would write to build the same layers, connected in the same way."""

from __future__ import annotations

import builtins
import inspect
import json
import keyword
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import keras
import numpy as np

from two_heads.graph import (
    Call,
    Graph,
    Layer,
    Model,
    Tensor,
    all_layers,
    input_structure,
    is_masked,
    is_nested,
    is_sequential,
)
from two_heads.graph import structure_of as output_structure

IMPORTS = "import keras\nfrom keras import layers\n"
_WITH_OPS = "import keras\nfrom keras import layers, ops\n"
#: Operations that Python has signs for.
_SIGNS = {"Add": "+", "Subtract": "-", "Multiply": "*", "TrueDivide": "/"}
#: Words that are no variables here.
_RESERVED = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "keras", "layers", "ops", "model", "x"}
_LONGEST = 40
_MISSING = object()


def source(model: Model) -> str:
    """Source that defines `model`: the same layers with the same settings, calls, inputs and outputs.

    Initial weights are drawn by the same initializers, so they are others. What preprocessing layers have learned from
    data by `adapt` is not written. Names are written if a person gave them, or if they are those of outputs or of
    several inputs. A name that Keras gave may have another number at its end.

    Raises `ValueError` for a model that `Graph` cannot read, and for a layer or argument that is not Keras's own.
    """
    writer = _Writer(model)
    writer.define(model, "model", named=False)
    return (_WITH_OPS if writer.uses_ops else IMPORTS) + "\n" + "\n".join(writer.lines) + "\n"


class _Writer:
    def __init__(self, model: Model) -> None:
        self.lines: list[str] = []
        self.uses_ops = False
        self._taken: set[str] = set()
        #: The variables of nested models, and of layers that are called several times, by `id`.
        self._variables: dict[int, str] = {}
        self._named = _named_layers(model)

    def define(self, model: Model, variable: str, named: bool = True) -> None:
        """Lines that assign the model to a variable, after those of the models nested in it."""
        name = f", name={_literal(model.name)}" if named else ""
        if is_sequential(model):
            parts = [_input(model.inputs[0], False)] if model.inputs else []
            parts += [self._layer(layer) for layer in model.layers]
            self.lines += [f"{variable} = keras.Sequential([", *(f"    {part}," for part in parts), f"]{name})"]
        else:
            graph = Graph(model)
            texts = self._calls(graph)
            ends = (_literal(each(graph.model), texts) for each in (input_structure, output_structure))
            self.lines.append("{} = keras.Model(inputs={}, outputs={}{})".format(variable, *ends, name))
        if not model.trainable:
            self.lines.append(f"{variable}.trainable = False")

    def _calls(self, graph: Graph) -> dict[int, str]:
        """Lines for the calls that the outputs need. Returns the text of each tensor by its `id`."""
        arguments = {id(call): _arguments(call) for call in graph.calls}
        order = _in_order(graph, arguments)
        for call in order:
            self._define_nested(call.layer)
        texts: dict[int, str] = {}
        for tensor in graph.model.inputs:
            layer = tensor._keras_history.operation
            texts[id(tensor)] = self._variable(layer.name if id(layer) in self._named else "inputs")
            self.lines.append(f"{texts[id(tensor)]} = {_input(tensor, id(layer) in self._named)}")
        times = Counter(id(call.layer) for call in order)
        reads = [{id(tensor) for tensor in keras.tree.flatten(arguments[id(call)])} for call in order]
        outputs = {id(tensor) for tensor in graph.model.outputs}
        for position, call in enumerate(order):
            layer, made = call.layer, {id(tensor) for tensor in call.outputs}
            if times[id(layer)] > 1 and id(layer) not in self._variables and isinstance(layer, keras.Layer):
                variable = self._variable(self._stem(layer))
                self.lines.append(f"{variable} = {self._layer(layer)}")
                self._variables[id(layer)] = variable
            written = self._call(call, arguments[id(call)], texts)
            readers = [at for at, read in enumerate(reads) if read & made]
            if readers == [position + 1] and not made & outputs:
                variable = "x"
            else:
                variable = self._variable(self._stem(layer) + "_output" * (id(layer) in self._variables))
            self.lines.append(f"{variable} = {written}")
            texts |= _parts(call, variable)
        return texts

    def _call(self, call: Call, arguments: Any, texts: Mapping[int, str]) -> str:
        args, kwargs = arguments
        kind = type(call.layer).__name__
        if kind == "GetItem":
            return f"{_literal(args[0], texts)}[{_index(args[1])}]"
        given = [_literal(each, texts) for each in args]
        keywords = [f"{name}={_literal(each, texts)}" for name, each in kwargs.items()]
        if isinstance(call.layer, keras.Layer):
            return f"{self._layer(call.layer)}({', '.join([*given, *keywords])})"
        if kind in _SIGNS and len(given) == 2 and not keywords:
            return f"{given[0]} {_SIGNS[kind]} {given[1]}"
        function, settings = _function_of(call.layer)
        self.uses_ops = True
        for name, each in settings.items():
            text = _literal(each, texts)
            if inspect.signature(getattr(keras.ops, function)).parameters[name].default is inspect.Parameter.empty:
                given.append(text)
            else:
                keywords.append(f"{name}={text}")
        return f"ops.{function}({', '.join([*given, *keywords])})"

    def _layer(self, layer: Layer) -> str:
        """The expression of a layer, or the variable that has it."""
        self._define_nested(layer)
        if id(layer) in self._variables:
            return self._variables[id(layer)]
        name = [f"name={_literal(layer.name)}"] if id(layer) in self._named else []
        nested = next((self._variables[id(each)] for each in _wrapped(layer) if is_nested(each)), None)
        return _expression(keras.saving.serialize_keras_object(layer), name, nested)

    def _define_nested(self, layer: Layer) -> None:
        """Define a nested model, also inside a wrapper, once."""
        for each in [layer, *_wrapped(layer)]:
            if is_nested(each) and id(each) not in self._variables:
                variable = self._variable(each.name)
                self.define(each, variable)
                self._variables[id(each)] = variable
                self.lines.append("")

    def _stem(self, layer: Layer) -> str:
        """What the variables of a layer begin with: its name if a person gave it, or else its class."""
        automatic = id(layer) not in self._named and not is_nested(layer)
        return stem_of(layer) if automatic else layer.name

    def _variable(self, name: str) -> str:
        """A new variable with about this name."""
        name = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower()[:_LONGEST] or "layer"
        name = f"layer_{name}" if not name[0].isalpha() else f"{name}_layer" if name in _RESERVED else name
        names = [name, *(f"{name}_{number}" for number in range(2, len(self._taken) + 3))]
        chosen = next(each for each in names if each not in self._taken)
        self._taken.add(chosen)
        return chosen


def stem_of(layer: Layer) -> str:
    """The name that Keras gives to the first layer of this class: `dense`, `max_pooling2d`."""
    name = re.sub(r"\W+", "", type(layer).__name__)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)).lower()


def is_automatic(layer: Layer) -> bool:
    """Whether Keras may have named the layer: `dense`, `dense_1`, …"""
    return re.fullmatch(rf"{re.escape(stem_of(layer))}(_\d+)?", layer.name) is not None


def _named_layers(model: Model) -> set[int]:
    """The layers whose names are written, by `id`.

    These are the names that a person gave, and those of outputs and of several inputs, also in nested models. If one
    of these is a name that Keras gives to layers of its class, all names of this class are written, so that none is
    given twice. Source cannot name an operation: if the model has operations of that name, none of them is written.
    """
    layers = all_layers(model)
    models = [each for each in layers if is_nested(each)]
    operations = (each for inner in models for each in getattr(inner, "operations", []))
    stems = {stem_of(each) for each in operations if not isinstance(each, keras.Layer)}
    ends: set[int] = set()
    for each in models:
        tensors = list(each.outputs) if each is model or len(each.outputs) > 1 else []
        tensors += each.inputs if len(each.inputs) > 1 else []
        ends |= {id(tensor._keras_history.operation) for tensor in tensors}
    whole = {stem_of(layer) for layer in layers if is_automatic(layer) and id(layer) in ends}
    given = [layer for layer in layers if layer is not model and not is_automatic(layer)]
    whole |= {re.sub(r"_\d+$", "", layer.name) for layer in given}
    return {id(layer) for layer in layers if not is_automatic(layer) or stem_of(layer) in whole - stems}


def _wrapped(layer: Layer) -> list[Layer]:
    """The layer inside a wrapper; empty for another layer."""
    inside = getattr(layer, "layer", None)
    return [inside] if isinstance(inside, keras.Layer) else []


def _in_order(graph: Graph, arguments: Mapping[int, Any]) -> list[Call]:
    """The calls that the outputs need, each after those that it reads."""
    producers = {id(tensor): call for call in graph.calls for tensor in call.outputs}
    order: dict[int, Call] = {}

    def visit(value: Any) -> None:
        call = producers.get(id(value))
        if call is not None and id(call) not in order:
            for each in keras.tree.flatten(arguments[id(call)]):
                visit(each)
            order[id(call)] = call

    for tensor in graph.model.outputs:
        visit(tensor)
    return list(order.values())


def _arguments(call: Call) -> tuple[list[Any], dict[str, Any]]:
    """What a person passes: without defaults, and without masks, which Keras passes by itself."""
    parameters = inspect.signature(call.layer.call).parameters
    names = list(parameters)
    args, kwargs = list(call.args), dict(call.kwargs)
    bound = dict(zip(names, args, strict=False)) | kwargs

    def is_implied(name: str, value: Any) -> bool:
        if name.endswith("mask") and any(map(_is_tensor, keras.tree.flatten(value))):
            of = bound.get(names[0] if name == "mask" else name.removesuffix("_mask"))
            return any(map(is_masked, keras.tree.flatten(of)))
        default = parameters[name].default if name in parameters else None
        return value is None or (type(value) is type(default) and bool(value == default))

    while args and args[-1] is None:
        args.pop()
    return args, {name: value for name, value in kwargs.items() if not is_implied(name, value)}


def _parts(call: Call, variable: str) -> dict[int, str]:
    """The text of each result of a call."""
    if is_nested(call.layer):
        structure = keras.tree.pack_sequence_as(output_structure(call.layer), call.outputs)
    else:
        several = len(call.outputs) > 1 or type(call.layer).__name__ == "Split"  # which returns a list even of one
        structure = list(call.outputs) if several else call.outputs[0]
    paths = keras.tree.flatten_with_path(structure)
    return {id(tensor): variable + "".join(f"[{_literal(key)}]" for key in path) for path, tensor in paths}


def _function_of(operation: Any) -> tuple[str, dict[str, Any]]:
    """The function of `keras.ops` that makes this operation, and its settings that are not Keras's defaults."""
    name = stem_of(operation)
    function = getattr(keras.ops, name, None)
    if function is None:
        raise ValueError(f"The operation '{operation.name}' of class {type(operation).__name__} has no known function.")
    parameters = inspect.signature(function).parameters
    config = {key: value for key, value in operation.get_config().items() if key != "name"}
    if unknown := [key for key in config if key not in parameters]:
        raise ValueError(
            f"The operation '{operation.name}' has a setting, {unknown[0]}, that `ops.{name}` does not take."
        )
    return name, {key: value for key, value in config.items() if value != parameters[key].default}


def _input(tensor: Tensor, named: bool) -> str:
    """The `keras.Input` of a symbolic tensor."""
    layer = tensor._keras_history.operation
    shape = tuple(tensor.shape)
    parts = [_literal(shape[1:])] if shape[0] is None else [f"batch_shape={_literal(shape)}"]
    parts += [f"dtype={_literal(tensor.dtype)}"] * (tensor.dtype != "float32")
    return f"keras.Input({', '.join([*parts, *[f'name={_literal(layer.name)}'] * named])})"


def settings_of(layer: Layer) -> dict[str, Any]:
    """The settings of a layer that are not Keras's defaults, as its configuration has them, without its name."""
    required, differing = _settings(type(layer), _plain(keras.saving.serialize_keras_object(layer)["config"]))
    return required | differing


def _settings(cls: Any, config: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of a configuration, what the class requires, and what else differs from its defaults."""
    parameters = inspect.signature(cls.__init__).parameters
    required = {
        name: config[name]
        for name, each in parameters.items()
        if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD and name != "self"
    }
    usual = _usual(cls, required)
    known = {*parameters, "trainable", "dtype", "activity_regularizer"} - {"name", *required}
    differing = {
        name: value
        for name, value in config.items()
        if name in known and _plain(value, names=False) != usual.get(name, _MISSING)
    }
    return required, differing


def _expression(config: Mapping[str, Any], more: Sequence[str] = (), nested: str | None = None) -> str:
    """A layer, initializer, regularizer or constraint as source, from its serialized configuration.

    `nested` is the variable of the model that a wrapper contains.
    """
    kind, module = config["class_name"], config.get("module") or ""
    if kind == "DTypePolicy":
        return _literal(config["config"]["name"])
    package = getattr(keras, module.removeprefix("keras."), None) if module.startswith("keras.") else None
    cls = getattr(package, kind, None)
    if cls is None or config.get("registered_name"):
        raise ValueError(f"{kind} is no class of Keras that can be written as source.")
    required, differing = _settings(cls, _plain(config["config"]))

    def text(name: str, value: Any) -> str:
        return nested if nested and name == "layer" else _literal(_as_written(value))

    first = [text(name, value) for name, value in required.items()]
    rest = [f"{name}={text(name, value)}" for name, value in differing.items()]
    prefix = "layers" if module == "keras.layers" else module
    return f"{prefix}.{kind}({', '.join([*first, *rest, *more])})"


def _usual(cls: Any, required: dict[str, Any]) -> dict[str, Any]:
    """The configuration of an object of this class that gets only the required arguments."""
    made = cls(**{name: keras.saving.deserialize_keras_object(value) for name, value in required.items()})
    return dict(_plain(keras.saving.serialize_keras_object(made)["config"], names=False))


def _plain(value: Any, names: bool = True) -> Any:
    """A configuration with lists in place of tuples; without `names`, also without those of the layers inside."""
    if isinstance(value, dict):
        unnamed = not names and value.get("module") == "keras.layers"
        inside = {key: each for key, each in value["config"].items() if key != "name"} if unnamed else {}
        return {key: _plain(each, names) for key, each in (value | {"config": inside} if unnamed else value).items()}
    return [_plain(each, names) for each in value] if isinstance(value, list | tuple) else value


def _as_written(value: Any) -> Any:
    """Tuples in place of lists, and one number in place of several equal ones, as people write windows and strides."""
    if not isinstance(value, list):
        return value
    several = value and all(type(each) is int for each in value)
    return value[0] if several and len(set(value)) == 1 else tuple(map(_as_written, value))


def _index(items: Any) -> str:
    """What stands in the brackets: an index or slice for each axis."""

    def part(item: Any) -> str:
        if not isinstance(item, slice):
            return "..." if item is Ellipsis else _literal(item)
        ends = ["" if each is None else _literal(each) for each in (item.start, item.stop)]
        return ":".join([*ends, *([_literal(item.step)] if item.step is not None else [])])

    return ", ".join(map(part, items)) if isinstance(items, list | tuple) else part(items)


def _literal(value: Any, texts: Mapping[int, str] = MappingProxyType({})) -> str:
    """A value as Python writes it, and a tensor as the text with its `id`.

    Raises `ValueError` for what has no such form, as an array.
    """
    if id(value) in texts:
        return texts[id(value)]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int):
        return repr(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f'float("{value}")'
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, Mapping) and "class_name" in value and "config" in value:
        return _expression(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(each, texts)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        inside = ", ".join(_literal(each, texts) for each in value)
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' * (len(value) == 1)})"
    raise ValueError(f"A value of type {type(value).__name__} cannot be written as source.")


def _is_tensor(value: Any) -> bool:
    return isinstance(value, keras.KerasTensor)
