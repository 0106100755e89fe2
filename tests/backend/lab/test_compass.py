"""The compass: steps against the Gramian by hand and golden values, and sentences that say what the numbers say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.lab import words
from backend.lab.angles import degrees
from backend.lab.compass import SMALL, groups, same_direction, steps
from backend.lab.presets import PRESETS, preset_of
from backend.lab.situation import Situation, of_gradients
from two_heads.weightings import AGGREGATORS

#: The test values of TorchJD.
GOLDEN = np.array([[-4.0, 1, 1], [6, 1, 1]])
THREE = np.array([[1, 0, 0], [-0.8, 1, 0], [-0.3, -0.9, 0.2]])

angles = st.one_of(st.integers(0, 180).map(float), st.floats(0, 180), st.sampled_from([0.0, 90.0, 180.0]))
ratios = st.one_of(st.floats(-2, 2).map(lambda power: float(10**power)), st.sampled_from([0.01, 1.0, 100.0]))
pairs = st.builds(Situation, angles, ratios)
situations = st.builds(Situation, angles, ratios, st.booleans(), angles, angles, ratios).map(Situation.possible)


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
    found = by_key(Situation(120, 2))
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


def test_the_golden_gradients_of_torchjd():
    situation = of_gradients(GOLDEN)
    unit = np.linalg.norm(GOLDEN[0])
    assert situation.angle == pytest.approx(np.degrees(np.arccos(-22 / np.sqrt(18 * 38))))
    found = by_key(situation)
    for key, direction in {
        "mean": (1, 1, 1), "mgda": (0, 1, 1), "pcgrad": (0.5848, 3.8012, 3.8012), "upgrad": (0.2929, 1.9004, 1.9004),
        "cagrad": (0.1835, 1.2041, 1.2041), "imtl_g": (0.0767, 1, 1),
    }.items():  # fmt: skip
        assert found[key].length * unit == pytest.approx(np.linalg.norm(direction), abs=2e-4), key
        assert np.array(found[key].falls) * unit**2 == pytest.approx(GOLDEN @ direction, abs=2e-3), key


def test_pcgrad_leaves_the_conflict_of_the_preset_and_upgrad_does_not():
    situation = PRESETS["pcgrad"].situation
    found = by_key(situation)
    direct = {key: min(THREE @ THREE.T @ AGGREGATORS[key].weights(THREE @ THREE.T)) for key in AGGREGATORS}
    for key in ("mean", "mgda", "pcgrad", "upgrad", "imtl_g", "aligned_mtl"):
        assert found[key].smallest == pytest.approx(direct[key], abs=1e-4), key
    assert found["pcgrad"].smallest == pytest.approx(-0.315, abs=5e-4)
    assert found["upgrad"].smallest == pytest.approx(0.012, abs=5e-4)
    assert "head A’s loss rises by 0.315" in text(found["pcgrad"], situation.heads)


@given(st.lists(st.lists(st.floats(-3, 3), min_size=3, max_size=3), min_size=2, max_size=3))
def test_a_situation_has_the_gramian_of_its_gradients(rows):
    gradients = np.array(rows)
    lengths = np.linalg.norm(gradients, axis=1)
    if lengths.min() < 0.1:
        return
    again = of_gradients(gradients).gradients()
    scaled = gradients @ gradients.T / lengths[0] ** 2
    assert again @ again.T == pytest.approx(scaled, abs=1e-5 * (lengths.max() / 0.1) ** 2)


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
@example(Situation(180, 1), True)
@example(Situation(180, 1), False)
@example(Situation(180, 2), False)
@example(Situation(0, 100), False)
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


@given(situations)
def test_mgda_never_lets_a_loss_rise_and_the_projections_only_by_their_regularisation(situation):
    """UPGrad and DualProj add 1e-4 of the Gramian's trace to its diagonal; that much of a conflict remains."""
    gradients = situation.gradients()
    found = by_key(situation)
    if -1 in found["mgda"].signs():  # a rounding error, which only three gradients in one plane can have
        assert situation.third
        assert abs(np.linalg.det(gradients)) < 1e-6 * np.prod(np.linalg.norm(gradients, axis=1))
        assert found["mgda"].smallest > -1e-6 * (gradients**2).sum()
    trace = (gradients**2).sum()
    for key in ("mgda", "upgrad", "dualproj"):
        weights = np.abs(AGGREGATORS[key].weights(gradients @ gradients.T)).max()
        assert found[key].smallest >= -1.01e-4 * trace * weights - 1e-9
        notes = words.notes(situation, list(found.values()), same_length=False)
        assert (-1 in found[key].signs()) == any(f"In theory {found[key].title} " in note for note in notes)


