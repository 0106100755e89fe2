"""A visitor's own model as the architecture of the app's settings, or why the sidebar cannot express it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.experiment.activations import OUTPUT, TRUNK
from backend.experiment.architecture import Architecture, DenseLayer, usable_name
from backend.experiment.architecture import Head as HeadSettings
from backend.experiment.sources import SYNTHETIC
from backend.experiment.tasks import TASKS
from backend.experiment.url import bounds
from backend.own_network.graph import Graph, Ref
from backend.own_network.layers.base import Layer
from backend.own_network.layers.core import Dense, InputLayer
from backend.own_network.layers.recurrent import LSTM
from backend.own_network.names import is_automatic
from backend.words import counted, listed, shortened

#: Fields of a layer that the sidebar sets, or that change no number.
_SET = ("name", "units", "activation", "return_sequences", "unroll")


def _most(*where: str | int) -> int:
    """The largest number, or the most items, at that path of an architecture."""
    return int(bounds(("architecture", *where))[1])


_MOST_LSTM, _MOST_DENSE, _MOST_HEADS = _most("lstm"), _most("dense"), _most("heads")
_MOST_HIDDEN, _MOST_UNITS = _most("heads", 0, "hidden"), _most("lstm", 0)


class NotExpressible(ValueError):
    """Raised for a model that the sidebar cannot express. Its text says why, in a sentence."""


@dataclass(frozen=True)
class AsSettings:
    """The architecture, and the left side's style: fused if one layer of a Functional model has all heads."""

    architecture: Architecture
    left: str


def as_settings(graph: Graph) -> AsSettings:
    """The settings with which the app writes a network with these layers. Raises `NotExpressible` if it writes none.

    Tasks and losses are no part of a model. So each head gets a task that takes its activation and units, and that no
    other head has if possible. The columns of a single output layer become heads, unless a Functional model names it.
    """
    timesteps, features = _input(graph)
    trunk, branches = _trunk_and_branches(graph)
    lstm, dense = _lstm_and_dense(trunk)
    alone = len(branches) == 1
    if alone and len(dense) > _MOST_DENSE:  # a single head may own the last ones
        dense, branches = dense[:_MOST_DENSE], [[*dense[_MOST_DENSE:], *branches[0]]]
    for layers, most in ((lstm, _MOST_LSTM), (dense, _MOST_DENSE)):
        if len(layers) > most:
            what = f"{len(layers)} {layers[0].kind} layers before the heads"
            raise NotExpressible(f"It has {what}. The sidebar has at most {most}.")
    output = branches[0][-1]
    fused = alone and len(branches[0]) == 1 and (graph.sequential or is_automatic(output.name, output.kind))
    size = timesteps, features
    architecture = Architecture(
        timesteps=timesteps,
        features=features,
        lstm=tuple(layer.units for layer in lstm),
        dense=tuple(DenseLayer(units=layer.units, activation=layer.activation) for layer in dense),
        heads=_columns(output, size) if fused else _heads(branches, size),
    )
    return AsSettings(architecture, "functional_fused" if fused and not graph.sequential else "sequential")


def _lstm_and_dense(trunk: list[Dense | LSTM]) -> tuple[list[LSTM], list[Dense]]:
    """The LSTM layers, and the Dense layers after them."""
    lstm = [layer for layer in trunk if isinstance(layer, LSTM)]
    dense = [layer for layer in trunk if isinstance(layer, Dense)]
    if not lstm or trunk != [*lstm, *dense]:
        raise NotExpressible("The sidebar has one or more LSTM layers first, and then Dense layers.")
    if [layer.return_sequences for layer in lstm] != [True] * (len(lstm) - 1) + [False]:
        raise NotExpressible(
            "In the sidebar, the last LSTM layer returns its last output, and those before it return all."
        )
    for layer in trunk:
        if layer.units > _MOST_UNITS:
            raise NotExpressible(f"“{layer.name}” has {layer.units:,} units. The sidebar has at most {_MOST_UNITS}.")
        if isinstance(layer, Dense) and layer.activation not in TRUNK:
            raise NotExpressible(f"“{layer.name}” has {layer.activation}. The sidebar has {listed(TRUNK)}.")
    return lstm, dense


def _input(graph: Graph) -> tuple[int, int]:
    """The timesteps and features."""
    inputs = [layer for layer in graph.layers if isinstance(layer, InputLayer)]
    if len(inputs) != 1:
        raise NotExpressible(f"It has {len(inputs)} inputs. The sidebar has one.")
    if len(inputs[0].shape) != 2 or inputs[0].dtype != "float32":
        raise NotExpressible("Its input is no sequence of numbers. The sidebar has timesteps × features.")
    timesteps, features = inputs[0].shape
    if timesteps is None or features is None:
        raise NotExpressible("The length of its sequences varies. The sidebar has a fixed number of timesteps.")
    most = _most("timesteps"), _most("features")
    if timesteps > most[0] or features > most[1]:
        raise NotExpressible(
            f"Its input is {timesteps:,} × {features:,} (timesteps × features). The sidebar has at most {most[0]} × "
            f"{most[1]}."
        )
    return timesteps, features


