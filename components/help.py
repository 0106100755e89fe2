"""What the help of a control says. Each feature has its own table, `help.py`, beside its controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

KERAS = "https://keras.io/api/"


@dataclass(frozen=True)
class Help:
    """What a control does in plain `words`, the Keras `argument` that it sets, and its `page`, a path below `KERAS`."""

    words: str
    argument: str = ""
    page: str = ""

    @property
    def text(self) -> str:
        """The help as Markdown: the words, and a link from the argument to its page of Keras's documentation."""
        return f"{self.words} Keras: [`{self.argument}`]({KERAS}{self.page})" if self.argument else self.words


def reader(table: Mapping[str, Help]) -> Callable[..., str]:
    """A function that gives the help of a control by its key, or by the path of the setting that it shows.

    A position in a list is written `*` in the keys of the `table`.
    """

    def text(*path: str | int) -> str:
        return table[".".join("*" if isinstance(step, int) else step for step in path)].text

    return text


def button(
    table: Mapping[str, Help], key: str, words: str, on_click: Callable[..., object], *args: object, icon: str = "",
    at: str = "", **options: Any,
) -> None:  # fmt: skip
    """Draw a button with the help that the `table` has for its key. `at` tells buttons of one key apart.

    `icon` is the name of a Material symbol, and `options` are those of `st.button`.
    """
    st.button(
        words, key=f"{key}.{at}" if at else key, icon=f":material/{icon}:" if icon else None, on_click=on_click,
        args=args, help=table[key].text, **options,
    )  # fmt: skip
