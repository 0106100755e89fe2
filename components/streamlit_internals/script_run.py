"""Facts about a script run: its fragments, whether the back button caused it, a callback's fragment, changed widgets.

A callback of a fragment that the browser did not request must not change the experiment, and the query of a fragment's
request is not a new link. An empty query may come from an earlier entry of the history, or from a link to the current
page. If the browser has not drawn a widget's change yet, it sends the earlier value, often together with the widget
that the visitor has changed. A fragment with a timer can end it: Streamlit ends it only with a run of the whole page.

Needs: the context of the script run and its queue of messages, and the context of its thread;
  `SessionState._new_widget_state` and `_widget_changed`.
No supported way: `st.context` has none of them.
Measured: without it, entries are lost, and a change of Compare sends 10 KB more, the whole page a second time.
Visitors would lose: an entry that they make before the browser has drawn the change before it.
Checked on: Streamlit 1.67.0
Fails without it: test_a_fragments_request_before_the_change_is_drawn_keeps_the_entry
  in tests/components/session/test_controls.py
Upstream: https://github.com/streamlit/streamlit/blob/1.67.0/lib/streamlit/runtime/scriptrunner_utils/script_run_context.py
"""

from __future__ import annotations

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState


def requested_fragments() -> list[str]:
    """The fragments that this run draws, at the browser's request. The list is empty in a run of the whole page."""
    context = get_script_run_ctx()
    return list(context.fragment_ids_this_run or []) if context else []


def goes_through_history() -> bool:
    """Whether the visitor caused this run with the browser's back or forward button."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def fragment_of_callback() -> str | None:
    """The fragment of the widget whose callback runs; None for one of the page."""
    return ThreadState.get().fragment_id


def end_timer() -> None:
    """End the timer of the fragment that is drawn."""
    context, fragment = get_script_run_ctx(), ThreadState.get().fragment_id
    if context is not None and fragment is not None:
        message = ForwardMsg()
        message.stop_auto_rerun.fragment_ids.append(fragment)
        context.enqueue(message)


def changed_widgets() -> int:
    """How many widgets the browser has sent with a new value. A pressed button counts as one."""
    context = get_script_run_ctx()
    if context is None:
        return 0
    session = context.session_state._state
    return sum(map(session._widget_changed, session._new_widget_state))
