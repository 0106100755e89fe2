"""An error reads as a sentence; its details stay in the log."""

import re
from pathlib import Path

import pytest

from tests.builders.serving import connected, serving

APP = Path(__file__).with_name("failing_app.py")


@pytest.mark.slow
def test_a_visitor_reads_one_sentence_for_an_error_with_its_id_in_the_log(tmp_path):
    log = tmp_path / "log"
    with serving(log, APP) as address, connected(address) as session:
        session.request()
        drawn = []
        while (message := session.receive()).WhichOneof("type") != "script_finished":
            drawn.append(message.delta.new_element)
    told = [element.alert.body for element in drawn if element.HasField("alert")]
    assert len(told) == 1, "the fragment's, whose error has ended the page"
    assert not [element for element in drawn if element.HasField("exception")], "Streamlit shows nothing of its own"
    assert "secret" not in told[0]
    (reference,) = re.findall(r"has the error as (\w+)\.", told[0])
    assert re.findall(r"page error (\w+)", log.read_text()) == [reference]
    assert "/secret/path of a fragment" in log.read_text(), "the id leads to what went wrong"
