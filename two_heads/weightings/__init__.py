"""The ways of combining head losses, one file each. A new method is a new file and one name in a tuple."""

from __future__ import annotations

from typing import TypeAlias

from two_heads.weightings import (
    aligned_mtl,
    cagrad,
    dualproj,
    dwa,
    fairgrad,
    famo,
    fixed,
    gls,
    gradnorm,
    imtl_g,
    mean,
    mgda,
    nash,
    pcgrad,
    rlw,
    stch,
    sum,
    upgrad,
    uw,
)
from two_heads.weightings.base import Aggregator, Scalarizer

_AGGREGATORS = (mean, mgda, pcgrad, upgrad, dualproj, cagrad, imtl_g, nash, aligned_mtl, fairgrad)
_SCALARIZERS = (sum, mean, fixed, uw, gls, dwa, rlw, famo, stch, gradnorm)

#: Every method that weights the gradients of the heads, by its key, in the order of the page's menu.
AGGREGATORS: dict[str, Aggregator] = {file.AGGREGATOR.key: file.AGGREGATOR for file in _AGGREGATORS}

#: Every method that weights the losses (GradNorm also sees gradients), by its key, in the order of the page's menu.
SCALARIZERS: dict[str, Scalarizer] = {file.SCALARIZER.key: file.SCALARIZER for file in _SCALARIZERS}

#: A way of combining head losses.
Weighting: TypeAlias = Aggregator | Scalarizer
#: Those that a training offers beside Keras's own loss weights (the sum, the mean and fixed weights).
METHODS: dict[str, Weighting] = {
    key: method for key, method in (SCALARIZERS | AGGREGATORS).items() if key not in ("sum", "mean", "fixed")
}
#: The most heads for which the app offers a method: an aggregator needs a backward pass for each.
MOST_HEADS = 16

__all__ = ["AGGREGATORS", "METHODS", "MOST_HEADS", "SCALARIZERS", "Aggregator", "Scalarizer", "Weighting"]
