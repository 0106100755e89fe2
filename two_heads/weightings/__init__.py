"""The ways of combining head losses, by families. A new method is a constant in one of the files, and a name here."""

from __future__ import annotations

from typing import TypeAlias

from two_heads.weightings import aggregators, bargaining, learned, projection, scalarizers
from two_heads.weightings.base import Aggregator, Scalarizer

#: Every method that weights the gradients of the heads, by its key, in the order of the page's menu.
AGGREGATORS: dict[str, Aggregator] = {
    each.key: each
    for each in (
        aggregators.MEAN, projection.MGDA, aggregators.PCGRAD, projection.UPGRAD, projection.DUALPROJ,
        projection.CAGRAD, aggregators.IMTL_G, bargaining.NASH, aggregators.ALIGNED_MTL, bargaining.FAIRGRAD,
    )
}  # fmt: skip

#: Every method that weights the losses (GradNorm also sees gradients), by its key, in the order of the page's menu.
SCALARIZERS: dict[str, Scalarizer] = {
    each.key: each
    for each in (
        scalarizers.SUM, scalarizers.MEAN, scalarizers.FIXED, scalarizers.UW, scalarizers.GLS, scalarizers.DWA,
        scalarizers.RLW, learned.FAMO, scalarizers.STCH, learned.GRADNORM,
    )
}  # fmt: skip

#: A way of combining head losses.
Weighting: TypeAlias = Aggregator | Scalarizer
#: Those that a training offers beside Keras's own loss weights (the sum, the mean and fixed weights).
METHODS: dict[str, Weighting] = {
    key: method for key, method in (SCALARIZERS | AGGREGATORS).items() if key not in ("sum", "mean", "fixed")
}
#: The most heads for which the app offers a method: an aggregator needs a backward pass for each.
MOST_HEADS = 16

__all__ = ["AGGREGATORS", "METHODS", "MOST_HEADS", "SCALARIZERS", "Aggregator", "Scalarizer", "Weighting"]
