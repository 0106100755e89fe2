"""The gallery of methods: each picture has the step that the compass computes."""

import math
import re

from backend.lab.compass import steps
from backend.lab.situation import Situation
from components.lab.methods import pictures


def ends(path):
    """Where an arrow starts and ends."""
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML]([0-9.-]+) ([0-9.-]+)", path)[:2]]


def test_the_step_has_its_direction_and_its_length_beside_the_gradients():
    situation = Situation(angle=130, ratio=2)
    for picture in pictures(situation):
        a, _, step = re.findall(r'd="([^"]+)"', picture.drawing)
        (found,) = steps(situation, [picture.key])
        (x0, y0), (x, y) = ends(step)
        (ax0, ay0), (ax, ay) = ends(a)
        unit = math.hypot(ax - ax0, ay - ay0)
        assert math.hypot((x - x0) / unit - found.direction[0], (y - y0) / unit + found.direction[1]) < 0.05
