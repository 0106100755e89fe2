"""The messages that a browser may send: those that our pages use, out of all that Streamlit accepts.

Needs: the format of `BackMsg`, which names no version.
No supported way: `client.toolbarMode` hides the menu items that send the others, and the server still takes them. A
timer's message with a press in it comes from Streamlit's own page.
Measured: with 100 requests for the state of the Git repository, `/healthz` takes 260 times as long.
Visitors would lose: a step of a lesson or of a room, which a press that counts twice passes over; and the server, if a
stranger sends the other messages.
Checked on: Streamlit 1.67.0
Fails without it: test_a_press_counts_once_where_a_timer_fires_before_it_is_sent
  in tests/browser/test_press.py
Upstream: https://github.com/streamlit/streamlit/blob/1.67.0/frontend/lib/src/WidgetStateManager.ts
"""

from __future__ import annotations

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg

#: The messages that pages need. The others inspect the Git repository (a process each time, on the event loop), clear
#: the caches of all visitors, or prepare uploads, which no page accepts.
_USED = {"rerun_script", "stop_script", "app_heartbeat", "backend_operation_request"}
#: The fields of a widget's state that stand for a press or another event.
_EVENTS = {"trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value"}


def filter_message(data: bytes) -> bytes | None:
    """The message as Streamlit gets it; None if our pages send no such message, or if it cannot be read.

    A press is sent by itself, a moment after it (`scheduleFlush` in Streamlit's `WidgetStateManager`). If the timer of
    a fragment fires in between, its message contains the press, too, and the press would count twice. So the press is
    removed from the timer's message.
    """
    try:
        message = BackMsg.FromString(data)
    except DecodeError:
        return None
    if message.WhichOneof("type") not in _USED:
        return None
    if not message.rerun_script.is_auto_rerun:
        return data
    widgets = message.rerun_script.widget_states.widgets
    without_events = [widget for widget in widgets if widget.WhichOneof("value") not in _EVENTS]
    if len(without_events) == len(widgets):
        return data
    del widgets[:]
    widgets.extend(without_events)
    return bytes(message.SerializeToString())
