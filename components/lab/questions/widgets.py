"""The widgets of a question's settings. Each is a view of a page option, which the link contains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from backend.experiment.url import text_of
from backend.questions.lab import Question, url
from backend.questions.lab.base import QuestionSettings
from components.lab import help as helps
from components.session import controls, page_options


def load(of: Question[Any, Any], chosen: QuestionSettings) -> None:
    """Choose all of these settings, from a callback."""
    for key, text in url.FIELDS[of.key].write(chosen).items():
        page_options.choose(key, text)


def choose(of: Question[Any, Any], field: str, text: str) -> None:
    """Choose one setting, from a callback. A text that is not allowed has no effect."""
    key = _key(of, field)
    page_options.choose(key, page_options.chosen(key) if url.FIELDS[of.key].refuse(key, text) else text)


def _key(of: Question[Any, Any], field: str) -> str:
    return url.FIELDS[of.key].key_of(field)


def selectbox(
    of: Question[Any, Any], field: str, label: str, value: str, titles: Mapping[Any, str],
    write: Callable[[Any], None] | None = None,
) -> None:  # fmt: skip
    """A choice of one by its title. `write` replaces what happens when it changes."""
    widget = _widget_key(of, field)
    st.selectbox(
        label, list(titles), format_func=titles.__getitem__, help=helps.text(widget),
        **controls.widget_state(widget, value, write or partial(choose, of, field), list(titles)),
    )  # fmt: skip


def number(of: Question[Any, Any], field: str, label: str, value: float, step: float) -> None:
    """A number within the bounds of the setting."""
    widget = _widget_key(of, field)
    low, high = url.FIELDS[of.key].bounds(field)
    st.number_input(
        label, low, high, step=step, format="%d" if isinstance(value, int) else "%.5g",
        help=helps.text(widget),
        **controls.widget_state(widget, value, lambda entered: choose(of, field, text_of(entered))),
    )  # fmt: skip


def pills(
    of: Question[Any, Any], field: str, label: str, options: list[Any], value: tuple[Any, ...],
    title: Callable[[Any], str],
) -> None:  # fmt: skip
    """A choice of several. An empty or too long choice has no effect."""
    widget = _widget_key(of, field)

    def write(entered: list[Any]) -> None:
        # Values that stay chosen keep their order.
        ordered = [*(each for each in value if each in entered), *(each for each in entered if each not in value)]
        choose(of, field, text_of(ordered))

    st.pills(
        label, options, selection_mode="multi", format_func=title, wrap=True,
        help=helps.text(widget), **controls.button_group_state(widget, list(value), write),
    )  # fmt: skip


def _widget_key(of: Question[Any, Any], field: str) -> str:
    return f"lab.{_key(of, field)}"
