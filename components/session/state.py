"""The experiment of this visitor: one value in the session, mirrored in the URL; widgets are views of it.

A widget shows the experiment's value and its callback writes a change back through `backend.experiment.url.repair`, so
that a value from a widget is checked exactly as one from a link.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.url import Notice, read_query, repair, shorten, write_query
from components.text import one_line

_EXPERIMENT, _NOTICES, _QUERY, _TOUCHED = "experiment", "notices", "query", "touched"
_PAGE, _PLAIN, _CHOICE = "page", "plain", "choice."
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Choice:
    """What a page may choose, as text: the default, and why a text cannot be chosen (None: it can)."""

    default: str
    refuse: Callable[[str], str | None]


def one_of(*allowed: str) -> Choice:
    """A choice of one of `allowed`, the first by default."""
    return Choice(allowed[0], lambda text: None if text in allowed else f"it can be {', '.join(allowed)}")


def synchronise(page: str, choices: Mapping[str, Choice] | None = None) -> None:
    """Read the query on a first visit and when it changed from outside (a link, the back button); then write it.

    `choices` are what a page has chosen and is no setting of the experiment, by key of the query. A query that arrives
    with a widget's change is the browser's older one and says nothing. Streamlit empties the query at each navigation;
    so an empty one keeps everything, unless the visitor went back on the same page to where it stood without a query
    for its defaults.
    """
    choices = choices or {}
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    state = st.session_state
    touched = state.pop(_TOUCHED, False)
    arrived = page != state.get(_PAGE)
    plain: set[str] = state.setdefault(_PLAIN, set())  # pages whose last entry without a query meant the defaults
    says_something = bool(query) or (page in plain and not arrived)
    if _EXPERIMENT not in state or (says_something and query != state[_QUERY] and not touched):
        state[_EXPERIMENT], state[_NOTICES] = read_query({k: v for k, v in query.items() if k not in choices})
        for key, allowed in choices.items():
            _read_choice(key, allowed, query.get(key, []))
    wanted = write_query(experiment()) | {
        key: [choice(key)] for key, allowed in choices.items() if choice(key) != allowed.default
    }
    if not wanted:
        plain.add(page)
    elif arrived and not query:
        plain.discard(page)
    if wanted != query:
        st.query_params.from_dict(wanted)
    state[_QUERY], state[_PAGE] = wanted, page


def _read_choice(key: str, allowed: Choice, values: list[str]) -> None:
    given = shorten(values[-1]) if values else allowed.default
    reason = allowed.refuse(given)
    if reason:
        used = f"Used {allowed.default} in its place."
        st.session_state[_NOTICES] += [Notice(key, one_line(given, 40), reason, used)]
    st.session_state[_CHOICE + key] = allowed.default if reason else given


def choice(key: str) -> str:
    """What a page has chosen under `key`, as `synchronise` allows it."""
    value: str = st.session_state[_CHOICE + key]
    return value


def choose(key: str, value: str) -> None:
    """Choose for a page (from a callback: before the page is drawn)."""
    st.session_state[_CHOICE + key] = value
    touch()


def choose_again(choices: Mapping[str, Choice], query: Mapping[str, list[str]]) -> None:
    """Choose what a link says, from a callback; the default where that is not allowed (any longer)."""
    for key, allowed in choices.items():
        text = query.get(key, [allowed.default])[-1]
        choose(key, allowed.default if allowed.refuse(text) else text)


def experiment() -> Experiment:
    """The visitor's experiment; always valid."""
    value: Experiment = st.session_state[_EXPERIMENT]
    return value


def notices() -> list[Notice]:
    """What could not be used of the last link or change."""
    value: list[Notice] = st.session_state.get(_NOTICES, [])
    return value


def touch() -> None:
    """Callback of a control that changes no setting: the query that comes with it is not a new link."""
    st.session_state[_TOUCHED] = True


def redraw() -> None:
    """Run the whole page again, from a fragment: the query of the fragment's run may be older than the experiment."""
    touch()
    st.rerun()


def replace(new: Experiment, found: list[Notice] | None = None) -> None:
    """Make `new` the visitor's experiment (from a callback: before the page is drawn)."""
    st.session_state[_EXPERIMENT] = new
    st.session_state[_NOTICES] = found or []
    touch()


def change(path: Path, value: Any) -> None:
    """Set one value of the experiment; what does not fit is repaired and noticed."""
    settings = experiment().model_dump()
    put(settings, path, value)
    replace(*repair(settings))


def view(path: Path, *, prefix: str = "") -> dict[str, Any]:
    """Arguments that make a widget a view of the value at `path`: its key, and the callback that writes it back.

    The widget's own state is set to the experiment's value.
    """
    key = prefix + ".".join(map(str, path))
    st.session_state[key] = at(experiment().model_dump(), path)

    def write() -> None:
        change(path, st.session_state[key])

    return {"key": key, "on_change": write}


def at(settings: Any, path: Path) -> Any:
    """The value at `path` of nested dicts and tuples."""
    for step in path:
        settings = settings[step]
    return settings


def put(settings: Any, path: Path, value: Any) -> None:
    """Set the value at `path` of nested dicts and tuples (a tuple on the way becomes a list)."""
    for step in path[:-1]:
        inner = settings[step]
        if isinstance(inner, tuple):
            inner = settings[step] = list(inner)
        settings = inner
    settings[path[-1]] = value
