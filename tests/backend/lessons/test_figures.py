"""The figures, on recorded runs of real Keras, and the list of them in the documentation."""

from __future__ import annotations

import math

import pytest

from backend.experiment.presets import PRESETS, THREAD
from backend.lessons import parse
from backend.lessons.figures import FIGURES, find
from backend.lessons.lesson import AROUND, Ask
from backend.lessons.vocabulary import CONTROLS, PANELS
from backend.training.recorded import recorded_run
from harness.local import ROOT


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
    assert (measured("left_total", THREAD), measured("right_total", THREAD)) == (last.left.total, last.right.total)
    assert measured("task_ratio", THREAD) == pytest.approx(1, abs=0.02)
    assert 0 <= measured("task_difference", THREAD) < 0.02


def test_equal_totals_have_the_ratio_one():
    assert measured("ratio", "Equal totals") == pytest.approx(1, abs=1e-3)
    assert measured("ratio", "Eight heads") == pytest.approx(8, rel=0.02)


def test_a_run_that_stopped_early_has_no_ratio_of_its_tasks():
    known = recorded_run(PRESETS[THREAD])
    assert known
    assert math.isnan(float(FIGURES["task_ratio"].measure(PRESETS[THREAD], known.run.epochs[:3], "")))


def test_a_figure_needs_the_argument_that_it_takes():
    assert find("claim", "speed").source("speed") == ("claim", "speed")
    assert find("loss_ratio").source("") == ("claim", "averaged_summed")
    for name, argument in (
        ("nothing", ""),
        ("ratio", "speed"),
        ("claim", ""),
        ("refused", "speed"),
        ("claim", "advisor"),
    ):
        with pytest.raises(KeyError):
            find(name, argument)


def test_the_documentation_lists_every_figure_panel_control_and_time():
    text = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    for figure in FIGURES.values():
        name = f"{figure.name}(key)" if figure.takes else figure.name
        assert f"| `{name}` | {figure.says} |" in text
    for panels in (PANELS["compare"], PANELS["train"]):
        for name, panel in panels.items():
            assert f"| `{name}` | {panel.words}{'' if panel.sealed else ' (before the prediction, too)'} |" in text
    for key in (*PANELS["claims"], *PANELS["topologies"], *PANELS["mistake"]):
        assert f"`{key}`" in text
    for name, words in CONTROLS.items():
        assert f"| `{name}` | {words} |" in text
    assert all(f"`{name}`" in text for name in Ask.model_fields)
    assert AROUND == 120
    assert "`think` + `discuss` + 120 seconds" in text


def test_the_example_of_the_documentation_is_a_lesson():
    text = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    _, example, _ = text.split("````")
    lesson = parse(example.removeprefix("markdown\n"), "first.md")
    assert [step.id for step in lesson.steps] == ["sum"]
