"""Page options: what a visitor chooses on a page that is not a setting of the experiment. The link carries it too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from backend.experiment.url import Notice, repeated, shorten
from components.session import state
from components.text import one_line

_PREFIX = "choice."


@dataclass(frozen=True)
class PageOption:
    """A page option, as text: its default, and why a text is not allowed (None where it is)."""

    default: str
    refuse: Callable[[str], str | None]


def one_of(*allowed: str) -> PageOption:
    """An option that takes one of `allowed`, the first by default."""
    return PageOption(allowed[0], lambda text: None if text in allowed else f"it takes one of {', '.join(allowed)}")


def chosen(key: str) -> str:
    """The value of the option `key` of the query; always one that the option allows."""
    value: str = st.session_state[_PREFIX + key]
    return value


def choose(key: str, value: str) -> None:
    """Set an option, from a callback (that is, before the page is drawn)."""
    st.session_state[_PREFIX + key] = value
    state.touch()


def restore(options: Mapping[str, PageOption], query: Mapping[str, list[str]]) -> None:
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
    st.session_state[_PREFIX + key] = option.default if reason else given
    found = [Notice(key, one_line(given, 40), reason, f"Used {option.default} in its place.")] if reason else []
    return repeated(key, values) + found
