"""Layers and their arguments as Keras source. Only typed values and cleaned names enter it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from backend.own_network.graph import Network
from backend.own_network.layers.base import Layer, Limit, Penalty
from backend.own_network.layers.core import InputLayer
from backend.own_network.layers.recurrent import Wrapper

_WORD = re.compile(r"[A-Za-z0-9_]*")


def literal(value: Any) -> str:
    """A checked value as Python writes it. Raises TypeError for anything that has no place in source."""
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return repr(value)
    if isinstance(value, str) and _WORD.fullmatch(value):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    if isinstance(value, Penalty | Limit):
        module = "regularizers" if isinstance(value, Penalty) else "constraints"
        given = value.model_dump(exclude={"kind"}, exclude_none=True)
        return f"keras.{module}.{value.kind}({', '.join(f'{name}={literal(each)}' for name, each in given.items())})"
    raise TypeError(f"no literal for {type(value).__name__}")


def expression(layer: Layer, named: bool, variable: Callable[[Network], str]) -> str:
    """A layer as source: `layers.Dense(8, activation="relu")`. `variable` gives the variable of a nested model.

    If it is `named`, the source contains its name.
    """
    if isinstance(layer, Network):
        return variable(layer)
    name = [f"name={literal(layer.name)}"] if named else []
    if isinstance(layer, InputLayer):
        dtype = [f"dtype={literal(layer.dtype)}"] if layer.dtype != "float32" else []
        return f"keras.Input({', '.join([f'shape={literal(layer.shape)}', *dtype, *name])})"
    return f"layers.{layer.kind}({', '.join([*_arguments(layer, variable), *name])})"


def _arguments(layer: Layer, variable: Callable[[Network], str]) -> list[str]:
    """The arguments that differ from Keras's defaults, those without a keyword first."""

    def written(field: str) -> str:
        value = layer.argument(field)
        return expression(value, False, variable) if isinstance(value, Layer) else literal(value)

    def differs(field: str) -> bool:
        return layer.usual(field) not in (getattr(layer, field), layer.argument(field))

    differ = [field for field in type(layer).model_fields if differs(field)]
    required = [field for field in layer.POSITIONAL if type(layer).model_fields[field].is_required()]
    positional = list(layer.POSITIONAL)
    while positional and positional[-1] not in (*differ, *required):
        positional.pop()
    fields = [field for field in differ if field not in (*positional, "name", "trainable", "dtype")]
    common = [field for field in ("trainable", "dtype") if field in differ and not isinstance(layer, Wrapper)]
    return [*map(written, positional), *(f"{field}={written(field)}" for field in (*fields, *common))]
