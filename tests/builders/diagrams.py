"""Architectures and snapshots for the tests of the connectivity diagram."""

import numpy as np

from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.network.neurons import edges, groups, visible
from backend.training.result import Snapshot

HOSTILE = "<b>of all</b> </script>\n&lt; $x$ ☃ \u202e[a](b) :smile:"


def deep(label=""):
    """Heads with and without hidden layers, of several units, one of them multiclass."""
    return Architecture(
        timesteps=20,
        features=4,
        lstm=(24, 3),
        dense=(DenseLayer(units=16),),
        heads=(
            Head(name="level", units=2, hidden=(8,), label=label),
            Head(name="trend", hidden=(16, 4)),
            Head.for_task("waveform"),
            Head.for_task("spike"),
        ),
    )


def crowded():
    """The largest layers and as many heads as there may be."""
    heads = tuple(Head(name=f"h{i}", units=1 + i % 3) for i in range(64))
    return Architecture(features=16, lstm=(256, 256), dense=(DenseLayer(units=256),), heads=heads)


def widest(hidden=()):
    """Most columns of most neurons, 16 heads, every second with `hidden` layers."""
    heads = tuple(Head(name=f"head_{i}", hidden=() if i % 2 else hidden) for i in range(16))
    dense = (DenseLayer(units=256),) * 3
    return Architecture(timesteps=64, features=16, lstm=(256, 256, 256), dense=dense, heads=heads)


def snapshot(experiment, epoch=3, seed=0):
    """Random weights of the neurons that the worker sends, for both styles."""
    units = {group.name: visible(group.units) for group in groups(experiment.architecture)}
    sides = []
    for style in experiment.styles():
        rng = np.random.default_rng(seed)
        blocks = {}
        for block in edges(experiment.architecture, style):
            drawn = rng.normal(size=(units[block.source], units[block.target]))
            blocks[block.key] = np.abs(drawn) if block.kind == "LSTM" else drawn
        sides.append(blocks)
    return Snapshot(epoch=epoch, left=sides[0], right=sides[1])
