"""Lessons that say something false, or nothing: the check refuses each with one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.lesson_check import Finding, check
from backend.lesson_check.form import faults
from backend.lessons import Shelf, load, parse
from backend.services import Services

TRAPS = Path(__file__).parent / "traps"
#: The fault of each lesson, in part. All measurements are recorded.
REFUSED = {
    "a-test-of-something-else": "“It is smaller” reads none of the figures of the right answer (ratio).",
    "a-fraction": "“1/2” says 1/2, but its test is ratio in 1.9..2.1.",
    "a-number-in-a-sentence": "“It is 0.5, as two heads share it” says 0.5, but its test is ratio in 1.9..2.1.",
    "about-is-not-anything": "Why says about 2.5 beside ratio, but ratio is 2.",
    "always-true": "“right_total > 0” is true of every possible value.",
    "another-method": "tests rises(conflict, pcgrad), but none of its panels shows it (conflict_mean).",
    "another-number": "“0.5” says 0.5, but its test is ratio in 1.9..2.1.",
    "another-panel": "tests refused(residual), but none of its panels shows it (siamese).",
    "another-part": "tests sharing(hard, 0), but none of its panels shows it (share_equal).",
    "another-word": "“About half” says About half, but its test is ratio in 1.9..2.1.",
    "any-answer": "“answer(parameters) >= 1” is true of every possible value.",
    "any-share": "“a share in 0..1” is true of every possible value.",
    "barely-wrong": "is not ticked and expects ratio > 2.01, and that nearly holds: ratio is 1.995",
    "both-can-be-right": "“It is larger” expects ratio > 1, which also holds whenever “8” is right (ratio in 7..9).",
    "false-by-something-else": "and that holds in what the right answer reads: ratio is 1.995",
    "hardly-a-test": "0.2 and 20 would pass, too, and ratio is 2: make the test narrower.",
    "heads-that-are-not-shown": "tests head_ratio(level), but none of its panels shows it (totals).",
    "largest-of-five": "expects most(ratio) > 2.005, but the median of ratio is 2.",
    "never-true": "“ratio < 0” is true of no possible value.",
    "no-reason": "“1” has no test. Write {expect:",
    "no-test": "“1” has no test. Write {expect:",
    "not-the-run-that-is-seen": "but ratio is 1.995 in the run that the class sees.",
    "number-within-a-wide-test": "“0.5” says 0.5, but the median of ratio is 2.",
    "one-seed-of-five": "share(head_ratio(level) > 1.005) >= 0.2, but the median of head_ratio(level) is 1.001.",
    "right-in-disguise": "“2” says 2, but its test is ratio in 3..4.",
    "share-of-one-run": "“share” counts runs, but the step shows one run.",
    "shown-before-the-question": "“before” shows ratio before the question that asks for it.",
    "tests-that-exclude-each-other": "“Something else” cannot hold together: ratio > 2.1 and ratio < 1.9.",
    "the-page-shows-it-not": "says that the page shows cascade, but the step shows siamese.",
    "ticked-without-a-test": "“The networks are equal” has no test.",
    "totals-before-the-question": "“before” shows ratio before the question that asks for it.",
    "wide-tolerance": "“1 ± 1.5” is too wide for ratio",
    "wide-tolerance-of-a-large-number": "“50 ± 49.9” is too wide for ratio",
    "wide-tolerance-of-a-share": "“1 ± 1.5” is too wide for ratio",
    "wrong-by-one-seed": "is not ticked and expects ratio in 1.99..2.004, and that holds: the median of ratio is 2.",
    "wrong-why": "Why says 3 beside ratio, but ratio is 2.",
    "wrong-why-of-a-head": "Why says 0.66 beside head_ratio(level), but head_ratio(level) is 1.001.",
    "wrong-word-in-why": "Why says half beside ratio, but ratio is 2.",
    "wrong-words-of-an-option": "says 3, but its test is ratio in 1.9..2.1.",
}
#: The lessons in which nothing is wrong, or not everything.
OTHERS = {"honest", "few-seeds", "a-fault-of-form"}


@pytest.fixture
def shelf() -> Shelf:
    return load(TRAPS)


def findings(shelf: Shelf, services: Services) -> dict[str, Finding]:
    return {found.lesson.id: found for found in check([*shelf.lessons, *shelf.rests], services)}


def test_each_trap_is_refused_with_one_sentence(recorded: Services, shelf: Shelf) -> None:
    found = findings(shelf, recorded)
    assert found.keys() == REFUSED.keys() | OTHERS
    for name, reason in REFUSED.items():
        (fault,) = found[name].faults
        assert reason in fault, name
        assert found[name].measured, "a fault of form does not stop the measuring"


def test_an_honest_lesson_has_no_fault(recorded: Services, shelf: Shelf) -> None:
    assert findings(shelf, recorded)["honest"].lines[0] == "✓ honest.md:8: one: ratio is 1.995, 1.984, 2.005, 2, 2.006"


def test_a_figure_that_belongs_to_no_panel_is_tested_with_any() -> None:
    text = (TRAPS / "few-seeds.md").read_text(encoding="utf-8").replace("samples=64", "samples=64&dense=8:relu")
    for test in ("dead_units(right) > 0", "cosine(level, trend) < 0"):
        (step,) = parse(text.replace("best_epoch(right) < 2", test)).steps
        assert not faults(step)


def test_few_seeds_of_a_share_are_a_note_with_the_interval(recorded: Services, shelf: Shelf) -> None:
    found = findings(shelf, recorded)["few-seeds"]
    assert not found.faults
    (note,) = found.notes
    assert note.startswith("2 of 5 seeds have best_epoch(right) < 2. So the share can be 8% to 83%")


def test_a_step_with_a_fault_of_form_leaves_the_others_to_be_measured(recorded: Services, shelf: Shelf) -> None:
    (error,) = shelf.errors
    assert error.reason.startswith("There is no panel “curves” on the page train")
    (fault,) = findings(shelf, recorded)["a-fault-of-form"].faults
    assert fault.startswith("“3” is ticked and expects ratio in 2.9..3.1, but ratio is 1.995")
