"""One style's kernels that read the last shared layer, placed side by side as one matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import Style
from backend.network.neurons import Edges, edges
from components.diagram.plan import Plan

#: Distance between the kernels of two heads, in cells.
GAP = 0.4
#: The smallest kernel gets room for this many columns, so that its cells are nearly square.
MIN_COLUMNS = 4


@dataclass(frozen=True)
class Side:
    """One style's matrix: the blocks it consists of, and where the columns of each start, in cells from the left."""

    picture: Plan
    style: Style
    axis: str
    blocks: list[Edges]
    starts: list[float]

    @property
    def spans(self) -> list[tuple[float, float]]:
        """Start and end of each block's columns."""
        return [(start, start + self.picture.size(b)[1]) for start, b in zip(self.starts, self.blocks, strict=True)]

    @property
    def columns(self) -> int:
        """Columns drawn."""
        return sum(self.picture.size(block)[1] for block in self.blocks)

    @property
    def all_columns(self) -> int:
        """Columns of all kernels, drawn or folded."""
        shared = self.picture.shared.group
        all_blocks = edges(self.picture.architecture, self.style)
        return sum(b.count for b in all_blocks if b.head and b.source == shared.name) // shared.units


def side_of(picture: Plan, style: Style, axis: str) -> Side:
    """The matrix of one style on the Plotly axis `axis`."""
    blocks = [b for b in picture.blocks(style) if b.head and b.source == picture.shared.group.name]
    gap = 0 if style.outputs == "fused" else GAP
    starts = np.cumsum([0, *(picture.size(block)[1] + gap for block in blocks[:-1])])
    return Side(picture, style, axis, blocks, [float(start) for start in starts])


def shape_words(architecture: Architecture, style: Style) -> str:
    """The shapes of the kernels that read the last shared layer: “kernel (8, 2)”, “2 × kernel (8, 1)”."""
    rows = architecture.trunk_units
    if style.outputs == "fused":
        return f"kernel ({rows}, {architecture.output_units})"
    shapes = [f"({rows}, {head.hidden[0] if head.hidden else head.units})" for head in architecture.heads]
    if len(set(shapes)) == 1:
        return ("" if len(shapes) == 1 else f"{len(shapes)} × ") + f"kernel {shapes[0]}"
    return f"{len(shapes)} kernels: {', '.join(shapes[:4])}" + (", …" if len(shapes) > 4 else "")
