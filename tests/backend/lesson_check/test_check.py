"""The check of lessons: a wrong answer, and a room that waits too long, are faults."""

from __future__ import annotations

from pathlib import Path

from backend.config.settings import Settings
from backend.lesson_check import Finding, check, faults_of_mistake, lateness, positions
from backend.lessons import expect, load, parse
from backend.lessons.library import SHIPPED
from backend.questions.mistakes import MISTAKES, MistakeVerdict
from backend.services import Services
from tests.builders.lessons import GOLDEN

#: The golden lesson with a test of each option, of which one is wrong.
WRONG = (
    GOLDEN.replace("median(ratio) in 1.9..2.1", "median(ratio) in 2.1..2.2")
    .replace("- [ ] half {", '- [ ] half {expect: "ratio in 0.4..0.6", ')
    .replace("- [ ] more", '- [ ] more {expect: "parameters > 4762"}')
)
TWO = Settings(workers=2)


def named(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.step.id: finding for finding in findings}


def test_a_wrong_answer_is_a_fault(recorded: Services) -> None:
    """`tests/pages/test_learn.py` checks the shipped lessons."""
    wrong = named(list(check([parse(WRONG)], recorded)))
    found, tests = wrong["none"].lines
    assert found == "✓ lesson.md:42: none: parameters is 4,762"
    assert tests.startswith("    can be tested: parameters = 4762; claim(parameters) = true")
    figures = {test.partition(" in ")[0] for test in wrong["sum"].testable}
    assert {
        "ratio",
        "right_total",
        "head_ratio(level)",
        "training(left)",
        "gap(left)",
        "baseline_ratio(right, trend)",
    } <= figures
    hidden, fault = wrong["sum"].faults
    assert hidden.startswith("The step tests claim(parameters), but none of its panels shows it")
    assert fault.startswith("“about *twice* as large, on two lines” is ticked and expects median(ratio) in 2.1..2.2")


def test_a_rooms_results_have_to_be_ready_while_it_thinks_and_discusses():
    (quick, none) = parse(GOLDEN).steps
    assert not lateness(quick, TWO)
    assert not lateness(none, TWO), "it has no run"
    large = parse(GOLDEN.replace('base: "epochs=3&samples=64"', 'base: "epochs=100&samples=4096&lstm=128,128"'))
    (fault,) = lateness(large.steps[0], TWO)
    assert fault.startswith("The runs of 30 participants would take about ")
    assert fault.endswith(" on 2 workers, but the room thinks and discusses for 150 seconds.")
    assert not lateness(large.steps[0], TWO.model_copy(update={"lessons_participants": 1}))


def test_a_wrong_answer_about_the_lab_is_a_fault_without_a_measurement(tmp_path: Path) -> None:
    wrong = checked_about_the_lab(tmp_path, "sharing(hard, 0) = better")
    (fault,) = wrong.faults
    assert fault.startswith("“yes” is ticked and expects sharing(hard, 0) = better")
    right = checked_about_the_lab(tmp_path, "sharing(hard, 0) = no_difference")
    assert not right.faults
    assert {"sharing(hard, 0) = no_difference", "sharing(hard, 1) = better"} <= set(right.testable)
    for test in right.testable:
        assert expect.parse(test), "an author can copy it"


def test_a_mistake_that_keras_no_longer_makes_is_a_fault() -> None:
    step = next(lesson for lesson in load(SHIPPED).lessons if lesson.id == "ten-mistakes").steps[0]
    mistake = MISTAKES[step.block.show[0]]
    found = MistakeVerdict(mistake.options[0], "", "", happens=False, mended=False, mended_finding="The loss is 1.")
    assert faults_of_mistake(mistake, found) == [
        f"“{mistake.ticked}” is ticked, but Keras gives “{mistake.options[0]}”.",
        "The corrected script is not correct: The loss is 1.",
    ]


def test_a_position_that_is_right_too_often_is_named() -> None:
    (step, _) = parse(GOLDEN).steps
    one = step.model_copy(update={"options": step.options[:2]})
    assert len(positions([one] * 7)) == 1, "too few questions"
    swapped = one.model_copy(update={"options": one.options[::-1]})
    assert positions([one, swapped] * 6) == ["Right answers by position: A 6, B 6"]
    letter = "AB"[one.right]
    _, said = positions([one] * 9 + [swapped])
    assert said.startswith(f"{letter} is right in 9 of 10 questions, and by chance it would be in about 5.")


def checked_about_the_lab(state: Path, test: str, option: str = "") -> Finding:
    """What the check says of a question about the Lab whose right answer expects this, and the wrong one that."""
    wrong = f' {{expect: "{option}"}}' if option else " {untested: it is only the other word}"
    text = (
        "---\nid: a\ntitle: A\nminutes: 3\n---\n\n## S {#s}\n\n```step\npage: lab\nshow: [share]\nask: {think: 60}\n"
        f'expect: "{test}"\n```\n\nText?\n\n- [x] yes\n- [ ] no{wrong}\n'
    )
    services = Services.build(Settings(state_dir=state, workers=1))
    (found,) = check([parse(text)], services)
    services.close()
    return found
