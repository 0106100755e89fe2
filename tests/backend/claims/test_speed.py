"""Claim 10: the ratio decides, pair by pair. No test here depends on a clock."""

from urllib.parse import parse_qs

import pytest

from backend.claims.base import verdict
from backend.claims.speed import CLAIM
from backend.link import read_query
from tests.backend.claims.cases import (
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    SIXTEEN,
    measured,
    printed,
)

FIGURES = {"first": 0.8, "operations": 700, "weights": 7, "slots": 16, "trackers": 2}


def evidence(*ratios):
    fused = [0.002, 0.004, 0.002, 0.003][: len(ratios)]  # a busy machine slows both of a pair
    separate = [ratio * seconds for ratio, seconds in zip(ratios, fused, strict=True)]
    return {
        "sequential": {**FIGURES, "seconds": fused},
        "functional": {**FIGURES, "operations": 937, "seconds": separate},
    }


@pytest.mark.parametrize(
    ("ratios", "kind"),
    [
        ((1.8, 1.9, 2.0, 2.1), "true"),
        ((0.9, 0.98, 1.05, 1.1), "within noise"),
        ((0.5, 0.6, 0.5, 0.6), "false"),
    ],
)
def test_the_middle_half_of_the_ratios_decides(ratios, kind):
    found = verdict(CLAIM, DEFAULT, evidence(*ratios))
    assert found.kind == kind
    assert "[Speed](speed?k=1%2C2%2C8%2C32)" in found.why
    assert "937 operations against 700" in found.why
    assert ("luck" in found.why) == (kind == "within noise")


def test_the_link_to_speed_has_the_visitors_settings_and_heads():
    _, _, link = verdict(CLAIM, SIXTEEN, evidence(1.0)).why.partition("(speed?")
    query = parse_qs(link.partition(")")[0])
    assert query.pop("k") == ["1,2,8,16,32"]
    assert read_query(query) == (SIXTEEN, [])


def test_one_slow_pair_does_not_decide():
    assert verdict(CLAIM, DEFAULT, evidence(0.99, 1.0, 1.01, 50.0)).kind == "within noise"


@pytest.mark.parametrize("on", [ONE_HEAD, MIXED, HIDDEN])
def test_does_not_apply_without_a_fused_twin(on):
    assert verdict(CLAIM, on, {}).kind == "does not apply"


@pytest.mark.slow
@pytest.mark.parametrize("on", [DEFAULT, SIXTEEN, SEVERAL_UNITS, NO_DENSE])
def test_real_steps_are_timed_in_pairs_and_counted(on):
    found = measured(CLAIM, on)
    fused, separate = found["sequential"], found["functional"]
    assert len(fused["seconds"]) == len(separate["seconds"]) >= 8
    assert separate["operations"] > fused["operations"]
    assert separate["weights"] - fused["weights"] == 2 * (len(on.architecture.heads) - 1)
    assert verdict(CLAIM, on, found).kind in ("true", "within noise", "false")


@pytest.mark.slow
def test_a_batch_larger_than_the_samples_is_one_of_all():
    few = DEFAULT.model_copy(
        update={
            "sequences": DEFAULT.sequences.model_copy(update={"samples": 40}),
            "training": DEFAULT.training.model_copy(update={"batch": 512}),
        }
    )
    assert len(measured(CLAIM, few)["sequential"]["seconds"]) >= 8


@pytest.mark.slow
def test_the_code_prints_quartiles_and_counts():
    ratio, counts = printed(CLAIM, DEFAULT).splitlines()
    low, median, high = (float(word) for word in ratio.split()[-3:])
    assert 0 < low <= median <= high
    assert counts == "7 9"
