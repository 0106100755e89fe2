"""What a field of a pydantic model is and may be, in words, from its JSON schema. Widgets are made from it, too.

A field of it has a `title`, and a number the `step` of its widget, if that is not the usual one.

Pydantic's own messages are not used: they state the one bound that a value breaks ("Input should be less than or equal
to 64"), or none if it is not a number. People need to know all that is allowed: "a whole number from 1 to 64".
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic import BaseModel

from backend.words import minus

Schema = dict[str, Any]
_BOUNDS = (("minimum", "at least"), ("exclusiveMinimum", "above"), ("maximum", "at most"))


def title_of(name: str, field: object) -> str:
    """The title of a field that has none of its own, for pydantic's `field_title_generator`: its name in words."""
    return name.replace("_", " ").capitalize()


@cache
def _schema_of(model: type[BaseModel]) -> Schema:
    return model.model_json_schema()


def schema_at(model: type[BaseModel], path: Sequence[str | int]) -> Schema:
    """The JSON schema of the value at that path of a model. An integer in the path is a position in a list."""
    whole = _schema_of(model)

    def resolved(schema: Schema) -> Schema:
        if "anyOf" in schema:  # a value that may be left out
            schema = next(each for each in schema["anyOf"] if each.get("type") != "null")
        found: Schema = whole["$defs"][schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
        return found

    schema = whole
    for step in path:
        schema = resolved(schema["items"] if isinstance(step, int) else schema["properties"].get(step, {}))
    return schema | {"items": resolved(schema["items"])} if "items" in schema else schema


def bounds_of(schema: Schema) -> tuple[Any, Any]:
    """The least and the largest number that a JSON schema allows, or the fewest and the most items."""
    if schema["type"] == "array":
        return schema.get("minItems", 0), schema.get("maxItems", len(schema["items"].get("enum", ())))
    kind = int if schema["type"] == "integer" else float
    return kind(schema["minimum"]), kind(schema["maximum"])


def reason(error: Any, schema: Schema) -> str:
    """What is wrong, from an error of pydantic, and what is allowed; without a full stop at the end."""
    own = error.get("ctx", {}).get("error")
    return str(own) if isinstance(own, ValueError) else f"it takes {allowed(schema)}"


def allowed(schema: Schema) -> str:
    """What a JSON schema allows, in words."""
    kind = schema.get("type")
    if "words" in schema:  # written at the field, because its type does not say it
        return str(schema["words"])
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    if kind in ("integer", "number"):
        number = "a whole number" if kind == "integer" else "a number"
        if {"minimum", "maximum"} <= schema.keys():
            return f"{number} from {_plain(schema['minimum'])} to {_plain(schema['maximum'])}"
        return f"{number}, {' and '.join(f'{word} {_plain(schema[end])}' for end, word in _BOUNDS if end in schema)}"
    if kind == "array":
        fewest, most = bounds_of(schema)
        return f"{fewest} to {most} values, each {allowed(schema['items'])}, separated by commas"
    if kind == "object":  # a layer
        return " and, after a colon, ".join(map(allowed, schema["properties"].values()))
    if "maxLength" in schema:
        return f"at most {schema['maxLength']} characters"
    return "true or false" if kind == "boolean" else "text"


def _plain(number: float) -> str:
    """A bound without an exponent: 0.00001, 2,147,483,647."""
    return minus(f"{Decimal(str(number)).normalize():,f}")
