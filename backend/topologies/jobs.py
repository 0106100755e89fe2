"""Jobs on a topology: Keras builds it, or trains it. Each is computed once and shared by all visitors."""

from __future__ import annotations

from backend.jobs.cache import JobCache
from backend.jobs.job import Job
from backend.jobs.manager import JobManager
from backend.topologies.base import Topology
from backend.topologies.job import TopologyInspectJob, TopologyJob

KIND = "topology"


class TopologyJobs:
    """Inspection and training jobs, cached by topology (and by relatedness, where the topology has it)."""

    def __init__(self, jobs: JobManager, runs: int = 512) -> None:
        self._inspections = JobCache(jobs, "topology_look", 64, urgent=True, retry_after=30)
        self._runs = JobCache(jobs, KIND, runs)

    def inspect(self, topology: Topology, visitor: str) -> Job:
        """The job that builds `topology`; its result is a `TopologyInspection`."""
        return self._inspections.request(topology.key, TopologyInspectJob(topology=topology.key), visitor)

    def train(self, topology: Topology, relatedness: float, visitor: str, again: bool = False) -> Job:
        """The job that trains `topology` and its baseline; its result is a `TopologyResult`.

        With `again`, a finished training is repeated.
        """
        payload = TopologyJob(topology=topology.key, relatedness=relatedness)
        return self._runs.request(_key(topology, relatedness), payload, visitor, again)

    def find(self, topology: Topology, relatedness: float, visitor: str) -> Job | None:
        """The training job, whoever requested it; None if there is none.

        Failed jobs are visible only to the visitors who requested them; others see the result from before.
        """
        return self._runs.find(_key(topology, relatedness), visitor)

    def awaits(self, topology: Topology, relatedness: float, visitor: str) -> bool:
        """Whether the visitor waits for the training."""
        return self._runs.awaits(_key(topology, relatedness), visitor)

    def release(self, topology: Topology, relatedness: float, visitor: str) -> None:
        """The visitor no longer waits for the training. It is cancelled unless somebody else waits for it."""
        self._runs.release(_key(topology, relatedness), visitor)


def _key(topology: Topology, relatedness: float) -> tuple[str, float | None]:
    return topology.key, relatedness if topology.has_relatedness else None
