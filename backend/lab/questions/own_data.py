"""The visitor's network and sequences as functions of a script."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from backend.experiment import Experiment
from backend.experiment.dataset import script_source


def data_source(
    experiment: Experiment,
    arguments: str,
    first: str = "",
    relatedness: str = "",
    factors: Mapping[int, str] | None = None,
) -> str:
    """NumPy source of `data(arguments)`: the training sequences, and a list of each head's targets.

    One of the arguments is `number`, which is added to the seed of the sequences. `first` is a line before all others.
    `relatedness` and the `factors` of the heads' scales, by position, are expressions of the arguments.
    """
    architecture, sequences = experiment.architecture, experiment.sequences
    functions, _, _ = script_source(architecture, sequences).partition("\n\nx, factors = ")
    rho, rows = relatedness or repr(sequences.relatedness), []
    for i, head in enumerate(architecture.heads):
        factor = (factors or {}).get(i)
        scale = repr(sequences.scale_of(i)) + (f" * {factor}" if factor else "")
        rows.append(
            f"        noisy_target(\n            {head.spec.target.__name__}(x, factors, {head.units}, "
            f"np.random.default_rng([seed, 2]), {rho}),\n"
            f'            "{head.spec.kind}", noise={sequences.noise_of(i)!r}, scale={scale}, seed=seed, '
            f"position={i},\n        ),\n"
        )
    sizes = f"{sequences.samples}, {architecture.timesteps}, {architecture.features}"
    size, _ = experiment.training.split(sequences.samples)
    return f"""
{functions.removeprefix("import numpy as np").strip()}


def data({arguments}):
    \"\"\"The training sequences, and a list of each head's targets.\"\"\"
    seed = {sequences.seed} + number
{textwrap.indent(first, "    ")}    x, factors = generate_sequences({sizes}, seed)
    y = [
{"".join(rows)}    ]
    return x[:{size}], [targets[:{size}] for targets in y]
"""


def network_source(source: str) -> str:
    """Keras source of `network(seed)`, from that of a `model`."""
    body = source.replace("import keras\nfrom keras import layers\n", "").strip()
    return (
        "def network(seed):\n"
        '    """A new network with the initial weights of this seed."""\n'
        f"    keras.utils.set_random_seed(seed)\n{textwrap.indent(body, '    ')}\n    return model"
    )
