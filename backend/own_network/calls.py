"""The arguments of a call in a configuration: tensors, keywords and constants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from backend.own_network.graph import Graph, Network
from backend.own_network.layers.base import Layer
from backend.own_network.layers.operations import Arithmetic, Operation
from backend.own_network.layers.recurrent import Bidirectional, Recurrent
from backend.own_network.layers.regularization import BatchNormalization
from backend.own_network.refusal import Unfit

#: Names of the first argument of a call, if it is passed by keyword.
_FIRST = ("inputs", "sequence", "sequences", "x", "query")
#: Arguments for masks. Keras passes masks on by itself if an earlier layer makes one.
_MASKS = ("mask", "query_mask", "value_mask", "key_mask")
#: Layers that a person calls with `training=False`, so that this part of the model stays as it is.
_KEEPS_FALSE = (Network, BatchNormalization)
_MOST_ARGUMENTS = 256


class Tensor(NamedTuple):
    """A tensor as a configuration names it: a layer's name, the number of its call, and of the call's output."""

    layer: str
    call: int
    output: int


@dataclass(frozen=True)
class Arguments:
    """What a call takes. `masked` is whether it was given a mask."""

    inputs: tuple[Tensor, ...]
    keywords: tuple[tuple[str, tuple[Tensor, ...]], ...] = ()
    flags: tuple[tuple[str, bool], ...] = ()
    masked: bool = False

    @property
    def tensors(self) -> Iterator[Tensor]:
        """All tensors that the call reads."""
        yield from self.inputs
        for _, tensors in self.keywords:
            yield from tensors


def values_of(node: Any) -> tuple[list[Any], dict[str, Any]]:
    """Positional arguments and keywords of a node, with a `Tensor` in place of each description of one.

    Raises `Unfit` for anything that is neither a tensor nor a constant.
    """
    if isinstance(node, list):
        return _keras_2(node)
    if not isinstance(node, dict) or not isinstance(node.get("args"), list):
        raise Unfit("has a call that cannot be read.")
    keywords = node.get("kwargs", {})
    if not isinstance(keywords, dict) or len(node["args"]) > _MOST_ARGUMENTS:
        raise Unfit("has a call that cannot be read.")
    return [_value(each) for each in node["args"]], {name: _value(each) for name, each in keywords.items()}


def _keras_2(node: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """A node as Keras 2 writes it: a list of [layer, call, output, keywords]."""
    tensors: list[Tensor] = []
    keywords: dict[str, Any] = {}
    for entry in node:
        if not isinstance(entry, list) or len(entry) not in (3, 4):
            raise Unfit("has a call that cannot be read.")
        tensors.append(_tensor(entry[:3]))
        if len(entry) == 4:
            if not isinstance(entry[3], dict):
                raise Unfit("has a call that cannot be read.")
            keywords.update({name: _keras_2_value(each) for name, each in entry[3].items()})
    return tensors if len(tensors) == 1 else [tuple(tensors)], keywords


def _keras_2_value(value: Any) -> Any:
    is_tensor = isinstance(value, list) and len(value) == 3 and isinstance(value[0], str)
    return _tensor(value) if is_tensor else _value(value)


def _tensor(history: Any) -> Tensor:
    if isinstance(history, list) and len(history) == 3:
        layer, call, output = history
        if isinstance(layer, str) and is_index(call) and is_index(output):
            return Tensor(layer, call, output)
    raise Unfit("reads a tensor that the configuration does not name.")


def is_index(value: Any) -> bool:
    """Whether a value is a whole number that counts from 0; True and False are none."""
    return type(value) is int and value >= 0


def _value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        if len(value) > _MOST_ARGUMENTS:
            raise Unfit(f"has a call with more than {_MOST_ARGUMENTS} arguments.")
        return tuple(map(_value, value))
    name, config = value.get("class_name"), value.get("config")
    if name == "__keras_tensor__" and isinstance(config, dict):
        return _tensor(config.get("keras_history"))
    if name == "__slice__" and isinstance(config, dict):
        return {key: _value(each) for key, each in config.items()}
    if "class_name" in value:
        raise Unfit("has an argument that is neither a tensor nor a number.")
    return {key: _value(each) for key, each in value.items()}


def arguments_of(
    layer: Layer, positional: list[Any], keywords: dict[str, Any], input_keys: tuple[str, ...] = ()
) -> Arguments:
    """What a call of `layer` takes; `input_keys` are those of a nested model, as the configuration has them.

    Raises `Unfit` if the arguments do not fit.
    """
    named = dict(keywords)
    for name in _FIRST:
        if not positional and name in named:
            positional = [named.pop(name)]
    for name in ("value", "key"):
        if _takes_separately(layer) and name in named:
            positional = [*positional, named.pop(name)]
    if isinstance(layer, Recurrent | Bidirectional) and positional and len(states := _listed(positional[0])) > 1:
        positional, named["initial_state"] = [states[0]], states[1:]  # as Keras 2 writes it
    masked = bool([tensor for name in _MASKS for tensor in tensors_in(named.pop(name, None))])
    given, flags = [], []
    for name, value in named.items():
        if value is None or (name == "training" and value is False and not isinstance(layer, _KEEPS_FALSE)):
            continue  # Keras writes False by itself for layers with dropout
        if value is False and name in ("return_attention_scores", "use_causal_mask"):
            continue
        if name in layer.FLAGS and isinstance(value, bool):
            flags.append((name, value))
        elif name in layer.KEYWORDS:
            given.append((name, _tensors(value)))
        else:
            raise Unfit("is called with an argument that the app does not read.")
    while positional and positional[-1] is None:
        positional = positional[:-1]
    return Arguments(_inputs(layer, positional, input_keys), tuple(given), tuple(flags), masked)


def _listed(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) and not isinstance(value, Tensor) else ()


def _takes_separately(layer: Layer) -> bool:
    return layer.kind == "MultiHeadAttention"


def _inputs(layer: Layer, positional: list[Any], input_keys: tuple[str, ...]) -> tuple[Tensor, ...]:
    if isinstance(layer, Network):
        return _of_network(layer.graph, positional, input_keys)
    if _takes_separately(layer):
        tensors = _tensors(tuple(positional))
    elif len(positional) != 1:
        raise Unfit("is called with another number of arguments than it takes.")
    else:
        tensors = _tensors(positional[0]) if layer.TENSORS else _one(positional[0])
    fewest, most = layer.TENSORS or (1, 1)
    if not fewest <= len(tensors) <= most:
        raise Unfit(f"is called on {len(tensors)} tensors, but takes {fewest} to {most}.")
    return tensors


def _of_network(graph: Graph, positional: list[Any], keys: tuple[str, ...]) -> tuple[Tensor, ...]:
    value = positional[0] if len(positional) == 1 else None
    if isinstance(value, dict):
        if graph.input_form.kind != "dict" or set(value) != set(keys):
            raise Unfit("is called with other keys than it has inputs.")
        return tuple(tensor for key in keys for tensor in _one(value[key]))
    tensors = _tensors(value)
    if len(tensors) != len(graph.inputs):
        raise Unfit(f"is called on {len(tensors)} tensors, but has {len(graph.inputs)} inputs.")
    return tensors


def _one(value: Any) -> tuple[Tensor, ...]:
    if not isinstance(value, Tensor):
        raise Unfit("is called on something else than one tensor.")
    return (value,)


def _tensors(value: Any) -> tuple[Tensor, ...]:
    if isinstance(value, Tensor):
        return (value,)
    if isinstance(value, tuple) and all(isinstance(each, Tensor) for each in value):
        return value
    raise Unfit("is called on something else than tensors.")


def tensors_in(value: Any) -> Iterator[Tensor]:
    """All tensors in lists and objects."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from tensors_in(each)


