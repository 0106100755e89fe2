"""The sentence on what was measured of a step: from the recorded run of real Keras."""

from __future__ import annotations

from backend.experiment.presets import PRESETS, THREAD
from backend.lessons import Step, parse
from backend.lessons.findings import of_run
from backend.training.recorded import recorded_run

FRONT = '---\nid: own\ntitle: Own\nminutes: 3\nbase: ""\n---\n'


def step_on_train() -> Step:
    """A step of an author's lesson."""
    block = 'page: train\nset: ""\nshow: [ratio]\nrun: shared\nexpect: "median(ratio) < 0"'
    return parse(f"{FRONT}## Step {{#my-step}}\n\n```step\n{block}\n```\n\nWhich?\n\n- [x] Right\n- [ ] Wrong\n").steps[
        0
    ]


def test_a_run_s_sentence_has_the_ratio_that_was_measured():
    known = recorded_run(PRESETS[THREAD])
    assert known
    step = step_on_train()
    ratio = known.run.epochs[-1].ratio
    assert of_run(step, known.run.epochs).endswith(f" is {ratio:.4g}.")
    assert "gives no number" in of_run(step, known.run.epochs[:3]), "the run stopped early"
    assert of_run(step, []) == ""


def test_several_seeds_give_their_median():
    known = recorded_run(PRESETS[THREAD])
    assert known
    step = step_on_train()
    last = known.run.epochs[-1]
    equal = last.model_copy(update={"seed": last.seed + 1, "right": last.left})
    both = of_run(step, [last, equal])
    assert both.endswith(f" is {(last.ratio + 1) / 2:.4g} (the median of 2 seeds).")
