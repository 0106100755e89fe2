"""A step about a mistake: nothing of its result is sent before the prediction, and it is asked like every step."""

import json
from contextlib import suppress

import pytest
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

from backend.questions.mistakes import MISTAKES
from backend.questions.mistakes.base import MistakeEvidence, Ran
from backend.questions.mistakes.job import MistakeJob
from components.session.visitor import COOKIE
from components.text import spoken

ALPHABET, COLUMN = MISTAKES["weights_by_name"], MISTAKES["one_column"]
#: Two mistakes are in lessons of others alone: they are not about heads.
SHOWN = [mistake for key, mistake in MISTAKES.items() if key not in ("clone", "summary")]


def page():
    import streamlit as st

    from backend.services import services
    from components.learn import step
    from components.learn.choice import OPTIONS
    from components.session import page_options

    page_options.synchronise("learn", OPTIONS)
    for lesson in services().lessons().lessons:
        for each in lesson.steps:
            if each.block.show == (st.session_state["shown"],) and each.block.page == "mistake":
                step.show(lesson, each)


EVIDENCE = MistakeEvidence(
    broken=Ran(printed="loss: 3.503\nbroken-output\n", answer=ALPHABET.ticked),
    mended=Ran(printed="loss: 3.201\nmended-output\n", answer=ALPHABET.options[0]),
)


@pytest.fixture
def server(serve):
    """Real jobs of a server without workers; a test acts as the worker."""
    return serve()


def tab(mistake, visitor="a"):
    app = AppTest.from_function(page)
    app.session_state[COOKIE] = visitor * 32
    app.session_state["shown"] = mistake.key
    return run(app)


def run(app):
    app.run()
    assert not app.exception
    return app


def predict(app, option):
    app.radio[0].set_value(MISTAKES[app.session_state["shown"]].options.index(option))
    return click(run(app), "Submit my prediction")


def click(app, label):
    next(button for button in app.button if button.label == label).click()
    return run(app)


def strings(value):
    """Every string within a message; a component's data is JSON in one of them."""
    if isinstance(value, dict):
        return [found for key, each in value.items() for found in [key, *strings(each)]]
    if isinstance(value, list):
        return [found for each in value for found in strings(each)]
    if isinstance(value, str) and value[:1] == "{":
        with suppress(json.JSONDecodeError):
            return [value, *strings(json.loads(value))]
    return [value] if isinstance(value, str) else []


def sent(app):
    """All text that the browser has received."""
    protos = [node.proto for node in app._tree if getattr(node, "proto", None) is not None]
    return "\n".join(text for proto in protos for text in strings(MessageToDict(proto)))


def end(server, result):
    server.jobs.registry.end(server.jobs.registry.take(1), "finished", result=result)


@pytest.mark.slow
@pytest.mark.parametrize("mistake", SHOWN, ids=lambda mistake: mistake.key)
def test_before_the_prediction_the_browser_receives_the_script_and_the_question_alone(server, mistake):
    server.shared.request(MistakeJob.on(mistake), "b" * 32)  # another visitor has seen the result already
    failed = Ran(printed="the-output", error="SomeError: the-message")
    end(server, MistakeEvidence(broken=failed, mended=failed))
    app = tab(mistake)
    text = sent(app)
    assert mistake.broken in text
    assert spoken(mistake.question) in text
    assert all(option in text for option in mistake.options)
    own = set(mistake.mended.splitlines()) - set(mistake.broken.splitlines())
    assert own, "the mended script differs"
    for secret in (*own, mistake.mended, mistake.symptom, mistake.why, mistake.remedy, "the-output", "the-message"):
        assert secret not in text
    assert app.radio[0].value is None
    assert app.radio[0].proto.help


def test_a_prediction_runs_the_scripts_and_then_stands_beside_what_was_measured(server):
    app = predict(tab(ALPHABET), ALPHABET.options[0])
    assert ALPHABET.mended not in sent(app)
    assert "Prediction submitted." in sent(app)
    assert server.jobs.queue_length == 1
    end(server, EVIDENCE)
    text = sent(run(app))
    assert "**✗ Not right.**] You predicted: Keras minimizes the loss of `trend`." in text
    assert "**The answer:** Keras minimizes the loss of `level`." in text
    for shown in (ALPHABET.symptom, ALPHABET.why, ALPHABET.remedy, ALPHABET.mended, "broken-output", "mended-output"):
        assert shown in text
    assert "✓ Corrected." in text
    again = sent(tab(ALPHABET))
    assert "mended-output" in again, "a reload keeps it"
    assert "mended-output" not in sent(tab(ALPHABET, "b"))


def test_a_failed_job_says_why_and_can_be_requested_again(server):
    app = predict(tab(COLUMN), COLUMN.options[0])
    server.jobs.registry.end(server.jobs.registry.take(1), "failed", message="The worker stopped.")
    app = run(app)
    assert [each.value for each in app.warning] == ["The worker stopped\\."]
    assert all(button.proto.help for button in app.button)
    app = run(click(app, "Try again"))
    assert not app.warning
    assert server.jobs.queue_length == 1
