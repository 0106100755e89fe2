"""Models that Sequential cannot build from Keras's layers alone, one file each. A new one is a file and a name here."""

from __future__ import annotations

from backend.questions.topologies import (
    cascade,
    cross_stitch,
    deep_supervision,
    mixed_heads,
    mmoe,
    residual,
    separate,
    siamese,
    two_inputs,
)
from backend.questions.topologies.base import Topology

_FILES = (
    mixed_heads,
    two_inputs,
    siamese,
    residual,
    deep_supervision,
    cascade,
    cross_stitch,
    mmoe,
    separate,
)

#: Every topology by its key, in the order of the page.
TOPOLOGIES: dict[str, Topology] = {file.TOPOLOGY.key: file.TOPOLOGY for file in _FILES}

__all__ = ["TOPOLOGIES", "Topology"]
