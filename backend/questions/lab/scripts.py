"""What the scripts of several questions contain: the trainer, and the visitor's network and sequences as functions."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from backend.experiment import Experiment
from backend.experiment.dataset import draw_call, draw_source, tasks_source
from backend.experiment.styles import STYLES
from backend.scripts.source import source_of, source_of_file
from two_heads.weightings.trunk import gramian_of, trunk

_IMPORTS = """from functools import cache

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops"""
#: The file with what several scripts contain, which the server must not import.
TRAINER = "worker/lab_trainer.py"


def keras_script(title: str, *parts: str) -> str:
    """A script that trains networks: `Trainer` and these parts."""
    trainer = source_of_file(TRAINER, "initial_weights", "Trainer")
    return "\n\n\n".join(part.strip() for part in (f'"""{title}"""', _IMPORTS, trainer, *parts)) + "\n"


def gradients_source(trunk_too: bool = True) -> str:
    """The functions that measure the gradients of several heads; without those of the trunk if the script has them."""
    measuring = source_of_file(TRAINER, "gradients_function", "gramian_and_counts")
    return f"{source_of([trunk, gramian_of])}\n\n{measuring}" if trunk_too else measuring


def data_source(
    experiment: Experiment,
    arguments: str,
    first: str = "",
    relatedness: str = "",
    factors: Mapping[int, str] | None = None,
) -> str:
    """NumPy source of `data(arguments)`: the training sequences, and a list of each head's targets.

    One of the arguments is `number`, which is added to the seed of generated sequences. `first` is a line before all
    others. `relatedness` and the `factors` of the heads' scales, by position, are expressions of the arguments.
    """
    architecture, sequences = experiment.architecture, experiment.sequences
    size, _ = experiment.parts
    body = f"""{first}tasks = {tasks_source(architecture, sequences, factors)}
x, _, y = {draw_call(architecture, sequences, experiment.parts, "number", relatedness)}
return x[:{size}], [targets[:{size}] for targets in y]
"""
    return (
        f"{draw_source(architecture)}\n\ndef data({arguments}):\n"
        f'    """The training sequences, and a list of each head\'s targets."""\n{textwrap.indent(body, "    ")}'
    )


def network_source(network: Experiment | str) -> str:
    """Keras source of `network(seed)`: that of an experiment, or of a `model`."""
    source = network if isinstance(network, str) else STYLES["functional"].write(network.architecture)
    body = source.replace("import keras\nfrom keras import layers\n", "").strip()
    return (
        "def network(seed):\n"
        '    """A new network with the initial weights of this seed."""\n'
        f"    keras.utils.set_random_seed(seed)\n{textwrap.indent(body, '    ')}\n    return model"
    )
