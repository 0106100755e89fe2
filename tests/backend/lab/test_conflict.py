"""Question 2: its verdict on any evidence, and what it reads of the visitor's network."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.lab.questions import QUESTIONS, url
from backend.lab.questions.conflict.evidence import Evidence, Series, Settings
from backend.lab.questions.conflict.verdict import OPTIONS

QUESTION = QUESTIONS["conflict"]
RELATED = (Head(name="first", task="related_a"), Head(name="last"), Head(name="second", task="related_b"))
OWN = Settings(problem="own")


def network(*heads, **sequences):
    return Experiment(architecture=Architecture(heads=heads), sequences=Sequences(**sequences))


def evidence(rates, rhos=(0.0, 1.0), **settings):
    """Two epochs: a start that does not count, and the rates, which differ a little from seed to seed."""
    settings = Settings(rhos=rhos, epochs=1, **settings)
    series = tuple(
        Series(
            heads=("a", "b"), rho=rho, cosines=((0.0, 0.5),) * 8,
            rates=tuple((0.9, rate + 0.001 * seed) for seed in range(8)),
        )
        for rho, rate in zip(rhos, rates, strict=True)
    )  # fmt: skip
    return Evidence(settings=settings, series=series)


@pytest.mark.parametrize(
    ("rates", "rhos", "answer"),
    [
        ((0.5, 0.1), (0.0, 1.0), OPTIONS[0]),
        ((0.1, 0.5), (1.0, 0.0), OPTIONS[0]),  # in any order
        ((0.1, 0.5, 0.1), (-1.0, 0.0, 0.5), OPTIONS[0]),  # -1 has most in common
        ((0.5, 0.48), (0.0, 1.0), OPTIONS[1]),
        ((0.1, 0.5), (0.0, 1.0), OPTIONS[2]),
        ((0.1, 0.5), (-1.0, 1.0), None),  # as much in common
        ((0.5, 0.5), (0.9, 1.0), None),  # nearly as much in common
        ((0.5, 0.1), (0.0, 0.5), None),
        ((0.5, math.nan), (0.0, 1.0), None),
    ],
)
def test_the_answer_compares_the_least_related_tasks_with_the_most_related(rates, rhos, answer):
    verdict = QUESTION.judge(evidence(rates, rhos))
    assert verdict.answer == answer
    assert ("cannot tell" in verdict.finding) == (answer is None)
    if answer == OPTIONS[0] and rhos == (0.0, 1.0):
        assert "in 50 % (50 to 51 %) of the batches at ρ = 0, and in 10 % (10 to 11 %) at ρ = 1" in verdict.finding
    assert ("no rate" in verdict.why) == any(map(math.isnan, rates))


def test_a_difference_that_scatters_around_0_cannot_tell():
    found = evidence((0.5, 0.5))
    wide = found.series[1].model_copy(update={"rates": tuple((0.9, 0.3 + 0.05 * seed) for seed in range(8))})
    verdict = QUESTION.judge(found.model_copy(update={"series": (found.series[0], wide)}))
    assert verdict.answer is None
    assert "cannot tell" in verdict.finding


NUMBERS = st.one_of(st.floats(0, 1), st.just(math.nan))


@given(st.data())
def test_any_evidence_has_a_verdict(data):
    settings = Settings(problem=data.draw(st.sampled_from(["related", "own"])), epochs=1, rhos=(-1.0, 0.25)).on(
        Experiment()
    )
    values = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=8, max_size=8).map(tuple)
    rhos = settings.rhos if settings.dial else (None,)
    series = tuple(
        Series(heads=("level", "trend"), rho=rho, rates=data.draw(values), cosines=data.draw(values)) for rho in rhos
    )
    found = Evidence(settings=settings, series=series)
    verdict = QUESTION.judge(found)
    assert verdict.answer in (*OPTIONS, None)
    assert len(verdict.table) == len(series)
    assert QUESTION.judge(Evidence.model_validate_json(found.model_dump_json())) == verdict
    if not settings.dial:
        assert verdict.answer is None
        assert "no relatedness can be set" in verdict.finding


@pytest.mark.parametrize(
    ("heads", "pairs", "words"),
    [
        ((Head(name="level"),), [], "one head"),
        (RELATED, [(0, 2)], None),
        ((Head(name="one"), Head(name="two"), Head(name="three")), [(0, 1), (0, 2), (1, 2)], None),
        (tuple(Head(name=f"h{n}") for n in range(9)), None, "takes at most 8"),
    ],
)
def test_the_related_pair_is_dialled_and_other_heads_are_compared_pair_by_pair(heads, pairs, words):
    settings = OWN.on(network(*heads))
    refusal = QUESTION.refuse(settings)
    assert refusal is None if words is None else words in refusal
    assert pairs is None or settings.pairs == pairs
    assert QUESTION.refuse(Settings().on(network(*heads))) is None
    assert QUESTION.seconds(settings) > 0


def test_visitors_share_what_does_not_depend_on_their_network():
    mine = network(*RELATED, relatedness=0.3)
    assert Settings().on(mine) == Settings()
    assert OWN.on(mine) == OWN.on(network(*RELATED, relatedness=0.9)), "the dial replaces it"
    other = Experiment(architecture=mine.architecture, training=Training(optimizer="sgd"))
    assert OWN.on(mine) != OWN.on(other)
    assert OWN.on(mine).on(mine) == OWN.on(mine)


@pytest.mark.parametrize("rhos", [(-1.0, 0.5), (0.25, 0.0, -0.125)])
def test_negative_relatedness_survives_the_link(rhos):
    texts = url.write(QUESTION, Settings(rhos=rhos))
    assert {name: url.refuse(name, text) for name, text in texts.items()} == dict.fromkeys(texts)
    assert url.read(QUESTION, texts) == Settings(rhos=rhos)


@pytest.mark.parametrize("values", [{"rhos": (0.0,)}, {"rhos": (0.5, 0.5)}, {"rhos": (0.0, 1.5)}, {"seeds": 7}])
def test_settings_out_of_bounds_are_refused(values):
    with pytest.raises(ValidationError):
        Settings(**values)


def test_a_conflict_is_explained_by_gradient_descent():
    """A step along a gradient itself raises a loss; one against it, for one head alone, raises the other's."""
    step = "small step of gradient descent for one head alone"
    assert f"{step} raises the loss of the other." in QUESTION.question
    assert f"below 0: a {step} makes the other head's loss rise." in QUESTION.judge(evidence((0.5, 0.1))).why
