"""A model at home, on the Lab: a file is opened, its pair goes to the compass, and a strange one gets a sentence."""

import base64
import gzip

import pytest

from components.lab.measured_file import FILE
from tests.backend.lab.measured_files import CALM, CLASH, LONG, text
from tests.builders.pages import click, drawn, labels, part, says, texts, visit

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
    return visit("lab.py", "", {FILE: packed(written)}, **query)


def send(sent):
    """The panel after the browser has sent this."""
    return click(part(PANEL, "", {"sent": sent}), "Send")


def packed(written):
    return base64.b64encode(gzip.compress(written.encode(), mtime=0)).decode()  # the same in every test process


def compass(at):
    (data,) = drawn(at, "compass")
    return data["values"]


def table(at):
    (found,) = [each.value for each in at.table if "second length ÷ first" in each.value.columns]
    return found


def test_what_the_browser_sends_is_opened_and_closed_again():
    at = send(packed(text(CALM, CALM)))
    assert says(at, "no reason")
    assert drawn(at, "announce")
    assert not at.warning
    click(at, "Close the file")
    assert FILE not in at.session_state
    assert "Close the file" not in labels(at)


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
    click(at, "Show this pair in the compass")
    assert compass(at) == {"angle": "120", "ratio": "1.2"}
    at.selectbox(key="lab.file.pair.0").set_value(2).run()
    click(at, "Show this pair in the compass")
    assert compass(at)["ratio"] == "30"
    at.select_slider(key="lab.file.epoch.0").set_value(0).run()
    assert says(at, "is 0.3")


def test_the_advice_opens_its_question():
    at = lab(text(CALM, CLASH))
    click(at, "lab.file.question.beat")
    assert at.query_params["question"] == "beat"


def test_names_of_heads_are_shown_as_they_are():
    at = lab(text(CALM, CLASH, heads=(HOSTILE, "=1+1")))
    shown = [*texts(at), *table(at).index]
    assert any("\\*\\*bold\\*\\*" in each for each in shown)
    assert not any("**bold**" in each or "<b>x</b>" in each for each in shown)
    assert all("<b>" not in str(each.proto) for each in at.get("plotly_chart"))
