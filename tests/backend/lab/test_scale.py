"""Question 1: its verdict on any evidence, what it reads of the visitor's network, and its bounds."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import generate
from backend.lab.questions import QUESTIONS, url
from backend.lab.questions.scale.evidence import Arm, Evidence, Settings, scaled
from backend.lab.questions.scale.verdict import OPTIONS, TELLS
from backend.lab.recorded import recorded, recorded_evidence

QUESTION = QUESTIONS["scale"]
CLASSES = Head.for_task("spike")
OWN = Settings(problem="own")


def network(*heads):
    return Experiment(architecture=Architecture(heads=heads))


def evidence(settings=None, seeds=8, **ratios):
    """Both heads have the loss 1 alone. The ratios of head b differ a little from seed to seed."""
    settings = settings or Settings(seeds=seeds)
    losses = {"alone": [1.0] * seeds}
    for arm in settings.arms[1:]:
        losses[arm] = [ratios.get(arm, 1.0) * (1 + 0.001 * seed) for seed in range(seeds)]
    arms = tuple(Arm(key=arm, losses=tuple((1.0, each) for each in found)) for arm, found in losses.items())
    return Evidence(settings=settings, arms=arms, sigmas=((10.0, 1.0),) * seeds)


@pytest.mark.parametrize(
    ("ratios", "answer"),
    [
        ({"sum": 1.0}, OPTIONS[0]),
        ({"sum": 0.5}, OPTIONS[0]),
        ({"sum": 1.04}, OPTIONS[0]),  # above its loss alone, but by less than 5 %
        ({"sum": 1.048}, None),  # its interval contains 5 %
        ({"sum": 1.5, "uw": 1.0, "gradnorm": 4.0}, OPTIONS[1]),
        ({"sum": 1.5, "uw": 1.5, "gradnorm": 1.3}, OPTIONS[2]),
        ({"sum": 1.5, "uw": 1.4, "gradnorm": 1.3}, OPTIONS[3]),
        ({"sum": 1.5, "uw": 1.5, "gradnorm": 4.0}, OPTIONS[4]),
        ({"sum": 1.5, "uw": math.nan, "gradnorm": math.inf}, OPTIONS[4]),
        ({"sum": math.nan}, None),
        ({"sum": math.inf, "uw": 1.0}, None),
    ],
)
def test_the_answer_follows_from_the_intervals(ratios, answer):
    verdict = QUESTION.judge(evidence(**ratios))
    assert verdict.answer == answer
    assert ("cannot tell" in verdict.finding) == (answer is None)
    assert ("NaN or infinite" in verdict.why) == any(not math.isfinite(each) for each in ratios.values())


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        (
            {"sum": math.nan, "uw": 1.0, "gradnorm": math.inf},
            "with the sum, the loss of head `b` becomes NaN or infinite. With UW, it ends at 1.00 "
            "(1.00 to 1.01) times its loss alone. With GradNorm, it becomes NaN or infinite. Each number is",
        ),
        (
            {"sum": math.nan, "uw": math.nan, "gradnorm": math.inf},
            "with the sum, the loss of head `b` becomes NaN or infinite. With UW, it becomes NaN or infinite. With "
            "GradNorm, it becomes NaN or infinite. These runs cannot tell",
        ),
        (
            {"sum": 1.5, "uw": math.nan, "gradnorm": 4.0},
            "times its loss alone. With UW, it becomes NaN or infinite. GradNorm raises it to 4.0",
        ),
    ],
)
def test_a_loss_that_became_nan_or_infinite_is_named(ratios, said):
    assert said in QUESTION.judge(evidence(**ratios)).finding


@pytest.mark.parametrize(("alone", "said"), [(0.0, "is 0"), (math.nan, "becomes NaN or infinite")])
def test_without_a_loss_alone_there_is_no_ratio(alone, said):
    found = evidence()
    arms = tuple(each if each.key != "alone" else Arm(key="alone", losses=((1.0, alone),) * 8) for each in found.arms)
    verdict = QUESTION.judge(found.model_copy(update={"arms": arms}))
    assert verdict.finding.endswith(
        f"the loss of head `b` alone {said}, so no loss is compared with it. These runs cannot tell which answer is "
        "right."
    )


@pytest.mark.parametrize(
    ("uw", "joined"), [(2.0, "UW raises it to 2.00 (2.00 to 2.00). Also, head"), (1.0, "But head")]
)
def test_a_head_that_a_method_makes_worse_is_added_or_set_against_the_other(uw, joined):
    settings = Settings(problem="own", seeds=8).on(
        network(CLASSES, Head(name="level"), Head(name="trend", task="trend"))
    )
    losses = {"alone": (1.0, 1.0, 1.0), "sum": (1.2, 9.0, 1.6), "uw": (3.0, 9.0, uw)}
    arms = tuple(Arm(key=arm, losses=(losses.get(arm, (1.0,) * 3),) * 8) for arm in settings.arms)
    found = QUESTION.judge(Evidence(settings=settings, arms=arms, sigmas=((1.0,) * 3,) * 8)).finding
    assert f"{joined} `spike`" in found
    assert (
        "head `spike` ends at 3.00 (3.00 to 3.00) times its loss alone, against 1.20 (1.20 to 1.20) with the sum"
        in found
    )


def test_runs_that_scatter_around_1_cannot_tell():
    scattered = evidence()
    losses = tuple((1.0, 0.5 + seed / 4) for seed in range(8))
    arms = tuple(each if each.key != "sum" else Arm(key="sum", losses=losses) for each in scattered.arms)
    verdict = QUESTION.judge(scattered.model_copy(update={"arms": arms}))
    assert verdict.answer is None
    assert "(0.500 to 2.25)" in verdict.finding


def test_the_head_that_the_sum_harms_most_is_named_and_the_large_one_is_not():
    settings = Settings(problem="own", seeds=8).on(
        network(CLASSES, Head(name="level"), Head(name="trend", task="trend"))
    )
    assert settings.large == 1
    losses = {"alone": (1.0, 1.0, 1.0), "sum": (1.2, 9.0, 1.6), "uw": (1.0, 9.0, 1.0)}
    arms = tuple(Arm(key=arm, losses=(losses.get(arm, (1.0,) * 3),) * 8) for arm in settings.arms)
    found = Evidence(settings=settings, arms=arms, sigmas=((1.0,) * 3,) * 8)
    verdict = QUESTION.judge(found)
    assert verdict.answer == OPTIONS[3]
    assert "head `trend` ends with the sum at 1.60 (1.60 to 1.60) times its loss alone" in verdict.finding
    assert "The sum drowns the heads `spike` and `trend`. A method has to bring all of them down." in verdict.finding
    assert "The targets of head `level` are multiplied by 100" in verdict.why
    assert [row["head"] for row in verdict.table] == ["spike", "level (larger scale)", "trend"]
    assert [row["Sum at your scales ÷ alone"] for row in verdict.table][1] == "–"


@pytest.mark.parametrize(
    ("unscaled", "with_sum", "said"),
    [
        (1.0, 2.0, "The factor causes the rest."),
        (1.5, 1.5, "These runs do not show that the factor makes it worse."),
        (1.0, math.inf, "A loss of head `b` becomes NaN or infinite with the sum, but not without that factor."),
        (math.nan, math.inf, "Even without that factor, a loss of head `b` becomes NaN or infinite with the sum."),
    ],
)
def test_what_the_factor_does_is_said_of_diverged_trainings_too(unscaled, with_sum, said):
    settings = Settings(problem="own", seeds=8).on(network(Head(name="a"), Head(name="b")))
    losses = {"unscaled": (1.0, unscaled), "sum": (1.0, with_sum)}
    arms = tuple(Arm(key=arm, losses=(losses.get(arm, (1.0, 1.0)),) * 8) for arm in settings.arms)
    why = QUESTION.judge(Evidence(settings=settings, arms=arms, sigmas=((1.0, 1.0),) * 8)).why
    assert said in why
    assert ("do not show" in why) == said.startswith("These runs do not")


def test_adam_does_not_make_the_head_on_the_larger_scale_learn_as_fast_as_without_the_factor():
    """The loss relative to the squared scale is the measured one: larger with the factor in the recorded runs."""
    found = QUESTION.judge(recorded_evidence("scale", QUESTION.published[2]).evidence).why
    with_it, without_it = map(
        float, re.search(r"with the sum is ([\d.]+)\. Without the factor it is ([\d.]+) ", found).groups()
    )
    assert with_it > 2 * without_it


@pytest.mark.parametrize(("loss", "end", "told"), [("mse", 9.0, True), ("mae", 9.0, False), ("mse", math.nan, False)])
def test_the_loss_of_the_large_head_is_divided_by_the_squared_factor_where_that_is_its_scale(loss, end, told):
    settings = Settings(problem="own", optimizer="adam", seeds=8).on(network(Head(name="a", loss=loss), Head(name="b")))
    losses = {"unscaled": (0.5, 1.0), "sum": (end * 1e4, 1.0)}
    arms = tuple(Arm(key=arm, losses=(losses.get(arm, (1.0, 1.0)),) * 8) for arm in settings.arms)
    why = QUESTION.judge(Evidence(settings=settings, arms=arms, sigmas=((1.0, 1.0),) * 8)).why
    said = "Divided by 100², the loss of head `a` with the sum is 9. Without the factor it is 0.5 (medians)."
    assert (said in why) is told
    assert ("Divided by" in why) is told


NUMBERS = st.one_of(st.floats(0, 1e300), st.sampled_from([0.0, math.nan, math.inf]))


@given(st.data())
def test_any_evidence_has_a_verdict(data):
    settings = Settings(problem=data.draw(st.sampled_from(["kendall", "own"])), seeds=8).on(Experiment())
    pairs = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=8, max_size=8).map(tuple)
    arms = tuple(Arm(key=arm, losses=data.draw(pairs)) for arm in settings.arms)
    found = Evidence(settings=settings, arms=arms, sigmas=data.draw(pairs))
    verdict = QUESTION.judge(found)
    assert verdict.answer in (*OPTIONS, None)
    assert len(verdict.table) == 2
    again = Evidence.model_validate_json(found.model_dump_json())
    assert QUESTION.judge(again) == verdict
    if verdict.answer == OPTIONS[0]:
        assert all(found.ratio("sum", head).high < TELLS for head in found.others)
    elif verdict.answer:
        assert any(found.ratio("sum", head).low >= TELLS for head in found.others)
    told = all(0 < loss < math.inf for loss in found.losses("alone", found.worst()))
    for title in ("UW", "GradNorm") if told else ():
        assert re.search(rf"\b{title}\b", verdict.finding)


def test_the_finding_names_what_each_method_does_and_what_it_costs_another_head():
    settings = Settings(problem="own", seeds=8).on(network(Head(name="a"), Head(name="b")))
    losses = {"sum": (1.0, 173.0), "uw": (1.01, 173.0), "gradnorm": (23.8, 72.1)}
    arms = tuple(Arm(key=arm, losses=(losses.get(arm, (1.0, 1.0)),) * 8) for arm in settings.arms)
    verdict = QUESTION.judge(Evidence(settings=settings, arms=arms, sigmas=((1.0, 1.0),) * 8))
    assert verdict.answer == OPTIONS[2]
    assert "UW shows no clear difference: 173 (173 to 173)." in verdict.finding
    assert (
        "GradNorm brings it down to 72.1 (72.1 to 72.1). But head `a` ends at 23.8 (23.8 to 23.8) times its loss "
        "alone, against 1.00 (1.00 to 1.00) with the sum."
    ) in verdict.finding
    worse = QUESTION.judge(evidence(sum=1.24, uw=0.989, gradnorm=4.06))
    assert worse.answer == OPTIONS[1]
    assert "GradNorm raises it to 4.07" in worse.finding
    assert "its median need not be the ratio of two medians" in worse.finding


@pytest.mark.parametrize("record", [each for each in recorded() if each.question == "scale"])
def test_the_recorded_verdicts_are_no_broader_than_their_intervals(record):
    verdict, found = QUESTION.judge(record.evidence), record.evidence
    low, high = found.ratio("sum", found.worst()).low, found.ratio("sum", found.worst()).high
    assert verdict.answer == OPTIONS[0] if high < TELLS else (verdict.answer is None) == (low < TELLS)
    shown = re.search(r"ends with the sum at [\d.]+ \(([\d.]+) to ([\d.]+)\)", verdict.finding)
    assert (float(shown[1]) < TELLS, float(shown[2]) < TELLS) == (low < TELLS, high < TELLS)


@pytest.mark.parametrize(
    ("heads", "words"),
    [
        ((Head(name="level"),), "one head"),
        ((CLASSES, Head.for_task("spike", name="again")), "no such head"),
        (tuple(Head(name=f"h{n}") for n in range(17)), "17 heads, and GradNorm takes at most 16"),
        ((CLASSES, Head(name="level")), None),
        (tuple(Head(name=f"h{n}") for n in range(16)), None),
    ],
)
def test_a_network_that_cannot_be_asked_gets_a_sentence(heads, words):
    refusal = QUESTION.refuse(OWN.on(network(*heads)))
    assert refusal is None if words is None else words in refusal
    assert QUESTION.refuse(Settings().on(network(*heads))) is None, "the toy has its own heads"
    QUESTION.seconds(OWN.on(network(*heads)))


def test_visitors_share_what_does_not_depend_on_their_network():
    mine = network(Head(name="level", label="Mine"), Head(name="trend", task="trend"))
    assert Settings().on(mine) == Settings()
    assert Settings(experiment=mine).on(mine) == Settings()
    changed = Experiment.model_validate(mine.model_dump() | {"left": "functional", "training": {"optimizer": "sgd"}})
    assert OWN.on(mine) == OWN.on(changed)
    assert OWN.on(mine).experiment.architecture.heads[0].label == ""
    assert OWN.on(mine) != OWN.on(network(Head(name="level"), Head(name="last", task="last")))
    assert OWN.on(mine).on(mine) == OWN.on(mine)


def test_the_link_has_the_settings_without_the_network():
    settings = Settings(problem="own", rate=0.25, epochs=7)
    texts = url.write(QUESTION, settings.on(network(CLASSES, Head(name="level"))))
    assert set(texts) == {f"scale_{field}" for field in ("problem", "optimizer", "rate", "epochs", "seeds")}
    assert url.read(QUESTION, texts) == settings
    assert "scale_experiment" not in url.DEFAULTS


def test_only_the_first_regression_head_is_scaled():
    mine = network(CLASSES, Head(name="level"), Head(name="last", task="last"))
    settings = OWN.on(mine)
    before, after = (
        generate(each.architecture, each.sequences, each.parts).y
        for each in (scaled(settings, 1.0), scaled(settings, 100.0))
    )
    assert after["level"] == pytest.approx(100 * before["level"], rel=1e-6)
    assert (after["spike"] == before["spike"]).all()
    assert (after["last"] == before["last"]).all()


@pytest.mark.parametrize(
    "values", [{"seeds": 7}, {"epochs": 0}, {"rate": 0}, {"problem": "evil"}, {"optimizer": "muon"}]
)
def test_settings_out_of_bounds_are_refused(values):
    with pytest.raises(ValidationError):
        Settings(**values)
