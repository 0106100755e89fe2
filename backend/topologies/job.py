"""The jobs on a topology: what a worker gets, reports and returns. `jobs.py` submits and caches them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from backend.experiment.architecture import Frozen
from backend.jobs.messages import Event, Payload, Phase, Progress
from backend.network.layer_graph import LayerGraph


class TopologyInspectJob(Payload):
    """The payload of a `topology_look` job: the key of a topology."""

    topology: str


class TopologyInspection(Frozen):
    """What Keras reports of a topology.

    `graph` and `baseline_graph` are the layer graphs. `parameters` and `baseline_parameters` count what is
    trainable. `error` is what the Sequential attempt raises, as Python prints it, or None if it raises nothing.
    """

    graph: LayerGraph
    baseline_graph: LayerGraph
    parameters: int
    baseline_parameters: int
    error: str | None


class TopologyJob(Payload):
    """The payload of a `topology` job: the key of a topology, and ρ of its two tasks if it has that dial."""

    topology: str
    relatedness: Annotated[float, Field(ge=-1, le=1)] = 0.8


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
    """Scores on held-out samples, one per seed, of the topology and of its baseline."""

    model: list[float]
    baseline: list[float]


class TopologyResult(BaseModel):
    """What a `topology` job returns: the scores by the number of epochs."""

    scores: dict[int, Scores]
