"""The run of a fragment drops no unsent message of the whole page's run.

Streamlit drops the fragment's own messages from the queue, because its new run draws them again, and sends the rest.
The browser then gets the whole page without that fragment. At the end of the whole page's run it removes the fragment's
old container as stale, and every later element moves up one place. The new run draws the container in its usual place,
so it replaces the next element of the page: the footer, for example, is lost.

Needs: `AppSession._clear_queue`, and the queue's map of places.
No supported way: what a new run drops is no setting.
Measured: with six visitors who train, 5 of 2,058 runs of fragments began while messages that Streamlit drops were
unsent.
Visitors would lose: the footer or another part of the page, until they change a setting.
Checked on: Streamlit 1.67.0
Fails without it: test_the_browser_gets_the_whole_page_although_a_fragments_run_begins_at_once
  in tests/components/streamlit_internals/test_browser_queue.py
Upstream: https://github.com/streamlit/streamlit/pull/9381
"""

from __future__ import annotations

from streamlit.runtime.app_session import AppSession

_clear = AppSession._clear_queue


def install() -> None:
    """Have Streamlit keep the messages. Call this before the first session."""
    AppSession._clear_queue = _keep_for_fragments  # type: ignore[method-assign, assignment]


def _keep_for_fragments(session: AppSession, fragment_ids_this_run: list[str] | None = None) -> None:
    """At the start of a fragment's run, keep what is unsent. A run of the whole page draws everything again."""
    if fragment_ids_this_run:
        # Otherwise a message of this run would take the place in the queue of an earlier one.
        session._browser_queue._delta_index_map.clear()
    else:
        _clear(session, fragment_ids_this_run)
