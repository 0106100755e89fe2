"""A visitor's own model as the architecture of the app's settings, or why the sidebar cannot express it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from pydantic import ValidationError

from backend.experiment.activations import OUTPUT
from backend.experiment.architecture import Architecture, DenseLayer, Head, usable_name
from backend.experiment.sources import SYNTHETIC
from backend.experiment.tasks import TASKS
from backend.words import counted, listed, shortened
from backend.words.schema import allowed, bounds_of, schema_at
from two_heads.graph import Call, Graph, is_sequential
from two_heads.model_source import is_automatic, settings_of

#: Settings of a layer that the sidebar has, or that change no number.
_SET = ("units", "activation", "return_sequences", "unroll", "kernel_initializer", "bias_initializer")


#: The settings that are lists, in words.
_LISTS = {
    "lstm": "LSTM layers",
    "dense": "Dense layers before the heads",
    "hidden": "Dense layers of its own in a head",
    "heads": "heads",
}


def _most(*where: str) -> int:
    """The most items at that path of an architecture."""
    return int(bounds_of(schema_at(Architecture, where))[1])


class NotExpressible(ValueError):
    """Raised for a model that the sidebar cannot express. Its text says why, in a sentence."""


def as_settings(model: keras.Model) -> tuple[Architecture, str]:
    """The settings with which the app writes a network with these layers. Raises `NotExpressible` if it writes none.

    Beside the architecture it is the left side's style: fused if one layer of a Functional model has all heads.

    Tasks and losses are no part of a model. So each head gets a task that takes its activation and units, and that no
    other head has if possible. The columns of a single output layer become heads, unless a Functional model names it.
    """
    try:
        return _settings(model)
    except ValidationError as error:
        raise NotExpressible(_refusal(error)) from error


def _refusal(error: ValidationError) -> str:
    """What a setting would be and what it can be, in two sentences."""
    first = error.errors()[0]
    where = ({"Head": ("heads", 0), "DenseLayer": ("dense", 0)}.get(error.title, ()), first["loc"])
    path = [step for part in where for step in part]
    if not path:
        return str(first["ctx"]["error"])
    schema, name = schema_at(Architecture, path), next(str(step) for step in path[::-1] if isinstance(step, str))
    if schema.get("type") == "array":
        least, most = bounds_of(schema)
        return f"It has {len(first['input'])} {_LISTS[name]}. The sidebar has {least} to {most}."
    return f"A setting of {name} would be {first['input']}. In the sidebar it is {allowed(schema)}."


def _settings(model: keras.Model) -> tuple[Architecture, str]:
    graph = Graph(model)
    size = _input(graph)
    trunk, branches = _trunk_and_branches(graph)
    lstm = [layer for layer in trunk if type(layer) is keras.layers.LSTM]
    dense = [layer for layer in trunk if type(layer) is keras.layers.Dense]
    alone, most = len(branches) == 1, _most("dense")
    if alone and len(dense) > most:  # a single head may own the last ones
        dense, branches = dense[:most], [[*dense[most:], *branches[0]]]
    _check_trunk(trunk, lstm, dense)
    output = branches[0][-1]
    fused = alone and len(branches[0]) == 1 and (is_sequential(model) or is_automatic(output))
    architecture = Architecture(
        timesteps=size[0],
        features=size[1],
        lstm=tuple(layer.units for layer in lstm),
        dense=tuple(DenseLayer(units=layer.units, activation=_activation(layer)) for layer in dense),
        heads=_columns(output, size) if fused else _heads(branches, size),
    )
    return architecture, "functional_fused" if fused and not is_sequential(model) else "sequential"


def _input(graph: Graph) -> tuple[int, int]:
    """The timesteps and features."""
    inputs = graph.model.inputs
    if len(inputs) != 1:
        raise NotExpressible(f"It has {len(inputs)} inputs. The sidebar has one.")
    _, *shape = inputs[0].shape
    if len(shape) != 2 or None in shape or inputs[0].dtype != "float32":
        raise NotExpressible(
            "Its input is no sequence of numbers of a fixed length. The sidebar has timesteps × features."
        )
    return shape[0], shape[1]


def _trunk_and_branches(graph: Graph) -> tuple[list[Any], list[list[Any]]]:
    """The layers from the input to what all heads read, and those from there to each output, the output included."""
    paths = [_path(graph, tensor) for tensor in graph.model.outputs]
    lengths = [len(path) for path in paths]
    common = 0
    while common < min(lengths) - 1 and len({id(path[common]) for path in paths}) == 1:
        common += 1
    calls = [*paths[0][:common], *(call for path in paths for call in path[common:])]
    if not all(paths) or len({id(call.layer) for call in calls}) < len(calls):
        raise NotExpressible("Its heads do not all branch from one tensor, as those of the sidebar do.")
    branches = [[call.layer for call in path[common:]] for path in paths]
    if any(type(layer) is not keras.layers.Dense for branch in branches for layer in branch):
        raise NotExpressible("A head has another layer than Dense. Those of the sidebar have Dense layers alone.")
    return [call.layer for call in paths[0][:common]], branches


def _path(graph: Graph, tensor: Any) -> list[Call]:
    """The calls from the input to a tensor. Each layer must be one of the sidebar's, with its arguments."""
    path: list[Call] = []
    while (call := graph.producer(tensor)) is not None:
        layer = call.layer
        if type(layer) not in (keras.layers.Dense, keras.layers.LSTM):
            raise NotExpressible(f"The sidebar has no {type(layer).__name__} layer, and “{layer.name}” is one.")
        other = [name for name in settings_of(layer) if name not in _SET]
        if type(layer) is keras.layers.LSTM and _activation(layer) != "tanh":
            other.append("activation")
        if other or len(call.inputs) != 1:
            what = shortened(sorted(other), 4) or "several inputs"
            raise NotExpressible(f"The layer “{layer.name}” has other arguments than the sidebar's: {what}.")
        path.append(call)
        tensor = call.inputs[0]
    return path[::-1]


