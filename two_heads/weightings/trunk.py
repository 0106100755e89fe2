"""The gradients of the K head losses with respect to the trunk: their products, which an aggregator sees, and the step.

`gradients` are K lists, one for each head's loss, with the gradient with respect to every variable of the network:
None if the loss does not depend on the variable. Like the methods, the same text also runs on `keras.ops`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from two_heads.weightings import ops
from two_heads.weightings.ops import Array

#: K lists with an array, or None, for each variable.
Gradients = Sequence[Sequence[Any]]


def trunk(gradients: Gradients) -> list[int]:
    """The positions of the trunk's variables: those that every head's gradient reaches."""
    count = len(gradients[0])
    return [i for i in range(count) if all(of_head[i] is not None for of_head in gradients)]


def gramian_of(gradients: Gradients, positions: Sequence[int]) -> Array:
    """The Gramian of the heads' gradients with respect to the variables at these positions: (K, K)."""
    flat = [ops.concatenate([ops.reshape(of_head[i], (-1,)) for i in positions]) for of_head in gradients]
    rows = ops.stack(flat)
    return ops.matmul(rows, ops.transpose(rows))


def aggregated(gradients: Gradients, positions: Sequence[int], weights: Array) -> list[Array]:
    """The gradients that the optimizer gets: weighted sums at `positions`, the trunk, and plain sums elsewhere.

    It is None for a variable that no head's gradient reaches.
    """
    step: list[Array] = []
    for i in range(len(gradients[0])):
        reached = [(k, of_head[i]) for k, of_head in enumerate(gradients) if of_head[i] is not None]
        parts = [weights[k] * gradient if i in positions else gradient for k, gradient in reached]
        step.append(sum(parts[1:], start=parts[0]) if parts else None)
    return step


#: What a training step and an exported script consist of, besides the method.
FUNCTIONS = (trunk, gramian_of, aggregated)
