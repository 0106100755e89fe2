"""How edges are inked: a small fixed set of pens, one trace each, however many edges there are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from backend.layers import Edges
from components import theme

#: A matrix (source neurons, target neurons) per block of edges, by `Edges.key`, as in `backend.run.Snapshot`.
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


def _signed(name: str, strengths: tuple[tuple[float, float], ...]) -> dict[int, tuple[Pen, ...]]:
    hues = {-1: theme.NEGATIVE, 1: theme.POSITIVE}
    return {
        sign: tuple(_pen(f"{name} {sign:+d} {i}", hue, *strength) for i, strength in enumerate(strengths))
        for sign, hue in hues.items()
    }


def _by_size(pens: dict[int, tuple[Pen, ...]]) -> list[Pen]:
    return [pen for pair in zip(*pens.values(), strict=True) for pen in pair]


DIM = _pen("dim", theme.NEUTRAL, 0.16, 0.7)
TRUNK = _pen("trunk", theme.NEUTRAL, 0.34, 0.8)
HEADS = tuple(_pen(f"head {hue}", hue, 0.75, 1.3) for hue in theme.TASK_HUES)
#: For many edges into the heads, so that the last ones drawn do not hide the others.
FINE = tuple(_pen(f"head {hue}", hue, 0.4, 0.8) for hue in theme.TASK_HUES)
LIT = tuple(_pen(f"lit {hue}", hue, 1, 2.4) for hue in theme.TASK_HUES)
#: The last bit of an edge, inside an output's box, where all of the neuron's edges run as one.
STUB = _pen("stub", theme.NEUTRAL, 0.85, 1.3)
NORMS = tuple(
    _pen(f"norm {i}", theme.NEUTRAL, *strength) for i, strength in enumerate([(0.2, 0.6), (0.34, 1.1), (0.5, 1.7)])
)
SHARED = _signed("trunk", ((0.16, 0.6), (0.3, 1.0), (0.45, 1.6)))
SIGNED = _signed("head", ((0.6, 0.9), (0.9, 2.0), (1, 3.4)))

_MANY = 64
#: The traces of a diagram with weights, from back to front.
WEIGHTED = (DIM, *NORMS, *_by_size(SHARED), STUB, *_by_size(SIGNED))


def plain_pens(heads: int, edges: int) -> tuple[Pen, ...]:
    """The traces of a diagram without weights, from back to front: dimmed, trunk, then each head's hue.

    `edges` is how many are drawn into the `heads`.
    """
    hues = min(heads, len(HEADS))
    return (DIM, TRUNK, *(FINE if edges > _MANY else HEADS)[:hues], *LIT[:hues])


def ink_plain(block: Edges, pens: tuple[Pen, ...], hue: int, lit: np.ndarray | None, size: tuple[int, int]) -> Inked:
    """Pens of a block of `size` without weights, out of `plain_pens`; `hue` is the position of its head.

    A head's edges have its hue, brighter where a focus lights them (`lit`; None where there is no focus).
    """
    dim, trunk, *hues = pens
    usual, bright = hues[: len(hues) // 2], hues[len(hues) // 2 :]
    if lit is not None:
        return [(dim, ~lit), (bright[hue % len(bright)], lit)]
    return [(usual[hue % len(usual)] if block.head else trunk, np.ones(size, dtype=bool))]


def ink_weights(block: Edges, lit: np.ndarray | None, size: tuple[int, int], weights: Weights, scale: float) -> Inked:
    """Pens of a block with weights: colour by sign, width by size, binned at a quarter and a half of `scale`."""
    values = matrix(weights, block, size)
    shown = np.ones(size, dtype=bool) if lit is None else lit
    inked: Inked = [(DIM, ~shown)]
    if block.kind == "LSTM":
        # Half the norm of four gate weights is their root mean square: the same scale as one weight.
        strength = np.digitize(values / 2, [scale / 4, scale / 2])
        return inked + [(pen, shown & (strength == i)) for i, pen in enumerate(NORMS)]
    strength = np.digitize(np.abs(values), [scale / 4, scale / 2])
    for sign, pens in (SIGNED if block.head else SHARED).items():
        same = (values < 0) == (sign < 0)
        inked += [(pen, shown & same & (strength == i)) for i, pen in enumerate(pens)]
    return inked


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
