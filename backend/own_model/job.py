"""The jobs on a visitor's own model: what a worker gets, and what it returns.

A worker gets the configuration, reads it as the server does, and executes the source that our writer makes of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Annotated

from pydantic import Field

from backend.experiment.architecture import Frozen
from backend.experiment.followed import Followed, Releases
from backend.experiment.sized import Sized
from backend.jobs import Job
from backend.jobs.messages import SharedPayload
from backend.network.layer_graph import LayerGraph
from backend.own_network.examination import examine
from backend.own_network.graph import Graph, Network
from backend.own_network.json_text import MAX_BYTES, id_of
from backend.own_network.layers.base import Layer
from backend.own_network.layers.core import Embedding
from backend.own_network.layers.recurrent import Wrapper
from backend.statistics.intervals import Ratio, controlled_ratio, paired_ratio

#: Bounds of a batch: multiplications of a forward pass, numbers that are kept for the gradient, and examples.
_MULTIPLICATIONS, _ACTIVATIONS, _MOST_EXAMPLES = 1_000_000_000, 32_000_000, 32

#: Random whole numbers are below this, or below the size of a smaller embedding.
MOST_IDS = 10
#: The size of the data set that is timed, in batches.
BATCHES = 4

#: Seconds that a clock has measured.
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def batch_size(multiplications: int, activations: int) -> int:
    """How many examples a batch has, if one example takes so many multiplications and activations."""
    return max(1, min(_MOST_EXAMPLES, _MULTIPLICATIONS // max(1, multiplications), _ACTIVATIONS // max(1, activations)))


def ids_below(graph: Graph) -> int:
    """The bound below which random whole numbers are valid ids for each embedding of the model."""
    found = [MOST_IDS]

    def look(layer: Layer) -> None:
        if isinstance(layer, Embedding):
            found.append(layer.input_dim)
        elif isinstance(layer, Wrapper):
            look(layer.layer)
        elif isinstance(layer, Network):
            for each in layer.graph.layers:
                look(each)

    for layer in graph.layers:
        look(layer)
    return min(found)


class _OwnJob(SharedPayload, Sized):
    """A job on the model with this configuration, and one of its rewritings by its position."""

    most_kept = 64
    retry_after = 30

    text: Annotated[str, Field(max_length=MAX_BYTES)]
    rewriting: Annotated[int, Field(ge=0, le=1_000)] = 0

    @property
    def key(self) -> Hashable:
        """The configuration and the rewriting."""
        return id_of(self.text), self.rewriting

    @property
    def parameters(self) -> int:
        """The parameters of the model, by arithmetic."""
        return examine(self.text).parameters


class OwnNetworkJob(_OwnJob):
    """The payload of an `own_network` job: both styles are built, and compared with the same random weights."""

    kind = "own_network"
    urgent = True
    usual_seconds = 2.0


class Comparison(Frozen):
    """What Keras reports of a visitor's model, and of its other style if it has one.

    `difference` is the largest difference between the heads' numbers in both styles over `examples` random inputs,
    `largest` the largest absolute number, and `round_off` the difference that rounding alone may cause. These three
    are None without another style, and if a number is NaN or infinite in either style.
    """

    graph: LayerGraph
    other_graph: LayerGraph | None = None
    parameters: int
    other_parameters: int | None = None
    examples: int = 0
    difference: float | None = None
    largest: float | None = None
    round_off: float | None = None

    @property
    def equal(self) -> bool:
        """Whether both styles compute the same up to round-off."""
        return self.difference is not None and self.round_off is not None and self.difference <= self.round_off


class OwnTimingJob(_OwnJob, Followed):
    """The payload of an `own_timing` job: both styles are timed in turns, as the page Speed does."""

    kind = "own_timing"
    noun = "Timing both styles"
    page = "own"
    usual_seconds = 15.0

    @property
    def options(self) -> Mapping[str, str]:
        """The options of the page that choose the model and its rewriting."""
        return {"network": id_of(self.text)} | ({"rewriting": str(self.rewriting)} if self.rewriting else {})

    def release(self, job: Job, visitor: str, server: Releases) -> None:
        """Release the timing for the visitor."""
        server.release_shared(job, self, visitor)


class Timings(Frozen):
    """Seconds of one model, one reading a round: executing its source, a train step, and inference on one batch."""

    build: list[Seconds]
    train: list[Seconds]
    infer: list[Seconds]


class Timed(Frozen):
    """Readings of both styles, taken in turns. `control` is a second copy of the model with one layer."""

    several: Timings
    one: Timings
    control: Timings
    batch: int

    def ratios(self) -> Mapping[str, Ratio | None]:
        """Several layers' time divided by one layer's, by what was timed. Two of them use the control, too."""
        return {
            "Train step": controlled_ratio(self.several.train, self.one.train, self.control.train),
            "Inference": controlled_ratio(self.several.infer, self.one.infer, self.control.infer),
            "Building": paired_ratio(self.several.build, self.one.build),
        }
