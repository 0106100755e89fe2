"""The jobs on a topology: what a worker gets, reports and returns."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from backend.experiment import Experiment
from backend.experiment.architecture import Frozen
from backend.experiment.sized import Sized
from backend.jobs.messages import Event, Phase, Progress, SharedPayload
from backend.network.layer_graph import LayerGraph
from backend.questions.base import Investigation, Subject, Verdict, key_of
from backend.questions.pictures import Spread
from backend.questions.topologies import TOPOLOGIES, Outcome, Topology, outcome
from backend.questions.topologies.script import write
from backend.questions.topologies.verdict import judge, spread

Key = Annotated[str, key_of(TOPOLOGIES, "topologies")]


class TopologyInspectJob(SharedPayload, Sized):
    """The payload of a `topology_look` job: the key of a topology."""

    kind = "topology_look"
    urgent = True
    most_kept = 64
    retry_after = 30
    usual_seconds = 1.0

    topology: Key


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


class TopologyJob(Investigation):
    """The payload of a `topology` job: the key of a topology, and the relatedness ρ of its tasks if it can be set."""

    kind = "topology"
    noun = "Topology"
    page = "topologies"
    usual_seconds = 40.0
    most_kept = 512

    topology: Key
    relatedness: Annotated[float, Field(ge=-1, le=1)] = 0.8

    @classmethod
    def of(cls, topology: Topology, relatedness: float) -> TopologyJob:
        """The request to train `topology` and its baseline."""
        return cls(topology=topology.key, relatedness=relatedness)

    @property
    def key(self) -> Hashable:
        """The topology, and ρ if it can be set."""
        return self.topology, self.relatedness if self.definition.has_relatedness else None

    @property
    def definition(self) -> Topology:
        """The topology."""
        return TOPOLOGIES[self.topology]

    @property
    def subject(self) -> Subject:
        """The topology, and ρ if it can be set."""
        return "topology:", self.topology, f"{self.relatedness:g}" if self.definition.has_relatedness else ""

    def judge(self, result: TopologyResult) -> Verdict:
        """What the seeds show after the longer training, and how that differs from the shorter one."""
        return judge(self.definition, *self._outcomes(result))

    def picture(self, result: TopologyResult) -> Spread:
        """The gain of each seed, after the shorter and after the longer training."""
        return spread(self.definition, self._outcomes(result))

    def _outcomes(self, result: TopologyResult) -> list[Outcome]:
        scores = (result.scores[epochs] for epochs in self.definition.lengths)
        return [outcome(each.model, each.baseline, self.definition.metric) for each in scores]

    def script(self) -> str:
        """A script that trains both models with the same seeds."""
        return write(self.definition, self.relatedness)

    @property
    def title(self) -> str:
        """The topology's number."""
        return f"{self.noun} {self.definition.number}"

    @property
    def options(self) -> Mapping[str, str]:
        """The option of the page that chooses the topology."""
        return {"topology": self.topology}

    def needed_experiment(self, experiment: Experiment) -> Experiment:
        """The visitor's experiment with this relatedness, if it can be set."""
        if not self.definition.has_relatedness:
            return experiment
        sequences = experiment.sequences.model_copy(update={"relatedness": self.relatedness})
        return experiment.model_copy(update={"sequences": sequences})


class SeedEvent(Event):
    """A seed has been trained for `epochs` epochs: the scores of the topology and of its baseline."""

    event: Literal["seed"] = "seed"
    epochs: int
    seed: int
    model: float
    baseline: float


#: What a `topology` job reports. Its phases are "building" and "training"; `Progress` comes after each epoch.
TopologyEvent = Annotated[Phase | Progress | SeedEvent, Field(discriminator="event")]


class Scores(BaseModel):
    """Scores on validation sequences, one per seed, of the topology and of its baseline."""

    model: list[float]
    baseline: list[float]


class TopologyResult(BaseModel):
    """What a `topology` job returns: the scores by the number of epochs."""

    scores: dict[int, Scores]
