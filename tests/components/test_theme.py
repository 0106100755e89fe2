"""Colours differ enough to tell a style, a task and the sign of a weight apart, on white and on dark pages.

Distances are those of the OKLab colour space (Ottosson 2020, bottosson.github.io/posts/oklab), times 100. About 2 is
just noticeable for large areas side by side. Lines and marks of a few pixels that stand apart need a multiple of
that; each bound below says which. Colour blindness is simulated with the matrices of Machado et al. 2009, for its
strongest form.
"""

from __future__ import annotations

import tomllib
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

from backend.experiment.styles import STYLES
from components import theme
from tests.builders.colours import contrast, linear
from two_heads.weightings import AGGREGATORS

_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
SIGHTS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
STYLE = [theme.style_colour(key) for key in STYLES]
METHODS = [theme.method_colour(key) for key in AGGREGATORS]
WEIGHTS = [theme.NEGATIVE, theme.POSITIVE]
CONFIG = tomllib.loads(Path(".streamlit/config.toml").read_text())["theme"]


def distance(one: str, other: str, sight: str = "usual") -> float:
    seen = [np.clip(SIGHTS[sight] @ linear(colour), 0, 1) for colour in (one, other)]
    first, second = (_OKLAB @ np.cbrt(_LMS @ each) for each in seen)
    return 100 * float(np.linalg.norm(first - second))


def nearest(pairs, sight="usual"):
    found = {(one, other): distance(one, other, sight) for one, other in pairs}
    worst = min(found, key=found.__getitem__)
    return found[worst], worst


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_stands_out_from_both_pages(scheme):
    """WCAG 1.4.11 asks for 3 : 1 of what has to be seen to understand a picture."""
    ground = CONFIG[scheme]["backgroundColor"]
    for colour in (*STYLE, *theme.TASK_HUES, *WEIGHTS, *METHODS, *theme.RUN_COLOURS, theme.TOPOLOGY, theme.NEUTRAL):
        assert contrast(colour, ground) >= 3, (colour, ground)


def test_styles_are_far_apart_from_each_other_also_for_the_colour_blind():
    """Two lines that may cross, a page apart from their names: nine times what is just noticeable, four times for the
    colour-blind, who have the patterns as well."""
    assert nearest(combinations(STYLE, 2))[0] >= 18
    for sight in ("protanopia", "deuteranopia"):
        assert nearest(combinations(STYLE, 2), sight)[0] >= 9, sight
    assert len({theme.pattern(key) for key in STYLES}) == len(STYLES)


def test_a_style_is_never_taken_for_a_task_or_a_weight():
    """A style's line and a task's chip share a chart: at least five times what is just noticeable for the eight tasks
    that pages show most, four times for the others, and six times for weights."""
    assert nearest(product(STYLE, theme.TASK_HUES[:8]))[0] >= 11
    assert nearest(product(STYLE, theme.TASK_HUES))[0] >= 8
    assert nearest(product(STYLE, WEIGHTS))[0] >= 12
    assert nearest(product(STYLE, [theme.NEUTRAL]))[0] >= 9


def test_sixteen_tasks_have_sixteen_hues():
    """Names stand beside them: five times what is just noticeable for eight tasks, nearly four times for sixteen."""
    hues = [theme.task_hue(position) for position in range(16)]
    assert nearest(combinations(hues[:8], 2))[0] >= 10
    assert nearest(combinations(hues, 2))[0] >= 7
    assert nearest(product(hues[:8], WEIGHTS))[0] >= 10
    assert nearest(product(hues, WEIGHTS))[0] >= 7
    assert nearest(product(hues, [theme.NEUTRAL]))[0] >= 6
    assert theme.task_hue(16) == theme.task_hue(0)


def test_text_on_a_colour_is_legible():
    for colour in (*STYLE, *theme.TASK_HUES, *WEIGHTS, theme.NEUTRAL, "#757575", "#777777", "#000000", "#ffffff"):
        assert contrast(colour, theme.text_on(colour)) >= 4.5, colour
