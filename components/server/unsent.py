"""Streamlit's queue of unsent messages, without a defect that ends a page.

When a fragment's next run starts, `ForwardMsgQueue.clear` drops the unsent messages of its last run: the next one sends
them again. It overlooks elements that are sent as references: a reference has no fragment. The browser then gets
an element whose container was dropped, and ends the page with "'setIn' cannot be called on an ElementNode" (Streamlit
1.67). A busy server leaves messages unsent for long enough.
"""

from __future__ import annotations

from typing import Any

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_clear = ForwardMsgQueue.clear


def install() -> None:
    """Have every queue drop a fragment's references with its other messages. Once, before the first session."""
    ForwardMsgQueue.clear = clear  # type: ignore[method-assign, assignment]


def clear(queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: Any = None) -> None:
    """Clear as Streamlit does; then drop references below what was dropped.

    `fragment_ids_this_run` are the fragments that start to run; None for a run of the whole page, which drops every
    reference.
    """
    before = [tuple(message.metadata.delta_path) for message in queue._queue if _of(message, fragment_ids_this_run)]
    _clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)
    if before:
        queue._queue = [message for message in queue._queue if not _below(message, before)]


def _of(message: Any, fragments: Any) -> bool:
    return bool(fragments) and message.HasField("delta") and message.delta.fragment_id in fragments


def _below(message: Any, dropped: list[tuple[int, ...]]) -> bool:
    path = tuple(message.metadata.delta_path)
    return message.HasField("ref_hash") and any(path[: len(each)] == each for each in dropped)
