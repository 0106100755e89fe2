"""From the configuration of one layer to a layer with typed arguments. Only checked values are used."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from backend.own_network.layers import LAYERS
from backend.own_network.layers.base import Layer, is_own_class
from backend.own_network.layers.operations import Operation
from backend.own_network.names import cleaned
from backend.own_network.refusal import Refused

#: Arguments that the layers here do not need: seeds, shapes of a build, and what earlier versions of Keras wrote.
_IGNORED = frozenset({
    "name", "seed", "quantization_config", "batch_input_shape", "implementation", "time_major", "autocast",
    "input_length", "input_dtype", "dtype_policy", "query_shape", "key_shape", "value_shape",
})  # fmt: skip
#: Names of Keras 2 for arguments of Keras 3.
_RENAMED = {("LeakyReLU", "alpha"): "negative_slope", ("InputLayer", "batch_input_shape"): "batch_shape"}
_MAX_NAME = 500


def class_name(entry: dict[str, Any]) -> str:
    """The class of an entry, which is only compared with the allowed ones. Raises `Refused` if there is none."""
    name = entry.get("class_name")
    if not isinstance(name, str) or not name or len(name) > _MAX_NAME:
        raise Refused("This configuration has a layer without a class. Paste what `model.to_json()` returns.")
    return name


def name_of(entry: dict[str, Any]) -> str:
    """The name of an entry, as other layers refer to it, not cleaned yet. Raises `Refused` if it is no short text."""
    config = entry.get("config")
    name = entry.get("name", config.get("name") if isinstance(config, dict) else None)
    if name is None:
        name = class_name(entry)
    if not isinstance(name, str) or len(name) > _MAX_NAME:
        raise Refused("This configuration has a layer whose name is not a short text.")
    return name


def refuse_own_class(entry: dict[str, Any], name: str) -> None:
    """Raises `Refused` if the configuration says that a class of this name is not Keras's."""
    if is_own_class(entry):
        raise Refused(
            f"The layer “{name}” is of a class “{cleaned(class_name(entry))}” of your own, not of Keras's of this name."
        )


def read_layer(
    entry: dict[str, Any],
    name: str,
    inner: dict[str, Layer] | None = None,
    operation: tuple[type[Operation], dict[str, Any]] | None = None,
) -> Layer:
    """A layer under its cleaned name.

    `inner` are the layers that it contains, and `operation` its class and constants if it is one. Raises `Refused` for
    a class or an argument that the app does not read.
    """
    kind = class_name(entry)
    refuse_own_class(entry, name)
    layer, constants = operation or (LAYERS.get(kind), {})
    config = entry.get("config")
    if layer is None:
        raise Refused(f"The app does not read the layer “{name}”, of the class “{cleaned(kind)}”.")
    if not isinstance(config, dict):
        raise Refused(f"The layer “{name}” ({kind}) has no configuration.")
    values: dict[str, Any] = {
        _renamed(kind, key): _frozen(value) for key, value in config.items() if _matters(kind, key)
    }
    values |= {key: _frozen(value) for key, value in constants.items()}
    values |= {"name": name, "dtype": _dtype(config.get("dtype"), name), **(inner or {})}
    if operation:
        values.pop("dtype")
    known = layer.model_fields
    values = {key: value for key, value in values.items() if key in known or value is not None}
    try:
        return layer.model_validate(values)
    except ValidationError as error:
        raise Refused(f"The layer “{name}” ({kind}) {_fault(error, layer)}") from None


def _matters(kind: str, key: str) -> bool:
    return (kind, key) in _RENAMED or not (key in _IGNORED or key.endswith("_initializer"))


def _renamed(kind: str, key: str) -> str:
    return _RENAMED.get((kind, key), key)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _dtype(value: Any, name: str) -> Any:
    """The name of a dtype or of a policy. Its type is checked with the layer's other arguments."""
    if isinstance(value, dict):
        config = value.get("config")
        if value.get("class_name") not in ("DTypePolicy", "FloatDTypePolicy", "Policy") or not isinstance(config, dict):
            raise Refused(f"The layer “{name}” has a dtype that the app does not read.")
        value = config.get("name")
    return "float32" if value is None else value


def _fault(error: ValidationError, layer: type[Layer]) -> str:
    """What the first wrong argument is, as the end of a sentence. No value of the configuration is in it."""
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "value_error":  # a sentence of ours
        return f"has arguments that the app does not read: {first['ctx']['error']}."
    field = str(first["loc"][0]) if first["loc"] else ""
    if field not in layer.model_fields:
        return f"has an argument that the app does not read, “{cleaned(field)}”."
    if first["type"] == "missing":
        return f"has no {field}."
    return f"has a value for {field} that the app does not read: {first['msg'][0].lower()}{first['msg'][1:]}."
