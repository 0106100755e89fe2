"""The base class of all settings, and the error for values that do not fit together."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from backend.words.schema import title_of


class InvalidSetting(ValueError):
    """A value that is valid by itself but does not fit the others.

    `path` leads to the value to change. `use` is the value to use in its place; None for its default.
    """

    def __init__(self, sentence: str, *path: str | int, use: Any = None) -> None:
        super().__init__(sentence)
        self.path, self.use = path, use


class Frozen(BaseModel):
    """Base class of all settings: immutable, without unknown fields, NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, field_title_generator=title_of)
