"""Reads the JSON that `GradientConflict.save` writes. It comes from a visitor, so each of its values is checked.

Pydantic alone reads it, and neither runs nor imports anything that a text names. A page has to escape the names of
heads.
"""

from __future__ import annotations

import math
from functools import cached_property
from itertools import combinations, pairwise
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, FailFast, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from backend import packed as packed_file
from backend.lab.gradients import Pair
from backend.lab.situation import Situation, of_cosine

#: The version of the files that are read.
SCHEMA = 1
#: The most bytes of a file; `GradientConflict.save` writes no more.
MOST_BYTES = 1_000_000
MOST_HEADS = 64
#: The longest part of a file that a sentence quotes.
_QUOTED = 40

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Unreadable(ValueError):
    """A file cannot be read. The message says why, in a sentence. It may quote the file, so a page has to escape it."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Figures(_Strict):
    """The figures of two heads at a measurement. One that is not defined is None."""

    heads: tuple[Name, Name]
    cosine: Annotated[float, Field(ge=-1, le=1)] | None
    length_ratio: Annotated[float, Field(ge=0)] | None
    conflict_rate: Annotated[float, Field(ge=0, le=1)] | None

    @property
    def situation(self) -> Situation | None:
        """The situation of two gradients, the first as A, with the ratio clipped; None if no angle is defined."""
        if self.cosine is None or not self.length_ratio:
            return None
        return of_cosine(self.cosine, self.length_ratio)


class Entry(_Strict):
    """A measurement after an epoch; epoch 0 is the start."""

    epoch: Annotated[int, Field(ge=0, le=1_000_000)]
    pairs: Annotated[tuple[Figures, ...], Field(min_length=1), FailFast()]


class MeasuredFile(_Strict):
    """A measurement of a model that the server has never seen. All pairs of heads are there, in their order."""

    schema_: int = Field(alias="schema", ge=SCHEMA, le=SCHEMA)
    heads: Annotated[tuple[Name, ...], Field(min_length=2, max_length=MOST_HEADS), FailFast()]
    rows: Annotated[int, Field(ge=1, le=10**12)]
    batch_size: Annotated[int, Field(ge=1, le=10**12)]
    versions: dict[Name, Name]
    history: Annotated[tuple[Entry, ...], Field(min_length=1), FailFast()]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(set(self.heads)) < len(self.heads):
            raise ValueError("Two of its heads have the same name.")
        named = list(combinations(self.heads, 2))
        for entry in self.history:
            if [figures.heads for figures in entry.pairs] != named:
                raise ValueError(f"At epoch {entry.epoch}, it does not have each pair of its heads in their order.")
        epochs = [entry.epoch for entry in self.history]
        if any(one >= other for one, other in pairwise(epochs)):
            raise ValueError("Its epochs do not increase.")
        return self

    @property
    def batches(self) -> int:
        """The number of batches in which the heads were compared at each measurement."""
        return math.ceil(self.rows / self.batch_size)

    @property
    def pairs(self) -> list[Pair]:
        """All pairs of heads, in the order of each measurement."""
        return list(combinations(range(len(self.heads)), 2))

    @property
    def after_start(self) -> list[Entry]:
        """The measurements after the start of the training."""
        return [entry for entry in self.history if entry.epoch]

    @cached_property
    def most_conflicting(self) -> list[int]:
        """The positions of all pairs. Those with the highest mean conflict rate come first, undefined ones last.

        The start does not count if there is a later measurement.
        """

        def order(position: int) -> tuple[float, float]:
            found = [entry.pairs[position] for entry in self.after_start or self.history]
            rates = [each.conflict_rate for each in found if each.conflict_rate is not None]
            cosines = [each.cosine for each in found if each.cosine is not None]
            return -_mean(rates) if rates else 1, _mean(cosines) if cosines else 1

        return sorted(range(len(self.pairs)), key=order)

    def shown(self, most: int) -> list[Entry]:
        """At most `most` measurements, evenly spread, with the first and the last one."""
        last = len(self.history) - 1
        count = min(len(self.history), most)
        return [self.history[round(i * last / max(count - 1, 1))] for i in range(count)]


def unpack(packed: str) -> str:
    """The text of a file that a browser has packed: compressed with gzip, then in Base64. Raises `Unreadable`."""
    try:
        return packed_file.unpack(packed, MOST_BYTES).decode("utf-8")
    except packed_file.TooLarge:
        raise Unreadable(
            f"This file has more than {MOST_BYTES:,} bytes, or it is not one that GradientConflict.save writes."
        ) from None
    except packed_file.Damaged:
        raise Unreadable("This file was damaged on its way. Open it again.") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{_NOT_OURS} It is not UTF-8 text.") from None


def read(text: str) -> MeasuredFile:
    """The measurement in a text. Raises `Unreadable`."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise Unreadable(f"This text has more than {MOST_BYTES:,} bytes, the most that GradientConflict.save writes.")
    try:
        return MeasuredFile.model_validate_json(text)
    except ValidationError as error:
        raise Unreadable(_sentence(error.errors(include_url=False, include_context=True)[0])) from None
    except UnicodeError:  # half of a surrogate pair, which no file has
        raise Unreadable(_NOT_JSON) from None


_NOT_OURS = "This is not a file that GradientConflict.save writes."
_NOT_JSON = f"{_NOT_OURS} It is not JSON."
#: What each field takes.
_ALLOWED = {
    "schema": f"the number {SCHEMA}",
    "heads": f"the names of 2 to {MOST_HEADS} heads, each of 1 to 200 characters",
    "rows": "a whole number from 1",
    "batch_size": "a whole number from 1",
    "versions": "texts of 1 to 200 characters by their names",
    "history": "a list of at least one measurement",
    "epoch": "a whole number from 0 to 1,000,000",
    "pairs": "a list of the figures of each pair",
    "cosine": "a number from −1 to 1, or null",
    "length_ratio": "a finite number from 0, or null",
    "conflict_rate": "a number from 0 to 1, or null",
}


def _sentence(error: ErrorDetails) -> str:
    """What is wrong with a file, and what is allowed."""
    place = error["loc"]
    if error["type"] == "json_invalid":
        return _NOT_JSON
    if not place:
        return f"{_NOT_OURS} {error['ctx']['error'] if error['type'] == 'value_error' else 'It is not a JSON object.'}"
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:_QUOTED]}" for part in place).lstrip(".")
    if error["type"] == "missing":
        return f"{_NOT_OURS} It has no {path}."
    if error["type"] == "extra_forbidden":
        return f"{_NOT_OURS} It has {path}, which GradientConflict.save does not write."
    if place == ("schema",) and type(error["input"]) is int:
        found = str(error["input"])[:_QUOTED]
        return f"This file has another schema than {SCHEMA}, the only one that the Lab reads: {found}."
    if place == ("heads",) and error["type"] == "too_short":
        return "This file has fewer than two heads, and a conflict needs two."
    field = next((part for part in reversed(place) if part in _ALLOWED), None)
    allowed = _ALLOWED.get(str(field))
    return f"{_NOT_OURS} The value of {path} is not allowed" + (f": it takes {allowed}." if allowed else ".")


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
