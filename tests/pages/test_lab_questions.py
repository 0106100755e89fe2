"""The questions of the Lab, by AppTest through the shell: prediction first, recorded or measured here, and the link."""

from functools import partial

import pytest

from backend.questions.lab import QUESTIONS, trade_offs, unstuck
from backend.questions.lab.job import LabJob
from backend.questions.lab.recorded import recorded, recorded_evidence
from backend.services import services
from components.text import spoken
from tests.builders.pages import (
    again,
    button,
    charts,
    click,
    drawn,
    group,
    link,
    messages,
    replay,
    run,
    says,
    until,
    visit,
)

#: Little to measure.
BRIEF = {"question": "trade_offs", "trade_offs_levels": "3", "trade_offs_starts": "1", "trade_offs_steps": "100"}
#: The number of charts that show evidence.
CHARTS = {
    "scale": lambda evidence: 1,
    "conflict": lambda evidence: 2,
    "unstuck": lambda evidence: len(evidence.runs),
    "trade_offs": lambda evidence: 1,
    "beat": lambda evidence: 2,
    "share": lambda evidence: 1,
}


lab = partial(visit, "lab.py")


@pytest.fixture(autouse=True)
def _server(request, serve):
    """A server without workers, or one whose jobs get recorded results."""
    if "recorded" not in request.fixturenames:
        serve()


def asked(at):
    """The question that awaits a prediction, or None."""
    return next((each for each in at.radio if (each.key or "").startswith("lab.predict.")), None)


def downloads(at):
    """The files that the question offers; the measurement of one's own heads, on the same page, has others."""
    return [each for each in at.get("download_button") if not each.key.startswith("lab.heads.")]


def keys(at):
    return [each.key for each in (*at.button, *at.number_input)]


def predict(at, option):
    return run(asked(at).set_value(option))


def choose(at, key, value):
    return run(at.selectbox(key=f"lab.{key}").set_value(value))


@pytest.mark.slow
@pytest.mark.parametrize("key", QUESTIONS)
def test_nothing_measured_is_sent_before_a_prediction(key):
    at = lab(question=key)
    question = QUESTIONS[key]
    radio = asked(at)
    assert radio.label == spoken(question.question)
    assert tuple(radio.options) == question.options
    assert radio.value is None
    assert charts(at) == 0
    everything = messages(at)
    assert spoken(question.question) in everything, "this is how it would be found"
    for each in recorded():
        verdict = QUESTIONS[each.question].test(each.evidence)
        for secret in (verdict.finding, verdict.why[:60], "**Recorded**", each.machine.name):
            assert secret not in everything
    assert "lab.start" not in keys(at)
    assert not downloads(at)


@pytest.mark.slow
@pytest.mark.parametrize("key", QUESTIONS)
def test_a_prediction_shows_the_recorded_result_with_its_machine_and_is_marked(key):
    question = QUESTIONS[key]
    found = recorded_evidence(key, question.settings())
    verdict = question.test(found.evidence)
    at = predict(lab(question=key), verdict.answer)
    assert says(at, "✓ Right")
    assert says(at, verdict.finding)
    assert says(at, found.machine.name)
    assert says(at, verdict.why[:60])
    assert charts(at) == CHARTS[key](found.evidence)
    first_cells = [next(iter(row.values())) for row in verdict.table]
    assert [list(table.value.index) for table in at.get("table")][-1] == first_cells
    script = question.script(question.settings()).splitlines()
    assert max(script, key=len) not in messages(at), "the script is sent when it is opened"
    assert len(downloads(at)) == 1

    wrong = next(option for option in question.options if option != verdict.answer)
    other = predict(lab(question=key), wrong)
    assert says(other, "✗ Not right")
    click(other, "lab.again")
    assert charts(other) == 0
    assert not says(other, verdict.finding)
    click(other, "lab.reveal")
    assert says(other, verdict.finding)
    assert not says(other, "✗ Not right")


@pytest.mark.slow
def test_a_prediction_counts_for_its_settings_and_a_reload_keeps_it():
    at = predict(lab(), unstuck.OPTIONS[0])
    assert charts(at) == 7
    choose(at, "unstuck_problem", "cagrad_toy")
    assert at.query_params["unstuck_problem"] == "cagrad_toy"
    assert at.query_params["unstuck_steps"] == "100000", "published settings change with the problem"
    assert charts(at) == 0
    predict(at, unstuck.OPTIONS[0])
    assert says(at, "✓ Right")
    assert says(again(at, "lab.py"), "✗ Not right")


def test_settings_without_a_result_say_so_and_the_published_ones_come_back():
    at = predict(lab(unstuck_steps="200"), unstuck.OPTIONS[0])
    assert charts(at) == 0
    assert not button(at, "lab.start").disabled
    click(at, "lab.unstuck.published")
    assert "unstuck_steps" not in at.query_params
    assert asked(at) is not None


def test_widgets_write_the_link_and_a_bad_choice_has_no_effect():
    at = lab()
    run(at.radio(key="lab.question").set_value("trade_offs"))
    run(at.number_input(key="lab.trade_offs_levels").set_value(5))
    assert at.query_params["question"] == "trade_offs"
    assert at.query_params["trade_offs_levels"] == "5"
    run(group(at, "lab.trade_offs_smoothings").set_value([0.1, 1.0]))
    assert at.query_params["trade_offs_smoothings"] == "0.1,1"
    run(group(at, "lab.trade_offs_smoothings").set_value([]))
    assert at.query_params["trade_offs_smoothings"] == "0.1,1"
    opened = lab(**link(at))
    assert opened.number_input(key="lab.trade_offs_levels").value == 5
    assert not opened.warning


def test_a_question_on_the_visitors_network_follows_its_heads():
    one = lab(question="scale", scale_problem="own", head="level")
    assert asked(one) is None
    assert "lab.start" not in keys(one)
    two = lab(question="scale", scale_problem="own", head=["level", "last"], scale_epochs="3")
    predict(two, QUESTIONS["scale"].options[0])
    click(two, "lab.start")
    (job,) = [job for job in services().jobs.registry.waiting if job.kind == LabJob.kind]
    assert [head.name for head in job.payload.settings.experiment.architecture.heads] == ["level", "last"]
    assert job.payload.settings.epochs == 3


@pytest.mark.usefixtures("recorded")
def test_run_here_measures_on_a_worker_for_all_visitors():
    option = trade_offs.OPTIONS[1]
    at = predict(lab(**BRIEF), option)
    replay(0)  # what ends while the page is not drawn is not read aloud
    click(at, "lab.start")
    replay(None)
    until(at, lambda at: says(at, "**Measured here**"))
    assert charts(at) == 1
    assert button(at, "lab.start").label == "Run it here again"
    assert drawn(at, "announce"), "read aloud"

    other = lab(**BRIEF)
    assert charts(other) == 0, "another visitor predicts first"
    assert not says(other, "Measured here")
    predict(other, option)
    assert says(other, "**Measured here**")
    assert charts(other) == 1


@pytest.mark.usefixtures("recorded")
def test_cancel_ends_a_running_measurement():
    at = predict(lab(unstuck_rate="0.0011"), unstuck.OPTIONS[0])
    replay(0)
    click(at, "lab.start")
    assert not button(at, "lab.cancel").disabled
    click(at, "lab.cancel")
    until(at, lambda at: bool(at.info))
    assert not button(at, "lab.start").disabled
    assert charts(at) == 0
