"""The jobs on a topology: what a worker gets, reports and returns. A training returns a `TopologyResult`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from backend.experiment import Experiment
from backend.experiment.architecture import Frozen
from backend.jobs.messages import Event, Phase, Progress, SharedPayload
from backend.network.layer_graph import LayerGraph
from backend.payloads import Sized
from backend.questions.base import QuestionJob
from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.base import Relatedness


class TopologyInspectJob(SharedPayload, Sized):
    """The payload of a `topology_look` job: the key of a topology."""

    kind = "topology_look"
    urgent = True
    most_kept = 64
    retry_after = 30
    usual_seconds = 1.0

    topology: str


class TopologyInspection(Frozen):
    """What Keras reports of a topology.

    `graph` and `baseline_graph` are the layer graphs. `parameters` and `baseline_parameters` count all weights.
    `error` is what the Sequential attempt raises, as Python prints it, or None if it raises nothing.
    """

    graph: LayerGraph
    baseline_graph: LayerGraph
    parameters: int
    baseline_parameters: int
    error: str | None


class TopologyJob(QuestionJob):
    """The payload of a `topology` job: the key of a topology, and the relatedness ρ of its tasks if it can be set."""

    kind = "topology"
    noun = "Topology"
    page = "topologies"
    usual_seconds = 40.0
    most_kept = 512
    family = TOPOLOGIES

    settings: Relatedness = Relatedness()

    @property
    def decided_by(self) -> str:
        """ρ, if it can be set."""
        return f"{self.settings.rho:g}" if self.definition.has_relatedness else ""

    @property
    def title(self) -> str:
        """The topology's number."""
        return f"{self.noun} {self.definition.number}"

    @property
    def options(self) -> Mapping[str, str]:
        """The option of the page that chooses the topology."""
        return {"topology": self.question}

    def needed_experiment(self, experiment: Experiment) -> Experiment:
        """The visitor's experiment with this relatedness, if it can be set."""
        if not self.definition.has_relatedness:
            return experiment
        sequences = experiment.sequences.model_copy(update={"relatedness": self.settings.rho})
        return experiment.model_copy(update={"sequences": sequences})


class SeedEvent(Event):
    """A seed has been trained: the scores of the topology and of its baseline. First those of the shorter training."""

    event: Literal["seed"] = "seed"
    model: float
    baseline: float


#: What a `topology` job reports. `Progress` comes after each epoch.
TopologyEvent = Annotated[Phase | Progress | SeedEvent, Field(discriminator="event")]
