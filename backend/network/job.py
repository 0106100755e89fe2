"""An inspection job: what a worker gets, and what it returns."""

from __future__ import annotations

from backend.experiment.architecture import Architecture, Frozen
from backend.jobs.messages import Payload
from backend.network.layer_graph import LayerGraph


class InspectJob(Payload):
    """The payload of a `describe` job: an architecture without its labels, and the key of a style."""

    architecture: Architecture
    style: str


class Inspection(Frozen):
    """What Keras reports of a model that it has built, neither compiled nor traced.

    `summary` is the text of `model.summary()`, `graph` its layer graph, `parameters` the number of trainable
    parameters, and `layers` the same by the name of the layer.
    """

    summary: str
    graph: LayerGraph
    parameters: int
    layers: dict[str, int]
