"""The jobs on a visitor's own model: what a worker gets, and what it returns."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Annotated

from pydantic import Field

from backend.experiment.architecture import Frozen
from backend.jobs.messages import SharedPayload
from backend.own_model.allowed import MAX_BYTES
from backend.own_model.found import Rewriting
from backend.payloads import Followed, Sized
from backend.statistics.intervals import Ratio, controlled_ratio, paired_ratio

#: Bounds of a batch: numbers that are kept for the gradient, and examples.
_ACTIVATIONS, _MOST_EXAMPLES = 32_000_000, 32
#: The length that is assumed for an axis of None, which may be of any length.
USUAL_LENGTH = 64
#: Random whole numbers are below this, or below the size of a smaller embedding.
MOST_IDS = 10
#: The size of the data set that is timed, in batches.
BATCHES = 4

#: Seconds that a clock has measured.
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def batch_size(activations: int) -> int:
    """How many examples a batch has, if one example takes so many activations."""
    return max(1, min(_MOST_EXAMPLES, _ACTIVATIONS // max(1, activations)))


class FindHeadsJob(SharedPayload, Sized):
    """The payload of an `own_model` job: Keras builds the model without weights, and the library finds its heads.

    The result is `Found`, or a sentence that says why the app does not read the model.
    """

    kind = "own_model"
    urgent = True
    most_kept = 64
    retry_after = 30
    usual_seconds = 1.0

    id: str
    text: Annotated[str, Field(max_length=2 * MAX_BYTES, repr=False)]

    @property
    def key(self) -> Hashable:
        """The id, which is made of the text."""
        return self.id


class _Measured(SharedPayload, Sized):
    """A job on both styles of a model: `rewriting` is its position on the page. `own` is the source of the model."""

    most_kept = 64
    retry_after = 30

    id: str
    position: Annotated[int, Field(ge=0, le=1_000)]
    own: Annotated[str, Field(repr=False)]
    rewriting: Rewriting
    activations: int
    ids: int

    @property
    def key(self) -> Hashable:
        """The model's id, and the position of the rewriting."""
        return self.id, self.position

    @property
    def other(self) -> str:
        """The source of the other style."""
        return self.rewriting.other

    @property
    def parameters(self) -> int:
        """The parameters of both styles together."""
        return 2 * self.rewriting.parameters


class CompareOwnJob(_Measured):
    """The payload of a job that builds both styles, and compares them with the same random weights."""

    kind = "own_compare"
    urgent = True
    usual_seconds = 2.0


class Comparison(Frozen):
    """The largest difference between the heads' numbers in both styles over random inputs, which is round-off.

    It is None if a number is NaN or infinite.
    """

    difference: float | None = None


class OwnTimingJob(_Measured, Followed):
    """The payload of an `own_timing` job: both styles are timed in turns, as the page Speed does."""

    kind = "own_timing"
    noun = "Timing both styles"
    page = "own"
    usual_seconds = 15.0

    @property
    def options(self) -> Mapping[str, str]:
        """The options of the page that choose the model and its rewriting."""
        return {"network": self.id} | ({"rewriting": str(self.position)} if self.position else {})


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
