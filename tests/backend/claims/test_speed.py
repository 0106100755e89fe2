"""Claim 10: the interval of the ratio decides, with its control. No test here depends on a clock."""

import re
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.claims.base import verdict
from backend.claims.speed import CLAIM, Timing, Timings
from backend.experiment.url import read_query
from backend.statistics.intervals import FEWEST_PAIRS
from backend.worker.claims import speed as stopwatch
from tests.backend.claims.cases import (
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    SIXTEEN,
    experiment,
    measured,
    printed,
)

#: Few timesteps, since each takes time to trace.
SMALL = experiment(timesteps=2, lstm=(3,))

COUNTS = {"first": 0.8, "operations": 700, "weights": 7, "slots": 16, "trackers": 2}
MACHINE = {"cpu": "A processor", "cores": 2, "system": "Linux x86_64", "versions": {"Python": "3.11"}, "load": 0.25}


def evidence(ratios, control=1.0, rounds=16):
    """Functional takes `ratios` times as long as Sequential, in turn, and the control `control` times."""
    fused = [0.002 if i % 3 else 0.004 for i in range(rounds)]  # a busy machine slows all of a round
    separate = [ratios[i % len(ratios)] * seconds for i, seconds in enumerate(fused)]
    return Timings(
        machine=MACHINE,
        measured_at="2026-01-02T03:04:05+00:00",
        styles={
            "sequential": Timing(**COUNTS, seconds=fused),
            "functional": Timing(**COUNTS | {"operations": 937}, seconds=separate),
            "functional_fused": Timing(**COUNTS, seconds=[control * seconds for seconds in fused]),
        },
    )


@pytest.mark.parametrize(
    ("ratios", "kind"),
    [
        ((1.8, 1.9, 2.0, 2.1), "true"),
        ((0.9, 0.98, 1.05, 1.1), "undecided"),
        ((0.5, 0.6, 0.5, 0.6), "false"),
    ],
)
def test_the_interval_decides(ratios, kind):
    found = verdict(CLAIM, DEFAULT, evidence(ratios))
    assert found.kind == kind
    assert "[Speed](speed?k=1%2C2%2C8%2C32)" in found.why
    assert "Functional's train step has 937 operations" in found.why
    assert "Sequential's has 700" in found.why
    assert "16 rounds)" in found.finding
    answers = {
        "true": "longer",
        "undecided": "no difference that can be measured here",
        "false": "shorter",
    }
    assert found.answer == answers[kind]
    functional, control = found.picture.rows
    assert functional.values == pytest.approx([ratios[i % len(ratios)] for i in range(16)])
    assert functional.low <= functional.high
    assert set(control.values) == {1.0}


def test_a_verdict_says_when_and_on_which_machine_it_was_measured():
    why = verdict(CLAIM, DEFAULT, evidence([1.0])).why
    assert "Measured 2026-01-02 at 03:04 UTC on A processor, 2 cores, Linux x86_64, at a load of 0.2." in why


def test_a_difference_that_the_control_also_shows_is_undecided():
    assert verdict(CLAIM, DEFAULT, evidence([1.1])).kind == "true"
    found = verdict(CLAIM, DEFAULT, evidence([1.1], control=1.1))
    assert found.kind == "undecided"
    assert "Its step takes 1.1 times as long as Sequential's" in found.why


@given(st.lists(st.floats(0.2, 5), min_size=1, max_size=16), st.floats(0.2, 5), st.integers(1, 31))
def test_a_verdict_holds_against_either_of_two_equal_models(ratios, control, rounds):
    made = evidence(ratios, control, rounds)
    kind = verdict(CLAIM, DEFAULT, made).kind
    if kind != "undecided":
        assert rounds >= FEWEST_PAIRS
        above = [sorted(r)[rounds // 2] > 1 for r in (_ratios(made, "sequential"), _ratios(made, "functional_fused"))]
        assert above == [kind == "true"] * 2


def _ratios(made, style):
    seconds = (made.styles[key].seconds for key in ("functional", style))
    return [there / here for there, here in zip(*seconds, strict=True)]


def test_too_few_rounds_are_undecided():
    found = verdict(CLAIM, DEFAULT, evidence([3.0], rounds=FEWEST_PAIRS - 1))
    assert found.kind == "undecided"
    assert "7 rounds are too few for an interval" in found.finding


def test_the_link_to_speed_has_the_visitors_settings_and_heads():
    _, _, link = verdict(CLAIM, SIXTEEN, evidence([1.0])).why.partition("(speed?")
    query = parse_qs(link.partition(")")[0])
    assert query.pop("k") == ["1,2,8,16,32"]
    assert read_query(query) == (SIXTEEN, [])


def test_one_slow_round_does_not_decide():
    assert verdict(CLAIM, DEFAULT, evidence([0.99, 1.0, 1.01, 50.0])).kind == "undecided"


@pytest.mark.parametrize("on", [ONE_HEAD, MIXED, HIDDEN])
def test_not_applicable_without_a_fused_model(on):
    assert verdict(CLAIM, on, None).kind == "not applicable"


@pytest.mark.slow
@pytest.mark.parametrize(
    "on", [DEFAULT, *(pytest.param(each, marks=pytest.mark.soak) for each in (SIXTEEN, SEVERAL_UNITS, NO_DENSE))]
)
def test_real_steps_are_timed_in_pairs_and_counted(on):
    found = measured(CLAIM, on)
    fused, separate, control = (found.styles[key] for key in ("sequential", "functional", "functional_fused"))
    assert len(fused.seconds) == len(separate.seconds) == len(control.seconds) >= FEWEST_PAIRS
    assert control.operations == fused.operations, "the control is the same graph"
    assert separate.operations > fused.operations
    assert separate.weights - fused.weights == 2 * (len(on.architecture.heads) - 1)
    assert verdict(CLAIM, on, found).kind in ("true", "undecided", "false")


@pytest.mark.soak
def test_a_batch_larger_than_the_data_holds_all_sequences(monkeypatch):
    monkeypatch.setattr(stopwatch, "SECONDS", 0.0)  # the fewest rounds
    few = SMALL.model_copy(
        update={
            "sequences": SMALL.sequences.model_copy(update={"samples": 40}),
            "training": SMALL.training.model_copy(update={"batch": 512}),
        }
    )
    assert len(measured(CLAIM, few).styles["sequential"].seconds) >= FEWEST_PAIRS


@pytest.mark.slow
def test_the_code_prints_intervals_and_counts():
    ratio, counts = printed(CLAIM, SMALL).splitlines()
    median, low, high = map(float, re.fullmatch(r"b over a (\S+), interval (\S+) to (\S+)", ratio).groups())
    assert 0 < low <= median <= high
    assert counts == "7 9"
