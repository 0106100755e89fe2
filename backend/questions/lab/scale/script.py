"""Question 1 as a script: plain Keras, with the text of the methods and of the data."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.styles import STYLES
from backend.lab.problems.kendall_toy import BATCH
from backend.questions.lab.own_data import data_source, network_source
from backend.questions.lab.scale.evidence import FACTOR, TITLES, Settings, scaled
from backend.questions.lab.scale.measurement import data, losses_at_the_end, report, train_and_measure
from backend.questions.lab.trainings import IMPORTS, trainer_source
from backend.scripts.source import source_of, with_constants, with_helpers
from backend.training.export.method import methods_source
from two_heads.weightings import METHODS

#: Kendall's network as Keras source. A worker executes it, too.
TOY = """import keras
from keras import layers

inputs = keras.Input(shape=(1,))
x = layers.Dense(1024, activation="relu")(inputs)
a = layers.Dense(1, name="a")(x)
b = layers.Dense(1, name="b")(x)
model = keras.Model(inputs=inputs, outputs=[a, b])
"""
_TOY_HEADS = Experiment(architecture=Architecture(heads=(Head(name="a"), Head(name="b"))))


def code(settings: Settings) -> str:
    """The script: for each way of training, the median loss of each head relative to its loss alone, and UW's σ."""
    own = settings.problem == "own"
    experiment = settings.experiment if own else _TOY_HEADS
    architecture = experiment.architecture
    arms = [f'    "{arm}": "{TITLES[arm]}",\n' for arm in settings.arms[1:]]
    parts = [
        '"""Is one head drowned by scale? Each head\'s loss at the end, relative to what it reaches alone."""',
        IMPORTS,
        _own_data(settings) if own else with_constants(with_helpers(data)),
        network_source(STYLES["functional"].write(architecture) if own else TOY),
        methods_source(architecture, {"UW": METHODS["uw"], "GradNorm": METHODS["gradnorm"]}),
        trainer_source(),
        source_of([losses_at_the_end, train_and_measure, report]),
        f"""
SEEDS, EPOCHS, BATCH, RATE = {settings.seeds}, {settings.epochs}, {_batch(settings)}, {settings.rate!r}
FIRST = {settings.experiment.training.seed}  # the first seed
ARMS = {{
{"".join(arms)}}}
weighted, *combined = [
    Trainer(network, LOSSES, {OPTIMIZERS[settings.optimizer].source("RATE")}, BATCH, method)
    for method in (None, UW, GradNorm)
]
trainers = dict(zip(("uw", "gradnorm"), combined))
found = train_and_measure(lambda arm: trainers.get(arm, weighted), data, ["alone", *ARMS], FIRST, SEEDS, RATE, EPOCHS)
report(found, ARMS, HEADS)
""",
    ]
    return "\n\n\n".join(part.strip() for part in parts) + "\n"


def _batch(settings: Settings) -> int:
    return settings.experiment.training.batch if settings.problem == "own" else BATCH


def _own_data(settings: Settings) -> str:
    experiment, large = scaled(settings, 1.0), settings.large
    first = f'factor = 1.0 if arm == "unscaled" else {FACTOR!r}\n'
    return data_source(experiment, "arm, number", first, factors={} if large is None else {large: "factor"})
