"""A session holds no event loop of its own.

Streamlit opens one for each, for libraries that ask for a loop while a page runs, keeps it as long as the session, and
never runs it. It holds three file descriptors: for 200 visitors 600, and after they have left still 384, because
Streamlit keeps 128 sessions in case their visitors come back.

Needs: `AppSession.__init__`, and `_script_event_loop`, which it sets.
No supported way: the loop is no setting.
Measured: without it, a session holds 4 descriptors instead of 1.
Visitors would lose: a place on a server whose limit of descriptors a full class reaches with a quarter of its tabs.
Checked on: Streamlit 1.67.0
Fails without it: test_a_session_opens_one_descriptor_and_leaves_none
  in tests/components/streamlit_internals/test_script_loop.py
Upstream: https://github.com/streamlit/streamlit/pull/16167
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from typing import Any

from streamlit.runtime.app_session import AppSession

_begin = AppSession.__init__


class NoLoop(asyncio.AbstractEventLoop):
    """Stands for the event loop of a script's thread. It runs nothing; `asyncio.run` opens a loop as everywhere."""

    def __init__(self) -> None:
        self._closed = False

    def is_running(self) -> bool:
        return False

    def is_closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        self._closed = True

    def run_until_complete(self, work: Generator[Any, None, Any] | Coroutine[Any, Any, Any]) -> None:  # type: ignore[override]
        """Streamlit ends here what was begun on the loop, which is nothing."""
        work.close()


def install() -> None:
    """Have each session that begins from now on close its loop at once."""
    AppSession.__init__ = _begin_without_loop  # type: ignore[method-assign, assignment]


def _begin_without_loop(session: AppSession, *args: Any, **keywords: Any) -> None:
    _begin(session, *args, **keywords)
    session._script_event_loop.close()
    session._script_event_loop = NoLoop()  # type: ignore[abstract]  # its other methods are refused by the base class
