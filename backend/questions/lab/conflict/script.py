"""Question 2 as a script: plain Keras, with TensorFlow's tape for the gradients."""

from __future__ import annotations

from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.styles import STYLES
from backend.questions.lab.conflict.evidence import Settings
from backend.questions.lab.conflict.measurement import conflicts, measure_seed, train_and_measure
from backend.questions.lab.own_data import data_source, network_source
from backend.questions.lab.trainings import IMPORTS, trainer_source
from backend.scripts.source import source_of
from two_heads.weightings.trunk import gramian_of, trunk


def code(settings: Settings) -> str:
    """The script: for each relatedness or pair, the median conflict rate and cosine of the seeds."""
    experiment = settings.experiment
    training, heads = experiment.training, experiment.architecture.heads
    at = "ρ = {rho:g}, " if settings.dial else ""
    rhos = list(settings.rhos) if settings.dial else [experiment.sequences.relatedness]
    parts = [
        '"""How often do the gradients of two heads conflict while they train one trunk?"""',
        IMPORTS,
        data_source(experiment, "rho, number", relatedness="rho"),
        network_source(STYLES["functional"].write(experiment.architecture)),
        source_of([trunk, gramian_of]),
        trainer_source("gramian_function"),
        source_of([train_and_measure, conflicts, measure_seed]),
        f"""
HEADS = {[head.name for head in heads]!r}
LOSSES = {[head.loss for head in heads]!r}
PAIRS = {settings.pairs!r}  # by position
MEASURED = {settings.measured_epochs!r}  # epochs
SEEDS, BATCH, RATE = {settings.seeds}, {training.batch}, {training.learning_rate!r}
FIRST = {training.seed}  # the first seed

trainer = Trainer(network, LOSSES, {OPTIMIZERS[training.optimizer].source("RATE")}, BATCH)
gramian = gramian_function(trainer.network, LOSSES)
for rho in {rhos!r}:
    found = [
        measure_seed(trainer, gramian, *data(rho, number), MEASURED, FIRST + number, RATE, BATCH, PAIRS)
        for number in range(SEEDS)
    ]
    for (one, other), (rate, cosine) in zip(PAIRS, np.median(found, axis=0)):
        names = f"{{HEADS[one]}} and {{HEADS[other]}}"
        print(f"{at}{{names}}: {{rate:.4f}} of the batches in conflict, cosine {{cosine:.4f}}")
""",
    ]
    return "\n\n\n".join(part.strip() for part in parts) + "\n"
