"""The callbacks of a request run to their end, also if a newer request has come.

When a newer request comes, Streamlit ends a run at its next access to the session, even inside a callback. The new
value of the widget then counts as old, so its callback is not called again: the entry is lost. With this module,
Streamlit ends the run only after the callbacks. It is for servers with `runner.fastReruns` off, which handle the
requests of a session one after the other. `st.switch_page` would not end a callback; no callback calls it.

Needs: `SafeSessionState.on_script_will_rerun`, which calls the callbacks, its `_yield_callback`, which is a method of
`ScriptRunner`, and the runner's `_execing`, without which it does not end the run.
No supported way: none lets a part of a run go to its end.
Measured: beside busy processes, the first of two numbers that were entered at once was lost 5 of 30 times.
Visitors would lose: an entry: the first of two numbers that they enter at once.
Checked on: Streamlit 1.67.0
Fails without it: test_a_callback_runs_to_its_end_although_the_next_request_comes
  in tests/components/streamlit_internals/test_callbacks.py
Upstream: https://github.com/streamlit/streamlit/issues/10578
"""

from __future__ import annotations

from typing import Any

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state import SafeSessionState

_call = SafeSessionState.on_script_will_rerun


def install() -> None:
    """Let callbacks run to their end. Call this before the first session."""
    SafeSessionState.on_script_will_rerun = _call_to_the_end  # type: ignore[method-assign, assignment]


def _call_to_the_end(session: SafeSessionState, *arguments: Any, **keywords: Any) -> None:
    runner = getattr(session._yield_callback, "__self__", None)
    if not isinstance(runner, ScriptRunner):
        return _call(session, *arguments, **keywords)
    before, runner._execing = runner._execing, False
    try:
        _call(session, *arguments, **keywords)
    finally:
        runner._execing = before
