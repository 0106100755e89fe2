"""Question 6: equal sizes, the changes and their intervals, and the verdict for every evidence."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.lab.job import LONGEST_QUESTION
from backend.lab.questions import share, url
from backend.lab.questions.beat.words import percent as in_beat
from backend.lab.questions.share.evidence import Evidence, Runs, Settings
from backend.lab.questions.share.verdict import percent
from backend.lab.sharing.models import MODELS, TOLERANCE, sizes
from backend.lab.sharing.problem import pair_of_tasks
from backend.statistics.intervals import interval
from tests.backend.lab.shared import evidence, spoiled

LOSSES = st.one_of(st.floats(0, 10), st.sampled_from([math.nan, math.inf, 0.0, 1e-300, 1e30]))
ALWAYS, RELATED, NO = share.OPTIONS


@pytest.mark.parametrize("units", range(8, 33))
def test_all_networks_have_as_many_parameters_within_five_percent(units):
    found = sizes(units)
    counts = {key: model.parameters(found[key]) for key, model in MODELS.items()}
    assert list(counts) == list(found)
    assert all(abs(count / counts["separate"] - 1) <= TOLERANCE for count in counts.values())


@pytest.mark.parametrize(
    "values",
    [
        {"models": ()}, {"models": ("mmoe", "mmoe")}, {"models": ("hard",)}, {"relatedness": (0.5,)},
        {"relatedness": (0.0, 1.5)}, {"relatedness": (0.0, 0.0)}, {"samples": 16}, {"noise": math.nan}, {"units": 7},
        {"rates": ()}, {"rates": (1.0,)}, {"epochs": 0}, {"seeds": 7},
    ],
)  # fmt: skip
def test_settings_out_of_bounds_are_refused(values):
    with pytest.raises(ValidationError):
        Settings(**values)


def test_the_default_takes_at_most_twenty_seconds_and_the_largest_settings_are_within_the_limit():
    assert share.seconds(Settings()) <= 20
    largest = Settings(
        relatedness=(0.0, 0.25, 0.5, 0.75, 1.0), samples=512, units=32, rates=(0.001, 0.01, 0.1), epochs=40, seeds=48
    )
    assert share.seconds(Settings()) < share.seconds(largest) <= LONGEST_QUESTION


@given(
    st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=2, max_size=4, unique=True).map(tuple),
    st.integers(0, 30).map(lambda tenths: tenths / 10),
)
def test_a_link_has_the_settings(relatedness, noise):
    settings = Settings(relatedness=relatedness, noise=noise, models=("cgc",))
    assert url.read(share.QUESTION, url.write(share.QUESTION, settings)) == settings


@given(st.data())
def test_every_evidence_has_a_verdict_also_where_losses_are_not_finite(data):
    settings = Settings(seeds=8, models=("mmoe",), relatedness=(0.0, 1.0))
    pairs = st.lists(st.tuples(LOSSES, LOSSES), min_size=8, max_size=8).map(tuple)
    runs = [
        Runs(key=key, relatedness=rho, rate=0.01, epochs=1, losses=data.draw(pairs))
        for key in settings.keys
        for rho in settings.levels
    ]
    found = Evidence(settings=settings, runs=tuple(runs))
    verdict = share.judge(found)
    assert verdict.answer in (None, *share.OPTIONS)
    assert len({tuple(row) for row in verdict.table}) == 1
    texts = [verdict.finding, verdict.why, *(text for row in verdict.table for text in row.values())]
    assert not any("nan" in text or "{" in text for text in texts)
    broken = [
        each for each in runs if each.key in ("separate", "hard") and not np.isfinite(np.array(each.losses)).all()
    ]
    if broken:
        assert verdict.answer is None
        assert "NaN or infinite" in verdict.why


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (lambda key, rho: -0.2, ALWAYS),
        (lambda key, rho: -0.3 if rho == 1 else 0.1, RELATED),
        (lambda key, rho: -0.3 * rho + 0.1, RELATED),
        (lambda key, rho: 0.2, NO),
        (lambda key, rho: -0.3 if key != "hard" else 0.2, NO),
        (lambda key, rho: -0.3 if rho == 0 else 0.1, None),
        (lambda key, rho: {0.0: -0.1, 0.5: -0.2, 1.0: -0.3}[rho], ALWAYS),
        (lambda key, rho: {0.0: -0.01, 0.5: -0.02, 1.0: -0.03}[rho], NO),
        (lambda key, rho: {0.0: 0.0, 0.5: -0.01, 1.0: -0.03}[rho], NO),
        (lambda key, rho: {0.0: 0.1, 0.5: 0.3, 1.0: -0.2}[rho], RELATED),
        (lambda key, rho: {0.0: -0.2, 0.5: 0.2, 1.0: -0.2}[rho], None),
    ],
)
def test_the_answer_is_that_of_hard_sharings_intervals(change, answer):
    assert share.judge(evidence(change)).answer == answer


@pytest.mark.parametrize(("level", "answer"), [(0.1, None), (0.5, RELATED)])
def test_a_gain_where_tasks_are_hardly_related_is_not_only_one_of_closely_related_tasks(level, answer):
    settings = Settings(relatedness=(0, level, 1))
    found = share.judge(evidence(lambda key, rho: 0.1 if rho == 0 else -0.2, settings=settings))
    assert found.answer == answer
    assert ("clearly lower at a ρ below 0.5" in found.why) is (answer is None)


@pytest.mark.parametrize("levels", [(0.75, 1.0), (0.0, 0.5)])
def test_relatednesses_that_are_close_to_each_other_answer_nothing(levels):
    verdict = share.judge(evidence(lambda key, rho: -0.2, settings=Settings(seeds=12, relatedness=levels)))
    assert verdict.answer is None
    assert "do not reach far enough" in verdict.why


def test_rates_at_the_end_of_the_grid_are_named():
    def why(*rates):
        return share.judge(evidence(lambda key, rho: -0.2, settings=Settings(seeds=12, rates=rates))).why

    assert "In 15 of the 15 pairs of a network and a ρ, the best rate is the smallest or the largest one." in why(
        0.001, 0.005, 0.01
    )
    assert "There are only two rates" in why(0.001, 0.01)
    assert "There is a single rate" in why(0.01)


def test_where_intervals_are_wide_nobody_can_tell():
    verdict = share.judge(evidence(lambda key, rho: 0.2, spread=4.0))
    assert verdict.answer is None
    assert "cannot tell" in verdict.why


def test_a_gain_that_is_excluded_is_no_even_if_the_intervals_contain_zero():
    verdict = share.judge(evidence(lambda key, rho: 0.01, spread=3.0))
    assert verdict.answer == NO
    assert "excludes a gain of 5\u00a0% or more" in verdict.why


def test_the_change_is_the_mean_of_both_heads_with_an_interval_over_the_seeds():
    found = evidence(lambda key, rho: -0.4, head_b=0.5)
    (change, *_) = found.changes("hard")
    values = [sum(each) / 2 for each in found.differences("hard", 0.0)]
    expected = interval(values)
    assert change.median == np.median(values) == pytest.approx(-0.3, abs=0.02)
    assert (change.low, change.high, change.confidence) == (expected.low, expected.high, expected.confidence)
    assert change.heads == pytest.approx((-0.4, -0.2), abs=0.02)
    verdict = share.judge(found)
    assert "negative is better" in verdict.finding
    row = next(row for row in verdict.table if row["network"] == "hard sharing, ρ = 0")
    assert [row[each] for each in ("Δm, head a", "Δm, head b", "median Δm")] == [
        "−40\u00a0%",
        "−20\u00a0%",
        "−30\u00a0%",
    ]


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_diverged_network_beside_hard_sharing_has_no_interval_and_changes_no_answer(loss):
    verdict = share.judge(spoiled(evidence(lambda key, rho: -0.2), "mmoe", 1.0, loss))
    assert verdict.answer == ALWAYS
    assert "MMoE: better than separate networks at ρ = 0 and 0.5, no verdict at ρ = 1." in verdict.finding
    assert "A loss became NaN or infinite: MMoE at ρ = 1." in verdict.why


def test_the_relatedness_is_that_of_the_clean_targets():
    def correlation(rho):
        _, _, _, y = pair_of_tasks(64, 4000, 10, 2, rho, 1.0, 3)
        return np.corrcoef(y["a"][:, 0], y["b"][:, 0])[0, 1]

    assert correlation(1.0) == pytest.approx(1)
    assert correlation(0.5) == pytest.approx(0.5, abs=0.15)
    assert abs(correlation(0.0)) < 0.15


def test_only_training_targets_have_noise():
    one, other = (pair_of_tasks(2000, 64, 10, 2, 0.5, noise, 3) for noise in (0.0, 1.0))
    assert all((a == b).all() for a, b in ((one[0], other[0]), (one[2], other[2])))
    assert all((one[3][head] == other[3][head]).all() for head in ("a", "b"))
    assert np.std(other[1]["a"] - one[1]["a"]) == pytest.approx(1, abs=0.1)


def test_a_gain_of_unrelated_tasks_is_told_with_what_cross_stitch_takes():
    why = share.judge(evidence(lambda key, rho: -0.3 if key == "cross_stitch" else 0.2)).why
    assert "Better at ρ = 0, too: cross-stitch." in why
    assert "takes 0.25 of the other tower and 0.25 of its own" in why
    assert "Better at ρ = 0" not in share.judge(evidence(lambda key, rho: 0.2)).why


def test_a_part_of_the_evidence_has_the_same_changes():
    whole = evidence(lambda key, rho: -0.2 * rho)
    part = whole.part((), (0.0, 1.0))
    assert part.settings.keys == ("separate", "hard")
    assert [each.key for each in part.runs] == ["separate"] * 2 + ["hard"] * 2
    first, _, last = whole.changes("hard")
    assert part.changes("hard") == [first, last]
    assert whole.part(whole.settings.models, whole.settings.levels) == whole


@given(st.floats(-2, 2))
def test_a_change_is_never_written_as_none_that_is_one(change):
    for written in (percent(change), in_beat(change)):
        if abs(change) >= 1e-6:
            assert written.startswith("−" if change < 0 else "+")
            assert not re.fullmatch(r"[−+]?0(\.0*)?\s%", written)
    assert percent(0.0) == in_beat(0.0) == "0\u00a0%"
