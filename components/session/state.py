"""The visitor's experiment: one value in the session, of which the widgets are views.

Widgets show its values (`controls`) and write changes back through `backend.experiment.url.repair`: a value from a
widget is checked exactly as one from a link. `page_options` mirrors the experiment in the page's URL.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.url import Notice, Path, Query, put, repair
from components.streamlit_internals.script_run import changed_widgets, requested_fragments


@dataclass
class Session:
    """What the pages of one browser tab share.

    `notices` are the values of the last link or change that could not be used, and `touched` is the query with which a
    run came that has changed something. `options` has a value for every option, `declared` are those of the current
    `page`, and `written` is the query that the URL should have. `plain` are pages whose last empty query meant the
    defaults, and `links` counts the links that were read: the first visit, links that were followed, and steps back.
    """

    experiment: Experiment | None = None
    notices: list[Notice] = field(default_factory=list)
    touched: Query | None = None
    options: dict[str, str] = field(default_factory=dict)
    declared: Mapping[str, Any] = field(default_factory=dict)
    written: Query | None = None
    page: str | None = None
    plain: set[str] = field(default_factory=set)
    links: int = 0


def session() -> Session:
    """The session of this run: one entry of Streamlit's, because reading many is slow."""
    known: Session = st.session_state.setdefault("session", Session())
    return known


def value(path: Path) -> Any:
    """The value of the visitor's experiment at `path`."""
    found: Any = experiment()
    for step in path:
        found = found[step] if isinstance(step, int) else getattr(found, step)
    return found


def experiment() -> Experiment:
    """The visitor's experiment; always valid. Raises LookupError before a link was read."""
    known = session().experiment
    if known is None:
        raise LookupError("no link was read")
    return known


def notices() -> list[Notice]:
    """The values of the last link or change that could not be used."""
    return session().notices


def store(new: Experiment, notices: list[Notice]) -> None:
    """Make `new` the visitor's experiment, with the notices about the values that could not be used."""
    session().experiment, session().notices = new, notices


def replace(new: Experiment, notices: list[Notice] | None = None) -> None:
    """Make `new` the visitor's experiment, from a callback (that is, before the page is drawn)."""
    store(new, notices or [])
    touch()


def url_query() -> Query:
    """The query that the browser sent with this run's request, or the one written in this run."""
    return {key: st.query_params.get_all(key) for key in st.query_params}


def touch() -> None:
    """Mark this run as one that has changed the experiment or an option: the query that came with it is older.

    In a run of a fragment it has no effect, because such a run reads no query.
    """
    if not requested_fragments():
        session().touched = url_query()


def take_touch() -> bool:
    """Whether a widget started this run, or an overtaken run that changed something left its mark; clears the mark.

    If a run has another query than the one that it overtook, it is a link or a step back.
    """
    touched, session().touched = session().touched, None
    return touched == url_query() or changed_widgets() > 0


def redraw() -> None:
    """Rerun the whole page from a fragment, whose query may be older than the experiment."""
    session().touched = url_query()
    st.rerun()


def change(path: Path, value: Any) -> None:
    """Set one value of the experiment. A value that cannot be used is replaced, and a notice says so.

    A widget's last message may arrive when its setting is gone, such as that of a removed head. It changes nothing.
    """
    settings = experiment().model_dump()
    with suppress(IndexError, KeyError):
        put(settings, path, value)
        replace(*repair(settings))
