"""Architectures, snapshots and what a diagram's lines are, for the tests of the connectivity diagram."""

import numpy as np

from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.network.neurons import edges, groups, visible
from backend.training.result import Snapshot
from components.diagram.places import positions, wall
from components.diagram.plan import plan

HOSTILE = "<b>of all</b> </script>\n&lt; $x$ ☃ \u202e[a](b) :smile:"


def deep(label=""):
    """Heads with and without hidden layers, of several units, one of them multiclass."""
    return Architecture(
        timesteps=20,
        features=4,
        lstm=(24, 3),
        dense=(DenseLayer(units=16),),
        heads=(
            Head(name="mean", units=2, hidden=(8,), label=label),
            Head(name="trend", hidden=(16, 4)),
            Head.for_task("waveform"),
            Head.for_task("spike"),
        ),
    )


def crowded():
    """The largest layers and as many heads as there may be."""
    heads = tuple(Head(name=f"h{i}", units=1 + i % 3) for i in range(64))
    return Architecture(features=16, lstm=(256, 256), dense=(DenseLayer(units=256),), heads=heads)


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


def lines(figure, names=lambda name: True):
    """The lines of the traces whose name fits, as (x0, y0, x1, y1), rounded, sorted."""
    found = []
    for trace in figure.data:
        if trace.mode == "lines" and names(trace.name):
            points = np.column_stack([trace.x, trace.y]).reshape(-1, 3, 2)
            assert np.isnan(points[:, 2]).all()
            found += [tuple(round(float(v), 6) for v in line[:2].ravel()) for line in points]
    return sorted(found)


def expected_lines(architecture, style, highlighted=lambda block, i, j: True):
    """The lines of the edges for which `highlighted(block, i, j)` holds, and of each neuron's last bit in its box."""
    picture, places = plan(architecture), positions(architecture)
    found = []
    for block in picture.blocks(style):
        (x, ys, _), (end, yt, _), meet = places[block.source], places[block.target], wall(picture, block)
        bits = set()
        for i, y0 in enumerate(ys):
            for j, y1 in enumerate(yt):
                if highlighted(block, i, j):
                    found.append((x, y0, meet, y1))
                    bits.add((meet, y1, end, y1))
        found += bits if meet < end else ()
    return sorted(tuple(round(float(v), 6) for v in line) for line in found)