@given(pairs)
def test_of_comparable_lengths_no_projection_lets_a_loss_rise(situation):
    """Within a factor of two and up to 145°, the regularisation leaves less than what counts as a change."""
    near = Situation(situation.angle, min(max(situation.ratio, 0.5), 2.0))
    found = by_key(near)
    for key in ("mgda", "upgrad", "dualproj"):
        if near.angle < 145:
            assert -1 not in found[key].signs(), (key, near)


@given(situations)
def test_the_same_step_length_is_that_of_the_mean(situation):
    own, scaled = by_key(situation), by_key(situation, same_length=True)
    for key, step in scaled.items():
        if own["mean"].still or own[key].still:
            assert step == own[key]
        else:
            assert step.length == pytest.approx(own["mean"].length)
            assert same_direction(step, own[key])


@given(pairs)
def test_with_two_heads_of_similar_length_pcgrad_is_twice_upgrad(situation):
    near = Situation(min(situation.angle, 170.0), min(max(situation.ratio, 0.5), 2.0))
    found = by_key(near)
    assert found["pcgrad"].length == pytest.approx(2 * found["upgrad"].length, rel=5e-3)


@given(situations)
def test_methods_that_are_said_to_coincide_have_one_direction(situation):
    found = list(by_key(situation).values())
    grouped = groups(found)
    assert sorted(step.key for group in grouped for step in group) == sorted(s.key for s in found if not s.still)
    for group in grouped:
        for step in group:
            cosine = np.dot(step.direction, group[0].direction) / step.length / group[0].length
            assert cosine > 1 - SMALL**2
    sentences = " ".join(words.coincidences(situation, found))
    for step in found:
        assert not step.still or step.title in sentences


def test_why_methods_coincide_is_said():
    def why(situation, *keys):
        return " ".join(words.coincidences(situation, steps(situation, keys)))

    shown = ("mean", "mgda", "pcgrad", "upgrad")
    assert "PCGrad and UPGrad have the same direction here, and differ in length: PCGrad 2.11 and UPGrad 1.05." in why(
        Situation(), *shown
    )
    assert "PCGrad's step is twice UPGrad's" in why(Situation(), *shown)
    assert "nothing to project" in why(Situation(40, 3), "mean", "pcgrad", "upgrad", "dualproj")
    assert "All gradients have one direction" in why(Situation(0, 3), *shown)
    assert "MGDA, PCGrad and UPGrad stay where they are" in why(Situation(180, 2), *shown)
    assert "on one line" in why(Situation(180, 2), "mean", "cagrad")
    assert "special to these angles" in why(Situation(90, 1), "mean", "mgda")
    three = Situation(100, 1, True, 100, 100, 1)
    assert "two heads" not in why(three, *AGGREGATORS)


@pytest.mark.parametrize(("angle", "ratio"), [(179.5, 100), (179.95, 10), (179.93, 2), (60, 1), (90.01, 1), (90, 2)])
def test_no_reason_names_a_method_with_another_direction_or_a_case_that_is_not_this_one(angle, ratio):
    """Of each method's words only what holds here is quoted."""
    situation = Situation(angle, ratio)
    found = steps(situation, AGGREGATORS)
    for group in groups(found):
        for pair in ([group[0], other] for other in group[1:]):
            (said,) = words.coincidences(situation, pair)
            quoted = said.partition("“")[2].casefold()
            elsewhere = [step.title for step in found if not same_direction(step, group[0])]
            assert not [title for title in elsewhere if title.casefold() in quoted], said
            assert "orthogonal" not in quoted


def test_aligned_mtl_is_said_to_be_the_mean_of_orthogonal_gradients_of_one_length_only_there():
    def why(*situation):
        return " ".join(
            words.coincidences(Situation(*situation), steps(Situation(*situation), ["mean", "aligned_mtl"]))
        )

    assert "Aligned-MTL: “The mean, for gradients that are orthogonal and of one length.”" in why(90, 1)
    assert "“" not in why(179.5, 100)


def test_of_what_nash_mtl_says_only_the_part_that_holds_is_quoted():
    situation = Situation(179.95, 10)
    (said,) = words.coincidences(situation, steps(situation, ["nash", "fairgrad"]))
    assert said.endswith("Nash-MTL: “FairGrad with α = 1 before clipping.”")


@pytest.mark.parametrize(
    ("angle", "ratio", "almost"),
    [(179.5, 100, True), (0.5, 100, True), (179.96, 2, True), (0, 3, False), (180, 3, False)],
)
def test_that_an_eigenvalue_does_not_count_for_aligned_mtl_is_said_wherever_it_does_not(angle, ratio, almost):
    situation = Situation(angle, ratio)
    (note,) = words.notes(situation, steps(situation, ["aligned_mtl"]), same_length=False)
    word = "almost " if almost else ""
    assert f"the gradients lie {word}on one line, so one eigenvalue is {word}0 and does not count." in note


