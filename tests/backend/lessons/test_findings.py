"""The sentence on what was measured of a step: from the recorded run of real Keras, or by arithmetic."""

from __future__ import annotations

import pytest

from backend.experiment.presets import PRESETS, THREAD
from backend.lessons import Step, load, parse
from backend.lessons.figures import FIGURES
from backend.lessons.findings import in_words, of_compass, of_networks, of_run, sentence_about, sentences
from backend.lessons.library import SHIPPED
from backend.lessons.writer import draft
from backend.training.recorded import recorded_run
from tests.builders.lessons import GOLDEN

FRONT = '---\nid: own\ntitle: Own\nminutes: 3\nbase: ""\n---\n'


def step_of(lesson: str, key: str) -> Step:
    found = load(SHIPPED).lesson(lesson)
    step = found.step(key) if found else None
    assert step
    return step


def drafted(page: str, show: tuple[str, ...], experiment=PRESETS[THREAD], expect: str = "parameters < 0") -> Step:
    """A step of an author's lesson, as Share writes it."""
    return parse(FRONT + draft(page, show, experiment, expect)).steps[0]


def test_a_run_s_sentence_has_the_ratio_that_was_measured():
    known = recorded_run(PRESETS[THREAD])
    assert known
    step = drafted("train", ("ratio",), expect="median(ratio) < 0")
    ratio = known.run.epochs[-1].ratio
    assert 1.99 < ratio < 2.01
    assert (
        of_run(step, known.run.epochs) == f"Functional's total validation loss divided by Sequential's is {ratio:.4g}."
    )
    assert of_run(step, known.run.epochs[:3]) == (
        "The run gives no number for Functional's total validation loss divided by Sequential's."
    ), "the run stopped early"
    assert of_run(step, []) == ""


def test_a_figure_is_of_the_training_loss_if_nothing_validates():
    training = PRESETS[THREAD].training.model_copy(update={"validation": 0})
    without = PRESETS[THREAD].model_copy(update={"training": training})
    for name in ("ratio", "head_ratio", "task_difference"):
        assert "validation loss" in in_words(FIGURES[name], PRESETS[THREAD])
        assert "validation" not in in_words(FIGURES[name], without)
        assert "training loss" in in_words(FIGURES[name], without)
    assert "validation loss" in in_words(FIGURES["gap"], without), "it has no value there"


def test_several_seeds_give_their_median():
    known = recorded_run(PRESETS[THREAD])
    assert known
    step = drafted("train", ("ratio",), expect="median(first_ratio) < 0")
    first = known.run.epochs[0]
    doubled = first.model_copy(update={"seed": first.seed + 1, "right": first.left})
    other = of_run(step, [doubled])
    assert other.endswith(" is 1.")
    both = of_run(step, [first, doubled])
    assert both.endswith(f" is {(first.ratio + 1) / 2:.4g} (the median of 2 seeds).")


def test_a_step_on_a_run_whose_test_reads_none_has_no_sentence():
    step = parse(
        GOLDEN.replace("median(ratio) in 1.9..2.1 and ", "").replace(', expect: "ratio in 0.9..1.1"', "")
    ).steps[0]
    known = recorded_run(PRESETS[THREAD])
    assert known
    assert of_run(step, known.run.epochs) == ""


def test_the_networks_sentence_is_about_what_the_step_shows():
    assert of_networks(step_of("same-network", "parameters")) == "Both networks have 4,762 parameters."
    connections = "Both networks have the same 16 connections into the heads."
    assert of_networks(step_of("same-network", "connections")) == connections
    assert of_networks(step_of("does-sharing-help", "what")) == connections
    assert of_networks(drafted("compare", ("code",))) == "Yes, the same network."


def test_a_style_that_cannot_express_the_network_is_named():
    thread = PRESETS[THREAD]
    heads = thread.architecture.heads
    deep = heads[0].model_copy(update={"hidden": (4,)})
    architecture = thread.architecture.model_copy(update={"heads": (deep, *heads[1:])})
    experiment = thread.model_copy(update={"architecture": architecture})
    note = " ".join(experiment.unsupported_styles())
    assert note
    assert of_networks(drafted("compare", ("parameters",), experiment)) == note


@pytest.mark.parametrize(("key", "method"), [("two-arrows", "Mean"), ("projection", "PCGrad"), ("three", "PCGrad")])
def test_the_compass_sentence_is_about_the_method_that_the_question_is_about(key, method):
    step = step_of("do-my-heads-fight", key)
    preset, _, which = step.block.show[0].rpartition("_")
    said = of_compass(step, preset, ("mean", "mgda", "pcgrad") if which == "methods" else ("mean",))
    assert said.startswith(f"Next step with {method}: head A’s loss ")
    assert said.count("rises") == {"two-arrows": 1, "projection": 0, "three": 2}[key]


def test_a_sentence_ends_neither_at_a_decimal_nor_within_bold_text():
    assert sentences("It takes 1.05 times as long. It is slower.") == ["It takes 1.05 times as long.", "It is slower."]
    assert sentences("**Yes. It does.** And more.") == ["**Yes. It does.**", "And more."]


def test_the_sentence_that_names_what_the_test_reads_is_chosen():
    text = "Hard sharing helps. MMoE: worse. Cross-stitch: better."
    assert sentence_about(text, ["mmoe", "cross_stitch"]) == "MMoE: worse."
    assert sentence_about(text, ["cross_stitch", "mmoe"]) == "Cross-stitch: better."
    assert sentence_about(text, ["cgc"]) == "Hard sharing helps."
