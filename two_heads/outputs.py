"""The outputs of a model in their structure, when one of them becomes several or several become one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import keras

from two_heads.graph import Model, source_name, structure_of

#: By the position of an old output, the new ones in its place: their names, each with a value. An empty list removes
#: the old output. An old output without an entry stays.
Places: TypeAlias = dict[int, list[tuple[str, Any]]]


def output_names(model: Model) -> list[str]:
    """The name of each output: its key in a dictionary, else the name of its layer."""
    structure = structure_of(model)
    if isinstance(structure, dict) and is_flat(model):
        positions = keras.tree.pack_sequence_as(structure, range(len(model.outputs)))
        return sorted(structure, key=lambda key: positions[key])
    return list(map(source_name, model.outputs))


def is_flat(model: Model) -> bool:
    """Whether the outputs are one tensor, a list or a dictionary, and not structures inside of one."""
    structure = structure_of(model)
    values = structure.values() if isinstance(structure, dict) else structure
    nested = isinstance(structure, dict | list | tuple)
    return not nested or not any(isinstance(each, dict | list | tuple) for each in values)


def check_flat(model: Model) -> None:
    """Raise `ValueError` if the structure of the outputs contains another structure."""
    if not is_flat(model):
        raise ValueError(f"The model '{model.name}' has outputs inside of structures. Only flat ones can change.")


def with_outputs(model: Model, places: Places) -> Model:
    """The model with other outputs: `places` has tensors of its graph, by the positions of the outputs they replace."""
    if not places:
        return model
    return keras.Model(model.input, packed(model, places, list(model.outputs), lambda tensor: tensor), name=model.name)


def packed(model: Model, places: Places, kept: Sequence[Any], of: Callable[[Any], Any]) -> Any:
    """Values for the new outputs in their structure: `of(kept[i])` if old output i stays, `of(value)` for each new one.

    A dictionary stays one. Otherwise, one output stands alone, and several are a list.
    """
    names = output_names(model)
    entries: list[tuple[str, Any]] = []
    for position, name in enumerate(names):
        if position in places:
            entries += [(new, of(value)) for new, value in places[position]]
        else:
            entries.append((name, of(kept[position])))
    if isinstance(structure_of(model), dict):
        keys = [name for name, _ in entries]
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise ValueError(f"Two outputs would be called '{twice}'. Give the new heads other names.")
        return dict(entries)
    return entries[0][1] if len(entries) == 1 else [value for _, value in entries]
