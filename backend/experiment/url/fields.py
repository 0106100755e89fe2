"""The fields of pydantic models as texts in a link. The JSON schema of a field has its type and its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from backend.words.schema import Schema, bounds_of, reason, schema_at

Raw = dict[str, Any]
Query = dict[str, list[str]]
#: Where a value is in nested settings. An integer is a position in a list.
Path = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)

#: The most characters of a value that are read. The longest that we write, 64 numbers of 24 characters, has 1,599.
_MOST_CHARACTERS = 4000
#: The most characters of a value in a sentence, and of a number that is written without an exponent.
_SHOWN, _PLAIN = 40, 20


@dataclass(frozen=True)
class Notice:
    """A value that was replaced: its key, what was given, why it is invalid and what is allowed, and what was used."""

    key: str
    given: str
    reason: str
    used: str

    @property
    def sentence(self) -> str:
        """The notice for a visitor, as plain text."""
        return f"{self.key} = “{self.given}”: {self.reason}. {self.used}"


class Fields(Generic[M]):
    """Fields of a model as texts, by their keys in a link. All of them have defaults."""

    def __init__(self, model: type[M], keys: Mapping[str, str]) -> None:
        """`keys` has the field of each key."""
        self._model, self.keys = model, dict(keys)
        #: The texts of the defaults.
        self.defaults = self.write(model())

    def write(self, settings: M) -> dict[str, str]:
        """The texts of the settings, by key."""
        return {key: text_of(getattr(settings, field)) for key, field in self.keys.items()}

    def read(self, texts: Mapping[str, str]) -> M:
        """The settings that these texts describe; a missing one is the default. Raises ValueError for a bad text."""
        known = {field: texts[key] for key, field in self.keys.items() if key in texts}
        return self._model.model_validate({field: raw(self._schema(field), text) for field, text in known.items()})

    def refuse(self, key: str, text: str) -> str | None:
        """The values that `key` takes, if `text` is not one of them; None if it is one."""
        try:
            self.read({key: text})
        except ValidationError as invalid:
            return reason(invalid.errors()[0], self._schema(self.keys[key]))
        return None

    def present(self, key: str, text: str) -> str:
        """The text as `write` would write it. One that is refused stays as it is."""
        return text if self.refuse(key, text) else self.write(self.read({key: text}))[key]

    def key_of(self, field: str) -> str:
        """The key of a field."""
        return next(key for key, each in self.keys.items() if each == field)

    def bounds(self, field: str) -> tuple[Any, Any]:
        """The least and the largest value of a number. They are integers if it is a whole number."""
        return bounds_of(self._schema(field))

    def _schema(self, field: str) -> Schema:
        return schema_at(self._model, (field,))


def raw(schema: Schema, text: str) -> Any:
    """The value in a text, for pydantic. Several ones of a menu get its order. `none` is an empty list."""
    if schema.get("type") == "object":  # a layer: `units:activation`, or its units alone
        return dict(zip(schema["properties"], text.split(":", 1), strict=False))
    if schema.get("type") != "array":
        return text.strip()
    parts = [part.strip() for part in text.split(",") if part.strip() and text.strip() != "none"]
    parts, order = parts[: bounds_of(schema)[1] + 1], schema["items"].get("enum", ())  # one too many is refused
    parts = sorted(parts, key=lambda part: order.index(part) if part in order else len(order)) if order else parts
    return [raw(schema["items"], part) for part in parts]


def text_of(value: Any) -> str:
    """A value as a link has it: the shortest text from which it is read again. Commas separate several ones."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        plain = format(Decimal(repr(value)), "f")
        return (plain if len(plain) <= _PLAIN else repr(value)).removesuffix(".0")
    if isinstance(value, dict):  # a layer
        return ":".join(str(each) for each in value.values() if each != "linear")
    if isinstance(value, tuple | list):
        return ",".join(map(text_of, value)) or "none"
    return "" if value is None else str(value)


def at(settings: Any, path: Path) -> Any:
    """The value at `path` of nested dicts and tuples."""
    for step in path:
        settings = settings[step]
    return settings


def put(settings: Any, path: Path, value: Any) -> None:
    """Set the value at `path` of nested dicts and tuples, in place. Tuples on the way become lists."""
    for step in path[:-1]:
        inner = settings[step]
        if isinstance(inner, tuple):
            inner = settings[step] = list(inner)
        settings = inner
    settings[path[-1]] = value


def repetition_notices(key: str, values: list[str]) -> list[Notice]:
    """A notice if a link gives several values for a key that takes one. The last one is read."""
    given = list(dict.fromkeys(cut(shorten(value)) for value in values))
    if len(given) < 2:
        return []
    reason = f"the link has {len(values):,} values for {key}, which takes one"
    return [Notice(key, given[0], reason, f"Only the last, “{cut(shorten(values[-1]))}”, is read.")]


def shorten(text: str) -> str:
    """A value of a query, cut to the most characters that are read, without lone surrogates, which cannot be encoded.

    A cut value ends in an ellipsis, which no setting accepts, so it gets a notice like any other bad value.
    """
    text = text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
    return text.encode("utf-8", "replace").decode()


def cut(text: str) -> str:
    """The beginning of a given value, short enough for a sentence."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
