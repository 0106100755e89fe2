"""The visitor's network and sequences as functions of a script."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from backend.experiment import Experiment
from backend.experiment.dataset import draw_call, draw_source, tasks_source


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


def network_source(source: str) -> str:
    """Keras source of `network(seed)`, from that of a `model`."""
    body = source.replace("import keras\nfrom keras import layers\n", "").strip()
    return (
        "def network(seed):\n"
        '    """A new network with the initial weights of this seed."""\n'
        f"    keras.utils.set_random_seed(seed)\n{textwrap.indent(body, '    ')}\n    return model"
    )
