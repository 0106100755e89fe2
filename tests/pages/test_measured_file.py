"""A model at home, on the Lab: a file is opened, its pair goes to the compass, and a strange one gets a sentence."""

import base64
import gzip

import pytest
from streamlit.testing.v1 import AppTest

from components.lab.measured_file import FILE
from tests.backend.lab.measured import gradients, measurement
from tests.backend.lab.measured_files import CALM, CLASH, LONG, UNDEFINED, text
from tests.builders.pages import button, drawn
from tests.pages.test_my_model import SHELL, SMALL, compass_values, finish, texts

#: What the browser sends arrives here by a button.
PANEL = """
import streamlit as st
from components.lab import measured_file, settings
from components.session import page_options

page_options.declare(settings.CHOICES, {})
st.button("Send", on_click=measured_file.open_packed, args=(st.session_state["sent"],))
measured_file.show()
"""
HOSTILE = "**bold** <b>x</b> $a$ :material/home: [link](https://x.org) `code`"


@pytest.fixture(autouse=True)
def server(serve):
    """A server without workers."""
    return serve()


def lab(written, **query):
    """The Lab with this file open."""
    at = AppTest.from_file(str(SHELL))
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    at.session_state[FILE] = packed(written)
    at.switch_page("lab.py").run()
    assert not at.exception
    return at


def send(sent):
    """The panel after the browser has sent this."""
    at = AppTest.from_string(PANEL)
    at.session_state["sent"] = sent
    button(at.run(), "Send").click().run()
    assert not at.exception
    return at


def packed(written):
    return base64.b64encode(gzip.compress(written.encode(), mtime=0)).decode()  # the same in every test process


def table(at):
    (found,) = [each.value for each in at.table if "second length ÷ first" in each.value.columns]
    return found


def test_what_the_browser_sends_is_opened_and_closed_again():
    at = send(packed(text(CALM, CALM)))
    assert "These gradients give no reason to change anything." in texts(at)
    (said,) = drawn(at, "announce")
    assert said["text"].startswith("The file is open. ")
    assert not at.warning
    button(at, "Close the file").click().run()
    assert FILE not in at.session_state
    assert not any(each.label == "Close the file" for each in at.button)


@pytest.mark.parametrize("sent", ["", "no Base64", packed("{"), packed(text(schema=2)), None, 7, {"a": []}])
def test_what_cannot_be_read_gets_a_sentence_and_no_error(sent):
    at = send(sent)
    assert FILE not in at.session_state
    assert len(at.warning) == isinstance(sent, str)


def test_a_name_in_a_sentence_is_shown_as_it_is():
    (warning,) = send(packed(text(**{HOSTILE[:40]: 1}))).warning
    assert "\\*\\*bold\\*\\* \\<b\\>x" in warning.value


@pytest.mark.slow
def test_a_pair_of_the_file_is_sent_to_the_compass():
    at = lab(text(CALM, [CALM, CLASH, LONG], [CALM, CLASH, LONG], heads=("a", "b", "c")))
    assert at.selectbox(key="lab.file.pair.0").value == 1
    button(at, "Show this pair in the compass").click().run()
    assert compass_values(at) == {"angle": "120", "ratio": "1.2"}
    assert "The compass shows this pair: A is a, B is c." in texts(at)
    at.selectbox(key="lab.file.pair.0").set_value(2).run()
    button(at, "Show this pair in the compass").click().run()
    assert compass_values(at)["ratio"] == "30"
    at.select_slider(key="lab.file.epoch.0").set_value(0).run()
    assert (
        "At the start, the cosine between the gradients of b and c over all rows is 0.3: they do not conflict."
        in texts(at)
    )


def test_the_advice_opens_its_question():
    at = lab(text(CALM, CLASH))
    assert "Try other loss weights." in texts(at)
    at.button(key="lab.file.question.beat").click().run()
    assert at.query_params["question"] == "beat"
    assert not at.exception


def test_names_of_heads_are_shown_as_they_are():
    at = lab(text(CALM, CLASH, heads=(HOSTILE, "=1+1")))
    shown = [*texts(at), *table(at).index]
    assert any("\\*\\*bold\\*\\*" in each for each in shown)
    assert not any("**bold**" in each or "<b>x</b>" in each for each in shown)
    assert all("<b>" not in str(each.proto) for each in at.get("plotly_chart"))


def test_the_menu_of_pairs_has_no_escapes():
    at = lab(text(CALM, CLASH, heads=("head_0", "*b*", "c")))
    assert at.selectbox(key="lab.file.pair.0").options == ["head_0, *b*", "head_0, c", "*b*, c"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "told"),
    [
        (text(CLASH), "only the start of the training"),
        (text(UNDEFINED, UNDEFINED), "is not defined: a gradient is zero, NaN or infinite."),
        (text((None, 0.0, None), (None, 0.0, None)), "are defined"),
        (text(CALM, CALM, heads=[f"h{i}" for i in range(64)]), "of 2,016."),
        (text(*[CALM] * 500), "The charts show 101 of the 500 measurements, evenly spread."),
        (text((0.3, 1e-300, 0.2), (0.3, 1e300, 0.2)), "it uses 100 in its place."),
        (text(CALM, CLASH, heads=["x" * 190 + "1", "x" * 190 + "2", "x" * 190 + "3"]), "clearly conflict"),
    ],
    ids=range(7),
)
def test_every_file_is_shown(written, told):
    at = lab(written)
    assert any(told in each for each in texts(at))


def test_the_lab_s_own_measurement_of_heads_with_the_same_names_is_beside_it(server):
    finish(server, gradients(measurement([[1.0, 0.0], [1.0, 1.0]]), heads=["level", "trend"]), **SMALL)
    at = lab(text(CALM, CALM, heads=("trend", "level")), **SMALL)
    assert list(table(at)["cosine of “Use my model”"]) == ["0.707"]
    assert "cosine of “Use my model”" not in table(lab(text(CALM), **SMALL))


def test_a_measurement_is_taken_home(server):
    finish(server, gradients(measurement([[1.0, 0.0], [1.0, 1.0]]), heads=["level", "trend"]), **SMALL)
    at = lab(text(CALM), **SMALL)
    assert {"Script", "Script with the callback", "CSV"} <= {each.proto.label for each in at.get("download_button")}