def test_where_nothing_is_left_the_trunk_stays():
    found = by_key(Situation(180, 1))
    assert text(found["mean"]) == "Next step with Mean: the trunk stays where it is."
    assert "Mean" not in text(found["upgrad"])
    notes = words.notes(Situation(180, 1), list(found.values()), same_length=True)
    assert "The mean has no step here, so the steps keep their own lengths." in notes


def test_a_step_that_is_one_of_several_or_takes_the_place_of_another_is_named():
    three = PRESETS["pcgrad"].situation
    notes = words.notes(three, steps(three, ["mean", "pcgrad"]), same_length=False)
    assert any(note.startswith("PCGrad is drawn with the order A, B, C.") for note in notes)
    almost = (179.96, {"IMTL-G", "Aligned-MTL"}), (179.93, {"IMTL-G"})
    for angle, named in ((180, {"IMTL-G", "Aligned-MTL"}), *almost, (179, set()), (120, set())):
        situation = Situation(angle, 2)
        notes = words.notes(situation, steps(situation, ["imtl_g", "aligned_mtl", "pcgrad"]), same_length=False)
        assert {note.partition(":")[0] for note in notes} == named
        assert all((" almost " in note) == (angle < 180) for note in notes if not note.startswith("PCGrad"))


def test_an_impossible_angle_is_clipped_with_a_sentence():
    wanted = Situation(150, 1, True, 150, 120, 1)
    assert wanted.possible().angle_bc == 60
    (note,) = words.notes(wanted, [], same_length=False)
    assert note == ("120° between B and C is impossible: the other two angles leave 0° to 60°. Used 60° in its place.")
    assert wanted.possible() == wanted.possible().possible()
    assert words.notes(Situation(150, 1, False, 150, 120), [], same_length=False) == []


def test_the_answer_names_the_conflict():
    assert words.conflict(Situation(130, 2)) == "The heads conflict: their gradients are 130° apart, more than 90°."
    assert words.conflict(Situation(90, 2)) == "At 90° the heads neither help nor harm each other."
    assert words.conflict(Situation(89, 2)).startswith("The heads agree")
    assert words.conflict(Situation(180, 2)).startswith("At 180° the heads want opposite things")
    assert words.conflict(PRESETS["pcgrad"].situation) == "These pairs conflict: A–B, A–C and B–C."
    assert words.conflict(Situation(90, 1, True, 90, 90, 1)).startswith("No two heads conflict")


@given(st.sampled_from([0.0, 90.0, 180.0]), st.floats(-1e-3, 1e-3) | st.sampled_from([-1e-12, 1e-12]), st.booleans())
@example(90.0, 1e-6, False)
@example(180.0, -0.04, False)
def test_no_angle_is_written_as_a_right_or_straight_one_that_is_not(turn, more, third):
    angle = min(max(turn + more, 0.0), 180.0)
    situation = Situation(angle, 2, third, 90, 90, 1)
    said = words.conflict(situation)
    if third:
        assert (said == "This pair conflicts: A–B.") == (angle > 90)
        return
    if angle == 0 or angle >= 1e-3:  # a smaller one is written as a power of ten
        assert (float(degrees(angle).removesuffix("°")) in (0, 90, 180)) == (angle in (0, 90, 180))
    assert ("conflict" in said and "more than 90°" in said) == (90 < angle < 180)
    assert ("opposite" in said) == (angle == 180)
    assert f"{degrees(angle)}" in said


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=3), st.floats(0, 179))
def test_the_steps_of_nash_and_fairgrad_keep_their_length_until_the_gradients_almost_cancel(lengths, angle):
    """What their traps say. Below 1e-6 the smallest eigenvalue of the cosines counts as 1e-6 (`positive_definite`)."""
    turns = np.radians([angle * i / (len(lengths) - 1) for i in range(len(lengths))])
    rows = np.array(lengths)[:, None] * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    for key, length in (("nash", 1), ("fairgrad", len(lengths) ** 0.5)):
        step = np.linalg.norm(rows.T @ AGGREGATORS[key].weights(rows @ rows.T))
        assert step == pytest.approx(length, rel=0.01)
        assert "until the gradients almost cancel" in AGGREGATORS[key].trap


@pytest.mark.parametrize(("key", "length"), [("nash", 1), ("fairgrad", 2**0.5)])
def test_the_steps_of_nash_and_fairgrad_shrink_if_the_gradients_almost_cancel(key, length):
    (almost,), (opposite,) = (steps(Situation(angle, 3), [key]) for angle in (179.95, 180))
    assert 0 < almost.length < 0.7 * length
    assert opposite.still


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


def test_a_step_that_is_too_short_to_see_is_named():
    situation = Situation(100, 50)
    found = steps(situation, ["mean", "mgda"])
    assert "The arrow of MGDA can hardly be seen" in words.too_short_to_see(situation.gradients().tolist(), found)
    assert words.too_short_to_see(Situation().gradients().tolist(), steps(Situation(), AGGREGATORS)) == ""
