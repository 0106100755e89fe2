"""Question 5 over made-up evidence: what is tuned on what, the verdict, and the front."""

import math

import numpy as np
import pytest

from backend.questions.lab.beat import (
    OPTIONS,
    BeatEvidence,
    BeatSettings,
    Entry,
    best_rate,
    differences,
    judge,
    reference,
    vertices,
    weightings,
)

SEEDS = 10
#: A convex front of two heads, of which the middle has the least geometric mean.
FRONT = ((1.0, 4.4), (2.0, 2.0), (4.4, 1.0))


def entry(key, tested, tuned=None, weights=(), rate=0.01):
    """An entry with these losses on each test seed, and in tuning the first of them, with one rate and one seed."""
    return Entry(key=key, weights=weights, tuned=tuned or ((tested[0],),), rate=rate, tested=tuple(tested))


def evidence(methods, fixed=FRONT, **chosen):
    """Evidence with losses that are the same on all seeds, for each method by its key; or a list for the seeds."""
    found = BeatSettings(methods=tuple(methods), levels=3, rates=(0.01,), tuning=1, **chosen)
    return BeatEvidence(
        settings=found,
        fixed=tuple(
            entry("fixed", [tuple(losses)] * SEEDS, weights=weights)
            for losses, weights in zip(fixed, weightings(len(fixed)), strict=True)
        ),
        methods=tuple(
            entry(key, losses if isinstance(losses, list) else [losses] * SEEDS) for key, losses in methods.items()
        ),
    )


def shifted(shares):
    """Losses whose Δm against (2, 2) is each of the shares."""
    return [(2 * (1 + share), 2 * (1 + share)) for share in shares]


def test_the_least_score_in_tuning_chooses_rate_and_weights_whatever_the_test_says():
    tuned = [((1.0, 9.0),), ((2.0, 2.0),), ((math.nan, 0.1),), ((0.0, 1.0),)]
    assert best_rate(tuned) == 1, "the geometric mean is 2, against 3; NaN and 0 are never chosen"
    good, bad = ((1.0, 1.0),), ((2.0, 2.0),)
    kept = entry("fixed", [(9.0, 9.0)] * SEEDS, (good,), weights=(0.5, 0.5))
    lucky = entry("fixed", [(0.1, 0.1)] * SEEDS, (bad,), weights=(0.1, 0.9))
    method = entry("uw", [(9.0, 9.0)] * SEEDS)
    found = BeatEvidence(settings=BeatSettings(methods=("uw",)), fixed=(lucky, kept), methods=(method,))
    assert reference(found) is kept
    assert vertices(found) == [kept]
    assert [each.seeds.median for each in differences(found)] == pytest.approx([0])


@pytest.mark.parametrize(
    ("shares", "outcome"),
    [
        ([-0.02] * SEEDS, "better"),
        ([0.02] * SEEDS, "worse"),
        (np.linspace(-0.03, 0.03, SEEDS), "no difference"),
        ([-0.03] * 3 + [0.2] * 7, "not better"),
        ([-0.3] * 7 + [0.03] * 3, "cannot tell"),
        ([-0.03] * 8 + [math.nan] * 2, "not better"),  # diverged: worse on these seeds
        ([math.nan] * SEEDS, "worse"),
    ],
)
def test_the_interval_decides_the_outcome(shares, outcome):
    found = differences(evidence({"uw": shifted(shares)}))
    assert [each.outcome for each in found] == [outcome]


@pytest.mark.parametrize(
    ("shares", "answer"),
    [
        ({"uw": [-0.02] * SEEDS, "rlw": [0.3] * SEEDS}, OPTIONS[0]),
        ({"uw": [0.02] * SEEDS, "rlw": [0.3] * SEEDS}, OPTIONS[2]),
        ({"uw": np.linspace(-0.03, 0.03, SEEDS), "rlw": [0.3] * SEEDS}, OPTIONS[1]),
        ({"uw": [-0.3] * 7 + [0.03] * 3, "rlw": [0.3] * SEEDS}, None),
        ({"uw": [-0.3] * 7 + [0.03] * 3, "rlw": [-0.3] * SEEDS}, OPTIONS[0]),
    ],
)
def test_the_answer_is_yes_only_with_a_whole_interval(shares, answer):
    verdict = judge(evidence({key: shifted(each) for key, each in shares.items()}))
    assert verdict.answer == answer
