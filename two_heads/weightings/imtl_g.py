"""IMTL-G: the step that goes equally far along every gradient's direction.

Hyperparameters: No hyperparameter; the weights have the sum 1.
Relation to others: With two heads, the direction of Nash-MTL and FairGrad: the bisector of the two gradients.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Aggregator, Paper
from two_heads.weightings.gramian import lengths_and_cosines, or_mean, prepared, without_zero_gradients
from two_heads.weightings.ops import Array


def imtl_g_weights(gramian: Array) -> Array:
    """The weights, with sum 1, of the step whose product with every gradient, divided by its length, is the same.

    With the cosines C, they are proportional to C⁻¹1 ÷ the lengths, which is G⁻¹√(diag G). For a singular C, its
    pseudoinverse is used. The mean takes their place if no step has such products, as for opposite gradients, or if
    the sum to divide by is 0.
    """
    gramian, _, usable = prepared(gramian)
    lengths, cosines = lengths_and_cosines(gramian)
    values, vectors = ops.eigh(cosines)
    inverse = ops.where(values > 1e-6, 1 / ops.maximum(values, 1e-6), 0.0)
    equal = ops.matmul(vectors, inverse * ops.sum(vectors, axis=0))
    weights = without_zero_gradients(equal / lengths, lengths)
    total = ops.sum(weights)
    defined = ops.logical_and(ops.sum(equal) > 1e-6, ops.abs(total) > 1e-6 * ops.sum(ops.abs(weights)))
    return or_mean(weights / ops.where(defined, total, 1.0), ops.logical_and(usable, defined))


AGGREGATOR = Aggregator(
    key="imtl_g",
    title="IMTL-G",
    rule="Take the step that goes equally far along every gradient's direction.",
    paper=Paper("Towards Impartial Multi-task Learning", 2021, "https://openreview.net/forum?id=IMPnRXEWpvr"),
    trap="With three or more heads, weights may be negative; if their sum comes close to 0, the step explodes.",
    function=imtl_g_weights,
)
