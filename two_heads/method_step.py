"""Steps of a method of `two_heads.weightings`, on Keras's layers, losses and optimizer, in a graph of TensorFlow.

`combine`, the app's trainer and the scripts that the app writes take these steps. A script contains the text of these
classes. So they know a method by its functions alone, and use nothing of Keras that is not public.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from two_heads.head_losses import gradients_of
from two_heads.on_keras import on_keras
from two_heads.weightings.base import State

trunk, gramian_of, aggregated = on_keras().trunk, on_keras().gramian_of, on_keras().aggregated


def variables_of_layers(model: Any) -> list[set[int]]:
    """The ids of the trainable variables of each layer, also of layers inside nested models."""
    found = []
    for layer in model.layers:
        inside = getattr(layer, "layers", None)
        found += variables_of_layers(layer) if inside else [{id(variable) for variable in layer.trainable_variables}]
    return found


class MethodStep:
    """Trains the variables of `model` with a method, step by step. Keras variables hold the state of the method.

    `method` has the functions of an aggregator or a scalarizer on `keras.ops`. `trunk_variables` are the variables that
    may belong to the trunk; all by default. `states` are the variables that a forward pass changes.
    """

    def __init__(
        self, method: Any, model: Any, heads: int, trunk_variables: Sequence[Any] | None = None,
        states: Sequence[Any] = (),
    ) -> None:  # fmt: skip
        self.method, self.model, self.heads, self.states = method, model, heads, states
        self.trained = model.trainable_variables
        self.candidates = {id(each) for each in (self.trained if trunk_variables is None else trunk_variables)}
        self.noise = keras.random.SeedGenerator(0)
        self.aggregates = hasattr(method, "function")
        start = {} if self.aggregates else method.initial(heads)
        self.state = {name: keras.Variable(value, dtype="float32", name=name) for name, value in start.items()}
        moved = method.gradients(ops.ones(heads), start) if not self.aggregates and method.gradients else {}
        self.trained_state = list(moved)

    @property
    def variables(self) -> list[Any]:
        """What the optimizer trains: the network, then those of the method's own variables that have a gradient."""
        return [*self.trained, *(self.state[name] for name in self.trained_state)]

    @property
    def sees_epochs(self) -> bool:
        """Whether the method changes at the end of an epoch."""
        return not self.aggregates and self.method.after_epoch is not None

    def reset(self, seed: int) -> None:
        """Start again. `seed` decides the random numbers of the method."""
        self.noise.state.assign(keras.random.SeedGenerator(seed).state)
        if not self.aggregates:
            self.keep(self.method.initial(self.heads))

    def values(self) -> State:
        """What the method keeps between steps, by name."""
        return {name: variable.value for name, variable in self.state.items()}

    def keep(self, state: State) -> None:
        """Replace what the method keeps."""
        for name, value in state.items():
            self.state[name].assign(ops.cast(value, "float32"))

    def end_epoch(self, losses: Any) -> None:
        """Update the state by the mean losses of the heads over an epoch, (heads,)."""
        if self.sees_epochs:
            self.keep(self.method.after_epoch(self.values(), ops.cast(losses, "float32")))

    def step(self, losses: Callable[[], Sequence[Any]], optimizer: Any, beside: bool = False) -> Sequence[Any]:
        """Take a step, and return what `losses()` was before it. Its last entries are the losses of the heads.

        With `beside`, its first entry is the loss of the regularizers, which is added whatever the method does. A
        method that sees the gradients raises `ValueError`, while the graph is traced, if the heads have no variable in
        common.
        """
        return (self.aggregate if self.aggregates else self.scalarize)(losses, optimizer, beside)

    def aggregate(self, losses: Callable[[], Sequence[Any]], optimizer: Any, beside: bool) -> Sequence[Any]:
        """A step with weights for the gradients of the heads in the trunk."""
        with tf.GradientTape(persistent=True) as tape:
            found = losses()
        gradients = gradients_of(found[-self.heads :], self.trained, tape)
        shared = self.shared(gradients)
        more = {}
        if self.method.takes_order:
            draws = keras.random.uniform((self.heads, self.heads), seed=self.noise)
            more["order"] = ops.argsort(draws, axis=-1)
        weights = ops.cast(self.method.function(gramian_of(gradients, shared), **more), self.trained[shared[0]].dtype)
        step = aggregated(gradients, shared, weights)
        if beside:
            step = aggregated([step, *gradients_of(found[:1], self.trained, tape)], [], ())
        optimizer.apply(step, self.trained)
        return found

    def scalarize(self, losses: Callable[[], Sequence[Any]], optimizer: Any, beside: bool) -> Sequence[Any]:
        """A step with weights for the losses of the heads."""
        method = self.method
        if method.before_step:
            self.keep(method.before_step(self.values(), keras.random.normal((self.heads,), seed=self.noise)))
        state = self.values()
        sees_gradients, sees_after = "gramian" in method.needs, "losses_after" in method.needs
        before = [tf.identity(variable.value) for variable in self.states] if sees_after else []
        with tf.GradientTape(persistent=sees_gradients) as tape:
            found = losses()
            heads = ops.stack(found[-self.heads :])
            combined = ops.sum(ops.stop_gradient(ops.cast(method.weights(heads, state), "float32")) * heads)
            if beside:
                combined = combined + found[0]
        (gradients,) = gradients_of([combined], self.trained, tape)
        gramian = None
        if sees_gradients:
            of_heads = gradients_of(found[-self.heads :], self.trained, tape)
            gramian = ops.cast(gramian_of(of_heads, self.last_shared(of_heads)), "float32")
        if method.gradients:
            own = method.gradients(heads, state)
            gradients += [ops.cast(own[name], "float32") for name in self.trained_state]
        # Without this, some steps on a busy machine updated the state before `method.weights` had read it.
        with tf.control_dependencies([combined]):
            optimizer.apply(gradients, self.variables)
        if method.after_step:
            after = self.losses_again(losses, before) if sees_after else None
            self.keep(method.after_step(self.values(), heads, after, gramian))
        return found

    def losses_again(self, losses: Callable[[], Sequence[Any]], before: list[Any]) -> Any:
        """The losses of the heads with the new weights, (heads,), from the states `before` the step.

        So dropout draws the same masks as in the step, and the states of batch normalization move once.
        """
        current = [tf.identity(variable.value) for variable in self.states]
        for variable, value in zip(self.states, before, strict=True):
            variable.assign(value)
        after = ops.stack(losses()[-self.heads :])
        for variable, value in zip(self.states, current, strict=True):
            variable.assign(value)
        return after

    def shared(self, gradients: list[list[Any]]) -> list[int]:
        """The positions of the trunk's variables."""
        if shared := [i for i in trunk(gradients) if id(self.trained[i]) in self.candidates]:
            return shared
        raise ValueError("The heads have no trainable variable in common, so there is nothing to combine.")

    def last_shared(self, gradients: list[list[Any]]) -> list[int]:
        """The positions of the variables of the trunk's last layer."""
        shared = self.shared(gradients)
        last = next(own for own in variables_of_layers(self.model) if id(self.trained[shared[-1]]) in own)
        return [i for i in shared if id(self.trained[i]) in last]


