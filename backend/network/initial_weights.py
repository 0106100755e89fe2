"""The range from which Keras draws the initial weights of a kernel."""

from __future__ import annotations

import math


def glorot_limit(inputs: int, units: int) -> float:
    """The largest initial weight of `Dense(units)` on `inputs` neurons, √(6 / (inputs + units)).

    Glorot and Bengio 2010, equation 16; Keras's default initializer `glorot_uniform`.
    """
    return math.sqrt(6 / (inputs + units))
