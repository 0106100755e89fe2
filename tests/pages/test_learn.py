"""Learn, by AppTest through the shell: nothing of a result before the prediction; progress in link and visitor."""

from __future__ import annotations

import time

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.lesson_check import check
from backend.questions.lab import QUESTIONS
from backend.questions.lab.recorded import recorded_evidence
from backend.services import services
from backend.training.job import TrainJob
from components.session.visitor import COOKIE
from components.text import for_markdown
from tests.builders.pages import SHELL, button, until

SHELF = "Can you predict what Keras does?"
TITLE = "What does a total loss tell you\\?"
LESSON = {"lesson": "factor-of-two"}


@pytest.fixture
def learn(page):
    def open_lesson(title=TITLE, **query):
        return page("learn.py", title, **query)

    return open_lesson


def messages(at):
    """Everything that the browser gets, as text."""
    found = []

    def walk(block):
        for child in block.children.values():
            if hasattr(child, "children"):
                walk(child)
            if getattr(child, "proto", None) is not None:
                found.append(str(child.proto))

    walk(at._tree)
    return "\n".join(found)


def predict(at, option, sure=None):
    asked = next(radio for radio in at.radio if radio.key.startswith("learn.ask."))
    asked.set_value(option).run()
    if sure:
        next(group for group in at.button_group if group.key.startswith("learn.sure.")).set_value(sure).run()
    button(at, "Submit my prediction").click().run()
    assert not at.exception
    return at


def status(at):
    return next(element.value for element in at.markdown if 'role="status"' in element.value)


def seen(at):
    return until(at, lambda at: "The result is here" in status(at))


def charts(at):
    """Plotly's charts, and the pictures that the server draws."""
    return [*at.get("plotly_chart"), *(each for each in texts(at) if "<svg" in each)]


def texts(at):
    return [element.value for element in at.markdown]


def test_the_shelf_opens_a_lesson_at_its_first_step(learn):
    at = learn(SHELF)
    at.button(key="learn.open.factor-of-two").click().run()
    assert [title.value for title in at.title] == [TITLE]
    assert (at.query_params["lesson"], at.query_params["step"]) == ("factor-of-two", "sum")
    assert [header.value for header in at.header] == ["Two total losses"]


def test_no_message_holds_a_result_before_the_prediction(learn):
    at = learn(**LESSON, step="sum")
    experiment = services().lessons().lesson("factor-of-two").steps[0].experiment
    end = time.monotonic() + 200
    while True:  # the workers train ahead, so the result is in the server
        run = services().shared.find(TrainJob.of(experiment), "anybody")
        if run is not None and run.state == "finished":
            break
        assert time.monotonic() < end
        time.sleep(0.2)
    at.run()
    sent = messages(at)
    step = services().lessons().lesson("factor-of-two").steps[0]
    assert step.text.split("\n")[0][:40] in sent
    assert not charts(at)
    total = f"{run.result.epochs[-1].left.compared_total:.3g}"
    for secret in (
        total,
        step.look[:30],
        step.why.split("\n")[0][:30],
        step.notes[:30],
        "misconception",
        "total-is-mean",
    ):
        assert secret not in sent, secret
    assert "Not right" not in sent
    assert "ratio in 1.9" not in sent

    seen(predict(at, 0))
    after = messages(at)
    assert charts(at)
    assert step.look[:30] in after
    assert step.why.split("\n")[0][:30] not in after, "the reason is on request"
    assert step.notes[:30] not in after, "the notes are for a speaker"
    button(at, "Why?").click().run()
    assert step.why in texts(at)


def test_a_prediction_is_marked_and_what_was_expected_can_be_tried(learn):
    at = seen(predict(learn(**LESSON, step="sum"), 0, sure="certain"))
    mark = next(text for text in texts(at) if "You predicted" in text)
    assert mark.startswith(":red[**✗ Not right.**] You predicted: About the same as Sequential's (certain).")
    assert "your prediction was not right" in status(at), "read aloud"
    assert "**The answer:** About twice Sequential's." in mark
    assert at.metric[0].value == "2.00"
    button(at, "Try it with combination of losses Mean").click().run()
    seen(at)
    assert at.metric[0].value == "1.00"
    assert "with other settings than those of the question" in status(at)
    assert not any("You predicted" in text for text in texts(at)), "the mark is of the question's settings"
    button(at, "Back to the step's settings").click().run()
    assert seen(at).metric[0].value == "2.00"
    button(at, "Try it with combination of losses Mean").click().run()
    button(at, "Start the lesson again").click().run()
    assert seen(predict(at, 1)).metric[0].value == "2.00", "the question's settings are back"


