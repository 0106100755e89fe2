"""Question 1: trains Kendall's toy, or the visitor's network, with each method and with each head alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.lab.problems.kendall_toy import BATCH
from backend.questions.lab.base import Progress, ignore_progress
from backend.questions.lab.scale.evidence import FACTOR, METHODS, Arm, Evidence, Settings, scaled
from backend.questions.lab.scale.measurement import Data, data, train_and_measure
from backend.questions.lab.scale.script import TOY
from backend.worker.build import build, weights_of
from backend.worker.keras_internals import release_traced_graphs
from backend.worker.lab_questions.runs import Runs
from backend.worker.trainer.forward import Forward


def measure(settings: Settings, progress: Progress = ignore_progress) -> Evidence:
    """Train every arm with every seed. A seed decides the data, the initial weights and the order of the batches."""
    with release_traced_graphs():
        return _measure(settings, progress)


def _measure(settings: Settings, progress: Progress) -> Evidence:
    heads, share = len(settings.heads), 0.0

    def check() -> None:
        progress(share)

    trainings = settings.seeds * (heads + len(settings.arms) - 1)
    losses: dict[str, list[tuple[float, ...]]] = {arm: [] for arm in settings.arms}
    sigmas: list[tuple[float, ...]] = []
    for arm, of_heads, learned in train_and_measure(
        _runs(settings, check),
        lambda arm, number: _data(settings, arm, number),
        settings.arms,
        settings.experiment.training.seed,
        settings.seeds,
        settings.rate,
        settings.epochs,
    ):
        losses[arm].append(tuple(of_heads))
        sigmas += [tuple(learned)] if learned else []
        share += (heads if arm == "alone" else 1) / trainings
        progress(min(share, 1.0))
    arms = tuple(Arm(key=arm, losses=tuple(losses[arm])) for arm in settings.arms)
    return Evidence(settings=settings, arms=arms, sigmas=tuple(sigmas))


def _runs(settings: Settings, check: Callable[[], None]) -> Callable[[str], Runs]:
    """The `Runs` that train an arm: the network, compiled once for each method and once without."""
    own, experiment = settings.problem == "own", settings.experiment
    source = STYLES["functional"].write(experiment.architecture) if own else TOY
    model = build(source, 0)
    forward = (
        Forward.of(model, experiment.architecture, STYLES["functional"])
        if own
        else Forward(model, (1,), (1, 1), ("mse", "mse"))
    )
    batch = experiment.training.batch if own else BATCH

    @cache
    def compiled(method: str | None) -> Runs:
        return Runs(forward, lambda seed: weights_of(build(source, seed)), settings.optimizer, batch, check, method)

    return lambda arm: compiled(arm if arm in METHODS else None)


def _data(settings: Settings, arm: str, number: int) -> Data:
    """The training data of a seed: inputs, and the targets of each head."""
    if settings.problem == "kendall":
        return data(arm, number)
    experiment = scaled(settings, 1.0 if arm == "unscaled" else FACTOR)
    sequences = experiment.sequences.model_copy(update={"seed": experiment.sequences.seed + number})
    dataset = generate(experiment.architecture, sequences, experiment.parts)
    size, _ = experiment.training.split(len(dataset.x))
    return dataset.x[:size], [dataset.y[head.name][:size] for head in experiment.architecture.heads]
