"""The figures, on recorded runs of real Keras, and the list of them in the documentation."""

from __future__ import annotations

import math

import pytest

from backend.experiment import Experiment
from backend.experiment.presets import PRESETS, THREAD
from backend.lab.gradients import Gradients
from backend.lessons import parse
from backend.lessons.figure import BadExpectation
from backend.lessons.figures import FIGURES, find
from backend.lessons.lesson import Ask
from backend.lessons.vocabulary import CONTROLS, PANELS
from backend.questions.lab import QUESTIONS
from backend.questions.lab.recorded import recorded_evidence
from backend.questions.speed import result as speed
from backend.training.recorded import recorded_run
from backend.training.result import Epoch, Losses
from harness.local import ROOT
from tests.backend.lab.measured import gradients, measurement


def measured(name: str, preset: str) -> float:
    known = recorded_run(PRESETS[preset])
    assert known
    found = FIGURES[name].measure(PRESETS[preset], known.run.epochs, "")
    assert isinstance(found, float)
    return found


def test_the_figures_of_the_threads_run_are_those_of_its_epochs():
    known = recorded_run(PRESETS[THREAD])
    assert known
    last = known.run.epochs[-1]
    assert measured("ratio", THREAD) == last.ratio == pytest.approx(2, rel=0.01)
    assert measured("first_ratio", THREAD) == known.run.epochs[0].ratio
    totals = last.left.val_total, last.right.val_total
    assert (measured("left_total", THREAD), measured("right_total", THREAD)) == totals
    assert measured("task_ratio", THREAD) == pytest.approx(1, abs=0.02)
    assert 0 <= measured("task_difference", THREAD) < 0.02


def epochs_of(left: list[Losses], right: list[Losses]) -> list[Epoch]:
    pairs = zip(left, right, strict=True)
    return [Epoch(seed=0, epoch=i, left=one, right=other, seconds=0) for i, (one, other) in enumerate(pairs, 1)]


def losses(total: float, validation: float, level: tuple[float, float], dead: int | None = None) -> Losses:
    heads, val_heads = ({"level": value, "trend": 1.0} for value in level)
    return Losses(total=total, heads=heads, val_total=validation, val_heads=val_heads, dead=dead)


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        ("training", "right, level", 0.25),
        ("validation", "left", 3.0),
        ("gap", "left", 3.0),
        ("gap", "right, mean", 2.0),  # what lessons of before call that head
        ("best_epoch", "right", 4.0),
        ("validation_rise", "left", 0.5),
        ("head_ratio", "level", 0.5 / 0.75),
        ("dead_units", "right", 3.0),
        ("dead_units", "left", math.nan),
    ],
)
def test_figures_of_validation_and_of_heads(name: str, argument: str, value: float):
    left = [(4.0, 4.0), (3.0, 2.0), (2.0, 2.5), (1.0, 3.0)]
    right = [(4.0, 5.0), (3.0, 4.0), (2.0, 3.0), (1.0, 2.0)]
    run = epochs_of(
        [losses(total, validation, (1.0, 0.75)) for total, validation in left],
        [losses(total, validation, (0.25, 0.5), 3 if total == 1 else None) for total, validation in right],
    )
    training = Experiment().training.model_copy(update={"epochs": 4})
    four = Experiment().model_copy(update={"training": training})
    assert find(name, argument).measure(four, run, argument) == pytest.approx(value, nan_ok=True)
    stopped = find(name, argument).measure(four, run[:3], argument)
    assert math.isnan(float(stopped)), "the run did not reach its last epoch"


def test_equal_totals_have_the_ratio_one():
    assert measured("ratio", "Equal totals") == pytest.approx(1, abs=1e-3)
    assert measured("ratio", "Eight heads") == pytest.approx(8, rel=0.02)


def test_a_figure_needs_the_argument_that_it_takes():
    assert find("claim", "speed").source("speed") == ("claim", "speed")
    for name, argument in (
        ("nothing", ""),
        ("ratio", "speed"),
        ("claim", ""),
        ("refused", "speed"),
        ("sharing", "hard, 0.7"),
        ("recorded", "parameters"),
        ("rises", "conflict, mean, mean"),
        ("gap", "left, level, trend"),
        ("head_ratio", ""),
    ):
        with pytest.raises(BadExpectation):
            find(name, argument)


def test_the_example_of_the_documentation_is_a_lesson():
    text = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    _, example, _ = text.split("````")
    lesson = parse(example.removeprefix("markdown\n"), "first.md")
    assert [step.id for step in lesson.steps] == ["sum"]


def recorded(question: str, name: str, argument: str) -> float | str:
    known = recorded_evidence(question, QUESTIONS[question].published[0])
    assert known
    assert find(name, argument).source(argument) == ("question", question)
    return find(name, argument).measure(Experiment(), known.evidence, argument)


def test_the_figures_of_a_question_are_those_of_its_recorded_evidence():
    known = recorded_evidence("share", QUESTIONS["share"].published[0])
    assert known
    (_, _, equal) = known.evidence.changes("hard")
    assert recorded("share", "sharing_change", "hard, 1") == equal.median
    assert recorded("share", "sharing", "hard, 0") == "no_difference"
    answer = QUESTIONS["share"].test(known.evidence).answer
    assert QUESTIONS["share"].options[int(recorded("share", "recorded", "share")) - 1] == answer
    assert recorded("beat", "against_weights", "pcgrad") == "not_better"
    assert float(recorded("beat", "weights_change", "pcgrad")) > -0.1
    assert float(recorded("scale", "against_alone", "sum")) > float(recorded("scale", "against_alone", "uw")) > 0
    assert recorded("unstuck", "reached", "mean") in range(6)
    assert recorded("conflict", "conflicts", "1") < recorded("conflict", "conflicts_at_start", "1")


def test_the_figures_of_gradients_are_those_of_their_measurements():
    found = gradients(measurement([[1, 0], [0, 2]]), measurement([[1, 0], [-3, 0]], conflicting=4))

    def of(name: str, argument: str, evidence: Gradients = found) -> float | str:
        assert find(name, argument).source(argument) == ("gradients", "")
        return find(name, argument).measure(Experiment(), evidence, argument)

    assert (of("cosine", "level, trend"), of("conflict_share", "trend, level")) == (-0.5, 0.25)
    stopped = found.model_copy(update={"stopped": "The loss is not finite."})
    assert math.isnan(float(of("cosine", "level, trend", stopped)))
    assert math.isnan(float(of("cosine", "level, level")))


def test_the_time_of_a_step_is_that_of_the_claim():
    evidence = speed.recorded()
    ratio = evidence.points[0].ratio
    assert ratio
    assert find("step_ratio").measure(Experiment(), evidence, "") == ratio.median


def test_the_documentation_lists_every_figure_panel_and_control():
    text = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    rows = [f"| `{figure.written}` | {figure.says} |" for figure in FIGURES.values()]
    rows += [f"| `{name}` | {words} |" for name, words in CONTROLS.items()]
    rows += [f"`{name}`" for panels in PANELS.values() for name in panels]
    rows += [f"`{name}`" for name in Ask.model_fields]
    assert not [row for row in rows if row not in text]
