"""Question 1: trains Kendall's toy, or the visitor's network, with each method and with each head alone."""

from __future__ import annotations

import numpy as np

from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.lab.problems.kendall_toy import BATCH, kendall_toy
from backend.lab.questions.base import Progress, unwatched
from backend.lab.questions.scale.evidence import FACTOR, Arm, ArmKey, Evidence, Settings, scaled
from backend.lab.questions.scale.script import TOY
from backend.worker.build import build, weights_of
from backend.worker.keras_internals import release_traced_graphs
from backend.worker.lab_questions.runs import Runs, ToyForward
from backend.worker.trainer.forward import Forward

Data = tuple[np.ndarray, np.ndarray]


def measure(settings: Settings, progress: Progress = unwatched) -> Evidence:
    """Train every arm with every seed. A seed decides the data, the initial weights and the order of the batches."""
    with release_traced_graphs():
        return _Measurement(settings, progress).run()


class _Measurement:
    def __init__(self, settings: Settings, progress: Progress) -> None:
        self.settings, self.progress = settings, progress
        self.share = 0.0
        architecture = settings.experiment.architecture
        self.source = TOY if settings.problem == "kendall" else STYLES["functional"].write(architecture)
        model = build(self.source, 0)
        own = settings.problem == "own"
        forward = Forward(model, architecture, STYLES["functional"]) if own else ToyForward(model, 1)
        batch = settings.experiment.training.batch if own else BATCH
        self.runs = Runs(forward, settings.optimizer, batch, lambda: progress(self.share))

    def run(self) -> Evidence:
        settings, heads = self.settings, len(self.settings.heads)
        trainings = settings.seeds * (heads + len(settings.arms) - 1)
        losses: dict[ArmKey, list[tuple[float, ...]]] = {arm: [] for arm in settings.arms}
        sigmas = []
        for arm in settings.arms:
            for number in range(settings.seeds):
                if arm == "alone":
                    found = tuple(self._train(arm, number, head)[head] for head in range(heads))
                else:
                    found = self._train(arm, number)
                losses[arm].append(found)
                if arm == "uw":
                    sigmas.append(tuple(_rounded(_sigmas(self.runs.current.method_state()))))
                self.share += (heads if arm == "alone" else 1) / trainings
                self.progress(min(self.share, 1.0))
        arms = tuple(Arm(key=arm, losses=tuple(found)) for arm, found in losses.items())
        return Evidence(settings=settings, arms=arms, sigmas=tuple(sigmas))

    def _train(self, arm: ArmKey, number: int, only: int | None = None) -> tuple[float, ...]:
        """The losses of all heads at the end. `only` is the head whose loss counts."""
        seed = self.settings.experiment.training.seed + number
        x, y = self._data(arm, number)
        heads = len(self.settings.heads)
        self.runs.begin(
            x, y, start=weights_of(build(self.source, seed)), rate=self.settings.rate, seed=seed,
            method=arm if arm in ("uw", "gradnorm") else None,
            weights=tuple(float(only in (None, head)) for head in range(heads)),
        )  # fmt: skip
        self.runs.train(self.settings.epochs)
        return tuple(_rounded(self.runs.losses(x, y)))

    def _data(self, arm: ArmKey, number: int) -> Data:
        """The training data of a seed: inputs, and the targets of all heads side by side."""
        if self.settings.problem == "kendall":
            return kendall_toy(number)
        experiment = scaled(self.settings, 1.0 if arm == "unscaled" else FACTOR)
        sequences = experiment.sequences.model_copy(update={"seed": experiment.sequences.seed + number})
        dataset = generate(experiment.architecture, sequences)
        size, _ = experiment.training.split(len(dataset.x))
        targets = [dataset.y[head.name] for head in experiment.architecture.heads]
        return dataset.x[:size], np.concatenate(targets, axis=1)[:size]


def _sigmas(state: dict[str, np.ndarray]) -> np.ndarray:
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(state["log_variances"] / 2))


def _rounded(values: np.ndarray) -> list[float]:
    return [float(f"{value:.6g}") for value in values]
