"""The callbacks of a request run to their end, and those of the next request after them.

If a newer request comes, Streamlit handles it at once in another thread. It ends the older one where that next touches
the session, in a callback, too. The new value of the widget then counts as old, so its callback is not called again:
the entry is lost.

Needs: `SafeSessionState.on_script_will_rerun`, which calls the callbacks, its `_yield_callback`, which is a method of
`ScriptRunner`, and the runner's `_execing`, without which it does not end the run. After the callbacks, Streamlit ends
the run for the newer request.
No supported way: the setting `runner.fastReruns` lets whole runs go to their end.
Measured: beside busy processes, the first of two numbers that were entered at once was lost 5 of 30 times.
Checked on: Streamlit 1.67.0
Fails without it: test_a_callback_runs_to_its_end_although_the_next_request_comes
  in tests/components/streamlit_internals/test_callbacks.py
Upstream: https://github.com/streamlit/streamlit/issues/10578
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Lock
from typing import Any
from weakref import WeakValueDictionary

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state import SafeSessionState

_call = SafeSessionState.on_script_will_rerun


class _Line:
    """The requests of a session whose callbacks run, or wait for those before them."""

    def __init__(self) -> None:
        self._changed, self._turns = Condition(), deque[object]()

    @contextmanager
    def turn(self, check: Callable[[], None]) -> Iterator[None]:
        """Wait for the requests before this one. `check` raises if a newer request has come already."""
        mine = object()
        with self._changed:
            self._turns.append(mine)
        try:
            check()  # a newer request that came first is before this one
            with self._changed:
                self._changed.wait_for(lambda: self._turns[0] is mine)
            yield
        finally:
            with self._changed:
                self._turns.remove(mine)
                self._changed.notify_all()


#: The lines of the sessions, while anybody is in them.
_lines: WeakValueDictionary[str, _Line] = WeakValueDictionary()
_lock = Lock()


def install() -> None:
    """Let callbacks run to their end. Call this before the first session."""
    SafeSessionState.on_script_will_rerun = _call_in_turn  # type: ignore[method-assign, assignment]


def _call_in_turn(session: SafeSessionState, *arguments: Any, **keywords: Any) -> None:
    runner, context = getattr(session._yield_callback, "__self__", None), get_script_run_ctx()
    if not isinstance(runner, ScriptRunner) or context is None:
        return _call(session, *arguments, **keywords)
    with _lock:
        line = _lines.setdefault(context.session_id, _Line())
    with line.turn(session._yield_callback):
        before, runner._execing = runner._execing, False
        try:
            _call(session, *arguments, **keywords)
        finally:
            runner._execing = before
