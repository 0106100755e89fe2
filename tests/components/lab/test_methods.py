"""The gallery of methods: every picture has the same gradients and the step that the compass computes."""

import math
import re

import pytest

from backend.lab.compass import steps
from backend.lab.situation import Situation
from components.lab.methods import pictures
from two_heads.weightings import AGGREGATORS


def ends(path):
    """Where an arrow starts and ends."""
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML]([0-9.-]+) ([0-9.-]+)", path)[:2]]


def test_the_step_has_its_direction_and_its_length_beside_the_gradients():
    situation = Situation(130, 2)
    for picture in pictures(situation):
        a, _, step = picture.shapes
        (found,) = steps(situation, [picture.key])
        (x0, y0), (x, y) = ends(step.d)
        (ax0, ay0), (ax, ay) = ends(a.d)
        unit = math.hypot(ax - ax0, ay - ay0)
        assert math.hypot((x - x0) / unit - found.direction[0], (y - y0) / unit + found.direction[1]) < 0.05


def test_the_arrows_have_the_bearings_of_the_compass():
    """There A points right, and B is turned to the left of it, so it points up."""
    for picture in pictures(Situation(130, 2)):
        (ax0, ay0), (ax, ay) = ends(picture.shapes[0].d)
        (bx0, by0), (bx, by) = ends(picture.shapes[1].d)
        assert ax > ax0
        assert ay == ay0
        assert by < by0, "the axis of SVG points down"
        assert math.degrees(math.atan2(by0 - by, bx - bx0)) == pytest.approx(130, abs=1)


def test_a_method_that_stands_still_has_a_ring_and_three_heads_are_drawn_as_two():
    still = {picture.key: picture for picture in pictures(Situation(180, 2))}
    assert "a4 4" in still["pcgrad"].shapes[2].d
    assert [each.title for each in still.values()] == [each.title for each in AGGREGATORS.values()]
    assert pictures(Situation(120, 1, third=True)) == pictures(Situation(120, 1))


def test_nothing_leaves_the_window():
    for angle, ratio in ((0, 1), (100, 50), (179, 0.02), (180, 2)):
        for picture in pictures(Situation(angle, ratio)):
            _, _, width, height = picture.view
            for shape in picture.shapes:
                assert all(0 <= x <= width and 0 <= y <= height for x, y in ends(shape.d))
