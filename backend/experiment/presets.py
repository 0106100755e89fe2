"""Ready-made experiments: the network of the thread first, then one for each feature of the page."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training

THREAD = "The thread's network"

PRESETS: dict[str, Experiment] = {
    THREAD: Experiment(),
    "Equal totals: mean instead of sum": Experiment(training=Training(combine="mean")),
    "A related pair of tasks": Experiment(
        architecture=Architecture(heads=(Head.for_task("related_a"), Head.for_task("related_b"))),
        sequences=Sequences(relatedness=0.9),
    ),
    "Eight heads": Experiment(
        architecture=Architecture(
            features=4,
            heads=tuple(
                Head.for_task(task, name=f"{task}{suffix}")
                for suffix in ("", "_2")
                for task in ("mean", "last", "trend", "frequency")
            ),
        )
    ),
    "Three kinds of tasks: number, yes or no, class": Experiment(
        architecture=Architecture(
            timesteps=16,
            heads=(
                Head.for_task("trend"),
                Head.for_task("spike", hidden=(8,)),
                Head.for_task("waveform", units=4, hidden=(16,)),
            ),
        ),
        right="subclassing",
    ),
    "A deeper trunk with activations": Experiment(
        architecture=Architecture(
            lstm=(32, 32), dense=(DenseLayer(units=32, activation="relu"), DenseLayer(activation="relu"))
        )
    ),
}
