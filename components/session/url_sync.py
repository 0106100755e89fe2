"""Keeps the page's URL and the session in step: a link sets the experiment, and each change is written to the URL."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from backend.experiment.url import read_query, write_query
from components.session import page_options, state
from components.session.page_options import PageOption

_QUERY, _PAGE, _PLAIN = "query", "page", "plain"


def synchronise(page: str, options: Mapping[str, PageOption] | None = None) -> None:
    """Read the query on a first visit and when a link or the back button changed it; then write it.

    `options` are the page options, by their key in the query. A query that arrives with a widget's change is ignored:
    it is the browser's older one. Streamlit empties the query at each navigation, so an empty query changes nothing,
    with one exception: the visitor went back, on the same page, to an entry whose empty query meant the defaults.
    """
    options = options or {}
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    session = st.session_state
    touched = state.take_touch()
    arrived = page != session.get(_PAGE)
    plain: set[str] = session.setdefault(_PLAIN, set())  # pages whose last empty query meant the defaults
    counts = bool(query) or (page in plain and not arrived)
    if not state.present() or (counts and query != session[_QUERY] and not touched):
        _read(query, options)
    wanted = write_query(state.experiment()) | {
        key: [page_options.chosen(key)] for key, option in options.items() if page_options.chosen(key) != option.default
    }
    if not wanted:
        plain.add(page)
    elif arrived and not query:
        plain.discard(page)
    if wanted != query:
        st.query_params.from_dict(wanted)
    session[_QUERY], session[_PAGE] = wanted, page


def _read(query: dict[str, list[str]], options: Mapping[str, PageOption]) -> None:
    experiment, notices = read_query({key: values for key, values in query.items() if key not in options})
    for key, option in options.items():
        notices += page_options.read(key, option, query.get(key, []))
    state.store(experiment, notices)
