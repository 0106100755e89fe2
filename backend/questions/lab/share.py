"""Question 6, what it measures: five networks of equal size on a pair of tasks of adjustable relatedness."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, Field

from backend.lab.sharing.models import FEATURES, MODELS, TIMESTEPS, sizes
from backend.lab.sharing.problem import VALIDATION, Arrays, pair_of_tasks
from backend.questions.base import Measured
from backend.questions.lab.base import LabEvidence, QuestionSettings, distinct
from backend.questions.lab.scripts import TRAINER, keras_script
from backend.questions.lab.words import finite_interval, median
from backend.scripts.source import source_of, source_of_file, with_helpers
from backend.statistics.intervals import Interval

#: Seconds on an idle core: to compile a network; for a seed of it; for a training; and for each of its steps.
COMPILE, SEED, TRAINING, STEP = 2.05, 0.03, 0.006, 6.5e-5
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
    epochs: int = Field(16, ge=1, le=32)
    seeds: int = Field(24, ge=8, le=32)

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


@dataclass(frozen=True)
class Change:
    """Δm of a network at one ρ: the mean over both heads of the relative change of the loss, negative is better.

    `median` and its `interval` are over the seeds: NaN and None if a loss is not finite. `heads` are the medians of
    each head alone.
    """

    key: str
    relatedness: float
    median: float
    interval: Interval | None
    heads: tuple[float, float]

    @property
    def finding(self) -> Literal["better", "worse", "no difference", "cannot tell"]:
        """How the network compares with separate ones."""
        if self.interval is None:
            return "cannot tell"
        return "better" if self.interval.high < 0 else "worse" if self.interval.low > 0 else "no difference"


class Evidence(LabEvidence):
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
        return finite_interval([more - less for less, more in zip(low, high, strict=True)])

    def _change(self, key: str, rho: float) -> Change:
        heads = self.differences(key, rho)
        values = [sum(each) / 2 for each in heads]
        first, second = (median([each[head] for each in heads]) for head in (0, 1))
        return Change(key, rho, median(values), finite_interval(values), (first, second))


def _relative(mine: float, theirs: float) -> float:
    return (mine - theirs) / theirs if theirs else math.nan


def seconds(settings: Settings) -> float:
    """About how long a measurement takes on an idle core."""
    steps, levels = settings.epochs * settings.steps, len(settings.levels)
    tuning, shown = len(TUNING_SEEDS) * len(settings.rates), settings.seeds
    trainings = levels * (tuning * (TRAINING + STEP * steps) + shown * (TRAINING + STEP * steps / 2))
    return len(settings.keys) * (COMPILE + SEED * (shown + len(TUNING_SEEDS)) + trainings)


def best_rate_and_epochs(curves: Mapping[float, np.ndarray]) -> tuple[float, int]:
    """The rate and the number of epochs with the least finite loss; the first rate and one epoch if there is none."""
    least = {rate: np.where(np.isfinite(curve), curve, np.inf) for rate, curve in curves.items()}
    rate = min(least, key=lambda each: float(least[each].min()))
    return rate, int(least[rate].argmin()) + 1


def tune(
    train: Callable[[int, float, int], np.ndarray], rates: Iterable[float], epochs: int, seeds: Iterable[int]
) -> tuple[float, int]:
    """The best rate and number of epochs. `train(seed, rate, epochs)` returns the losses after each epoch."""
    curves = {rate: np.mean([train(seed, rate, epochs) for seed in seeds], axis=(0, 2)) for rate in sorted(rates)}
    return best_rate_and_epochs(curves)


def validation_losses(trainer: Any, drawn: Arrays, seed: int, rate: float, epochs: int) -> np.ndarray:
    """Train with this seed. The validation losses of both heads after each epoch, (epochs, 2)."""
    x, y, x_validation, y_validation = drawn
    trainer.begin(x, [y["a"], y["b"]], seed, rate)
    return np.asarray(trainer.losses_after_each(epochs, x_validation, [y_validation["a"], y_validation["b"]]))


def _builder(key: str, source: str) -> str:
    """The source of a network as classes that come first, and a function that builds it."""
    _, _, text = source.partition("from keras import layers\n")
    before, _, body = text.partition("sequence = keras.Input")
    body = f"keras.utils.set_random_seed(seed)\nsequence = keras.Input{body}"
    body = body.replace("model = keras.Model(sequence, outputs)", "return keras.Model(sequence, [*outputs.values()])")
    return f"{before.strip()}\n\n\ndef {key}(seed):\n{textwrap.indent(body.strip(), '    ')}".strip()


def code(settings: Settings) -> str:
    """The script: for each ρ and each network the tuned rate and epochs, the mean losses, and the median Δm."""
    network_sizes = sizes(settings.units)
    return keras_script(
        "Should these heads share? Networks of nearly equal size on a pair of tasks. This takes some minutes.",
        source_of(with_helpers(pair_of_tasks)),
        *(_builder(key, MODELS[key].source(network_sizes[key])) for key in settings.keys),
        source_of_file(TRAINER, "shares_function"),
        source_of([best_rate_and_epochs, tune, validation_losses]),
        f"""
LEVELS, RATES, EPOCHS = {list(settings.levels)}, {list(settings.rates)}, {settings.epochs}
TUNING, SEEDS = {TUNING_SEEDS!r}, range({FIRST_SEED}, {FIRST_SEED + settings.seeds})


@cache
def data(relatedness, seed):
    return pair_of_tasks(
        samples={settings.samples}, validation={VALIDATION}, timesteps={TIMESTEPS}, features={FEATURES},
        relatedness=relatedness, noise={settings.noise!r}, seed=seed,
    )


runs, references = [], {{}}
for build in [{", ".join(settings.keys)}]:
    trainer = Trainer(build, ["mse", "mse"], keras.optimizers.Adam(), {BATCH}, whole=True)
    shares_of = shares_function(trainer.network)
    print(f"{{build.__name__}}: {{trainer.network.count_params()}} parameters")
    for rho in LEVELS:

        def train(seed, rate, epochs):
            print(".", end="", flush=True)
            return validation_losses(trainer, data(rho, seed), seed, rate, epochs)

        rate, count = tune(train, RATES, EPOCHS, TUNING)
        losses, shares = [], []
        for seed in SEEDS:
            losses.append([float(f"{{loss:.5g}}") for loss in train(seed, rate, count)[-1]])
            shares += [found] if any(found := shares_of(data(rho, seed)[2])) else []
        found = {{"rate": rate, "epochs": count, "losses": losses, "shares": shares}}
        runs.append({{"key": build.__name__, "relatedness": rho, **found}})
        losses = np.array(losses)
        reference = references.setdefault(rho, losses)  # the separate networks come first
        change = np.median(np.mean((losses - reference) / reference, axis=1))
        a, b = losses.mean(axis=0)
        print(f" ρ = {{rho:g}}, rate {{rate:g}}, {{count}} epochs, losses {{a:.4f}} {{b:.4f}}, change {{change:+.4f}}")
""",
    )
