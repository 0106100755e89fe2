"""What workers say of a topology, asked once and remembered for every visitor: how it looks, and how it trains."""

from __future__ import annotations

from backend.jobs import Job
from backend.jobs.cache import JobCache
from backend.topologies.base import Topology

KIND = "topology"

_looks = JobCache("topology_look", 64, urgent=True, retry_after=30)
_runs = JobCache(KIND, 512)


def look(topology: Topology, visitor: str) -> Job:
    """The job that builds `topology`; its result is that of `backend.worker.topologies.look`."""
    return _looks.ask(topology.key, {"topology": topology.key}, visitor)


def train(topology: Topology, relatedness: float, visitor: str) -> Job:
    """The job that trains `topology` and its baseline; its result is that of `backend.worker.topologies.train`."""
    payload = {"topology": topology.key, "relatedness": relatedness}
    return _runs.ask(_key(topology, relatedness), payload, visitor)


def trained(topology: Topology, relatedness: float, visitor: str) -> Job | None:
    """The job that has trained it, or is about to, for whatever visitor; None if nobody asked.

    One that came to nothing is only theirs who asked for it.
    """
    return _runs.known(_key(topology, relatedness), visitor)


def awaited(topology: Topology, relatedness: float, visitor: str) -> bool:
    """Whether the visitor waits for the training."""
    return _runs.awaited(_key(topology, relatedness), visitor)


def leave(topology: Topology, relatedness: float, visitor: str) -> None:
    """The visitor waits no longer for the training; where nobody does, it ends."""
    _runs.leave(_key(topology, relatedness), visitor)


def _key(topology: Topology, relatedness: float) -> tuple[str, float | None]:
    return topology.key, relatedness if topology.dial else None
