"""The ways of combining head losses, one file each. A new method is a new file and one name in a tuple."""

from __future__ import annotations

from backend.weightings import (
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
from backend.weightings.base import Aggregator, Scalarizer

_AGGREGATORS = (mean, mgda, pcgrad, upgrad, dualproj, cagrad, imtl_g, nash, aligned_mtl, fairgrad)
_SCALARIZERS = (sum, mean, fixed, uw, gls, dwa, rlw, famo, stch, gradnorm)

#: Every method that sees the gradients, by its key, in the order of the page's menu.
AGGREGATORS: dict[str, Aggregator] = {file.AGGREGATOR.key: file.AGGREGATOR for file in _AGGREGATORS}

#: Every method that sees only the losses, by its key, in the order of the page's menu.
SCALARIZERS: dict[str, Scalarizer] = {file.SCALARIZER.key: file.SCALARIZER for file in _SCALARIZERS}

__all__ = ["AGGREGATORS", "SCALARIZERS", "Aggregator", "Scalarizer"]