def operation_of(
    kind: type[Operation], positional: list[Any], keywords: dict[str, Any]
) -> tuple[dict[str, Any], Arguments]:
    """The constants of an operation as fields, and the tensors that it reads. Raises `Unfit` for other arguments."""
    if issubclass(kind, Arithmetic):
        values = [*positional, *keywords.values()]
        if len(values) != 2:
            raise Unfit("is called with another number of arguments than two.")
        tensors = tuple(value for value in values if isinstance(value, Tensor))
        sides = zip(("left", "right"), values, strict=True)
        numbers = {side: value for side, value in sides if not isinstance(value, Tensor)}
        if not tensors or None in numbers.values():
            raise Unfit("is called on something else than tensors and numbers.")
        return numbers, Arguments(tensors)
    first, *rest = positional or [keywords.get("x")]
    constants = dict(zip(kind.CONSTANTS, rest, strict=False))
    if len(rest) > len(kind.CONSTANTS):
        raise Unfit("is called with more arguments than it takes.")
    constants |= {name: value for name, value in keywords.items() if name in kind.CONSTANTS}
    tensors = _tensors(first) if kind.TENSORS else _one(first)
    if not 1 <= len(tensors) <= 64:
        raise Unfit("is called on no tensor, or on more than 64.")
    return constants, Arguments(tensors)
