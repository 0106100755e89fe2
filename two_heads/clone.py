"""A copy of a model in which some layers are replaced, and where the values of its variables come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import keras
import numpy as np

from two_heads.graph import (
    Graph,
    Layer,
    Model,
    Variable,
    adapted_settings,
    all_layers,
    is_sequential,
    lambda_settings,
    unlisted_variables,
)

#: A function in the place of a layer: it gets what the layer is called with, and returns the result.
Replacement: TypeAlias = Callable[..., Any]


@dataclass(frozen=True)
class Origin:
    """The source of a new variable's value: the columns `start:stop` of old variables, joined along their last axis."""

    variables: Sequence[Variable]
    start: int = 0
    stop: int | None = None

    def value(self, parts: Sequence[np.ndarray | None]) -> np.ndarray | None:
        """The value, joined from one for each old variable; None if one is None or the shapes do not fit."""
        present = [part for part in parts if part is not None]
        if len(present) < len(parts):
            return None
        if len(present) == 1 and self.start == 0 and self.stop is None:
            return present[0]
        if len({part.shape[:-1] for part in present}) > 1 or any(not part.ndim for part in present):
            return None
        return np.concatenate(present, axis=-1)[..., self.start : self.stop]


#: New variables with their origins.
Origins: TypeAlias = list[tuple[Variable, Origin]]


def clone(graph: Graph, replacements: Mapping[int, Replacement]) -> tuple[Model, Origins]:
    """A copy of the model with layers of its own, and the origins of their variables; no values are copied yet.

    The keys of `replacements` are the `id` of the old layer. The variables of the layers that one calls have no origin
    here.
    """
    old_of: dict[int, Layer] = {}
    pairs: list[tuple[Layer, Layer]] = []

    def copied(layer: Layer) -> Layer:
        if id(layer) in replacements:
            new = keras.layers.Identity()  # never called
        else:
            new = _copy(layer)
            pairs.append((layer, new))
        old_of[id(new)] = layer
        return new

    def called(new: Layer, *args: Any, **kwargs: Any) -> Any:
        return replacements.get(id(old_of[id(new)]), new)(*args, **kwargs)

    model = keras.models.clone_model(graph.model, clone_function=copied, call_function=called)
    origins = [
        (new, Origin([old]))
        for layer, twin in pairs
        for old, new in zip(_variables(layer), _variables(twin), strict=True)
    ]
    return model, origins


def _variables(layer: Layer) -> list[Variable]:
    return [*getattr(layer, "variables", ()), *unlisted_variables(layer)]


def of_layer(new: Layer, old: Sequence[Layer], start: int, stop: int | None) -> Origins:
    """The origins of kernel and bias of a layer whose columns are those of old layers."""
    parts = ("kernel", "bias") if new.use_bias else ("kernel",)
    return [(getattr(new, part), Origin([getattr(layer, part) for layer in old], start, stop)) for part in parts]


def copy_weights(model: Model, origins: Origins) -> None:
    """Give every variable of the new model its value."""
    for new, origin in origins:
        new.assign(origin.value([keras.ops.convert_to_numpy(each) for each in origin.variables]))
    for layer in all_layers(model):
        if layer.weights and hasattr(layer, "finalize_state"):  # Normalization computes constants from its weights
            layer.finalize_state()


def _copy(layer: Layer) -> Layer:
    """A layer with the same settings, and weights of its own. The layers of a nested model are copied, too."""
    if type(layer) is keras.layers.Lambda:  # Keras refuses to read its configuration
        return keras.layers.Lambda(layer.function, **lambda_settings(layer), name=layer.name, dtype=layer.dtype_policy)
    if is_sequential(layer) or type(layer).__name__ == "Functional":
        plain = layer if is_sequential(layer) else keras.Model(layer.input, layer.output, name=layer.name)
        copy = keras.models.clone_model(plain, clone_function=_copy)
        if not layer.trainable:
            copy.trainable = False
        return copy
    try:
        return type(layer).from_config(layer.get_config() | adapted_settings(layer))
    except (TypeError, ValueError, NotImplementedError) as error:
        raise ValueError(f"The layer '{layer.name}' cannot be copied by its configuration. {error}".strip()) from error
