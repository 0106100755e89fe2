"""Question 2: trains the heads with several seeds, and measures the gradients of each pair on the way."""

from __future__ import annotations

from collections.abc import Iterator

from backend.experiment import Experiment
from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.jobs.runtime import Context
from backend.lab.gradients import Measurement
from backend.questions.lab.base import Progress, ignore_progress
from backend.questions.lab.conflict.evidence import Evidence, Series, Settings
from backend.questions.lab.conflict.measurement import train_and_measure
from backend.worker.build import build, weights_of
from backend.worker.gradients import HeadGradients
from backend.worker.keras_internals import release_traced_graphs
from backend.worker.lab_questions.runs import Runs
from backend.worker.trainer.forward import Forward

_STYLE = STYLES["functional"]


class _ProgressContext(Context):
    """A job's context for `HeadGradients`. The job is cancelled if `check` raises."""

    def __init__(self, check: Progress) -> None:
        super().__init__()
        self._check, self.share = check, 0.0

    def raise_if_cancelled(self) -> None:
        self._check(self.share)

    def traced(self, models: int = 1) -> None:
        """Not counted: the graphs are released at the end of the measurement."""


def measure(settings: Settings, progress: Progress = ignore_progress) -> Evidence:
    """Train at each relatedness with every seed. A seed decides the data, the initial weights and the batches."""
    with release_traced_graphs():
        return _Measurement(settings, progress).run()


class _Measurement:
    def __init__(self, settings: Settings, progress: Progress) -> None:
        self.settings, self.progress = settings, progress
        self.rhos: tuple[float | None, ...] = settings.rhos if settings.dial else (None,)
        self.context = _ProgressContext(progress)
        experiment, training = settings.experiment, settings.experiment.training
        source = _STYLE.write(experiment.architecture)
        self.gradients = HeadGradients(experiment, self.context)
        forward = Forward.of(build(source, 0), experiment.architecture, _STYLE)
        self.runs = Runs(
            forward, lambda seed: weights_of(build(source, seed)), training.optimizer, training.batch,
            self.context.raise_if_cancelled,
        )  # fmt: skip

    def run(self) -> Evidence:
        series = []
        heads = [head.name for head in self.settings.experiment.architecture.heads]
        for rho in self.rhos:
            measurements = [list(self._train(rho, number)) for number in range(self.settings.seeds)]
            for pair in self.settings.pairs:
                rates = tuple(tuple(_or_nan(each.conflict_rate(pair)) for each in of_seed) for of_seed in measurements)
                cosines = tuple(tuple(_or_nan(each.cosine(pair)) for each in of_seed) for of_seed in measurements)
                names = heads[pair[0]], heads[pair[1]]
                series.append(Series(heads=names, rho=rho, rates=rates, cosines=cosines))
        return Evidence(settings=self.settings, series=tuple(series))

    def _train(self, rho: float | None, number: int) -> Iterator[Measurement]:
        """Train with one seed; yields a measurement at each of the measured epochs."""
        experiment = _at(self.settings.experiment, rho, number)
        training = experiment.training
        self.gradients.use(experiment)
        dataset = generate(experiment.architecture, experiment.sequences, experiment.parts)
        size, _ = training.split(len(dataset.x))
        targets = [dataset.y[head.name][:size] for head in experiment.architecture.heads]
        share = 1 / (len(self.rhos) * self.settings.seeds * len(self.settings.measured_epochs))
        for each in train_and_measure(
            self.runs,
            lambda epoch, order: self.gradients.measure(epoch, self.runs.current.weights(), order),
            dataset.x[:size],
            targets,
            self.settings.measured_epochs,
            training.seed,
            training.learning_rate,
        ):
            yield each
            self.context.share = min(self.context.share + share, 1.0)
            self.progress(self.context.share)


def _at(experiment: Experiment, rho: float | None, number: int) -> Experiment:
    """The experiment at this relatedness, with the data and the training of another seed."""
    changes = {"seed": experiment.sequences.seed + number} | ({} if rho is None else {"relatedness": rho})
    training = experiment.training.model_copy(update={"seed": experiment.training.seed + number})
    return experiment.model_copy(
        update={"sequences": experiment.sequences.model_copy(update=changes), "training": training}
    )


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else float(f"{value:.4g}")
