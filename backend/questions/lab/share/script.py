"""The script of question 6: data, networks, tuning and training in plain Keras, with the figures of the evidence."""

from __future__ import annotations

import textwrap

from backend.lab.sharing.models import FEATURES, MODELS, TIMESTEPS, sizes
from backend.lab.sharing.problem import VALIDATION, pair_of_tasks
from backend.questions.lab.share.evidence import BATCH, FIRST_SEED, TUNING_SEEDS, Settings
from backend.questions.lab.share.measurement import best_rate_and_epochs, report, tune_and_run, validation_losses
from backend.questions.lab.trainings import IMPORTS, trainer_source
from backend.scripts.source import source_of, with_helpers


def _builder(key: str, source: str) -> tuple[str, str]:
    """The source of a network as classes that come first, and a function that builds it."""
    _, _, text = source.partition("from keras import layers\n")
    before, _, body = text.partition("sequence = keras.Input")
    body = f"keras.utils.set_random_seed(seed)\nsequence = keras.Input{body}"
    body = body.replace("model = keras.Model(sequence, outputs)", "return keras.Model(sequence, [*outputs.values()])")
    return before.strip(), f"def {key}(seed):\n" + textwrap.indent(body.strip(), "    ")


def code(settings: Settings) -> str:
    """The script: for each ρ and each network the tuned rate and epochs, the mean losses, and the median Δm."""
    network_sizes = sizes(settings.units)
    parts = [_builder(key, MODELS[key].source(network_sizes[key])) for key in settings.keys]
    main = f"""
def train(name, relatedness):
    trainer = trainers[name]

    def trained(seed, rate, epochs):
        drawn = pair_of_tasks(
            samples={settings.samples}, validation={VALIDATION}, timesteps={TIMESTEPS}, features={FEATURES},
            relatedness=relatedness, noise={settings.noise!r}, seed=seed,
        )
        return validation_losses(trainer, drawn, seed, rate, epochs)

    return trained


networks = [{", ".join(settings.keys)}]
trainers = {{
    build.__name__: Trainer(build, ["mse", "mse"], keras.optimizers.Adam(), {BATCH}, whole=True) for build in networks
}}
counts = {{name: trainer.network.count_params() for name, trainer in trainers.items()}}
report(
    counts, train, levels={list(settings.levels)}, rates={list(settings.rates)}, epochs={settings.epochs},
    tuning={TUNING_SEEDS!r}, seeds=range({FIRST_SEED}, {FIRST_SEED + settings.seeds}),
)
"""
    blocks = [
        "# Should these heads share? Networks of nearly equal size on a pair of tasks. It takes some minutes.",
        IMPORTS,
        "# The sequences and their targets.",
        source_of(with_helpers(pair_of_tasks)),
        "# The networks.",
        *(text for part in parts for text in part if text),
        "# Tuning on seeds of their own, then training.",
        trainer_source(),
        source_of([best_rate_and_epochs, tune_and_run, validation_losses, report]),
        main,
    ]
    return "\n\n\n".join(block.strip() for block in blocks) + "\n"
