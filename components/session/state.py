"""The visitor's experiment: one value in the session, of which the widgets are views.

A widget shows the experiment's value, and its callback writes a change back through `backend.experiment.url.repair`: a
value from a widget is checked exactly as one from a link. `url_sync` mirrors the experiment in the page's URL.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.url import Notice, repair

_EXPERIMENT, _NOTICES, _TOUCHED, _SENT = "experiment", "notices", "touched", "sent"
#: Seconds for which a value that a widget has to show is sent with every run.
_SEND_FOR = 2.0
Path = tuple[str | int, ...]


def present() -> bool:
    """Whether this session has an experiment yet."""
    return _EXPERIMENT in st.session_state


def experiment() -> Experiment:
    """The visitor's experiment; always valid."""
    value: Experiment = st.session_state[_EXPERIMENT]
    return value


def notices() -> list[Notice]:
    """The values of the last link or change that could not be used."""
    value: list[Notice] = st.session_state.get(_NOTICES, [])
    return value


def store(new: Experiment, found: list[Notice]) -> None:
    """Make `new` the visitor's experiment, with the notices about the values that could not be used."""
    st.session_state[_EXPERIMENT], st.session_state[_NOTICES] = new, found


def replace(new: Experiment, found: list[Notice] | None = None) -> None:
    """Make `new` the visitor's experiment, from a callback (that is, before the page is drawn)."""
    store(new, found or [])
    touch()


def touch() -> None:
    """Mark this run as started by a control: the query that the browser sends with it is not a new link."""
    st.session_state[_TOUCHED] = True


def take_touch() -> bool:
    """Whether a control started this run; clears the mark."""
    return bool(st.session_state.pop(_TOUCHED, False))


def redraw() -> None:
    """Rerun the whole page from a fragment, whose query may be older than the experiment."""
    touch()
    st.rerun()


def change(path: Path, value: Any) -> None:
    """Set one value of the experiment. A value that cannot be used is replaced, and a notice says so.

    A widget's last message may arrive when its setting is gone, such as that of a removed head. It changes nothing.
    """
    settings = experiment().model_dump()
    try:
        put(settings, path, value)
    except (IndexError, KeyError):
        touch()
        return
    replace(*repair(settings))


def view(path: Path, options: Sequence[Any] | None = None, *, prefix: str = "") -> dict[str, Any]:
    """Arguments that make a widget a view of the value at `path`: what `shown` gives, and what writes it back.

    `options` are those of a menu.
    """
    key = prefix + ".".join(map(str, path))

    def write() -> None:
        change(path, st.session_state[key])

    return shown(key, at(experiment().model_dump(), path), options) | {"on_change": write}


def shown(key: str, value: Any, options: Sequence[Any] | None = None) -> dict[str, Any]:
    """Arguments that make the widget with this key show `value`.

    A menu needs its `options`, too. Its value is one of them, or None.
    """
    _send(key, value)
    if options is None:
        return {"key": key, "value": value}
    return {"key": key, "index": None if value is None else list(options).index(value)}


def picked(key: str, value: Any) -> dict[str, Any]:
    """Arguments that make the row of buttons with this key show its `value`: an option, a list of options, or None."""
    _send(key, value)
    return {"key": key, "default": value}


def _send(key: str, value: Any) -> None:
    """Send `value` where the browser's widget has another one.

    A browser that draws the widget for the first time takes the value from the widget's arguments. Later it takes only
    values that are sent. A value that is sent in every run would replace what a visitor enters while the page is drawn.
    A value that is sent only once is lost where a browser gets the next run before it has drawn this one.
    """
    until: dict[str, float] = st.session_state.setdefault(_SENT, {})
    if key not in st.session_state:
        st.session_state[key] = value
        return
    if st.session_state[key] != value:
        until[key] = time.monotonic() + _SEND_FOR
    if time.monotonic() < until.get(key, 0.0):
        st.session_state[key] = value


def at(settings: Any, path: Path) -> Any:
    """The value at `path` of nested dicts and tuples."""
    for step in path:
        settings = settings[step]
    return settings


def put(settings: Any, path: Path, value: Any) -> None:
    """Set the value at `path` of nested dicts and tuples. Tuples on the way become lists."""
    for step in path[:-1]:
        inner = settings[step]
        if isinstance(inner, tuple):
            inner = settings[step] = list(inner)
        settings = inner
    settings[path[-1]] = value
