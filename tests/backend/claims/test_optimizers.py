"""Claim 6: which optimizers cancel the factor, and which trainings show nothing about it."""

import math

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.claims.base import verdict
from backend.claims.optimizer_readings import CANCELS, MATCH, Clipped, Reading, Trainings, judge_readings, span
from backend.claims.optimizers import CLAIM, TITLES
from backend.claims.recipes import CONSTANT
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.presets import PRESETS
from backend.experiment.training import Training
from backend.jobs.runtime import Cancelled, Context, flag
from backend.training.cause import cause
from backend.words import listed, short
from backend.worker.claims.optimizers import SEEDS, measure
from tests import fresh_python
from tests.backend.claims.cases import (
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    experiment,
    measured,
)

ADAPTIVE = ("adam", "adamw")
SHORT = experiment(timesteps=3, lstm=(3, 3), dense=(), heads=NO_DENSE.architecture.heads)
DEEPER = PRESETS["A deeper trunk"]
DEAD = "a head's output became the same for every sequence"


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


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "lion"])
def test_train_explains_its_curves_by_the_same_words(optimizer):
    said = OPTIMIZERS[optimizer].on_a_factor
    assert said in verdict(CLAIM, DEFAULT, evidence()).why
    mine = DEFAULT.model_copy(update={"training": Training(optimizer=optimizer)})
    assert said in cause(mine, agree=False)


def test_the_visitors_optimizer_decides_and_the_others_are_explained():
    found = verdict(CLAIM, DEFAULT, evidence())
    assert (found.kind, found.answer) == ("false", "by at most 3%: they train alike")
    assert CLAIM.proposition(DEFAULT) == "With Adam and summed losses, Sequential and Functional train differently."
    assert found.finding == (
        "After 100 steps, their predictions differ by 0.1% of what training changed (3 seeds): Adam cancels the factor."
    )
    differ = "the predictions of the two styles differ by"
    assert f"Adam and AdamW cancel the factor: {differ} 0.1% of how far 100 steps of training moved" in found.why
    others = listed(title for name, title in TITLES.items() if name not in ADAPTIVE)
    assert f"{others} do not cancel the factor: {differ} 40% to 60%." in found.why
    assert "in every seed that counts the predictions differ by at most 1.0 × 10⁻¹³%" in found.why
    assert [row.label.removesuffix(" (yours)") for row in found.picture.rows] == list(TITLES.values())
    assert [row.label for row in found.picture.rows if row.emphasised] == ["Adam (yours)"]
    assert found.picture.rows[0].values == pytest.approx([0.4, 0.5, 0.6])
    assert set(column(found, "seeds that count").values()) == {"3 of 3"}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_readings_of_the_visitors_optimizer_give_the_verdict(optimizer):
    where = DEFAULT.model_copy(update={"training": Training(optimizer=optimizer)})
    found = verdict(CLAIM, where, evidence(**{optimizer: GOOD}))
    assert (found.kind, found.answer) == ("true", "by more than 3%: they train differently")
    assert f"{TITLES[optimizer]} does not cancel the factor." in found.finding
    assert verdict(CLAIM, where, evidence(**{optimizer: seeds(1e-9, 1e-9, 0.0)})).kind == "false"


def test_seeds_that_disagree_are_reported_with_their_range():
    found = verdict(CLAIM, DEFAULT, evidence(rmsprop=seeds(0.009, 0.064, 0.02)))
    assert "With RMSprop it depends on the seed: the predictions differ by 0.9% to 6.4%" in found.why
    assert column(found, "cancels the factor")["RMSprop"] == "? depends on the seed"
    found = verdict(CLAIM, DEFAULT, evidence(adam=seeds(0.009, 0.064, 0.02)))
    assert (found.kind, found.answer) == ("undecided", "that depends on the seed")


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        (DIED, f"3 × {DEAD}"),
        (CHAOS, "3 × the control differed by 40%"),
        (NOT_A_NUMBER, "3 × the loss or an output became NaN or infinite"),
        (STILL, "3 × training did not change a head's output"),
    ],
)
def test_trainings_that_show_nothing_are_reported_and_left_out(readings, reason):
    found = verdict(CLAIM, DEFAULT, evidence(rmsprop=readings))
    assert found.kind == "false"
    assert f"Undecided, because too few of the 3 seeds can be judged: RMSprop ({reason})." in found.why
    assert "RMSprop" not in found.why.partition("Undecided")[0]
    assert column(found, "cancels the factor")["RMSprop"] == "? undecided"
    assert column(found, "agrees with averaged losses")["RMSprop"] == "? undecided"
    assert "RMSprop" not in [row.label for row in found.picture.rows]

    mine = verdict(CLAIM, DEFAULT, evidence(adam=readings))
    assert (mine.kind, mine.answer) == ("undecided", None)
    assert mine.finding == f"Too few of the 3 seeds can be judged with Adam: {reason}."

    every = verdict(CLAIM, DEFAULT, evidence(**dict.fromkeys(OPTIMIZERS, readings), clipped=readings))
    assert every.kind == "undecided"
    assert every.why.startswith("With these settings, no training shows whether its optimizer cancels the factor.")
    assert every.picture is None
    assert set(column(every, "cancels the factor").values()) == {"? undecided"}


def test_a_seed_does_not_count_if_one_head_died_or_only_the_sum_overflowed():
    died, overflowed = reading(0.5), reading(math.nan, finite=False)
    died = died.model_copy(update={"variation": [1.0, CONSTANT / 2]})
    assert judge_readings([died, died, reading(0.5)]).answer == "undecided"
    assert judge_readings([overflowed, overflowed, reading(0.5)]).answer == "undecided"


