"""Claim 6: which optimizers forgive the factor, and which trainings show nothing of it."""

import math

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.claims.base import verdict
from backend.claims.optimizer_readings import FORGIVEN, MATCH, judged, span
from backend.claims.optimizers import CLAIM, TITLES
from backend.claims.recipes import CONSTANT
from backend.experiment.presets import PRESETS
from backend.experiment.training import OPTIMIZERS
from backend.jobs.runtime import Cancelled, Context, flag
from backend.worker.claims.optimizers import SEEDS, measure
from tests.backend.claims.cases import (
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    experiment,
    measured,
    printed,
)

ADAPTIVE = ("adam", "adamw")
SHORT = experiment(timesteps=3, lstm=(3, 3), dense=(), heads=NO_DENSE.architecture.heads)
DEEPER = PRESETS["A deeper trunk with activations"]
DEAD = "a head's outputs became the same for every sequence"


def reading(summed, mean=1e-15, moved=2.0, variation=1.0, finite=True):
    """A training of two heads, of which the second shows less."""
    return {
        "finite": finite,
        "moved": [moved, 2 * moved],
        "variation": [variation, 2 * variation],
        "sum": [summed * moved, summed * moved],
        "mean": [mean * moved, mean * moved],
    }


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
    return {
        "steps": 100,
        "sequences": 256,
        "seeds": [0, 1, 2],
        "optimizers": {**rows, **changed},
        "clipnorm": {"limit": 0.1, "readings": clipped or seeds(0.5, 0.5, 0.5, mean=0.1)},
    }


def column(found, name):
    return {line["optimizer"]: line[name] for line in found.table}


def test_every_optimizer_on_offer_has_a_title():
    assert set(TITLES) == set(OPTIMIZERS)


def test_true_only_with_those_that_part_with_their_range():
    found = verdict(CLAIM, DEFAULT, evidence())
    assert found.kind == "true if"
    assert (
        "Adam and AdamW forgive the factor: the styles' predictions differ by 0.1% of what 100 steps" in found.finding
    )
    assert (
        "SGD, SGD with momentum and RMSprop do not forgive the factor: the styles' predictions differ by 40% to 60%."
        in (found.finding)
    )
    assert "all that count differ by no more than 1.0 × 10⁻¹³%" in found.finding
    assert found.chart.x == list(TITLES.values())
    assert found.chart.series["sum, most"][0] == pytest.approx(0.6)
    assert set(column(found, "seeds that count").values()) == {"3 of 3"}


def test_all_alike_are_true_or_false():
    assert verdict(CLAIM, DEFAULT, evidence(**dict.fromkeys(OPTIMIZERS, GOOD))).kind == "true"
    assert verdict(CLAIM, DEFAULT, evidence(**dict.fromkeys(OPTIMIZERS, seeds(1e-9, 1e-9, 0.0)))).kind == "false"


def test_seeds_that_disagree_are_told_with_their_range():
    found = verdict(CLAIM, DEFAULT, evidence(rmsprop=seeds(0.009, 0.064, 0.02)))
    assert "With RMSprop it depends on the seed: they differ by 0.9% to 6.4%." in found.finding
    assert column(found, "forgives the factor")["RMSprop"] == "depends on the seed"
    alone = dict.fromkeys(OPTIMIZERS, seeds(0.009, 0.064, 0.02))
    assert verdict(CLAIM, DEFAULT, evidence(**alone)).kind == "true if"


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        (DIED, f"3 × {DEAD}"),
        (CHAOS, "3 × the control parted by 40%"),
        (NOT_A_NUMBER, "3 × the loss or the outputs became NaN or infinite"),
        (STILL, "3 × training did not change a head's outputs"),
    ],
)
def test_what_shows_nothing_is_said_and_not_judged(readings, reason):
    found = verdict(CLAIM, DEFAULT, evidence(rmsprop=readings))
    assert found.kind == "true if"
    assert f"too few can be judged with RMSprop ({reason}): cannot tell." in found.finding
    assert "RMSprop" not in found.finding.partition("Of 3 seeds")[0]
    assert column(found, "forgives the factor")["RMSprop"] == "cannot tell"
    assert column(found, "agrees with the mean")["RMSprop"] == "cannot tell"
    assert "RMSprop" not in found.chart.x

    every = verdict(CLAIM, DEFAULT, evidence(**dict.fromkeys(OPTIMIZERS, readings), clipped=readings))
    assert every.kind == "cannot tell"
    assert every.finding.startswith("These settings show of no optimizer whether it forgives the factor.")
    assert every.chart is None
    assert set(column(every, "forgives the factor").values()) == {"cannot tell"}


