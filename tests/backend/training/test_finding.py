"""The answer to the page's title: true for every run that a visitor can make."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.experiment import usual
from backend.experiment.presets import PRESETS
from backend.experiment.sources import WEATHER
from backend.training import finding
from backend.training.comparison import compare, ended_seeds
from backend.training.constant import baselines, comparable
from backend.training.loss_ratio import shares_of_sides
from backend.training.recorded import recorded_run
from backend.training.result import SIDES
from tests.builders.losses import FALLING, epochs, experiment, scaled
from tests.builders.strategies import experiments


def answer(*given):
    """The answer and why, as one text."""
    return str(finding.answer(*given))


SGD = {"optimizer": "sgd", "learning_rate": 0.01}


def by_head(*curve):
    """The same losses by epoch for each task."""
    return dict.fromkeys(FALLING, curve)


LATE = {head: [2 * a, 2 * b, 2 * c, 0.9 * d] for head, (a, b, c, d) in FALLING.items()}
AT_FIRST = {head: [0.3 * a, 1.1 * b, 1.1 * c, 0.98 * d] for head, (a, b, c, d) in FALLING.items()}
RISING = {head: values[::-1] for head, values in FALLING.items()}
ONCE = {head: values[:1] for head, values in FALLING.items()}
ZERO = {"level": [1.0, 0.0, 0.0, 0.0], "trend": [0.0, 0.0, 0.0, 0.0]}
FOUR = ["level", "trend", "last", "frequency"]


def of_tasks(heads, *factors):
    """The settings of these tasks, and curves of which the right ones are the left ones times these factors."""
    curves = dict.fromkeys(heads, FALLING["level"])
    return experiment(heads, **SGD), curves, scaled(curves, *factors)


ALIKE = "Both train in the same way from the same weights."
#: Settings, the losses of both sides, and what the answer says.
SAID = [
    (
        (experiment(**SGD), FALLING, scaled(FALLING, 0.5, 0.4)),
        "In this run, Functional learned faster on level and trend; on level, its loss averaged 0.5 times "
        "Sequential's. The average is over the epochs, of the training loss. Functional's total loss makes the steps "
        "of SGD 2 times as long from the same weights.",
    ),
    *(
        (
            (experiment(combine="mean"), FALLING, scaled(FALLING, factor)),
            f"In this run, there was no difference: in every epoch, {words} {ALIKE}",
        )
        for factor, words in (
            (1.0, "the losses of level and trend were exactly equal."),
            (1.0 - 1e-7, "the losses of level and trend agreed within about 1.0 × 10⁻⁵%."),
            (1.0031, "the losses of level and trend agreed within about 0.31%."),
        )
    ),
    (
        (experiment(), FALLING, scaled(FALLING, 1.001)),
        "For equal predictions, Functional's total loss is 2 times as large, but Adam divides each gradient by its "
        "running size.",
    ),
    (
        of_tasks(FOUR, 0.5, 2.0, 1.0, 1.0),
        "In this run, Functional learned faster on level; Sequential on trend. There was no difference on last and "
        "frequency. Functional's total loss",
    ),
    (
        (experiment(**SGD), FALLING, LATE),
        "In this run, neither style was clearly ahead on level and trend.",
    ),
    (
        (experiment(**SGD), FALLING, AT_FIRST),
        "In this run, neither style was clearly ahead on level and trend.",
    ),
    (
        (experiment(**SGD), RISING, scaled(RISING, 0.5)),
        "In this run, Functional had the lower loss on level and trend;",
    ),
    *(
        (
            (experiment(), FALLING, {**FALLING, "level": [*FALLING["level"][:3], bad]}),
            "No answer: no training reached epoch 4.",
        )
        for bad in (math.nan, math.inf)
    ),
    ((experiment(), ONCE, ONCE), "No answer: no training reached epoch 4."),
    (
        (experiment(combine="own", weights=[0, 2]), FALLING, scaled(FALLING, 0.5)),
        "In this run, Functional learned faster on trend; its loss averaged 0.5 times Sequential's. The "
        "average is over the epochs, of the training loss. The two totals weight the tasks differently.",
    ),
    (
        (experiment(right="sequential", same_start=False), FALLING, scaled(FALLING, 0.5)),
        "In this run, Sequential (right) learned faster on level and trend; on level, its loss averaged 0.5 times "
        "Sequential (left)'s. The average is over the epochs, of the training loss. Both train in the same way, but "
        "they started from different weights.",
    ),
]


@pytest.mark.parametrize(("given", "words"), SAID)
def test_the_answer_of_one_seed_says_who_learned_faster_and_names_the_cause(given, words):
    setting, left, right = given
    found = answer(setting, epochs(left, right))
    assert words in found
    assert answer(setting, epochs(left, right, factor=100)) == found, "a total is never read as better or worse"


@pytest.mark.parametrize(
    ("factors", "words"),
    [
        (
            [0.5, 0.6, 0.7, 0.8, 0.9],
            "Over 5 seeds, Functional learned faster on level and trend; on level, its loss averaged 0.7 times "
            "Sequential's. The average is over the epochs, of the training loss (median of 5 seeds, too few for an "
            "interval).",
        ),
        (
            [0.5, 0.6, 0.7, 0.8, 0.9, 0.5, 0.6, 0.7],
            "its loss averaged 0.65 times Sequential's. The average is over the epochs, of the training loss (median "
            "of 8 seeds; 99% interval 0.5 to 0.9)",
        ),
        (
            [0.5, 0.6, 0.7, 0.8, 0.9, 0.5, 0.6, 1.2],
            "Over 8 seeds, neither style was clearly ahead on level and trend.",
        ),
        (
            [1.0, 1.001, 1.002],
            "Over 3 seeds, there was no difference: in every epoch, the losses of level and trend agreed",
        ),
    ],
)
def test_several_seeds_agree_or_cannot_tell(factors, words):
    rows = [each for seed, factor in enumerate(factors) for each in epochs(FALLING, scaled(FALLING, factor), seed)]
    assert words in answer(experiment(seeds=len(factors), **SGD), rows)


def test_only_seeds_that_ended_count():
    setting = experiment(seeds=3, **SGD)
    ended = epochs(FALLING, scaled(FALLING, 0.5))
    begun = epochs(scaled(FALLING, 9), FALLING, seed=1)[:2]
    assert ended_seeds(setting, ended + begun) == [0]
    stopped = "Functional: the loss became NaN or infinite in epoch 3 of seed 1."
    found = answer(setting, ended + begun, f"{stopped} Try less.")
    assert found.startswith("In this run, Functional learned faster on level and trend;")
    assert f"Only 1 of 3 seeds ended. {stopped} " in found
    assert answer(setting, [], f"{stopped} Try less.") == f"No answer: no training reached epoch 4. {stopped}"


def validated(rows):
    """The same losses, on the validation sequences too."""
    for row in rows:
        for losses in (row.left, row.right):
            losses.val_heads = dict(losses.heads)
    return rows


NO_BETTER = "At the end, compared with a guess without a network, "


@st.composite
def settings_with_one_seed(draw):
    """Any settings, half of them with enough validation sequences for a comparison with constant outputs."""
    setting = draw(experiments(small=True))
    training = {"seeds": 1, "epochs": draw(st.integers(1, 5)), "validation": draw(st.sampled_from([0.0, 0.1, 0.5]))}
    return setting.model_copy(
        update={
            "training": setting.training.model_copy(update=training),
            "sequences": setting.sequences.model_copy(update={"samples": draw(st.sampled_from([32, 130, 300]))}),
        }
    )


def ran(setting, *factors):
    """The epochs of both sides with these losses by epoch: multiples of the least loss of each head, by its name."""
    least = {head: each.least for head, each in baselines(setting).items()}
    curves = [{head: [each * least[head] for each in of_side[head]] for head in least} for of_side in factors]
    rows = epochs(*curves, seed=setting.training.seed)
    return validated(rows) if setting.parts[1] else rows


def draw_factors(data, setting, low, high):
    """For each head, a loss by epoch, between `low` and `high` times its least loss."""
    count = setting.training.epochs
    values = st.lists(st.floats(low, high), min_size=count, max_size=count)
    return {head: data.draw(values) for head in baselines(setting)}


@pytest.mark.slow
@given(settings_with_one_seed(), st.data())
def test_of_dead_networks_nothing_is_said_that_needs_learning(setting, data):
    """Their losses move, because their constant outputs do, but no constant outputs have less than the least loss."""
    one = draw_factors(data, setting, 1, 10)
    other = {head: [value * 1.0001 for value in values] for head, values in one.items()}
    if not data.draw(st.booleans()):
        other = draw_factors(data, setting, 1, 10)
    found = answer(setting, ran(setting, one, other))
    assert not re.search("learned faster", found)
    assert (NO_BETTER in found) == comparable(setting)


@pytest.mark.slow
@given(settings_with_one_seed(), st.data())
def test_a_run_that_did_not_change_shows_nothing_however_low_its_losses_are(setting, data):
    count, least = setting.training.epochs, draw_factors(data, setting, 0.01, 10)
    still = {head: [values[0] * (1 + 1e-8 * (at % 2)) for at in range(count)] for head, values in least.items()}
    found = answer(setting, ran(setting, still, still))
    assert not re.search("learned faster", found)


#: The most words of the sentence.
MOST = 25


@pytest.mark.slow
@given(settings_with_one_seed(), st.data())
def test_the_sentence_is_short_for_any_settings_and_losses(setting, data):
    one = draw_factors(data, setting, 0.01, 10)
    factors = data.draw(st.lists(st.sampled_from([1.0, 1.00001, 0.7, 0.01, 3.0]), min_size=len(one), max_size=len(one)))
    other = {head: [factor * value for value in one[head]] for head, factor in zip(one, factors, strict=True)}
    sentence = finding.answer(setting, ran(setting, one, other)).sentence
    assert len(sentence.split()) <= MOST, sentence


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_the_sentence_of_a_recorded_run_is_short(preset):
    known = recorded_run(preset)
    assert len(finding.answer(preset, known.run.epochs).sentence.split()) <= MOST


@pytest.mark.slow
@given(settings_with_one_seed(), st.data())
def test_of_equal_losses_none_is_lower(setting, data):
    one = draw_factors(data, setting, 0.01, 10)
    assert not re.search("lower loss|learned faster|ahead", answer(setting, ran(setting, one, one)))
    other = {head: [*draw[:-1], one[head][-1]] for head, draw in draw_factors(data, setting, 0.01, 10).items()}
    found = answer(setting, ran(setting, one, other))
    assert not re.search("lower loss|learned faster|at the end[.]", found)


@pytest.mark.slow
@given(settings_with_one_seed(), st.data())
def test_a_task_without_weight_is_not_compared(setting, data):
    count = len(setting.architecture.heads)
    weights = data.draw(st.lists(st.sampled_from([0.0, 1e-40, 2.0]), min_size=count, max_size=count))
    training = setting.training.model_copy(update={"combine": "own", "weights": tuple(weights)})
    setting = setting.model_copy(update={"training": training})
    rows = ran(setting, draw_factors(data, setting, 0.01, 10), draw_factors(data, setting, 0.01, 1))
    found = answer(setting, rows)
    sentence = found.split(". ")[0]
    for each, *shares in zip(compare(setting, rows), *shares_of_sides(setting), strict=True):
        if all(shares):
            continue
        assert not re.search(rf" (all {count} tasks|(on|and|of) {each.head}\b)", sentence)
        for side, share in zip(SIDES, shares, strict=True):
            assert share or not each.learned(side)


def test_it_says_on_which_tasks_of_a_recording_a_guess_is_as_good():
    setting = usual(WEATHER)
    found = baselines(setting)

    def said(*factors):
        """With each head's loss in the left and the right style, at the end, as a multiple of its baseline."""
        left, right = (
            {h: [found[h].loss * (f + 1)] * 19 + [found[h].loss * f] for h, f in zip(found, each, strict=True)}
            for each in factors
        )
        return answer(setting, validated(epochs(left, right)))

    both = "was not clearly better on temp_max and wind"
    assert f"{NO_BETTER}Sequential {both}, and Functional {both}." in said((0.99, 1.2), (0.99, 1.2))
    assert NO_BETTER not in said((0.9, 0.8), (0.9, 0.8))
    assert f"{NO_BETTER}Sequential was not clearly better on wind." in said((0.9, 1.0), (0.8, 0.9))