class Combined(keras.Model):  # type: ignore[misc]
    """A Functional model whose `fit` combines the losses of its heads by a method. `loss` is its compiled total."""

    def prepare(self, steps: MethodStep, head_losses: Callable[[Any, Any], Sequence[Any]]) -> None:
        """`steps` takes the steps; `head_losses(outputs, y)` are the losses of a batch, one for each head."""
        self.steps, self.head_losses = steps, head_losses
        sums = [keras.Variable(value, dtype="float32") for value in (np.zeros(steps.heads), 0.0)]
        self.sums: Callable[[], list[Any]] = lambda: (
            sums
        )  # a function, because Keras would count the variables of a list as weights

    def compile(self, *arguments: Any, **settings: Any) -> None:
        """Keras's `compile`. The optimizer also trains the method's own variables that have a gradient."""
        super().compile(*arguments, **settings)
        self.optimizer.build(self.steps.variables)

    def fit(
        self, x: Any = None, y: Any = None, batch_size: int | None = None, epochs: int = 1, verbose: Any = "auto",
        callbacks: Any = None, *more: Any, **settings: Any,
    ) -> Any:  # fmt: skip
        """Keras's `fit`. It also tells the method when an epoch ends."""
        ended = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: self.end_epoch())
        given = keras.tree.flatten(callbacks) if callbacks else []
        return super().fit(x, y, batch_size, epochs, verbose, [ended, *given], *more, **settings)

    def train_step(self, data: Any) -> dict[str, Any]:
        """Take a step of the method on a batch. Returns the metrics that `fit` reports, computed before the step."""
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        if weights is not None:
            raise ValueError("Sample weights are not supported: the method weights the losses of whole batches.")
        rows = ops.shape(keras.tree.flatten(x)[0])[0]
        reported: list[Any] = []

        def losses() -> list[Any]:
            outputs = self(x, training=True)
            if not reported:  # some methods compute the losses once more after the step
                reported.append(self.compute_loss(x=x, y=y, y_pred=outputs))
                for metric in self.metrics:
                    if metric.name == "loss":
                        metric.update_state(reported[0], sample_weight=rows)
                self.compute_metrics(x, y, outputs)
            beside = [ops.cast(each, "float32") for each in self.losses]
            return [sum(beside, ops.zeros((), "float32")), *self.head_losses(outputs, y)]

        found = self.steps.step(losses, self.optimizer, beside=True)
        if self.steps.sees_epochs:
            for total, more in zip(self.sums(), (ops.stack(found[1:]), 1.0), strict=True):
                total.assign(total + ops.cast(rows, "float32") * more)
        return dict(self.get_metrics_result())

    def end_epoch(self) -> None:
        """Let the method see the mean loss of each head over the epoch."""
        losses, rows = self.sums()
        self.steps.end_epoch(losses / ops.maximum(rows, 1.0))
        for total in (losses, rows):
            total.assign(ops.zeros_like(total))
