"""The heads that a visitor removed, so that they come back as they were when heads are added again."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from backend.experiment.architecture import Architecture, Head
from backend.experiment.experiment import usual_head
from backend.experiment.tasks import tasks_of

_REMOVED, _EXPECTED = "heads.removed", "heads.expected"


def watch(heads: Sequence[Head]) -> None:
    """Forget all removed heads when a preset or a link brought other heads.

    The editor changes one head at a time. Another number of heads, or several changed heads, are another architecture.
    """
    before = st.session_state.get(_EXPECTED, heads)
    if len(before) != len(heads) or sum(one != other for one, other in zip(before, heads, strict=True)) > 1:
        _removed().clear()
    expect(heads)


def expect(heads: Sequence[Head]) -> None:
    """Note that the heads are now these, by the visitor's own change."""
    st.session_state[_EXPECTED] = heads


def remember(heads: Sequence[Head], first: int) -> None:
    """Remember `heads`, which are being removed; the first of them is at position `first`."""
    _removed().update(enumerate(heads, first))


def at(position: int, architecture: Architecture) -> Head | None:
    """The head that was removed at `position`, if its task fits the input of `architecture`."""
    head = _removed().get(position)
    if head is None or head.task not in tasks_of(architecture.source):
        return None
    if usual_head(architecture.source, head.task).units != head.units and architecture.own:
        return None
    steps, features = head.spec.smallest_input(head.units)
    return head if architecture.timesteps >= steps and architecture.features >= features else None


def _removed() -> dict[int, Head]:
    """The removed heads of this session, by their position."""
    removed: dict[int, Head] = st.session_state.setdefault(_REMOVED, {})
    return removed
