"""The losses of a model's outputs, and their gradients, which need TensorFlow as Keras's backend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import keras
import numpy as np

from two_heads.graph import Graph, Model, Tensor, Variable
from two_heads.heads import fused_layers
from two_heads.losses import losses_of
from two_heads.outputs import output_names


def tensorflow(what: str) -> Any:
    """Import TensorFlow for `what`. Raises `RuntimeError`, which names `what`, if Keras has another backend."""
    if keras.backend.backend() != "tensorflow":
        raise RuntimeError(
            f"{what} needs TensorFlow as Keras's backend, and it is {keras.backend.backend()}. Set KERAS_BACKEND to "
            "tensorflow before Keras is imported."
        )
    import tensorflow

    return tensorflow


class HeadLosses:
    """The loss of each output of a compiled Functional or Sequential model, before its weight.

    `names` are those of the outputs that have a loss. Raises `ValueError` for a model that is not compiled or that
    `Graph` cannot read, and if fewer than two outputs have a loss.
    """

    def __init__(self, model: Model) -> None:
        if not model.compiled:
            raise ValueError(f"The model '{model.name}' is not compiled, so its outputs have no losses.")
        self.graph = Graph(model)
        self.model = model
        self._all = output_names(self.graph.model)
        losses = losses_of(model)
        self._losses = {i: _as_loss(loss) for i, loss in enumerate(losses) if loss is not None}
        if len(self._losses) < 2:
            raise ValueError(
                f"The model '{model.name}' has fewer than two outputs with a loss. Heads can only be compared if there "
                "are two or more."
            )
        self.names = [self._all[i] for i in self._losses]

    def of(self, outputs: Any, y: Sequence[Any]) -> list[Tensor]:
        """The losses of the model's outputs in the order of `names`; `y` is a result of `targets`."""
        outputs = keras.tree.flatten(outputs)
        return [keras.ops.cast(loss(y[i], outputs[i]), "float32") for i, loss in self._losses.items()]

    def targets(self, y: Any) -> list[Any]:
        """The targets in the order of all outputs, from a list, or from a dictionary by the outputs' names.

        Raises `ValueError` if one is missing, or if `y` does not have the form of the outputs.
        """
        if isinstance(y, dict):
            missing = [name for name in self.names if name not in y]
            if missing:
                raise ValueError(f"y has no targets for the output '{missing[0]}'. It has {', '.join(map(str, y))}.")
            return [y.get(name) for name in self._all]
        if isinstance(self.graph.model.output, dict):
            raise ValueError(f"The outputs are a dictionary, so y has to be one, of {', '.join(self._all)}.")
        found = list(y) if isinstance(y, list | tuple) else [y]
        if len(found) != len(self._all):
            raise ValueError(f"y has {len(found)} arrays, and the model {len(self._all)} outputs.")
        return found

    def trunk_candidates(self) -> list[Variable]:
        """The trainable variables, without layers that `fuse_heads` made, because each column of these has one head."""
        fused = {id(variable) for layer in fused_layers(self.graph) for variable in layer.variables}
        return [variable for variable in self.model.trainable_variables if id(variable) not in fused]


#: The most rows that are read from a data set or generator.
MOST_ROWS = 1024


def read_batches(data: Any) -> tuple[Any, Any]:
    """The inputs and targets of the first batches of a `tf.data.Dataset`, `PyDataset` or generator, as arrays.

    At most `MOST_ROWS` rows are read, and of the batch in which these end, the others are left out. Weights of samples
    are left out, too. Raises `ValueError` for elements that are no batches of (x, y).
    """
    batches: list[Any] = []
    rows = 0
    wanted = "Pass arrays x and y, or a data set whose elements are batches (x, y)."
    for element in _elements(data):
        if not isinstance(element, tuple) or len(element) not in (2, 3):
            raise ValueError(f"GradientConflict needs the targets beside the inputs. {wanted}")
        batch, size = arrays_of(element[:2], None, "an element, which has to be a batch,")
        batches.append(batch)
        rows += size
        if rows >= MOST_ROWS:
            break
    if not batches:
        raise ValueError(f"The data set or generator has no elements. {wanted}")
    x, y = keras.tree.map_structure(lambda *parts: np.concatenate(parts)[:MOST_ROWS], *batches)
    return x, y


def _elements(data: Any) -> Iterator[Any]:
    if isinstance(data, keras.utils.PyDataset):
        return map(data.__getitem__, count() if data.num_batches is None else range(data.num_batches))
    return iter(data)


def _array(value: Any) -> np.ndarray:
    found = np.asarray(value)
    return found.astype(keras.backend.floatx()) if found.dtype.kind == "f" else found


def arrays_of(value: Any, rows: int | None, name: str) -> tuple[Any, int]:
    """A structure as NumPy arrays with equally many rows, and their number; None stays None.

    Floats get Keras's `floatx`, as in `fit`. Raises `ValueError` if the arrays have different numbers of rows,
    no rows, or not `rows` rows.
    """
    arrays = keras.tree.map_structure(lambda each: None if each is None else _array(each), value)
    counts = {len(each) if each.ndim else 0 for each in keras.tree.flatten(arrays) if each is not None}
    if len(counts | ({rows} if rows else set())) != 1 or counts == {0}:
        found = " and ".join(map(str, sorted(counts)))
        wanted = f"{rows}, as x" if rows else "equally many, and at least one"
        raise ValueError(f"The arrays of {name} have {found} rows. They have to have {wanted}.")
    return arrays, counts.pop()


def gradients_of(losses: Sequence[Tensor], variables: Sequence[Variable], tape: Any) -> list[list[Any]]:
    """The dense gradients of each loss with respect to each variable; None if the loss does not depend on it."""
    values = [variable.value for variable in variables]
    return [
        [None if each is None else keras.ops.convert_to_tensor(each) for each in tape.gradient(loss, values)]
        for loss in losses
    ]


class _Wrapped(keras.losses.Loss):  # type: ignore[misc]
    """A loss from a function of targets and predictions. It applies masks, as Keras does in `fit`."""

    def __init__(self, function: Any) -> None:
        super().__init__(name="loss_of_head")
        self._function = function

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return self._function(y_true, y_pred)


def _as_loss(loss: Any) -> Any:
    found = keras.losses.get(loss)
    return found if isinstance(found, keras.losses.Loss) else _Wrapped(found)
