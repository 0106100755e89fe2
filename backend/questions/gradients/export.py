"""What a visitor can download of a measurement: a script with the library's callback, and the table as CSV."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.dataset import script_source
from backend.experiment.styles import STYLES
from backend.experiment.styles.base import IMPORTS
from backend.lab.gradients import Gradients, measured_epochs, ratio_of
from backend.questions.speed.result import csv_of
from backend.training.export.script import builder
from backend.training.export.source import losses, targets

#: The file that the script writes.
FILE = "gradients.json"
_HEAD = f'''\
"""
Train a network with several heads, and measure with two_heads.GradientConflict whether their gradients conflict.

The library two_heads is installed by `pip install .` from the source of Two Heads. It also needs tensorflow.
The script writes the whole history to {FILE}. Put your own model, x and y in the place of these.
"""

import numpy as np
'''


def callback_script(experiment: Experiment) -> str:
    """A script that trains the network in the Functional style with the callback, and saves its JSON file.

    It contains validated numbers, enums and identifiers, never a label.
    """
    style, training = STYLES["functional"], experiment.training
    method = experiment.method_of(style)
    size, _ = experiment.parts
    sequences = script_source(experiment.architecture, experiment.sequences, experiment.parts)
    names = "GradientConflict, combine" if method else "GradientConflict"
    combined = f'model = combine(model, "{method.key}", seed={training.seed})\n' if method else ""
    every = max(1, round(training.epochs / (len(measured_epochs(training.epochs)) - 1)))
    return "\n\n".join([
        f"{_HEAD}{IMPORTS}\nfrom two_heads import {names}\n",
        sequences,
        builder("build", style, experiment.architecture),
        f"""\
x, y = x[:{size}], {{name: target[:{size}] for name, target in y.items()}}  # the training sequences
y = {targets(experiment.architecture, style)}
model = build({training.seed})
model.compile(optimizer={training.optimizer_source}, {losses(experiment, style)})
{combined}conflict = GradientConflict(x, y, every={every}, batch_size={training.batch})
model.fit(x, y, batch_size={training.batch}, epochs={training.epochs}, verbose=0, callbacks=[conflict])
for pair in conflict.history[-1]["pairs"]:
    print(" and ".join(pair["heads"]), pair["cosine"], pair["length_ratio"], pair["conflict_rate"])
print(conflict.save("{FILE}"))
""",
    ])  # fmt: skip


def table_csv(gradients: Gradients) -> str:
    """A row for each measured epoch and pair of heads. A figure that is not defined is empty."""
    rows = [
        [
            each.epoch, gradients.heads[i], gradients.heads[j], each.cosine((i, j)), each.length(i), each.length(j),
            ratio_of(each, (i, j)), each.conflicting[i][j], each.comparable[i][j],
        ]
        for each in gradients.measurements
        for i, j in gradients.pairs()
    ]  # fmt: skip
    return csv_of(rows, [
        "epoch", "first_head", "second_head", "cosine", "first_length", "second_length", "length_ratio",
        "conflicting_batches", "compared_batches",
    ])  # fmt: skip
