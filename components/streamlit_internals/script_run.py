"""Which fragments a run draws, and to which one the widget of a callback belongs.

Streamlit has no public function for either (1.67). Without them, a callback of a fragment that the browser did not
request would change the experiment: tests/components/session/test_controls.py.
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState


def requested_fragments() -> list[str]:
    """The fragments that this run draws, at the browser's request. The list is empty in a run of the whole page."""
    context = get_script_run_ctx()
    return list(context.fragment_ids_this_run or []) if context else []


def fragment_of_callback() -> str | None:
    """The fragment of the widget whose callback runs; None for one of the page."""
    return ThreadState.get().fragment_id
