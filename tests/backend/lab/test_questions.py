"""The questions: settings within bounds, a verdict for every evidence, and a script that prints the same figures."""

import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.lab.problems import PROBLEMS
from backend.lab.questions import QUESTIONS, trade_offs, unstuck
from backend.lab.questions.base import ignore_progress
from two_heads.weightings import AGGREGATORS, SCALARIZERS

#: Those that this process can measure, without Keras.
LIST = [pytest.param(question, id=key) for key, question in QUESTIONS.items() if question.measure]
BRIEF = {
    "unstuck": [
        unstuck.Settings(steps=150),
        unstuck.Settings(problem="cagrad_toy", optimizer="sgd", rate=1.0, steps=150, methods=("pcgrad", "famo")),
    ],
    "trade_offs": [
        trade_offs.Settings(levels=4, starts=2, steps=300, smoothings=(0.1, 1.0)),
        trade_offs.Settings(levels=3, starts=1, steps=100, smoothings=(10,), rate=0.1),
    ],
}
CASES = [
    pytest.param(QUESTIONS[key], settings, id=f"{key}-{i}") for key in BRIEF for i, settings in enumerate(BRIEF[key])
]


def printed(source, folder):
    """What the script prints in a Python without our code, which has NumPy."""
    (folder / "script.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-I", "-W", "error", "script.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_keys_numbers_and_published_settings_are_unique():
    assert [question.key for question in QUESTIONS.values()] == list(QUESTIONS)
    assert len({question.number for question in QUESTIONS.values()}) == len(QUESTIONS)
    for question in QUESTIONS.values():
        assert question.settings() in question.published
        assert len(set(question.published)) == len(question.published)
        assert len(set(question.options)) == len(question.options) >= 2


@pytest.mark.slow
@pytest.mark.parametrize(("question", "settings"), CASES)
def test_evidence_survives_json_and_is_the_same_each_time(question, settings):
    evidence = question.measure(settings, ignore_progress)
    text = evidence.model_dump_json()
    assert question.evidence.model_validate_json(text).model_dump_json() == text
    assert question.measure(settings, ignore_progress).model_dump_json() == text


@pytest.mark.slow
@pytest.mark.parametrize("question", LIST)
def test_progress_rises_to_one(question):
    seen = []
    question.measure(BRIEF[question.key][0], seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1)


@pytest.mark.parametrize(
    ("settings", "values"),
    [
        (unstuck.Settings, {"steps": 200_000}),
        (unstuck.Settings, {"steps": 0}),
        (unstuck.Settings, {"rate": 0}),
        (unstuck.Settings, {"rate": float("nan")}),
        (unstuck.Settings, {"methods": ()}),
        (unstuck.Settings, {"methods": ("pcgrad", "pcgrad")}),
        (unstuck.Settings, {"methods": ("mean",)}),
        (unstuck.Settings, {"problem": "one_neuron"}),
        (trade_offs.Settings, {"levels": 2}),
        (trade_offs.Settings, {"starts": 1_000}),
        (trade_offs.Settings, {"smoothings": ()}),
        (trade_offs.Settings, {"smoothings": (0.1, 0.1)}),
        (trade_offs.Settings, {"smoothings": (0.0,)}),
        (trade_offs.Settings, {"unknown": 1}),
    ],
)
def test_settings_out_of_bounds_are_refused(settings, values):
    with pytest.raises(ValidationError):
        settings(**values)


@pytest.mark.slow
@pytest.mark.parametrize("settings", BRIEF["unstuck"])
def test_the_script_of_unstuck_prints_the_evidences_figures(settings, tmp_path):
    evidence = unstuck.measure(settings)
    lines = printed(unstuck.code(settings), tmp_path).splitlines()
    expected = []
    for each in evidence.runs:
        expected.append(f"{each.title}: on the front from {len(each.reached)} of {len(evidence.starts)} starts")
        expected += [f"    losses {one:.4f} {other:.4f}" for one, other in each.losses]
    assert [line.replace("-0.0000", "0.0000") for line in lines] == expected


@pytest.mark.parametrize("settings", BRIEF["trade_offs"])
def test_the_script_of_trade_offs_prints_the_evidences_figures(settings, tmp_path):
    evidence = trade_offs.measure(settings)
    numbers = [float(each) for each in re.findall(r": ([\d.]+)$", printed(trade_offs.code(settings), tmp_path), re.M)]
    expected = [
        min(end.worst for end in ends)
        for problem in (evidence.pair, evidence.three)
        for ends in (problem.fixed, *(each.ends for each in problem.smooth))
    ]
    assert numbers == expected


@pytest.mark.parametrize("question", LIST)
def test_a_script_needs_numpy_alone_and_names_what_it_defines(question):
    source = question.script(question.settings())
    assert set(re.findall(r"^(?:from|import) (\w+)", source, re.M)) == {"numpy"}
    assert "backend" not in re.sub(r"`backend[\w.]+`", "", source)


@given(st.floats(5, 175), st.floats(0.2, 5))
def test_what_a_loss_that_is_ten_times_smaller_counts_is_as_the_reasons_say(angle, ratio):
    """The share of each gradient, in units of its loss: weight × length. A smaller scale divides loss and gradient."""
    turned = np.radians(angle)
    rows = np.array([[1.0, 0.0], [ratio * np.cos(turned), ratio * np.sin(turned)]])
    scale = np.array([0.1, 1.0])

    def shares(key, by):
        weights = AGGREGATORS[key].weights((rows * by[:, None]) @ (rows * by[:, None]).T) * by * np.array([1, ratio])
        return weights[0] / weights.sum()

    for key in ("imtl_g", "nash"):
        assert shares(key, scale) == pytest.approx(shares(key, np.ones(2)), rel=1e-3)
    assert shares("mean", scale) < shares("mean", np.ones(2))
    assert shares("mgda", scale) >= shares("mgda", np.ones(2))
    assert shares("mgda", scale) > 0.5
    famo, losses = SCALARIZERS["famo"], np.array([1.0, ratio])
    small, equal = (famo.weights(losses * by, famo.initial(2)) * losses * by for by in (scale, np.ones(2)))
    assert small / small.sum() == pytest.approx(equal / equal.sum(), rel=1e-3)


def test_no_method_is_said_to_make_losses_count_equally_that_does_not():
    why = QUESTIONS["unstuck"].judge(unstuck_evidence(mean=(1, None), pcgrad=(1, 2), cagrad=(1, 2))).why
    assert "FAMO, Nash-MTL and IMTL-G step in a direction that does not depend on the scale of a loss" in why
    assert "In MGDA the shorter gradient decides most of the step" in why


def runs(key, arrived):
    n = len(arrived)
    return unstuck.Runs(
        key=key, title=key, paths=(((0.0, 0.0),),) * n, losses=((0.0, 0.0),) * n, distances=(0.0,) * n, arrived=arrived
    )  # fmt: skip


def unstuck_evidence(**arrived):
    count = len(arrived["mean"])
    return unstuck.Evidence(
        settings=unstuck.Settings(), starts=PROBLEMS["famo_toy"].starts[:count], steps=(0,),
        runs=tuple(runs(key, each) for key, each in arrived.items()),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arrived", "answer"),
    [
        ({"mean": (1, None), "pcgrad": (1, 2), "cagrad": (1, 2)}, unstuck.OPTIONS[0]),
        ({"mean": (1, None), "pcgrad": (1, None), "cagrad": (None, 2)}, unstuck.OPTIONS[1]),
        ({"mean": (1, None), "pcgrad": (1, None), "cagrad": (None, None)}, unstuck.OPTIONS[2]),
        ({"mean": (1, 2), "pcgrad": (1, 2), "cagrad": (1, 2)}, None),  # no run is stuck
        ({"mean": (1, None), "mgda": (1, 2)}, None),  # nothing that removes conflict took part
        ({"mean": (1, None), "cagrad": (1, 2)}, None),
        ({"mean": (None, None), "pcgrad": (None, None), "cagrad": (None, None)}, None),  # too few steps
    ],
)
def test_the_answer_of_unstuck_compares_start_by_start(arrived, answer):
    verdict = unstuck.judge(unstuck_evidence(**arrived))
    assert verdict.answer == answer
    assert verdict.finding.endswith(".")


@given(st.lists(st.lists(st.sampled_from([None, 0, 7]), min_size=3, max_size=3).map(tuple), min_size=3, max_size=3))
def test_the_finding_of_unstuck_counts_the_starts_of_every_evidence(arrived):
    verdict = unstuck.judge(unstuck_evidence(**dict(zip(("mean", "pcgrad", "cagrad"), arrived, strict=True))))
    mean = sum(step is not None for step in arrived[0])
    if any(step is not None for each in arrived for step in each):
        assert f"the mean reaches the front from {mean} of 3 starts" in verdict.finding
    else:
        assert "cannot tell" in verdict.finding


def test_a_run_that_leaves_the_front_again_has_not_arrived():
    steps = (0, 10, 20, 30)
    for on_front, since in [("0111", 10), ("0101", 30), ("1110", None), ("1111", 0), ("0000", None)]:
        assert unstuck._stays_from(np.array([each == "1" for each in on_front]), steps) == since


def test_a_run_that_became_nan_is_named():
    each = runs("mean", (None,)).model_copy(update={"distances": (float("nan"),), "losses": ((float("nan"),) * 2,)})
    evidence = unstuck_evidence(mean=(None,), pcgrad=(3,)).model_copy(update={"runs": (each, runs("pcgrad", (3,)))})
    verdict = unstuck.judge(evidence)
    assert "A run of mean became NaN or infinite" in verdict.why
    assert "NaN or infinite" in str(verdict.table)


def trade_off_evidence(positions, distance=0.0):
    """Ends on the concave front at these positions, and a fixed one for the three heads."""
    losses = [(1 - np.exp(-((1 - t) ** 2)), 1 - np.exp(-((1 + t) ** 2))) for t in positions]
    ends = tuple(trade_offs.End(losses=each, distance=distance, weights=(0.5, 0.5)) for each in losses)
    three = (trade_offs.End(losses=(0.8, 0.7, 0.7), distance=0.5),)
    smooth = (trade_offs.Smooth(smoothing=0.1, ends=ends[:1]),)
    return trade_offs.Evidence(
        settings=trade_offs.Settings(smoothings=(0.1,)),
        pair=trade_offs.Ends(fixed=ends, smooth=smooth),
        three=trade_offs.Ends(fixed=three, smooth=(trade_offs.Smooth(smoothing=0.1, ends=three),)),
    )


@pytest.mark.parametrize(
    ("positions", "distance", "answer"),
    [
        (np.linspace(-1, 1, 9), 0.0, trade_offs.OPTIONS[0]),
        ([-0.95, -1, 0.9, 1], 0.0, trade_offs.OPTIONS[1]),
        ([0.99], 0.0, trade_offs.OPTIONS[1]),
        ([-0.1, 0, 0.1], 0.0, trade_offs.OPTIONS[2]),
        ([-1, -0.3, 0.9], 0.0, None),
        ([-1, 0, 1], 0.5, None),  # none has arrived
        ([-1, 0, 1], float("nan"), None),
    ],
)
def test_the_answer_of_trade_offs_looks_for_an_empty_stretch(positions, distance, answer):
    evidence = trade_off_evidence(positions, distance)
    assert [trade_offs.position(end) for end in evidence.pair.fixed] == pytest.approx(list(positions), abs=1e-6)
    verdict = trade_offs.judge(evidence)
    assert verdict.answer == answer
    assert ("cannot tell" in verdict.finding) == (distance != 0)


def test_numbers_that_look_equal_are_different_methods():
    settings = trade_offs.Settings(levels=3, starts=1, steps=100, smoothings=(0.1, 0.1000000001))
    assert [each.smoothing for each in trade_offs.measure(settings).pair.smooth] == [0.1, 0.1000000001]


@pytest.mark.slow
@pytest.mark.parametrize(("steps", "named"), [(150, True), (2000, False)])
def test_trainings_that_had_not_ended_are_named(steps, named):
    verdict = trade_offs.judge(trade_offs.measure(trade_offs.Settings(steps=steps)))
    assert ("had not converged" in verdict.why) == named


@pytest.mark.parametrize("left_out", unstuck.REMOVERS)
def test_a_question_about_two_methods_is_refused_without_one_of_them(left_out):
    question = QUESTIONS["unstuck"]
    assert question.refuse(unstuck.Settings()) is None
    methods = tuple(key for key in unstuck.Settings().methods if key != left_out)
    assert question.refuse(unstuck.Settings(methods=methods)).startswith("The question is about PCGrad and CAGrad.")


def test_trade_offs_that_are_nan_have_a_verdict():
    broken = trade_offs.End(losses=(float("nan"),) * 3, distance=float("nan"))
    two = broken.model_copy(update={"losses": broken.losses[:2]})
    ends = trade_offs.Ends(fixed=(two,), smooth=(trade_offs.Smooth(smoothing=0.1, ends=(two,)),))
    three = trade_offs.Ends(fixed=(broken,), smooth=(trade_offs.Smooth(smoothing=0.1, ends=(broken,)),))
    evidence = trade_offs.Evidence(settings=trade_offs.Settings(smoothings=(0.1,)), pair=ends, three=three)
    verdict = trade_offs.judge(evidence)
    assert verdict.answer is None
    assert "with fixed weights, every training became NaN or infinite." in verdict.why


def test_trade_offs_that_are_nan_with_stch_alone_are_named():
    found = trade_off_evidence([-1, 1])
    broken = trade_offs.End(losses=(float("nan"),) * 3, distance=float("nan"))
    smooth = (trade_offs.Smooth(smoothing=0.1, ends=(broken,)),)
    three = trade_offs.Ends(fixed=found.three.fixed, smooth=smooth)
    why = trade_offs.judge(found.model_copy(update={"three": three})).why
    assert "leaves the worst head a loss of 0.8; with STCH, every training became NaN or infinite." in why


@given(k=st.integers(2, 3), levels=st.integers(3, 12))
def test_the_weights_of_a_sweep_have_the_sum_1_and_differ(k, levels):
    weights = trade_offs.weightings(k, levels)
    assert weights.sum(axis=0) == pytest.approx(1)
    assert weights.min() >= 0
    assert len(set(map(tuple, weights.T.tolist()))) == weights.shape[1]
