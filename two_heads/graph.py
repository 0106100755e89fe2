"""The graph of a Functional model: which layer is called on which tensors. Reads parts of Keras that are not public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import keras

#: A `keras.Model`, a layer or operation, a `KerasTensor` and a `keras.Variable`.
Model: TypeAlias = Any
Layer: TypeAlias = Any
Tensor: TypeAlias = Any
Variable: TypeAlias = Any


@dataclass(frozen=True)
class Call:
    """One call of a layer or operation in a model, with its symbolic tensors, and all arguments that it was given."""

    layer: Layer
    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor]
    args: Sequence[Any]
    kwargs: Mapping[str, Any]


class Graph:
    """All calls of a Functional or Sequential model.

    `model` is a Functional model of the same layers that is not compiled. Raises `ValueError` for a model of another
    class, without an input shape, with a sparse, ragged or optional input, or with two layers that share weights (as
    when a layer is used both beside and inside a nested model).
    """

    def __init__(self, model: Model) -> None:
        if type(model).__name__ not in ("Functional", "Sequential") or not _of_keras(model):
            raise ValueError(
                f"The model '{getattr(model, 'name', model)}' is of class {type(model).__name__}. Only Functional and "
                "Sequential models have a graph of layers that can be read."
            )
        try:
            inputs, outputs = input_structure(model), structure_of(model)
        except (AttributeError, ValueError, TypeError) as error:
            raise ValueError(
                f"The model '{model.name}' has no input shape yet. Begin it with an Input, or build it."
            ) from error
        for tensor in keras.tree.flatten(inputs):
            source = tensor._keras_history.operation
            if tensor.sparse or getattr(tensor, "ragged", False) or getattr(source, "optional", False):
                raise ValueError(f"The input '{source.name}' is sparse, ragged or optional. A copy of it would not be.")
        self.model = keras.Model(inputs, outputs, name=model.name)
        self.calls = [
            Call(node.operation, node.input_tensors, node.outputs, node.arguments.args, node.arguments.kwargs)
            for depth in sorted(self.model._nodes_by_depth, reverse=True)
            for node in self.model._nodes_by_depth[depth]
            if node.operation and not node.is_input
        ]
        self._check_shared_weights()

    def _check_shared_weights(self) -> None:
        owners: dict[int, Any] = {}
        for layer in self.layers():
            for variable in getattr(layer, "variables", ()):
                owner: Any = owners.setdefault(id(variable), layer)
                if owner is not layer:
                    raise ValueError(
                        f"The layers '{owner.name}' and '{layer.name}' have weights in common. A converted model would "
                        "have them twice."
                    )

    def layers(self) -> list[Layer]:
        """Every layer and operation that is called, once."""
        return list({id(call.layer): call.layer for call in self.calls}.values())

    def calls_of(self, layer: Layer) -> list[Call]:
        """All calls of a layer in this model."""
        return [call for call in self.calls if call.layer is layer]

    def producer(self, tensor: Tensor) -> Call | None:
        """The call whose result the tensor is; None for an input of the model."""
        return next((call for call in self.calls if any(each is tensor for each in call.outputs)), None)

    def consumers(self, tensor: Tensor) -> list[Call]:
        """The calls that read the tensor, each once."""
        return [call for call in self.calls if any(each is tensor for each in call.inputs)]

    def is_output(self, tensor: Tensor) -> bool:
        """Whether the tensor is an output of the model."""
        return any(each is tensor for each in self.model.outputs)


def is_sequential(model: Model) -> bool:
    """Whether a model is a `keras.Sequential`, which has one input and one output."""
    return isinstance(model, keras.Sequential)


def input_structure(model: Model) -> Any:
    """The symbolic inputs of a model in their structure: one tensor, a list or a dictionary."""
    return model.inputs[0] if is_sequential(model) else model.input


def structure_of(model: Model) -> Any:
    """The symbolic outputs of a model in their structure: one tensor, a list or a dictionary."""
    return model.outputs[0] if is_sequential(model) else model.output


def is_nested(layer: Layer) -> bool:
    """Whether a layer is a model of its own, of any class."""
    return isinstance(layer, keras.Model)


def source_name(tensor: Tensor) -> str:
    """The name of the layer or operation that made a tensor."""
    return str(tensor._keras_history.operation.name)


def all_layers(model: Model) -> list[Layer]:
    """The layers of a model, including those inside nested models and wrappers."""
    return list(model._flatten_layers())


def lambda_settings(layer: Layer) -> dict[str, Any]:
    """What a Lambda layer was made with, besides its function."""
    return {"output_shape": layer._output_shape, "mask": layer.mask, "arguments": layer.arguments}


def rename_source(tensor: Tensor, name: str) -> None:
    """Rename the operation that made a tensor. Functions of `keras.ops` take no name, and their own may be in use."""
    tensor._keras_history.operation.name = name


def is_masked(tensor: Tensor) -> bool:
    """Whether a symbolic tensor carries a mask, as behind a Masking or Embedding layer."""
    return getattr(tensor, "_keras_mask", None) is not None


def unlisted_variables(layer: Layer) -> list[Variable]:
    """The variables of a layer, and of the layers inside it, that `variables` does not have: states of stateful RNNs.

    They exist once the layer was called.
    """
    if not isinstance(layer, keras.Layer):
        return []
    known = {id(each) for each in layer.variables}
    # Keras adds attributes to some layers when it wraps their lists, so only this one is read.
    held = [each for inner in layer._flatten_layers() for each in keras.tree.flatten(getattr(inner, "states", None))]
    return [each for each in held if isinstance(each, keras.Variable) and id(each) not in known]


def states_of(model: Model) -> list[Variable]:
    """What a forward pass changes: the states of dropout, batch normalization, stateful RNNs and the like."""
    return [*model.non_trainable_variables, *unlisted_variables(model)]


def adapted_settings(layer: Layer) -> dict[str, Any]:
    """What `adapt` gave a preprocessing layer and its configuration lacks, as settings; empty for other layers."""
    if not hasattr(layer, "get_vocabulary") or layer.get_config()["vocabulary"] is not None:
        return {}
    words = layer.get_vocabulary(include_special_tokens=False)
    if not words:
        return {}
    weights = getattr(getattr(layer, "_lookup_layer", layer), "idf_weights", None)
    if weights is None:
        return {"vocabulary": words}
    begin = len(layer.get_vocabulary()) - len(words)
    return {"vocabulary": words, "idf_weights": keras.ops.convert_to_numpy(weights)[begin : begin + len(words)]}


@contextmanager
def states_kept(*models: Model) -> Iterator[None]:
    """Restore at the end what a forward pass changes."""
    variables = {id(each): each for model in models for each in states_of(model)}.values()
    values = [keras.ops.convert_to_numpy(each).copy() for each in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def compile_arguments(model: Model) -> dict[str, Any]:
    """The arguments of `compile` as they were passed: functions and objects, not their configurations."""
    return dict(model._compile_config.config)


def trained_variables(optimizer: Any) -> list[Variable]:
    """The variables that a built optimizer trains, in its order."""
    return list(optimizer._trainable_variables)


def _of_keras(model: Model) -> bool:
    return type(model).__module__.partition(".")[0] == "keras"
