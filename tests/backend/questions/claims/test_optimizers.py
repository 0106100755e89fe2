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
from backend.questions.claims.optimizers import (
    CANCELS,
    CLAIM,
    CONSTANT,
    MATCH,
    SEEDS,
    Reading,
    Trainings,
    judge_readings,
)
from backend.worker.question import question
from tests.backend.questions.claims.cases import DEFAULT, measured


def reading(difference, control=1e-15, left=1.0):
    return Reading(difference=difference, control=control, left=left)


def seeds(*differences, **changed):
    return tuple(reading(each, **changed) for each in differences)


GOOD = seeds(0.4, 0.5, 0.6)
UNUSABLE = {
    "dead": seeds(1e-4, 1e-4, 1e-4, left=0.0),
    "chaos": seeds(0.4, 0.5, 0.6, control=0.4),
    "NaN": seeds(math.nan, math.nan, math.nan, control=math.nan, left=math.nan),
    "only the sum overflowed": seeds(math.nan, math.inf, math.nan),
}


def evidence(**changed):
    rows = {name: seeds(*([1e-3] * 3 if name in ("adam", "adamw") else [0.4, 0.5, 0.6])) for name in OPTIMIZERS}
    return Trainings(optimizers={**rows, **changed})


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
    assert column(found, "cancels the factor")["RMSprop"] == "? undecided"
    assert "RMSprop" not in [row.label for row in found.picture.rows]

    mine = CLAIM.judge(DEFAULT, evidence(adam=readings))
    assert (mine.kind, mine.answer) == ("undecided", None)
    every = CLAIM.judge(DEFAULT, evidence(**dict.fromkeys(OPTIMIZERS, readings)))
    assert set(column(every, "cancels the factor").values()) == {"? undecided"}


numbers = st.floats(0, 1e6) | st.just(math.nan) | st.just(math.inf)
readings = st.builds(Reading, difference=numbers, control=numbers | st.just(0.0), left=numbers)


@given(st.lists(readings, min_size=SEEDS, max_size=SEEDS))
def test_no_answer_without_two_seeds_whose_control_agrees(trainings):
    found = judge_readings(trainings)
    good = [one for one in trainings if one.left > CONSTANT and one.control <= MATCH and math.isfinite(one.difference)]
    assert len(found.differences) == len(found.control) == len(good)
    assert (found.answer == "undecided") == (len(good) < 2)
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


@pytest.mark.slow
def test_it_stops_when_cancelled_and_restores_float32():
    context = Context("claim 6, cancelled")
    flag(context.job_id)
    with pytest.raises(Cancelled):
        question(ClaimJob.of(CLAIM, DEFAULT), context)
    measured(CLAIM, DEFAULT)
    assert keras.config.floatx() == keras.config.dtype_policy().name == "float32"
