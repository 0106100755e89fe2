"""Models that only the Functional API can express, one file each; a new one is a new file and one name here."""

from __future__ import annotations

from backend.topologies import siamese
from backend.topologies.base import Outcome, Topology, outcome, sentence

#: Every topology by its key, in the order of the page.
TOPOLOGIES: dict[str, Topology] = {file.TOPOLOGY.key: file.TOPOLOGY for file in (siamese,)}

__all__ = ["TOPOLOGIES", "Outcome", "Topology", "outcome", "sentence"]
