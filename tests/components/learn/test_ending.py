"""The end of a lesson: what was measured of each question, nothing of one without a prediction, and what follows."""

from __future__ import annotations

from backend.questions.lab import QUESTIONS
from backend.questions.lab.recorded import recorded_evidence
from tests.builders.pages import ADA, button, visit

LAB = "do-my-heads-fight"


def opened(lesson, step="_end"):
    return visit("learn.py", ADA, lesson=lesson, step=step)


def answer(server, lesson, *options):
    """Predict in the first steps of a lesson and see the results."""
    found = server.lessons().lesson(lesson)
    for each, option in zip(found.steps, options, strict=False):
        server.progress.record(found, each, ADA, option)
        server.progress.mark_result_seen(found, each, ADA)
    return found


def lines(at):
    """The lines of the questions, without escapes."""
    (text,) = (each.value for each in at.markdown if each.value.startswith("1. "))
    return text.replace("\\", "").replace("\u2060", "").replace("  \n   ", " ").split("\n")


def headings(at):
    return [each.value.replace("\\", "").replace("\u2060", "") for each in (*at.header, *at.subheader)]


def test_each_question_has_its_mark_and_what_was_measured(serve):
    server = serve()
    lesson = server.lessons().lesson(LAB)
    right = [step.right for step in lesson.steps]
    wrong = (right[0] + 1) % len(lesson.steps[0].options)
    answer(server, LAB, wrong, *right[1:])
    at = opened(LAB)
    said = lines(at)
    assert headings(at)[0] == "Your score: 2 of 3"
    assert [line.split("**")[1] for line in said] == ["✗ Not right.", *["✓ Right."] * 2]
    for line, step in zip(said, lesson.steps, strict=True):
        assert f"**{step.title}**" in line
    assert "Next step with Mean: head A’s loss rises by" in said[0]
    question = QUESTIONS["conflict"]
    finding = question.test(recorded_evidence("conflict", question.published[0]).evidence).finding
    assert said[2].endswith(finding)


def test_a_question_without_a_prediction_or_a_result_tells_nothing(serve):
    server = serve()
    lesson = answer(server, LAB, 0)
    server.progress.record(lesson, lesson.steps[1], ADA, 0)
    at = opened(LAB)
    said = lines(at)
    assert said[1].startswith("2. No result yet. **")
    assert all(line.endswith("after your prediction.") for line in said[2:])
    assert not any("Next step with" in line or "conflict in" in line for line in said[1:])
    assert "2 questions do not count." in [each.value for each in at.markdown]


def test_the_next_lesson_follows_and_after_the_last_one_the_shelf(serve):
    server = serve()
    first, second = server.lessons().lessons[:2]
    at = opened(first.id)
    assert headings(at)[-1] == f"Next lesson: {second.title}"
    button(at, "Start the next lesson").click().run()
    assert (at.query_params["lesson"], at.query_params["step"]) == (second.id, second.steps[0].id)

    lessons = server.lessons().lessons
    lesson = answer(server, lessons[-1].id, *[step.right for step in lessons[-1].steps])
    at = opened(lesson.id)
    assert headings(at)[-1] == "This was the last lesson."
    button(at, "All lessons").click().run()
    assert "lesson" not in at.query_params
