"""Points and paths in a plane, such as the losses of two heads, as a picture of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Points:
    """Points marked by `symbol`, a character, or joined by a line if there is none. With a `name`, the legend has it.

    `texts` stand beside them.
    """

    at: Sequence[tuple[float, ...]]
    colour: str = ""
    symbol: str = ""
    name: str = ""
    texts: Sequence[str] = ()
    width: float = 2


@dataclass(frozen=True)
class Plane:
    """A picture of points. Its axes have these `names`, and are logarithmic with `log`.

    `window` are the limits of both axes. A point beyond them stands at the edge. `ground` is a surface over the window,
    each value a share of 1, in rows from below: the lower, the darker.
    """

    title: str
    points: Sequence[Points]
    names: tuple[str, str] = ("", "")
    log: bool = False
    window: tuple[tuple[float, float], tuple[float, float]] | None = None
    ground: Sequence[Sequence[float]] = ()
