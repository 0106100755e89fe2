"""A widget looks up its own value in the session, and not the values of all others as well.

Streamlit's number inputs, menus and sliders ask whether the session has None under their key. For that each collects
the whole session first. So the cost of a page grows with its widgets times the entries of the session.

Needs: `SafeSessionState.filtered_state`, of which these widgets read their own key.
No supported way: they do so whether or not they have a key.
Measured: 5 % of the processor time of a settings change on Train.
Checked on: Streamlit 1.67.0
Fails without it: test_a_widget_looks_up_only_its_own_value_in_the_session
  in tests/components/streamlit_internals/test_session_values.py
Upstream: https://github.com/streamlit/streamlit/issues/9415
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.runtime.state import SafeSessionState


class _Values(Mapping[str, Any]):
    """The values of a session by their keys, each read when it is asked for."""

    def __init__(self, state: SafeSessionState) -> None:
        self._state = state

    def __getitem__(self, key: str) -> Any:
        return self._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_all(self._state))

    def __len__(self) -> int:
        return len(_all(self._state))


def _all(state: SafeSessionState) -> dict[str, Any]:
    """All values, collected as Streamlit does."""
    with state._lock:
        return state._state.filtered_state


def install() -> None:
    """Have widgets read single values. Call this before the first session."""
    SafeSessionState.filtered_state = property(_Values)  # type: ignore[method-assign, assignment]
