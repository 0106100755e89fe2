"""Ready-made experiments: the network of the thread first, then one for each feature of the page."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.dataset import Sequences
from backend.experiment.experiment import usual
from backend.experiment.sources import WEATHER
from backend.experiment.tasks import tasks_of
from backend.experiment.training import Training

THREAD = "The thread's network"
THREAD_SGD = "The same with plain SGD"
WEATHER_PRESET = "Seattle's weather"

PRESETS: dict[str, Experiment] = {
    THREAD: Experiment(),
    THREAD_SGD: Experiment(training=Training(optimizer="sgd", learning_rate=0.01)),
    "Equal totals": Experiment(training=Training(combine="mean")),
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
                for task in ("level", "last", "trend", "frequency")
            ),
        )
    ),
    "Three kinds of tasks": Experiment(
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
    "A deeper trunk": Experiment(
        architecture=Architecture(
            lstm=(32, 32), dense=(DenseLayer(units=32, activation="relu"), DenseLayer(activation="relu"))
        )
    ),
    WEATHER_PRESET: usual(WEATHER),
    "Seattle's weather, four tasks": Experiment(
        architecture=Architecture(
            features=WEATHER.features, heads=tuple(Head.for_task(task) for task in tasks_of(WEATHER))
        ),
        left="functional",
        right="subclassing",
    ),
}

#: What each preset teaches, in a sentence.
LESSONS: dict[str, str] = {
    THREAD: "two heads on one trunk. Both styles have the same parameters, but their total losses differ.",
    THREAD_SGD: "the larger total of Functional now makes larger steps. Adam cancels that.",
    "Equal totals": "the mean of the losses, not their sum. For equal predictions, both styles report the same total.",
    "A related pair of tasks": "two tasks with much in common. Change their relatedness.",
    "Eight heads": "for equal predictions, eight losses add up to eight times the one loss of a fused output.",
    "Three kinds of tasks": "a number, a yes or no, and a class. Two styles have a layer for each head.",
    "A deeper trunk": "two LSTM and two Dense layers. The heads read only the last one.",
    WEATHER_PRESET: "real data. Two tasks with one kind of loss, which a fused output can have, too.",
    "Seattle's weather, four tasks": "two numbers, a yes or no, and a class. No fused output can have their losses.",
}