def test_a_network_that_died_in_one_seed_leaves_the_other_seeds():
    two, one = [DIED[0], *GOOD[1:]], [*DIED[:2], GOOD[2]]
    assert (judge_readings(two).answer, judge_readings(one).answer) == ("no", "undecided")
    found = verdict(CLAIM, DEFAULT, evidence(sgd=two))
    assert "With SGD, one seed cannot be judged, and the others decide" in found.why
    assert column(found, "seeds that count")["SGD"] == f"2 of 3 (1 × {DEAD})"


def test_the_head_that_differs_most_for_its_own_size_decides():
    # The large scale of one head must not hide a difference in the other.
    heads = reading(0.0).model_copy(update={"moved": [1000.0, 1.0], "summed": [0.1, 0.5], "averaged": [0.0, 0.0]})
    assert judge_readings([heads] * 3).differences == (0.5, 0.5, 0.5)
    chaos = heads.model_copy(update={"averaged": [0.0, 0.1]})
    assert judge_readings([chaos] * 3).answer == "undecided"


def test_clipnorm_is_controlled_by_plain_sgd():
    assert column(verdict(CLAIM, DEFAULT, evidence()), "agrees with averaged losses")["SGD, clipnorm 0.1"] == "✗ no"
    found = verdict(CLAIM, DEFAULT, evidence(sgd=CHAOS))
    assert column(found, "agrees with averaged losses")["SGD, clipnorm 0.1"] == "? undecided"


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


@given(st.dictionaries(st.sampled_from(sorted(OPTIMIZERS)), st.sampled_from(sorted(UNUSABLE))))
def test_only_an_unusable_training_of_the_visitors_own_optimizer_leaves_the_verdict_open(unusable):
    for rest in (GOOD, seeds(0.0, 0.0, 0.0)):
        rows = dict.fromkeys(OPTIMIZERS, rest) | {name: UNUSABLE[kind] for name, kind in unusable.items()}
        found = verdict(CLAIM, DEFAULT, evidence(**rows))
        assert found.kind == ("undecided" if "adam" in unusable else "true" if rest is GOOD else "false")
        for name in unusable:
            assert TITLES[name] in found.why.partition("Undecided")[2]


def test_numbers_are_written_for_people():
    text = str(verdict(CLAIM, DEFAULT, evidence()))
    assert "e-" not in text.partition("picture=")[0]
    assert span([2e-4, 0.5]) == "0.02% to 50%"


@pytest.mark.parametrize("where", [ONE_HEAD, MIXED, HIDDEN])
def test_not_applicable_without_a_fused_model(where):
    assert verdict(CLAIM, where, None).kind == "not applicable"


def at(where, rate, seed=0):
    training = where.training.model_copy(update={"learning_rate": rate, "seed": seed})
    return where.model_copy(update={"training": training})


@pytest.mark.soak
def test_rmsprop_is_undecided_with_dead_relus_or_amplified_round_off():
    """Slow: 100 steps of two LSTM layers for three seeds, each optimizer and three models."""
    where = at(DEEPER, 0.05)
    found = measured(CLAIM, where)
    assert found.seeds[:2] == [0, 1]
    rmsprop = judge_readings(found.optimizers["rmsprop"])
    assert rmsprop.answer == "undecided"
    assert rmsprop.problems[0] == DEAD
    assert rmsprop.problems[1].startswith("the control differed by")
    shown = verdict(CLAIM, where, found)
    assert "RMSprop" in shown.why.partition("Undecided, because too few of the 3 seeds can be judged: ")[2]
    assert column(shown, "cancels the factor")["RMSprop"] == "? undecided"
    assert column(shown, "cancels the factor")["SGD"] == "✗ no"
    assert column(shown, "cancels the factor")["Adam"] == "✗ no", "with ReLUs, the remainder of the factor grows"
    sgd = found.optimizers["sgd"]
    assert max(judge_readings(sgd).control) < 1e-12
    assert judge_readings(found.clipnorm.readings, sgd).control_agrees() == "no"


@pytest.mark.slow
def test_the_thread_s_network_at_its_own_rate():
    found = measured(CLAIM, DEFAULT)
    adam = judge_readings(found.optimizers["adam"])
    assert min(adam.differences) > 1e-5, "Adam almost cancels the factor; its epsilon does not let it vanish"
    assert max(adam.differences) < 1e-2
    shown = verdict(CLAIM, DEFAULT, found)
    assert shown.kind == "false"
    assert set(column(shown, "seeds that count").values()) == {f"{SEEDS} of {SEEDS}"}
    assert column(shown, "cancels the factor")["SGD"] == "✗ no"
    assert column(shown, "agrees with averaged losses")["SGD, clipnorm " + short(found.clipnorm.limit, 1)] == "✗ no"


@pytest.mark.soak
@pytest.mark.parametrize("where", [SEVERAL_UNITS, SHORT])
def test_unusual_architectures(where):
    found = measured(CLAIM, where)
    shown = verdict(CLAIM, where, found)
    assert column(shown, "cancels the factor")["SGD"] == "✗ no"
    assert column(shown, "cancels the factor")["Adam"] == ("✗ no" if where is SEVERAL_UNITS else "✓ yes")
    assert {line["agrees with averaged losses"] for line in shown.table[:-1]} == {"✓ yes"}
    assert 5 <= found.steps <= 100
    assert all(len(each.moved) == len(where.architecture.heads) for each in found.optimizers["sgd"])


@pytest.mark.slow
def test_it_stops_when_cancelled_and_restores_float32():
    context = Context("claim 6, cancelled")
    flag(context.job_id)
    with pytest.raises(Cancelled):
        measure(DEFAULT, context)
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
