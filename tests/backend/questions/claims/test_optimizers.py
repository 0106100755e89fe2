"""Claim 6: which optimizers cancel the factor, and which trainings show nothing about it."""

import math

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.training import Training
from backend.jobs.runtime import Cancelled, Context, flag
from backend.questions.claims.job import ClaimJob
from backend.questions.claims.optimizer_readings import CANCELS, MATCH, Clipped, Reading, Trainings, judge_readings
from backend.questions.claims.optimizers import CLAIM
from backend.questions.claims.recipes import CONSTANT
from backend.words import short
from backend.worker.claims.optimizers import SEEDS, measure
from tests.backend.questions.claims.cases import (
    DEFAULT,
    experiment,
    measured,
)
from tests.builders import fresh_python

ADAPTIVE = ("adam", "adamw")


def reading(summed, mean=1e-15, moved=2.0, variation=1.0, finite=True):
    """A training of two heads, of which the second differs less."""
    return Reading(
        finite=finite,
        moved=[moved, 2 * moved],
        variation=[variation, 2 * variation],
        summed=[summed * moved, summed * moved],
        averaged=[mean * moved, mean * moved],
    )


def seeds(*summed, **changed):
    return [reading(each, **changed) for each in summed]


GOOD = seeds(0.4, 0.5, 0.6)
DIED = seeds(1e-4, 1e-4, 1e-4, variation=0.0)
CHAOS = seeds(0.4, 0.5, 0.6, mean=0.4)
NOT_A_NUMBER = seeds(math.nan, math.nan, math.nan, mean=math.nan, moved=math.nan, finite=False)
STILL = seeds(0.0, 0.0, 0.0, moved=0.0)
UNUSABLE = {"dead": DIED, "chaos": CHAOS, "NaN": NOT_A_NUMBER, "still": STILL}


def evidence(clipped=None, **changed):
    rows = {name: seeds(*([1e-3] * 3 if name in ADAPTIVE else [0.4, 0.5, 0.6])) for name in OPTIMIZERS}
    return Trainings(
        steps=100,
        sequences=256,
        seeds=[0, 1, 2],
        optimizers={**rows, **changed},
        clipnorm=Clipped(limit=0.1, readings=clipped or seeds(0.5, 0.5, 0.5, mean=0.1)),
    )


def column(found, name):
    return {line["optimizer"]: line[name] for line in found.table}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_readings_of_the_visitors_optimizer_give_the_verdict(optimizer):
    where = DEFAULT.model_copy(update={"training": Training(optimizer=optimizer)})
    found = CLAIM.judge(where, evidence(**{optimizer: GOOD}))
    assert (found.kind, found.answer) == ("true", "by more than 3%: they train differently")
    assert CLAIM.judge(where, evidence(**{optimizer: seeds(1e-9, 1e-9, 0.0)})).kind == "false"


def test_seeds_that_disagree_are_reported_with_their_range():
    found = CLAIM.judge(DEFAULT, evidence(rmsprop=seeds(0.009, 0.064, 0.02)))
    assert column(found, "cancels the factor")["RMSprop"] == "? depends on the seed"
    found = CLAIM.judge(DEFAULT, evidence(adam=seeds(0.009, 0.064, 0.02)))
    assert (found.kind, found.answer) == ("undecided", "that depends on the seed")


@pytest.mark.parametrize("readings", UNUSABLE.values(), ids=UNUSABLE)
def test_trainings_that_show_nothing_are_reported_and_left_out(readings):
    found = CLAIM.judge(DEFAULT, evidence(rmsprop=readings))
    assert found.kind == "false"
    assert "RMSprop" in found.why.partition("Undecided")[2]
    assert column(found, "cancels the factor")["RMSprop"] == "? undecided"
    assert "RMSprop" not in [row.label for row in found.picture.rows]

    mine = CLAIM.judge(DEFAULT, evidence(adam=readings))
    assert (mine.kind, mine.answer) == ("undecided", None)

    every = CLAIM.judge(DEFAULT, evidence(**dict.fromkeys(OPTIMIZERS, readings), clipped=readings))
    assert (every.kind, every.picture) == ("undecided", None)
    assert set(column(every, "cancels the factor").values()) == {"? undecided"}


