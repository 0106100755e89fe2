"""Find, fuse and split the heads of a Keras model, and measure whether their gradients conflict.

    from two_heads import find_heads, fuse_heads, split_heads, source, GradientConflict, combine

Heads are the last layers with weights before a model's outputs. Those that read the same tensor and have the same
settings can be one layer. It computes the same function with the same number of weights, in fewer and larger products.
The library needs only Keras and NumPy; `combine` and `GradientConflict` also need TensorFlow as Keras's backend.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from two_heads.change import Conversion
    from two_heads.combined import combine
    from two_heads.conflict import GradientConflict
    from two_heads.fuse import fuse_heads
    from two_heads.heads import Heads, find_heads
    from two_heads.model_source import source
    from two_heads.split import split_heads

__version__ = "0.3.0"
__all__ = ["Conversion", "GradientConflict", "Heads", "combine", "find_heads", "fuse_heads", "source", "split_heads"]

#: The module of each name, which is imported when the name is read: a program that must not import Keras can still
#: use `two_heads.weightings`.
_MODULES = {
    "Conversion": "change",
    "GradientConflict": "conflict",
    "combine": "combined",
    "Heads": "heads",
    "find_heads": "heads",
    "fuse_heads": "fuse",
    "source": "model_source",
    "split_heads": "split",
}


def __getattr__(name: str) -> Any:
    """Import Keras only when a name that needs it is read."""
    if name not in _MODULES:
        raise AttributeError(f"module 'two_heads' has no attribute '{name}'")
    return getattr(importlib.import_module(f"two_heads.{_MODULES[name]}"), name)