def _trunk_and_branches(graph: Graph) -> tuple[list[Dense | LSTM], list[list[Dense]]]:
    """The layers from the input to what all heads read, and those from there to each output, the output included."""
    paths = [_path(graph, ref) for ref in graph.outputs]
    if not all(paths):
        raise NotExpressible("It returns its input.")
    if len(set(graph.outputs)) < len(graph.outputs):
        raise NotExpressible("It returns an output more than once.")
    lengths = [len(path) for path in paths]
    common = 0
    while common < min(lengths) - 1 and len({path[common] for path in paths}) == 1:
        common += 1
    calls = [*paths[0][:common], *(call for path in paths for call in path[common:])]
    if len({graph.calls[call].layer for call in calls}) < len(calls):
        raise NotExpressible("Its heads do not all branch from one tensor, as those of the sidebar do.")
    layers = {call: _plain(graph.layers[graph.calls[call].layer]) for call in calls}
    trunk = [layers[call] for call in paths[0][:common]]
    return trunk, [[_dense(layers[call]) for call in path[common:]] for path in paths]


def _path(graph: Graph, ref: Ref) -> list[int]:
    """The calls from the input to a tensor, without the input's."""
    path: list[int] = []
    position = ref.call
    while position not in graph.inputs:
        call = graph.calls[position]
        if len(call.reads) != 1 or call.keywords:
            layer = graph.layers[call.layer]
            raise NotExpressible(_no_layer(layer))
        path.append(position)
        position = call.reads[0].call
    return path[::-1]


def _no_layer(layer: Layer) -> str:
    return f"The sidebar has no {layer.kind} layer, and “{layer.name}” is one."


def _plain(layer: Layer) -> Dense | LSTM:
    """The layer, if the sidebar has one with the same arguments. Raises `NotExpressible` if not."""
    if type(layer) not in (Dense, LSTM):
        raise NotExpressible(_no_layer(layer))
    assert isinstance(layer, Dense | LSTM)
    others = [field for field in type(layer).model_fields if field not in _SET]
    other = [field for field in others if getattr(layer, field) != type(layer).model_fields[field].default]
    if isinstance(layer, LSTM) and layer.activation != "tanh":
        other.append("activation")
    if other:
        raise NotExpressible(
            f"The layer “{layer.name}” has other arguments than the sidebar's: {shortened(sorted(other), 4)}."
        )
    return layer


def _dense(layer: Dense | LSTM) -> Dense:
    if isinstance(layer, LSTM):
        raise NotExpressible(f"The head “{layer.name}” is an LSTM layer. Those of the sidebar are Dense layers.")
    return layer


def _columns(layer: Dense, size: tuple[int, int]) -> tuple[HeadSettings, ...]:
    """The units of one output layer as heads: one head with softmax, else as few units each as the sidebar allows."""
    units = layer.units if layer.activation == "softmax" else -(-layer.units // _MOST_HEADS)
    whole, rest = divmod(layer.units, units)
    heads: list[HeadSettings] = []
    for count in [units] * whole + [rest] * (rest > 0):
        heads.append(_head(layer, "", count, (), size, heads))
    return tuple(heads)


def _heads(branches: Sequence[list[Dense]], size: tuple[int, int]) -> tuple[HeadSettings, ...]:
    if len(branches) > _MOST_HEADS:
        raise NotExpressible(f"It has {len(branches)} heads. The sidebar has at most {_MOST_HEADS}.")
    heads: list[HeadSettings] = []
    names = [branch[-1].name for branch in branches]
    for *hidden, output in branches:
        if len(hidden) > _MOST_HIDDEN:
            raise NotExpressible(f"A head has {len(hidden)} layers of its own. The sidebar has at most {_MOST_HIDDEN}.")
        for layer in hidden:
            if layer.activation != "relu" or layer.units > _MOST_UNITS:
                raise NotExpressible(
                    f"“{layer.name}” is a layer of one head with {layer.units:,} units and {layer.activation}. Those "
                    f"of the sidebar have at most {_MOST_UNITS} and relu."
                )
        units = tuple(layer.units for layer in hidden)
        heads.append(_head(output, output.name, output.units, units, size, heads, names))
    return tuple(heads)


def _head(
    layer: Dense,
    name: str,
    units: int,
    hidden: tuple[int, ...],
    size: tuple[int, int],
    before: Sequence[HeadSettings],
    names: Sequence[str] = (),
) -> HeadSettings:
    """A head with a task that takes these units and this activation.

    It keeps its name if that is usable. If not, it is named after its task, unlike the heads `before` and all `names`.
    """
    task = _task(layer, units, size, [head.task for head in before])
    label, taken = "", {*names, *(head.name for head in before)}
    if not usable_name(name):
        label, number = name, 1
        while (name := f"{task}_{number}" if number > 1 else task) in taken:
            number += 1
    return HeadSettings.for_task(task, name, units=units, hidden=hidden, activation=layer.activation, label=label)


def _task(layer: Dense, units: int, size: tuple[int, int], used: Sequence[str]) -> str:
    """Of the tasks that take these units and this activation, the first of those that are `used` least."""
    kinds = [kind for kind, activations in OUTPUT.items() if layer.activation in activations]
    if not kinds:
        possible = listed(dict.fromkeys(name for names in OUTPUT.values() for name in names))
        raise NotExpressible(f"The head “{layer.name}” has {layer.activation}. The sidebar's heads have {possible}.")
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
            f"None of the app's tasks has {counted(units, 'unit')} with {layer.activation}, on sequences of "
            f"{size[0]} × {size[1]} (timesteps × features)."
        )
    return min(fitting, key=used.count)
