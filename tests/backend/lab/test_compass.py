"""The compass: steps against the Gramian by hand and golden values, and sentences that say what the numbers say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.lab import words
from backend.lab.compass import SMALL, steps
from backend.lab.presets import PRESETS, preset_of
from backend.lab.situation import Situation
from two_heads.weightings import AGGREGATORS

angles = st.one_of(st.integers(0, 180).map(float), st.floats(0, 180), st.sampled_from([0.0, 90.0, 180.0]))
ratios = st.one_of(st.floats(-2, 2).map(lambda power: float(10**power)), st.sampled_from([0.01, 1.0, 100.0]))
situations = st.builds(
    Situation, angle=angles, ratio=ratios, third=st.booleans(), angle_ac=angles, angle_bc=angles, ratio_c=ratios
).map(Situation.possible)


def by_key(situation, **options):
    return {step.key: step for step in steps(situation, AGGREGATORS, **options)}


def text(step, heads=("A", "B")):
    return "".join(part.text for part in words.effect(step, heads))


def said(step, heads):
    """For each head, the sign that the sentence gives to the fall of its loss."""
    if "stays where it is" in text(step, heads):
        return (0,) * len(heads)
    parts = text(step, heads).split(": ", 1)[1].split(", ")
    signs = {"falls": 1, "rises": -1, "does not change": 0}
    return tuple(next(sign for word, sign in signs.items() if word in part) for part in parts)


def test_the_steps_of_two_gradients_by_hand():
    """gA = (1, 0), gB = (-1, √3): ⟨gA, gB⟩ = -1, |gB|² = 4."""
    found = by_key(Situation(angle=120, ratio=2))
    root = 3**0.5
    assert found["mean"].direction == pytest.approx((0, root / 2))
    assert found["mean"].falls == pytest.approx((0, 1.5))
    # PCGrad: gA + gB / 4, and gB + gA.
    assert found["pcgrad"].direction == pytest.approx((0.75, root / 4 + root))
    assert found["pcgrad"].falls == pytest.approx((0.75, 3))
    # MGDA: the foot of the perpendicular on the line from gA to gB, with equal products.
    assert found["mgda"].falls == pytest.approx((3 / 7, 3 / 7))
    assert found["mgda"].length == pytest.approx((3 / 7) ** 0.5)
    assert found["upgrad"].falls == pytest.approx((0.375, 1.5), abs=1e-3)
    assert {key: step.passes for key, step in found.items()} == {key: 2 - (key == "mean") for key in AGGREGATORS}


@given(situations)
def test_every_situation_has_the_lengths_and_angles_that_it_names(situation):
    gradients = situation.gradients()
    gramian = gradients @ gradients.T
    lengths = np.sqrt(np.diagonal(gramian))
    assert lengths == pytest.approx([1, situation.ratio, situation.ratio_c][: len(lengths)], rel=1e-5)
    cosines = gramian / np.outer(lengths, lengths)
    assert cosines[0, 1] == pytest.approx(np.cos(np.radians(situation.angle)), abs=1e-9)
    if situation.third:
        assert cosines[0, 2] == pytest.approx(np.cos(np.radians(situation.angle_ac)), abs=1e-6)
        assert cosines[1, 2] == pytest.approx(np.cos(np.radians(situation.angle_bc)), abs=1e-4)
    assert np.linalg.eigvalsh(gramian).min() >= -1e-9 * lengths.max() ** 2


@given(situations, st.booleans())
@example(Situation(angle=180, ratio=1), True)
@example(Situation(angle=180, ratio=1), False)
@example(Situation(angle=180, ratio=2), False)
@example(Situation(angle=0, ratio=100), False)
def test_every_sentence_has_the_signs_of_its_numbers(situation, same_length):
    gradients = situation.gradients()
    for key, step in by_key(situation, same_length=same_length).items():
        weights = AGGREGATORS[key].weights(gradients @ gradients.T)
        falls = gradients @ (gradients.T @ weights)
        if not same_length:
            assert step.falls == pytest.approx(falls.tolist())
        assert said(step, situation.heads) == step.signs()
        for sign, fall, most in zip(step.signs(), step.falls, step.most, strict=True):
            assert sign == 0 or (np.sign(fall) == sign and abs(fall) > SMALL * most)
        assert "NaN" not in text(step, situation.heads)


def test_an_impossible_angle_is_clipped_with_a_sentence():
    wanted = Situation(angle=150, ratio=1, third=True, angle_ac=150, angle_bc=120)
    assert wanted.possible().angle_bc == 60
    assert wanted.possible() == wanted.possible().possible()
    assert words.notes(wanted, [], same_length=False)
    assert not words.notes(wanted.model_copy(update={"third": False}), [], same_length=False)


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_is_known_again_and_shows_what_it_says(key):
    situation = PRESETS[key].situation
    assert preset_of(situation) == key
    assert preset_of(situation.possible()) == key
    found = by_key(situation)
    rises = {name: -1 in step.signs() for name, step in found.items()}
    expected = {
        "conflict": rises["mean"] and not rises["pcgrad"],
        "agree": not any(rises.values()),
        "orthogonal": not any(rises.values()),
        "drowned": rises["mean"],
        "opposite": all(max(step.signs()) <= 0 or -1 in step.signs() for step in found.values()),
        "pcgrad": rises["pcgrad"] and not rises["upgrad"],
    }
    assert expected[key]
