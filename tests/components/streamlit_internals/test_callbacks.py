"""A callback that a newer request overtakes runs to its end."""

from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from harness.local import until
from tests.builders.serving import connected, serving

PAGE = Path(__file__).with_name("counting_callback.py")


@pytest.mark.slow
def test_a_callback_runs_to_its_end_although_the_next_request_comes(monkeypatch, tmp_path):
    monkeypatch.setenv("FOLDER", str(tmp_path))
    with serving(tmp_path / "log", PAGE, "--runner.fastReruns", "false") as address, connected(address) as session:
        drawn, ids = [], []

        def receive_until(condition):
            while not condition():
                message = session.receive()
                element = message.delta.new_element
                if message.WhichOneof("type") == "delta" and element.WhichOneof("type") == "number_input":
                    ids.append(element.number_input.id)
                elif message.WhichOneof("type") == "delta" and element.WhichOneof("type") == "text":
                    drawn.append(element.text.body)

        def enter(number):
            session.request(widgets=[WidgetState(id=ids[0], int_value=number)])

        session.request()
        receive_until(lambda: drawn)
        enter(1)
        until((tmp_path / "began").exists)
        enter(2)
        (tmp_path / "go on").touch()
        receive_until(lambda: drawn[-1].endswith("2]"))
        assert drawn[-1] == "counted [1, 2]"