def test_a_seed_does_not_count_if_one_head_died_or_only_the_sum_overflowed():
    died, overflowed = reading(0.5), reading(math.nan, finite=False)
    died = died.model_copy(update={"variation": [1.0, CONSTANT / 2]})
    assert judge_readings([died, died, reading(0.5)]).answer == "undecided"
    assert judge_readings([overflowed, overflowed, reading(0.5)]).answer == "undecided"


def test_the_head_that_differs_most_for_its_own_size_decides():
    # The large scale of one head must not hide a difference in the other.
    heads = reading(0.0).model_copy(update={"moved": [1000.0, 1.0], "summed": [0.1, 0.5], "averaged": [0.0, 0.0]})
    assert judge_readings([heads] * 3).differences == (0.5, 0.5, 0.5)
    chaos = heads.model_copy(update={"averaged": [0.0, 0.1]})
    assert judge_readings([chaos] * 3).answer == "undecided"


sizes = st.floats(0, 1e6) | st.just(math.nan) | st.just(math.inf)


@st.composite
def readings(draw):
    """Any training of one to three heads, finite or not."""
    heads = draw(st.integers(1, 3))
    numbers = st.lists(sizes, min_size=heads, max_size=heads)
    lists = {key: draw(numbers) for key in ("moved", "variation", "summed", "averaged")}
    return Reading(finite=draw(st.booleans()), **lists)


@given(st.lists(readings(), min_size=SEEDS, max_size=SEEDS))
def test_no_answer_without_two_seeds_whose_control_agrees(trainings):
    found = judge_readings(trainings)
    good = [
        one
        for one in trainings
        if one.finite
        and all(0 < moved < math.inf for moved in one.moved)
        and all(left > CONSTANT for left in one.variation)
        and all(mean / moved <= MATCH for mean, moved in zip(one.averaged, one.moved, strict=True))
    ]
    assert found.seeds == SEEDS
    assert len(found.differences) == len(good)
    assert (found.answer == "undecided") == (len(good) < 2)
    assert all(share <= MATCH for share in found.control)
    if found.answer in ("yes", "no"):
        assert {share <= CANCELS for share in found.differences} == {found.answer == "yes"}


@pytest.mark.slow
def test_the_thread_s_network_at_its_own_rate():
    found = measured(CLAIM, DEFAULT)
    adam = judge_readings(found.optimizers["adam"])
    assert min(adam.differences) > 1e-5, "Adam almost cancels the factor; its epsilon does not let it vanish"
    assert max(adam.differences) < 1e-2
    shown = CLAIM.judge(DEFAULT, found)
    assert shown.kind == "false"
    assert set(column(shown, "seeds that count").values()) == {f"{SEEDS} of {SEEDS}"}
    assert column(shown, "cancels the factor")["SGD"] == "✗ no"
    assert column(shown, "agrees with averaged losses")["SGD, clipnorm " + short(found.clipnorm.limit, 1)] == "✗ no"


@pytest.mark.slow
def test_it_stops_when_cancelled_and_restores_float32():
    context = Context("claim 6, cancelled")
    flag(context.job_id)
    with pytest.raises(Cancelled):
        measure(ClaimJob.of(CLAIM, DEFAULT), context)
    assert keras.config.floatx() == "float32"


#: What takes most of the time of the code: tracing each training, and its epochs.
FASTER = {"loss_weights=weights)": "loss_weights=weights, run_eagerly=True)", "epochs=12": "epochs=2"}


@pytest.mark.slow
@pytest.mark.parametrize("changes", [pytest.param({}, id="as it is", marks=pytest.mark.soak), FASTER])
def test_its_code_prints_the_quantity_that_the_claim_measures(changes):
    code = CLAIM.code(experiment(timesteps=2, lstm=(3,), dense=()))
    for shown, faster in changes.items():
        assert code.count(shown) == 1
        code = code.replace(shown, faster)
    lines = [line.split() for line in fresh_python.printed(code).splitlines()]
    difference = {(how, name): float(share.rstrip(",")) for how, name, _, share, *_ in lines}
    assert difference["summed", "SGD"] > 1e-2 > difference["summed", "Adam"]
    assert max(difference["averaged", "SGD"], difference["averaged", "Adam"]) < 1e-9
    assert all(float(line[-1]) > 1e-3 for line in lines), "no output is constant"
