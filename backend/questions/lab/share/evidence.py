"""What question 6 measures: its settings, the runs of each network, and the changes of the loss that sharing brings."""

from __future__ import annotations

import math
from statistics import median
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from backend.lab.sharing.models import MODELS, sizes
from backend.questions.base import Measured
from backend.questions.lab.base import QuestionSettings, distinct
from backend.statistics.intervals import Interval, interval

#: Sequences in a batch.
BATCH = 32
#: Seeds on which the rate and the number of epochs are tuned, and the first of the seeds that are shown. The default
#: settings were chosen on seeds from 1000 on. A gain on those may be chance, so the shown seeds are others.
TUNING_SEEDS, FIRST_SEED = range(4), 2000

Other = Literal["cross_stitch", "mmoe", "cgc"]
Rho = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(ge=1e-4, le=0.1)]


class Settings(QuestionSettings):
    """What a visitor can choose. Separate networks and hard sharing always take part.

    `units` are those of the first layer of a separate network. The other networks get nearly as many parameters. The
    rate (one of `rates`) and the number of epochs (at most `epochs`) are tuned for each network and relatedness.
    """

    models: Annotated[tuple[Other, ...], Field(min_length=1, max_length=3), AfterValidator(distinct)] = (
        "cross_stitch", "mmoe", "cgc",
    )  # fmt: skip
    relatedness: Annotated[tuple[Rho, ...], Field(min_length=2, max_length=5), AfterValidator(distinct)] = (
        0.0, 0.5, 1.0,
    )  # fmt: skip
    samples: int = Field(256, ge=64, le=512)
    noise: float = Field(0.5, ge=0, le=3)
    units: int = Field(24, ge=8, le=32)
    rates: Annotated[tuple[Rate, ...], Field(min_length=1, max_length=3), AfterValidator(distinct)] = (0.01, 0.02)
    epochs: int = Field(16, ge=1, le=40)
    seeds: int = Field(24, ge=8, le=48)

    @property
    def keys(self) -> tuple[str, ...]:
        """The networks that take part, the separate ones first."""
        return ("separate", "hard", *(key for key in MODELS if key in self.models))

    @property
    def levels(self) -> tuple[float, ...]:
        """The values of ρ, ascending."""
        return tuple(sorted(self.relatedness))

    @property
    def steps(self) -> int:
        """Steps in an epoch; the sequences that fill no batch are left out."""
        return self.samples // BATCH

    def parameters(self) -> dict[str, int]:
        """The number of parameters of each network that takes part."""
        network_sizes = sizes(self.units)
        return {key: MODELS[key].parameters(network_sizes[key]) for key in self.keys}


class Runs(Measured):
    """One network at one relatedness ρ: the tuned rate and epochs, and for each seed both heads' validation losses.

    `shares` has, for each seed, what head a takes from each part of the network, and then what head b takes. For MMoE
    these are the gates of the experts, and for CGC those of the own and of the shared expert: means over the validation
    sequences. For cross-stitch they are the rows of both α matrices. Other networks have none.
    """

    key: str
    relatedness: float
    rate: float
    epochs: int
    losses: tuple[tuple[float, float], ...]
    shares: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...] = ()

    def mean(self, head: int) -> float:
        """The mean loss of a head over the seeds; NaN if one of them is."""
        return sum(losses[head] for losses in self.losses) / len(self.losses)

    def stitched(self) -> tuple[float, float]:
        """The mean size of α in cross-stitch on the own tower and on the other one, over units, heads and seeds.

        NaN for other networks.
        """
        own = [abs(rows[head][unit + head]) for rows in self.shares for head in (0, 1) for unit in (0, 2)]
        other = [abs(rows[head][unit + 1 - head]) for rows in self.shares for head in (0, 1) for unit in (0, 2)]
        return (sum(own) / len(own), sum(other) / len(other)) if own else (math.nan, math.nan)


class Change(Measured):
    """Δm of a network at one ρ: the mean over both heads of the relative change of the loss, negative is better.

    `median` and the interval, `low` to `high`, are over the seeds; NaN if a loss is not finite. `heads` are the
    medians of each head alone.
    """

    key: str
    relatedness: float
    median: float
    low: float
    high: float
    confidence: float
    heads: tuple[float, float]

    @property
    def finding(self) -> Literal["better", "worse", "no difference", "cannot tell"]:
        """How the network compares with separate ones."""
        if not math.isfinite(self.low + self.high):
            return "cannot tell"
        return "better" if self.high < 0 else "worse" if self.low > 0 else "no difference"


class Evidence(Measured):
    """The runs of every network at every relatedness."""

    settings: Settings
    runs: tuple[Runs, ...]

    def of(self, key: str, relatedness: float) -> Runs:
        """The runs of a network at this ρ."""
        return next(each for each in self.runs if (each.key, each.relatedness) == (key, relatedness))

    def part(self, networks: tuple[Other, ...], levels: tuple[float, ...]) -> Evidence:
        """The same evidence with these networks alone, beside separate networks and hard sharing, at these ρ."""
        settings = self.settings.model_copy(update={"models": networks, "relatedness": levels})
        runs = [each for each in self.runs if each.key in settings.keys and each.relatedness in levels]
        return Evidence(settings=settings, runs=tuple(runs))

    def changes(self, key: str) -> list[Change]:
        """Δm of a network against the separate ones, for each ρ."""
        return [self._change(key, rho) for rho in self.settings.levels]

    def differences(self, key: str, relatedness: float) -> list[tuple[float, float]]:
        """The relative change of each head's loss, seed by seed."""
        pairs = zip(self.of(key, relatedness).losses, self.of("separate", relatedness).losses, strict=True)
        return [(_relative(mine[0], theirs[0]), _relative(mine[1], theirs[1])) for mine, theirs in pairs]

    def contrast(self, key: str) -> Interval | None:
        """The interval of Δm at the largest ρ minus Δm at the smallest, seed by seed; None if a loss is not finite.

        A seed has the same sequences and the same first target at each ρ.
        """
        levels = self.settings.levels
        low, high = ([sum(each) / 2 for each in self.differences(key, rho)] for rho in (levels[0], levels[-1]))
        return _finite_interval([more - less for less, more in zip(low, high, strict=True)])

    def _change(self, key: str, rho: float) -> Change:
        heads = self.differences(key, rho)
        values = [sum(each) / 2 for each in heads]
        bounds = _finite_interval(values)
        first, second = (_median([each[head] for each in heads]) for head in (0, 1))
        return Change(
            key=key, relatedness=rho, median=_median(values), low=bounds.low if bounds else math.nan,
            high=bounds.high if bounds else math.nan, confidence=bounds.confidence if bounds else math.nan,
            heads=(first, second),
        )  # fmt: skip


def _relative(mine: float, theirs: float) -> float:
    return (mine - theirs) / theirs if theirs else math.nan


def _median(values: list[float]) -> float:
    return median(values) if all(map(math.isfinite, values)) else math.nan


def _finite_interval(values: list[float]) -> Interval | None:
    return interval(values) if all(map(math.isfinite, values)) else None
