"""Keeps the page's URL and the session in step: a link sets the experiment, and each change is written to the URL."""

from __future__ import annotations

import streamlit as st

from backend.experiment.own_table import GONE, look_up
from backend.experiment.url import Query, read_query, write_query
from components.session import page_options, state
from components.session.page_options import Options
from components.streamlit_internals.script_run import goes_through_history

_PAGE, _PLAIN, _LINKS = "page", "plain", "links.read"


def synchronise(page: str, options: Options | None = None, elsewhere: Options | None = None) -> None:
    """Read the query on a first visit and when a link or the back button changed it; then write it.

    `page` is the path of the current page, `options` are its options and `elsewhere` those of the other pages. A query
    that arrives with a widget's change is ignored: it is the browser's older one. Streamlit empties the query at each
    navigation, to the same page, too. So an empty query changes nothing, with one exception: the visitor went back, on
    the same page, to a history entry whose empty query meant the defaults.
    """
    options, elsewhere = options or {}, elsewhere or {}
    page_options.declare(options, elsewhere)
    query = state.url_query()
    session = st.session_state
    touched = state.take_touch()
    is_new_page = page != session.get(_PAGE)
    plain: set[str] = session.setdefault(_PLAIN, set())  # pages whose last empty query meant the defaults
    query_counts = bool(query) or (page in plain and not is_new_page and goes_through_history())
    written = page_options.written_query()
    # A first run that was interrupted may have stored the experiment and not written the query.
    first = not state.has_experiment() or written is None
    follows = query_counts and query != written and not touched
    if first or follows:
        _read(query, options, elsewhere)
    _forget_deleted_table()
    # Streamlit leaves the address as it is if a link leads to the same page.
    page_options.write_url(again=follows and not (first or is_new_page or goes_through_history()))
    if not page_options.written_query():
        plain.add(page)
    elif is_new_page and not query:
        plain.discard(page)
    session[_PAGE] = page


def _forget_deleted_table() -> None:
    """Take the default sequences in place of a table that was deleted, perhaps in another tab, or is too old."""
    experiment = state.experiment()
    own = experiment.architecture.own
    if own is not None and look_up(own.table.id) == (None, GONE):
        state.store(*read_query(write_query(experiment)))


def links_read() -> int:
    """How many links this session has read: the first visit, links that were followed, and steps back."""
    links: int = st.session_state.get(_LINKS, 0)
    return links


def _read(query: Query, options: Options, elsewhere: Options) -> None:
    """Set experiment and options. An option of another page is set if the query has it, and kept otherwise."""
    known = {**{key: option for key, option in elsewhere.items() if key in query}, **options}
    experiment, notices = read_query({key: values for key, values in query.items() if key not in known})
    for key, option in known.items():
        notices += page_options.read(key, option, query.get(key, []), experiment)
    state.store(experiment, notices)
    st.session_state[_LINKS] = links_read() + 1