def test_one_head_that_died_or_a_sum_alone_that_overflowed_is_enough():
    died, overflowed = reading(0.5), reading(math.nan, finite=False)
    died["variation"][1] = CONSTANT / 2
    assert judged([died, died, reading(0.5)]).answer == "cannot tell"
    assert judged([overflowed, overflowed, reading(0.5)]).answer == "cannot tell"


def test_dead_in_one_seed_and_not_in_others():
    two, one = [DIED[0], *GOOD[1:]], [*DIED[:2], GOOD[2]]
    assert (judged(two).answer, judged(one).answer) == ("no", "cannot tell")
    found = verdict(CLAIM, DEFAULT, evidence(sgd=two))
    assert "With SGD one seed cannot be judged, and the others decide" in found.finding
    assert column(found, "seeds that count")["SGD"] == f"2 of 3 (1 × {DEAD})"


def test_with_some_unknown_nothing_is_true_or_false_of_all():
    part, forgive = dict.fromkeys(OPTIMIZERS, GOOD), dict.fromkeys(OPTIMIZERS, seeds(0.0, 0.0, 0.0))
    found = verdict(CLAIM, DEFAULT, evidence(**part | {"sgd": DIED}))
    assert found.kind == "true if"
    assert found.finding.startswith("True with every optimizer that could be judged, but not all could.")
    found = verdict(CLAIM, DEFAULT, evidence(**forgive | {"sgd": DIED}))
    assert found.kind == "cannot tell"
    assert found.finding.startswith("No optimizer that could be judged makes the styles train differently")


def test_the_head_that_differs_most_for_its_own_size_decides():
    # A thousandfold scale of one head hides no difference in the other.
    heads = {**reading(0.0), "moved": [1000.0, 1.0], "sum": [0.1, 0.5], "mean": [0.0, 0.0]}
    assert judged([heads] * 3).apart == (0.5, 0.5, 0.5)
    chaos = {**heads, "mean": [0.0, 0.1]}
    assert judged([chaos] * 3).answer == "cannot tell"


def test_clipnorm_is_controlled_by_plain_sgd():
    assert column(verdict(CLAIM, DEFAULT, evidence()), "agrees with the mean")["SGD, clipnorm 0.1"] == "no"
    found = verdict(CLAIM, DEFAULT, evidence(sgd=CHAOS))
    assert column(found, "agrees with the mean")["SGD, clipnorm 0.1"] == "cannot tell"


sizes = st.floats(0, 1e6) | st.just(math.nan) | st.just(math.inf)


@st.composite
def readings(draw):
    """Any training of one to three heads, finite or not."""
    heads = draw(st.integers(1, 3))
    numbers = st.lists(sizes, min_size=heads, max_size=heads)
    return {"finite": draw(st.booleans())} | {key: draw(numbers) for key in ("moved", "variation", "sum", "mean")}


@given(st.lists(readings(), min_size=SEEDS, max_size=SEEDS))
def test_no_answer_without_two_seeds_whose_control_holds(trainings):
    found = judged(trainings)
    good = [
        one
        for one in trainings
        if one["finite"]
        and all(0 < moved < math.inf for moved in one["moved"])
        and all(left > CONSTANT for left in one["variation"])
        and all(mean / moved <= MATCH for mean, moved in zip(one["mean"], one["moved"], strict=True))
    ]
    assert found.seeds == SEEDS
    assert len(found.apart) == len(good)
    assert (found.answer == "cannot tell") == (len(good) < 2)
    assert all(share <= MATCH for share in found.control)
    if found.answer in ("yes", "no"):
        assert {share <= FORGIVEN for share in found.apart} == {found.answer == "yes"}


@given(st.dictionaries(st.sampled_from(sorted(OPTIMIZERS)), st.sampled_from(sorted(UNUSABLE))))
def test_a_verdict_without_an_if_needs_every_optimizer(unusable):
    for rest in (GOOD, seeds(0.0, 0.0, 0.0)):
        rows = dict.fromkeys(OPTIMIZERS, rest) | {name: UNUSABLE[kind] for name, kind in unusable.items()}
        found = verdict(CLAIM, DEFAULT, evidence(**rows))
        assert (found.kind in ("true", "false")) == (not unusable)
        assert (found.kind == "cannot tell") == (len(unusable) == len(rows) or (bool(unusable) and rest is not GOOD))
        for name in unusable:
            assert TITLES[name] in found.finding.partition("Of 3 seeds")[2]


