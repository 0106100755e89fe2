"""Where the boxes and arrows of a layer graph stand: layers in rows, each row below those that feed it.

The steps are those of Sugiyama et al. 1981, "Methods for Visual Understanding of Hierarchical System Structures": rows
by the longest path, order within a row by the mean position of the neighbours, then positions. An arrow that passes
rows has a place without a box in each of them, so it crosses no box.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from graphlib import TopologicalSorter
from itertools import pairwise
from operator import attrgetter
from statistics import fmean

from backend.network.layer_graph import LayerGraph
from components.charts.end_labels import spread

#: Pixels at the scale 1. Every graph has the same boxes, so that graphs can be compared.
WIDTH, HEIGHT = 186, 50
GAP, ROW = 20, 90
MARGIN = 20
_PORT = 26  # between arrows that arrive at one box
_SWEEPS = 8
#: The weight of a place without a box: so small that the place gives way to a box.
_LIGHT = 1e-6


@dataclass(frozen=True)
class Layout:
    """The left upper corner of each box, an SVG path for each tensor, and the size of the whole, in pixels."""

    width: int
    height: int
    boxes: tuple[tuple[int, int], ...]
    arrows: tuple[str, ...]


@dataclass(eq=False)
class _Place:
    """A box, or the point where an arrow passes a row."""

    row: int
    box: int | None = None
    x: float = 0.0  # of its centre
    above: list[_Place] = field(default_factory=list)
    below: list[_Place] = field(default_factory=list)

    @property
    def half(self) -> float:
        return 0.0 if self.box is None else WIDTH / 2

    @property
    def weight(self) -> float:
        return _LIGHT if self.box is None else 1.0


@lru_cache(maxsize=128)
def layout(graph: LayerGraph) -> Layout:
    """The places of `graph`, which has no cycle."""
    rows = _rows(graph)
    places = [_Place(row, box) for box, row in enumerate(rows)]
    chains = [_chain(places[source], places[target]) for source, target in graph.arrows]
    by_row: dict[int, list[_Place]] = defaultdict(list)
    for place in [*places, *(place for chain in chains for place in chain[1:-1])]:
        by_row[place.row].append(place)
    lines = [by_row[row] for row in range(max(rows) + 1)]
    _order(lines)
    _spread(lines)
    left = min(place.x - place.half for line in lines for place in line) - MARGIN
    right = max(place.x + place.half for line in lines for place in line) + MARGIN
    for line in lines:
        for place in line:
            place.x -= left
    return Layout(
        width=round(right - left),
        height=max(rows) * ROW + HEIGHT + 2 * MARGIN,
        boxes=tuple((round(place.x - WIDTH / 2), _top(place)) for place in places),
        arrows=tuple(_paths(graph, chains)),
    )


def _rows(graph: LayerGraph) -> list[int]:
    """The row of each box: below all that feed it. An input stands right above the first layer that reads it."""
    boxes = range(len(graph.boxes))
    reads = {box: [source for source, target in graph.arrows if target == box] for box in boxes}
    rows: dict[int, int] = {}
    for box in TopologicalSorter(reads).static_order():
        rows[box] = 1 + max((rows[source] for source in reads[box]), default=-1)
    for box in boxes:
        if not reads[box]:
            rows[box] = min((rows[target] for source, target in graph.arrows if source == box), default=1) - 1
    return [rows[box] for box in boxes]


def _chain(source: _Place, target: _Place) -> list[_Place]:
    """Both ends of an arrow, and between them a place in each row that it passes."""
    chain = [source, *(_Place(row) for row in range(source.row + 1, target.row)), target]
    for upper, lower in pairwise(chain):
        upper.below.append(lower)
        lower.above.append(upper)
    return chain


def _sweep(lines: list[list[_Place]], times: int) -> Iterator[tuple[list[_Place], Callable[[_Place], list[_Place]]]]:
    """Each row with the neighbours of its places: those above it while going down, then those below it, and so on."""
    for sweep in range(times):
        down = sweep % 2 == 0
        for line in lines if down else reversed(lines):
            yield line, attrgetter("above" if down else "below")


def _order(lines: list[list[_Place]]) -> None:
    """Sort each row by the mean position of its neighbours, so that few arrows cross."""
    for line, neighbours in _sweep(lines, _SWEEPS):
        index = {place: i for other in lines for i, place in enumerate(other)}
        means = {place: fmean(index[each] for each in neighbours(place) or [place]) for place in line}
        line.sort(key=means.__getitem__)


def _spread(lines: list[list[_Place]]) -> None:
    """Put each place as near to the mean of its neighbours as its row allows."""
    for line in lines:
        _settle(line, [0.0] * len(line))
    for line, neighbours in _sweep(lines, 2 * _SWEEPS):
        near = [neighbours(place) or [place] for place in line]
        _settle(line, [fmean((each.x for each in some), [each.weight for each in some]) for some in near])


def _settle(line: Sequence[_Place], wanted: Sequence[float]) -> None:
    """Set the positions in a row as near to `wanted` as possible without overlaps."""
    sizes = [2 * place.half + GAP for place in line]
    for place, x in zip(line, spread(wanted, sizes, weights=[place.weight for place in line]), strict=True):
        place.x = x


def _top(place: _Place) -> int:
    return MARGIN + place.row * ROW


def _paths(graph: LayerGraph, chains: list[list[_Place]]) -> list[str]:
    """An SVG path for each tensor. Tensors arrive at a box side by side, and leave it from one point.

    If a box has several outputs or calls, they leave it side by side, too.
    """
    tensors = [chain for arrow, chain in zip(graph.arrows, chains, strict=True) for _ in range(graph.tensors(arrow))]
    order = range(len(tensors))
    starts = dict.fromkeys(order, 0.0)
    ends: dict[int, float] = {}
    for box in range(len(graph.boxes)):
        ends |= _ports(sorted((i for i in order if tensors[i][-1].box == box), key=lambda i: tensors[i][-2].x))
        if len(graph.boxes[box].outputs) > 1 or graph.calls(box) > 1:
            starts |= _ports(sorted((i for i in order if tensors[i][0].box == box), key=lambda i: tensors[i][1].x))
    return [_path(chain, starts[i], ends[i]) for i, chain in enumerate(tensors)]


def _ports(tensors: list[int]) -> dict[int, float]:
    """The distance of each tensor from the middle of its box."""
    step = min(_PORT, (WIDTH - 40) / max(1, len(tensors)))
    return {tensor: (i - (len(tensors) - 1) / 2) * step for i, tensor in enumerate(tensors)}


def _path(chain: list[_Place], start: float, end: float) -> str:
    first, *passed, last = chain
    x, y = first.x + start, float(_top(first) + HEIGHT)
    path = f"M{x:.0f} {y:.0f}"
    for place, shift in [*((each, 0.0) for each in passed), (last, end)]:
        to, top = place.x + shift, float(_top(place))
        bend = 0.65 * (top - y)
        path += f"C{x:.0f} {y + bend:.0f} {to:.0f} {top - bend:.0f} {to:.0f} {top:.0f}"
        x, y = to, top
        if place is not last:
            y = top + HEIGHT
            path += f"L{x:.0f} {y:.0f}"
    return path
