"""Keeps the page's URL and the session in step: a link sets the experiment, and each change is written to the URL."""

from __future__ import annotations

from backend.experiment.own_table import GONE, look_up
from backend.experiment.url import Query, read_query, write_query
from components.session import page_options, state
from components.session.page_options import Options
from components.streamlit_internals.script_run import goes_through_history


def synchronise(page: str, options: Options | None = None, elsewhere: Options | None = None) -> None:
    """Read the query on a first visit and when a link or the back button changed it; then write it.

    `page` is the path of the current page, `options` are its options and `elsewhere` those of the other pages. A query
    that arrives with a widget's change is ignored: it is the browser's older one. Streamlit empties the query at each
    navigation, to the same page, too. So an empty query changes nothing, with one exception: the visitor went back, on
    the same page, to a history entry whose empty query meant the defaults.
    """
    options, elsewhere = options or {}, elsewhere or {}
    page_options.declare(options, elsewhere)
    query, session = state.url_query(), state.session()
    touched = state.take_touch()
    is_new_page = page != session.page
    query_counts = bool(query) or (page in session.plain and not is_new_page and goes_through_history())
    # A first run that was interrupted may have stored the experiment and not written the query.
    first = session.experiment is None or session.written is None
    follows = query_counts and query != session.written and not touched
    if first or follows:
        _read(query, options, elsewhere)
    _forget_deleted_table()
    # Streamlit leaves the address as it is if a link leads to the same page.
    page_options.write_url(again=follows and not (first or is_new_page or goes_through_history()))
    if not session.written:
        session.plain.add(page)
    elif is_new_page and not query:
        session.plain.discard(page)
    session.page = page


def _forget_deleted_table() -> None:
    """Take the default sequences in place of a table that was deleted, perhaps in another tab, or is too old."""
    experiment = state.experiment()
    own = experiment.architecture.own
    if own is not None and look_up(own.table.id) == (None, GONE):
        state.store(*read_query(write_query(experiment)))


def _read(query: Query, options: Options, elsewhere: Options) -> None:
    """Set experiment and options. An option of another page is set if the query has it, and kept otherwise."""
    known = {**{key: option for key, option in elsewhere.items() if key in query}, **options}
    experiment, notices = read_query({key: values for key, values in query.items() if key not in known})
    for key, option in known.items():
        notices += page_options.read(key, option, query.get(key, []))
    state.store(experiment, notices)
    state.session().links += 1
