"""What a value can be, in words, from the experiment's JSON schema.

Pydantic's own messages are not used: they state the one bound that a value breaks ("Input should be less than or equal
to 64"), or none if it is not a number ("Input should be a valid integer, unable to parse string as an integer"). A
visitor needs to know all that is allowed: "a whole number from 1 to 64".
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from backend.experiment import Experiment
from backend.experiment.architecture import InvalidSetting
from backend.experiment.url.parameters import Raw
from backend.words import minus

_SCHEMA = Experiment.model_json_schema()


def reason(error: Any, where: list[Any]) -> str:
    """What is wrong and what is allowed, without a full stop at the end."""
    invalid = error.get("ctx", {}).get("error")
    if isinstance(invalid, InvalidSetting):
        return str(invalid)
    return f"it takes {_allowed(schema_at(where))}"


def schema_at(where: Sequence[str | int]) -> Raw:
    """The JSON schema of the value at that path of an experiment. An integer in the path is a position in a list."""
    schema: Raw = _SCHEMA
    for step in where:
        schema = _resolved(schema)
        schema = schema["items"] if isinstance(step, int) else schema["properties"].get(step, {})
    return _resolved(schema)


def bounds(where: Sequence[str | int]) -> tuple[Any, Any]:
    """The least and the largest value of the number at that path of an experiment, or the least and the most items.

    They are integers if the number is one.
    """
    schema = schema_at(where)
    if schema["type"] == "array":
        return schema.get("minItems", 0), schema["maxItems"]
    kind = int if schema["type"] == "integer" else float
    return kind(schema["minimum"]), kind(schema["maximum"])


def _resolved(schema: Raw) -> Raw:
    if "anyOf" in schema:  # a value that may be left out
        schema = next(each for each in schema["anyOf"] if each.get("type") != "null")
    if "$ref" in schema:
        definition: Raw = _SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
        return definition
    return schema


def _allowed(schema: Raw) -> str:
    """What a JSON schema allows, in words."""
    kind = schema.get("type")
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    if kind in ("integer", "number"):
        whole = "whole " if kind == "integer" else ""
        return f"a {whole}number from {_plain(schema['minimum'])} to {_plain(schema['maximum'])}"
    if kind == "array":
        fewest, most = schema.get("minItems", 0), schema["maxItems"]
        return f"{fewest} to {most} values, each {_allowed(_resolved(schema['items']))}"
    if kind == "boolean":
        return "true or false"
    if kind == "object" and "horizon" in schema["properties"]:
        return "the id of a stored CSV, its columns, and how many rows ahead the targets are (1 to 100), as in a link"
    if kind == "object":
        units, activation = schema["properties"]["units"], schema["properties"]["activation"]
        return f"{_allowed(units)} and, after a colon, {_allowed(activation)}"
    if "pattern" in schema:
        return "a lowercase letter, then up to 30 lowercase letters, digits or underscores"
    return f"at most {schema.get('maxLength', 60)} characters"


def _plain(number: float) -> str:
    """A bound without an exponent: 0.00001, 2,147,483,647."""
    return minus(f"{Decimal(str(number)).normalize():,f}")