def test_numbers_are_written_for_people():
    text = str(verdict(CLAIM, DEFAULT, evidence()))
    assert "e-" not in text.replace("1e-7", "").replace("3e-4", "").partition("series=")[0]
    assert span([2e-4, 0.5]) == "0.02% to 50%"


@pytest.mark.parametrize("where", [ONE_HEAD, MIXED, HIDDEN])
def test_does_not_apply_without_a_fused_twin(where):
    assert verdict(CLAIM, where, {}).kind == "does not apply"


def at(where, rate, seed=0):
    training = where.training.model_copy(update={"learning_rate": rate, "seed": seed})
    return where.model_copy(update={"training": training})


@pytest.mark.slow
def test_rmsprop_is_not_judged_by_dead_relus_or_by_chaos():
    """Slow: 100 steps of two LSTM layers for three seeds, five optimizers and three models."""
    where = at(DEEPER, 0.05)
    found = measured(CLAIM, where)
    assert found["seeds"][:2] == [0, 1]
    rmsprop = judged(found["optimizers"]["rmsprop"])
    assert rmsprop.answer == "cannot tell"
    assert rmsprop.problems[0] == DEAD
    assert rmsprop.problems[1].startswith("the control parted by")
    shown = verdict(CLAIM, where, found)
    assert shown.kind == "true if"
    assert "RMSprop" in shown.finding.partition("Of 3 seeds, too few can be judged with ")[2]
    assert column(shown, "forgives the factor")["RMSprop"] == "cannot tell"
    assert column(shown, "forgives the factor")["SGD"] == "no"
    assert column(shown, "forgives the factor")["Adam"] == "no", "with ReLUs the rest of the factor grows"
    sgd = found["optimizers"]["sgd"]
    assert max(judged(sgd).control) < 1e-12
    assert judged(found["clipnorm"]["readings"], sgd).agrees() == "no"


@pytest.mark.slow
def test_the_thread_s_network_at_its_own_rate():
    found = measured(CLAIM, DEFAULT)
    adam = judged(found["optimizers"]["adam"])
    assert min(adam.apart) > 1e-5, "Adam almost cancels the factor; its epsilon does not let it vanish"
    assert max(adam.apart) < 1e-2
    shown = verdict(CLAIM, DEFAULT, found)
    assert shown.kind == "true if"
    assert set(column(shown, "seeds that count").values()) == {f"{SEEDS} of {SEEDS}"}
    assert column(shown, "forgives the factor")["SGD"] == "no"
    assert column(shown, "agrees with the mean")["SGD, clipnorm " + f"{found['clipnorm']['limit']:g}"] == "no"


@pytest.mark.slow
@pytest.mark.parametrize("where", [SEVERAL_UNITS, SHORT])
def test_unusual_architectures(where):
    found = measured(CLAIM, where)
    shown = verdict(CLAIM, where, found)
    assert shown.kind == ("true" if where is SEVERAL_UNITS else "true if")
    assert {line["agrees with the mean"] for line in shown.table[:-1]} == {"yes"}
    assert 5 <= found["steps"] <= 100
    assert all(len(each["moved"]) == len(where.architecture.heads) for each in found["optimizers"]["sgd"])


@pytest.mark.slow
def test_it_stops_at_once_when_cancelled_and_leaves_float32_behind():
    context = Context("claim 6, cancelled")
    flag(context.job_id)
    with pytest.raises(Cancelled):
        measure(DEFAULT, context)
    assert keras.config.floatx() == "float32"


@pytest.mark.slow
def test_its_code_prints_the_quantity_that_the_claim_measures():
    lines = [line.split() for line in printed(CLAIM, experiment(timesteps=3, lstm=(4,))).splitlines()]
    apart = {(how, name): float(share.rstrip(",")) for how, name, _, share, *_ in lines}
    assert apart["sum", "SGD"] > 1e-2 > apart["sum", "Adam"]
    assert max(apart["mean", "SGD"], apart["mean", "Adam"]) < 1e-9
    assert all(float(line[-1]) > 1e-3 for line in lines), "no output is constant"
