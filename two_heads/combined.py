"""Trains a model with a method that combines the losses of its heads."""

from __future__ import annotations

import keras

from two_heads.graph import Model, all_layers, states_of, structure_of
from two_heads.head_losses import HeadLosses, tensorflow
from two_heads.training import copied_arguments
from two_heads.weightings import AGGREGATORS, SCALARIZERS


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
    from two_heads.method_step import Combined, MethodStep  # it needs TensorFlow

    combined = Combined(losses.graph.model.input, structure_of(model), name=model.name)
    steps = MethodStep(chosen.on(keras.ops), model, len(losses.names), losses.trunk_candidates(), states_of(model))
    steps.reset(seed)
    combined.prepare(steps, lambda outputs, y: losses.of(outputs, losses.targets(y)))
    combined.compile(**copied_arguments(model))
    return combined
