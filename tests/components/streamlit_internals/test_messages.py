"""Which of Streamlit's messages a browser may send, and what Streamlit gets."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from components.streamlit_internals.messages import filter_message

EVENTS = [
    WidgetState(id="press", trigger_value=True),
    WidgetState(id="event", json_trigger_value='[{"event": "version"}]'),
]
VALUES = [WidgetState(id="box", bool_value=True), WidgetState(id="text", string_value="trigger_value")]


def rerun(*widgets: WidgetState, timer: bool) -> BackMsg:
    message = BackMsg()
    message.rerun_script.query_string, message.rerun_script.fragment_id = "epochs=3", "fragment"
    message.rerun_script.is_auto_rerun = timer
    message.rerun_script.widget_states.widgets.extend(widgets)
    return message


@pytest.mark.parametrize("kind", ["rerun_script", "backend_operation_request"])
def test_messages_that_the_pages_send_are_passed_on(kind: str) -> None:
    message = BackMsg()
    getattr(message, kind).SetInParent()
    for each in (message, BackMsg(app_heartbeat=True), BackMsg(stop_script=True)):
        assert filter_message(each.SerializeToString()) == each.SerializeToString()


@pytest.mark.parametrize(
    "message",
    [
        *(BackMsg(**{name: True}).SerializeToString() for name in ("load_git_info", "clear_cache", "set_run_on_save")),
        b"",
        b"\xff\xff\xff",
    ],
)
def test_all_other_messages_are_rejected(message: bytes) -> None:
    assert filter_message(message) is None


def test_a_press_is_passed_on_with_its_own_message_and_not_with_that_of_a_timer() -> None:
    press = rerun(*VALUES, *EVENTS, timer=False).SerializeToString()
    assert filter_message(press) == press
    quiet = rerun(*VALUES, timer=True).SerializeToString()
    assert filter_message(quiet) == quiet
    both = filter_message(rerun(*EVENTS[:1], *VALUES, *EVENTS[1:], timer=True).SerializeToString())
    assert both is not None
    assert BackMsg.FromString(both) == BackMsg.FromString(quiet)
