"""The script of question 5: the same trainings in plain Keras, batch by batch."""

from __future__ import annotations

from backend.experiment.dataset import script_source
from backend.experiment.styles import STYLES
from backend.questions.lab.beat.compare import best_rate, delta_m, relative, score
from backend.questions.lab.beat.evidence import Settings
from backend.questions.lab.beat.measurement import losses_after, report, tune_and_test
from backend.questions.lab.own_data import network_source
from backend.questions.lab.trainings import IMPORTS, trainer_source
from backend.scripts.source import source_of
from backend.training.export.method import methods_source
from two_heads.weightings import METHODS


def code(settings: Settings) -> str:
    """A script that tunes and tests every entry, and prints its rate, its losses and the median Δm of each method."""
    experiment = settings.measured_experiment()
    architecture = experiment.architecture
    names = {key: class_name(key) for key in settings.methods}
    fixed = "".join(f"    {list(weights)},\n" for weights in settings.weightings)
    methods = "".join(f'    "{METHODS[key].title}": {name},\n' for key, name in names.items())
    parts = [
        "# Does any method beat tuned fixed weights?\n# Needs keras, tensorflow and numpy. It takes some minutes.",
        IMPORTS,
        "# The sequences and their targets",
        script_source(architecture, settings.sequences(), settings.parts),
        "# The network",
        network_source(STYLES["functional"].write(architecture)),
        "# The methods, and for each a model that trains with it",
        methods_source(architecture, {name: METHODS[key] for key, name in names.items()}),
        "# How a network is trained, tuned and tested",
        trainer_source(),
        source_of([losses_after, score, best_rate, tune_and_test, relative, delta_m, report]),
        "# Settings: of the sequences, the first third trains, the second tunes, the last one tests",
        f"""
FIXED = [
{fixed}]
METHODS = {{
{methods}}}
RATES = {list(settings.rates)}
TUNING_SEEDS = {list(settings.tuning_seeds)}
TEST_SEEDS = {list(settings.test_seeds)}
SIZE, EPOCHS, BATCH = {settings.samples}, {settings.epochs}, {experiment.training.batch}


def new_trainer(method=None):
    return Trainer(network, LOSSES, {experiment.training.optimizer_source}, BATCH, method)


def train(trainer, weights):
    targets = [y[name] for name in HEADS]
    return lambda seed, rate, part: losses_after(trainer, x, targets, SIZE, EPOCHS, seed, rate, weights, part)


methods = {{title: new_trainer(method) for title, method in METHODS.items()}}
report(FIXED, methods, new_trainer(), train, RATES, TUNING_SEEDS, TEST_SEEDS)
""",
    ]
    return "\n\n\n".join(part.strip() for part in parts) + "\n"


def class_name(key: str) -> str:
    """The name of the class that trains with the method: "TrainedWithPcgrad"."""
    return f"TrainedWith{key.title().replace('_', '')}"