def _check_trunk(trunk: Sequence[Any], lstm: Sequence[Any], dense: Sequence[Any]) -> None:
    if not lstm or list(trunk[: len(lstm) + len(dense)]) != [*lstm, *dense]:
        raise NotExpressible("The sidebar has one or more LSTM layers first, and then Dense layers.")
    if [layer.return_sequences for layer in lstm] != [True] * (len(lstm) - 1) + [False]:
        raise NotExpressible(
            "In the sidebar, the last LSTM layer returns its last output, and those before return all."
        )


def _activation(layer: Any) -> str:
    """The name of the layer's activation."""
    return str(getattr(layer.activation, "__name__", type(layer.activation).__name__))


def _columns(layer: Any, size: tuple[int, int]) -> tuple[Head, ...]:
    """The units of one output layer as heads: one head with softmax, else as few units each as the sidebar allows."""
    units = layer.units if _activation(layer) == "softmax" else -(-layer.units // _most("heads"))
    whole, rest = divmod(layer.units, units)
    heads: list[Head] = []
    for count in [units] * whole + [rest] * (rest > 0):
        heads.append(_head(layer, "", count, (), size, heads))
    return tuple(heads)


def _heads(branches: Sequence[Sequence[Any]], size: tuple[int, int]) -> tuple[Head, ...]:
    heads: list[Head] = []
    for *hidden, output in branches:
        for layer in hidden:
            if _activation(layer) != "relu":
                raise NotExpressible(
                    f"“{layer.name}” of one head has {_activation(layer)}. The sidebar has relu there."
                )
        units = tuple(layer.units for layer in hidden)
        heads.append(_head(output, output.name, output.units, units, size, heads))
    return tuple(heads)


def _head(
    layer: Any,
    name: str,
    units: int,
    hidden: tuple[int, ...],
    size: tuple[int, int],
    before: Sequence[Head],
) -> Head:
    """A head with a task that takes these units and this activation.

    It keeps its name if that is usable. If not, it gets one by its position, and shows its own.
    """
    task = _task(layer, units, size, [head.task for head in before])
    usable = usable_name(name)
    name, label = (name, "") if usable else (f"head_{len(before) + 1}", name)
    return Head.for_task(task, name, units=units, hidden=hidden, activation=_activation(layer), label=label)


def _task(layer: Any, units: int, size: tuple[int, int], used: Sequence[str]) -> str:
    """Of the tasks that take these units and this activation, the first of those that are `used` least."""
    activation = _activation(layer)
    kinds = [kind for kind, activations in OUTPUT.items() if activation in activations]
    if not kinds:
        possible = listed(dict.fromkeys(name for names in OUTPUT.values() for name in names))
        raise NotExpressible(f"The head “{layer.name}” has {activation}. The sidebar's heads have {possible}.")
    fitting = [
        name
        for name, task in TASKS.items()
        if task.source is SYNTHETIC
        and task.kind in kinds
        and task.units[0] <= units <= task.units[1]
        and all(need <= have for need, have in zip(task.smallest_input(units), size, strict=True))
    ]
    if not fitting:
        raise NotExpressible(
            f"None of the app's tasks has {counted(units, 'unit')} with {activation}, on sequences of "
            f"{size[0]} × {size[1]} (timesteps × features)."
        )
    return min(fitting, key=used.count)
