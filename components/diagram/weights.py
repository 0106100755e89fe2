"""The weights of a run's snapshots as the browser gets them: a text for each side and snapshot.

The weights into the heads, which are numbers in cells, have single precision, as in Keras. Those of the trunk are only
lines, and have half precision.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from pydantic import BaseModel

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import Style
from backend.network.neurons import Edges
from backend.training.result import Snapshot
from backend.words import short
from components.diagram.plan import Plan, plan_of

#: A matrix (source neurons, target neurons) per block of edges, by `Edges.key`, as in a run's `Snapshot`.
Weights = Mapping[str, np.ndarray]


class Frames(BaseModel):
    """The drawn weights after each of `epochs`, for both sides; widths and colours are relative to `scale`.

    A frame is the base64 of the weights, block after block and row after row, little-endian: first `halves` float16,
    those of the trunk, then float32. An LSTM edge has the root mean square of its four gate weights.
    """

    epochs: list[int]
    scale: float
    halves: int
    left: list[str]
    right: list[str]
    legend: list[str]


def frames(
    architecture: Architecture, styles: tuple[Style, Style], snapshots: Sequence[Snapshot], *, newest: bool = False
) -> Frames:
    """All snapshots of a run, or only its `newest`, on the scale of all of them.

    So widths and colours keep their meaning from epoch to epoch.
    """
    plan = plan_of(architecture)
    blocks = plan.blocks(styles[0])
    into_heads = [block for block in blocks if block.head]
    scale = scale_of(into_heads, *(side for snapshot in snapshots for side in (snapshot.left, snapshot.right)))
    drawn = snapshots[-1:] if newest else snapshots
    return Frames(
        epochs=[snapshot.epoch for snapshot in drawn],
        scale=scale,
        halves=sum(rows * columns for rows, columns in (plan.size(block) for block in blocks if not block.head)),
        left=[frame(plan, blocks, snapshot.left) for snapshot in drawn],
        right=[frame(plan, blocks, snapshot.right) for snapshot in drawn],
        legend=[
            "Orange: negative weight, blue: positive, grey: root mean square of an LSTM edge's four.",
            f"The wider an edge, the larger its weight. Above {short(scale)}, all are equally wide.",
        ],
    )


def frame(plan: Plan, blocks: Sequence[Edges], weights: Weights) -> str:
    """The drawn weights of one side; the trunk's blocks come before those of the heads."""
    parts = []
    for block in blocks:
        values = matrix(weights, block, plan.size(block)) / (2 if block.kind == "LSTM" else 1)
        with np.errstate(over="ignore"):  # too large for the type: becomes infinite
            parts.append(values.astype("<f4" if block.head else "<f2").tobytes())
    return base64.b64encode(b"".join(parts)).decode()


def matrix(weights: Weights, block: Edges, size: tuple[int, int]) -> np.ndarray:
    """The drawn part (`size`) of a block's weights; NaN if they are missing or do not fit."""
    values: np.ndarray = np.asarray(weights.get(block.key, ()), dtype=float)
    if values.ndim != 2 or values.shape[0] < size[0] or values.shape[1] < size[1]:
        return np.full(size, np.nan)
    return values[: size[0], : size[1]]


def scale_of(blocks: Iterable[Edges], *sides: Weights) -> float:
    """The smallest power of two that no weight of `blocks` exceeds on any side; 1 if all are zero."""
    matrices = [np.asarray(side[block.key]) for block in blocks for side in sides if block.key in side]
    sizes = [float(np.abs(np.nan_to_num(values, posinf=0, neginf=0)).max(initial=0)) for values in matrices]
    largest = max(sizes, default=0.0)
    return 2.0 ** math.ceil(math.log2(largest)) if largest > 0 else 1.0
