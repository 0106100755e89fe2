"""An inspection job: what a worker gets, and what it returns."""

from __future__ import annotations

from collections.abc import Hashable

from backend.experiment.architecture import Architecture, Frozen
from backend.experiment.styles import STYLES, Style
from backend.jobs.messages import SharedPayload
from backend.network.layer_graph import LayerGraph
from backend.payloads import Sized


class InspectJob(SharedPayload, Sized):
    """The payload of a `describe` job: an architecture without its labels, and the key of a style.

    Its result is a few kilobytes of text (a graph of 64 heads takes about 60). A page requests it at each rerun.
    """

    kind = "describe"
    urgent = True
    parallel = True
    retry_after = 30
    usual_seconds = 0.5

    architecture: Architecture
    style: str

    @classmethod
    def of(cls, architecture: Architecture, style: Style) -> InspectJob:
        """The request to build `architecture` in `style`."""
        return cls(architecture=architecture.unlabelled(), style=style.key)

    @property
    def largest(self) -> Architecture:
        """The architecture."""
        return self.architecture

    @property
    def key(self) -> Hashable:
        """The source of the model, which is all that Keras gets."""
        return STYLES[self.style].write(self.architecture)


class Inspection(Frozen):
    """What Keras reports of a model that it has built, neither compiled nor traced.

    `summary` is the text of `model.summary()`, `graph` its layer graph, `parameters` the number of trainable
    parameters, and `layers` the same by the name of the layer.
    """

    summary: str
    graph: LayerGraph
    parameters: int
    layers: dict[str, int]
