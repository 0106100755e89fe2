"""Streamlit's queue of unsent messages, without two defects (Streamlit 1.67).

A run drops the unsent messages of the run before it, because it sends them again. A busy server leaves messages unsent
for long enough.

- When a fragment's next run starts, `ForwardMsgQueue.clear` overlooks elements that are sent as references: a reference
  has no fragment. The browser then gets an element whose container was dropped, and ends the page with "'setIn' cannot
  be called on an ElementNode".
- A value that the script gave to a widget is sent once. If that message is dropped, a browser that draws the widget for
  the first time shows the widget's default, such as the least number, and the session has the value.
"""

from __future__ import annotations

from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_clear, _enqueue = ForwardMsgQueue.clear, ForwardMsgQueue.enqueue
#: The fields of a widget's message that are sent with `set_value`.
_VALUES = ("set_value", "value", "raw_value", "raw_values")


def install() -> None:
    """Have every queue drop and keep as described above. Once, before the first session."""
    ForwardMsgQueue.clear = clear  # type: ignore[method-assign, assignment]
    ForwardMsgQueue.enqueue = enqueue  # type: ignore[method-assign, assignment]


def clear(queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: Any = None) -> None:
    """Clear as Streamlit does; drop references below what was dropped, and remember the values that were.

    `fragment_ids_this_run` are the fragments that start to run; None for a run of the whole page, which drops every
    reference. `flush` clears without `retain_lifecycle_msgs`, after everything was sent.
    """
    unsent = list(queue._queue)
    before = [tuple(message.metadata.delta_path) for message in unsent if _of(message, fragment_ids_this_run)]
    _clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)
    if before:
        queue._queue = [message for message in queue._queue if not _below(message, before)]
    if retain_lifecycle_msgs:
        kept = {id(message) for message in queue._queue}
        for message in unsent:
            if id(message) not in kept:
                _remember(queue, message)


def enqueue(queue: ForwardMsgQueue, msg: ForwardMsg) -> None:
    """Enqueue as Streamlit does; a widget whose value was dropped is sent with it again, unless it has a newer one."""
    replaced = queue._delta_index_map.get(tuple(msg.metadata.delta_path))
    if replaced is not None:
        _remember(queue, queue._queue[replaced])
    widget = _widget(msg)
    dropped = None if widget is None else _dropped(queue).pop(widget.id, None)
    if dropped is not None and not widget.set_value:
        for field, value in dropped.ListFields():
            if field.name in _VALUES and field.is_repeated:
                widget.ClearField(field.name)
                getattr(widget, field.name).extend(value)
            elif field.name in _VALUES:
                setattr(widget, field.name, value)
    _enqueue(queue, msg)


def _remember(queue: ForwardMsgQueue, message: ForwardMsg) -> None:
    """Keep the value of a message that is dropped."""
    widget = _widget(message)
    if widget is not None and widget.set_value:
        _dropped(queue)[widget.id] = widget


def _dropped(queue: ForwardMsgQueue) -> dict[str, Any]:
    """The messages of widgets whose values the browser has not got, by the widget's id."""
    found: dict[str, Any] = queue.__dict__.setdefault("dropped_values", {})
    return found


def _widget(message: ForwardMsg) -> Any:
    """The widget in a message; None if there is none that can be given a value."""
    if not message.HasField("delta") or message.delta.WhichOneof("type") != "new_element":
        return None
    element = message.delta.new_element
    kind = element.WhichOneof("type")
    widget = getattr(element, kind) if kind else None
    return widget if widget is not None and "set_value" in widget.DESCRIPTOR.fields_by_name else None


def _of(message: Any, fragments: Any) -> bool:
    return bool(fragments) and message.HasField("delta") and message.delta.fragment_id in fragments


def _below(message: Any, dropped: list[tuple[int, ...]]) -> bool:
    path = tuple(message.metadata.delta_path)
    return message.HasField("ref_hash") and any(path[: len(each)] == each for each in dropped)
