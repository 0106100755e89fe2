"""The step of a method of `two_heads.weightings`, in a graph of TensorFlow, on Keras's layers, losses and optimizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from two_heads.graph import states_of
from two_heads.head_losses import gradients_of, tensorflow
from two_heads.on_keras import on_keras
from two_heads.weightings import Aggregator, Scalarizer, Weighting
from two_heads.weightings.base import State


class MethodStep:
    """Trains the variables of `model` with a method, step by step. Keras variables hold the state of the method.

    `losses(*batch)` returns a list whose last `heads` entries are the losses of the heads. With `beside`, its first
    entry is the loss of the regularizers, which is added to the step whatever the method does. `trunk` are the
    variables that may belong to the trunk; all by default. Raises `RuntimeError` if Keras's backend is not TensorFlow.
    """

    def __init__(
        self,
        method: Weighting,
        model: Any,
        heads: int,
        losses: Callable[..., Sequence[Any]],
        beside: bool = False,
        trunk: Sequence[Any] | None = None,
    ) -> None:
        self._tf = tensorflow("A method that combines losses")
        self._model, self._losses, self._beside = model, losses, beside
        self._variables = model.trainable_variables
        self._candidates = {id(variable) for variable in (self._variables if trunk is None else trunk)}
        self._heads = heads
        self._text = on_keras()
        self._noise = keras.random.SeedGenerator(0)
        self._aggregator = method.on(ops) if isinstance(method, Aggregator) else None
        self._scalarizer = method.on(ops) if isinstance(method, Scalarizer) else None
        self._method = method
        self._state: dict[str, keras.Variable] = {}
        self._trained: list[str] = []
        if isinstance(method, Scalarizer):
            start = method.initial(self._heads)
            self._state = {name: keras.Variable(value, dtype="float32", name=name) for name, value in start.items()}
            if method.gradients:
                self._trained = list(method.gradients(np.ones(self._heads), start))

    @property
    def variables(self) -> list[keras.Variable]:
        """What the optimizer trains: the network, then those of the method's own variables that have a gradient."""
        return [*self._variables, *(self._state[name] for name in self._trained)]

    def reset(self, seed: int) -> None:
        """Start again. `seed` decides the random numbers of the method."""
        self._noise.state.assign(keras.random.SeedGenerator(seed).state)
        if isinstance(self._method, Scalarizer):
            self._assign(self._method.initial(self._heads))

    def state(self) -> dict[str, np.ndarray]:
        """A copy of what the method keeps between steps, by name; empty for an aggregator."""
        return {name: np.array(variable.numpy()) for name, variable in self._state.items()}

    def end_epoch(self, losses: np.ndarray) -> None:
        """Update the state by the mean losses of the heads over an epoch, (heads,)."""
        if isinstance(self._method, Scalarizer) and self._method.after_epoch:
            self._assign(self._method.after_epoch({name: value.numpy() for name, value in self._state.items()}, losses))

    def step(self, batch: Sequence[Any], optimizer: Any) -> Sequence[Any]:
        """Take a step on a batch; returns what `losses` computed before the step.

        A method that sees the gradients raises `ValueError`, while the graph is traced, if the heads have no variable
        in common.
        """
        return (self._aggregate if self._aggregator else self._scalarize)(batch, optimizer)

    def _aggregate(self, batch: Sequence[Any], optimizer: Any) -> Sequence[Any]:
        assert self._aggregator
        with self._tf.GradientTape(persistent=True) as tape:
            losses = self._losses(*batch)
        gradients = gradients_of(losses[-self._heads :], self._variables, tape)
        beside = gradients_of(losses[:1], self._variables, tape)[0] if self._beside else [None] * len(self._variables)
        shared = self._shared(gradients)
        more: dict[str, Any] = {}
        if self._aggregator.takes_order:
            draws = keras.random.uniform((self._heads, self._heads), seed=self._noise)
            more["order"] = ops.argsort(draws, axis=-1)
        chosen = self._aggregator.function(self._text.gramian_of(gradients, shared), **more)
        chosen = ops.cast(chosen, self._variables[shared[0]].dtype)
        reached = [i for i in range(len(self._variables)) if any(of_head[i] is not None for of_head in gradients)]
        gradients = [[of_head[i] for i in reached] for of_head in gradients]
        shared = [reached.index(i) for i in shared]
        step = dict(zip(reached, self._text.aggregated(gradients, shared, chosen), strict=True))
        optimizer.apply([_sum(step.get(i), beside[i]) for i in range(len(self._variables))], self._variables)
        return losses

    def _scalarize(self, batch: Sequence[Any], optimizer: Any) -> Sequence[Any]:
        method = self._scalarizer
        assert method
        if method.before_step:
            self._assign(method.before_step(self._values(), keras.random.normal((self._heads,), seed=self._noise)))
        state = self._values()
        sees_gradients, sees_after = "gramian" in method.needs, "losses_after" in method.needs
        before = self._states() if sees_after else []
        with self._tf.GradientTape(persistent=sees_gradients) as tape:
            losses = self._losses(*batch)
            heads = ops.stack(losses[-self._heads :])
            combined = ops.sum(self._tf.stop_gradient(ops.cast(method.weights(heads, state), "float32")) * heads)
            if self._beside:
                combined = combined + losses[0]
        (gradients,) = gradients_of([combined], self._variables, tape)
        gramian = None
        if sees_gradients:
            of_heads = gradients_of(losses[-self._heads :], self._variables, tape)
            gramian = ops.cast(self._text.gramian_of(of_heads, self._last_shared(of_heads)), "float32")
        if method.gradients:
            own = method.gradients(heads, state)
            gradients += [ops.cast(own[name], "float32") for name in self._trained]
        # Without this, some steps on a busy machine updated the state before `method.weights` had read it.
        with self._tf.control_dependencies([combined]):
            optimizer.apply(gradients, self.variables)
        if method.after_step:
            after = self._losses_again(batch, before) if sees_after else None
            self._assign(method.after_step(self._values(), heads, after, gramian))
        return losses

    def _losses_again(self, batch: Sequence[Any], before: list[Any]) -> Any:
        """The losses of the heads with the new weights, (heads,), from the states `before` the step.

        So dropout draws the same masks as in the step, and the states of batch normalization move once.
        """
        now = self._states()
        self._restore(before)
        losses = ops.stack(self._losses(*batch)[-self._heads :])
        self._restore(now)
        return losses

    def _states(self) -> list[Any]:
        """The present values of what a forward pass changes."""
        return [self._tf.identity(variable.value) for variable in states_of(self._model)]

    def _restore(self, states: list[Any]) -> None:
        for variable, value in zip(states_of(self._model), states, strict=True):
            variable.assign(value)

    def _shared(self, gradients: list[list[Any]]) -> list[int]:
        """The positions of the trunk's variables."""
        if shared := [i for i in self._text.trunk(gradients) if id(self._variables[i]) in self._candidates]:
            return shared
        raise ValueError("The heads have no trainable variable in common, so there is nothing to combine.")

    def _last_shared(self, gradients: list[list[Any]]) -> list[int]:
        """The positions of the variables of the trunk's last layer."""
        shared = self._shared(gradients)
        last = next(own for own in _of_layers(self._model) if id(self._variables[shared[-1]]) in own)
        return [i for i in shared if id(self._variables[i]) in last]

    def _values(self) -> State:
        return {name: variable.value for name, variable in self._state.items()}

    def _assign(self, state: State) -> None:
        for name, value in state.items():
            self._state[name].assign(ops.cast(value, "float32"))


def _of_layers(model: Any) -> list[set[int]]:
    """The ids of the trainable variables of each layer, also of layers inside nested models."""
    found = []
    for layer in model.layers:
        inside = getattr(layer, "layers", None)
        found += _of_layers(layer) if inside else [{id(variable) for variable in layer.trainable_variables}]
    return found


def _sum(one: Any, other: Any) -> Any:
    return one if other is None else other if one is None else one + other
