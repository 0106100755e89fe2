"""What the page says of the morph: true with and without a box that can come apart."""

import pytest
from hypothesis import given

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES, why_not_fused
from components.diagram.morph import morph_of
from components.diagram.plan import plan_of
from tests.builders.strategies import experiments

DEFAULT = Architecture()


def of(left, right, architecture=DEFAULT):
    return morph_of(plan_of(architecture), STYLES[left], STYLES[right])


@pytest.mark.parametrize(
    ("left", "right", "side"),
    [("sequential", "functional", 0), ("functional", "sequential", 1), ("subclassing", "functional_fused", 1)],
)
def test_the_box_of_the_fused_style_comes_apart(left, right, side):
    found = of(left, right)
    assert found.side == side
    title = STYLES[(left, right)[side]].title
    assert found.before == f"Pull {title}'s box apart and watch the 16 lines: no line moves."
    assert found.after == "The 16 lines did not move: only the boxes changed."
    assert (found.layers, found.kernel) == ("drawn as two Dense(1)", "2 × kernel (8, 1)")


@given(experiments())
def test_there_is_a_morph_exactly_where_one_side_alone_is_fused(experiment):
    left, right = experiment.styles()
    found = morph_of(plan_of(experiment.architecture), left, right)
    several = len(experiment.architecture.heads) > 1 and why_not_fused(experiment.architecture) is None
    apart = (left.outputs == "fused") != (right.outputs == "fused")
    assert (found.side is not None) == (several and apart)
    if found.side is not None:
        assert (left, right)[found.side].outputs == "fused"