def test_the_visitors_own_experiment_and_run_stay_as_they_are(learn):
    at = learn(**LESSON, step="mean", timesteps="7")
    seen(predict(at, 1))
    own = at.session_state["session"].experiment
    assert own == Experiment().model_copy(update={"architecture": own.architecture})
    assert own.architecture.timesteps == 7
    assert services().runs.latest(at.session_state[COOKIE]) is None
    assert not services().jobs.registry.followed_jobs(at.session_state[COOKIE], ("train",)), (
        "the chip shows no activity"
    )
    at.switch_page("train.py").run()
    assert at.session_state["session"].experiment == own


def test_an_allowed_control_trains_when_it_is_changed(learn):
    at = learn(**LESSON, step="mean")
    assert not [box for box in at.selectbox if box.key == "learn.factor-of-two.mean.combine"], "after the prediction"
    seen(predict(at, 1))
    combine = "learn.factor-of-two.mean.combine"
    assert seen(at).metric[0].value == "1.00"
    at.selectbox(key=combine).set_value("sum").run()
    assert seen(at).metric[0].value == "2.00"


def test_progress_is_kept_with_the_visitor_and_can_be_forgotten(learn):
    at = seen(predict(learn(**LESSON, step="sum"), 1))
    button(at, "Next step").click().run()
    assert at.query_params["step"] == "mean"
    at.switch_page("train.py").run()
    at.switch_page("learn.py").run()
    assert at.query_params["step"] == "mean"

    again = AppTest.from_file(str(SHELL))  # the same visitor in another session: a reload
    again.session_state[COOKIE] = at.session_state[COOKIE]
    again.query_params["lesson"] = "factor-of-two"
    again.run()
    again.switch_page("learn.py").run()
    assert again.query_params["step"] == "mean"
    button(again, "Previous step").click().run()
    assert any(text.startswith(":green[**✓ Right.**]") for text in texts(seen(again)))
    button(again, "Start the lesson again").click().run()
    assert "Submit my prediction" in [each.label for each in again.button]
    other = learn(**LESSON, step="sum")
    assert "Submit my prediction" in [each.label for each in other.button]


@pytest.mark.parametrize(
    ("lesson", "step", "question"),
    [("does-sharing-help", "same", "share"), ("is-one-head-drowned", "worth-it", "beat")],
)
def test_no_recorded_answer_is_sent_before_the_prediction(learn, lesson, step, question):
    known = recorded_evidence(question, QUESTIONS[question].published[0])
    assert known
    finding = QUESTIONS[question].test(known.evidence).finding
    found = services().lessons().lesson(lesson)
    at = learn(for_markdown(found.title), lesson=lesson, step=step)
    secrets = [finding[:30], known.machine.name, "Hard sharing changes", "median Δm"]
    assert not any(secret in messages(at) for secret in secrets)
    assert not charts(at)
    seen(predict(at, 0))
    assert known.machine.name in messages(at)
    assert charts(at)


def without_times(lesson):
    """The lesson with its steps that expect something of a measurement, and of no time."""
    steps = [step for step in lesson.steps if step.expected and ("claim", "speed") not in step.expected.sources]
    return lesson.model_copy(update={"steps": tuple(steps)})


def answers_hold_and_every_step_is_drawn_and_seen(learn, lessons):
    """The first option is predicted everywhere. The faults of a lesson are those of its answers and its minutes.

    Mistakes are run by `tests/backend/worker/test_mistakes.py`.

    Beside other tests no time can be measured; `make lesson-check` measures them.
    """
    findings = list(check(map(without_times, lessons), services()))
    assert not [line for finding in findings for line in finding.lines if finding.faults]
    assert all(finding.measured for finding in findings)
    for lesson in lessons:
        for step in lesson.steps:
            at = learn(for_markdown(lesson.title), lesson=lesson.id, step=step.id)
            at = seen(predict(at, 0))
            assert not at.exception
            if step.why:
                button(at, "Why?").click().run()
                assert step.why in texts(at)


def shipped():
    """The shipped lessons by their ids, without their mistakes."""
    shelf = services().lessons()
    assert not shelf.errors
    asked = ((lesson, tuple(step for step in lesson.steps if step.block.page != "mistake")) for lesson in shelf.lessons)
    return {lesson.id: lesson.model_copy(update={"steps": steps}) for lesson, steps in asked if steps}


def test_the_answer_of_a_lesson_s_step_holds_and_the_step_is_drawn_and_seen(learn):
    lesson = shipped()["factor-of-two"]
    answers_hold_and_every_step_is_drawn_and_seen(
        learn, [lesson.model_copy(update={"steps": lesson.steps[:1], "minutes": 5})]
    )
