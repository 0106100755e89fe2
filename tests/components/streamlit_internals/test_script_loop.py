"""A session costs the server the descriptor of its WebSocket, and none after its visitor has left."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from harness.local import until
from tests.builders.serving import Connection, connected, serving

APP = Path(__file__).with_name("many_sessions_app.py")
TABS = 12


def descriptors(session: Connection) -> int:
    """How many the server has open, as its page says."""
    session.request()
    texts: list[str] = []
    while True:
        message = session.receive()
        if message.WhichOneof("type") == "delta":
            texts.append(message.delta.new_element.text.body)
        if message.WhichOneof("type") == "script_finished":
            assert texts[1:] == ["slept"], "a page can run coroutines all the same"
            return int(texts[0])


@pytest.mark.slow
def test_a_session_opens_one_descriptor_and_leaves_none(tmp_path):
    """Streamlit keeps the sessions of visitors who have left for minutes, in case they come back."""
    with serving(tmp_path / "log", APP) as address, connected(address) as session:
        descriptors(session)  # opens what the server opens once
        before = descriptors(session)
        with ExitStack() as tabs:
            for number in range(1, TABS + 1):
                tab = tabs.enter_context(connected(address))
                assert descriptors(tab) == before + number
        until(lambda: descriptors(session) == before, "the descriptors of one session", 30)
    assert "Traceback" not in (tmp_path / "log").read_text()
