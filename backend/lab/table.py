"""The steps of a method for all situations of two heads, as a table that the browser interpolates while arrows move.

Only Python knows the methods. A table of every situation that a visitor can set, exact enough for numbers, would be
larger than everything else on the page. So while something moves, the browser draws the arrows from this coarse table.
They are a few pixels off, and no number comes from it. When the movement stops, Python computes steps, numbers
and sentences exactly.

The table is a file, because it takes seconds to compute. Its test compares it with the methods. To write it again:

    python -m backend.lab.table
"""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path

import numpy as np

from backend.lab.compass import steps
from backend.lab.situation import LARGEST_RATIO, Situation
from two_heads.weightings import AGGREGATORS

#: Degrees. They are closer near parallel and opposite gradients, where methods turn quickly.
ANGLES = (0, 1, 5, *range(10, 171, 10), 175, 178, 179, 180)
#: Decimal logarithms of the ratio of B's length to A's.
RATIOS = tuple(round(-2 + 0.1 * i, 1) for i in range(41))
_FILE = Path(__file__).with_name("table.json")


def table(key: str, *, same_length: bool) -> str:
    """The steps of the method `key` in base64: half precision, shape (angles, ratios, 2).

    A step is written in the frame of the two gradients' bisector (along it, and across it to the left) and in units
    of the longer gradient. In this frame it changes slowly, so that interpolation is close.
    """
    return _tables()[_name(key, same_length)]


def compute_table(key: str, *, same_length: bool) -> str:
    """Compute the table of a method."""
    values = [framed_step(angle, 10**ratio, key, same_length=same_length) for angle in ANGLES for ratio in RATIOS]
    return base64.b64encode(np.array(values, "<f2").tobytes()).decode()


def framed_step(angle: float, ratio: float, key: str, *, same_length: bool) -> tuple[float, float]:
    """One step in the frame and unit of the table."""
    ratio = min(max(ratio, 1 / LARGEST_RATIO), LARGEST_RATIO)
    (step,) = steps(Situation(angle=angle, ratio=ratio), [key], same_length=same_length)
    turned = np.radians(angle / 2)
    x, y = (each / max(1.0, ratio) for each in step.direction)
    return float(np.cos(turned) * x + np.sin(turned) * y), float(np.cos(turned) * y - np.sin(turned) * x)


@cache
def _tables() -> dict[str, str]:
    tables: dict[str, str] = json.loads(_FILE.read_text(encoding="utf-8"))
    return tables


def _name(key: str, same_length: bool) -> str:
    return f"{key}, {'same length' if same_length else 'own length'}"


if __name__ == "__main__":
    written = {
        _name(key, same_length): compute_table(key, same_length=same_length)
        for key in AGGREGATORS
        for same_length in (False, True)
    }
    _FILE.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
