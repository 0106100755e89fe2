"""The questions of the Lab, by AppTest through the shell: prediction first, recorded or measured here, and the link."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from backend.lab.job import QuestionJob
from backend.lab.questions import QUESTIONS, share, trade_offs, unstuck
from backend.lab.recorded import recorded, recorded_evidence
from backend.services import services
from components.session.visitor import COOKIE
from components.text import spoken
from tests.builders.pages import SHELL, drawn, replay, until

TITLE = "Do the heads pull together?"
#: The number of charts that show evidence.
CHARTS = {
    "scale": lambda evidence: 1,
    "conflict": lambda evidence: 3,
    "unstuck": lambda evidence: len(evidence.runs),
    "trade_offs": lambda evidence: 2,
    "beat": lambda evidence: 2,
    "share": lambda evidence: 4,
}
#: Little to measure.
BRIEF = {"question": "trade_offs", "trade_offs_levels": "3", "trade_offs_starts": "1", "trade_offs_steps": "100"}


@pytest.fixture
def lab(serve):
    """Opens the page of a new visitor, on a server without workers."""
    serve()

    def open_lab(**query):
        at = AppTest.from_file(str(SHELL))
        for key, value in query.items():
            at.query_params[key] = value
        at.run().switch_page("lab.py").run()
        assert not at.exception
        return at

    return open_lab


@pytest.fixture
def measured(page):
    """Opens the page of a new visitor, with real workers."""

    def open_lab(**query):
        return page("lab.py", TITLE, **query)

    return open_lab


def sent(at):
    """All that the browser gets, as text."""

    def walk(block):
        for node in block.children.values():
            yield str(getattr(node, "proto", ""))
            if hasattr(node, "children"):
                yield from walk(node)

    return "\n".join(walk(at._tree))


def widget(at, kind, key):
    found = [each for each in at.get(kind) if each.key == key]
    return found[0] if found else None


def predict(at, question, option):
    widget(at, "radio", f"lab.predict.{question}").set_value(option).run()
    assert not at.exception
    return at


def click(at, key):
    widget(at, "button", key).click().run()
    assert not at.exception
    return at


def texts(at):
    return [element.value for element in [*at.markdown, *at.caption, *at.info, *at.warning]]


def says(at, words):
    return any(words in text for text in texts(at))


def charts(at):
    return len(at.get("plotly_chart"))


@pytest.mark.slow
@pytest.mark.parametrize("key", QUESTIONS)
def test_nothing_measured_is_sent_before_a_prediction(lab, key):
    at = lab(question=key)
    question = QUESTIONS[key]
    radio = widget(at, "radio", f"lab.predict.{key}")
    assert radio.label == spoken(question.question)
    assert tuple(radio.options) == question.options
    assert radio.value is None
    assert charts(at) == 0
    everything = sent(at)
    assert spoken(question.question) in everything, "this is how it would be found"
    for each in recorded():
        verdict = QUESTIONS[each.question].judge(each.evidence)
        for secret in (verdict.finding, verdict.why[:60], "**Recorded**", each.machine.name):
            assert secret not in everything
    assert widget(at, "button", "lab.run") is None
    assert not at.get("download_button")


@pytest.mark.slow
@pytest.mark.parametrize("key", QUESTIONS)
def test_a_prediction_shows_the_recorded_result_with_its_machine_and_is_marked(lab, key):
    question = QUESTIONS[key]
    found = recorded_evidence(key, question.settings())
    verdict = question.judge(found.evidence)
    at = predict(lab(question=key), key, verdict.answer)
    assert says(at, f"**✓ Right:** you predicted “{verdict.answer}”")
    assert says(at, verdict.finding)
    assert says(at, "**Recorded** on 2026-")
    assert says(at, found.machine.name)
    assert says(at, verdict.why[:60])
    assert charts(at) == CHARTS[key](found.evidence)
    first_cells = [next(iter(row.values())) for row in verdict.table]
    assert [list(table.value.index) for table in at.get("table")][-1] == first_cells
    script = question.script(question.settings()).splitlines()
    assert max(script, key=len) not in sent(at), "the script is sent when it is opened"
    assert len(at.get("download_button")) == 1

    wrong = next(option for option in question.options if option != verdict.answer)
    other = predict(lab(question=key), key, wrong)
    assert says(other, f"**✗ Not right:** you predicted “{wrong}”.] Measured: “{verdict.answer}”.")
    click(other, "lab.again")
    assert charts(other) == 0
    assert not says(other, verdict.finding)
    click(other, "lab.reveal")
    assert says(other, f"Measured: “{verdict.answer}”.")
    assert not says(other, "you predicted")


@pytest.mark.slow
def test_a_prediction_counts_for_its_settings_and_a_reload_keeps_it(lab):
    at = predict(lab(), "unstuck", unstuck.OPTIONS[0])
    assert charts(at) == 7
    widget(at, "selectbox", "lab.unstuck_problem").set_value("cagrad_toy").run()
    assert at.query_params["unstuck_problem"] == "cagrad_toy"
    assert at.query_params["unstuck_steps"] == "100000", "published settings change with the problem"
    assert charts(at) == 0
    predict(at, "unstuck", unstuck.OPTIONS[0])
    assert says(at, "✓ Right")
    again = AppTest.from_file(str(SHELL))
    again.session_state[COOKIE] = at.session_state[COOKIE]
    again.run().switch_page("lab.py").run()
    assert says(again, "✗ Not right")


def test_a_network_of_one_head_is_told_why_no_weights_are_compared(lab):
    at = lab(question="beat", beat_problem="own", head="level,level")
    assert says(at, "Your network has one head, so there is nothing to weigh.")
    assert widget(at, "radio", "lab.predict.beat") is None
    assert widget(at, "button", "lab.run") is None


def test_a_visitors_network_has_no_settings_of_the_related_pair_and_fewer_epochs(lab):
    at = lab(question="beat")
    assert widget(at, "number_input", "lab.beat_relatedness") is not None
    widget(at, "selectbox", "lab.beat_problem").set_value("own").run()
    assert at.query_params["beat_epochs"] == "10"
    assert widget(at, "number_input", "lab.beat_relatedness") is None
    assert widget(at, "radio", "lab.predict.beat") is not None
    widget(at, "selectbox", "lab.beat_problem").set_value("related").run()
    assert "beat_epochs" not in at.query_params


def test_settings_without_a_result_say_so_and_the_published_ones_come_back(lab):
    at = predict(lab(unstuck_steps="200"), "unstuck", unstuck.OPTIONS[0])
    assert says(at, "Nothing has been measured with these settings yet.")
    assert charts(at) == 0
    assert not widget(at, "button", "lab.run").disabled
    click(at, "lab.unstuck.published")
    assert "unstuck_steps" not in at.query_params
    assert widget(at, "radio", "lab.predict.unstuck") is not None


def test_widgets_write_the_link_and_a_bad_choice_has_no_effect(lab):
    at = lab()
    widget(at, "radio", "lab.question").set_value("trade_offs").run()
    widget(at, "number_input", "lab.trade_offs_levels").set_value(5).run()
    assert at.query_params["question"] == "trade_offs"
    assert at.query_params["trade_offs_levels"] == "5"
    pills = next(group for group in at.button_group if group.key == "lab.trade_offs_smoothings")
    pills.set_value([0.1, 1.0]).run()
    assert at.query_params["trade_offs_smoothings"] == "0.1,1"
    next(group for group in at.button_group if group.key == "lab.trade_offs_smoothings").set_value([]).run()
    assert at.query_params["trade_offs_smoothings"] == "0.1,1"
    again = lab(**{key: at.query_params[key] for key in at.query_params})
    assert widget(again, "number_input", "lab.trade_offs_levels").value == 5
    assert not again.warning


@pytest.mark.parametrize(
    ("key", "text", "allowed", "used"),
    [
        ("question", "evil", f"it takes one of {', '.join(QUESTIONS)}", "Used unstuck"),
        ("unstuck_rate", "1e9", "it takes a number from 0.00001 to 1", "Used 0.001"),
        ("unstuck_methods", "evil", "it takes one or more of famo, mgda", "Used famo,mgda"),
        ("trade_offs_steps", "1000000", "it takes a whole number from 100 to 10,000", "Used 2000"),
    ],
)
def test_a_bad_value_in_the_link_gets_a_sentence_and_the_default(lab, key, text, allowed, used):
    at = lab(**{key: text})
    (notice,) = at.warning
    said = notice.value.replace("\\", "")
    assert allowed in said
    assert used in said
    assert key not in at.query_params


def test_a_run_waits_in_the_queue_and_can_be_cancelled(lab):
    at = predict(lab(unstuck_steps="200"), "unstuck", unstuck.OPTIONS[0])
    click(at, "lab.run")
    assert widget(at, "button", "lab.run").disabled
    click(at, "lab.cancel")
    assert at.info
    assert not widget(at, "button", "lab.run").disabled


def test_settings_that_cannot_be_measured_get_a_sentence_and_no_button(lab, monkeypatch):
    sentence = "It takes two heads. Add a head."
    refusing = replace(QUESTIONS["unstuck"], refuse=lambda settings: sentence if settings.steps == 200 else None)
    monkeypatch.setitem(QUESTIONS, "unstuck", refusing)
    at = lab(unstuck_steps="200")
    assert says(at, sentence)
    assert widget(at, "radio", "lab.predict.unstuck") is None
    assert widget(at, "button", "lab.run") is None
    widget(at, "number_input", "lab.unstuck_steps").set_value(300).run()
    assert not says(at, sentence)
    assert widget(at, "radio", "lab.predict.unstuck") is not None


def test_the_networks_that_share_are_a_choice_and_the_recorded_ones_have_their_pictures(lab):
    at = predict(lab(question="share"), "share", share.OPTIONS[1])
    for title in ("Hard sharing clearly lowers the loss only for", "Cross-stitch’s α", "MMoE’s gates", "CGC’s gates"):
        assert says(at, title)
    pills = next(group for group in at.button_group if group.key == "lab.share_models")
    pills.set_value(["mmoe"]).run()
    assert at.query_params["share_models"] == "mmoe"
    assert widget(at, "radio", "lab.predict.share") is not None, "other settings are predicted anew"
    predict(at, "share", share.OPTIONS[0])
    assert says(at, "Nothing has been measured with these settings yet.")
    next(group for group in at.button_group if group.key == "lab.share_relatedness").set_value([0.5]).run()
    assert "share_relatedness" not in at.query_params, "two values are the fewest"


def test_a_question_on_the_visitors_network_follows_its_heads(lab):
    one = lab(question="scale", scale_problem="own", head="level")
    assert says(one, "Your network has one head")
    assert widget(one, "radio", "lab.predict.scale") is None
    two = lab(question="scale", scale_problem="own", head=["level", "last"], scale_epochs="3")
    predict(two, "scale", QUESTIONS["scale"].options[0])
    assert says(two, "Nothing has been measured with these settings yet.")
    click(two, "lab.run")
    (job,) = [job for job in services().jobs.registry.waiting if job.kind == QuestionJob.kind]
    assert [head.name for head in job.payload.settings.experiment.architecture.heads] == ["level", "last"]
    assert job.payload.settings.epochs == 3


def test_each_problem_begins_with_its_own_settings_and_the_visitors_rate(lab):
    at = lab(question="scale", learning_rate="0.01", epochs="4")
    widget(at, "selectbox", "lab.scale_problem").set_value("own").run()
    expected = {"problem": "own", "optimizer": "adam", "rate": "0.01", "epochs": "4"}
    assert {field: at.query_params[f"scale_{field}"] for field in expected} == expected
    widget(at, "selectbox", "lab.scale_problem").set_value("kendall").run()
    assert not [key for key in at.query_params if key.startswith("scale_")]


def test_run_here_measures_on_a_worker_for_all_visitors(measured):
    option = trade_offs.OPTIONS[1]
    at = predict(measured(**BRIEF), "trade_offs", option)
    assert says(at, "Nothing has been measured")
    replay(0)  # what ends while the page is not drawn is not read aloud
    click(at, "lab.run")
    replay(None)
    until(at, lambda at: says(at, "**Measured here**"))
    assert says(at, "you predicted “no: only trade-offs near an end of the front”") or says(at, "You predicted")
    assert charts(at) == 2
    assert widget(at, "button", "lab.run").label == "Run it here again"
    assert any("no: only trade-offs near an end" in each["text"] for each in drawn(at, "announce")), "read aloud"

    other = measured(**BRIEF)
    assert charts(other) == 0, "another visitor predicts first"
    assert not says(other, "Measured here")
    predict(other, "trade_offs", option)
    assert says(other, "**Measured here**")
    assert charts(other) == 2


def test_cancel_ends_a_running_measurement(measured):
    at = predict(measured(unstuck_rate="0.0011"), "unstuck", unstuck.OPTIONS[0])
    replay(0)
    click(at, "lab.run")
    assert not widget(at, "button", "lab.cancel").disabled
    click(at, "lab.cancel")
    assert not says(at, "Another visitor")
    until(at, lambda at: bool(at.info))
    assert not widget(at, "button", "lab.run").disabled
    assert charts(at) == 0
