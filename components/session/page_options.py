"""Keeps the page's URL and the session in step: a link sets the experiment, and each change is written to the URL.

A link also contains page options, which are choices on a page that are not settings of the experiment. Each page
declares its options, and its link contains only those. The session keeps the options of all pages, so a visitor who
comes back to a page finds it as they left it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from backend.experiment.own_table import GONE, look_up
from backend.experiment.url import Fields, Notice, Query, read_query, shorten, write_query
from components.session import state
from components.session.state import session
from components.streamlit_internals.script_run import goes_through_history
from components.text import one_line


@dataclass(frozen=True)
class PageOption:
    """A page option. `refuse` returns why a text is not allowed; None if it is.

    `present` returns what a text in a link means now, if it is from before something was renamed.
    """

    default: str
    refuse: Callable[[str], str | None]
    present: Callable[[str], str] = str


#: Options by their key in the query.
Options = Mapping[str, PageOption]


def one_of(*allowed: str) -> PageOption:
    """An option that takes one of `allowed`, the first by default."""
    return PageOption(allowed[0], lambda text: None if text in allowed else f"it takes one of {', '.join(allowed)}")


def matching(pattern: str, takes: str) -> PageOption:
    """An option that takes text of the form `pattern`, or nothing, which is the default. `takes` names that text."""
    return PageOption("", lambda text: None if not text or re.fullmatch(pattern, text) else f"it takes {takes}")


def whole_number(digits: int) -> PageOption:
    """An option that takes a whole number of at most so many digits, or nothing, which is the default."""
    return matching(f"[0-9]{{1,{digits}}}", f"a whole number of at most {digits} digits")


def of_fields(fields: Fields[Any]) -> Options:
    """An option for each of these fields of settings."""
    return {
        key: PageOption(default, partial(fields.refuse, key), partial(fields.present, key))
        for key, default in fields.defaults.items()
    }


def declare(options: Options, elsewhere: Options) -> None:
    """Declare the options of the current page and of all others. An option without a value gets its default."""
    session().declared = dict(options)
    session().options = {key: each.default for key, each in {**elsewhere, **options}.items()} | session().options


def offers(key: str) -> bool:
    """Whether the current page has the option `key`."""
    return key in session().declared


def here(key: str) -> str:
    """The value of the option `key` of the current page; empty if it has no such option."""
    return chosen(key) if offers(key) else ""


def chosen(key: str) -> str:
    """The value of the option `key`; always one that the option allows."""
    return session().options[key]


def choose(key: str, value: str) -> None:
    """Set an option, from a callback or a fragment. A value that is not allowed on the current page has no effect."""
    option = session().declared.get(key)
    if option and option.refuse(value):
        return
    session().options[key] = value
    state.touch()
    write_url()


def follow(query: Query) -> None:
    """Take the settings and the current page's options of a stored link, from a callback."""
    _read(query, session().declared, {})
    state.touch()


def link_query(**changes: str) -> Query:
    """The query of a link to the current page: the experiment and the page's options that are not the default.

    `changes` are values of options for this link alone.
    """
    query = write_query(state.experiment())
    for key, option in session().declared.items():
        text = changes.get(key, chosen(key))
        if text != option.default:
            query[key] = [text]
    return query


def write_url(again: bool = False) -> None:
    """Write the experiment and the page's options to the URL; `again`, also if the script's query has them already."""
    wanted = link_query()
    if again or wanted != state.url_query():
        st.query_params.from_dict(wanted)
    session().written = wanted


def url_is_written() -> bool:
    """Whether the request has the query that was last written. If not, the browser sent it before it got that query."""
    return state.url_query() == (session().written or {})


def synchronise(page: str, options: Options | None = None, elsewhere: Options | None = None) -> None:
    """Read the query on a first visit and when a link or the back button changed it; then write it.

    `page` is the path of the current page, `options` are its options and `elsewhere` those of the other pages. A query
    that arrives with a widget's change is ignored: it is the browser's older one. Streamlit empties the query at each
    navigation, to the same page, too. So an empty query changes nothing, with one exception: the visitor went back, on
    the same page, to a history entry whose empty query meant the defaults.
    """
    options, elsewhere = options or {}, elsewhere or {}
    declare(options, elsewhere)
    query, known, touched = state.url_query(), session(), state.take_touch()
    is_new_page = page != known.page
    query_counts = bool(query) or (page in known.plain and not is_new_page and goes_through_history())
    # A first run that was interrupted may have stored the experiment and not written the query.
    first = known.experiment is None or known.written is None
    follows = query_counts and query != known.written and not touched
    if first or follows:
        _read(query, options, elsewhere)
    _forget_deleted_table()
    # Streamlit leaves the address as it is if a link leads to the same page.
    write_url(again=follows and not (first or is_new_page or goes_through_history()))
    if not known.written:
        known.plain.add(page)
    elif is_new_page and not query:
        known.plain.discard(page)
    known.page = page


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
        values = query.get(key)
        text = option.present(shorten(values[-1])) if values else option.default
        reason = option.refuse(text)
        session().options[key] = option.default if reason else text
        if reason:
            used = f"Used {option.default} in its place." if option.default else "It is ignored."
            notices.append(Notice(key, one_line(text, 40), reason, used))
    state.store(experiment, notices)
    session().links += 1
