"""Controls: widgets that show a value of the session and write back what the visitor enters.

The server changes what a widget shows, too: a preset sets every field, and a bad entry is replaced. A browser may send
another request before it has drawn the change, with the widget's earlier value. Streamlit takes that for an entry. Here
it has no effect.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from components.session import page_options
from components.streamlit_internals.script_run import changed_widgets, fragment_of_callback, requested_fragments

#: Seconds for which a value that a widget has to show is sent with every run.
SEND_FOR = 2.0
_WIDGETS = "controls.shown"
_T = TypeVar("_T")


@dataclass
class _Widget:
    """A widget's value, the browser's value before the server changed it, and when the change is no longer sent."""

    value: Any
    earlier: tuple[Any, ...] = ()
    send_until: float = 0.0


def widget_state(
    key: str, value: Any, write: Callable[[Any], None], options: Sequence[Any] | None = None
) -> dict[str, Any]:
    """Arguments that make the widget with this key show `value` and pass what the visitor enters to `write`.

    A menu needs its `options`, too. Its value is one of them, or None.
    """
    if options is None:
        return _control(key, value, write) | {"value": value}
    known = list(options)

    def choose(entered: Any) -> None:
        # A browser names the option by its label. If it has not drawn the option's new label, no option has that name.
        if entered is None or entered in known:
            write(entered)

    return _control(key, value, choose) | {"index": None if value is None else known.index(value)}


def button_group_state(key: str, value: Any, write: Callable[[Any], None]) -> dict[str, Any]:
    """`widget_state` for pills, a segmented control or a multiselect. `value` is an option, some options, or None."""
    return _control(key, value, write) | {"default": value}


def kept_choice(key: str, default: _T) -> _T:
    """What the visitor has chosen in the widget with this key, or `default`. Pass it to the widget as its default.

    Only the session has this choice, no link. A browser forgets the choice if it removes the widget and draws it in
    another place. It then shows the widget's default, because Streamlit does not send it a choice that came from it.
    """
    value: _T = st.session_state.get(key, default)
    return value


def _control(key: str, value: Any, write: Callable[[Any], None]) -> dict[str, Any]:
    widget = _synchronise(key, value)

    def on_change() -> None:
        entered = st.session_state[key]
        if not _of_this_request():
            # The timer of a fragment sent the value. If it is a new entry, its own request follows and counts as the
            # entry. Until then the session keeps the earlier value.
            st.session_state[key] = widget.value
        elif _is_entry(entered, widget):
            widget.value = entered
            write(entered)

    return {"key": key, "on_change": on_change}


def _synchronise(key: str, value: Any) -> _Widget:
    """Send `value` if the browser's widget has another one.

    A browser that draws the widget for the first time takes the value from the widget's arguments. Later it takes only
    values that are sent. A value that is sent in every run would replace what a visitor enters while the page is drawn.
    A value that is sent only once is lost if a browser gets the next run before it has drawn this one.
    """
    widgets: dict[str, _Widget] = st.session_state.setdefault(_WIDGETS, {})
    if key not in st.session_state:  # the widget is new on the page, in the browser, too
        widgets[key] = _Widget(value)
        return widgets[key]
    widget = widgets.setdefault(key, _Widget(value))
    widget.value = value
    if st.session_state[key] != value:
        widget.earlier = (st.session_state[key],)
        widget.send_until = time.monotonic() + SEND_FOR
    if time.monotonic() < widget.send_until:
        st.session_state[key] = value
    return widget


def _is_entry(value: Any, widget: _Widget) -> bool:
    """Whether the visitor entered `value`: it is neither what the widget shows nor what it showed before a change.

    A browser has the new URL before it has drawn the widget. If another widget changed at that time, that is the entry.
    """
    if value == widget.value:
        return False
    is_drawn = changed_widgets() == 1 or time.monotonic() > widget.send_until
    return value not in widget.earlier or (page_options.url_is_written() and is_drawn)


def _of_this_request() -> bool:
    """Whether this callback's widget can have caused the request: only its own widgets cause the run of a fragment."""
    fragments = requested_fragments()
    return not fragments or fragment_of_callback() in fragments
