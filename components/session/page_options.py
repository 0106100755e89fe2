"""Page options: what a visitor chooses on a page that is not a setting of the experiment. The page's link has it too.

Each page declares its options, and its link contains only those. The session keeps the options of all pages, so a
visitor who comes back to a page finds it as they left it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from backend.experiment.url import Notice, Query, repeated, shorten, write_query
from components.session import state
from components.text import one_line

_VALUES, _DECLARED, _WRITTEN = "choices", "options", "query"


@dataclass(frozen=True)
class PageOption:
    """A page option, as text: its default, and why a text is not allowed (None where it is)."""

    default: str
    refuse: Callable[[str], str | None]


#: Options by their key in the query.
Options = Mapping[str, PageOption]


def one_of(*allowed: str) -> PageOption:
    """An option that takes one of `allowed`, the first by default."""
    return PageOption(allowed[0], lambda text: None if text in allowed else f"it takes one of {', '.join(allowed)}")


def whole_number(largest: int) -> PageOption:
    """An option that takes a whole number from 0 to `largest`, or nothing, which is the default."""

    def refuse(text: str) -> str | None:
        fits = not text or (re.fullmatch("[0-9]{1,12}", text) and int(text) <= largest)
        return None if fits else f"it takes a whole number from 0 to {largest:,}"

    return PageOption("", refuse)


def member() -> PageOption:
    """An option that takes a member of a group, as `group:index`, or nothing, which is the default.

    Only the form is checked here. Whoever uses the option checks that there is such a member.
    """

    def refuse(text: str) -> str | None:
        fits = not text or re.fullmatch(r"[A-Za-z0-9_.-]{1,60}:[0-9]{1,5}", text)
        return None if fits else "it takes a group and a number, such as dense:3"

    return PageOption("", refuse)


def declare(options: Options, elsewhere: Options) -> None:
    """Declare the options of the current page and of all others. An option without a value gets its default."""
    st.session_state[_DECLARED] = dict(options)
    values = _values()
    for key, option in {**elsewhere, **options}.items():
        values.setdefault(key, option.default)


def offers(key: str) -> bool:
    """Whether the current page has the option `key`."""
    return key in _declared()


def chosen(key: str) -> str:
    """The value of the option `key`; always one that the option allows."""
    return _values()[key]


def choose(key: str, value: str) -> None:
    """Set an option, from a callback (that is, before the page is drawn)."""
    _values()[key] = value
    state.touch()


def publish(key: str, value: str) -> None:
    """Set an option of the current page and write it to the page's URL at once, from a callback or a fragment too.

    A value that the option does not allow changes nothing. Raises KeyError if the page has no such option.
    """
    if _declared()[key].refuse(value) is None and chosen(key) != value:
        _values()[key] = value
        write_url()


def restore(options: Options, query: Mapping[str, list[str]]) -> None:
    """Set the options to the values of a stored query, from a callback. A value no longer allowed becomes the default.

    The stored query was valid when it was written.
    """
    for key, option in options.items():
        text = query.get(key, [option.default])[-1]
        choose(key, option.default if option.refuse(text) else text)


def read(key: str, option: PageOption, values: list[str]) -> list[Notice]:
    """Set an option from a link. Returns a notice where its value is not allowed and the default is used."""
    given = shorten(values[-1]) if values else option.default
    reason = option.refuse(given)
    _values()[key] = option.default if reason else given
    used = f"Used {option.default} in its place." if option.default else "It is ignored."
    found = [Notice(key, one_line(given, 40), reason, used)] if reason else []
    return repeated(key, values) + found


def link_query(**changes: str) -> Query:
    """The query of a link to the current page: the experiment and the page's options, where they are not the default.

    `changes` are values of options for this link alone.
    """
    values = {key: (option.default, changes.get(key, chosen(key))) for key, option in _declared().items()}
    return write_query(state.experiment()) | {key: [text] for key, (usual, text) in values.items() if text != usual}


def write_url() -> None:
    """Write the experiment and the page's options to the URL."""
    wanted = link_query()
    if wanted != {key: st.query_params.get_all(key) for key in st.query_params}:
        st.query_params.from_dict(wanted)
    st.session_state[_WRITTEN] = wanted


def written() -> Query:
    """The query that the URL should have since it was last written."""
    query: Query = st.session_state[_WRITTEN]
    return query


def _values() -> dict[str, str]:
    """The value of every declared option. One entry of the session: reading many is slow."""
    values: dict[str, str] = st.session_state.setdefault(_VALUES, {})
    return values


def _declared() -> dict[str, PageOption]:
    options: dict[str, PageOption] = st.session_state.get(_DECLARED, {})
    return options
