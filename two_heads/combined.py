"""Trains a model with a method that combines the losses of its heads."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from two_heads.graph import Model, all_layers, compile_arguments, structure_of
from two_heads.head_losses import HeadLosses, tensorflow
from two_heads.method_step import MethodStep
from two_heads.training import copied_metrics
from two_heads.weightings import AGGREGATORS, SCALARIZERS, Weighting


def combine(model: Model, method: str, seed: int = 0) -> Model:
    """A model whose `fit` combines the head losses of a compiled model by a method, such as "pcgrad" or "uw".

    It has the layers of `model`, so training it trains `model`; save that one. The optimizer is a new one with the same
    settings, and losses and metrics are the same. Loss weights have no effect on the steps, because the method weights
    the losses. Regularization losses are added without a weight. The `loss` that `fit` reports is the total
    that `model` was compiled with. `seed` decides the random numbers of the method.

    An aggregator weights the gradients in the trunk: the variables on which every head's loss depends, except those of
    layers that `fuse_heads` made. All other variables get the plain sum of their gradients. The other methods weight
    the losses. Aggregators and GradNorm see the gradients of each head, which takes a backward pass for each.
    `two_heads.weightings` has all methods, with their papers.

    Raises `ValueError` for an unknown method, and for a model that is not compiled, has fewer than two outputs with a
    loss, or computes in float16, whose gradients would have to be scaled. Raises `RuntimeError` if Keras's backend is
    not TensorFlow. `fit` raises `ValueError` for sample weights, and if a method that sees the gradients finds no
    variable that all heads have in common.
    """
    tensorflow("combine")
    if method not in SCALARIZERS | AGGREGATORS:
        known = ", ".join(sorted(SCALARIZERS | AGGREGATORS))
        raise ValueError(f"There is no method {method!r}. The methods are {known}.")
    losses = HeadLosses(model)
    if any(layer.compute_dtype == "float16" for layer in all_layers(model)):
        raise ValueError(f"The model '{model.name}' computes in float16, whose gradients would have to be scaled.")
    chosen = (SCALARIZERS | AGGREGATORS)[method]  # "mean" is in both: the aggregator is taken
    combined = _Combined(losses.graph.model.input, structure_of(model), name=model.name)
    combined.prepare(losses, chosen, seed)
    arguments = compile_arguments(model) | {
        "optimizer": type(model.optimizer).from_config(model.optimizer.get_config())
    }
    for name in ("metrics", "weighted_metrics"):
        arguments[name] = copied_metrics(arguments[name])
    combined.compile(**arguments)
    combined.optimizer.build(combined.steps.variables)
    return combined


class _Means:
    """The mean loss of each head over the epoch so far. At the end of the epoch, the method sees it."""

    def __init__(self, heads: int) -> None:
        self._sums = keras.Variable(np.zeros(heads), dtype="float32", trainable=False, name="sums")
        self._rows = keras.Variable(0.0, dtype="float32", trainable=False, name="rows")

    def add(self, losses: Any, rows: Any) -> None:
        rows = keras.ops.cast(rows, "float32")
        self._sums.assign(self._sums + rows * keras.ops.stack(losses))
        self._rows.assign(self._rows + rows)

    def take(self) -> np.ndarray:
        """Return the means, (heads,), and start again."""
        means = np.asarray(self._sums) / max(float(self._rows), 1.0)
        self._sums.assign(keras.ops.zeros_like(self._sums))
        self._rows.assign(0.0)
        return means


class _Epochs(keras.callbacks.Callback):  # type: ignore[misc]
    """Tells the method when an epoch has ended."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.model.end_epoch()


class _Held:
    """What a model needs for its steps. Keras does not track it, so its variables are not weights of the model."""

    def __init__(self, losses: HeadLosses, method: Weighting, seed: int) -> None:
        self.losses = losses
        #: Called with the outputs of the first forward pass of a step.
        self.first: Callable[[Any], None] | None = None
        heads = len(losses.names)
        self.means = _Means(heads)
        self.step = MethodStep(
            method, losses.model, heads, self._losses_of, beside=True, trunk=losses.trunk_candidates()
        )
        self.step.reset(seed)

    def _losses_of(self, x: Any, y: Any) -> list[Any]:
        """The loss of the regularizers, and those of the heads."""
        outputs = self.losses.model(x, training=True)
        if self.first:
            self.first(outputs)
            self.first = None
        beside = [keras.ops.cast(each, "float32") for each in self.losses.model.losses]
        return [sum(beside, start=keras.ops.zeros((), "float32")), *self.losses.of(outputs, self.losses.targets(y))]


class _Combined(keras.Model):  # type: ignore[misc]
    """A Functional model with the layers of another one, which a method trains."""

    held: Callable[[], _Held]

    def prepare(self, losses: HeadLosses, method: Weighting, seed: int) -> None:
        """Create the `MethodStep`. A closure holds it, so that Keras does not track its variables."""
        held = _Held(losses, method, seed)
        self.held = lambda: held

    @property
    def steps(self) -> MethodStep:
        """The object that takes the training steps."""
        return self.held().step

    @property
    def combined_model(self) -> Model:
        """The original model, whose layers this one has."""
        return self.held().losses.model

    def end_epoch(self) -> None:
        """Let the method see the mean losses of the epoch."""
        self.steps.end_epoch(self.held().means.take())

    def fit(self, *arguments: Any, **settings: Any) -> Any:
        """Keras's `fit`. It also tells the method when an epoch ends."""
        call = inspect.signature(super().fit).bind(*arguments, **settings)
        given = call.arguments.get("callbacks")
        call.arguments["callbacks"] = [_Epochs(), *(keras.tree.flatten(given) if given else [])]
        return super().fit(*call.args, **call.kwargs)

    def train_step(self, data: Any) -> dict[str, Any]:
        """Take a step of the method on a batch. Returns the metrics that `fit` reports, computed before the step."""
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        if weights is not None:
            raise ValueError("Sample weights are not supported: the method weights the losses of whole batches.")
        held, rows = self.held(), keras.ops.shape(keras.tree.flatten(x)[0])[0]

        def report(outputs: Any) -> None:
            total = self.compute_loss(x=x, y=y, y_pred=outputs)
            for metric in self.metrics:
                if metric.name == "loss":
                    metric.update_state(total, sample_weight=rows)
            self.compute_metrics(x, y, outputs)

        held.first = report
        held.means.add(held.step.step((x, y), self.optimizer)[1:], rows)
        return dict(self.get_metrics_result())
