"""How edges are drawn: a small fixed set of pens, one trace each, however many edges there are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backend.network.neurons import Edges
from components import theme

#: A matrix (source neurons, target neurons) per block of edges, by `Edges.key`, as in a run's `Snapshot`.
Weights = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Pen:
    """Colour and width (pixels) of one trace of edges."""

    name: str
    colour: str
    width: float


#: Pens, each with a mask (source neurons, target neurons) of the edges it draws; every edge has exactly one pen.
Inked = list[tuple[Pen, np.ndarray]]


def _pen(name: str, hue: str, alpha: float, width: float) -> Pen:
    return Pen(name, theme.translucent(hue, alpha), width)


def _signed(name: str, strengths: Sequence[tuple[float, float]]) -> dict[int, tuple[Pen, ...]]:
    return {
        sign: tuple(_pen(f"{name} {sign:+d} {i}", hue, *strength) for i, strength in enumerate(strengths))
        for sign, hue in ((-1, theme.NEGATIVE), (1, theme.POSITIVE))
    }


def _by_size(pens: dict[int, tuple[Pen, ...]]) -> list[Pen]:
    return [pen for pair in zip(*pens.values(), strict=True) for pen in pair]


DIM = _pen("dim", theme.NEUTRAL, 0.16, 0.7)
TRUNK = _pen("trunk", theme.NEUTRAL, 0.3, 0.8)
#: The last part of an edge, inside an output's box, where all edges of the neuron are one line.
STUB = _pen("stub", theme.NEUTRAL, 0.85, 1.3)
NORMS = tuple(
    _pen(f"norm {i}", theme.NEUTRAL, *strength) for i, strength in enumerate([(0.2, 0.6), (0.34, 1.1), (0.5, 1.7)])
)
SHARED = _signed("trunk", ((0.16, 0.6), (0.3, 1.0), (0.45, 1.6)))


@dataclass(frozen=True)
class Pens:
    """The pens of one diagram: the trunk's pens are always the same, the heads' pens stand out from them."""

    heads: tuple[Pen, ...]
    signed: dict[int, tuple[Pen, ...]]

    def traces(self, heads: int | None) -> tuple[Pen, ...]:
        """All pens from back to front: of a diagram with weights (`heads` is None), or with that many heads."""
        if heads is None:
            return (DIM, *NORMS, *_by_size(SHARED), STUB, *_by_size(self.signed))
        return (DIM, TRUNK, *self.heads[:heads])

    def plain(self, block: Edges, hue: int, highlighted: np.ndarray) -> Inked:
        """Without weights: a head's edges have the hue of its position; those that are not `highlighted` are dimmed."""
        return [(DIM, ~highlighted), (self.heads[hue % len(self.heads)] if block.head else TRUNK, highlighted)]

    def weighted(self, block: Edges, values: np.ndarray, scale: float, highlighted: np.ndarray) -> Inked:
        """With weights: colour by sign, width by size, binned at a quarter and a half of `scale`."""
        inked: Inked = [(DIM, ~highlighted)]
        if block.kind == "LSTM":
            # Half the norm of four gate weights is their root mean square: the same scale as one weight.
            strength = np.digitize(values / 2, [scale / 4, scale / 2])
            return inked + [(pen, highlighted & (strength == i)) for i, pen in enumerate(NORMS)]
        strength = np.digitize(np.abs(values), [scale / 4, scale / 2])
        for sign, pens in (self.signed if block.head else SHARED).items():
            same = (values < 0) == (sign < 0)
            inked += [(pen, highlighted & same & (strength == i)) for i, pen in enumerate(pens)]
        return inked


def _pens(name: str, alpha: float, width: float, *strengths: tuple[float, float]) -> Pens:
    heads = tuple(_pen(f"{name} {hue}", hue, alpha, width) for hue in theme.TASK_HUES)
    return Pens(heads, _signed(name, strengths))


BOLD = _pens("head", 0.75, 1.3, (0.6, 0.9), (0.9, 2.0), (1, 3.4))
#: For diagrams with so many edges that the last ones drawn would hide the others.
FINE = _pens("head", 0.4, 0.8, (0.35, 0.6), (0.6, 0.9), (0.85, 1.4))
#: For the edges of the highlighted neuron.
LIT = _pens("lit", 1, 2.4, (0.9, 1.2), (1, 2.4), (1, 3.8))
_MANY = 64


def pens(edges: int, followed: bool) -> Pens:
    """The pens of a diagram with that many edges into its heads; `followed` where a focus highlights a few of them."""
    return LIT if followed else FINE if edges > _MANY else BOLD


def matrix(weights: Weights, block: Edges, size: tuple[int, int]) -> np.ndarray:
    """The drawn part (`size`) of a block's weights; zeros where they are missing, do not fit or are not numbers."""
    found: np.ndarray = np.asarray(weights.get(block.key, ()), dtype=float)
    if found.ndim != 2 or found.shape[0] < size[0] or found.shape[1] < size[1]:
        return np.zeros(size)
    drawn: np.ndarray = np.nan_to_num(found[: size[0], : size[1]], posinf=0, neginf=0)
    return drawn


def scale_of(blocks: Iterable[Edges], *sides: Weights) -> float:
    """The smallest power of two that no weight of `blocks` exceeds on any side; 1 where all are zero.

    A power of two, so that widths keep their meaning from one epoch to the next.
    """
    found = [side[block.key] for block in blocks for side in sides if block.key in side]
    sizes = [float(np.abs(np.nan_to_num(values, posinf=0, neginf=0)).max(initial=0)) for values in found]
    largest = max(sizes, default=0.0)
    return 2.0 ** math.ceil(math.log2(largest)) if largest > 0 else 1.0
