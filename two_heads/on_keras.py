"""The functions of `two_heads.weightings.trunk` on `keras.ops`."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

from keras import ops

from two_heads.weightings.base import execute_functions
from two_heads.weightings.trunk import FUNCTIONS


@cache
def on_keras() -> SimpleNamespace:
    """The functions by name. Their text is executed at the first call, so importing this module reads no source."""
    return SimpleNamespace(**execute_functions(FUNCTIONS, ops))
