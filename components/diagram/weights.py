"""The weights of a run's snapshots as the browser gets them: a text for each side and snapshot.

The weights into the heads, which are numbers in cells, have single precision, as in Keras. Those of the trunk are only
lines, and have half precision.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import BaseModel

from backend.experiment.architecture import Architecture
from backend.training.result import Snapshot
from backend.words import short
from components.diagram.network import neurons
from components.diagram.picture import Group, drawn

#: A matrix (source neurons, target neurons) per pair of groups, `source→target`, as in a run's `Snapshot`.
Weights = Mapping[str, np.ndarray]


class Frames(BaseModel):
    """The drawn weights after each of `epochs`, for both sides; widths and colours are relative to `scale`.

    A frame is the base64 of the weights, group after group and row after row, little-endian: first `halves` float16,
    those of the trunk, then float32. An LSTM edge has the root mean square of its four gate weights.
    """

    epochs: list[int]
    scale: float
    halves: int
    left: list[str]
    right: list[str]
    legend: str


def frames(architecture: Architecture, snapshots: Sequence[Snapshot], *, newest: bool = False) -> Frames:
    """All snapshots of a run, or only its `newest`, on the scale of all of them.

    So widths and colours keep their meaning from epoch to epoch.
    """
    groups = drawn(neurons(architecture))
    blocks = [(groups[group.source], group) for group in groups if group.source is not None]
    keys = [_key(*block) for block in blocks if block[1].head is not None]
    sides = [side for snapshot in snapshots for side in (snapshot.left, snapshot.right)]
    scale = _scale([side[key] for side in sides for key in keys if key in side])
    shown = snapshots[-1:] if newest else snapshots
    return Frames(
        epochs=[snapshot.epoch for snapshot in shown],
        scale=scale,
        halves=sum(source.count * target.count for source, target in blocks if target.head is None),
        left=[_frame(blocks, snapshot.left) for snapshot in shown],
        right=[_frame(blocks, snapshot.right) for snapshot in shown],
        legend="Orange: negative weight, blue: positive, grey: root mean square of an LSTM edge's four. "
        f"The wider an edge, the larger its weight. Above {short(scale)}, all are equally wide.",
    )


def _key(source: Group, target: Group) -> str:
    return f"{source.name}→{target.name}"


def _frame(blocks: Sequence[tuple[Group, Group]], weights: Weights) -> str:
    """The drawn weights of one side; those of the trunk come before those of the heads. NaN if some do not fit."""
    parts = []
    for source, target in blocks:
        values: np.ndarray = np.asarray(weights.get(_key(source, target), ()), dtype=float)
        if values.ndim != 2 or values.shape[0] < source.count or values.shape[1] < target.count:
            values = np.full((source.count, target.count), np.nan)
        values = values[: source.count, : target.count] / (2 if target.kind == "LSTM" else 1)
        with np.errstate(over="ignore"):  # too large for the type: becomes infinite
            parts.append(values.astype("<f2" if target.head is None else "<f4").tobytes())
    return base64.b64encode(b"".join(parts)).decode()


def _scale(matrices: Sequence[np.ndarray]) -> float:
    """The smallest power of two that no weight exceeds; 1 if all are zero."""
    sizes = [float(np.abs(np.nan_to_num(values, posinf=0, neginf=0)).max(initial=0)) for values in matrices]
    largest = max(sizes, default=0.0)
    return 2.0 ** math.ceil(math.log2(largest)) if largest > 0 else 1.0
