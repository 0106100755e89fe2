"""Experiments of given heads, and the sequences that Train draws of them."""

from __future__ import annotations

import numpy as np

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences, generate
from components.train.sample import SHOWN, chosen
from components.train.sequences import sequences_figure


def experiment(*heads, noise=(), **changes):
    return Experiment(
        architecture=Architecture(**({"timesteps": 16, "features": 5} | changes), heads=heads),
        sequences=Sequences(samples=64, noise=noise),
    )


def shown(wanted):
    dataset = generate(wanted.architecture, wanted.sequences, wanted.parts)
    return sequences_figure(chosen(dataset, np.arange(SHOWN), wanted.architecture), wanted), dataset
