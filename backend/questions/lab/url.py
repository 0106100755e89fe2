"""The open question and the settings of each, as text in a URL: `question=trade_offs&trade_offs_levels=11`.

The visitor's experiment, which some settings hold, is not among them: the link of every page has it already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from backend.questions.lab import QUESTIONS, Question
from backend.questions.lab.base import EXPERIMENT, QuestionSettings

OPEN = "question"
_ENDS = ("minimum", "maximum")
_NUMBER = re.compile(r"-?[0-9]{1,7}(\.[0-9]{1,12})?")
_WHOLE = re.compile(r"-?[0-9]{1,7}")


def key(question: Question[Any, Any], field: str) -> str:
    """The key of a setting in a link."""
    return f"{question.key}_{field}"


def write(question: Question[Any, Any], settings: QuestionSettings) -> dict[str, str]:
    """The texts of a question's settings, by key."""
    return {key(question, field): text(getattr(settings, field)) for field in fields(question)}


def fields(question: Question[Any, Any]) -> list[str]:
    """The settings of a question that a link has."""
    return [field for field in question.settings.model_fields if field != EXPERIMENT]


def text(value: Any) -> str:
    """A value as a link has it: numbers never as a power of ten, several values separated by commas."""
    if isinstance(value, tuple | list):
        return ",".join(map(text, value))
    if isinstance(value, float):
        return f"{value:.12f}".rstrip("0").rstrip(".")
    return str(value)


def read(question: Question[Any, Any], texts: Mapping[str, str]) -> QuestionSettings:
    """The settings of a question that these texts describe. Raises ValueError for texts that `refuse` refuses."""
    values = {field: _parse(question, field, texts[key(question, field)]) for field in fields(question)}
    settings: QuestionSettings = question.settings.model_validate(values)
    return settings


def refuse(key: str, text: str) -> str | None:
    """The values that `key` takes, if `text` is not one of them; None if it is one."""
    if key == OPEN:
        return None if text in QUESTIONS else f"it takes one of {', '.join(QUESTIONS)}"
    question, field = _FIELDS[key]
    try:
        question.settings.model_validate({field: _parse(question, field, text)})
    except (ValidationError, ValueError):
        return _allowed_sentence(question, field)
    return None


def bounds(question: Question[Any, Any], field: str) -> tuple[Any, Any]:
    """The least and the largest value of a number. They are integers if it is a whole number."""
    schema = _schema(question, field)
    low, high = (int(schema[end]) if schema["type"] == "integer" else float(schema[end]) for end in _ENDS)
    return low, high


def _parse(question: Question[Any, Any], field: str, text: str) -> Any:
    """The value of a text; pydantic checks its bounds later. Raises ValueError if the text has another form."""
    schema = _schema(question, field)
    if schema["type"] != "array":
        return _parse_value(schema, text.strip())
    parts = tuple(_parse_value(schema["items"], part.strip()) for part in text.split(",") if part.strip())
    known = schema["items"].get("enum")
    return tuple(sorted(parts, key=known.index)) if known else parts


def _parse_value(schema: Mapping[str, Any], text: str) -> Any:
    if schema["type"] == "string":
        if text not in schema["enum"]:
            raise ValueError(text)
        return text
    if not (_WHOLE if schema["type"] == "integer" else _NUMBER).fullmatch(text):
        raise ValueError(text)
    return int(text) if schema["type"] == "integer" else float(text)


def _allowed_sentence(question: Question[Any, Any], field: str) -> str:
    schema = _schema(question, field)
    if schema["type"] != "array":
        return f"it takes {_allowed_values(schema)}"
    if "enum" in (item := schema["items"]):
        return f"it takes one or more of {', '.join(item['enum'])}, each once, separated by commas"
    few, most = schema["minItems"], schema["maxItems"]
    low, high = (text(float(item[end])) for end in _ENDS)
    return f"it takes {few} to {most} different numbers from {low} to {high}, separated by commas"


def _allowed_values(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}"
    whole = schema["type"] == "integer"
    low, high = (f"{schema[end]:,}" if whole else text(float(schema[end])) for end in _ENDS)
    return f"{'a whole number' if whole else 'a number'} from {low} to {high}"


def _schema(question: Question[Any, Any], field: str) -> dict[str, Any]:
    """The field as JSON schema, which has its type and its bounds."""
    schema: dict[str, Any] = _SCHEMAS[question.key][field]
    return schema


_SCHEMAS = {each.key: each.settings.model_json_schema()["properties"] for each in QUESTIONS.values()}
_FIELDS = {key(each, field): (each, field) for each in QUESTIONS.values() for field in fields(each)}
#: The question that is open at first, and the default settings of each, as a query. A link without a question opens
#: this one, so it stays the same even if another question becomes the first of the page.
DEFAULTS: dict[str, str] = {
    OPEN: "unstuck",
    **{name: value for each in QUESTIONS.values() for name, value in write(each, each.settings()).items()},
}
