"""The variables of a training as few tensors, which an XLA program takes and returns.

A call takes time for each of its inputs. One input for each variable of the thread's network and of Adam would take a
millisecond, which is as long as four steps.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

#: All floats of the variables, end to end, then each counter, such as the optimizer's number of steps.
State = list[tf.Tensor]


class Layout:
    """How the values of these variables, in their order, are packed into a state."""

    def __init__(self, variables: Sequence[keras.Variable]) -> None:
        self._floats = [variable.dtype == "float32" for variable in variables]
        self._shapes = [tuple(variable.shape) for variable in variables]
        sizes = [int(np.prod(shape)) for shape, packed in zip(self._shapes, self._floats, strict=True) if packed]
        self._ends = np.cumsum(sizes).tolist()
        self._counters = [variable.dtype for variable in variables if variable.dtype != "float32"]

    @property
    def specs(self) -> list[tf.TensorSpec]:
        """What a traced function expects of a state."""
        return [tf.TensorSpec((self._ends[-1],), tf.float32), *(tf.TensorSpec((), dtype) for dtype in self._counters)]

    def state(self, values: Sequence[np.ndarray]) -> State:
        """The state with these values."""
        floats = [value.ravel() for value, packed in zip(values, self._floats, strict=True) if packed]
        counters = [value for value, packed in zip(values, self._floats, strict=True) if not packed]
        return [tf.constant(np.concatenate(floats), tf.float32), *map(tf.constant, counters)]

    def values(self, state: State) -> list[np.ndarray]:
        """The values in a state."""
        floats, counters = iter(np.split(state[0].numpy(), self._ends[:-1])), iter(state[1:])
        return [
            next(floats).reshape(shape) if packed else next(counters).numpy()
            for shape, packed in zip(self._shapes, self._floats, strict=True)
        ]

    def pack(self, values: Sequence[tf.Tensor]) -> State:
        """The state with these values, in a graph."""
        floats = [tf.reshape(value, [-1]) for value, packed in zip(values, self._floats, strict=True) if packed]
        return [tf.concat(floats, 0), *(each for each, packed in zip(values, self._floats, strict=True) if not packed)]

    def unpack(self, state: State) -> list[tf.Tensor]:
        """The values in a state, in a graph."""
        floats = iter(tf.split(state[0], np.diff([0, *self._ends]).tolist()))
        counters = iter(state[1:])
        return [
            tf.reshape(next(floats), shape) if packed else next(counters)
            for shape, packed in zip(self._shapes, self._floats, strict=True)
        ]
