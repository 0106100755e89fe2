"""A form: the widgets of settings, each made from its field.

The JSON schema of a field has the widget's kind, bounds and step, and its label, which is the title of the field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st
from pydantic import BaseModel

from backend.experiment.url import Fields, text_of
from backend.words import minus, shortened
from backend.words.schema import Schema, bounds_of
from components import help as helps
from components.session import controls, page_options

_WIDGETS = {"boolean": "toggle", "string": "text_input"}
#: The most values of a list in words.
_MOST_NAMED = 5


@dataclass(frozen=True)
class Form:
    """The widgets of some settings, by the keys of these settings.

    `schema`, `read`, `write` and `help` are about the setting of a key. The key of its widget has the `prefix`. An
    option without a title in `titles` is shown as it is.
    """

    schema: Callable[[str], Schema]
    read: Callable[[str], Any]
    write: Callable[[str, Any], None]
    help: Callable[[str], str]
    prefix: str = ""
    titles: Mapping[Any, str] = field(default_factory=dict)

    def draw(
        self, key: str, place: Any = st, *, widget: str = "", options: Sequence[Any] = (),
        write: Callable[[Any], None] | None = None, **changes: Any,
    ) -> None:  # fmt: skip
        """Draw the widget of a setting.

        `options` are those of a menu, if not all, the usual values of a list, or those of a number, which is a slider
        then. `write` replaces what an entry does. `changes` are other arguments of the `widget` than usual.
        """
        schema, value, at = self.schema(key), self.read(key), self.prefix + key
        kind, write, options = schema["type"], write or partial(self.write, key), options or schema.get("enum", ())
        found: dict[str, Any] = {"label": schema.get("title"), "help": self.help(key)}
        if kind == "array":
            usual, options = "pills", schema["items"].get("enum") or sorted({*options, *value})
            found |= {"selection_mode": "multi", "wrap": True}
            found |= controls.button_group_state(at, list(value), partial(_write_in_order, write, value))
        elif kind == "string" and options:
            usual = "selectbox"
            found |= controls.widget_state(at, value, write, options)
        else:
            usual = "select_slider" if options else _WIDGETS.get(kind, "number_input")
            found |= controls.widget_state(at, value, write)
        if options:
            found |= {"options": options, "format_func": self._title}
        elif usual == "number_input":
            low, high = bounds_of(schema)
            shown = "%d" if kind == "integer" else "%.5g"
            found |= {"min_value": low, "max_value": high, "step": schema.get("step"), "format": shown}
        elif "maxLength" in schema:
            found["max_chars"] = schema["maxLength"]
        getattr(place, widget or usual)(**found | changes)

    def words(self, key: str) -> str:
        """The setting in words, such as "learning rate 0.05"; of a menu, the chosen option."""
        schema, value = self.schema(key), self.read(key)
        if "enum" in schema:
            return self._title(value)
        title = schema["title"]
        several = value if schema["type"] == "array" else [value]
        return f"{title if title[1].isupper() else title.lower()} {shortened(map(self._title, several), _MOST_NAMED)}"

    def _title(self, option: Any) -> str:
        return self.titles.get(option) or minus(f"{option:,}" if isinstance(option, int) else text_of(option))


def _write_in_order(write: Callable[[Any], None], before: Sequence[Any], entered: Sequence[Any]) -> None:
    """Write several values. Those that stay chosen keep their order."""
    write([*(each for each in before if each in entered), *(each for each in entered if each not in before)])


def choose(fields: Fields[Any], key: str, value: Any) -> None:
    """Set a page option, from a callback. A value that is not allowed has no effect."""
    page_options.choose(key, fields.present(key, text_of(value)))


def of_options(fields: Fields[Any], settings: BaseModel, prefix: str, titles: Mapping[Any, str] | None = None) -> Form:
    """The form of `settings` that are page options. The key of a widget, and of its help, begins with `prefix`."""
    return Form(
        fields.schema, lambda key: getattr(settings, fields.keys[key]), partial(choose, fields),
        lambda key: helps.text(prefix + key), prefix, titles or {},
    )  # fmt: skip


def menu(
    label: str, titles: Mapping[Any, str], key: str, value: Any, write: Callable[[Any], None],
    draw: Callable[..., Any] = st.selectbox, **more: Any,
) -> None:  # fmt: skip
    """Draw a choice of one of several options by their `titles`, for what is no field of a model.

    `more` are other arguments of the widget, which has the help of its `key`.
    """
    options = list(titles)
    draw(
        label, options, format_func=lambda option: titles.get(option, option), help=helps.text(key),
        **more, **controls.widget_state(key, value, write, options),
    )  # fmt: skip
