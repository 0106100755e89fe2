"""Question 6: networks of equal size that share a trunk, or not, on a pair of tasks of adjustable relatedness."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from backend.lab.sharing.models import FEATURES, MODELS, TIMESTEPS, sizes
from backend.lab.sharing.problem import VALIDATION, Arrays, pair_of_tasks
from backend.questions.base import Measured, Verdict
from backend.questions.lab.base import (
    CANNOT_TELL,
    LARGEST,
    LEAST,
    MARGIN,
    MARKS,
    RHO,
    TOO_SIMILAR,
    LabEvidence,
    Question,
    percent,
    rho,
)
from backend.questions.lab.scripts import TRAINER, keras_script
from backend.questions.pictures import Readings, Reference, Seeds, Spread
from backend.scripts.source import source_of, source_of_file, with_helpers

#: Sequences in a batch.
BATCH = 32
#: Seeds on which the rate and the number of epochs are tuned, and the first of the seeds that are shown. The default
#: settings were chosen on seeds from 1000 on. A gain on those may be chance, so the shown seeds are others.
TUNING_SEEDS, FIRST_SEED = range(4), 2000

Other = Literal["cross_stitch", "mmoe", "cgc"]


class ShareSettings(Measured):
    """Separate networks and hard sharing always take part.

    `units` are those of the first layer of a separate network. The other networks get nearly as many parameters. The
    rate (one of `rates`) and the number of epochs (at most `epochs`) are tuned for each network and relatedness.
    """

    models: tuple[Other, ...] = ("cross_stitch", "mmoe", "cgc")
    relatedness: tuple[float, ...] = (0.0, 0.5, 1.0)
    samples: int = 256
    noise: float = 0.5
    units: int = 24
    rates: tuple[float, ...] = (0.01, 0.02)
    epochs: int = 16
    seeds: int = 24

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


class ShareRuns(Measured):
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


@dataclass(frozen=True)
class Change(Seeds):
    """Δm of a network at one ρ: in each seed the mean over both heads of the relative change of the loss.

    The change is against separate networks; negative is better.
    """

    relatedness: float = 0.0

    @property
    def finding(self) -> Literal["better", "worse", "no difference", "cannot tell"]:
        """How the network compares with separate ones."""
        bounds = self.interval
        if bounds is None:
            return "cannot tell"
        return "better" if bounds.high < 0 else "worse" if bounds.low > 0 else "no difference"


class ShareEvidence(LabEvidence):
    """The runs of every network at every relatedness."""

    settings: ShareSettings
    runs: tuple[ShareRuns, ...]

    def of(self, key: str, relatedness: float) -> ShareRuns:
        """The runs of a network at this ρ."""
        return next(each for each in self.runs if (each.key, each.relatedness) == (key, relatedness))

    def part(self, levels: tuple[float, ...]) -> ShareEvidence:
        """The same evidence of hard sharing alone, beside separate networks, at these ρ."""
        settings = self.settings.model_copy(update={"models": (), "relatedness": levels})
        runs = [each for each in self.runs if each.key in settings.keys and each.relatedness in levels]
        return ShareEvidence(settings=settings, runs=tuple(runs))

    def changes(self, key: str) -> list[Change]:
        """Δm of a network against the separate ones, for each ρ."""
        found = []
        for level in self.settings.levels:
            mine, theirs = (np.array(self.of(each, level).losses) for each in (key, "separate"))
            with np.errstate(all="ignore"):
                values = ((mine - theirs) / theirs).mean(axis=1)
            found.append(Change(tuple(values.tolist()), relatedness=level))
        return found


def tune(
    train: Callable[[int, float, int], np.ndarray], rates: Iterable[float], epochs: int, seeds: Iterable[int]
) -> tuple[float, int]:
    """The rate and the number of epochs with the least finite loss; the first rate and one epoch if there is none.

    `train(seed, rate, epochs)` returns the losses after each epoch.
    """
    curves = {rate: np.mean([train(seed, rate, epochs) for seed in seeds], axis=(0, 2)) for rate in sorted(rates)}
    least = {rate: np.where(np.isfinite(curve), curve, np.inf) for rate, curve in curves.items()}
    rate = min(least, key=lambda each: float(least[each].min()))
    return rate, int(least[rate].argmin()) + 1


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


def code(settings: ShareSettings) -> str:
    """The script: for each ρ and each network the tuned rate and epochs, the mean losses, and the median Δm."""
    network_sizes = sizes(settings.units)
    return keras_script(
        "Should these heads share? Networks of nearly equal size on a pair of tasks. This takes some minutes.",
        source_of(with_helpers(pair_of_tasks)),
        *(_builder(key, MODELS[key].source(network_sizes[key])) for key in settings.keys),
        source_of_file(TRAINER, "shares_function"),
        source_of([tune, validation_losses]),
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


#: "Clearly" is what an interval shows: see `_answer`.
OPTIONS = (
    "yes, clearly at every relatedness",
    "yes, but clearly only for closely related tasks",
    "no, or by less than 5 % everywhere",
)
#: From this ρ on, tasks count as closely related.
CLOSE = 0.5


def judge(evidence: ShareEvidence) -> Verdict:
    """Compare hard sharing with separate networks at each ρ."""
    changes, answer = evidence.changes("hard"), _answer(evidence)
    least, most = (f"{each.text(percent)} at {rho(each.relatedness)}" for each in (changes[0], changes[-1]))
    finding = f"Hard sharing changes the validation loss by {least}, and by {most}."
    if not covers(evidence):
        finding += TOO_SIMILAR
    elif answer is None:
        finding += CANNOT_TELL
    return Verdict(answer, finding)


def _answer(evidence: ShareEvidence) -> str | None:
    """The option that the intervals of hard sharing give; None if they cannot tell.

    A loss is clearly lower if the whole interval lies below 0, unless all intervals exclude a gain that matters.
    """
    hard = evidence.changes("hard")
    findings = [each.finding for each in hard]
    if "cannot tell" in findings or not covers(evidence):
        return None
    if all(each.interval and each.interval.low > -MARGIN for each in hard):
        return OPTIONS[2]
    if set(findings) == {"better"}:
        return OPTIONS[0]
    # A seed has the same sequences and the same first target at each ρ.
    contrast = Seeds(tuple(np.subtract(hard[-1].values, hard[0].values).tolist())).interval
    better = [finding == "better" for finding in findings]
    closely = all(each.relatedness >= CLOSE for each in hard if each.finding == "better")
    depends = any(better) and sorted(better) == better and contrast is not None and contrast.high < 0
    return OPTIONS[1] if closely and depends else None


def covers(evidence: ShareEvidence) -> bool:
    """Whether the measured relatednesses are as different as the question needs."""
    levels = evidence.settings.levels
    return levels[0] <= LEAST and levels[-1] >= LARGEST


def _rows(evidence: ShareEvidence) -> list[Readings]:
    rows = []
    for key in evidence.settings.keys[1:]:
        for change in evidence.changes(key):
            name = MODELS[key].title
            label = f"{name[0].upper()}{name[1:]}, {rho(change.relatedness)}"
            rows.append(change.row(label, percent))
    return rows


def picture(evidence: ShareEvidence) -> Spread:
    """A row for each network and relatedness: the change of the loss against separate networks, by seed."""
    title = "Change of the validation loss against separate networks: negative is better"
    gated = {"mmoe", "cgc"} & {*evidence.settings.keys}
    about = " MMoE and CGC learn for each head how much it takes from each of several small networks." if gated else ""
    return Spread(title, _rows(evidence), Reference(0.0, "separate"), "percent", note=f"{MARKS} {RHO}{about}")


QUESTION = Question(
    key="share",
    number=6,
    title="Should these heads share?",
    options=OPTIONS,
    settings=ShareSettings,
    evidence=ShareEvidence,
    test=judge,
    draw=picture,
    code=code,
    published=(ShareSettings(),),
)
